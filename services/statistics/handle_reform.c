/* Boundary reforms told by the registry. */
#include "common/records/place.h"
#include "services/statistics/carry.h"

/* The registry tells the places that begin before it tells what became of which. */
static mns_rc_t begins_on (statistics_t *state, const mns_reform_t *reform, bool *begins) {
  mns_place_info_t place;
  mns_rc_t rc = statistics_place_store_find (&state->places, reform->successor, &place);
  *begins = rc == MNS_OK && place.valid_from == reform->day;
  return rc == MNS_NOT_FOUND ? MNS_OK : rc;
}

mns_rc_t statistics_on_reform (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_t *state = self;
  const mns_reform_t *reform = record;
  statistics_link_t link = {
      .code = reform->code, .successor = reform->successor, .day = reform->day, .part = reform->part == MNS_YES};
  if (reform->operation == MNS_RENAME)
    return MNS_OK;
  mns_rc_t rc = begins_on (state, reform, &link.begins);
  if (rc == MNS_OK)
    rc = statistics_boundary_store_save (&state->boundary_store, &link);
  if (rc != MNS_OK)
    return rc;
  statistics_boundaries_add (&state->boundaries, link);
  if (link.part || mns_place_level (link.code) != MNS_VILLAGE)
    return MNS_OK;
  return statistics_carry_all (state, &link, event->log_number, mns_turn_error (turn));
}
