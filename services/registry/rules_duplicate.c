/* When two entries are one person. */
#include "services/registry/rules_duplicate.h"

#include "services/registry/rules_birth.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 17 /* of a citizen number, without the check character */
#define DATE_SIZE   8  /* yyyymmdd */

/* ---- slips of the pen -------------------------------------------------------------------------------------------- */

/* One character is another, or two are exchanged. */
static bool is_slip (const char *a, const char *b, size_t size) {
  size_t differing[3], count = 0;
  for (size_t i = 0; i < size && count < 3; i++)
    if (a[i] != b[i])
      differing[count++] = i;
  return count == 1 || (count == 2 && a[differing[0]] == b[differing[1]] && a[differing[1]] == b[differing[0]]);
}

static void date_digits (mns_date_t date, char digits[DATE_SIZE + 1]) {
  snprintf (digits, DATE_SIZE + 1, "%08u", (unsigned)date % 100000000u);
}

static mns_date_t exchange_day_and_month (mns_date_t date) {
  return mns_date_make (date / 10000, date % 100, date / 100 % 100);
}

static bool is_birth_slip (mns_date_t a, mns_date_t b) {
  char one[DATE_SIZE + 1], other[DATE_SIZE + 1];
  date_digits (a, one);
  date_digits (b, other);
  return is_slip (one, other, DATE_SIZE) || exchange_day_and_month (a) == b;
}

static size_t add_slip (mns_date_t birth, mns_date_t slip, mns_date_t slips[REGISTRY_SLIPS_MAX], size_t count) {
  bool known = slip == birth || !mns_date_valid (slip) || count == REGISTRY_SLIPS_MAX;
  for (size_t i = 0; i < count; i++)
    known = known || slips[i] == slip;
  if (!known)
    slips[count++] = slip;
  return count;
}

size_t registry_birth_slips (mns_date_t birth, mns_date_t slips[REGISTRY_SLIPS_MAX]) {
  size_t count = add_slip (birth, exchange_day_and_month (birth), slips, 0);
  for (size_t i = 0; i + 1 < DATE_SIZE; i++) {
    char digits[DATE_SIZE + 1];
    date_digits (birth, digits);
    char left = digits[i];
    digits[i] = digits[i + 1];
    digits[i + 1] = left;
    count = add_slip (birth, (mns_date_t)atol (digits), slips, count);
  }
  return count;
}

/* ---- one fact each: what the comparison shows, 0 when there is nothing to compare -------------------------------- */

typedef registry_identity_t identity_t;
typedef registry_weights_t weights_t;

static mns_code_t same_or (bool same, mns_code_t if_same, mns_code_t if_not) {
  return same ? if_same : if_not;
}

static mns_code_t compare_number (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  if (!*a->number || !*b->number)
    return 0;
  if (strcmp (a->number, b->number) == 0)
    return MNS_FACT_NUMBER_SAME;
  bool comparable = strlen (a->number) > NUMBER_SIZE && strlen (b->number) > NUMBER_SIZE;
  return same_or (comparable && is_slip (a->number, b->number, NUMBER_SIZE), MNS_FACT_NUMBER_SLIP,
                  MNS_FACT_NUMBER_OTHER);
}

static mns_code_t compare_certificate (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  if (!*a->certificate || !*b->certificate)
    return 0;
  return same_or (strcmp (a->certificate, b->certificate) == 0, MNS_FACT_CERTIFICATE_SAME, MNS_FACT_CERTIFICATE_OTHER);
}

static mns_code_t compare_name (const identity_t *a, const identity_t *b, const weights_t *weights) {
  static const mns_code_t facts[] = {[REGISTRY_NAME_SAME] = MNS_FACT_NAME_SAME,
                                     [REGISTRY_NAME_VARIANT] = MNS_FACT_NAME_VARIANT,
                                     [REGISTRY_NAME_CLOSE] = MNS_FACT_NAME_CLOSE,
                                     [REGISTRY_NAME_OTHER] = MNS_FACT_NAME_OTHER};
  (void)weights;
  return facts[registry_name_compare (a->name, b->name)];
}

/* Only the month or the year is known: its first day is no more than near. */
static bool is_coarse (const identity_t *it) {
  return it->precision > MNS_DAY_KNOWN;
}

static mns_code_t compare_birth (const identity_t *a, const identity_t *b, const weights_t *weights) {
  if (is_coarse (a) || is_coarse (b))
    return same_or (registry_birth_agrees (a->birth, a->precision, b->birth) ||
                        registry_birth_agrees (b->birth, b->precision, a->birth),
                    MNS_FACT_BIRTH_NEAR, MNS_FACT_BIRTH_OTHER);
  if (a->birth == b->birth)
    return MNS_FACT_BIRTH_SAME;
  if (abs (mns_date_days_between (a->birth, b->birth)) <= weights->window_days)
    return MNS_FACT_BIRTH_NEAR;
  return same_or (is_birth_slip (a->birth, b->birth), MNS_FACT_BIRTH_SLIP, MNS_FACT_BIRTH_OTHER);
}

static mns_code_t compare_sex (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  if (a->sex > MNS_FEMALE || b->sex > MNS_FEMALE)
    return 0;
  return same_or (a->sex == b->sex, MNS_FACT_SEX_SAME, MNS_FACT_SEX_OTHER);
}

static mns_code_t compare_mother (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  if (!a->mother || !b->mother)
    return 0;
  return same_or (a->mother == b->mother, MNS_FACT_MOTHER_SAME, MNS_FACT_MOTHER_OTHER);
}

/* A day apart, too: one of the dates may have been corrected, or midnight lies between. */
static bool of_one_delivery (const identity_t *a, const identity_t *b) {
  return a->mother && a->mother == b->mother && abs (mns_date_days_between (a->birth, b->birth)) <= 1 &&
         a->rank != MNS_NONE && b->rank != MNS_NONE;
}

static mns_code_t compare_delivery (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  return of_one_delivery (a, b) && a->rank == b->rank ? MNS_FACT_DELIVERY_SAME : 0;
}

static mns_code_t compare_place (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  if (a->place == b->place)
    return MNS_FACT_PLACE_SAME;
  return mns_place_at (a->place, MNS_TOWNSHIP) == mns_place_at (b->place, MNS_TOWNSHIP) ? MNS_FACT_TOWNSHIP_SAME : 0;
}

static mns_code_t compare_household (const identity_t *a, const identity_t *b, const weights_t *weights) {
  (void)weights;
  return a->household && a->household == b->household ? MNS_FACT_HOUSEHOLD_SAME : 0;
}

static mns_code_t (*const comparisons[]) (const identity_t *a, const identity_t *b, const weights_t *weights) = {
    compare_number, compare_certificate, compare_name,  compare_birth,     compare_sex,
    compare_mother, compare_delivery,    compare_place, compare_household,
};

registry_score_t registry_score (const registry_identity_t *a, const registry_identity_t *b,
                                 const registry_weights_t *weights) {
  registry_score_t score = {0, 0};
  for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
    mns_code_t fact = comparisons[i](a, b, weights);
    if (!fact)
      continue;
    score.points += weights->points[fact];
    score.facts |= 1u << fact;
  }
  return score;
}

/* ---- the verdict ------------------------------------------------------------------------------------------------- */

bool registry_are_twins (const registry_identity_t *a, const registry_identity_t *b) {
  return of_one_delivery (a, b) && a->rank != b->rank;
}

static bool are_the_same (const identity_t *a, const identity_t *b) {
  if (a->birth != b->birth || !registry_name_equal (a->name, b->name))
    return false;
  if (*a->number && strcmp (a->number, b->number) == 0)
    return true;
  bool mothers_differ = a->mother && b->mother && a->mother != b->mother;
  if (a->sex != b->sex || mothers_differ)
    return false;
  if (of_one_delivery (a, b))
    return true;
  return !*a->number && !*b->number && a->place == b->place;
}

registry_verdict_t registry_duplicate (const registry_identity_t *newcomer, const registry_identity_t *present,
                                       const registry_weights_t *weights, registry_score_t *score) {
  *score = (registry_score_t){0, 0};
  if (registry_are_twins (newcomer, present))
    return REGISTRY_OTHER;
  if (are_the_same (newcomer, present))
    return REGISTRY_SAME;
  *score = registry_score (newcomer, present, weights);
  if (score->points >= weights->likely)
    return REGISTRY_LIKELY;
  return score->points >= weights->suspicion ? REGISTRY_SUSPICION : REGISTRY_OTHER;
}
