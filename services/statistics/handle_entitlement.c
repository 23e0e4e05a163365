/* What assistance tells: one series each, at the place and all above it. */
#include <string.h>

#include "services/statistics/state.h"

static mns_rc_t add_to_series (statistics_t *state, mns_turn_t *turn, const mns_event_t *event, mns_place_t at,
                               const int month[STATISTICS_BASES], const statistics_series_t *series, int64_t value) {
  int index = statistics_cube_series (state->cube, series->measure, series->dimension);
  if (index < 0)
    return mns_fail (mns_turn_error (turn), MNS_TOO_LARGE, "series", "more than %d kinds of counts",
                     STATISTICS_SERIES_MAX);
  int place = statistics_cube_place (state->cube, at);
  state->cube->record_key = 0; /* nothing of it leaves the house below the county */
  for (int basis = 0; basis < STATISTICS_BASES; basis++)
    statistics_cube_add (state->cube, place, 0, basis, index, month[basis], value, event->log_number);
  return MNS_OK;
}

mns_rc_t statistics_on_entitlement (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_entitlement_change_t *change = record;
  int month[STATISTICS_BASES];
  statistics_series_t series;
  mns_rc_t rc = statistics_fold_entitlement (change, month, &series, mns_turn_error (turn));
  return rc == MNS_OK ? add_to_series (self, turn, event, change->place, month, &series, 1) : rc;
}

mns_rc_t statistics_on_funded (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_funded_t *funded = record;
  int month[STATISTICS_BASES];
  statistics_series_t series;
  mns_rc_t rc = statistics_fold_funded (funded, month, &series, mns_turn_error (turn));
  return rc == MNS_OK ? add_to_series (self, turn, event, funded->place, month, &series, funded->amount_fen) : rc;
}

static mns_rc_t add_payment (statistics_t *state, mns_turn_t *turn, const mns_event_t *event,
                             const statistics_payment_t *payment) {
  mns_rc_t rc = MNS_OK;
  for (int i = 0; rc == MNS_OK && i < 2; i++)
    rc = add_to_series (state, turn, event, payment->place, payment->month, &payment->series[i], payment->values[i]);
  return rc;
}

/* The county of "assistance.batch.<county>.<period>"; 0: none. */
static mns_place_t place_of_topic (const mns_event_t *event) {
  size_t prefix = strlen ("assistance.batch.");
  char code[MNS_PLACE_TEXT] = "";
  mns_place_t place = 0;
  if (event->topic_size >= prefix + MNS_PLACE_TEXT - 1)
    memcpy (code, event->topic + prefix, MNS_PLACE_TEXT - 1);
  return mns_place_parse (code, &place) ? place : 0;
}

mns_rc_t statistics_on_posted (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_payment_t payment = {0};
  mns_rc_t rc = statistics_fold_posted (record, place_of_topic (event), &payment, mns_turn_error (turn));
  return rc == MNS_OK ? add_payment (self, turn, event, &payment) : rc;
}

mns_rc_t statistics_on_recovery (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_payment_t payment = {0};
  mns_rc_t rc = statistics_fold_recovery (record, &payment, mns_turn_error (turn));
  return rc == MNS_OK ? add_payment (self, turn, event, &payment) : rc;
}
