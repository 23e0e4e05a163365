/* A producer outside the house: its numbers, its chain and what the broker has not acknowledged stand in an outbox of
 * its own, a folder with one store, so that an event that was taken is published once, whatever dies when.
 *
 *   _new ─► _join (WELCOME, histories compared) ─► _add … _commit (durable here) ─► _drain (durable in the log) */
#ifndef MNS_COMMON_PRODUCER_H
#define MNS_COMMON_PRODUCER_H

#include "common/config.h"
#include "common/wire.h"

typedef struct mns_producer mns_producer_t;

/* Opens or makes the outbox in `folder`. `account` "" is the account of the producer's name. MNS_IN_USE: another
 * program has it open. `context` (of ZeroMQ) and `config` are borrowed. */
mns_rc_t mns_producer_new (mns_producer_t **producer, void *context, const mns_config_t *config, const char *account,
                           const char *name, const char *folder, mns_error_t *error);
void mns_producer_destroy (mns_producer_t **producer);

/* Waits for the broker. An outbox that has given out nothing begins a new epoch where the log knows an older one;
 * MNS_OUTBOX_FORKED when one that has does not fit the log. */
mns_rc_t mns_producer_join (mns_producer_t *producer, int64_t timeout_ms, mns_error_t *error);

/* Checks topic and size, gives the next number. Nothing is kept before _commit; after an error call _forget. */
mns_rc_t mns_producer_add (mns_producer_t *producer, mns_event_t *event, const void *body, size_t size,
                           mns_error_t *error);
mns_rc_t mns_producer_commit (mns_producer_t *producer, mns_error_t *error);
bool mns_producer_adding (const mns_producer_t *producer); /* something was, and is not committed */
void mns_producer_forget (mns_producer_t *producer);       /* what was added since the last _commit */

/* Sends, and waits until all is acknowledged. MNS_TIMEOUT or MNS_UNAVAILABLE: not yet, it is kept; another error is the
 * broker's refusal. */
mns_rc_t mns_producer_drain (mns_producer_t *producer, int64_t timeout_ms, mns_error_t *error);

uint64_t mns_producer_pending (const mns_producer_t *producer);
bool mns_producer_full (const mns_producer_t *producer, uint64_t records_max);
uint64_t mns_producer_epoch (const mns_producer_t *producer);
uint64_t mns_producer_number (const mns_producer_t *producer);     /* last given out */
uint64_t mns_producer_log_number (const mns_producer_t *producer); /* of the last acknowledged here; 0 none */

/* For event loops: what to wait for (NULL: no connection now), whether something has come, how long to wait at most. */
void *mns_producer_socket (const mns_producer_t *producer);
bool mns_producer_ready (const mns_producer_t *producer);
int64_t mns_producer_wait_ms (const mns_producer_t *producer);

#endif
