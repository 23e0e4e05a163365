/* The log on disk: opening it, where it stands, its producers. */
#include "common/clock.h"
#include "common/text.h"
#include "services/broker/log_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const broker_feed_streams[BROKER_STREAMS] = {"open", "places", "catalogue", "system"};

int broker_feed_stream (const char *topic, size_t size) {
  for (int i = 0; i < BROKER_STREAMS; i++) {
    size_t length = strlen (broker_feed_streams[i]);
    if (size > length && topic[length] == '.' && memcmp (topic, broker_feed_streams[i], length) == 0)
      return i;
  }
  return -1;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

mns_rc_t broker_log_number (broker_log_t *log, const char *sql, uint64_t *value) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (log->db, sql);
  mns_rc_t rc = mns_db_step (log->db, statement, &row);
  *value = row ? (uint64_t)sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_finalize (statement);
  return rc;
}

static mns_rc_t read_last_row (broker_log_t *log) {
  bool found;
  sqlite3_stmt *statement =
      mns_db_prepare (log->db, "SELECT first + count - 1, chain, recorded FROM batch ORDER BY first DESC LIMIT 1");
  mns_rc_t rc = mns_db_step (log->db, statement, &found);
  if (found)
    mns_db_read (statement, "uum", &log->place.last, &log->place.chain, &log->place.recorded);
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
    log->place.streams[i] = row ? (uint64_t)sqlite3_column_int64 (statement, 0) : 0;
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
  return rc == MNS_OK ? mns_db_exec (log->db,
                                     "INSERT INTO epoch (epoch, first) SELECT epoch, 1 FROM log"
                                     " WHERE NOT EXISTS (SELECT 1 FROM epoch)",
                                     NULL)
                      : rc;
}

static mns_rc_t read_place (broker_log_t *log, mns_error_t *error) {
  mns_rc_t rc = broker_log_number (log, "SELECT epoch FROM log", &log->place.epoch);
  if (rc == MNS_OK)
    rc = broker_log_number (log, "SELECT first FROM batch ORDER BY first LIMIT 1", &log->place.first);
  if (rc == MNS_OK)
    rc = read_last_row (log);
  if (rc == MNS_OK)
    rc = read_streams (log);
  if (rc != MNS_OK)
    return mns_fail (error, rc, log->path, "the end of the log cannot be read: %s", mns_error_en (rc));
  return MNS_OK;
}

/* The writer is the last to close: then SQLite moves the write-ahead log into the store and removes it. One that is
 * still there has not been closed. */
static bool was_unclean (const char *path) {
  char wal[520];
  struct stat found;
  snprintf (wal, sizeof wal, "%s-wal", path);
  return stat (wal, &found) == 0 && found.st_size > 0;
}

static mns_rc_t open_writer (broker_log_t *log, bool unclean, mns_error_t *error) {
  mns_rc_t rc = broker_log_add_functions (log, error);
  if (rc == MNS_OK)
    rc = mns_db_migrate (log->db, "broker", mns_embedded_broker, error);
  if (rc == MNS_OK && (rc = make_epoch (log)) != MNS_OK)
    mns_fail (error, rc, log->path, "the log cannot be written: %s", mns_db_message (log->db));
  if (rc == MNS_OK)
    rc = read_place (log, error);
  if (rc != MNS_OK)
    return rc;
  broker_log_prepare_reading (log);
  return broker_log_examine (log, unclean, error);
}

static mns_rc_t open_reader (broker_log_t *log, mns_error_t *error) {
  mns_rc_t rc = read_place (log, error);
  if (rc == MNS_OK)
    broker_log_prepare_reading (log);
  return rc;
}

mns_rc_t broker_log_open (broker_log_t **out, const char *path, const char *vfs, bool read_only, mns_error_t *error) {
  broker_log_t *log = mns_alloc (sizeof *log);
  mns_db_options_t options = {.path = path, .vfs = vfs, .read_only = read_only, .who = "broker"};
  bool unclean = !read_only && was_unclean (path);
  mns_text_copy (log->path, sizeof log->path, path);
  log->loose = UINT64_MAX;
  mns_rc_t rc = mns_db_open (&log->db, &options, error);
  if (rc == MNS_OK)
    rc = read_only ? open_reader (log, error) : open_writer (log, unclean, error);
  if (rc != MNS_OK) {
    broker_log_destroy (&log);
    return rc;
  }
  if (!read_only) {
    broker_log_prepare_appending (log);
    broker_log_prepare_trimming (log);
  }
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

/* ---- where it stands --------------------------------------------------------------------------------------------- */

const broker_place_t *broker_log_place (const broker_log_t *log) {
  return &log->place;
}

const char *broker_log_message (broker_log_t *log) {
  return mns_db_message (log->db);
}

void broker_log_keep (broker_log_t *log, uint64_t streams) {
  log->keep = streams;
  log->loose = UINT64_MAX;
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

static uint64_t number_or_0 (broker_log_t *log, const char *sql) {
  uint64_t number;
  return broker_log_number (log, sql, &number) == MNS_OK ? number : 0;
}

uint64_t broker_log_kept (broker_log_t *log) {
  return number_or_0 (log, "SELECT first FROM batch WHERE length (records) > 0 ORDER BY first LIMIT 1");
}

uint64_t broker_log_bytes (broker_log_t *log) {
  return number_or_0 (log, "SELECT (page_count - freelist_count) * page_size "
                           "FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
}

uint64_t broker_log_free_bytes (broker_log_t *log) {
  return number_or_0 (log, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
}

uint64_t broker_log_wal_bytes (const broker_log_t *log) {
  char wal[520];
  struct stat found;
  snprintf (wal, sizeof wal, "%s-wal", log->path);
  return stat (wal, &found) == 0 ? (uint64_t)found.st_size : 0;
}

mns_rc_t broker_log_truncate_wal (broker_log_t *log) {
  sqlite3 *handle = mns_db_handle (log->db);
  sqlite3_busy_timeout (handle, 0); /* whoever reads now will have finished next time */
  int code = sqlite3_wal_checkpoint_v2 (handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (handle, 5000);
  return code == SQLITE_OK ? MNS_OK : code == SQLITE_BUSY ? MNS_BUSY : code == SQLITE_FULL ? MNS_DISK_FULL : MNS_IO;
}

void broker_log_checkpoint_at (broker_log_t *log, uint64_t bytes) {
  sqlite3_wal_autocheckpoint (mns_db_handle (log->db), (int)(bytes / number_or_0 (log, "PRAGMA page_size")));
}

mns_rc_t broker_log_backup (broker_log_t *log, const char *path, mns_error_t *error) {
  return mns_db_backup (log->db, path, error);
}
