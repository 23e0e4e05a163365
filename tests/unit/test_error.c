/* The error table: words and numbers are unique, texts are there, and a sentence is always valid text. */
#include "common/text.h"
#include "mns/error.h"
#include "tests/support/test.h"

static void test_rows_are_whole_and_unique (void **state) {
  (void)state;
  mns_rc_t rc, other;
  size_t count = 0;
  for (size_t i = 0; mns_error_at (i, &rc); i++, count++) {
    assert_true (strlen (mns_error_word (rc)) > 1 && strlen (mns_error_en (rc)) > 3 && strlen (mns_error_zh (rc)) > 3);
    assert_int_equal (mns_error_from_word (mns_error_word (rc)), rc);
    for (size_t j = 0; j < i; j++)
      assert_true (mns_error_at (j, &other) && other != rc);
  }
  assert_true (count > 30);
  assert_int_equal (MNS_OK, 0);
}

static void test_unknown_is_internal (void **state) {
  (void)state;
  assert_string_equal (mns_error_word ((mns_rc_t)1), "internal");
  assert_int_equal (mns_error_from_word ("no such word"), MNS_INTERNAL);
  assert_int_equal (mns_error_from_word (NULL), MNS_INTERNAL);
}

static void test_retry_and_exit_code (void **state) {
  (void)state;
  assert_true (mns_error_retry (MNS_DISK_FULL));
  assert_false (mns_error_retry (MNS_CONFLICT));
  assert_int_equal (mns_error_exit_code (MNS_OK), 0);
  assert_int_equal (mns_error_exit_code (MNS_NOT_FOUND), 1);
  assert_int_equal (mns_error_exit_code (MNS_USAGE), 2);
}

static void test_fail_fills (void **state) {
  (void)state;
  mns_error_t error = {0};
  assert_int_equal (mns_fail (&error, MNS_INVALID, "birth", "'%s' is no date", "x"), MNS_INVALID);
  assert_int_equal (error.rc, MNS_INVALID);
  assert_string_equal (error.where, "birth");
  assert_string_equal (error.detail, "'x' is no date");
  assert_int_equal (mns_fail (NULL, MNS_IO, "", "%s", ""), MNS_IO);
}

static void test_fail_may_quote_itself (void **state) {
  (void)state;
  mns_error_t error = {0};
  mns_fail (&error, MNS_INVALID, "birth", "no date");
  mns_fail (&error, MNS_INVALID, error.where, "row 3: %s", error.detail);
  assert_string_equal (error.where, "birth");
  assert_string_equal (error.detail, "row 3: no date");
}

static void test_fail_cuts_at_a_character (void **state) {
  (void)state;
  mns_error_t error;
  char name[1200] = "x";
  for (int i = 0; i < 390; i++)
    strcat (name, "民");
  mns_fail (&error, MNS_INVALID, name, "%s", name);
  assert_true (mns_text_valid (error.detail, strlen (error.detail)));
  assert_true (mns_text_valid (error.where, strlen (error.where)));
  assert_true (strlen (error.detail) > sizeof error.detail - 4);
}

static void test_fail_repairs_bytes_of_others (void **state) {
  (void)state;
  mns_error_t error;
  mns_fail (&error, MNS_MALFORMED, "\xff", "got \xe6\xb0 there");
  assert_string_equal (error.where, "?");
  assert_string_equal (error.detail, "got ?? there");
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_rows_are_whole_and_unique),    cmocka_unit_test (test_unknown_is_internal),
      cmocka_unit_test (test_retry_and_exit_code),          cmocka_unit_test (test_fail_fills),
      cmocka_unit_test (test_fail_may_quote_itself),        cmocka_unit_test (test_fail_cuts_at_a_character),
      cmocka_unit_test (test_fail_repairs_bytes_of_others),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
