/* A service whose power goes at each sync point in turn: what was answered is there, what was heard counts once, and
 * the numbers of what it says have no hole (docs/faults.md rows 5, 25). The mutants offset_in_second_transaction and
 * number_from_rowid must fail here. */
#include "common/records/service_records.h"
#include "common/text.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/outbox_check.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/turn_harness.h"

enum { EVENTS = 12, REQUESTS = 8, ENTRIES = 3, RUNS_MAX = 500 };

static int set_up (void **state) {
  (void)state;
  crash_vfs_register_default ();
  crash_vfs_restart ();
  return 0;
}

/* A service in good order, checkpointing early so that its checkpoints are cut too; the power goes at the n-th sync. */
static harness_t *begin_run (const mns_service_t *service, uint64_t cut) {
  harness_t *h = harness_new (service);
  assert_int_equal (mns_db_exec (harness_db (h), "PRAGMA wal_autocheckpoint=4", NULL), MNS_OK);
  crash_vfs_plan (CRASH_CUT, cut);
  return h;
}

/* The power goes, unless it has, and comes back. */
static void restart (harness_t *h) {
  crash_vfs_cut ();
  crash_vfs_restart ();
  harness_restart (h);
  assert_int_equal (mns_db_check (harness_db (h), NULL), MNS_OK);
}

static mns_toy_entry_t entry_of (int64_t amount) {
  mns_toy_entry_t entry;
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = amount;
  return entry;
}

static void assert_total (harness_t *h, const char *query, int64_t entries, int64_t amount) {
  mns_toy_total_t total;
  assert_int_equal (harness_call (h, query, NULL, &total), MNS_OK);
  assert_int_equal (total.entries, entries);
  assert_int_equal (total.amount, amount);
}

/* What the vector knows was committed with the offset. */
static void assert_applied (harness_t *h, int64_t log_number) {
  bool row;
  int64_t number = 0;
  sqlite3_stmt *applied = mns_db_prepare (harness_db (h), "SELECT max (number) FROM applied");
  assert_int_equal (mns_db_step (harness_db (h), applied, &row), MNS_OK);
  if (row)
    mns_db_read (applied, "i", &number);
  sqlite3_finalize (applied);
  assert_int_equal (number == MNS_NONE ? 0 : number, log_number);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

/* Events with the amounts from … EVENTS; the first that is not applied, EVENTS + 1 when all are. */
static int64_t deliver_from (harness_t *h, int64_t from) {
  for (int64_t i = from; i <= EVENTS; i++) {
    mns_toy_entry_t entry = entry_of (i);
    if (harness_event (h, "toy.entry.510322101203.added", &mns_toy_entry_type, &entry) != MNS_OK)
      return i;
  }
  return EVENTS + 1;
}

static void test_events_are_applied_once (void **state) {
  (void)state;
  bool fired = true;
  for (uint64_t cut = 1; fired; cut++) {
    mns_service_status_t status;
    harness_t *h = begin_run (&tally_service, cut);
    int64_t failed = deliver_from (h, 1);
    fired = crash_vfs_fired ();
    restart (h);
    assert_int_equal (harness_call (h, "tally.status", NULL, &status), MNS_OK);
    assert_in_range (status.log_number + 1, failed, failed + 1);
    assert_applied (h, status.log_number);
    assert_int_equal (deliver_from (h, status.log_number + 1),
                      EVENTS + 1); /* the broker sends what follows the offset */
    assert_total (h, "tally.total", EVENTS, EVENTS * (EVENTS + 1) / 2);
    harness_destroy (&h);
    assert_true (cut < RUNS_MAX);
    assert_true (fired || cut > EVENTS);
  }
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static mns_rc_t load (harness_t *h, uint64_t request) {
  static const uint8_t digest[32] = {1};
  mns_uuid_t key = mns_uuid_derive (digest, request);
  mns_toy_entry_t entry = entry_of (1);
  mns_buffer_t body = {0};
  for (int i = 0; i < ENTRIES; i++)
    mns_record_pack (&mns_toy_entry_type, &entry, &body);
  mns_rc_t rc = harness_call_body (h, "toy.load", &key, body.data, body.size);
  mns_buffer_fini (&body);
  return rc;
}

/* The broker has acknowledged everything, the outbox is trimmed to its last row. */
static void trim (harness_t *h) {
  static const char sql[] = "UPDATE producer SET acked = number;"
                            "DELETE FROM outbox WHERE number < (SELECT max (number) FROM outbox)";
  mns_db_exec (harness_db (h), sql, NULL);
}

static uint64_t load_from (harness_t *h, uint64_t from) {
  for (uint64_t i = from; i <= REQUESTS; i++) {
    if (load (h, i) != MNS_OK)
      return i;
    if (i == REQUESTS / 2)
      trim (h);
  }
  return REQUESTS + 1;
}

static void test_numbers_are_dense (void **state) {
  (void)state;
  bool fired = true;
  for (uint64_t cut = 1; fired; cut++) {
    harness_t *h = begin_run (&toy_service, cut);
    uint64_t failed = load_from (h, 1);
    fired = crash_vfs_fired ();
    restart (h);
    uint64_t number = outbox_check (harness_db (h));
    assert_in_range (number, (failed - 1) * ENTRIES, failed * ENTRIES);
    assert_int_equal (number % ENTRIES, 0);
    for (uint64_t i = 1; i <= REQUESTS; i++) /* the client asks everything again, with the same keys */
      assert_int_equal (load (h, i), MNS_OK);
    assert_int_equal (outbox_check (harness_db (h)), REQUESTS * ENTRIES);
    assert_total (h, "toy.total", REQUESTS * ENTRIES, REQUESTS * ENTRIES);
    harness_destroy (&h);
    assert_true (cut < RUNS_MAX);
    assert_true (fired || cut > REQUESTS);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup (test_events_are_applied_once, set_up),
      cmocka_unit_test_setup (test_numbers_are_dense, set_up),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
