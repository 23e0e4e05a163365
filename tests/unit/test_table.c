/* Tables in their three forms, and the progress bar off and on a terminal. */
#include "common/clock.h"
#include "common/progress.h"
#include "common/table.h"
#include "tests/support/capture.h"
#include "tests/support/test.h"
#include <fcntl.h>
#include <unistd.h>

/* clang-format off */
#define TOY_FIELDS(F, T) \
  F (T, ID,   toy,   0,       0,            "Number", "编号") \
  F (T, TEXT, name,  30,      MNS_PERSONAL, "Its name", "名字") \
  F (T, FEN,  price, (0, 1000000000), 0,    "Price", "价格") \
  F (T, DATE, birth, 0,       0,            "Day of birth", "出生日期")
/* clang-format on */
MNS_RECORD_DECLARE (toy, TOY_FIELDS)
MNS_RECORD_DEFINE (toy, 1, TOY_FIELDS, "A toy", "玩具")

static char text[4096];

static const mns_column_t columns[] = {{"place", "Place", false}, {"births", NULL, true}, {"note", NULL, false}, {0}};

static const char *printed (mns_table_t *table, mns_table_form_t form) {
  capture_begin (1);
  mns_table_print (&table, stdout, form);
  capture_end (text, sizeof text);
  assert_null (table);
  return text;
}

static mns_table_t *two_rows (void) {
  mns_table_t *table = mns_table_new (columns);
  mns_table_add (table, (const char *const[]){"富顺县", "1234", "a,\"b\""});
  mns_table_addf (table, "%s\t%d\t", "x", 7);
  assert_int_equal (mns_table_rows (table), 2);
  return table;
}

static void test_screen (void **state) {
  (void)state;
  assert_string_equal (printed (two_rows (), MNS_TABLE_TEXT), "Place   births  note\n"
                                                              "──────  ──────  ─────\n"
                                                              "富顺县    1234  a,\"b\"\n"
                                                              "x            7  \n");
}

static void test_csv (void **state) {
  (void)state;
  assert_string_equal (printed (two_rows (), MNS_TABLE_CSV), "place,births,note\n富顺县,1234,\"a,\"\"b\"\"\"\nx,7,\n");
}

static void test_json (void **state) {
  (void)state;
  mns_table_t *table = two_rows ();
  mns_table_add (table, (const char *const[]){"007", "5.43", NULL});
  mns_table_add (table, (const char *const[]){"\x1b[2J\xff", "012", "1"});
  assert_string_equal (printed (table, MNS_TABLE_JSON),
                       "[\n"
                       " {\"place\": \"富顺县\", \"births\": 1234, \"note\": \"a,\\\"b\\\"\"},\n"
                       " {\"place\": \"x\", \"births\": 7, \"note\": \"\"},\n"
                       " {\"place\": \"007\", \"births\": 5.43, \"note\": null},\n"
                       " {\"place\": \"\\u001B[2J?\", \"births\": \"012\", \"note\": \"1\"}\n"
                       "]\n");
}

static void test_no_rows (void **state) {
  (void)state;
  assert_non_null (strstr (printed (mns_table_new (columns), MNS_TABLE_TEXT), "(none)\n"));
  assert_string_equal (printed (mns_table_new (columns), MNS_TABLE_JSON), "[]\n");
  assert_string_equal (printed (mns_table_new (columns), MNS_TABLE_CSV), "place,births,note\n");
}

static void test_no_control_character_reaches_the_screen (void **state) {
  (void)state;
  mns_table_t *table = mns_table_new (columns);
  mns_table_add (table, (const char *const[]){"\x1b[2J\n\xc2\x9b", "1", "\xff"});
  printed (table, MNS_TABLE_TEXT);
  assert_non_null (strstr (text, "?[2J??"));
  assert_null (strchr (text, '\x1b'));
}

static mns_table_t *toys (bool reveal) {
  static const char *const fields[] = {"name", "price", "toy", NULL};
  mns_toy_t toy;
  mns_table_t *table = mns_table_of_records (&mns_toy_type, fields);
  mns_record_clear (&mns_toy_type, &toy);
  toy.toy = 12;
  strcpy (toy.name, "张三丰");
  toy.price = 123456;
  mns_table_add_record (table, &toy, reveal);
  toy.price = MNS_NONE;
  mns_table_add_record (table, &toy, reveal);
  return table;
}

static void test_records (void **state) {
  (void)state;
  assert_string_equal (printed (toys (true), MNS_TABLE_TEXT), "name       price  toy\n"
                                                              "──────  ────────  ───\n"
                                                              "张三丰  1,234.56   12\n"
                                                              "张三丰             12\n");
  assert_string_equal (printed (toys (false), MNS_TABLE_JSON),
                       "[\n"
                       " {\"name\": \"张**\", \"price\": 123456, \"toy\": 12},\n"
                       " {\"name\": \"张**\", \"price\": null, \"toy\": 12}\n"
                       "]\n");
  assert_non_null (strstr (printed (toys (true), MNS_TABLE_CSV), "张三丰,123456,12\n"));
}

static void test_print_to_nowhere (void **state) {
  (void)state;
  mns_table_t *table = two_rows ();
  mns_table_print (&table, NULL, MNS_TABLE_TEXT);
  assert_null (table);
}

/* ---- progress ---------------------------------------------------------------------------------------------------- */

static int64_t faked_ms;

static int64_t faked_clock (void) {
  return faked_ms;
}

static int fake_clock (void **state) {
  (void)state;
  faked_ms = 5000;
  mns_clock.monotonic_ms = faked_clock;
  return 0;
}

/* 1,000 rows in `ms` milliseconds. */
static void work (int64_t ms) {
  mns_progress_t *progress = mns_progress_new ("file.csv", "rows", 10000);
  for (uint64_t row = 1; row <= 1000; row++) {
    faked_ms = 5000 + (int64_t)row * ms / 1000;
    mns_progress_set (progress, row * 10, row);
  }
  mns_progress_destroy (&progress);
  assert_null (progress);
}

static size_t count_of (const char *in, char c) {
  size_t count = 0;
  for (; *in; in++)
    count += *in == c;
  return count;
}

static void test_short_work_is_quiet (void **state) {
  (void)state;
  capture_begin (2);
  work (900);
  assert_string_equal (capture_end (text, sizeof text), "");
}

static void test_lines_off_a_terminal (void **state) {
  (void)state;
  capture_begin (2);
  work (100000);
  capture_end (text, sizeof text);
  assert_int_equal (count_of (text, '\n'), 11);
  assert_non_null (strstr (text, "file.csv  50 %  500 rows  10/s  51 s left\n"));
  assert_non_null (strstr (text, "file.csv  1,000 rows  10/s  in 1 min 40 s\n"));
}

static void test_bar_on_a_terminal (void **state) {
  (void)state;
  int master = posix_openpt (O_RDWR | O_NOCTTY), kept = dup (2);
  assert_true (master >= 0 && grantpt (master) == 0 && unlockpt (master) == 0);
  int terminal = open (ptsname (master), O_RDWR | O_NOCTTY);
  assert_true (terminal >= 0);
  dup2 (terminal, 2);
  work (2000);
  dup2 (kept, 2);
  size_t size = 0;
  do { /* the terminal hands on what was written piece by piece */
    ssize_t got = read (master, text + size, sizeof text - 1 - size);
    assert_true (got > 0);
    size += (size_t)got;
    text[size] = 0;
  } while (!strchr (text, '\n'));
  assert_int_equal (count_of (text, '\r'), 1 + 10 + 1 + 1); /* first, every 100 ms, last, and that of "\r\n" */
  assert_non_null (strstr (text, " 50 %  500 rows  500/s  2 s left\x1b[K"));
  close (terminal);
  close (master);
  close (kept);
}

static void test_unknown_total (void **state) {
  (void)state;
  capture_begin (2);
  mns_progress_t *progress = mns_progress_new ("log", "events", 0);
  faked_ms += 2000;
  mns_progress_set (progress, 5, 5);
  mns_progress_destroy (&progress);
  mns_progress_destroy (&progress);
  assert_string_equal (capture_end (text, sizeof text), "");
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_screen),
      cmocka_unit_test (test_csv),
      cmocka_unit_test (test_json),
      cmocka_unit_test (test_no_rows),
      cmocka_unit_test (test_no_control_character_reaches_the_screen),
      cmocka_unit_test (test_records),
      cmocka_unit_test (test_print_to_nowhere),
      cmocka_unit_test_setup (test_short_work_is_quiet, fake_clock),
      cmocka_unit_test_setup (test_lines_off_a_terminal, fake_clock),
      cmocka_unit_test_setup (test_bar_on_a_terminal, fake_clock),
      cmocka_unit_test_setup (test_unknown_total, fake_clock),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
