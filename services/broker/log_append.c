/* Appending to the log. Rows are filled to 64 KiB, so that one read serves many records and a mixed group of small
 * messages is one row; what may be trimmed never shares a row with what is kept for ever. */
#include "common/failpoint.h"
#include "services/broker/log_private.h"
#include <string.h>

enum { ROWS_FIRST = 32 };

void broker_log_prepare_appending (broker_log_t *log) {
  log->insert = mns_db_prepare (log->db, "INSERT INTO batch (first, count, chain, streams, recorded, records) "
                                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  log->producer = mns_db_prepare (log->db, "INSERT INTO producer (name, epoch, number, chain, log_number) "
                                           "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET "
                                           "epoch = excluded.epoch, number = excluded.number, chain = excluded.chain, "
                                           "log_number = excluded.log_number");
  log->stream = mns_db_prepare (log->db, "INSERT INTO stream (name, log_number) VALUES (?1, ?2) "
                                         "ON CONFLICT (name) DO UPDATE SET log_number = excluded.log_number");
}

static broker_row_t *add_row (broker_log_t *log) {
  if (log->row_count == log->row_capacity) {
    log->row_capacity = log->row_capacity ? 2 * log->row_capacity : ROWS_FIRST;
    log->rows = mns_realloc (log->rows, log->row_capacity * sizeof *log->rows);
  }
  broker_row_t *row = &log->rows[log->row_count++];
  *row = (broker_row_t){.first = log->draft.last + 1, .chain = log->draft.chain, .recorded = log->draft.recorded};
  return row;
}

/* The row that the next record, of that stream, goes into. */
static broker_row_t *row_for (broker_log_t *log, uint64_t stream) {
  broker_row_t *row = log->row_count > 0 ? &log->rows[log->row_count - 1] : NULL;
  bool kept = (stream & log->keep) != 0;
  if (row == NULL || row->size >= BROKER_ROW_BYTES || ((row->streams & log->keep) != 0) != kept)
    row = add_row (log);
  row->streams |= stream;
  return row;
}

/* Records mostly follow others of the same stream: only a change is looked up. */
typedef struct {
  const char *name;
  size_t size;     /* with the dot */
  uint64_t stream; /* its bit */
  int feed;        /* its place among those of the feed, −1 none */
} last_stream_t;

static void find_stream (last_stream_t *last, const uint8_t *record) {
  size_t size;
  const char *topic = mns_event_topic (record, &size);
  if (last->size > 0 && size >= last->size && memcmp (topic, last->name, last->size) == 0)
    return;
  const char *dot = memchr (topic, '.', size);
  last->name = topic;
  last->size = dot ? (size_t)(dot - topic) + 1 : size;
  last->stream = broker_stream_of (topic, size);
  last->feed = broker_feed_stream (topic, size);
}

/* Stamps one record at the end of the bytes and counts it into its row. */
static void stamp (broker_log_t *log, last_stream_t *last, uint8_t *record, size_t size) {
  broker_place_t *draft = &log->draft;
  find_stream (last, record);
  broker_row_t *row = row_for (log, last->stream);
  mns_event_stamp (record, ++draft->last, draft->recorded, (uint32_t)draft->epoch);
  draft->chain = mns_log_chain (draft->chain, record, size);
  if (last->feed >= 0)
    draft->streams[last->feed] = draft->last;
  row->count++;
  row->size += size;
  row->chain = draft->chain;
}

/* The group's bytes, stamped and cut into rows. Time never runs back in the log. */
static void build_rows (broker_log_t *log, const broker_part_t *parts, size_t count, mns_time_t now) {
  last_stream_t last = {0};
  log->draft = log->place;
  if (now > log->draft.recorded)
    log->draft.recorded = now;
  log->row_count = 0;
  mns_buffer_clear (&log->bytes);
  for (size_t i = 0; i < count; i++)
    mns_buffer_add (&log->bytes, parts[i].records, parts[i].size);
  const uint8_t *at = log->bytes.data, *end = at + log->bytes.size;
  for (size_t size; (size = broker_record_next (&at, end)) > 0;)
    stamp (log, &last, log->bytes.data + (at - log->bytes.data) - size, size);
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
      sqlite3_bind_int64 (insert, 4, (int64_t)row->streams) != SQLITE_OK ||
      sqlite3_bind_int64 (insert, 5, row->recorded) != SQLITE_OK ||
      sqlite3_bind_blob64 (insert, 6, row->records, row->size, SQLITE_STATIC) != SQLITE_OK)
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
  for (size_t i = 0; i < log->row_count && log->loose != UINT64_MAX; i++)
    if ((log->rows[i].streams & log->keep) == 0)
      log->loose += log->rows[i].size;
  *rows = log->rows;
  *row_count = log->row_count;
  return MNS_OK;
}
