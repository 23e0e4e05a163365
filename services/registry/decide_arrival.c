/* Who comes into the register: by birth, by moving in, or because the person had been omitted. */
#include "services/registry/record_case.h"

#include "services/registry/rules_birth.h"
#include "services/registry/rules_family.h"
#include "services/registry/rules_life.h"
#include <inttypes.h>
#include <string.h>

/* ---- the person ------------------------------------------------------------------------------------------------- */

/* What a newcomer's row may leave out is in the citizen number. */
static mns_rc_t complete (registry_case_t *it) {
  mns_life_return_t *in = &it->in;
  if (!in->birth)
    registry_birth_read (in->birth_text, &in->birth, &in->birth_precision);
  if (!in->birth)
    in->birth = in->event == MNS_BIRTH ? in->occurred : it->number.birth;
  if (!in->sex)
    in->sex = it->number.sex;
  const char *missing = !*in->name ? "name" : !in->sex ? "sex" : !in->birth ? "birth" : NULL;
  if (missing)
    return mns_fail (&it->error, MNS_MISSING, missing, "a newcomer needs name, sex and date of birth");
  if (in->event == MNS_BIRTH && in->birth != in->occurred)
    return mns_fail (&it->error, MNS_DATE_ORDER, "birth",
                     "of a birth, the date of birth is the day it occurred; leave it "
                     "out or make them equal");
  return MNS_OK;
}

static void fill_person (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  mns_person_entry_t *person = &it->person;
  it->is_new = true;
  mns_record_clear (&mns_person_entry_type, person);
  memcpy (person->citizen_number, it->number.text, sizeof person->citizen_number);
  memcpy (person->name, in->name, sizeof person->name);
  person->sex = in->sex;
  person->birth = in->birth;
  person->ethnic = in->ethnic;
  person->relation = in->relation;
  person->marital = in->marital;
  person->registration = in->registration ? in->registration : it->self->village.registration;
  person->birth_precision = in->birth_precision;
  person->birth_calendar = in->birth_calendar;
  memcpy (person->birth_text, in->birth_text, sizeof person->birth_text);
  memcpy (person->native_name, in->native_name, sizeof person->native_name);
  person->place = it->land;
  person->since = in->occurred;
}

/* Someone who left and comes back keeps the register number. */
static void fill_return (registry_case_t *it, const mns_person_entry_t *old) {
  const mns_life_return_t *in = &it->in;
  it->is_new = false;
  it->old = it->person = *old;
  it->person.place = it->land;
  if (in->event == MNS_MOVE_IN)
    it->person.residence = 0;
  it->person.since = in->occurred;
  if (in->registration)
    it->person.registration = in->registration;
}

/* ---- who is already there
 * ---------------------------------------------------------------------------------------------- */

static mns_rc_t find_match (registry_case_t *it, uint64_t mother, registry_match_t *match) {
  const mns_life_return_t *in = &it->in;
  registry_identity_t identity = {.number = it->number.text,
                                  .name = in->name,
                                  .certificate = in->event == MNS_BIRTH ? in->certificate : "",
                                  .sex = in->sex,
                                  .birth = in->birth,
                                  .precision = in->birth_precision,
                                  .place = it->land,
                                  .mother = mother,
                                  .rank = in->event == MNS_BIRTH ? in->rank : MNS_NONE};
  mns_rc_t rc = registry_match (it->self, &identity, true, match);
  it->sharer = match->sharer;
  if (rc != MNS_OK || match->verdict == REGISTRY_OTHER || match->verdict == REGISTRY_SAME)
    return rc;
  if (match->verdict == REGISTRY_LIKELY && in->confirm != MNS_YES) {
    it->likely = match->person.id;
    return registry_likely_fail (it->self, match, &it->error);
  }
  it->suspect = *match;
  if (in->confirm == MNS_YES)
    registry_finding_add (it->finding, "confirmed as another person than register number %" PRIu64, match->person.id);
  return MNS_OK;
}

/* Who lives here and is registered elsewhere becomes registered here: the stay ends, and the person moves in. */
static bool settles (const registry_case_t *it, const mns_person_entry_t *present) {
  return it->in.event == MNS_MOVE_IN && present->status == MNS_PRESENT && !registry_is_local (it->self, present->place);
}

/* The same person is there: the same event again, one who may come (back), or a contradiction. */
static mns_rc_t take_present (registry_case_t *it, const mns_person_entry_t *present) {
  mns_rc_t rc = registry_case_find_same (it, present);
  if (rc != MNS_OK || it->exists)
    return rc;
  fill_return (it, present);
  it->ends_stay = settles (it, present);
  if (it->ends_stay)
    it->event.other_place = present->place;
  else
    rc = registry_case_next_state (it, present->status);
  if (rc == MNS_WRONG_STATE)
    return mns_fail (&it->error, MNS_WRONG_STATE, "person",
                     "this person is already in the register as number %" PRIu64 " (%s)", present->id,
                     mns_code_word (&mns_person_status, present->status));
  return rc == MNS_OK ? registry_case_check_dates (it, present->birth, present->since) : rc;
}

static mns_rc_t take_new (registry_case_t *it) {
  fill_person (it);
  mns_rc_t rc = registry_case_next_state (it, REGISTRY_NOBODY);
  return rc == MNS_OK ? registry_case_check_dates (it, it->person.birth, 0) : rc;
}

/* ---- the mother
 * -------------------------------------------------------------------------------------------------------- */

static mns_rc_t find_mother (registry_case_t *it, mns_person_entry_t *mother) {
  mns_life_return_t *in = &it->in;
  const registry_named_t named = {"mother", in->mother_person, in->mother_number, in->mother_name,
                                  "when she lives elsewhere, say mother=elsewhere"};
  mother->id = 0;
  if (!in->mother && (in->mother_person || *in->mother_number))
    in->mother = MNS_MOTHER_REGISTERED;
  if (!in->mother)
    return mns_fail (&it->error, MNS_MISSING, "mother",
                     "say who the mother is: register number, or citizen number and name; "
                     "or mother=elsewhere, or mother=foundling");
  if (in->mother != MNS_MOTHER_REGISTERED)
    return MNS_OK;
  mns_rc_t rc = registry_case_find_named (it, &named, mother);
  if (rc != MNS_OK || mother->id)
    return rc;
  return mns_fail (&it->error, MNS_MISSING, "mother_number",
                   "a mother in the register is named by register number, or by "
                   "citizen number and name");
}

static mns_rc_t find_father (registry_case_t *it) {
  const mns_life_return_t *in = &it->in;
  const registry_named_t named = {"father", in->father_person, in->father_number, in->father_name,
                                  "when he is not in the register, leave the number out"};
  mns_person_entry_t father;
  mns_rc_t rc = registry_case_find_named (it, &named, &father);
  if (rc == MNS_OK && father.id)
    rc = registry_parent_check (&it->person, &father, "father_person", &it->error);
  it->person.father = it->event.father_person = father.id;
  return rc;
}

static mns_rc_t check_spacing (registry_case_t *it, uint64_t mother) {
  registry_found_t children;
  bool confirmed = it->in.confirm == MNS_YES;
  mns_rc_t rc = registry_people_by_mother (&it->self->people, mother, &children);
  for (size_t i = 0; rc == MNS_OK && i < children.count; i++) {
    const mns_person_entry_t *child = &children.persons[i];
    rc = registry_spacing_check (it->in.occurred, child->birth, child->id, confirmed, &it->error);
    if (rc == MNS_LIKELY_DUPLICATE)
      it->likely = child->id;
  }
  return rc;
}

/* The mother as she was on the day; taken out of the register since, she was never in it. */
static mns_rc_t check_mother (registry_case_t *it, mns_person_entry_t *mother) {
  registry_change_t then = {.old = *mother};
  mns_rc_t rc = registry_change_begin (it->self, it->in.occurred, &then, &it->error);
  if (rc != MNS_OK)
    return rc;
  registry_mother_t facts = {.person = mother->id,
                             .sex = mother->sex,
                             .status = mother->status == MNS_REMOVED ? MNS_REMOVED : then.old.status,
                             .birth = mother->birth,
                             .since = then.old.since};
  *mother = then.old;
  rc = registry_mother_check (&facts, it->in.occurred, it->in.confirm == MNS_YES, &it->error);
  if (rc == MNS_OK)
    rc = check_spacing (it, mother->id);
  if (rc == MNS_OK && registry_area (it->self, mother->place, mother->residence) != it->land)
    registry_finding_add (it->finding, "the mother is registered in another village");
  it->person.mother = mother->id;
  return rc;
}

static void fill_birth (registry_case_t *it, uint64_t mother) {
  mns_event_entry_t *event = &it->event;
  event->mother = it->in.mother;
  event->mother_person = mother;
  event->birth_order = it->in.birth_order;
  event->plurality = it->in.plurality;
  event->rank = it->in.rank;
}

/* A child joins the mother's household when that is in its village. */
static mns_rc_t join_mother (registry_case_t *it, const mns_person_entry_t *mother) {
  mns_place_t place = 0;
  mns_rc_t rc = mother->id ? registry_household_get (&it->self->people, mother->household, &place) : MNS_OK;
  if (rc != MNS_OK)
    return rc;
  rc = registry_case_find_household (it, it->land, place == it->land ? mother->household : 0);
  return rc == MNS_OK ? registry_case_check_head (it) : rc;
}

/* Whoever was taken out by mistake is where it was, when that is the village told; others come into a new household. */
static mns_rc_t find_home (registry_case_t *it) {
  mns_place_t place = 0;
  mns_rc_t rc = MNS_OK;
  if (it->in.event == MNS_ADJUSTMENT && !it->is_new)
    rc = registry_household_get (&it->self->people, it->old.household, &place);
  if (rc == MNS_OK)
    rc = registry_case_find_household (it, it->land, place == it->land ? it->old.household : 0);
  if (rc == MNS_OK && (it->is_new || it->person.household != it->old.household))
    it->person.relation = registry_case_relation (it);
  return rc == MNS_OK ? registry_case_check_head (it) : rc;
}

/* Named by register number: somebody who left, was taken out by mistake, or lives here already. */
static mns_rc_t come_back (registry_case_t *it) {
  mns_rc_t rc = registry_case_find_person (it);
  if (rc == MNS_OK)
    rc = take_present (it, &it->old);
  if (rc != MNS_OK || it->exists)
    return rc;
  rc = find_home (it);
  if (rc == MNS_OK)
    rc = registry_decide_alive (it);
  return rc == MNS_OK ? registry_case_check_later (it) : rc;
}

/* ---- the three ways
 * ------------------------------------------------------------------------------------------------------- */

mns_rc_t registry_decide_birth (registry_case_t *it) {
  mns_person_entry_t mother;
  registry_match_t match;
  mns_life_return_t *in = &it->in;
  if (in->plurality == MNS_NONE)
    in->plurality = 1;
  if (in->rank == MNS_NONE)
    in->rank = 1;
  mns_rc_t rc = complete (it);
  if (rc == MNS_OK)
    rc = registry_rank_check (in->plurality, in->rank, &it->error);
  if (rc == MNS_OK)
    rc = registry_case_check_dates (it, in->birth, 0);
  if (rc == MNS_OK)
    rc = find_mother (it, &mother);
  if (rc == MNS_OK && mother.id)
    rc = registry_case_look_toward (it, registry_area (it->self, mother.place, mother.residence));
  if (rc == MNS_OK)
    rc = find_match (it, mother.id, &match);
  if (rc != MNS_OK)
    return rc;
  if (match.verdict == REGISTRY_SAME)
    return take_present (it, &match.person);
  rc = take_new (it);
  if (rc == MNS_OK && mother.id)
    rc = check_mother (it, &mother);
  if (rc == MNS_OK)
    rc = find_father (it);
  if (rc == MNS_OK)
    rc = registry_case_check_certificate (it);
  fill_birth (it, mother.id);
  return rc == MNS_OK ? join_mother (it, &mother) : rc;
}

static mns_rc_t arrive (registry_case_t *it) {
  registry_match_t match;
  if (it->in.person)
    return come_back (it);
  mns_rc_t rc = complete (it);
  if (rc == MNS_OK)
    rc = registry_case_check_dates (it, it->in.birth, 0);
  if (rc == MNS_OK)
    rc = find_match (it, 0, &match);
  if (rc != MNS_OK)
    return rc;
  rc = match.verdict == REGISTRY_SAME ? take_present (it, &match.person) : take_new (it);
  return rc == MNS_OK && !it->exists ? find_home (it) : rc;
}

mns_rc_t registry_decide_move_in (registry_case_t *it) {
  if (it->in.other_place && registry_is_local (it->self, it->in.other_place))
    return mns_fail (&it->error, MNS_INVALID, "other_place", "a move from within the county is a move_within");
  it->event.other_place = it->in.other_place;
  it->event.move_reason = it->in.move_reason;
  return arrive (it);
}

/* An omitted person is added; named by register number, somebody who was taken out by mistake comes back. */
mns_rc_t registry_decide_omitted (registry_case_t *it) {
  it->event.adjustment = it->in.adjustment;
  it->event.delta = 1;
  return arrive (it);
}
