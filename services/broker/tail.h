/* The log as its readers see it: the newest groups in memory (8 MiB), everything else from the disk, with no seam.
 * Only what is committed is ever in it. */
#ifndef MNS_BROKER_TAIL_H
#define MNS_BROKER_TAIL_H

#include "services/broker/log.h"
#include <zmq.h>

typedef struct broker_tail broker_tail_t;

/* `reader` is borrowed. */
broker_tail_t *broker_tail_new (broker_log_t *reader, const broker_place_t *place);
void broker_tail_destroy (broker_tail_t **tail);

/* Where the log stands. */
const broker_place_t *broker_tail_place (const broker_tail_t *tail);
/* What is appended from now on is of this epoch. */
void broker_tail_renew (broker_tail_t *tail, uint64_t epoch);
/* A group was committed: the frames of the log thread (broker_stored_t rows, their bytes), which are taken over. */
void broker_tail_add (broker_tail_t *tail, const broker_place_t *place, zmq_msg_t *rows, zmq_msg_t *bytes);
/* Rows were trimmed: what is in memory is let go, so that nobody gets them any more. */
void broker_tail_clear (broker_tail_t *tail);
/* Calls `each` for the rows of the newest group; there is one behind broker_tail_add. */
void broker_tail_newest (broker_tail_t *tail, broker_row_fn *each, void *self);

/* As broker_log_read, broker_log_chain_at and broker_log_before_time. Rows in memory come whole. */
mns_rc_t broker_tail_read (broker_tail_t *tail, uint64_t after, uint64_t streams, broker_row_fn *each, void *self);
mns_rc_t broker_tail_chain_at (broker_tail_t *tail, uint64_t number, uint64_t *chain);
mns_rc_t broker_tail_before_time (broker_tail_t *tail, mns_time_t time, uint64_t *number);

#endif
