/* The rules of a birth. */
#include "services/registry/rules_birth.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NINE_MONTHS_DAYS 270
#define YOUNGEST_MOTHER  10
#define OLDEST_MOTHER    65

static bool read_parts (const char *text, mns_date_t *birth, mns_code_t *precision) {
  static const struct {
    const char *pattern;
    int parts;
    mns_code_t precision;
  } forms[] = {{"%4d-%2d%n", 2, MNS_MONTH_KNOWN}, {"%4d/%2d%n", 2, MNS_MONTH_KNOWN},
               {"%4d.%2d%n", 2, MNS_MONTH_KNOWN}, {"%4d年%2d月%n", 2, MNS_MONTH_KNOWN},
               {"%4d年%n", 1, MNS_YEAR_KNOWN},    {"%4d%n", 1, MNS_YEAR_KNOWN}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    int year = 0, month = 1, used = 0;
    int read = forms[i].parts == 2 ? sscanf (text, forms[i].pattern, &year, &month, &used)
                                   : sscanf (text, forms[i].pattern, &year, &used);
    mns_date_t date = mns_date_make (year, month, 1);
    if (read == forms[i].parts && used > 0 && !text[used] && year >= 1000 && date) {
      *birth = date;
      *precision = forms[i].precision;
      return true;
    }
  }
  return false;
}

bool registry_birth_read (const char *text, mns_date_t *birth, mns_code_t *precision) {
  mns_date_t date;
  if (text[0] < '0' || text[0] > '9')
    return false;
  if (!mns_date_parse_loose (text, &date))
    return read_parts (text, birth, precision);
  *birth = date;
  *precision = MNS_DAY_KNOWN;
  return true;
}

bool registry_birth_agrees (mns_date_t birth, mns_code_t precision, mns_date_t other) {
  switch (precision) {
  case MNS_ESTIMATED:
    return true;
  case MNS_YEAR_KNOWN:
    return birth / 10000 == other / 10000;
  case MNS_MONTH_KNOWN:
    return birth / 100 == other / 100;
  default:
    return birth == other;
  }
}

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
