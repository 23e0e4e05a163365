/* The life table, from the rates upwards and back from the oldest. */
#include "services/statistics/rules_life_table.h"

#include <stddef.h>

#define RADIX     100000.0
#define HIGH_RATE 0.107 /* of the first year; from here on a does not fall any more */

/* a of the first year and of the four that follow: fixed at high rates, else base + slope × rate. */
static const struct {
  double high[2], base[2], slope[2];
} young[] = {[MNS_MALE] = {{0.330, 1.352}, {0.045, 1.651}, {2.684, -2.816}},
             [MNS_FEMALE] = {{0.350, 1.361}, {0.053, 1.522}, {2.800, -1.518}}};

void statistics_life_rows (statistics_life_row_t rows[STATISTICS_LIFE_ROWS]) {
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++) {
    int age = i == 0 ? 0 : i == 1 ? 1 : (i - 1) * 5;
    rows[i] = (statistics_life_row_t){.age = age, .years = age == 0 ? 1 : age == 1 ? 4 : 5};
  }
  rows[STATISTICS_LIFE_ROWS - 1].years = 0;
}

int statistics_life_row_of (int age) {
  int row = age == 0 ? 0 : age < 5 ? 1 : age / 5 + 1;
  return row < STATISTICS_LIFE_ROWS ? row : STATISTICS_LIFE_ROWS - 1;
}

static double young_years (mns_code_t sex, int row, double rate) {
  return rate >= HIGH_RATE ? young[sex].high[row] : young[sex].base[row] + young[sex].slope[row] * rate;
}

static double years_of_dying (const statistics_life_row_t *rows, int row, mns_code_t sex) {
  if (row >= 2)
    return rows[row].years / 2.0;
  if (sex == MNS_MALE || sex == MNS_FEMALE)
    return young_years (sex, row, rows[0].m);
  return (young_years (MNS_MALE, row, rows[0].m) + young_years (MNS_FEMALE, row, rows[0].m)) / 2;
}

static bool set_rates (statistics_life_row_t *rows, mns_code_t sex, const double *a) {
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++) {
    statistics_life_row_t *row = &rows[i];
    if (row->person_years <= 0 || (row->years == 0 && row->deaths <= 0))
      return false;
    row->m = row->deaths / row->person_years;
    row->a = row->years == 0 ? 1 / row->m : a ? a[i] : years_of_dying (rows, i, sex);
    row->q = row->years == 0 ? 1 : row->years * row->m / (1 + (row->years - row->a) * row->m);
    if (row->q > 1)
      row->q = 1;
  }
  return true;
}

bool statistics_life_table (statistics_life_row_t rows[STATISTICS_LIFE_ROWS], mns_code_t sex, const double *a) {
  double survivors = RADIX, left = 0;
  if (!set_rates (rows, sex, a))
    return false;
  for (int i = 0; i < STATISTICS_LIFE_ROWS; i++) {
    statistics_life_row_t *row = &rows[i];
    row->survivors = survivors;
    row->dying = survivors * row->q;
    survivors -= row->dying;
    row->lived = row->years == 0 ? row->survivors / row->m : row->years * survivors + row->a * row->dying;
  }
  for (int i = STATISTICS_LIFE_ROWS - 1; i >= 0; i--) {
    left += rows[i].lived;
    rows[i].left = left;
    rows[i].expected = rows[i].survivors > 0 ? left / rows[i].survivors : 0;
  }
  return true;
}
