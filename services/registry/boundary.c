/* Where places lie after boundary reforms. */
#include "services/registry/registry_state.h"

#define HOPS_MAX 16

/* ---- the county -------------------------------------------------------------------------------------------------- */

static void add_county (registry_t *self, mns_place_t code) {
  for (size_t i = 0; i < self->county_count; i++)
    if (self->counties[i] == code)
      return;
  if (self->county_count < REGISTRY_COUNTIES_MAX)
    self->counties[self->county_count++] = code;
}

/* A county that became part of another is no longer this register's. */
static mns_rc_t add_successor (void *self, const mns_reform_t *reform) {
  if (reform->operation == MNS_RECODE)
    add_county (self, reform->successor);
  return MNS_OK;
}

static mns_rc_t add_predecessor (void *self, const mns_reform_t *reform) {
  if (reform->operation == MNS_RECODE)
    add_county (self, reform->code);
  return MNS_OK;
}

mns_rc_t registry_counties_load (registry_t *self) {
  mns_rc_t rc = MNS_OK;
  self->county_count = 0;
  add_county (self, self->county);
  for (size_t i = 0; rc == MNS_OK && self->county && i < self->county_count; i++) {
    rc = registry_successors (&self->places, self->counties[i], add_successor, self);
    if (rc == MNS_OK)
      rc = registry_predecessors (&self->places, self->counties[i], add_predecessor, self);
  }
  return rc;
}

/* ---- a place ----------------------------------------------------------------------------------------------------- */

/* One step: the first reform of a place after `day`, the one that leads to `toward` before the others of that day. */
typedef struct {
  mns_place_t toward;
  mns_date_t day;
  mns_reform_t next; /* code 0: none */
} step_t;

static mns_rc_t take_step (void *context, const mns_reform_t *reform) {
  step_t *step = context;
  bool leads = reform->successor == step->toward;
  if (reform->day <= step->day || reform->operation == MNS_RENAME || (reform->part == MNS_YES && !leads))
    return MNS_OK;
  if (!step->next.code || (leads && reform->day == step->next.day))
    step->next = *reform;
  return MNS_OK;
}

mns_rc_t registry_place_today (registry_t *self, mns_place_t place, mns_date_t day, mns_place_t toward,
                               mns_place_t *now) {
  mns_rc_t rc = MNS_OK;
  step_t step = {.toward = toward, .day = day};
  *now = place;
  for (int hops = 0; rc == MNS_OK && hops < HOPS_MAX && *now != toward; hops++) {
    step.next.code = 0;
    rc = registry_successors (&self->places, *now, take_step, &step);
    if (!step.next.code)
      return rc;
    *now = step.next.successor;
    step.day = step.next.day;
  }
  return rc;
}

/* The last reform after a day of which this place is the successor. */
typedef struct {
  mns_date_t day;
  size_t count; /* of that reform's places that went into this one */
  mns_reform_t last;
} source_t;

static mns_rc_t take_source (void *context, const mns_reform_t *reform) {
  source_t *source = context;
  if (reform->day <= source->day || reform->operation == MNS_RENAME || reform->part == MNS_YES)
    return MNS_OK;
  source->count = source->count && reform->day == source->last.day ? source->count + 1 : 1;
  source->last = *reform;
  return MNS_OK;
}

/* Whose village became part of another is kept with the household, and who was given with a household has an interval
 * of its own; otherwise there is one place it can have been. */
mns_rc_t registry_place_then (registry_t *self, uint64_t household, mns_date_t day, mns_place_t *place) {
  mns_rc_t rc = MNS_OK;
  for (int hops = 0; rc == MNS_OK && hops < HOPS_MAX; hops++) {
    source_t source = {.day = day};
    mns_place_t kept = 0;
    rc = registry_predecessors (&self->places, *place, take_source, &source);
    if (rc != MNS_OK || source.count == 0)
      return rc;
    if (source.last.operation == MNS_JOIN || source.count > 1) {
      rc = registry_household_past (&self->reforms, household, day, &kept);
      if (rc != MNS_OK || !kept || kept == *place)
        return rc;
      *place = kept;
    } else {
      *place = source.last.code;
    }
  }
  return rc;
}
