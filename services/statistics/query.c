/* What every query checks first. */
#include "services/statistics/state.h"

static mns_rc_t find_place (statistics_t *state, mns_turn_t *turn, mns_place_t place, int *index) {
  mns_place_info_t info;
  *index = statistics_cube_find (state->cube, place);
  if (*index >= 0)
    return MNS_OK;
  mns_rc_t rc = statistics_place_store_find (&state->places, place, &info);
  if (rc == MNS_NOT_FOUND)
    return mns_fail (mns_turn_error (turn), rc, "place",
                     "%012lld is no place of this register; `mns place list` shows those there are", (long long)place);
  return rc;
}

mns_rc_t statistics_query_period (mns_turn_t *turn, const char *field, const char *text, statistics_period_t *period) {
  if (statistics_period_parse (text, period))
    return MNS_OK;
  return mns_fail (
      mns_turn_error (turn), MNS_INVALID, field,
      "'%s' is no period: a month 2026-06, quarter 2026-Q2, half-year 2026-S1, year 2026 or range of months "
      "2025-07/P12M is meant",
      text);
}

mns_rc_t statistics_query_check (statistics_t *state, mns_turn_t *turn, const mns_caller_t *caller, mns_place_t place,
                                 const char *period, mns_code_t basis, statistics_query_t *query) {
  if (!mns_caller_covers (caller, place))
    return mns_fail (mns_turn_error (turn), MNS_FORBIDDEN, "place", "%012lld lies outside the division of the account",
                     (long long)place);
  mns_rc_t rc = statistics_query_period (turn, "period", period, &query->period);
  query->area = place;
  query->basis = basis ? basis : MNS_BY_REGISTRATION;
  return rc ? rc : find_place (state, turn, place, &query->place);
}

mns_rc_t statistics_query_sums (statistics_t *state, mns_turn_t *turn, const statistics_query_t *query,
                                statistics_period_t period, mns_date_t boundaries, statistics_sums_t *sums) {
  if (boundaries && state->boundaries.count)
    return statistics_recast_sums (state, query->area, query->basis - 1, period, boundaries, sums,
                                   mns_turn_error (turn));
  statistics_sums_make (sums, state->cube, query->place, query->basis - 1, period);
  return MNS_OK;
}
