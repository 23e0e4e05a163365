/* The log on disk: append a group, read on from a number, trim what may be forgotten, say where it stands. This is all
 * that the rest of the broker knows of storage.
 *
 * One writing connection in the log thread, one reading connection in the router thread and one in the index thread;
 * each owns its own broker_log_t. Only the writing one checkpoints. What append has returned MNS_OK for is flushed. A
 * row read back is checked against its chain, so that damaged bytes are an error and never an event.
 *
 * A row that was trimmed stays as a tombstone: its numbers, its chain, the streams of its records. So the numbers are
 * dense from the first one on for ever, and the chain is known at the end of every row. */
#ifndef MNS_BROKER_LOG_H
#define MNS_BROKER_LOG_H

#include "common/db.h"
#include "common/wire.h"
#include "services/broker/stream_set.h"

#define BROKER_ROW_BYTES     (64 * 1024) /* a stored row ends with the record that reaches this */
#define BROKER_READ_ROWS     200         /* rows in one read transaction */
#define BROKER_PRODUCERS_MAX 256
#define BROKER_STREAMS       4

typedef struct broker_log broker_log_t;

/* The streams of the feed, in the order of broker_place_t.streams. */
extern const char *const broker_feed_streams[BROKER_STREAMS];
/* Which of them a topic belongs to; −1 none. */
int broker_feed_stream (const char *topic, size_t size);

typedef struct {
  char name[MNS_NAME_MAX + 1];
  uint64_t epoch, number, chain;
  uint64_t log_number;
} broker_place_of_t; /* of a producer */

typedef struct {
  uint64_t epoch, first, last, chain; /* first and last 0: empty */
  mns_time_t recorded;                /* of the last record */
  uint64_t streams[BROKER_STREAMS];
  uint64_t damaged; /* found at the start: the first number of a damaged row, 0 none */
  bool unclean;     /* the last stop was not a clean one */
} broker_place_t;   /* of the log */

typedef struct {
  uint64_t first, count, chain; /* chain after the last record */
  uint64_t streams;             /* which its records are of */
  mns_time_t recorded;          /* of the last record */
  const uint8_t *records;       /* NULL: trimmed, or passed over */
  size_t size;                  /* bytes stored; 0: trimmed */
} broker_row_t;

typedef struct {
  uint64_t first, count, chain, streams, size;
  mns_time_t recorded;
} broker_stored_t; /* a row without its bytes: how rows travel between the threads */

/* Opens DATA/broker/log.db. The writer creates and migrates, and examines what it finds: MNS_CORRUPT when the file is
 * damaged; a damaged row at the end of the log is only told in the place. A reader needs an existing file. */
mns_rc_t broker_log_open (broker_log_t **log, const char *path, const char *vfs, bool read_only, mns_error_t *error);
void broker_log_destroy (broker_log_t **log);
/* As of the last append; a reader: as of its opening. */
const broker_place_t *broker_log_place (const broker_log_t *log);
const char *broker_log_message (broker_log_t *log);
/* Writer: the streams that are never trimmed. Rows appended from now on are of these, or of none of these. */
void broker_log_keep (broker_log_t *log, uint64_t streams);

/* Calls `each` for every producer of the log. */
mns_rc_t broker_log_producers (broker_log_t *log, void (*each) (void *self, const broker_place_of_t *producer),
                               void *self);

/* A piece of a group: whole records, accepted by mns_event_unpack. */
typedef struct {
  const uint8_t *records;
  size_t size;
} broker_part_t;

/* Appends the records of `parts` in order, stamped, and the places of their producers, in one transaction. On entry
 * each producer's log_number is the position of its last record in the group, from 1; on return its log number. *rows
 * (borrowed until the next call) are the rows written, whose records lie one after another. On any error nothing has
 * been appended; after MNS_IO and MNS_CORRUPT the log must not be used further. */
mns_rc_t broker_log_append (broker_log_t *log, const broker_part_t *parts, size_t part_count,
                            broker_place_of_t *producers, size_t producer_count, mns_time_t now,
                            const broker_row_t **rows, size_t *row_count);

typedef bool (broker_row_fn) (void *self, const broker_row_t *row); /* false: no more */

/* Calls `each` for the rows behind `after` (the first may begin before it) up to `last`, until it returns false or
 * BROKER_READ_ROWS. Rows with none of `streams` come without their records, which are not read. MNS_CORRUPT when a row
 * does not fit its chain. */
mns_rc_t broker_log_read (broker_log_t *log, uint64_t after, uint64_t last, uint64_t streams, broker_row_fn *each,
                          void *self);

/* The log chain after `number`, when a row ends there (always for 0). MNS_NOT_FOUND otherwise; MNS_GONE: it has been
 * trimmed together with what lies around it. */
mns_rc_t broker_log_chain_at (broker_log_t *log, uint64_t number, uint64_t *chain);

/* The number before the first record that was recorded at `time` or later, in the log up to `last`. */
mns_rc_t broker_log_before_time (broker_log_t *log, mns_time_t time, uint64_t last, uint64_t *number);

/* ---- keeping ----------------------------------------------------------------------------------------------------- */

/* What may go: rows that end below `before`, were recorded before `recorded`, have none of the streams kept for ever,
 * and only until what may be trimmed has at most `bytes` left (0: all of them). */
typedef struct {
  uint64_t before, bytes;
  mns_time_t recorded;
} broker_trim_t;

typedef struct {
  uint64_t cursor;               /* first number of the row where the next turn goes on; begins with 0 */
  uint64_t rows, records, bytes; /* trimmed */
  bool done;
} broker_trimmed_t;

/* One turn of a trim, a transaction of a few milliseconds. On an error nothing of the turn has happened. */
mns_rc_t broker_log_trim (broker_log_t *log, const broker_trim_t *trim, broker_trimmed_t *progress);

/* A walk over the whole log that checks every row; begins with all 0. */
typedef struct {
  uint64_t verified;                                  /* up to this number */
  uint64_t rows, records, bytes, trimmed;             /* trimmed: records that are no longer there */
  uint64_t damaged_rows, damaged_first, damaged_last; /* the first damaged row */
  uint64_t chain;
} broker_verified_t;

/* Goes on for about `bytes` or up to `last`. A damaged row is counted and passed; MNS_CORRUPT only when the file itself
 * cannot be read. */
mns_rc_t broker_log_verify (broker_log_t *log, broker_verified_t *progress, uint64_t last, size_t bytes);

/* The first number whose record is kept; 0 none. */
uint64_t broker_log_kept (broker_log_t *log);
/* Bytes of the store that are in use, and that the next rows will fill again; of its write-ahead log. */
uint64_t broker_log_bytes (broker_log_t *log);
uint64_t broker_log_free_bytes (broker_log_t *log);
uint64_t broker_log_wal_bytes (const broker_log_t *log);
/* Writer: moves what is in the write-ahead log into the store and cuts it off; MNS_BUSY while somebody reads. */
mns_rc_t broker_log_truncate_wal (broker_log_t *log);
/* Takes the write-ahead log into the store whenever it has `bytes`: what that may need of the disk is kept free. */
void broker_log_checkpoint_at (broker_log_t *log, uint64_t bytes);
/* A consistent copy in a new file. */
mns_rc_t broker_log_backup (broker_log_t *log, const char *path, mns_error_t *error);

/* The next record of a row: its bytes at *at, which moves behind it; 0 at the end and where the bytes are no record. */
size_t broker_record_next (const uint8_t **at, const uint8_t *end);

#endif
