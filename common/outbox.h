/* The outbox: what a service says, kept in its own store until the broker has it.
 *
 * A producer's records are numbered 1, 2, 3 … by a counter row of the transaction that makes them, and each carries the
 * history on: chain' = crc64 (chain, record). One row holds the records of one turn (more rows above 256 KiB).
 *
 * Acknowledged rows stay until a backup of the log covers them, so that a log that was restored gets them again; the
 * oldest go earlier where they take more than `keep_bytes`. The rows of the last acknowledged and of the last covered
 * record are never trimmed, so that (number, chain) can always be compared with the broker's.
 *
 * Life of a handler call's records:  add … add → keep → … finish (row and counter are written) → commit → committed
 *                                              ↘ drop                                                   ↘ rolled_back
 */
#ifndef MNS_COMMON_OUTBOX_H
#define MNS_COMMON_OUTBOX_H

#include "common/db.h"
#include "common/wire.h"

#define MNS_OUTBOX_ROW_MAX   (256 * 1024)
#define MNS_OUTBOX_BYTES_MAX (64u << 20)

/* A place in a producer's history. */
typedef struct {
  uint64_t epoch;   /* 0: this producer has not said HELLO yet */
  uint64_t number;  /* last number given out */
  uint64_t chain;   /* after that record */
  uint64_t acked;   /* last number known to be acknowledged */
  uint64_t covered; /* last number known to be in a backup of the log */
  uint64_t next;    /* the epoch to be begun once everything is acknowledged; 0 none */
} mns_outbox_place_t;

typedef struct {
  mns_db_t *db;
  char producer[MNS_NAME_MAX + 1];
  mns_outbox_place_t stored; /* as committed */
  mns_outbox_place_t turn;   /* as of the open transaction, once it has been read there */
  bool read;
  mns_buffer_t row; /* records of the turn not yet written */
  uint64_t row_count;
  uint64_t call_number, call_chain, call_count; /* before the running handler call */
  size_t call_size;
  uint64_t acked, covered;    /* as of now; `stored` follows in a later transaction */
  uint64_t keep_bytes;        /* bound of acknowledged rows; the owner's to set */
  uint64_t kept, turn_kept;   /* bytes of acknowledged rows: committed, and with the open transaction */
  bool more;                  /* acknowledged rows are left from the last trim */
  uint64_t bytes, turn_bytes; /* not acknowledged: committed, and with the open transaction */
  sqlite3_stmt *place, *found, *update, *insert, *next, *chain_at, *oldest, *trim, *pending, *total;
} mns_outbox_t;

/* Reads where the producer stands. The store is migrated. */
mns_rc_t mns_outbox_init (mns_outbox_t *outbox, mns_db_t *db, const char *producer, mns_error_t *error);
void mns_outbox_fini (mns_outbox_t *outbox);

/* Begins epoch `epoch` of a producer that has given out nothing yet, in a transaction of its own. */
mns_rc_t mns_outbox_begin_epoch (mns_outbox_t *outbox, uint64_t epoch);

/* Begins the next epoch of a store that was put back, in a transaction of its own: everything is acknowledged. */
mns_rc_t mns_outbox_renew (mns_outbox_t *outbox);

/* Gives the record the next number and the chain and adds it to the running call. MNS_TOO_LARGE: nothing was added.
 * Sets event->producer, producer_epoch and number. May write a full row: mns_db_changes tells. */
mns_rc_t mns_outbox_add (mns_outbox_t *outbox, mns_event_t *event, const void *body, size_t size, mns_error_t *error);
void mns_outbox_keep (mns_outbox_t *outbox); /* the call is done */
void mns_outbox_drop (mns_outbox_t *outbox); /* the call is refused; it has written no row */
mns_rc_t mns_outbox_finish (mns_outbox_t *outbox);
void mns_outbox_committed (mns_outbox_t *outbox);
void mns_outbox_rolled_back (mns_outbox_t *outbox);

/* Records and bytes committed and not acknowledged. Above either bound commands are put off. */
uint64_t mns_outbox_pending (const mns_outbox_t *outbox);
bool mns_outbox_full (const mns_outbox_t *outbox, uint64_t records_max);

/* Reads where the producer stands into the open transaction; mns_outbox_add does so by itself. */
mns_rc_t mns_outbox_begin (mns_outbox_t *outbox);
/* Puts a record made of `event` and `body` in the place of `number`, which is not acknowledged, in the open
 * transaction, before anything was added in it; the chain of all that follows is another. `replaced` gets the bytes
 * that were there. MNS_WRONG_STATE: no such record waits. */
mns_rc_t mns_outbox_replace (mns_outbox_t *outbox, uint64_t number, mns_event_t *event, const void *body, size_t size,
                             mns_buffer_t *replaced, mns_error_t *error);

/* Committed rows, as one PUB carries them. */
typedef struct {
  uint64_t first, last, chain; /* chain after `last` */
} mns_outbox_batch_t;
/* Appends to `records` the rows behind record `after`: as many as have room, the first in any case. MNS_NOT_FOUND when
 * there is none. */
mns_rc_t mns_outbox_read (mns_outbox_t *outbox, uint64_t after, size_t room, mns_buffer_t *records,
                          mns_outbox_batch_t *batch);
/* The chain after record `number`; MNS_NOT_FOUND when no row ends there (any longer), and for 0 when record 1 is gone.
 */
mns_rc_t mns_outbox_chain_at (mns_outbox_t *outbox, uint64_t number, uint64_t *chain);

/* Does the history of this outbox go through `number` with this chain? MNS_CONFLICT: it does not; MNS_NOT_FOUND:
 * records between it and *first, the first that is kept, are no longer here. */
mns_rc_t mns_outbox_compare (mns_outbox_t *outbox, uint64_t number, uint64_t chain, uint64_t *first);
/* The first record kept; 0 none. */
mns_rc_t mns_outbox_first (mns_outbox_t *outbox, uint64_t *first);

/* A backup of the log has everything to `number`. A later transaction notes it. */
void mns_outbox_cover (mns_outbox_t *outbox, uint64_t number);
/* Everything to `number` is acknowledged, `size` bytes of records less are pending. A later transaction notes it. */
void mns_outbox_acknowledge (mns_outbox_t *outbox, uint64_t number, uint64_t size);
/* The same when the bytes must be counted anew: after WELCOME. */
mns_rc_t mns_outbox_resume (mns_outbox_t *outbox, uint64_t number);
/* True while acknowledged rows wait to be noted and deleted. */
bool mns_outbox_untrimmed (const mns_outbox_t *outbox);
/* Does a bounded part of that in the open transaction. */
mns_rc_t mns_outbox_trim (mns_outbox_t *outbox);

#endif
