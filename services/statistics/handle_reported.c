/* statistics.check-reported: printed rates against one another and the register. */
#include "services/statistics/rules_reported.h"
#include "services/statistics/state.h"

static const char *const rate_names[] = {"birth_rate", "death_rate", "natural_rate"};

/* The rates and their changes as the catalogue makes them. */
static void compute_rates (statistics_t *state, mns_turn_t *turn, statistics_known_t *known) {
  for (int i = 0; i < 3; i++) {
    const statistics_indicator_t *indicator = statistics_catalogue_find (&state->catalogue, rate_names[i]);
    mns_indicator_value_t value;
    if (!indicator || indicator->decimals != 2)
      continue;
    statistics_indicator_value (indicator, &state->catalogue.rules, &state->now, &state->before, mns_turn_today (turn),
                                &value);
    known->rate[i] = value.value;
    known->change[i] = value.change;
  }
}

static mns_rc_t look_up (statistics_t *state, mns_turn_t *turn, const mns_request_t *request,
                         const mns_reported_figures_t *printed, statistics_known_t *known) {
  statistics_query_t query;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, printed->place, printed->period, printed->basis, &query);
  if (rc)
    return rc;
  statistics_sums_make (&state->now, state->cube, query.place, query.basis - 1, query.period);
  statistics_sums_make (&state->before, state->cube, query.place, query.basis - 1,
                        statistics_period_year_before (query.period));
  int until = statistics_month_index (mns_turn_today (turn)) + 1;
  statistics_sums_complete (&state->now, state->cube, query.place, query.basis - 1, until, false);
  statistics_sums_complete (&state->before, state->cube, query.place, query.basis - 1, until, false);
  known->births = statistics_sums_flow (&state->now, STATISTICS_BIRTHS);
  known->deaths = statistics_sums_flow (&state->now, STATISTICS_DEATHS);
  compute_rates (state, turn, known);
  return MNS_OK;
}

mns_rc_t statistics_handle_check_reported (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_reported_figures_t *printed = request->record;
  statistics_known_t known = {MNS_NONE, MNS_NONE, {MNS_NONE, MNS_NONE, MNS_NONE}, {MNS_NONE, MNS_NONE, MNS_NONE}};
  mns_reported_finding_t findings[STATISTICS_FINDINGS_MAX];
  if (printed->births != MNS_NONE && printed->deaths != MNS_NONE) {
    known.births = printed->births;
    known.deaths = printed->deaths;
  } else if (printed->place) {
    mns_rc_t rc = look_up (self, turn, request, printed, &known);
    if (rc)
      return rc;
  }
  size_t count = statistics_check_reported (printed, &known, findings);
  for (size_t i = 0; i < count; i++)
    mns_turn_reply (turn, &mns_reported_finding_type, &findings[i]);
  return MNS_OK;
}
