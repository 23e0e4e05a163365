/* statistics.figures: all counts of a place and period. statistics.indicators: what is made from them. */
#include <string.h>

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
  statistics_sums_make (&state->now, state->cube, query.place, query.basis - 1, query.period);
  statistics_figures_begin (&state->figures, asked->place, query.basis - 1, query.period, &state->now,
                            mns_turn_log_number (turn));
  statistics_figures_add_all (&state->figures, &state->now);
  if (asked->ages == MNS_YES && query.place >= 0)
    statistics_figures_add_ages (&state->figures, &state->cube->places[query.place].basis[query.basis - 1].ages,
                                 query.period);
  for (size_t i = 0; i < state->figures.count; i++)
    mns_turn_reply (turn, &mns_figures_type, &state->figures.records[i]);
  return MNS_OK;
}

mns_rc_t statistics_handle_indicators (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_indicators_query_t *asked = request->record;
  statistics_query_t query;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc)
    return rc;
  if (*asked->indicator && !statistics_catalogue_find (&state->catalogue, asked->indicator))
    return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "indicator",
                     "'%s' is not in the catalogue; ask without a name for all", asked->indicator);
  statistics_sums_make (&state->now, state->cube, query.place, query.basis - 1, query.period);
  statistics_sums_make (&state->before, state->cube, query.place, query.basis - 1,
                        statistics_period_year_before (query.period));
  for (size_t i = 0; i < state->catalogue.count; i++) {
    const statistics_indicator_t *indicator = &state->catalogue.indicators[i];
    mns_indicator_value_t value;
    if (*asked->indicator && strcmp (asked->indicator, indicator->name) != 0)
      continue;
    statistics_indicator_value (indicator, &state->catalogue.rules, &state->now, &state->before, query.period,
                                mns_turn_today (turn), &value);
    mns_turn_reply (turn, &mns_indicator_value_type, &value);
  }
  return MNS_OK;
}
