/* The file system that breaks on demand, shown at work on a store: what FULL keeps and OFF loses, at every sync point;
 * and what a full or broken disk leaves. */
#include "common/db.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

#define TURNS 12

static char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];

static int make_folder (void **state) {
  (void)state;
  crash_vfs_register ();
  crash_vfs_restart ();
  return test_folder_make (folder) == 0 && mns_dir_join (path, folder, "store.db", NULL) == MNS_OK ? 0 : -1;
}

static int remove_folder (void **state) {
  (void)state;
  return test_folder_remove (folder);
}

static const mns_embedded_t schema[] = {
    {"schema/001_turn.sql", "CREATE TABLE turn (number INTEGER PRIMARY KEY, padding BLOB NOT NULL) STRICT", 0}, {0}};

static mns_rc_t open_store (mns_db_t **db) {
  mns_rc_t rc = mns_db_open (db, &(mns_db_options_t){.path = path, .vfs = CRASH_VFS, .who = "test"}, NULL);
  if (rc == MNS_OK)
    rc = mns_db_migrate (*db, "test", schema, NULL);
  return rc;
}

/* Commits turns until one fails; returns how many were acknowledged. Small checkpoints, so that they are cut too. */
static int64_t commit_turns (mns_db_t *db, int64_t turns, const char *synchronous) {
  char sql[96];
  snprintf (sql, sizeof sql, "PRAGMA wal_autocheckpoint=4; PRAGMA synchronous=%s", synchronous);
  if (mns_db_exec (db, sql, NULL) != MNS_OK)
    return 0;
  for (int64_t done = 0; done < turns; done++) {
    snprintf (sql, sizeof sql, "INSERT INTO turn VALUES (%d, randomblob(3000))", (int)done + 1);
    if (mns_db_begin (db) != MNS_OK || mns_db_exec (db, sql, NULL) != MNS_OK || mns_db_commit (db) != MNS_OK) {
      mns_db_rollback (db);
      return done;
    }
  }
  return turns;
}

/* The turns a store holds: 1 … n without a hole, or the test fails. */
static int64_t stored_turns (mns_db_t *db) {
  int64_t count, last;
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (db, "SELECT count(*), coalesce(max(number), 0) FROM turn");
  assert_int_equal (mns_db_step (db, statement, &row), MNS_OK);
  mns_db_read (statement, "ii", &count, &last);
  sqlite3_finalize (statement);
  assert_int_equal (count, last);
  assert_int_equal (mns_db_check (db, NULL), MNS_OK);
  return count;
}

/* Opens, commits, loses power at the `cut`-th sync or at the end, opens again. */
static void run_and_cut (uint64_t cut, const char *synchronous, int64_t *acknowledged, int64_t *kept) {
  mns_db_t *db = NULL;
  crash_vfs_plan (CRASH_CUT, cut);
  *acknowledged = open_store (&db) == MNS_OK ? commit_turns (db, TURNS, synchronous) : 0;
  crash_vfs_cut ();
  mns_db_destroy (&db);
  crash_vfs_restart ();
  assert_int_equal (open_store (&db), MNS_OK);
  *kept = stored_turns (db);
  mns_db_destroy (&db);
  assert_int_equal (test_folder_remove (folder), 0);
  make_folder (NULL);
}

static void test_full_keeps_every_acknowledged_turn (void **state) {
  (void)state;
  int64_t acknowledged = 0, kept = 0, cuts = 0;
  for (uint64_t cut = 1; acknowledged < TURNS; cut++, cuts++) {
    run_and_cut (cut, "FULL", &acknowledged, &kept);
    if (kept < acknowledged)
      fail_msg ("cut at sync %d: %d turns acknowledged, %d kept", (int)cut, (int)acknowledged, (int)kept);
    assert_true (kept <= acknowledged + 1);
  }
  assert_true (cuts > TURNS); /* one sync a turn at least, and the checkpoints' */
}

static void test_off_loses_an_acknowledged_turn (void **state) {
  (void)state;
  int64_t acknowledged, kept;
  run_and_cut (0, "OFF", &acknowledged, &kept);
  assert_int_equal (acknowledged, TURNS);
  assert_true (kept < acknowledged);
}

/* NORMAL is consistent, yet not durable: a turn behind the last checkpoint goes. */
static void test_normal_loses_an_acknowledged_turn (void **state) {
  (void)state;
  int64_t acknowledged, kept, lost = 0;
  for (int64_t turns = 1; turns <= 6; turns++) {
    mns_db_t *db = NULL;
    assert_int_equal (open_store (&db), MNS_OK);
    acknowledged = commit_turns (db, turns, "NORMAL");
    crash_vfs_cut ();
    mns_db_destroy (&db);
    crash_vfs_restart ();
    assert_int_equal (open_store (&db), MNS_OK);
    kept = stored_turns (db);
    lost += acknowledged - kept;
    mns_db_destroy (&db);
    assert_int_equal (test_folder_remove (folder), 0);
    make_folder (NULL);
  }
  assert_true (lost > 0);
}

static void test_nothing_works_without_power (void **state) {
  (void)state;
  mns_db_t *db = NULL, *second = NULL;
  assert_int_equal (open_store (&db), MNS_OK);
  crash_vfs_cut ();
  assert_int_not_equal (mns_db_exec (db, "INSERT INTO turn VALUES (1, x'')", NULL), MNS_OK);
  assert_int_equal (open_store (&second), MNS_IO);
  crash_vfs_restart ();
  assert_int_not_equal (mns_db_exec (db, "INSERT INTO turn VALUES (1, x'')", NULL), MNS_OK);
  mns_db_destroy (&db);
}

/* For each write: what fails leaves no half, says what it was, and the store goes on once the disk does. */
static void fail_each_write (crash_plan_t plan, mns_rc_t expected) {
  for (uint64_t n = 1;; n++) {
    mns_db_t *db = NULL;
    assert_int_equal (open_store (&db), MNS_OK);
    int64_t before = stored_turns (db);
    crash_vfs_plan (plan, n);
    mns_rc_t rc = mns_db_begin (db);
    if (rc == MNS_OK)
      rc = mns_db_exec (db, "INSERT INTO turn SELECT count(*) + 1, randomblob(9000) FROM turn", NULL);
    if (rc == MNS_OK)
      rc = mns_db_commit (db);
    bool fired = crash_vfs_fired ();
    mns_db_rollback (db);
    crash_vfs_plan (CRASH_NOTHING, 0);
    assert_false (mns_db_in_turn (db));
    assert_int_equal (rc, fired ? expected : MNS_OK);
    assert_int_equal (stored_turns (db), before + (rc == MNS_OK));
    assert_int_equal (mns_db_exec (db, "INSERT INTO turn SELECT count(*) + 1, x'' FROM turn", NULL), MNS_OK);
    mns_db_destroy (&db);
    if (!fired) {
      assert_true (n > 2);
      return;
    }
  }
}

static void test_full_disk_at_each_write (void **state) {
  (void)state;
  fail_each_write (CRASH_FULL, MNS_DISK_FULL);
}

static void test_write_error_at_each_write (void **state) {
  (void)state;
  fail_each_write (CRASH_WRITE_ERROR, MNS_IO);
}

static void test_sync_error_is_no_acknowledgement (void **state) {
  (void)state;
  fail_each_write (CRASH_SYNC_ERROR, MNS_IO);
}

int main (void) {
  const struct CMUnitTest tests[] = {
#define CRASH_TEST(name) cmocka_unit_test_setup_teardown (name, make_folder, remove_folder)
      CRASH_TEST (test_full_keeps_every_acknowledged_turn),
      CRASH_TEST (test_off_loses_an_acknowledged_turn),
      CRASH_TEST (test_normal_loses_an_acknowledged_turn),
      CRASH_TEST (test_nothing_works_without_power),
      CRASH_TEST (test_full_disk_at_each_write),
      CRASH_TEST (test_write_error_at_each_write),
      CRASH_TEST (test_sync_error_is_no_acknowledgement),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
