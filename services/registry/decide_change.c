/* What happens to somebody who is in the register: death, move out, move within, removal. */
#include "services/registry/record_case.h"

#include "common/records/place.h"
#include "services/registry/rules_life.h"
#include "services/registry/view.h"
#include <inttypes.h>

static mns_rc_t conflict_of_places (registry_case_t *it, const char *field, mns_place_t given, mns_place_t known) {
  char said[MNS_PLACE_TEXT], has[MNS_PLACE_TEXT];
  mns_place_format (given, said);
  mns_place_format (known, has);
  return mns_fail (&it->error, MNS_CONFLICT, field, "the return says %s, the register has person %" PRIu64 " in %s",
                   said, it->old.id, has);
}

/* Was the person there on the day? Its village may have another code by now, or lie in another. */
static mns_rc_t was_there (registry_case_t *it, bool *there) {
  mns_person_entry_t then = it->old;
  mns_date_t from, to;
  mns_error_t error = {0};
  mns_rc_t rc = registry_view_as_of (it->self, it->in.occurred, &then, &from, &to, &error);
  *there = rc == MNS_OK && registry_area (it->self, then.place, then.residence) == it->in.place;
  return registry_is_refusal (rc) ? MNS_OK : rc;
}

/* All but a move within count where the person is. */
static mns_rc_t check_place (registry_case_t *it) {
  mns_place_t area = registry_area (it->self, it->old.place, it->old.residence);
  bool there = it->in.place == area;
  if (there)
    return MNS_OK;
  mns_rc_t rc = registry_case_look_toward (it, area);
  if (rc == MNS_OK && it->land == area)
    rc = was_there (it, &there);
  return rc != MNS_OK || there ? rc : conflict_of_places (it, "place", it->in.place, area);
}

static mns_rc_t decide_death (registry_case_t *it) {
  it->event.death_cause = it->in.death_cause;
  it->event.death_site = it->in.death_site;
  return registry_decide_widowed (it);
}

static mns_rc_t decide_move_out (registry_case_t *it) {
  if (it->in.other_place && registry_is_local (it->self, it->in.other_place))
    return mns_fail (&it->error, MNS_INVALID, "other_place", "a move to a place of this county is a move_within");
  it->event.other_place = it->in.other_place;
  it->event.move_reason = it->in.move_reason;
  return registry_decide_together (it);
}

static mns_rc_t decide_move_within (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  if (!registry_is_local (it->self, it->old.place))
    return mns_fail (&it->error, MNS_WRONG_STATE, "person",
                     "person %" PRIu64 " lives here but is registered outside the "
                     "county; record the end of the stay (move_out), and the move in when it registers here",
                     it->old.id);
  if (in->place == it->old.place)
    return mns_fail (&it->error, MNS_WRONG_STATE, "place", "person %" PRIu64 " is already registered there",
                     it->old.id);
  if (in->other_place && in->other_place != it->old.place)
    return conflict_of_places (it, "other_place", in->other_place, it->old.place);
  it->event.other_place = it->old.place;
  it->event.move_reason = in->move_reason;
  it->person.place = in->place;
  it->person.residence = it->old.residence == in->place ? 0 : it->old.residence;
  if (in->registration)
    it->person.registration = in->registration;
  mns_rc_t rc = registry_case_find_household (it, in->place, 0);
  if (rc != MNS_OK || in->whole_household == MNS_YES)
    return rc == MNS_OK ? registry_decide_together (it) : rc;
  it->person.relation = registry_case_relation (it);
  return registry_case_check_head (it);
}

static mns_rc_t decide_removal (registry_case_t *it) {
  it->event.adjustment = it->in.adjustment;
  it->event.delta = registry_adjustment_delta (it->in.adjustment);
  return MNS_OK;
}

typedef struct {
  mns_code_t kind;
  mns_rc_t (*decide) (registry_case_t *it);
} change_t;

static const change_t changes[] = {
    {MNS_DEATH, decide_death},
    {MNS_MOVE_OUT, decide_move_out},
    {MNS_MOVE_WITHIN, decide_move_within},
    {MNS_ADJUSTMENT, decide_removal},
    {MNS_MARRIAGE, registry_decide_couple},
    {MNS_DIVORCE, registry_decide_couple},
    {MNS_ADOPTION, registry_decide_adoption},
    {MNS_ADOPTION_END, registry_decide_adoption_end},
    {MNS_HOUSEHOLD_SPLIT, registry_decide_split},
    {MNS_HOUSEHOLD_JOIN, registry_decide_join},
    {MNS_HEAD_CHANGE, registry_decide_head_change},
};

static mns_rc_t decide_kind (registry_case_t *it) {
  mns_rc_t rc = it->in.event == MNS_MOVE_WITHIN ? MNS_OK : check_place (it);
  for (size_t i = 0; rc == MNS_OK && i < sizeof changes / sizeof changes[0]; i++)
    if (changes[i].kind == it->in.event)
      return changes[i].decide (it);
  return rc;
}

static bool is_own (const mns_event_entry_t *event, uint64_t person) {
  return event->person == person || event->kind == MNS_MARRIAGE || event->kind == MNS_DIVORCE;
}

/* What happened to somebody else, the death of a husband or a new head of the household, changed this person's row on
 * its day. It does not stand in the way of what happened to the person itself before. */
static mns_rc_t go_back (registry_case_t *it) {
  mns_event_entry_t events[REGISTRY_EVENTS_MAX];
  size_t count;
  if (registry_may_come_late (it->in.event))
    return registry_case_go_back (it);
  mns_rc_t rc = registry_events_concerning (&it->self->events, it->old.id, events, &count);
  for (size_t i = 0; rc == MNS_OK && i < count; i++)
    if (is_own (&events[i], it->old.id) && events[i].occurred > it->in.occurred)
      return MNS_OK; /* the check of the dates says so */
  return rc == MNS_OK ? registry_case_go_back (it) : rc;
}

mns_rc_t registry_decide_change (registry_case_t *it) {
  if (it->in.birth && it->in.birth > it->in.occurred) /* told before the person is looked for: the row alone is wrong */
    return registry_case_check_dates (it, it->in.birth, 0);
  mns_rc_t rc = registry_case_find_person (it);
  if (rc == MNS_OK)
    rc = registry_case_find_same (it, &it->old);
  if (rc != MNS_OK || it->exists)
    return rc;
  if (it->in.occurred < it->old.since)
    rc = go_back (it);
  if (rc == MNS_OK && (it->back || it->in.event == MNS_MOVE_WITHIN))
    rc = registry_case_check_boundaries (it);
  if (rc == MNS_OK)
    rc = registry_case_next_state (it, it->old.status);
  if (rc == MNS_OK)
    rc = registry_case_check_dates (it, it->old.birth, it->old.since);
  if (rc == MNS_OK)
    rc = decide_kind (it);
  if (rc == MNS_OK && !it->exists)
    rc = registry_case_check_certificate (it);
  if (rc == MNS_OK && !it->exists)
    rc = registry_case_check_later (it);
  if (rc == MNS_OK && it->in.birth && it->in.birth != it->old.birth)
    registry_finding_add (it->finding, "the birth date of the return differs from the register");
  it->person.since = it->in.occurred;
  return rc;
}
