/* The rules of a birth. */
#include "services/registry/rules_birth.h"

#include <inttypes.h>
#include <stdlib.h>

#define NINE_MONTHS_DAYS 270
#define YOUNGEST_MOTHER  10
#define OLDEST_MOTHER    65

mns_rc_t registry_mother_check (const registry_mother_t *mother, mns_date_t occurred, bool confirmed,
                                mns_error_t *error) {
  char born[MNS_DATE_TEXT], child[MNS_DATE_TEXT];
  mns_date_format (mother->birth, born);
  mns_date_format (occurred, child);
  if (mother->sex == MNS_MALE)
    return mns_fail (error, MNS_WRONG_STATE, "mother_person", "person %" PRIu64 " is registered as a man",
                     mother->person);
  if (mother->birth > occurred)
    return mns_fail (error, MNS_DATE_ORDER, "mother_person", "the mother was born on %s, the child on %s", born, child);
  bool gone = mother->status != MNS_PRESENT && (mother->status == MNS_REMOVED || mother->since < occurred);
  if (gone)
    return mns_fail (error, MNS_WRONG_STATE, "mother_person",
                     "person %" PRIu64 " was not in the register on %s (%s); give mother=elsewhere when she lives "
                     "elsewhere",
                     mother->person, child, mns_code_word (&mns_person_status, mother->status));
  int age = mns_date_age (mother->birth, occurred);
  if (!confirmed && (age < YOUNGEST_MOTHER || age > OLDEST_MOTHER))
    return mns_fail (error, MNS_OUT_OF_RANGE, "mother_person",
                     "person %" PRIu64 " would be a mother at the age of %d; when it is right, say confirm=yes",
                     mother->person, age);
  return MNS_OK;
}

mns_rc_t registry_spacing_check (mns_date_t occurred, mns_date_t other, uint64_t other_person, bool confirmed,
                                 mns_error_t *error) {
  char first[MNS_DATE_TEXT], second[MNS_DATE_TEXT];
  int days = abs (mns_date_days_between (occurred, other));
  if (confirmed || days <= 1 || days >= NINE_MONTHS_DAYS)
    return MNS_OK;
  mns_date_format (occurred, first);
  mns_date_format (other, second);
  return mns_fail (error, MNS_LIKELY_DUPLICATE, "occurred",
                   "only %d days lie between %s and another child of this mother, person %" PRIu64 ", born on %s; when "
                   "it is right, say confirm=yes",
                   days, first, other_person, second);
}

mns_rc_t registry_rank_check (int64_t plurality, int64_t rank, mns_error_t *error) {
  if (rank <= plurality)
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, "rank", "rank %" PRId64 " of %" PRId64 " children cannot be", rank, plurality);
}
