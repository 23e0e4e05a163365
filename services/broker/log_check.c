/* What the log is looked at for when it is opened, and what old ones are brought to. */
#include "common/log.h"
#include "services/broker/log_private.h"
#include <string.h>

enum { TAIL_BYTES = 4 << 20, TAIL_BYTES_UNCLEAN = 64 << 20, TURN_BYTES = 1 << 20 };

/* ---- schema ------------------------------------------------------------------------------------------------------ */

/* Damaged bytes are not read any further than they can be: such a row is taken to hold anything. */
static bool read_records (const uint8_t *at, size_t size, uint64_t *streams, mns_time_t *recorded) {
  mns_event_t event;
  *streams = 0;
  for (size_t used; size > 0; at += used, size -= used) {
    if (mns_event_unpack (&event, at, size, &used, NULL) != MNS_OK)
      return false;
    *streams |= broker_stream_of (event.topic, event.topic_size);
    *recorded = event.recorded;
  }
  return true;
}

static void streams_of (sqlite3_context *context, int count, sqlite3_value **values) {
  uint64_t streams;
  mns_time_t recorded = 0;
  (void)count;
  if (!read_records (sqlite3_value_blob (values[0]), (size_t)sqlite3_value_bytes (values[0]), &streams, &recorded))
    streams = BROKER_STREAMS_ALL;
  sqlite3_result_int64 (context, (int64_t)streams);
}

static void recorded_of (sqlite3_context *context, int count, sqlite3_value **values) {
  uint64_t streams;
  mns_time_t recorded = 0;
  (void)count;
  read_records (sqlite3_value_blob (values[0]), (size_t)sqlite3_value_bytes (values[0]), &streams, &recorded);
  sqlite3_result_int64 (context, recorded);
}

mns_rc_t broker_log_add_functions (broker_log_t *log, mns_error_t *error) {
  sqlite3 *handle = mns_db_handle (log->db);
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  if (sqlite3_create_function (handle, "log_streams", 1, flags, NULL, streams_of, NULL, NULL) != SQLITE_OK ||
      sqlite3_create_function (handle, "log_recorded", 1, flags, NULL, recorded_of, NULL, NULL) != SQLITE_OK)
    return mns_fail (error, MNS_MEMORY, log->path, "%s", sqlite3_errmsg (handle));
  return MNS_OK;
}

/* ---- examination ------------------------------------------------------------------------------------------------- */

static mns_rc_t quick_check (broker_log_t *log, mns_error_t *error) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (log->db, "PRAGMA quick_check (1)");
  mns_rc_t rc = mns_db_step (log->db, statement, &row);
  const char *finding = row ? (const char *)sqlite3_column_text (statement, 0) : "";
  if (rc != MNS_OK)
    mns_fail (error, rc, log->path, "the log cannot be checked: %s", mns_db_message (log->db));
  else if (finding == NULL || strcmp (finding, "ok") != 0)
    rc = mns_fail (error, MNS_CORRUPT, log->path,
                   "the file of the log is damaged (%s): keep it, and put the last backup into place (mns restore)",
                   finding ? finding : "no memory");
  sqlite3_finalize (statement);
  return rc;
}

/* The number before the rows that are the last `bytes` of the log. */
static mns_rc_t tail_begin (broker_log_t *log, uint64_t bytes, uint64_t *number) {
  bool found = true;
  mns_rc_t rc = MNS_OK;
  uint64_t sum = 0;
  sqlite3_stmt *rows = mns_db_prepare (log->db, "SELECT first, length (records) FROM batch ORDER BY first DESC");
  *number = 0;
  while (sum < bytes && (rc = mns_db_step (log->db, rows, &found)) == MNS_OK && found) {
    *number = (uint64_t)sqlite3_column_int64 (rows, 0) - 1;
    sum += (uint64_t)sqlite3_column_int64 (rows, 1);
  }
  sqlite3_finalize (rows);
  return rc;
}

static mns_rc_t check_tail (broker_log_t *log, uint64_t bytes, mns_error_t *error) {
  broker_verified_t progress = {0};
  mns_rc_t rc = tail_begin (log, bytes, &progress.verified);
  if (rc == MNS_OK && broker_log_chain_at (log, progress.verified, &progress.chain) == MNS_NOT_FOUND)
    log->place.damaged = progress.verified; /* what lies before is not there */
  while (rc == MNS_OK && progress.verified < log->place.last)
    rc = broker_log_verify (log, &progress, log->place.last, TURN_BYTES);
  if (progress.damaged_rows > 0)
    log->place.damaged = progress.damaged_first;
  if (rc != MNS_OK)
    mns_fail (error, rc, log->path, "the end of the log cannot be read: %s", mns_error_en (rc));
  return rc;
}

mns_rc_t broker_log_examine (broker_log_t *log, bool unclean, mns_error_t *error) {
  log->place.unclean = unclean;
  if (unclean)
    mns_log (MNS_LOG_WARN, "broker", "log.unclean", "number=%llu", (unsigned long long)log->place.last);
  mns_rc_t rc = quick_check (log, error);
  return rc == MNS_OK ? check_tail (log, unclean ? TAIL_BYTES_UNCLEAN : TAIL_BYTES, error) : rc;
}
