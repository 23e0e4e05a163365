/* Carrying stock from a place that ends to its successor: adjustments, cause boundary, of the same size and opposite
 * sign at both and at what is above only one of them; with them the days of the month that are lived there, and who
 * lives where by age. */
#ifndef MNS_STATISTICS_CARRY_H
#define MNS_STATISTICS_CARRY_H

#include "services/statistics/state.h"

/* Everything that stands at a village on the first day of the reform. */
mns_rc_t statistics_carry_all (statistics_t *state, const statistics_link_t *link, uint64_t revision,
                               mns_error_t *error);

/* What was counted on a day at a place that has ended since, or gave households to `toward`: a fact and one of its
 * contributions. */
typedef struct {
  const mns_restatement_t *fact;
  const statistics_contribution_t *item;
  int basis;
  uint64_t revision;
} statistics_counted_t;
mns_rc_t statistics_carry_on (statistics_t *state, const statistics_counted_t *counted, mns_error_t *error);

#endif
