/* The county whose persons are our own, whatever its code was. */
#include "common/records/place.h"
#include "services/statistics/state.h"

#define HOPS_MAX 8

/* Its code on other days: forwards where the whole county went by another code, backwards likewise. */
static mns_place_t match (const statistics_t *state, mns_place_t place) {
  const statistics_boundaries_t *boundaries = &state->boundaries;
  mns_place_t county = state->config->county;
  if (mns_place_covers (county, place))
    return county;
  mns_place_t other = mns_place_at (place, MNS_COUNTY);
  for (int ahead = 0; ahead < 2; ahead++) {
    mns_place_t from = ahead ? county : other, to = ahead ? other : county;
    for (int hops = 0; from && from != to && hops < HOPS_MAX; hops++) {
      const statistics_link_t *link = statistics_boundaries_next (boundaries, from, 0, INT32_MAX, 0);
      from = link ? link->successor : 0;
    }
    if (from == to)
      return other;
  }
  return 0;
}

mns_place_t statistics_county_of (const statistics_t *state, const mns_restatement_t *fact) {
  if (!state->config->county || !state->boundaries.count)
    return state->config->county;
  mns_place_t county = match (state, fact->place);
  if (!county && fact->residence)
    county = match (state, fact->residence);
  return county ? county : state->config->county;
}

bool statistics_county_holds (const statistics_t *state, mns_place_t place) {
  return match (state, place) != 0;
}
