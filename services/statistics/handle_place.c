/* Places told by the registry, and the balance of a place and its parts. */
#include "common/text.h"
#include "services/statistics/state.h"

mns_rc_t statistics_on_place (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_t *state = self;
  (void)turn;
  (void)event;
  return statistics_place_store_save (&state->places, record);
}

typedef struct {
  statistics_t *state;
  mns_turn_t *turn;
  statistics_query_t query;
  mns_date_t boundaries;
  mns_rc_t rc;
} listing_t;

static void reply_place (void *context, const mns_place_info_t *place) {
  listing_t *listing = context;
  statistics_sums_t *sums = &listing->state->now;
  statistics_query_t query = listing->query;
  query.area = place->code;
  query.place = statistics_cube_find (listing->state->cube, place->code);
  if (listing->rc == MNS_OK)
    listing->rc =
        statistics_query_sums (listing->state, listing->turn, &query, query.period, listing->boundaries, sums);
  if (listing->rc != MNS_OK)
    return;
  mns_place_figures_t row = {.place = place->code,
                             .opening = sums->population_opening,
                             .births = statistics_sums_flow (sums, STATISTICS_BIRTHS),
                             .deaths = statistics_sums_flow (sums, STATISTICS_DEATHS),
                             .moves_in = statistics_sums_flow (sums, STATISTICS_MOVES_IN),
                             .moves_out = statistics_sums_flow (sums, STATISTICS_MOVES_OUT),
                             .adjustments = statistics_sums_flow (sums, STATISTICS_ADJUSTMENTS),
                             .closing = sums->population_closing};
  mns_text_copy (row.name, sizeof row.name, place->name);
  mns_turn_reply (listing->turn, &mns_place_figures_type, &row);
}

mns_rc_t statistics_handle_places (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_places_query_t *asked = request->record;
  listing_t listing = {.state = self, .turn = turn, .boundaries = asked->boundaries};
  mns_rc_t rc =
      statistics_query_check (self, turn, &request->caller, asked->place, asked->period, asked->basis, &listing.query);
  if (rc)
    return rc;
  mns_date_t before = mns_date_add_days (statistics_period_from (listing.query.period), -1); /* what ended at once */
  mns_date_t from = asked->boundaries ? asked->boundaries : before;
  mns_date_t to = asked->boundaries ? mns_date_add_days (from, 1) : statistics_period_to (listing.query.period);
  rc = statistics_place_store_children (&listing.state->places, asked->place, from, to, reply_place, &listing);
  return rc == MNS_OK ? listing.rc : rc;
}
