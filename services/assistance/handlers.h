/* The handlers of assistance, for the tables of assistance.c. `self` is the assistance_t. */
#ifndef MNS_ASSISTANCE_HANDLERS_H
#define MNS_ASSISTANCE_HANDLERS_H

#include "common/service.h"

mns_rc_t assistance_on_baseline (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_birth (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_death (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_move_in (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_move_out (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_move_within (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_adjustment (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_merge (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t assistance_on_correction (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);

mns_rc_t assistance_on_reform (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);

mns_rc_t assistance_schemes (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_apply (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_decide (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_applications (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_entitlements (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_exit (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_load_recipients (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_load_exits (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_fund (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_load_funds (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_ledger (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_batch_prepare (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_batch_post (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_batch_cancel (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_batches (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t assistance_batch_lines (void *self, mns_turn_t *turn, const mns_request_t *request);

/* Of rows: true for errors of the row; anything else is the service's and ends the request. */
bool assistance_is_refusal (mns_rc_t rc);
/* Tells what became of a row, unless it was simply created. */
void assistance_tell_row (mns_turn_t *turn, uint64_t row, mns_rc_t rc, uint64_t person);

/* A timer: writes the bank files of posted batches that have none yet. */
mns_rc_t assistance_export (void *self, mns_turn_t *turn);

#endif
