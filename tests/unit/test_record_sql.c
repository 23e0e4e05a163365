/* Records in SQLite: through a STRICT table and back, absent as NULL, and stored values that cannot be. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "tests/support/pet.h"
#include <string.h>

static const char table[] = "CREATE TABLE row (k INTEGER PRIMARY KEY, pet INTEGER, name TEXT, sex TEXT, legs INTEGER, "
                            "price INTEGER, birth INTEGER, seen INTEGER, home INTEGER, chip BLOB) STRICT";

static int open_store (void **state) {
  sqlite3 *db;
  assert_int_equal (sqlite3_open (":memory:", &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, table, NULL, NULL, NULL), SQLITE_OK);
  *state = db;
  return 0;
}

static int close_store (void **state) {
  return sqlite3_close (*state) == SQLITE_OK ? 0 : -1;
}

static sqlite3_stmt *prepare (sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement;
  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), SQLITE_OK);
  return statement;
}

/* INSERT INTO row (k, <columns>) VALUES (?1, <?2 …>) */
static void store (sqlite3 *db, const mns_row_t *row) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "INSERT INTO row (k, ");
  mns_record_columns (&mns_row_type, &sql);
  mns_buffer_printf (&sql, ") VALUES (?1, ");
  mns_record_placeholders (&mns_row_type, 2, &sql);
  mns_buffer_printf (&sql, ")");
  assert_string_equal ((const char *)sql.data, "INSERT INTO row (k, pet, name, sex, legs, price, birth, seen, home, "
                                               "chip) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  sqlite3_stmt *statement = prepare (db, (const char *)sql.data);
  sqlite3_bind_int (statement, 1, 1);
  assert_int_equal (mns_record_bind (&mns_row_type, row, statement, 2), MNS_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_DONE);
  sqlite3_finalize (statement);
  mns_buffer_fini (&sql);
}

static mns_rc_t load (sqlite3 *db, mns_row_t *row, mns_error_t *error) {
  sqlite3_stmt *statement = prepare (db, "SELECT * FROM row");
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  mns_rc_t rc = mns_record_read (&mns_row_type, row, statement, 1, error);
  sqlite3_finalize (statement);
  return rc;
}

static void every_kind_is_stored (void **state) {
  mns_row_t row = row_sample (), again;
  store (*state, &row);
  assert_int_equal (load (*state, &again, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_row_type, &row, &again));
  sqlite3_stmt *statement = prepare (*state, "SELECT birth, home, sex, length (chip), typeof (seen) FROM row");
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  assert_int_equal (sqlite3_column_int (statement, 0), 20240229);
  assert_true (sqlite3_column_int64 (statement, 1) == INT64_C (510322101203));
  assert_string_equal ((const char *)sqlite3_column_text (statement, 2), "male");
  assert_int_equal (sqlite3_column_int (statement, 3), 16);
  assert_string_equal ((const char *)sqlite3_column_text (statement, 4), "integer");
  sqlite3_finalize (statement);
}

static void absent_is_null (void **state) {
  mns_row_t row, again = row_sample ();
  mns_record_clear (&mns_row_type, &row);
  store (*state, &row);
  sqlite3_stmt *statement =
      prepare (*state, "SELECT coalesce (pet, name, sex, legs, price, birth, seen, home, chip) IS NULL FROM row");
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  assert_int_equal (sqlite3_column_int (statement, 0), 1);
  sqlite3_finalize (statement);
  assert_int_equal (load (*state, &again, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_row_type, &row, &again));
}

/* A damaged store: each column in turn holds what its field cannot be. */
static void a_stored_value_that_cannot_be_is_corrupt (void **state) {
  static const struct {
    const char *column, *value;
  } rows[] = {
      {"pet", "-1"},
      {"name", "x'c328'"},
      {"name", "7"},
      {"name", "printf ('%050d', 1)"},
      {"sex", "'neither'"},
      {"sex", "1"},
      {"legs", "9"},
      {"legs", "'4'"},
      {"price", "1.5"},
      {"birth", "20230229"},
      {"birth", "99999999999"},
      {"seen", "-5"},
      {"home", "510322"},
      {"chip", "x'00'"},
      {"chip", "'text'"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char sql[256];
    mns_row_t row;
    mns_error_t error;
    snprintf (sql, sizeof sql,
              "DROP TABLE row; CREATE TABLE row (k, pet, name, sex, legs, price, birth, seen, home, "
              "chip); INSERT INTO row (%s) VALUES (%s)",
              rows[i].column, rows[i].value);
    assert_int_equal (sqlite3_exec (*state, sql, NULL, NULL, NULL), SQLITE_OK);
    if (load (*state, &row, &error) != MNS_CORRUPT)
      fail_msg ("%s = %s was read", rows[i].column, rows[i].value);
    assert_string_equal (error.where, rows[i].column);
  }
}

static void a_missing_parameter_is_told (void **state) {
  mns_row_t row = row_sample ();
  sqlite3_stmt *statement = prepare (*state, "SELECT ?1");
  assert_int_equal (mns_record_bind (&mns_row_type, &row, statement, 1), MNS_INTERNAL);
  sqlite3_finalize (statement);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (every_kind_is_stored, open_store, close_store),
      cmocka_unit_test_setup_teardown (absent_is_null, open_store, close_store),
      cmocka_unit_test_setup_teardown (a_stored_value_that_cannot_be_is_corrupt, open_store, close_store),
      cmocka_unit_test_setup_teardown (a_missing_parameter_is_told, open_store, close_store),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
