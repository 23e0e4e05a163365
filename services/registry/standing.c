/* Standing as of a day. */
#include "services/registry/standing.h"

#include "services/registry/rules_timeline.h"
#include <inttypes.h>
#include <stdlib.h>

/* ---- the timeline of one person ---------------------------------------------------------------------------------- */

static mns_rc_t add_interval (void *context, const mns_history_entry_t *interval) {
  registry_timeline_t *timeline = context;
  if (timeline->count + 1 < REGISTRY_INTERVALS_MAX)
    timeline->intervals[timeline->count++] = *interval;
  return MNS_OK;
}

static mns_rc_t load_timeline (registry_t *self, const mns_person_entry_t *now, registry_timeline_t *timeline) {
  timeline->count = 0;
  mns_rc_t rc = registry_past_of (&self->past, now->id, add_interval, timeline);
  mns_history_entry_t *last = &timeline->intervals[timeline->count++];
  registry_standing_of (now, last);
  if (timeline->count > 1)
    last->begun_by = last[-1].ended_by;
  return rc;
}

static mns_rc_t go_back (registry_t *self, mns_date_t day, mns_person_entry_t *person, mns_error_t *error) {
  char text[MNS_DATE_TEXT];
  registry_timeline_t *timeline = mns_alloc (sizeof *timeline);
  mns_rc_t rc = load_timeline (self, person, timeline);
  const mns_history_entry_t *then = registry_timeline_at (timeline, day);
  if (!then && person->entry_day) /* who was there at the start had been there before */
    then = &timeline->intervals[0];
  mns_date_format (day, text);
  if (rc == MNS_OK && !then)
    rc = mns_fail (error, MNS_DATE_ORDER, "occurred", "person %" PRIu64 " was not in the register yet on %s",
                   person->id, text);
  if (rc == MNS_OK) {
    registry_standing_put (then, person);
    person->since = then->valid_from;
  }
  free (timeline);
  return rc;
}

mns_rc_t registry_change_begin (registry_t *self, mns_date_t day, registry_change_t *change, mns_error_t *error) {
  change->back = day < change->old.since;
  mns_rc_t rc = change->back ? go_back (self, day, &change->old, error) : MNS_OK;
  change->person = change->old;
  return rc;
}

mns_rc_t registry_change_check (registry_t *self, const registry_change_t *change, mns_date_t day, mns_error_t *error) {
  mns_person_entry_t now;
  mns_history_entry_t changed;
  if (!change->back)
    return MNS_OK;
  registry_timeline_t *timeline = mns_alloc (sizeof *timeline);
  registry_standing_of (&change->person, &changed);
  mns_rc_t rc = registry_person_get (&self->people, change->person.id, &now, error);
  if (rc == MNS_OK)
    rc = load_timeline (self, &now, timeline);
  if (rc == MNS_OK)
    rc = registry_timeline_check (timeline, day, &changed, error);
  free (timeline);
  return rc;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static mns_rc_t write_timeline (registry_t *self, const registry_timeline_t *timeline) {
  mns_rc_t rc = registry_past_remove (&self->past, timeline->intervals[0].person);
  for (size_t i = 0; rc == MNS_OK && i + 1 < timeline->count; i++)
    rc = registry_past_insert (&self->past, &timeline->intervals[i]);
  return rc;
}

static mns_rc_t write_back (registry_t *self, mns_person_entry_t *person, mns_date_t day, uint64_t event,
                            mns_error_t *error) {
  mns_history_entry_t changed;
  registry_timeline_t *timeline = mns_alloc (sizeof *timeline);
  registry_standing_of (person, &changed);
  mns_rc_t rc = registry_person_get (&self->people, person->id, person, error);
  if (rc == MNS_OK)
    rc = load_timeline (self, person, timeline);
  if (rc == MNS_OK) {
    registry_timeline_change (timeline, day, event, &changed);
    rc = write_timeline (self, timeline);
  }
  if (rc == MNS_OK) {
    registry_standing_put (&timeline->intervals[timeline->count - 1], person);
    rc = registry_person_update_standing (&self->people, person);
  }
  free (timeline);
  return rc;
}

static bool differs_in_status_alone (const mns_person_entry_t *old, const mns_person_entry_t *person) {
  mns_person_entry_t with_status = *old;
  mns_history_entry_t a, b;
  with_status.status = person->status;
  with_status.since = person->since;
  registry_standing_of (&with_status, &a);
  registry_standing_of (person, &b);
  return mns_record_equal (&mns_history_entry_type, &a, &b);
}

mns_rc_t registry_change_write (registry_t *self, registry_change_t *change, mns_date_t day, uint64_t event,
                                mns_error_t *error) {
  mns_person_entry_t *person = &change->person;
  if (change->back)
    return write_back (self, person, day, event, error);
  person->since = day;
  mns_rc_t rc = differs_in_status_alone (&change->old, person)
                    ? registry_person_update_life (&self->people, person)
                    : registry_person_update_standing (&self->people, person);
  return rc == MNS_OK ? registry_past_close (&self->past, &change->old, day, event) : rc;
}
