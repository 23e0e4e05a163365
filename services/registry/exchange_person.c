/* Whom a matter is about, and what the register says of it. */
#include "services/registry/exchange.h"

#include <string.h>

/* The one with the name, and of those the present one, stands for all who share a number. */
static const mns_person_entry_t *best_of (const registry_found_t *found, const char *name) {
  const mns_person_entry_t *best = NULL;
  int most = -1;
  for (size_t i = 0; i < found->count; i++) {
    const mns_person_entry_t *person = &found->persons[i];
    int fits = 2 * registry_name_equal (person->name, name) + (person->status == MNS_PRESENT);
    if (fits > most) {
      most = fits;
      best = person;
    }
  }
  return best;
}

static mns_rc_t find_by_number (registry_exchange_t *it, registry_found_t *found) {
  registry_number_t number;
  found->count = 0;
  if (registry_number_read (it->matter.citizen_number, &number, NULL) != MNS_OK)
    return MNS_OK;
  return registry_people_by_number (&it->self->people, number.text, found);
}

mns_rc_t registry_exchange_find (registry_exchange_t *it, mns_person_entry_t *person) {
  const mns_matter_info_t *matter = &it->matter;
  registry_found_t found = {.count = 0};
  mns_rc_t rc = *matter->citizen_number ? find_by_number (it, &found) : MNS_OK;
  mns_place_t village = registry_exchange_place (it);
  if (rc == MNS_OK && found.count == 0 && matter->birth && village % 1000)
    rc = registry_people_by_birth (&it->self->people, village, matter->birth, matter->name, &found);
  const mns_person_entry_t *best = best_of (&found, matter->name);
  mns_record_clear (&mns_person_entry_type, person);
  if (rc == MNS_OK && best)
    *person = *best;
  return rc;
}

mns_rc_t registry_exchange_verify (registry_exchange_t *it, uint64_t chosen) {
  mns_matter_info_t *matter = &it->matter;
  mns_person_entry_t person;
  mns_letter_t asked;
  mns_rc_t rc = chosen ? registry_person_get (&it->self->people, chosen, &person, &it->error)
                       : registry_exchange_find (it, &person);
  if (rc != MNS_OK)
    return rc;
  matter->differs[0] = 0;
  matter->person = person.id;
  matter->result = MNS_UNKNOWN;
  if (!person.id)
    return MNS_OK;
  mns_record_copy_fields (&mns_letter_type, &asked, &mns_matter_info_type, matter);
  matter->result = registry_verify (&asked, person.name, person.sex, person.birth, person.status, matter->differs,
                                    sizeof matter->differs);
  return MNS_OK;
}

void registry_exchange_describe (registry_exchange_t *it, const mns_person_entry_t *person) {
  mns_matter_info_t *matter = &it->matter;
  matter->person = person->id;
  memcpy (matter->name, person->name, sizeof matter->name);
  memcpy (matter->citizen_number, person->citizen_number, sizeof matter->citizen_number);
  matter->sex = person->sex;
  matter->birth = person->birth;
  matter->ethnic = person->ethnic;
  matter->marital = person->marital;
  matter->registration = person->registration;
}
