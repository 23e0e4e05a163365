/* What a consumer has applied of each producer: (epoch, number), kept in the transaction of its offset.
 *
 * A log that was restored has other numbers, and other events in other places. A consumer then reads it from its first
 * record on and leaves out what this vector covers. How far that reading has come per producer is kept beside: what is
 * covered and has not been seen again is in this store and no longer in the log. */
#ifndef MNS_COMMON_VECTOR_H
#define MNS_COMMON_VECTOR_H

#include "common/db.h"
#include "common/wire.h"

typedef struct {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number;           /* applied */
  uint64_t seen_epoch, seen_number; /* the same; behind it while a log is read again */
  bool gap;                         /* counts as seen because it may be in what was trimmed */
  /* applied in an epoch that is over, and not seen again; lost_epoch 0: nothing */
  uint64_t lost_epoch, lost_first, lost_last;
  bool changed;
} mns_vector_row_t;

typedef struct {
  mns_db_t *db;
  mns_vector_row_t *rows, *stored; /* as of the open transaction; as committed */
  size_t count, stored_count, capacity;
  sqlite3_stmt *save;
} mns_vector_t;

mns_rc_t mns_vector_init (mns_vector_t *vector, mns_db_t *db, mns_error_t *error);
void mns_vector_fini (mns_vector_t *vector);

/* True when the event has been applied before: it counts as seen. */
bool mns_vector_covers (mns_vector_t *vector, const mns_event_t *event);
/* The event is applied. */
void mns_vector_note (mns_vector_t *vector, const mns_event_t *event);
/* The log is read again from its beginning: nothing has been seen. */
void mns_vector_rewind (mns_vector_t *vector);
/* Something was trimmed from the log here: what has not been seen may have been in it. */
void mns_vector_gap (mns_vector_t *vector);

mns_rc_t mns_vector_save (mns_vector_t *vector); /* what has changed, in the open transaction */
void mns_vector_committed (mns_vector_t *vector);
void mns_vector_rolled_back (mns_vector_t *vector);

/* True when events of this producer, from number *from of the row's epoch to row->number, have been applied and not
 * been seen in the log. */
bool mns_vector_unseen (const mns_vector_row_t *row, uint64_t *from);

#endif
