/* The power goes at each sync point in turn while the log notes consumers, covers and epochs, and while a store that
 * was put back begins its next epoch: what was confirmed is there, and what belongs together came together
 * (docs/faults.md rows 15, 22). */
#include "common/dir.h"
#include "common/embedded.h"
#include "common/outbox.h"
#include "common/text.h"
#include "services/broker/log_notes.h"
#include "services/broker/log_private.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include <string.h>

enum { NOTES = 12, RENEW_EACH = 4, RECORDS = 6, RUNS_MAX = 300 };

typedef struct {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];
} place_t;

static int set_up (void **state) {
  static place_t place;
  crash_vfs_register_default ();
  crash_vfs_restart ();
  *state = &place;
  return 0;
}

static void make_folder (place_t *place) {
  mns_error_t error = {0};
  assert_int_equal (test_folder_make (place->folder), 0);
  assert_int_equal (mns_dir_join (place->path, place->folder, "store.db", &error), MNS_OK);
}

/* The power goes, unless it has, and comes back. */
static void power_back (void) {
  crash_vfs_cut ();
  crash_vfs_restart ();
}

/* ---- the log ----------------------------------------------------------------------------------------------------- */

typedef struct {
  uint64_t consumer, covered;
} noted_t;

static void take_consumer (void *self, const broker_consumer_row_t *row) {
  noted_t *noted = self;
  noted->consumer = row->number;
}

static void take_covered (void *self, const broker_covered_t *row) {
  noted_t *noted = self;
  noted->covered = row->number;
}

static broker_log_t *open_log (const place_t *place) {
  broker_log_t *log = NULL;
  mns_error_t error = {0};
  if (broker_log_open (&log, place->path, NULL, false, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
  assert_int_equal (mns_db_exec (log->db, "PRAGMA wal_autocheckpoint=4", &error), MNS_OK);
  return log;
}

static mns_rc_t note (broker_log_t *log, uint64_t number) {
  broker_consumer_row_t consumer = {.name = "archive", .account = "archive", .number = number, .epoch = 1};
  broker_covered_t covered = {.producer = "registry", .epoch = 1, .number = number};
  mns_text_copy (consumer.prefixes[consumer.prefix_count++], MNS_TOPIC_MAX + 1, "registry.");
  mns_rc_t rc = broker_log_note (log, &consumer, 1, &covered, 1);
  if (rc == MNS_OK && number % RENEW_EACH == 0)
    rc = broker_log_renew (log, broker_log_place (log)->epoch + 1);
  return rc;
}

/* The first that fails, NOTES + 1 when none does. */
static uint64_t note_from (broker_log_t *log, uint64_t number) {
  while (number <= NOTES && note (log, number) == MNS_OK)
    number++;
  return number;
}

static noted_t read_notes (broker_log_t *log) {
  noted_t noted = {0};
  assert_int_equal (broker_log_consumers (log, take_consumer, &noted), MNS_OK);
  assert_int_equal (broker_log_covered (log, take_covered, &noted), MNS_OK);
  return noted;
}

static void test_what_was_noted_is_there (void **state) {
  place_t *place = *state;
  bool fired = true;
  for (uint64_t cut = 1; fired; cut++) {
    uint64_t last;
    make_folder (place);
    broker_log_t *log = open_log (place);
    crash_vfs_plan (CRASH_CUT, cut);
    uint64_t failed = note_from (log, 1), epoch = broker_log_place (log)->epoch;
    fired = crash_vfs_fired ();
    broker_log_destroy (&log);
    power_back ();
    log = open_log (place);
    noted_t noted = read_notes (log);
    assert_int_equal (noted.consumer, noted.covered);
    assert_in_range (noted.consumer + 1, failed, failed + 1);
    assert_in_range (broker_log_place (log)->epoch, epoch, epoch + 1);
    assert_int_equal (broker_log_epoch_end (log, broker_log_place (log)->epoch, &last), MNS_OK);
    assert_true (last == UINT64_MAX);
    assert_int_equal (note_from (log, noted.consumer + 1), NOTES + 1);
    broker_log_destroy (&log);
    assert_int_equal (test_folder_remove (place->folder), 0);
    assert_true (cut < RUNS_MAX);
    assert_true (fired || cut > NOTES);
  }
}

/* ---- a store that was put back ----------------------------------------------------------------------------------- */

static mns_db_t *open_store (const place_t *place, mns_outbox_t *outbox) {
  mns_db_t *db = NULL;
  mns_error_t error = {0};
  mns_db_options_t options = {.path = place->path, .who = "box"};
  assert_int_equal (mns_db_open (&db, &options, &error), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "common", mns_embedded_common, &error), MNS_OK);
  assert_int_equal (mns_db_exec (db, "PRAGMA wal_autocheckpoint=4", &error), MNS_OK);
  assert_int_equal (mns_outbox_init (outbox, db, "box", &error), MNS_OK);
  return db;
}

static mns_rc_t put (mns_db_t *db, mns_outbox_t *outbox) {
  static const char topic[] = "box.thing.510322101203.put";
  mns_event_t event = {.topic = topic, .topic_size = sizeof topic - 1, .type = "thing", .version = 1};
  mns_error_t error = {0};
  mns_rc_t rc = mns_db_begin (db);
  if (rc == MNS_OK)
    rc = mns_outbox_add (outbox, &event, "body", 4, &error);
  mns_outbox_keep (outbox);
  if (rc == MNS_OK)
    rc = mns_outbox_finish (outbox);
  if (rc == MNS_OK)
    rc = mns_db_commit (db);
  if (rc == MNS_OK)
    mns_outbox_committed (outbox);
  return rc;
}

static void prepare (mns_db_t *db, mns_outbox_t *outbox) {
  mns_error_t error = {0};
  assert_int_equal (mns_outbox_begin_epoch (outbox, 1), MNS_OK);
  for (int i = 0; i < RECORDS; i++)
    assert_int_equal (put (db, outbox), MNS_OK);
  assert_int_equal (mns_db_exec (db, "UPDATE producer SET next_epoch = 7, acked = number", &error), MNS_OK);
}

/* Either epoch with all of its rows, and nothing of the other. */
static void check_epoch (mns_db_t *db, const mns_outbox_t *outbox, uint64_t confirmed) {
  bool row;
  uint64_t rows = 0;
  sqlite3_stmt *count = mns_db_prepare (db, "SELECT count (*) FROM outbox");
  assert_int_equal (mns_db_step (db, count, &row), MNS_OK);
  mns_db_read (count, "u", &rows);
  sqlite3_finalize (count);
  assert_int_equal (outbox->stored.number, rows);
  if (outbox->stored.epoch == 7) {
    assert_int_equal (outbox->stored.next + outbox->stored.acked, 0);
    assert_in_range (rows, confirmed, confirmed + 1);
  } else {
    assert_int_equal (outbox->stored.epoch, 1);
    assert_int_equal (outbox->stored.next, 7);
    assert_int_equal (rows, RECORDS);
    assert_int_equal (confirmed, 0);
  }
}

static void test_a_renewed_outbox_is_one_epoch (void **state) {
  place_t *place = *state;
  bool fired = true;
  for (uint64_t cut = 1; fired; cut++) {
    mns_outbox_t outbox;
    uint64_t confirmed = 0;
    make_folder (place);
    mns_db_t *db = open_store (place, &outbox);
    prepare (db, &outbox);
    mns_outbox_fini (&outbox);
    assert_int_equal (mns_outbox_init (&outbox, db, "box", NULL), MNS_OK);
    crash_vfs_plan (CRASH_CUT, cut);
    bool renewed = mns_outbox_renew (&outbox) == MNS_OK;
    while (renewed && confirmed < RECORDS && put (db, &outbox) == MNS_OK)
      confirmed++;
    fired = crash_vfs_fired ();
    mns_outbox_fini (&outbox);
    mns_db_destroy (&db);
    power_back ();
    db = open_store (place, &outbox);
    check_epoch (db, &outbox, confirmed);
    assert_true (!renewed || outbox.stored.epoch == 7);
    mns_outbox_fini (&outbox);
    mns_db_destroy (&db);
    assert_int_equal (test_folder_remove (place->folder), 0);
    assert_true (cut < RUNS_MAX);
    assert_true (fired || cut > RECORDS);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup (test_what_was_noted_is_there, set_up),
      cmocka_unit_test_setup (test_a_renewed_outbox_is_one_epoch, set_up),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
