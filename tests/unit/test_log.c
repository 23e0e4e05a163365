/* The log on disk: how it is opened and checked, rows by retention, tombstones, times, old logs, damaged files.
 *
 * docs/faults.md row 16: bytes flipped in copies of the store and its write-ahead log are found or do no harm; what is
 * read is what was written. docs/faults.md row 19: one connection checkpoints, and a reader that goes on and on does
 * not let the write-ahead log grow. MNS_LOG_SOAK_MIB makes the latter as long as wished. */
#include "common/clock.h"
#include "common/embedded.h"
#include "common/text.h"
#include "services/broker/log_private.h"
#include "services/broker/log_thread.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIRTH   "registry.birth.510322101203.registered"
#define FIGURES "statistics.figures.510322000000.2026-S1"
#define OPEN    "open.figures.510322000000.2026-S1"
#define SECOND  INT64_C (1000000)
#define ALL     BROKER_STREAMS_ALL

typedef struct {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX + 8];
  broker_log_t *log;
  wire_pen_t pen;
  broker_place_of_t place;
  mns_time_t now;
} fixture_t;

static uint64_t kept_streams (void) {
  uint64_t streams;
  mns_error_t error;
  assert_int_equal (broker_streams_named ("registry, assistance, places, catalogue", &streams, &error), MNS_OK);
  return streams;
}

static void open_log (fixture_t *fixture) {
  mns_error_t error = {0};
  if (broker_log_open (&fixture->log, fixture->path, NULL, false, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
  broker_log_keep (fixture->log, kept_streams ());
}

static int set_up (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  assert_int_equal (test_folder_make (fixture->folder), 0);
  snprintf (fixture->path, sizeof fixture->path, "%s/log.db", fixture->folder);
  wire_pen_init (&fixture->pen, "registry", 1);
  fixture->place = (broker_place_of_t){.name = "registry", .epoch = 1};
  fixture->now = 1000 * SECOND;
  open_log (fixture);
  *state = fixture;
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  broker_log_destroy (&fixture->log);
  wire_pen_fini (&fixture->pen);
  assert_int_equal (test_folder_remove (fixture->folder), 0);
  free (fixture);
  return 0;
}

/* Appends what the pen has written as one group. */
static size_t append (fixture_t *fixture) {
  const broker_row_t *rows;
  size_t count;
  broker_part_t part = {fixture->pen.records.data, fixture->pen.records.size};
  fixture->place.number = fixture->pen.number;
  fixture->place.chain = fixture->pen.chain;
  fixture->place.log_number = fixture->pen.count;
  assert_int_equal (broker_log_append (fixture->log, &part, 1, &fixture->place, 1, fixture->now, &rows, &count),
                    MNS_OK);
  mns_buffer_clear (&fixture->pen.records);
  fixture->pen.count = 0;
  return count;
}

enum { PADDING = 500 }; /* of each record */

static void write_group (fixture_t *fixture, const char *topic, int records) {
  for (int i = 0; i < records; i++)
    wire_pen_write (&fixture->pen, topic, PADDING);
  append (fixture);
}

static uint64_t last_of (const fixture_t *fixture) {
  return broker_log_place (fixture->log)->last;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static int pragma (broker_log_t *log, const char *sql) {
  uint64_t value;
  assert_int_equal (broker_log_number (log, sql, &value), MNS_OK);
  return (int)value;
}

static void test_settings (void **state) {
  fixture_t *fixture = *state;
  broker_log_t *reader;
  mns_error_t error;
  int set = -1;
  assert_int_equal (broker_log_open (&reader, fixture->path, NULL, true, &error), MNS_OK);
  assert_int_equal (pragma (fixture->log, "PRAGMA synchronous"), 2);
  assert_int_equal (pragma (fixture->log, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
  assert_true (pragma (fixture->log, "PRAGMA wal_autocheckpoint") > 0);
  assert_true (pragma (fixture->log, "PRAGMA journal_size_limit") > 0);
  assert_int_equal (pragma (reader, "PRAGMA wal_autocheckpoint"), 0);
  assert_int_equal (pragma (reader, "PRAGMA query_only"), 1);
  sqlite3_db_config (mns_db_handle (reader->db), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &set);
  assert_int_equal (set, 1);
  broker_log_destroy (&reader);
}

/* A file system without shared memory cannot keep a write-ahead log: it is refused, with the reason. */
static void test_settings_are_checked (void **state) {
  fixture_t *fixture = *state;
  broker_log_t *log = NULL;
  mns_error_t error = {0};
  char path[MNS_PATH_MAX + 16];
  snprintf (path, sizeof path, "%s/other.db", fixture->folder);
  assert_int_equal (broker_log_open (&log, path, "unix-none", false, &error), MNS_IO);
  assert_non_null (strstr (error.detail, "journal_mode"));
}

static void test_unclean_stop_is_seen (void **state) {
  fixture_t *fixture = *state;
  broker_log_t *reader;
  mns_error_t error;
  assert_false (broker_log_place (fixture->log)->unclean);
  write_group (fixture, BIRTH, 3);
  assert_int_equal (broker_log_open (&reader, fixture->path, NULL, true, &error), MNS_OK);
  broker_log_destroy (&fixture->log); /* not the last: the write-ahead log stays, as after a kill */
  broker_log_destroy (&reader);
  open_log (fixture);
  assert_true (broker_log_place (fixture->log)->unclean);
  assert_int_equal (last_of (fixture), 3);
  broker_log_destroy (&fixture->log);
  open_log (fixture);
  assert_false (broker_log_place (fixture->log)->unclean);
}

/* ---- rows and tombstones ----------------------------------------------------------------------------------------- */

static void test_rows_are_of_one_retention (void **state) {
  fixture_t *fixture = *state;
  static const char *const topics[] = {BIRTH, BIRTH, FIGURES, OPEN, FIGURES, BIRTH};
  for (size_t i = 0; i < COUNT_OF (topics); i++)
    wire_pen_write (&fixture->pen, topics[i], 0);
  assert_int_equal (append (fixture), 3);
}

/* What one reading of the whole log gives. */
typedef struct {
  uint64_t rows, tombstones, records, gone, next;
} reading_t;

static bool take_row (void *self, const broker_row_t *row) {
  reading_t *reading = self;
  const uint8_t *at = row->records;
  assert_int_equal (row->first, reading->next);
  reading->next += row->count;
  reading->rows++;
  if (row->size == 0) {
    reading->tombstones++;
    reading->gone += row->count;
    return true;
  }
  for (uint64_t number = row->first; at && broker_record_next (&at, row->records + row->size) > 0; number++)
    reading->records++;
  return true;
}

static mns_rc_t read_all (broker_log_t *log, uint64_t streams, reading_t *reading) {
  mns_rc_t rc = MNS_OK;
  *reading = (reading_t){.next = 1};
  while (rc == MNS_OK && reading->next <= broker_log_place (log)->last)
    rc = broker_log_read (log, reading->next - 1, broker_log_place (log)->last, streams, take_row, reading);
  return rc;
}

/* A row that is missing is an error, never a way back. */
static void test_missing_row (void **state) {
  fixture_t *fixture = *state;
  reading_t reading = {0};
  for (int i = 0; i < 3; i++)
    write_group (fixture, BIRTH, 10);
  assert_int_equal (mns_db_exec (fixture->log->db, "DELETE FROM batch WHERE first > 10", NULL), MNS_OK);
  reading.next = 1;
  assert_int_equal (broker_log_read (fixture->log, 10, 20, ALL, take_row, &reading), MNS_CORRUPT);
  assert_int_equal (reading.rows, 0);
}

static broker_trimmed_t trim (fixture_t *fixture, broker_trim_t bounds) {
  broker_trimmed_t progress = {0};
  for (int turns = 0; !progress.done; turns++) {
    assert_int_equal (broker_log_trim (fixture->log, &bounds, &progress), MNS_OK);
    assert_true (turns < 1000);
  }
  return progress;
}

static void test_trim_leaves_tombstones (void **state) {
  fixture_t *fixture = *state;
  reading_t reading;
  uint64_t chain, end_chain;
  broker_verified_t verified = {0};
  for (int i = 0; i < 100; i++)
    write_group (fixture, FIGURES, 10);
  write_group (fixture, BIRTH, 10);
  for (int i = 0; i < 100; i++)
    write_group (fixture, OPEN, 10);
  write_group (fixture, BIRTH, 10);
  end_chain = broker_log_place (fixture->log)->chain;
  broker_trimmed_t done = trim (fixture, (broker_trim_t){.before = UINT64_MAX, .recorded = INT64_MAX});
  assert_int_equal (done.rows, 200);
  assert_int_equal (done.records, 2000);
  assert_int_equal (read_all (fixture->log, ALL, &reading), MNS_OK);
  assert_int_equal (reading.rows, 4);
  assert_int_equal (reading.tombstones, 2);
  assert_int_equal (reading.records, 20);
  assert_int_equal (reading.gone, 2000);
  assert_int_equal (broker_log_chain_at (fixture->log, 500, &chain), MNS_GONE);
  assert_int_equal (broker_log_chain_at (fixture->log, 1000, &chain), MNS_OK);
  assert_int_equal (broker_log_verify (fixture->log, &verified, last_of (fixture), UINT32_MAX), MNS_OK);
  assert_int_equal (verified.damaged_rows, 0);
  assert_int_equal (verified.trimmed, 2000);
  assert_true (verified.chain == end_chain);
  assert_int_equal (broker_log_kept (fixture->log), 1001);
  broker_log_destroy (&fixture->log);
  open_log (fixture); /* and so it is after a restart: numbers go on */
  write_group (fixture, FIGURES, 1);
  assert_int_equal (last_of (fixture), 2021);
}

static void test_trim_keeps_its_bounds (void **state) {
  fixture_t *fixture = *state;
  reading_t reading;
  for (int i = 0; i < 50; i++) {
    fixture->now += 60 * SECOND;
    write_group (fixture, FIGURES, 10);
  }
  broker_trimmed_t done = trim (fixture, (broker_trim_t){.before = 105, .recorded = INT64_MAX});
  assert_int_equal (done.records, 100);
  done = trim (fixture, (broker_trim_t){.before = UINT64_MAX, .recorded = fixture->now - 20 * 60 * SECOND});
  assert_int_equal (done.records, 190);
  uint64_t row = fixture->log->loose / 21;
  done = trim (fixture, (broker_trim_t){.before = UINT64_MAX, .recorded = INT64_MAX, .bytes = 5 * row});
  assert_int_equal (done.records, 160);
  done = trim (fixture, (broker_trim_t){.before = UINT64_MAX, .recorded = INT64_MAX});
  assert_int_equal (done.records, 40); /* the last row stays: where the log ends is read from it */
  assert_int_equal (read_all (fixture->log, ALL, &reading), MNS_OK);
  assert_int_equal (reading.rows, 2);
}

static void test_other_streams_are_not_read (void **state) {
  fixture_t *fixture = *state;
  reading_t reading;
  for (int i = 0; i < 10; i++) {
    write_group (fixture, BIRTH, 10);
    write_group (fixture, FIGURES, 10);
  }
  assert_int_equal (read_all (fixture->log, broker_streams_under ("statistics."), &reading), MNS_OK);
  assert_int_equal (reading.records, 100);
  assert_int_equal (reading.rows, 20);
}

static void test_times (void **state) {
  fixture_t *fixture = *state;
  uint64_t number;
  for (int i = 1; i <= 40; i++) {
    fixture->now = 1000 * SECOND + i * SECOND;
    write_group (fixture, FIGURES, i % 7 + 1);
  }
  uint64_t expected = 0;
  for (int i = 1; i <= 40; i++) {
    assert_int_equal (broker_log_before_time (fixture->log, 1000 * SECOND + i * SECOND, last_of (fixture), &number),
                      MNS_OK);
    assert_int_equal (number, expected);
    broker_log_before_time (fixture->log, 1000 * SECOND + i * SECOND - 1, last_of (fixture), &number);
    assert_int_equal (number, expected);
    expected += (uint64_t)(i % 7 + 1);
  }
  broker_log_before_time (fixture->log, 2000 * SECOND, last_of (fixture), &number);
  assert_int_equal (number, last_of (fixture));
  broker_log_before_time (fixture->log, 0, last_of (fixture), &number);
  assert_int_equal (number, 0);
}

/* ---- logs of the first version ------------------------------------------------------------------------------------
 */

static void make_old_log (const char *path, mns_buffer_t *records, uint64_t chain) {
  sqlite3 *db;
  sqlite3_stmt *insert;
  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, mns_embedded_find (mns_embedded_broker, "schema/001_log.sql")->text, 0, 0, 0), 0);
  assert_int_equal (sqlite3_exec (db,
                                  "CREATE TABLE migration (files TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, "
                                  "WITHOUT ROWID; INSERT INTO migration VALUES ('broker', 1);"
                                  "INSERT INTO log (id, epoch) VALUES (1, 77)",
                                  0, 0, 0),
                    0);
  sqlite3_prepare_v2 (db, "INSERT INTO batch (first, count, chain, records) VALUES (1, 2, ?1, ?2)", -1, &insert, NULL);
  sqlite3_bind_int64 (insert, 1, (int64_t)chain);
  sqlite3_bind_blob (insert, 2, records->data, (int)records->size, SQLITE_STATIC);
  assert_int_equal (sqlite3_step (insert), SQLITE_DONE);
  sqlite3_finalize (insert);
  assert_int_equal (
      sqlite3_exec (db, "INSERT INTO batch (first, count, chain, records) VALUES (3, 1, 5, x'00ff')", 0, 0, 0), 0);
  sqlite3_close (db);
}

static void test_old_log (void **state) {
  fixture_t *fixture = *state;
  uint64_t chain = 0, streams;
  reading_t reading;
  wire_pen_write (&fixture->pen, BIRTH, 10);
  size_t first = fixture->pen.records.size;
  wire_pen_write (&fixture->pen, OPEN, 10);
  uint8_t *bytes = fixture->pen.records.data;
  mns_event_stamp (bytes, 1, 123 * SECOND, 77);
  mns_event_stamp (bytes + first, 2, 124 * SECOND, 77);
  chain = mns_log_chain (mns_log_chain (0, bytes, first), bytes + first, fixture->pen.records.size - first);
  broker_log_destroy (&fixture->log);
  unlink (fixture->path);
  make_old_log (fixture->path, &fixture->pen.records, chain);
  open_log (fixture);
  assert_int_equal (broker_log_number (fixture->log, "SELECT streams FROM batch WHERE first = 1", &streams), MNS_OK);
  assert_true (streams == (broker_stream_of (BIRTH, strlen (BIRTH)) | broker_stream_of (OPEN, strlen (OPEN))));
  assert_int_equal (pragma (fixture->log, "SELECT recorded / 1000000 FROM batch WHERE first = 1"), 124);
  broker_log_number (fixture->log, "SELECT streams FROM batch WHERE first = 3", &streams);
  assert_true (streams == ALL); /* damaged: it may be anything, and is never trimmed */
  assert_int_equal (broker_log_place (fixture->log)->damaged, 3);
  assert_int_equal (read_all (fixture->log, ALL, &reading), MNS_CORRUPT);
  assert_int_equal (reading.records, 2);
}

/* ---- damaged files ----------------------------------------------------------------------------------------------- */

static void copy_file (const char *from, const char *to) {
  char buffer[65536];
  int in = open (from, O_RDONLY), out = open (to, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  for (ssize_t size; in >= 0 && (size = read (in, buffer, sizeof buffer)) > 0;)
    assert_int_equal (write (out, buffer, (size_t)size), size);
  close (in);
  close (out);
}

static void flip (const char *path, unsigned seed) {
  struct stat found;
  uint8_t byte;
  int file = open (path, O_RDWR);
  if (file < 0 || fstat (file, &found) != 0 || found.st_size == 0) {
    close (file);
    return;
  }
  srandom (seed);
  off_t at = (off_t)(((uint64_t)random () << 16 ^ (uint64_t)random ()) % (uint64_t)found.st_size);
  assert_int_equal (pread (file, &byte, 1, at), 1);
  byte ^= (uint8_t)(1 << seed % 8);
  assert_int_equal (pwrite (file, &byte, 1, at), 1);
  close (file);
}

/* Compares what comes with what was written; stops where nothing more comes. */
typedef struct {
  const uint8_t *written;
  size_t size, at;
} compare_t;

static bool compare_row (void *self, const broker_row_t *row) {
  compare_t *compare = self;
  assert_true (compare->at + row->size <= compare->size);
  assert_memory_equal (row->records, compare->written + compare->at, row->size);
  compare->at += row->size;
  return true;
}

static bool keep_row (void *self, const broker_row_t *row) {
  mns_buffer_add (self, row->records, row->size);
  return true;
}

/* True when the damage was found. Nobody is ever given other bytes. */
static bool look_at_copy (const char *path, const mns_buffer_t *written) {
  broker_log_t *log = NULL;
  mns_error_t error = {0};
  compare_t compare = {written->data, written->size, 0};
  if (broker_log_open (&log, path, NULL, false, &error) != MNS_OK) {
    assert_true (strlen (error.detail) > 0);
    return true;
  }
  uint64_t last = broker_log_place (log)->last;
  mns_rc_t rc = broker_log_read (log, 0, last, ALL, compare_row, &compare);
  bool found = rc != MNS_OK || broker_log_place (log)->damaged != 0;
  assert_true (rc == MNS_OK || rc == MNS_CORRUPT || rc == MNS_IO);
  assert_true (found || compare.at == written->size || last < 60);
  broker_log_destroy (&log);
  return found;
}

static void test_flipped_bits (void **state) {
  fixture_t *fixture = *state;
  char copy[MNS_PATH_MAX + 16], wal[MNS_PATH_MAX + 24], copy_wal[MNS_PATH_MAX + 24];
  mns_buffer_t written = {0};
  int found = 0;
  for (int i = 0; i < 6; i++) {
    write_group (fixture, BIRTH, 10);
    if (i == 3)
      broker_log_truncate_wal (fixture->log); /* some in the store, some in the write-ahead log */
  }
  assert_int_equal (broker_log_read (fixture->log, 0, last_of (fixture), ALL, keep_row, &written), MNS_OK);
  snprintf (copy, sizeof copy, "%s/copy.db", fixture->folder);
  snprintf (wal, sizeof wal, "%s-wal", fixture->path);
  snprintf (copy_wal, sizeof copy_wal, "%s-wal", copy);
  for (unsigned seed = 1; seed <= 150; seed++) {
    unlink (copy);
    copy_file (fixture->path, copy);
    copy_file (wal, copy_wal);
    flip (seed % 2 ? copy : copy_wal, seed);
    found += look_at_copy (copy, &written);
  }
  assert_true (found > 20);
  mns_buffer_fini (&written);
}

/* ---- the write-ahead log ----------------------------------------------------------------------------------------- */

typedef struct {
  fixture_t *fixture;
  uint64_t rows;
} replay_t;

enum { REPLAY_MIB = 24 }; /* more than one automatic checkpoint */

/* In the middle of every reading, more is appended. */
static bool append_meanwhile (void *self, const broker_row_t *row) {
  replay_t *replay = self;
  (void)row;
  if (replay->rows++ % 4 == 0)
    write_group (replay->fixture, FIGURES, 100);
  return true;
}

static void test_replay_and_checkpoint (void **state) {
  fixture_t *fixture = *state;
  const char *soak = getenv ("MNS_LOG_SOAK_MIB");
  uint64_t enough = (uint64_t)(soak ? atoi (soak) : REPLAY_MIB) << 20;
  broker_log_t *reader;
  mns_error_t error;
  broker_verified_t verified = {0};
  replay_t replay = {.fixture = fixture};
  uint64_t most = 0;
  write_group (fixture, BIRTH, 1000);
  assert_int_equal (broker_log_open (&reader, fixture->path, NULL, true, &error), MNS_OK);
  while (last_of (fixture) * PADDING < enough) {
    uint64_t from = last_of (fixture) > 5000 ? last_of (fixture) - 5000 : 0;
    assert_int_equal (broker_log_read (reader, from, last_of (fixture), ALL, append_meanwhile, &replay), MNS_OK);
    uint64_t bytes = broker_log_wal_bytes (fixture->log);
    most = bytes > most ? bytes : most;
  }
  assert_true (most > 4 << 20);
  assert_true (most < BROKER_WAL_MAX);
  broker_log_destroy (&reader);
  assert_int_equal (broker_log_truncate_wal (fixture->log), MNS_OK);
  assert_int_equal (broker_log_wal_bytes (fixture->log), 0);
  while (verified.verified < last_of (fixture))
    assert_int_equal (broker_log_verify (fixture->log, &verified, last_of (fixture), 1 << 20), MNS_OK);
  assert_int_equal (verified.damaged_rows, 0);
  assert_int_equal (mns_db_check (fixture->log->db, &error), MNS_OK);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_settings, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_settings_are_checked, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_unclean_stop_is_seen, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_rows_are_of_one_retention, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_missing_row, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_trim_leaves_tombstones, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_trim_keeps_its_bounds, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_other_streams_are_not_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_times, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_old_log, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_flipped_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_replay_and_checkpoint, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
