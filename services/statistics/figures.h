/* The record of a place, period and basis: its head from sums, its counts in as many records as they need. */
#ifndef MNS_STATISTICS_FIGURES_H
#define MNS_STATISTICS_FIGURES_H

#include "common/service.h"
#include "services/statistics/sums.h"

/* Up to where in the log is counted: its epoch, a number of it. */
typedef struct {
  uint64_t epoch, number;
} statistics_cutoff_t;

statistics_cutoff_t statistics_cutoff (mns_turn_t *turn);

typedef struct {
  mns_figures_t *records; /* owned; large, so made once and used again */
  size_t count, capacity;
  int closed; /* the first month that is open: figures of earlier ones are provisional, then final; 0 none was closed */
} statistics_figures_t;

void statistics_figures_fini (statistics_figures_t *figures);
/* One record without counts. */
void statistics_figures_begin (statistics_figures_t *figures, mns_place_t place, int basis, statistics_period_t period,
                               const statistics_sums_t *sums, statistics_cutoff_t cutoff);
/* One count more; goes on in a next record with the same head when the last is full. */
void statistics_figures_add (statistics_figures_t *figures, const char *measure, const char *dimension, int64_t value,
                             int64_t previous);
/* All counts that are not zero. */
void statistics_figures_add_all (statistics_figures_t *figures, const statistics_sums_t *sums);
/* The counts by age of all months of the period. */
void statistics_figures_add_ages (statistics_figures_t *figures, const statistics_cube_t *cube, int place, int basis,
                                  statistics_period_t period);

#endif
