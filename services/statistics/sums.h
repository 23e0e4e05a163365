/* The counts of one place, basis and period, summed out of the cube: what indicators and figures are made from. */
#ifndef MNS_STATISTICS_SUMS_H
#define MNS_STATISTICS_SUMS_H

#include "services/statistics/cube.h"

typedef struct {
  int count;                         /* series */
  const statistics_series_t *series; /* borrowed */
  int64_t *opening, *flow;           /* by series: of all months before the period; of its months */
  int64_t population_opening, population_closing;
  uint64_t revision; /* of the last event that changed a count of the period or of the stock it began with */
} statistics_sums_t;

void statistics_sums_init (statistics_sums_t *sums);
void statistics_sums_fini (statistics_sums_t *sums);
/* `place` is an index of the cube; −1 gives zeros. */
void statistics_sums_make (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                           statistics_period_t period);
/* The same of what was last told on the bus; revision 0. */
void statistics_sums_make_told (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                                statistics_period_t period);
/* The sum of a measure over its dimensions. */
int64_t statistics_sums_flow (const statistics_sums_t *sums, statistics_measure_t measure);

#endif
