/* Fertility, life expectancy and median age, from counts by age. */
#include "services/statistics/rules_methods.h"

#include <stddef.h>

#define FERTILE_FROM   15
#define FERTILE_TO     49
#define FERTILE_GROUPS 7
#define GROUP_YEARS    5

/* ---- fertility --------------------------------------------------------------------------------------------------- */
static int fertile_group (int age) {
  int inside = age < FERTILE_FROM ? FERTILE_FROM : age > FERTILE_TO ? FERTILE_TO : age;
  return (inside - FERTILE_FROM) / GROUP_YEARS;
}

/* Births of mothers of known age and mean women, by group. */
static int64_t fill_groups (const statistics_sums_t *sums, double births[FERTILE_GROUPS],
                            double women[FERTILE_GROUPS]) {
  const statistics_by_age_t *by_age = sums->by_age;
  int64_t all = 0;
  for (int group = 0; group < FERTILE_GROUPS; group++)
    births[group] = women[group] = 0;
  for (int age = 1; age < STATISTICS_AGES; age++) {
    int64_t born = 0;
    for (int order = 0; order < STATISTICS_ORDERS; order++)
      born += by_age->births[order][age];
    all += born;
    births[fertile_group (age)] += (double)born;
    if (age >= FERTILE_FROM && age <= FERTILE_TO)
      women[fertile_group (age)] += (double)(by_age->people[STATISTICS_BEGINNING][MNS_FEMALE][age] +
                                             by_age->people[STATISTICS_END][MNS_FEMALE][age]) /
                                    2;
  }
  return all;
}

static bool fertility (mns_code_t method, const statistics_sums_t *sums, double *value, int64_t *events) {
  double births[FERTILE_GROUPS], women[FERTILE_GROUPS], sum = 0, weighted = 0;
  *events = fill_groups (sums, births, women);
  for (int group = 0; group < FERTILE_GROUPS; group++) {
    if (women[group] <= 0)
      return false;
    double rate = births[group] / women[group];
    sum += rate;
    weighted += rate * (FERTILE_FROM + group * GROUP_YEARS + GROUP_YEARS / 2.0);
  }
  *value = method == MNS_METHOD_TOTAL_FERTILITY ? GROUP_YEARS * sum : sum > 0 ? weighted / sum : 0;
  return method == MNS_METHOD_TOTAL_FERTILITY || sum > 0;
}

static bool mean_age_at_birth (const statistics_sums_t *sums, double *value, int64_t *events) {
  double years = 0;
  *events = 0;
  for (int order = 0; order < STATISTICS_ORDERS; order++)
    for (int age = 1; age < STATISTICS_AGES; age++) {
      *events += sums->by_age->births[order][age];
      years += (double)sums->by_age->births[order][age] * (age + 0.5);
    }
  *value = *events > 0 ? years / (double)*events : 0;
  return *events > 0;
}

/* ---- mortality --------------------------------------------------------------------------------------------------- */
void statistics_life_rows_fill (statistics_life_row_t rows[STATISTICS_LIFE_ROWS], int sex,
                                const statistics_sums_t *sums) {
  const statistics_by_age_t *by_age = sums->by_age;
  double years = (double)statistics_period_days (sums->period) / (double)statistics_period_days_of_year (sums->period);
  statistics_life_rows (rows);
  for (int group = 0; group < STATISTICS_SEXES; group++)
    for (int age = 0; (sex == STATISTICS_ANY || sex == group) && age < STATISTICS_AGES; age++) {
      statistics_life_row_t *row = &rows[statistics_life_row_of (age)];
      row->deaths += (double)by_age->deaths[group][age];
      row->person_years +=
          (double)(by_age->people[STATISTICS_BEGINNING][group][age] + by_age->people[STATISTICS_END][group][age]) / 2 *
          years;
    }
}

static bool life_expectancy (int sex, const statistics_sums_t *sums, double *value, int64_t *events) {
  statistics_life_row_t rows[STATISTICS_LIFE_ROWS];
  statistics_life_rows_fill (rows, sex, sums);
  *events = 0;
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++)
    *events += (int64_t)rows[i].deaths;
  if (!statistics_life_table (rows, sex == STATISTICS_ANY ? 0 : (mns_code_t)sex, NULL))
    return false;
  *value = rows[0].expected;
  return true;
}

/* ---- the middle of the people ------------------------------------------------------------------------------------ */
static bool median_age (int sex, const statistics_sums_t *sums, double *value, int64_t *events) {
  int64_t people[STATISTICS_AGES] = {0}, all = 0;
  for (int group = 0; group < STATISTICS_SEXES; group++)
    for (int age = 0; (sex == STATISTICS_ANY || sex == group) && age < STATISTICS_AGES; age++) {
      people[age] += sums->by_age->people[STATISTICS_END][group][age];
      all += sums->by_age->people[STATISTICS_END][group][age];
    }
  *events = all;
  double younger = 0;
  for (int age = 0; age < STATISTICS_AGES && all > 0; age++) {
    if (people[age] > 0 && younger + (double)people[age] >= (double)all / 2) {
      *value = age + ((double)all / 2 - younger) / (double)people[age];
      return true;
    }
    younger += (double)people[age];
  }
  return false;
}

bool statistics_method_value (mns_code_t method, int sex, const statistics_sums_t *sums, double *value,
                              int64_t *events) {
  switch (method) {
  case MNS_METHOD_TOTAL_FERTILITY:
  case MNS_METHOD_MEAN_AGE_OF_FERTILITY:
    return fertility (method, sums, value, events);
  case MNS_METHOD_MEAN_AGE_AT_BIRTH:
    return mean_age_at_birth (sums, value, events);
  case MNS_METHOD_LIFE_EXPECTANCY:
    return life_expectancy (sex, sums, value, events);
  default:
    return median_age (sex, sums, value, events);
  }
}
