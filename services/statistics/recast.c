/* Counts in the boundaries of another day: the villages whose land lies in the area on that day, summed. What crosses
 * the border between two of them is no move of the area. */
#include <string.h>

#include "common/records/place.h"
#include "services/statistics/state.h"

typedef struct {
  statistics_t *state;
  statistics_recast_t asked;
  statistics_sums_t *sums;
  mns_error_t *error;
} recast_t;

static mns_rc_t divided (const recast_t *it, mns_place_t place) {
  char day[MNS_DATE_TEXT];
  mns_date_format (it->asked.day, day);
  return mns_fail (it->error, MNS_WRONG_STATE, "boundaries",
                   "%012lld was divided or put together since: of its figures nobody knows which part lay where in the "
                   "boundaries of %s; `mns place history %012lld`",
                   (long long)place, day, (long long)place);
}

/* Money is counted at the county, everything else in the villages. */
static bool counts_at (statistics_measure_t measure, int level) {
  return level == (measure == STATISTICS_FUNDS ? MNS_COUNTY : MNS_VILLAGE);
}

static mns_rc_t add_places (recast_t *it, int basis, statistics_period_t period) {
  const statistics_cube_t *cube = it->state->cube;
  for (int i = 0; i < cube->place_count; i++) {
    int level = mns_place_level (cube->places[i].code);
    if (level != MNS_VILLAGE && level != MNS_COUNTY)
      continue;
    statistics_side_t side = statistics_boundaries_side (&it->state->boundaries, &it->asked, cube->places[i].code);
    if (side == STATISTICS_DIVIDED && level == MNS_VILLAGE)
      return divided (it, cube->places[i].code);
    for (int series = 0; side == STATISTICS_INSIDE && series < cube->series_count; series++)
      if (counts_at (cube->series[series].measure, level))
        statistics_sums_add (it->sums, cube, i, basis, series, period);
  }
  return MNS_OK;
}

static void take_flow (statistics_sums_t *sums, statistics_measure_t measure, const char *sex, int64_t value) {
  for (int i = 0; i < sums->count; i++)
    if (sums->series[i].measure == measure && strcmp (sums->series[i].dimension, sex) == 0)
      sums->flow[i] -= value;
}

static void take_crossing (void *context, const statistics_crossing_t *crossing) {
  recast_t *it = context;
  const statistics_boundaries_t *boundaries = &it->state->boundaries;
  const char *sex = mns_code_word (&mns_sex, crossing->sex);
  if (statistics_boundaries_side (boundaries, &it->asked, crossing->origin) != STATISTICS_INSIDE ||
      statistics_boundaries_side (boundaries, &it->asked, crossing->destination) != STATISTICS_INSIDE)
    return;
  take_flow (it->sums, STATISTICS_MOVES_IN, sex, crossing->value);
  take_flow (it->sums, STATISTICS_MOVES_OUT, sex, crossing->value);
}

mns_rc_t statistics_recast_sums (statistics_t *state, mns_place_t area, int basis, statistics_period_t period,
                                 mns_date_t day, statistics_sums_t *sums, mns_error_t *error) {
  recast_t it = {
      .state = state,
      .asked = {.area = area, .day = day, .from = statistics_period_from (period), .to = statistics_period_to (period)},
      .sums = sums,
      .error = error};
  statistics_sums_make (sums, state->cube, -1, basis, period);
  mns_rc_t rc = add_places (&it, basis, period);
  if (rc == MNS_OK)
    rc = statistics_crossings (&state->boundary_store, basis, period, take_crossing, &it);
  statistics_sums_total (sums);
  return rc;
}
