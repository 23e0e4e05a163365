/* The handlers of notifications, for the tables of notifications.c. `self` is the notifications_t. */
#ifndef MNS_NOTIFICATIONS_HANDLERS_H
#define MNS_NOTIFICATIONS_HANDLERS_H

#include "services/notifications/state.h"

mns_rc_t notifications_on_event (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t notifications_on_place (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);

mns_rc_t notifications_messages (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t notifications_retry (void *self, mns_turn_t *turn, const mns_request_t *request);

/* A timer: notes the sender's results and takes up what is due. */
mns_rc_t notifications_send (void *self, mns_turn_t *turn);
/* The turn of the timer is durable: parcels go to the sender, results are done with. */
void notifications_committed (void *self);
/* It is not: parcels are dropped, results kept for the next turn. */
void notifications_rolled_back (void *self);

#endif
