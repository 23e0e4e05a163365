/* statistics.figures: all counts of a place and period. */
#include "services/statistics/state.h"

mns_rc_t statistics_handle_figures (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_figures_query_t *asked = request->record;
  statistics_query_t query;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc)
    return rc;
  if (asked->base == MNS_BASE_RESIDENT)
    return mns_fail (mns_turn_error (turn), MNS_INVALID, "base",
                     "figures are of the registered population; residents are an indicator");
  if (asked->ages == MNS_YES && asked->boundaries)
    return mns_fail (mns_turn_error (turn), MNS_INVALID, "ages", "ages are given in the boundaries of their day only");
  rc = statistics_query_sums (state, turn, &query, query.period, asked->boundaries, &state->now);
  if (rc)
    return rc;
  statistics_figures_begin (&state->figures, asked->place, query.basis - 1, query.period, &state->now,
                            statistics_cutoff (turn));
  statistics_figures_add_all (&state->figures, &state->now);
  if (asked->ages == MNS_YES && query.place >= 0)
    statistics_figures_add_ages (&state->figures, state->cube, query.place, query.basis - 1, query.period);
  for (size_t i = 0; i < state->figures.count; i++)
    mns_turn_reply (turn, &mns_figures_type, &state->figures.records[i]);
  return MNS_OK;
}
