/* Changes of entitlements: one series each, at the place and all above it. */
#include "services/statistics/state.h"

mns_rc_t statistics_on_entitlement (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_t *state = self;
  const mns_entitlement_change_t *change = record;
  int month[STATISTICS_BASES];
  statistics_series_t series;
  mns_rc_t rc = statistics_fold_entitlement (change, month, &series, mns_turn_error (turn));
  if (rc)
    return rc;
  int index = statistics_cube_series (state->cube, series.measure, series.dimension);
  if (index < 0)
    return mns_fail (mns_turn_error (turn), MNS_TOO_LARGE, "series", "more than %d kinds of counts",
                     STATISTICS_SERIES_MAX);
  int place = statistics_cube_place (state->cube, change->place);
  for (int basis = 0; basis < STATISTICS_BASES; basis++)
    statistics_cube_add (state->cube, place, 0, basis, index, month[basis], 1, event->log_number);
  return MNS_OK;
}
