/* Stock follows the land. */
#include "services/statistics/carry.h"

#include <stdlib.h>
#include <string.h>

#include "common/records/place.h"

/* One carrying: from, to, when, in which basis. */
typedef struct {
  statistics_t *state;
  mns_place_t from, to;
  int from_index, to_index, basis, month;
  int days; /* of the month from that day on */
  uint64_t revision;
  mns_error_t *error;
} carry_t;

static carry_t carry_begin (statistics_t *state, const statistics_link_t *link, mns_place_t to, int basis,
                            uint64_t revision, mns_error_t *error) {
  mns_date_t last = mns_date_last_of_month (link->day / 100);
  carry_t carry = {.state = state,
                   .from = link->code,
                   .to = to,
                   .basis = basis,
                   .month = statistics_month_index (link->day),
                   .days = last % 100 - link->day % 100 + 1,
                   .revision = revision,
                   .error = error};
  carry.from_index = statistics_cube_place (state->cube, carry.from);
  carry.to_index = statistics_cube_place (state->cube, carry.to);
  return carry;
}

static mns_rc_t carry_series (const carry_t *carry, statistics_measure_t measure, const char *dimension,
                              int64_t value) {
  statistics_cube_t *cube = carry->state->cube;
  int series = value ? statistics_cube_series (cube, measure, dimension) : 0;
  if (series < 0)
    return mns_fail (carry->error, MNS_TOO_LARGE, "series", "more than %d kinds of counts", STATISTICS_SERIES_MAX);
  if (value) {
    statistics_cube_add (cube, carry->from_index, carry->to, carry->basis, series, carry->month, -value,
                         carry->revision);
    statistics_cube_add (cube, carry->to_index, carry->from, carry->basis, series, carry->month, value,
                         carry->revision);
  }
  return MNS_OK;
}

static mns_rc_t carry_people (const carry_t *carry, mns_code_t sex, int64_t value) {
  char dimension[MNS_DIMENSION_MAX + 1];
  statistics_dimension_format (STATISTICS_ADJUSTMENTS, MNS_BOUNDARY, sex, dimension);
  mns_rc_t rc = carry_series (carry, STATISTICS_ADJUSTMENTS, dimension, value);
  return rc == MNS_OK ? carry_series (carry, STATISTICS_STOCK_DAYS, mns_code_word (&mns_sex, sex), value * carry->days)
                      : rc;
}

static void carry_age (const carry_t *carry, uint32_t key, int32_t value) {
  statistics_cube_t *cube = carry->state->cube;
  statistics_cube_add_age (cube, carry->from_index, carry->to, carry->basis, carry->month,
                           (statistics_age_count_t){key, -value});
  statistics_cube_add_age (cube, carry->to_index, carry->from, carry->basis, carry->month,
                           (statistics_age_count_t){key, value});
}

/* ---- all of a village -------------------------------------------------------------------------------------------- */

static int64_t total_of (const statistics_strip_t *strip) {
  int64_t total = 0;
  for (int i = 0; i < strip->count; i++)
    total += strip->cells[i].value;
  return total;
}

/* The word of a dimension that is a sex: of adjustments the second, else the first. */
static mns_code_t sex_of (const statistics_series_t *series) {
  char word[MNS_DIMENSION_MAX + 1];
  const char *at = series->measure == STATISTICS_ADJUSTMENTS ? strchr (series->dimension, '.') : NULL;
  at = at ? at + 1 : series->dimension;
  snprintf (word, sizeof word, "%.*s", (int)strcspn (at, "."), at);
  return mns_code_find (&mns_sex, word);
}

/* "scheme.tier" of "scheme.tier.reason". */
static mns_rc_t carry_entitlements (const carry_t *carry, const statistics_series_t *series, int64_t total) {
  char dimension[MNS_DIMENSION_MAX + 1];
  const char *tier = strchr (series->dimension, '.');
  size_t size = tier ? (size_t)(tier + 1 - series->dimension) + strcspn (tier + 1, ".") : strlen (series->dimension);
  snprintf (dimension, sizeof dimension, "%.*s", (int)size, series->dimension);
  return carry_series (carry, STATISTICS_ENTITLEMENTS_OPENING, dimension,
                       series->measure == STATISTICS_ENTITLEMENTS_ENDED ? -total : total);
}

static mns_rc_t carry_stock_series (const carry_t *carry, const statistics_series_t *series, int64_t total,
                                    int64_t *people) {
  int sign = statistics_measure_sign (series->measure);
  if (sign)
    people[sex_of (series)] += sign * total;
  switch (series->measure) {
  case STATISTICS_AWAY:
  case STATISTICS_INCOMERS:
    return carry_series (carry, series->measure, series->dimension, total);
  case STATISTICS_ENTITLEMENTS_OPENING:
  case STATISTICS_ENTITLEMENTS_STARTED:
  case STATISTICS_ENTITLEMENTS_ENDED:
    return carry_entitlements (carry, series, total);
  default:
    return MNS_OK;
  }
}

/* All totals are taken before anything is carried, which changes them. */
static mns_rc_t carry_stock (const carry_t *carry) {
  statistics_cube_t *cube = carry->state->cube;
  int count = cube->series_count;
  int64_t people[MNS_SEX_UNSTATED + 1] = {0}, *totals = mns_alloc (((size_t)count + 1) * sizeof *totals);
  mns_rc_t rc = MNS_OK;
  for (int i = 0; i < count; i++)
    totals[i] = total_of (statistics_cube_strip (cube, carry->from_index, carry->basis, i));
  for (int i = 0; rc == MNS_OK && i < count; i++)
    if (totals[i])
      rc = carry_stock_series (carry, &cube->series[i], totals[i], people);
  for (mns_code_t sex = 0; rc == MNS_OK && sex <= MNS_SEX_UNSTATED; sex++)
    if (people[sex])
      rc = carry_people (carry, sex, people[sex]);
  free (totals);
  return rc;
}

static void carry_stock_age (void *context, uint32_t key, int32_t value) {
  statistics_age_kind_t kind = statistics_age_kind (key);
  if (kind == STATISTICS_PEOPLE || kind == STATISTICS_APART)
    carry_age (context, key, value);
}

static void carry_ages (carry_t *carry) {
  statistics_age_month_t sum = {.month = 0};
  statistics_ages_sum (&carry->state->cube->places[carry->from_index].basis[carry->basis].ages, INT32_MIN, INT32_MAX,
                       &sum);
  statistics_age_visit (&sum, carry_stock_age, carry);
  statistics_age_month_fini (&sum);
}

mns_rc_t statistics_carry_all (statistics_t *state, const statistics_link_t *link, uint64_t revision,
                               mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  if (statistics_cube_find (state->cube, link->code) < 0)
    return MNS_OK;
  state->cube->record_key = statistics_record_key (&state->secret, revision);
  for (int basis = 0; rc == MNS_OK && basis < STATISTICS_BASES; basis++) {
    carry_t carry = carry_begin (state, link, link->successor, basis, revision, error);
    carry_ages (&carry);
    rc = carry_stock (&carry);
  }
  return rc;
}

/* ---- what was counted late --------------------------------------------------------------------------------------- */

static mns_rc_t carry_counted (const carry_t *carry, const statistics_counted_t *counted) {
  statistics_age_count_t ages[STATISTICS_AGES_MAX];
  const statistics_contribution_t *item = counted->item;
  int sign = statistics_measure_sign (item->measure);
  int count = statistics_fold_ages (counted->fact, item, ages);
  for (int i = 0; i < count; i++)
    carry_stock_age ((void *)carry, ages[i].key, ages[i].value);
  if (sign)
    return carry_people (carry, counted->fact->sex, sign * item->value);
  if (item->measure == STATISTICS_AWAY || item->measure == STATISTICS_INCOMERS)
    return carry_series (carry, item->measure, mns_code_word (&mns_sex, counted->fact->sex), item->value);
  return MNS_OK;
}

/* The day up to which the contribution is in the stock of its place before a reform can carry it on. A baseline is
 * there when its day begins, and who is given to another village on the day of a reform leaves before the rest follows.
 */
static mns_date_t in_stock_since (const statistics_counted_t *counted) {
  const mns_restatement_t *fact = counted->fact;
  bool by_occurrence = counted->basis + 1 == MNS_BY_OCCURRENCE;
  bool leaves = fact->event_kind == MNS_ADJUSTMENT && fact->adjustment == MNS_BOUNDARY &&
                counted->item->place == fact->other_place;
  mns_date_t day = by_occurrence ? fact->occurred : fact->registered;
  return fact->event_kind == MNS_BASELINE || leaves ? mns_date_add_days (day, -1) : day;
}

mns_rc_t statistics_carry_on (statistics_t *state, const statistics_counted_t *counted, mns_error_t *error) {
  const mns_restatement_t *fact = counted->fact;
  const statistics_boundaries_t *boundaries = &state->boundaries;
  mns_place_t place = counted->item->place;
  bool lives = counted->item->measure == STATISTICS_INCOMERS;
  mns_place_t toward = lives ? fact->registered_residence : place == fact->place ? fact->registered_place : 0;
  mns_date_t since = in_stock_since (counted);
  mns_rc_t rc = MNS_OK;
  for (;;) {
    const statistics_link_t *link = statistics_boundaries_next (boundaries, place, since, INT32_MAX, toward);
    if (!link || rc != MNS_OK)
      return rc;
    carry_t carry = carry_begin (state, link, link->successor, counted->basis, counted->revision, error);
    rc = carry_counted (&carry, counted);
    place = link->successor;
    since = link->day;
  }
}
