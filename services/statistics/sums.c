/* Sums over strips: a period is a range of neighbouring cells. */
#include "services/statistics/sums.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

void statistics_sums_init (statistics_sums_t *sums) {
  *sums = (statistics_sums_t){.opening = mns_alloc (STATISTICS_SERIES_MAX * sizeof (int64_t)),
                              .flow = mns_alloc (STATISTICS_SERIES_MAX * sizeof (int64_t))};
}

void statistics_sums_fini (statistics_sums_t *sums) {
  free (sums->opening);
  free (sums->flow);
  *sums = (statistics_sums_t){0};
}

static void sum_strip (statistics_sums_t *sums, const statistics_strip_t *strip, int series,
                       statistics_period_t period) {
  for (int i = 0; i < strip->count && strip->first + i < period.end; i++) {
    const statistics_cell_t *cell = &strip->cells[i];
    if (strip->first + i < period.first)
      sums->opening[series] += cell->value;
    else
      sums->flow[series] += cell->value;
    if (cell->revision > sums->revision)
      sums->revision = cell->revision;
  }
}

static void sum_told_strip (statistics_sums_t *sums, const statistics_strip_t *strip, int series,
                            statistics_period_t period) {
  for (int i = 0; i < strip->count && strip->first + i < period.end; i++) {
    int64_t told = strip->cells[i].published == STATISTICS_UNPUBLISHED ? 0 : strip->cells[i].published;
    if (strip->first + i < period.first)
      sums->opening[series] += told;
    else
      sums->flow[series] += told;
  }
}

static void sum_place (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                       statistics_period_t period,
                       void (*sum) (statistics_sums_t *, const statistics_strip_t *, int, statistics_period_t)) {
  sums->count = cube->series_count;
  sums->series = cube->series;
  sums->population_opening = sums->population_closing = 0;
  sums->revision = 0;
  memset (sums->opening, 0, (size_t)sums->count * sizeof (int64_t));
  memset (sums->flow, 0, (size_t)sums->count * sizeof (int64_t));
  for (int i = 0; place >= 0 && i < sums->count; i++) {
    sum (sums, statistics_cube_strip (cube, place, basis, i), i, period);
    int sign = statistics_measure_sign (sums->series[i].measure);
    sums->population_opening += sign * sums->opening[i];
    sums->population_closing += sign * (sums->opening[i] + sums->flow[i]);
  }
}

void statistics_sums_make (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                           statistics_period_t period) {
  sum_place (sums, cube, place, basis, period, sum_strip);
}

void statistics_sums_make_told (statistics_sums_t *sums, const statistics_cube_t *cube, int place, int basis,
                                statistics_period_t period) {
  sum_place (sums, cube, place, basis, period, sum_told_strip);
}

int64_t statistics_sums_flow (const statistics_sums_t *sums, statistics_measure_t measure) {
  int64_t sum = 0;
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == measure)
      sum += sums->flow[i];
  return sum;
}
