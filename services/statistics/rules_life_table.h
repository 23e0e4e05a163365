/* The abridged life table of a period. Pure.
 *
 * Ages 0, 1–4, 5–9 … 80–84, 85 and over. The death rate m of each is deaths ÷ person-years; those who die in it live a
 * years of it on average; q = n m ÷ (1 + (n − a) m), and of the last q = 1 and a = 1 ÷ m. When a is not given it is
 * half the interval from 5 on, and before that it follows from the rate of the first year as in Preston, Heuveline and
 * Guillot, Demography (2001), table 3.3, after Coale and Demeny's model West; for both sexes together the mean of the
 * two. */
#ifndef MNS_STATISTICS_RULES_LIFE_TABLE_H
#define MNS_STATISTICS_RULES_LIFE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/records/codes.h"

#define STATISTICS_LIFE_ROWS 19
#define STATISTICS_LIFE_OPEN 85 /* where the last interval begins */

typedef struct {
  int age, years; /* years 0: open */
  double deaths, person_years;
  double m, a, q;
  double survivors, dying, lived, left; /* l, d, L, T of 100,000 born */
  double expected;                      /* e: years left on average */
} statistics_life_row_t;

/* The ages of the rows; deaths and person_years 0. */
void statistics_life_rows (statistics_life_row_t rows[STATISTICS_LIFE_ROWS]);
int statistics_life_row_of (int age);
/* From deaths and person_years. `a` has one for each row, or is NULL. False when a row has no person-years or the last
 * one no deaths: then there is no table. */
bool statistics_life_table (statistics_life_row_t rows[STATISTICS_LIFE_ROWS], mns_code_t sex, const double *a);

#endif
