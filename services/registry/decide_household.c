/* Households: who leaves one for a new one, who joins another, who becomes head; and whole households that move. */
#include "services/registry/record_case.h"

#include "services/registry/rules_family.h"
#include "services/registry/rules_life.h"
#include <inttypes.h>

static mns_place_t area_of (const registry_case_t *it) {
  return registry_area (it->self, it->old.place, it->old.residence);
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static mns_rc_t add_member (void *context, uint64_t person) {
  registry_case_t *it = context;
  registry_change_t *other;
  return person == it->old.id ? MNS_OK : registry_case_add_other (it, person, &other);
}

/* The other members on that day into it->others. */
static mns_rc_t load_members (registry_case_t *it) {
  registry_presence_t presence = {
      .household = it->old.household, .day = it->in.occurred, .limit = REGISTRY_OTHERS_MAX + 2};
  return registry_past_present (&it->self->past, &presence, add_member, it);
}

/* ---- split and join ---------------------------------------------------------------------------------------------- */

static mns_rc_t leave_for (registry_case_t *it, uint64_t household, mns_code_t relation) {
  it->person.household = household;
  it->person.relation = it->event.relation = relation;
  it->event.other_household = it->old.household;
  return MNS_OK;
}

mns_rc_t registry_decide_split (registry_case_t *it) {
  mns_rc_t rc = load_members (it);
  if (rc == MNS_OK && it->other_count == 0)
    return mns_fail (&it->error, MNS_WRONG_STATE, "household",
                     "person %" PRIu64 " is alone in household %" PRIu64 ": there is nothing to split", it->old.id,
                     it->old.household);
  it->other_count = 0;
  if (rc == MNS_OK)
    rc = registry_case_find_household (it, area_of (it), 0);
  if (rc == MNS_OK && it->person.household)
    return mns_fail (&it->error, MNS_WRONG_STATE, "household", "that household exists already: join it (join)");
  return rc == MNS_OK ? leave_for (it, 0, it->in.relation ? it->in.relation : registry_head_relation ()) : rc;
}

static void follow (registry_case_t *it) {
  for (size_t i = 0; i < it->other_count; i++) {
    it->others[i].person.household = it->person.household;
    it->others[i].person.relation = 0;
  }
  if (it->other_count)
    registry_finding_add (it->finding, "the relations of %zu members to the new head are to be told", it->other_count);
}

static mns_rc_t note_member (void *context, uint64_t person) {
  (void)person;
  *(bool *)context = true;
  return MNS_OK;
}

/* Somebody is in the household on that day. */
static mns_rc_t check_lived_in (registry_case_t *it, uint64_t household) {
  registry_presence_t presence = {.household = household, .day = it->in.occurred, .limit = 1};
  bool lived_in = false;
  mns_rc_t rc = registry_past_present (&it->self->past, &presence, note_member, &lived_in);
  if (rc == MNS_OK && !lived_in)
    rc = mns_fail (&it->error, MNS_WRONG_STATE, "household", "nobody was in household %" PRIu64 " on that day",
                   household);
  return rc;
}

mns_rc_t registry_decide_join (registry_case_t *it) {
  if (!*it->in.household)
    return mns_fail (&it->error, MNS_MISSING, "household", "say which household: its key, or h and its number");
  mns_rc_t rc = registry_case_find_household (it, area_of (it), 0);
  uint64_t household = it->person.household;
  if (rc == MNS_OK && !household)
    return mns_fail (&it->error, MNS_NOT_FOUND, "household",
                     "there is no such household in that village; a new one is made by split");
  if (rc == MNS_OK && household == it->old.household)
    return mns_fail (&it->error, MNS_WRONG_STATE, "household", "person %" PRIu64 " is in that household already",
                     it->old.id);
  if (rc == MNS_OK)
    rc = check_lived_in (it, household);
  if (rc == MNS_OK && it->in.whole_household == MNS_YES)
    rc = load_members (it);
  if (rc != MNS_OK)
    return rc;
  if (!it->in.relation)
    registry_finding_add (it->finding, "the relation to the head is to be told");
  leave_for (it, household, it->in.relation);
  follow (it);
  return registry_case_check_head (it);
}

/* ---- change of head ---------------------------------------------------------------------------------------------- */

mns_rc_t registry_decide_head_change (registry_case_t *it) {
  size_t unknown = 0;
  mns_code_t head = it->old.relation;
  if (head == registry_head_relation ())
    return mns_fail (&it->error, MNS_WRONG_STATE, "person", "person %" PRIu64 " is head of the household already",
                     it->old.id);
  mns_rc_t rc = load_members (it);
  for (size_t i = 0; rc == MNS_OK && i < it->other_count; i++) {
    mns_person_entry_t *member = &it->others[i].person;
    member->relation = registry_relation_after (head, it->old.sex, member->relation, member->sex);
    unknown += !member->relation;
  }
  if (unknown)
    registry_finding_add (it->finding, "the relations of %zu members to the new head are to be told", unknown);
  it->person.relation = it->event.relation = registry_head_relation ();
  return rc;
}

/* ---- together ---------------------------------------------------------------------------------------------------- */

static mns_rc_t take_along (registry_case_t *it, registry_change_t *other) {
  mns_person_entry_t *person = &other->person;
  mns_error_t reason = {0};
  mns_rc_t rc =
      other->back ? MNS_DATE_ORDER : registry_life_next (other->old.status, it->in.event, 0, &person->status, &reason);
  if (rc != MNS_OK)
    return mns_fail (&it->error, rc, "whole_household", "person %" PRIu64 " of the household cannot come along: %s",
                     person->id, other->back ? "something happened to it since" : reason.detail);
  if (it->in.event == MNS_MOVE_OUT)
    return MNS_OK;
  person->place = it->person.place;
  if (person->residence == person->place)
    person->residence = 0;
  if (it->in.registration)
    person->registration = it->in.registration;
  return MNS_OK;
}

mns_rc_t registry_decide_together (registry_case_t *it) {
  if (it->in.whole_household != MNS_YES)
    return MNS_OK;
  mns_place_t area = area_of (it);
  mns_rc_t rc = load_members (it);
  for (size_t i = 0; rc == MNS_OK && i < it->other_count; i++)
    if (registry_area (it->self, it->others[i].old.place, it->others[i].old.residence) == area)
      rc = take_along (it, &it->others[i]);
    else
      rc = mns_fail (&it->error, MNS_CONFLICT, "whole_household", "person %" PRIu64 " of the household is elsewhere",
                     it->others[i].old.id);
  it->together = true;
  return rc;
}
