/* The log on disk. Rows are filled to 64 KiB, so that one read serves many records and a mixed group of small messages
 * is one row. */
#include "services/broker/log.h"
#include "common/clock.h"
#include "common/failpoint.h"
#include <stdlib.h>
#include <string.h>

enum { RECORD_LEAST = 35, ROWS_FIRST = 32 };

struct broker_log {
  mns_db_t *db;
  broker_place_t place, draft; /* as committed; of the running append */
  mns_buffer_t bytes;          /* of the running append */
  broker_row_t *rows;
  size_t row_count, row_capacity;
  sqlite3_stmt *insert, *producer, *stream; /* writer */
  sqlite3_stmt *read, *chain_at, *chain_before;
};

const char *const broker_feed_streams[BROKER_STREAMS] = {"open", "places", "catalogue", "system"};

int broker_feed_stream (const char *topic, size_t size) {
  for (int i = 0; i < BROKER_STREAMS; i++) {
    size_t length = strlen (broker_feed_streams[i]);
    if (size > length && topic[length] == '.' && memcmp (topic, broker_feed_streams[i], length) == 0)
      return i;
  }
  return -1;
}

size_t broker_record_next (const uint8_t **at, const uint8_t *end) {
  size_t left = (size_t)(end - *at);
  if (left < RECORD_LEAST)
    return 0;
  size_t size = mns_event_size (*at);
  if (size < RECORD_LEAST || size > left)
    return 0;
  *at += size;
  return size;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static uint64_t column (sqlite3_stmt *statement, int at) {
  return (uint64_t)sqlite3_column_int64 (statement, at);
}

static void read_row (sqlite3_stmt *statement, broker_row_t *row) {
  row->first = column (statement, 0);
  row->count = column (statement, 1);
  row->chain = column (statement, 2);
  row->records = sqlite3_column_blob (statement, 3);
  row->size = (size_t)sqlite3_column_bytes (statement, 3);
}

/* Does the row hold `count` whole records that lead from `chain` to its own? */
static bool row_sound (const broker_row_t *row, uint64_t chain) {
  const uint8_t *at = row->records, *end = at + row->size;
  uint64_t count = 0;
  for (size_t size; (size = broker_record_next (&at, end)) > 0; count++)
    chain = mns_log_chain (chain, at - size, size);
  return at == end && count == row->count && chain == row->chain;
}

static mns_time_t last_recorded (const broker_row_t *row) {
  const uint8_t *at = row->records, *last = at;
  mns_event_t event;
  size_t used;
  for (size_t size; (size = broker_record_next (&at, row->records + row->size)) > 0;)
    last = at - size;
  size_t left = (size_t)(row->records + row->size - last);
  return mns_event_unpack (&event, last, left, &used, NULL) == MNS_OK ? event.recorded : 0;
}

/* Reads the value of a statement without parameters; 0 without a row. */
static mns_rc_t read_number (mns_db_t *db, const char *sql, uint64_t *value) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (db, sql);
  mns_rc_t rc = mns_db_step (db, statement, &row);
  *value = row ? column (statement, 0) : 0;
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t read_last_row (broker_log_t *log) {
  bool found;
  broker_row_t row;
  sqlite3_stmt *statement =
      mns_db_prepare (log->db, "SELECT first, count, chain, records FROM batch ORDER BY first DESC LIMIT 1");
  mns_rc_t rc = mns_db_step (log->db, statement, &found);
  if (found) {
    read_row (statement, &row);
    log->place.last = row.first + row.count - 1;
    log->place.chain = row.chain;
    log->place.recorded = last_recorded (&row);
    if (log->place.recorded == 0)
      rc = MNS_CORRUPT;
  }
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t read_streams (broker_log_t *log) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (log->db, "SELECT log_number FROM stream WHERE name = ?1");
  mns_rc_t rc = MNS_OK;
  for (int i = 0; rc == MNS_OK && i < BROKER_STREAMS; i++) {
    mns_db_bind (statement, "t", broker_feed_streams[i]);
    rc = mns_db_step (log->db, statement, &row);
    log->place.streams[i] = row ? column (statement, 0) : 0;
  }
  sqlite3_finalize (statement);
  return rc;
}

/* The epoch is the second in which the log was made: a log made anew in its place has another. */
static mns_rc_t make_epoch (broker_log_t *log) {
  sqlite3_stmt *statement = mns_db_prepare (log->db, "INSERT OR IGNORE INTO log (id, epoch) VALUES (1, ?1)");
  mns_db_bind (statement, "i", mns_clock.wall () / 1000000 & UINT32_MAX);
  mns_rc_t rc = mns_db_run (log->db, statement);
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t read_place (broker_log_t *log, const char *path, mns_error_t *error) {
  mns_rc_t rc = read_number (log->db, "SELECT epoch FROM log", &log->place.epoch);
  if (rc == MNS_OK)
    rc = read_number (log->db, "SELECT first FROM batch ORDER BY first LIMIT 1", &log->place.first);
  if (rc == MNS_OK)
    rc = read_last_row (log);
  if (rc == MNS_OK)
    rc = read_streams (log);
  if (rc != MNS_OK)
    return mns_fail (error, rc, path, "the end of the log cannot be read: %s", mns_error_en (rc));
  return MNS_OK;
}

static void prepare_reading (broker_log_t *log) {
  log->read = mns_db_prepare (log->db, "SELECT first, count, chain, records FROM batch WHERE first >= "
                                       "coalesce ((SELECT max (first) FROM batch WHERE first <= ?1), 0) "
                                       "AND first <= ?2 ORDER BY first LIMIT ?3");
  log->chain_at = mns_db_prepare (log->db, "SELECT first, count, chain FROM batch WHERE first <= ?1 "
                                           "ORDER BY first DESC LIMIT 1");
  log->chain_before = mns_db_prepare (log->db, "SELECT chain FROM batch WHERE first < ?1 ORDER BY first DESC LIMIT 1");
}

static void prepare_writing (broker_log_t *log) {
  log->insert = mns_db_prepare (log->db, "INSERT INTO batch (first, count, chain, records) VALUES (?1, ?2, ?3, ?4)");
  log->producer = mns_db_prepare (log->db, "INSERT INTO producer (name, epoch, number, chain, log_number) "
                                           "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET "
                                           "epoch = excluded.epoch, number = excluded.number, chain = excluded.chain, "
                                           "log_number = excluded.log_number");
  log->stream = mns_db_prepare (log->db, "INSERT INTO stream (name, log_number) VALUES (?1, ?2) "
                                         "ON CONFLICT (name) DO UPDATE SET log_number = excluded.log_number");
}

mns_rc_t broker_log_open (broker_log_t **out, const char *path, const char *vfs, bool read_only, mns_error_t *error) {
  broker_log_t *log = mns_alloc (sizeof *log);
  mns_db_options_t options = {.path = path, .vfs = vfs, .read_only = read_only, .who = "broker"};
  mns_rc_t rc = mns_db_open (&log->db, &options, error);
  if (rc == MNS_OK && !read_only)
    rc = mns_db_migrate (log->db, "broker", mns_embedded_broker, error);
  if (rc == MNS_OK && !read_only && (rc = make_epoch (log)) != MNS_OK)
    mns_fail (error, rc, path, "the log cannot be written: %s", mns_db_message (log->db));
  if (rc == MNS_OK)
    rc = read_place (log, path, error);
  if (rc != MNS_OK) {
    broker_log_destroy (&log);
    return rc;
  }
  prepare_reading (log);
  if (!read_only)
    prepare_writing (log);
  *out = log;
  return MNS_OK;
}

void broker_log_destroy (broker_log_t **owner) {
  broker_log_t *log = *owner;
  if (log == NULL)
    return;
  mns_db_destroy (&log->db);
  mns_buffer_fini (&log->bytes);
  free (log->rows);
  free (log);
  *owner = NULL;
}

const broker_place_t *broker_log_place (const broker_log_t *log) {
  return &log->place;
}

const char *broker_log_message (broker_log_t *log) {
  return mns_db_message (log->db);
}

mns_rc_t broker_log_producers (broker_log_t *log, void (*each) (void *self, const broker_place_of_t *producer),
                               void *self) {
  bool row;
  mns_rc_t rc;
  sqlite3_stmt *statement =
      mns_db_prepare (log->db, "SELECT name, epoch, number, chain, log_number FROM producer ORDER BY name");
  while ((rc = mns_db_step (log->db, statement, &row)) == MNS_OK && row) {
    broker_place_of_t producer;
    mns_db_read (statement, "tuuuu", producer.name, sizeof producer.name, &producer.epoch, &producer.number,
                 &producer.chain, &producer.log_number);
    each (self, &producer);
  }
  sqlite3_finalize (statement);
  return rc;
}

/* ---- appending --------------------------------------------------------------------------------------------------- */

static broker_row_t *add_row (broker_log_t *log) {
  if (log->row_count == log->row_capacity) {
    log->row_capacity = log->row_capacity ? 2 * log->row_capacity : ROWS_FIRST;
    log->rows = mns_realloc (log->rows, log->row_capacity * sizeof *log->rows);
  }
  broker_row_t *row = &log->rows[log->row_count++];
  *row = (broker_row_t){.first = log->draft.last + 1, .chain = log->draft.chain};
  return row;
}

/* Stamps one record at the end of the bytes and counts it into the last row. */
static void stamp (broker_log_t *log, uint8_t *record, size_t size) {
  bool full = log->row_count == 0 || log->rows[log->row_count - 1].size >= BROKER_ROW_BYTES;
  broker_row_t *row = full ? add_row (log) : &log->rows[log->row_count - 1];
  broker_place_t *draft = &log->draft;
  size_t topic_size;
  const char *topic = mns_event_topic (record, &topic_size);
  int stream = broker_feed_stream (topic, topic_size);
  mns_event_stamp (record, ++draft->last, draft->recorded, (uint32_t)draft->epoch);
  draft->chain = mns_log_chain (draft->chain, record, size);
  if (stream >= 0)
    draft->streams[stream] = draft->last;
  row->count++;
  row->size += size;
  row->chain = draft->chain;
}

/* The group's bytes, stamped and cut into rows. */
static void build_rows (broker_log_t *log, const broker_part_t *parts, size_t count, mns_time_t now) {
  log->draft = log->place;
  if (now > log->draft.recorded)
    log->draft.recorded = now;
  log->row_count = 0;
  mns_buffer_clear (&log->bytes);
  for (size_t i = 0; i < count; i++)
    mns_buffer_add (&log->bytes, parts[i].records, parts[i].size);
  const uint8_t *at = log->bytes.data, *end = at + log->bytes.size;
  for (size_t size; (size = broker_record_next (&at, end)) > 0;)
    stamp (log, log->bytes.data + (at - log->bytes.data) - size, size);
  at = log->bytes.data;
  for (size_t i = 0; i < log->row_count; at += log->rows[i++].size)
    log->rows[i].records = at;
}

static mns_rc_t write_row (broker_log_t *log, const broker_row_t *row) {
  sqlite3_stmt *insert = log->insert;
  sqlite3_reset (insert);
  if (sqlite3_bind_int64 (insert, 1, (int64_t)row->first) != SQLITE_OK ||
      sqlite3_bind_int64 (insert, 2, (int64_t)row->count) != SQLITE_OK ||
      sqlite3_bind_int64 (insert, 3, (int64_t)row->chain) != SQLITE_OK ||
      sqlite3_bind_blob64 (insert, 4, row->records, row->size, SQLITE_STATIC) != SQLITE_OK)
    return MNS_MEMORY;
  return mns_db_run (log->db, insert);
}

static mns_rc_t write_producer (broker_log_t *log, broker_place_of_t *producer) {
  sqlite3_stmt *statement = log->producer;
  producer->log_number += log->place.last;
  sqlite3_reset (statement);
  if (sqlite3_bind_text (statement, 1, producer->name, -1, SQLITE_STATIC) != SQLITE_OK ||
      sqlite3_bind_int64 (statement, 2, (int64_t)producer->epoch) != SQLITE_OK ||
      sqlite3_bind_int64 (statement, 3, (int64_t)producer->number) != SQLITE_OK ||
      sqlite3_bind_int64 (statement, 4, (int64_t)producer->chain) != SQLITE_OK ||
      sqlite3_bind_int64 (statement, 5, (int64_t)producer->log_number) != SQLITE_OK)
    return MNS_MEMORY;
  return mns_db_run (log->db, statement);
}

static mns_rc_t write_streams (broker_log_t *log) {
  mns_rc_t rc = MNS_OK;
  for (int i = 0; rc == MNS_OK && i < BROKER_STREAMS; i++)
    if (log->draft.streams[i] != log->place.streams[i]) {
      mns_db_bind (log->stream, "ti", broker_feed_streams[i], (int64_t)log->draft.streams[i]);
      rc = mns_db_run (log->db, log->stream);
    }
  return rc;
}

static mns_rc_t write_group (broker_log_t *log, broker_place_of_t *producers, size_t producer_count) {
  mns_rc_t rc = mns_db_begin (log->db);
  for (size_t i = 0; rc == MNS_OK && i < log->row_count; i++)
    rc = write_row (log, &log->rows[i]);
  for (size_t i = 0; rc == MNS_OK && i < producer_count; i++)
    rc = write_producer (log, &producers[i]);
  if (rc == MNS_OK)
    rc = write_streams (log);
  mns_failpoint ("broker_after_append");
  if (rc == MNS_OK)
    return mns_db_commit (log->db);
  mns_db_rollback (log->db);
  return rc;
}

mns_rc_t broker_log_append (broker_log_t *log, const broker_part_t *parts, size_t part_count,
                            broker_place_of_t *producers, size_t producer_count, mns_time_t now,
                            const broker_row_t **rows, size_t *row_count) {
  build_rows (log, parts, part_count, now);
  mns_rc_t rc = write_group (log, producers, producer_count);
  if (rc != MNS_OK)
    return rc;
  log->place = log->draft;
  if (log->place.first == 0)
    log->place.first = log->rows[0].first;
  *rows = log->rows;
  *row_count = log->row_count;
  return MNS_OK;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The chain before the row that begins at `first`. The first row kept has nothing before it to compare with. */
static mns_rc_t chain_before (broker_log_t *log, uint64_t first, uint64_t *chain, bool *known) {
  mns_db_bind (log->chain_before, "i", (int64_t)first);
  mns_rc_t rc = mns_db_step (log->db, log->chain_before, known);
  *chain = *known ? column (log->chain_before, 0) : 0;
  sqlite3_reset (log->chain_before);
  *known = *known || first == 1;
  return rc;
}

mns_rc_t broker_log_read (broker_log_t *log, uint64_t after, uint64_t last,
                          bool (*each) (void *self, const broker_row_t *row), void *self) {
  bool found, known = false, more = true;
  uint64_t chain = 0, expected = 0;
  broker_row_t row;
  mns_rc_t rc;
  mns_db_bind (log->read, "iin", (int64_t)(after + 1), (int64_t)last, BROKER_READ_ROWS);
  while (more && (rc = mns_db_step (log->db, log->read, &found)) == MNS_OK && found) {
    read_row (log->read, &row);
    if (expected == 0)
      rc = chain_before (log, row.first, &chain, &known);
    if (rc == MNS_OK && ((known && !row_sound (&row, chain)) || (expected != 0 && row.first != expected)))
      rc = MNS_CORRUPT;
    if (rc != MNS_OK)
      break;
    chain = row.chain;
    expected = row.first + row.count;
    known = true;
    more = each (self, &row);
  }
  sqlite3_reset (log->read);
  return rc;
}

mns_rc_t broker_log_chain_at (broker_log_t *log, uint64_t number, uint64_t *chain) {
  bool found;
  *chain = 0;
  if (number == 0)
    return MNS_OK;
  mns_db_bind (log->chain_at, "i", (int64_t)number);
  mns_rc_t rc = mns_db_step (log->db, log->chain_at, &found);
  if (found && column (log->chain_at, 0) + column (log->chain_at, 1) - 1 == number)
    *chain = column (log->chain_at, 2);
  else if (rc == MNS_OK)
    rc = MNS_NOT_FOUND;
  sqlite3_reset (log->chain_at);
  return rc;
}

uint64_t broker_log_bytes (broker_log_t *log) {
  uint64_t bytes;
  return read_number (log->db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &bytes) ==
                 MNS_OK
             ? bytes
             : 0;
}

mns_rc_t broker_log_backup (broker_log_t *log, const char *path, mns_error_t *error) {
  return mns_db_backup (log->db, path, error);
}
