/* What is made from counts: statistics.indicators, how they are made (catalogue), and what others would be (rehearse).
 */
#include <string.h>

#include "services/statistics/state.h"

/* The counts of a period and of the one it is compared with. */
static void make_sums (statistics_t *state, mns_turn_t *turn, const statistics_query_t *query,
                       statistics_period_t against, bool by_age) {
  int until = statistics_month_index (mns_turn_today (turn)) + 1;
  statistics_sums_make (&state->now, state->cube, query->place, query->basis - 1, query->period);
  statistics_sums_complete (&state->now, state->cube, query->place, query->basis - 1, until, by_age);
  statistics_sums_make (&state->before, state->cube, query->place, query->basis - 1, against);
  statistics_sums_complete (&state->before, state->cube, query->place, query->basis - 1, until, by_age);
}

static void reply_values (statistics_t *state, mns_turn_t *turn, const statistics_catalogue_t *catalogue,
                          const char *name) {
  for (size_t i = 0; i < catalogue->count; i++) {
    mns_indicator_value_t value;
    if (*name && strcmp (name, catalogue->indicators[i].name) != 0)
      continue;
    statistics_indicator_value (&catalogue->indicators[i], &catalogue->rules, &state->now, &state->before,
                                mns_turn_today (turn), &value);
    mns_turn_reply (turn, &mns_indicator_value_type, &value);
  }
}

static mns_rc_t check_name (const statistics_t *state, mns_turn_t *turn, const char *name) {
  if (!*name || statistics_catalogue_find (&state->catalogue, name))
    return MNS_OK;
  return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "indicator",
                   "'%s' is not in the catalogue; `mns stats indicator list` shows those there are", name);
}

mns_rc_t statistics_handle_indicators (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_indicators_query_t *asked = request->record;
  statistics_query_t query;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc == MNS_OK)
    rc = check_name (state, turn, asked->indicator);
  if (rc)
    return rc;
  statistics_period_t against = statistics_period_year_before (query.period);
  if (*asked->against && (rc = statistics_query_period (turn, "against", asked->against, &against)) != MNS_OK)
    return rc;
  const statistics_indicator_t *one = statistics_catalogue_find (&state->catalogue, asked->indicator);
  uint64_t number;
  rc = statistics_go_back (state, turn, asked->as_published, query.period, &number);
  if (rc)
    return rc;
  make_sums (state, turn, &query, against, !one || one->by_age);
  reply_values (state, turn, &state->catalogue, asked->indicator);
  return statistics_come_back (state, number);
}

mns_rc_t statistics_handle_catalogue (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const statistics_t *state = self;
  const mns_catalogue_query_t *asked = request->record;
  mns_rc_t rc = check_name (state, turn, asked->indicator);
  for (size_t i = 0; rc == MNS_OK && i < state->catalogue.count; i++)
    if (!*asked->indicator || strcmp (asked->indicator, state->catalogue.rows[i].name) == 0)
      mns_turn_reply (turn, &mns_indicator_type, &state->catalogue.rows[i]);
  return rc;
}

mns_rc_t statistics_handle_rehearse (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_rehearsal_t *asked = request->record;
  statistics_query_t query;
  statistics_catalogue_t catalogue;
  mns_rc_t rc =
      statistics_query_check (state, turn, &request->caller, asked->place, asked->period, asked->basis, &query);
  if (rc)
    return rc;
  mns_yaml_t *yaml = mns_yaml_from_text ("catalogue", asked->catalogue, strlen (asked->catalogue));
  rc = statistics_catalogue_read (&catalogue, yaml, &state->catalogue.rules, mns_turn_error (turn));
  mns_yaml_destroy (&yaml);
  if (rc)
    return rc;
  make_sums (state, turn, &query, statistics_period_year_before (query.period), true);
  reply_values (state, turn, &catalogue, "");
  statistics_catalogue_fini (&catalogue);
  return MNS_OK;
}
