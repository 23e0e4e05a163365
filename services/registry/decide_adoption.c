/* Adoption and its end. Mother and father by birth stay what they are; those by adoption stand beside them. */
#include "services/registry/record_case.h"

#include "services/registry/rules_family.h"
#include <inttypes.h>

/* ---- who adopts -------------------------------------------------------------------------------------------------- */

/* As of the day of the adoption. */
static mns_rc_t check_adopter (registry_case_t *it, mns_person_entry_t *adopter, const char *field) {
  registry_change_t then = {.old = *adopter};
  mns_rc_t rc = registry_change_begin (it->self, it->in.occurred, &then, &it->error);
  *adopter = then.old;
  if (rc != MNS_OK)
    return rc;
  if (adopter->status == MNS_PRESENT)
    return registry_parent_check (&it->old, adopter, field, &it->error);
  return mns_fail (&it->error, MNS_WRONG_STATE, field, "person %" PRIu64 " is not in the register (%s)", adopter->id,
                   mns_code_word (&mns_person_status, adopter->status));
}

static mns_rc_t find_adopters (registry_case_t *it, mns_person_entry_t *mother, mns_person_entry_t *father) {
  const mns_life_return_t *in = &it->in;
  static const char otherwise[] = "record who adopts in the register first, or leave the number out";
  const registry_named_t her = {"mother", in->mother_person, in->mother_number, in->mother_name, otherwise};
  const registry_named_t him = {"father", in->father_person, in->father_number, in->father_name, otherwise};
  mns_rc_t rc = registry_case_find_named (it, &her, mother);
  if (rc == MNS_OK)
    rc = registry_case_find_named (it, &him, father);
  if (rc == MNS_OK && !mother->id && !father->id)
    rc = mns_fail (&it->error, MNS_MISSING, "mother_person", "say who adopts: mother_person, father_person, or both");
  if (rc == MNS_OK && mother->id)
    rc = check_adopter (it, mother, "mother_person");
  return rc == MNS_OK && father->id ? check_adopter (it, father, "father_person") : rc;
}

/* The child joins the household when that is in its village; another village is a move of its own. */
static mns_rc_t join_adopter (registry_case_t *it, const mns_person_entry_t *adopter) {
  mns_place_t place = 0, area = registry_area (it->self, it->old.place, it->old.residence);
  mns_rc_t rc = registry_household_get (&it->self->people, adopter->household, &place);
  if (rc != MNS_OK)
    return rc;
  if (place != area) {
    registry_finding_add (it->finding, "who adopts lives in another village: record the child's move (move_within)");
    return MNS_OK;
  }
  it->person.household = adopter->household;
  it->person.relation =
      it->in.relation ? it->in.relation : mns_code_find (&mns_relation, it->old.sex == MNS_FEMALE ? "37" : "27");
  return MNS_OK;
}

mns_rc_t registry_decide_adoption (registry_case_t *it) {
  mns_person_entry_t mother, father;
  if (it->old.adoptive_mother || it->old.adoptive_father)
    return mns_fail (&it->error, MNS_WRONG_STATE, "person",
                     "person %" PRIu64 " is adopted already; record the end of that adoption first (adoption_end)",
                     it->old.id);
  mns_rc_t rc = find_adopters (it, &mother, &father);
  if (rc != MNS_OK)
    return rc;
  it->person.adoptive_mother = it->event.mother_person = mother.id;
  it->person.adoptive_father = it->event.father_person = father.id;
  return join_adopter (it, mother.id ? &mother : &father);
}

mns_rc_t registry_decide_adoption_end (registry_case_t *it) {
  if (!it->old.adoptive_mother && !it->old.adoptive_father)
    return mns_fail (&it->error, MNS_WRONG_STATE, "person", "person %" PRIu64 " is not adopted", it->old.id);
  it->event.mother_person = it->old.adoptive_mother;
  it->event.father_person = it->old.adoptive_father;
  it->person.adoptive_mother = it->person.adoptive_father = 0;
  return registry_case_find_household (it, registry_area (it->self, it->old.place, it->old.residence),
                                       it->old.household);
}
