/* The store: settings that are really set, turns, values in and out, counters, migrations, backup, damage. */
#include "common/db.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include <sys/stat.h>

static char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];

static mns_db_t *open_store (void) {
  mns_db_t *db = NULL;
  mns_error_t error = {0};
  if (mns_db_open (&db, &(mns_db_options_t){.path = path, .who = "test"}, &error) != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
  return db;
}

static int make_folder (void **state) {
  (void)state;
  return test_folder_make (folder) == 0 && mns_dir_join (path, folder, "store.db", NULL) == MNS_OK ? 0 : -1;
}

static int remove_folder (void **state) {
  (void)state;
  return test_folder_remove (folder);
}

static int64_t ask (mns_db_t *db, const char *sql) {
  int64_t answer;
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (db, sql);
  assert_int_equal (mns_db_step (db, statement, &row), MNS_OK);
  assert_true (row);
  mns_db_read (statement, "i", &answer);
  sqlite3_finalize (statement);
  return answer;
}

static void execute (mns_db_t *db, const char *sql) {
  mns_error_t error = {0};
  if (mns_db_exec (db, sql, &error) != MNS_OK)
    fail_msg ("%s: %s", sql, error.detail);
}

/* Asked of the connection itself, not of the code that set them. */
static void test_settings (void **state) {
  (void)state;
  static const struct {
    const char *sql;
    int64_t value;
  } rows[] = {
      {"PRAGMA synchronous", 2},
      {"PRAGMA foreign_keys", 1},
      {"PRAGMA busy_timeout", 5000},
      {"PRAGMA wal_autocheckpoint", 4000},
      {"PRAGMA journal_size_limit", 67108864},
      {"PRAGMA cache_size", -8192},
      {"PRAGMA trusted_schema", 0},
      {"SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1},
  };
  mns_db_t *db = open_store ();
  for (size_t i = 0; i < COUNT_OF (rows); i++)
    assert_int_equal (ask (db, rows[i].sql), rows[i].value);
  assert_int_equal (mns_db_exec (db, "SELECT \"no such column\"", NULL), MNS_INTERNAL);
  struct stat found;
  assert_int_equal (stat (path, &found), 0);
  assert_int_equal (found.st_mode & 0777, 0600);
  mns_db_destroy (&db);
  assert_null (db);
  mns_db_destroy (&db);
}

static void test_reader_neither_writes_nor_checkpoints (void **state) {
  (void)state;
  mns_db_t *db = open_store (), *reader = NULL;
  execute (db, "CREATE TABLE pet (name TEXT) STRICT; INSERT INTO pet VALUES ('Bo')");
  assert_int_equal (mns_db_open (&reader, &(mns_db_options_t){.path = path, .read_only = true}, NULL), MNS_OK);
  assert_int_equal (ask (reader, "SELECT count(*) FROM pet"), 1);
  assert_int_equal (ask (reader, "PRAGMA wal_autocheckpoint"), 0);
  assert_int_equal (mns_db_exec (reader, "DELETE FROM pet", NULL), MNS_IO);
  mns_db_destroy (&reader);
  assert_int_equal (ask (db, "SELECT count(*) FROM pet"), 1);
  mns_db_destroy (&db);
}

static off_t log_size (void) {
  char log[MNS_PATH_MAX + 8];
  struct stat found;
  snprintf (log, sizeof log, "%s-wal", path);
  return stat (log, &found) == 0 ? found.st_size : -1;
}

/* The writer goes while a reader is there, so that the reader is the last: it must leave the log as it is. */
static void test_last_reader_leaves_the_log (void **state) {
  (void)state;
  mns_db_t *db = open_store (), *reader = NULL;
  execute (db, "CREATE TABLE pet (name TEXT) STRICT; INSERT INTO pet VALUES ('Bo')");
  assert_int_equal (mns_db_open (&reader, &(mns_db_options_t){.path = path, .read_only = true}, NULL), MNS_OK);
  mns_db_destroy (&db);
  off_t size = log_size ();
  assert_true (size > 0);
  assert_int_equal (ask (reader, "SELECT count(*) FROM pet"), 1);
  mns_db_destroy (&reader);
  assert_int_equal (log_size (), size);
  db = open_store ();
  assert_int_equal (ask (db, "SELECT count(*) FROM pet"), 1);
  mns_db_destroy (&db);
}

static void test_what_cannot_be_opened (void **state) {
  (void)state;
  mns_db_t *db = NULL;
  mns_error_t error = {0};
  char junk[4096];
  memset (junk, 'x', sizeof junk);
  assert_int_equal (mns_dir_write_file (path, junk, sizeof junk, 0600, NULL), MNS_OK);
  assert_int_equal (mns_db_open (&db, &(mns_db_options_t){.path = path}, &error), MNS_CORRUPT);
  assert_string_equal (error.where, path);
  assert_non_null (strstr (error.detail, "not a database"));
  assert_int_equal (mns_db_open (&db, &(mns_db_options_t){.path = "no-such-folder/store.db"}, &error), MNS_IO);
  assert_null (db);
}

static void test_turns (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  execute (db, "CREATE TABLE pet (name TEXT PRIMARY KEY) STRICT");
  int64_t changes = mns_db_changes (db);
  assert_false (mns_db_in_turn (db));
  mns_db_rollback (db);
  assert_int_equal (mns_db_begin (db), MNS_OK);
  assert_true (mns_db_in_turn (db));
  execute (db, "INSERT INTO pet VALUES ('Bo')");
  assert_int_equal (mns_db_changes (db), changes + 1);
  assert_int_equal (mns_db_exec (db, "INSERT INTO pet VALUES ('Bo')", NULL), MNS_CONFLICT);
  assert_true (mns_db_in_turn (db));
  assert_int_equal (mns_db_commit (db), MNS_OK);
  assert_int_equal (mns_db_begin (db), MNS_OK);
  execute (db, "INSERT INTO pet VALUES ('Su')");
  mns_db_rollback (db);
  assert_int_equal (ask (db, "SELECT count(*) FROM pet"), 1);
  mns_db_destroy (&db);
}

static void test_failed_commit_leaves_nothing (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  execute (db, "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"
               "CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED) STRICT");
  assert_int_equal (mns_db_begin (db), MNS_OK);
  execute (db, "INSERT INTO b VALUES (1)");
  assert_int_equal (mns_db_commit (db), MNS_CONFLICT);
  assert_false (mns_db_in_turn (db));
  assert_int_equal (ask (db, "SELECT count(*) FROM b"), 0);
  mns_db_destroy (&db);
}

static void test_second_writer_is_busy (void **state) {
  (void)state;
  mns_db_t *one = open_store (), *other = open_store ();
  sqlite3_busy_timeout (mns_db_handle (other), 1);
  assert_int_equal (mns_db_begin (one), MNS_OK);
  assert_int_equal (mns_db_begin (other), MNS_BUSY);
  assert_non_null (strstr (mns_db_message (other), "locked"));
  mns_db_destroy (&other);
  mns_db_destroy (&one);
}

typedef struct {
  int64_t number;
  uint64_t id;
  mns_date_t date;
  int64_t place;
  int count;
  mns_time_t time;
  char text[16], bounded[4];
  const void *data;
  size_t size;
  mns_uuid_t uuid;
} values_t;

static void put_and_get (mns_db_t *db, const values_t *in, values_t *out) {
  bool row;
  execute (db,
           "DROP TABLE IF EXISTS v; CREATE TABLE v (i INTEGER, u INTEGER, d INTEGER, p INTEGER, n INTEGER, m INTEGER,"
           " t TEXT, s TEXT, b BLOB, g BLOB) STRICT");
  sqlite3_stmt *put = mns_db_prepare (db, "INSERT INTO v VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  sqlite3_stmt *get = mns_db_prepare (db, "SELECT * FROM v");
  mns_db_bind (put, "iudpnmtsbg", in->number, in->id, in->date, in->place, in->count, in->time, in->text, in->bounded,
               in->data, in->size, &in->uuid);
  assert_int_equal (mns_db_run (db, put), MNS_OK);
  assert_int_equal (mns_db_step (db, get, &row), MNS_OK);
  assert_true (row);
  mns_db_read (get, "iudpnmttbg", &out->number, &out->id, &out->date, &out->place, &out->count, &out->time, out->text,
               sizeof out->text, out->bounded, sizeof out->bounded, &out->data, &out->size, &out->uuid);
  assert_int_equal (out->size, in->size);
  if (in->size)
    assert_memory_equal (out->data, in->data, in->size);
  assert_int_equal (mns_db_step (db, get, &row), MNS_OK);
  assert_false (row);
}

static void test_values_go_round (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  values_t in = {-5, UINT64_C (1) << 62, 20260701, 510322101203, -7, -1, "张三", "a", "\0\1", 2, {{1, 2, 3}}}, out;
  put_and_get (db, &in, &out);
  assert_true (out.number == -5 && out.id == in.id && out.date == in.date && out.place == in.place && out.count == -7);
  assert_true (out.time == -1 && !strcmp (out.text, "张三") && !strcmp (out.bounded, "a"));
  assert_memory_equal (&out.uuid, &in.uuid, sizeof in.uuid);
  mns_db_destroy (&db);
}

static void test_absent_is_null (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  values_t in = {.number = MNS_NONE}, out;
  put_and_get (db, &in, &out);
  assert_int_equal (ask (db, "SELECT i IS NULL AND u IS NULL AND d IS NULL AND p IS NULL AND m IS NULL AND s IS NULL"
                             " AND g IS NULL FROM v"),
                    1);
  assert_int_equal (ask (db, "SELECT t = '' AND n = 0 AND b = x'' FROM v"), 1);
  assert_true (out.number == MNS_NONE && out.id == 0 && out.date == 0 && out.time == 0 && !out.bounded[0]);
  assert_true (mns_uuid_is_zero (&out.uuid));
  mns_db_destroy (&db);
}

/* ---- migrations and counters ------------------------------------------------------------------------------------- */

static const mns_embedded_t counters[] = {
    {"schema/001_counter.sql", "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT", 0}, {0}};

static void test_counters (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  uint64_t first = 0;
  assert_int_equal (mns_db_migrate (db, "common", counters, NULL), MNS_OK);
  mns_db_begin (db);
  assert_int_equal (mns_db_take (db, "person", 3, &first), MNS_OK);
  assert_int_equal (first, 1);
  assert_int_equal (mns_db_take (db, "person", 1, &first), MNS_OK);
  assert_int_equal (first, 4);
  assert_int_equal (mns_db_take (db, "event", 1, &first), MNS_OK);
  assert_int_equal (first, 1);
  assert_int_equal (mns_db_commit (db), MNS_OK);
  mns_db_begin (db);
  mns_db_take (db, "person", 100, &first);
  mns_db_rollback (db);
  mns_db_begin (db);
  assert_int_equal (mns_db_take (db, "person", 1, &first), MNS_OK);
  assert_int_equal (first, 5);
  mns_db_rollback (db);
  mns_db_destroy (&db);
}

/* More counters in one turn than are held in memory. */
static void test_many_counters (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  uint64_t number = 0;
  char name[16];
  assert_int_equal (mns_db_migrate (db, "common", counters, NULL), MNS_OK);
  for (uint64_t turn = 0; turn < 2; turn++) {
    mns_db_begin (db);
    for (uint64_t i = 0; i < 200; i++) {
      snprintf (name, sizeof name, "counter %d", (int)(i % 40));
      assert_int_equal (mns_db_taken (db, name, &number), MNS_OK);
      assert_int_equal (number, turn * 5 + i / 40);
      assert_int_equal (mns_db_take (db, name, 1, &number), MNS_OK);
      assert_int_equal (number, turn * 5 + i / 40 + 1);
    }
    assert_int_equal (mns_db_commit (db), MNS_OK);
  }
  assert_int_equal (ask (db, "SELECT count(*) FROM counter WHERE value = 10"), 40);
  mns_db_destroy (&db);
}

static const mns_embedded_t versions[] = {{"catalogue/rates.yaml", "not SQL", 0},
                                          {"schema/001_pet.sql", "CREATE TABLE pet (name TEXT) STRICT", 0},
                                          {"schema/002_age.sql", "ALTER TABLE pet ADD COLUMN age INTEGER", 0},
                                          {0}};

static void test_migrations_run_once_and_in_order (void **state) {
  (void)state;
  mns_embedded_t first[] = {versions[0], versions[1], {0}};
  mns_db_t *db = open_store ();
  mns_error_t error = {0};
  assert_int_equal (mns_db_migrate (db, "test", first, &error), MNS_OK);
  execute (db, "INSERT INTO pet VALUES ('Bo')");
  mns_db_destroy (&db);
  db = open_store ();
  assert_int_equal (mns_db_migrate (db, "test", versions, &error), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "test", versions, &error), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "other", counters, &error), MNS_OK);
  assert_int_equal (ask (db, "SELECT count(*) FROM pet WHERE age IS NULL"), 1);
  assert_int_equal (mns_db_migrate (db, "test", first, &error), MNS_NEWER_PROTOCOL);
  assert_non_null (strstr (error.detail, "schema 2 of test, this program knows 1"));
  mns_db_destroy (&db);
}

static void test_migrations_must_be_dense (void **state) {
  (void)state;
  mns_embedded_t hole[] = {versions[1], {"schema/003_x.sql", "", 0}, {0}};
  mns_embedded_t twice[] = {versions[1], versions[1], {0}};
  mns_db_t *db = open_store ();
  mns_error_t error = {0};
  assert_int_equal (mns_db_migrate (db, "test", hole, &error), MNS_INTERNAL);
  assert_string_equal (error.where, "schema/003_x.sql");
  assert_int_equal (mns_db_migrate (db, "test", twice, &error), MNS_INTERNAL);
  assert_int_equal (ask (db, "SELECT count(*) FROM sqlite_schema"), 0);
  mns_db_destroy (&db);
}

static void test_failed_migration_leaves_nothing (void **state) {
  (void)state;
  mns_embedded_t bad[] = {versions[1], {"schema/002_bad.sql", "CREATE TABLE x (y TEXT) STRICT; NONSENSE", 0}, {0}};
  mns_db_t *db = open_store ();
  mns_error_t error = {0};
  assert_int_equal (mns_db_migrate (db, "test", bad, &error), MNS_INTERNAL);
  assert_non_null (strstr (error.detail, "schema/002_bad.sql"));
  assert_non_null (strstr (error.detail, "NONSENSE"));
  assert_int_equal (ask (db, "SELECT count(*) FROM sqlite_schema WHERE name = 'x'"), 0);
  assert_int_equal (ask (db, "SELECT number FROM migration"), 1);
  mns_db_destroy (&db);
}

/* ---- full, damaged, copied --------------------------------------------------------------------------------------- */

static void test_full_disk_keeps_what_was_committed (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  mns_rc_t rc = MNS_OK;
  execute (db, "CREATE TABLE pet (name BLOB) STRICT; INSERT INTO pet VALUES (x'00')");
  execute (db, "PRAGMA max_page_count=12");
  assert_int_equal (mns_db_begin (db), MNS_OK);
  for (int i = 0; rc == MNS_OK && i < 100; i++)
    rc = mns_db_exec (db, "INSERT INTO pet VALUES (randomblob(3000))", NULL);
  assert_int_equal (rc, MNS_DISK_FULL);
  mns_db_rollback (db);
  assert_false (mns_db_in_turn (db));
  assert_int_equal (ask (db, "SELECT count(*) FROM pet"), 1);
  execute (db, "PRAGMA max_page_count=1000; INSERT INTO pet VALUES (randomblob(30000))");
  assert_int_equal (mns_db_check (db, NULL), MNS_OK);
  mns_db_destroy (&db);
}

static void test_damage_is_found (void **state) {
  (void)state;
  mns_db_t *db = open_store ();
  mns_error_t error = {0};
  mns_buffer_t bytes = {0};
  execute (db, "CREATE TABLE pet (name TEXT) STRICT; CREATE INDEX pet_name ON pet (name);"
               "INSERT INTO pet VALUES ('Bo'), ('Su'), ('Li')");
  assert_int_equal (mns_db_check (db, &error), MNS_OK);
  mns_db_destroy (&db);
  assert_int_equal (mns_dir_read_file (path, 1 << 20, &bytes, NULL), MNS_OK);
  uint8_t *name = memmem (bytes.data + 4096, bytes.size - 4096, "Bo", 2);
  assert_non_null (name);
  name[0] = 'X'; /* the table and its index now disagree */
  assert_int_equal (mns_dir_write_file (path, bytes.data, bytes.size, 0600, NULL), MNS_OK);
  mns_buffer_fini (&bytes);
  db = open_store ();
  assert_int_equal (mns_db_check (db, &error), MNS_CORRUPT);
  assert_non_null (strstr (error.detail, "pet_name"));
  mns_db_destroy (&db);
}

static void test_backup (void **state) {
  (void)state;
  char copy[MNS_PATH_MAX];
  mns_error_t error = {0};
  mns_db_t *db = open_store (), *second = NULL;
  mns_dir_join (copy, folder, "copy.db", NULL);
  execute (db, "CREATE TABLE pet (name TEXT) STRICT; INSERT INTO pet VALUES ('Bo')");
  assert_int_equal (mns_db_backup (db, copy, &error), MNS_OK);
  execute (db, "INSERT INTO pet VALUES ('Su')");
  assert_int_equal (mns_db_backup (db, copy, &error), MNS_EXISTS);
  assert_int_equal (mns_db_backup (db, "no-such-folder/copy.db", &error), MNS_NOT_FOUND);
  assert_int_equal (mns_db_open (&second, &(mns_db_options_t){.path = copy}, &error), MNS_OK);
  assert_int_equal (ask (second, "SELECT count(*) FROM pet"), 1);
  assert_int_equal (mns_db_check (second, &error), MNS_OK);
  mns_db_destroy (&second);
  mns_db_destroy (&db);
}

int main (void) {
  const struct CMUnitTest tests[] = {
#define STORE_TEST(name) cmocka_unit_test_setup_teardown (name, make_folder, remove_folder)
      STORE_TEST (test_settings),
      STORE_TEST (test_reader_neither_writes_nor_checkpoints),
      STORE_TEST (test_last_reader_leaves_the_log),
      STORE_TEST (test_what_cannot_be_opened),
      STORE_TEST (test_turns),
      STORE_TEST (test_failed_commit_leaves_nothing),
      STORE_TEST (test_second_writer_is_busy),
      STORE_TEST (test_values_go_round),
      STORE_TEST (test_absent_is_null),
      STORE_TEST (test_counters),
      STORE_TEST (test_many_counters),
      STORE_TEST (test_migrations_run_once_and_in_order),
      STORE_TEST (test_migrations_must_be_dense),
      STORE_TEST (test_failed_migration_leaves_nothing),
      STORE_TEST (test_full_disk_keeps_what_was_committed),
      STORE_TEST (test_damage_is_found),
      STORE_TEST (test_backup),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
