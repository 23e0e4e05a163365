/* The counts of one place, basis and period, summed out of the cube: what indicators and figures are made from. */
#ifndef MNS_STATISTICS_SUMS_H
#define MNS_STATISTICS_SUMS_H

#include "services/statistics/cube.h"

#define STATISTICS_SEXES  5 /* by code; nobody is 0 */
#define STATISTICS_ORDERS 4 /* 0: not stated, 3: third and over */
#define STATISTICS_AGES   (STATISTICS_AGE_TOP + 1)

enum { STATISTICS_BEGINNING, STATISTICS_END, STATISTICS_ENDS };

typedef int64_t statistics_pyramid_t[STATISTICS_SEXES][STATISTICS_AGES];

/* By age in full years on the first day of the period and on the first day after it. */
typedef struct {
  statistics_pyramid_t people[STATISTICS_ENDS]; /* registered */
  statistics_pyramid_t apart[STATISTICS_ENDS];  /* residents less registered */
  statistics_pyramid_t deaths;
  int64_t births[STATISTICS_ORDERS][STATISTICS_AGES]; /* by order and age of the mother, 0: not known */
} statistics_by_age_t;

typedef struct {
  int count;                         /* series */
  const statistics_series_t *series; /* borrowed */
  int64_t *opening, *flow;           /* by series: of all months before the period; of its months */
  int64_t population_opening, population_closing;
  uint64_t revision; /* of the last event that changed a count of the period or of the stock it began with */
  statistics_period_t period;
  /* what statistics_sums_complete adds */
  int64_t population_mid_year, population_year_end; /* of the calendar year in which the period begins */
  int64_t person_days;                              /* in the days of the period, at the beginning of each */
  statistics_by_age_t *by_age;
} statistics_sums_t;

void statistics_sums_init (statistics_sums_t *sums);
void statistics_sums_fini (statistics_sums_t *sums);
/* `place` is an index of the cube; −1 gives zeros. */
void statistics_sums_make (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                           statistics_period_t period);
/* Adds one series of one place more, and makes the population anew from all that was added. */
void statistics_sums_add (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis, int series,
                          statistics_period_t period);
void statistics_sums_total (statistics_sums_t *sums);
/* The rest of what indicators are made from, by age as well or not. `until` is the first month of which nothing can be
 * known yet: a stock at the end of a period that has not ended is that of now. */
void statistics_sums_complete (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis, int until,
                               bool by_age);
/* The same as _make of what was last told on the bus; revision 0. */
void statistics_sums_make_told (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                                statistics_period_t period);
/* The sum of a measure over its dimensions. */
int64_t statistics_sums_flow (const statistics_sums_t *sums, statistics_measure_t measure);

#endif
