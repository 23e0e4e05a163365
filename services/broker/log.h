/* The log on disk: append a group, read on from a number, say where it stands. This is all that the rest of the broker
 * knows of storage.
 *
 * One writing connection in the log thread, one reading connection in the router thread; each owns its own
 * broker_log_t. What append has returned MNS_OK for is flushed. A row read back is checked against its chain, so that
 * damaged bytes are an error and never an event. */
#ifndef MNS_BROKER_LOG_H
#define MNS_BROKER_LOG_H

#include "common/db.h"
#include "common/wire.h"

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
} broker_place_t; /* of the log */

typedef struct {
  uint64_t first, count, chain; /* chain after the last record */
  const uint8_t *records;
  size_t size;
} broker_row_t;

typedef struct {
  uint64_t first, count, chain, size;
} broker_stored_t; /* a row without its bytes: how rows travel between the threads */

/* Opens DATA/broker/log.db. The writer creates and migrates; the reader needs an existing file. */
mns_rc_t broker_log_open (broker_log_t **log, const char *path, const char *vfs, bool read_only, mns_error_t *error);
void broker_log_destroy (broker_log_t **log);
const broker_place_t *broker_log_place (const broker_log_t *log);
const char *broker_log_message (broker_log_t *log);

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

/* Calls `each` for the rows behind `after` (the first may begin before it) up to `last`, until it returns false or
 * BROKER_READ_ROWS. MNS_CORRUPT when a row does not fit its chain. */
mns_rc_t broker_log_read (broker_log_t *log, uint64_t after, uint64_t last,
                          bool (*each) (void *self, const broker_row_t *row), void *self);

/* The log chain after `number`, when a row ends there (always for 0). MNS_NOT_FOUND otherwise. */
mns_rc_t broker_log_chain_at (broker_log_t *log, uint64_t number, uint64_t *chain);

/* Bytes of the store. */
uint64_t broker_log_bytes (broker_log_t *log);
/* A consistent copy in a new file. */
mns_rc_t broker_log_backup (broker_log_t *log, const char *path, mns_error_t *error);

/* The next record of a row: its bytes at *at, which moves behind it; 0 at the end and where the bytes are no record. */
size_t broker_record_next (const uint8_t **at, const uint8_t *end);

#endif
