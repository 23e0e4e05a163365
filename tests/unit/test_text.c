/* Text: what is UTF-8, how wide it is, how names are compared and hidden, what is a number; and the log's quoting. */
#include "common/log.h"
#include "common/text.h"
#include "tests/support/test.h"

static void test_valid (void **state) {
  (void)state;
  static const char *const right[] = {"", "a", "张三丰", "·", "𠀀", "\x7f", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"};
  static const char *const wrong[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xe5\xbc",
                                      "\xe5\xbcz",
                                      "a\xc3"};
  for (size_t i = 0; i < COUNT_OF (right); i++)
    assert_true (mns_text_valid (right[i], strlen (right[i])));
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_text_valid (wrong[i], strlen (wrong[i])));
  assert_false (mns_text_valid ("a\0b", 3));
}

static void test_repair (void **state) {
  (void)state;
  char text[] = "a\xff张\xe5\xbc";
  mns_text_repair (text);
  assert_string_equal (text, "a?张??");
}

static void test_copy_cuts_at_a_character (void **state) {
  (void)state;
  char target[7];
  assert_true (mns_text_copy (target, sizeof target, "张三"));
  assert_string_equal (target, "张三");
  assert_false (mns_text_copy (target, sizeof target, "a张三"));
  assert_string_equal (target, "a张");
  assert_false (mns_text_copy (target, 3, "张"));
  assert_string_equal (target, "");
  assert_false (mns_text_copy (target, 1, "a"));
  assert_string_equal (target, "");
  assert_true (mns_text_copy (target, 1, ""));
}

static void test_width (void **state) {
  (void)state;
  assert_int_equal (mns_text_width (""), 0);
  assert_int_equal (mns_text_width ("abc"), 3);
  assert_int_equal (mns_text_width ("张三丰"), 6);
  assert_int_equal (mns_text_width ("a张b"), 4);
  assert_int_equal (mns_text_width ("，"), 2);
  assert_int_equal (mns_text_width ("\t\n"), 0);
  assert_int_equal (mns_text_width ("e\xcc\x81"), 1); /* a combining accent takes no column */
  assert_int_equal (mns_text_width ("\xff"), 1);
}

static void test_name_key (void **state) {
  (void)state;
  static const char *const same[][2] = {
      {"阿依·古丽", "阿依•古丽"}, {"阿依·古丽", "阿依・古丽"}, {"阿依·古丽", "阿依‧古丽"}, {"阿依·古丽", "阿依．古丽"},
      {"John Li", "johnli"},      {"张　三", "张三"},          {"Zoë", "Zoe\xcc\x88"},     {"张\xc2\xa0三", "张三"},
  };
  char a[64], b[64];
  for (size_t i = 0; i < COUNT_OF (same); i++) {
    assert_true (mns_text_name_key (same[i][0], a, sizeof a));
    assert_true (mns_text_name_key (same[i][1], b, sizeof b));
    assert_string_equal (a, b);
  }
  mns_text_name_key ("张三", a, sizeof a);
  mns_text_name_key ("张·三", b, sizeof b);
  assert_string_not_equal (a, b);
  assert_false (mns_text_name_key ("\xff", a, sizeof a));
  assert_string_equal (a, "");
  assert_false (mns_text_name_key ("张三", a, 6));
  assert_string_equal (a, "张");
}

/* A name that is its own key, and the same with a space, which takes the long way. */
static void test_name_key_of_every_character (void **state) {
  (void)state;
  char name[8], a[64], b[64];
  for (unsigned c = 1; c < 0x10000; c++) {
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    if (c >= 0xd800 && c < 0xe000)
      continue;
    memset (name, 0, sizeof name);
    for (size_t i = 0; i < size; i++)
      name[i] = (char)(i > 0 ? 0x80 | (c >> 6 * (size - 1 - i) & 0x3f) : c);
    if (size > 1)
      name[0] = (char)((size == 2 ? 0xc0 : 0xe0) | c >> 6 * (size - 1));
    bool known = mns_text_name_key (name, a, sizeof a);
    name[size] = ' ';
    assert_int_equal (mns_text_name_key (name, b, sizeof b), known);
    assert_string_equal (a, b);
  }
}

static void test_hidden (void **state) {
  (void)state;
  static const char *const seen[] = {"", "王小明", "a\tb\n", "阿依古丽·买买提", "\xd9\x85\xe2\x80\x8c\xd9\x86"};
  static const char *const hidden[] = {"\x01",         "\x7f",         "\xe2\x80\x8b", "\xef\xbb\xbf",
                                       "\xe2\x80\xae", "\xef\xbf\xbd", "\xc2\x85"};
  char text[32];
  for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
    assert_null (mns_text_hidden (seen[i]));
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
    snprintf (text, sizeof text, "王%s明", hidden[i]);
    assert_ptr_equal (mns_text_hidden (text), text + 3);
  }
  assert_non_null (mns_text_hidden ("王\xe2\x80\x8d明"));
  assert_int_equal (mns_text_point ("王"), 0x738b);
}

static void test_mask_name (void **state) {
  (void)state;
  char masked[32];
  mns_text_mask_name ("张三丰", masked, sizeof masked);
  assert_string_equal (masked, "张**");
  mns_text_mask_name ("John Li", masked, sizeof masked);
  assert_string_equal (masked, "J*** **");
  mns_text_mask_name ("", masked, sizeof masked);
  assert_string_equal (masked, "");
  mns_text_mask_name ("李", masked, sizeof masked);
  assert_string_equal (masked, "李");
  mns_text_mask_name ("张三丰", masked, 5);
  assert_string_equal (masked, "张*");
}

static void test_parse_int (void **state) {
  (void)state;
  static const char *const wrong[] = {"",
                                      "-",
                                      "012",
                                      "-0",
                                      "00",
                                      "1 ",
                                      " 1",
                                      "+1",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "--1",
                                      "１",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "12a"};
  int64_t value = 7;
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_text_parse_int (wrong[i], &value));
  assert_false (mns_text_parse_int (NULL, &value));
  assert_true (value == 7);
  assert_true (mns_text_parse_int ("0", &value) && value == 0);
  assert_true (mns_text_parse_int ("-12", &value) && value == -12);
  assert_true (mns_text_parse_int ("9223372036854775807", &value) && value == INT64_MAX);
  assert_true (mns_text_parse_int ("-9223372036854775808", &value) && value == INT64_MIN);
}

/* The check values of the two algorithms' own publications. */
static void test_checksums (void **state) {
  (void)state;
  uint8_t digest[32];
  assert_true (mns_crc64 (0, "123456789", 9) == UINT64_C (0x995dc9bbdf1939fa));
  assert_true (mns_crc64 (mns_crc64 (0, "1234", 4), "56789", 5) == UINT64_C (0x995dc9bbdf1939fa));
  mns_sha256 ("abc", 3, digest);
  assert_memory_equal (digest, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23", 16);
}

static void test_log_quote (void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"plain", "plain"},
      {"张三", "张三"},
      {"", "\"\""},
      {"two words", "\"two words\""},
      {"a\"b\\c", "\"a\\\"b\\\\c\""},
      {"x\n\x1b[2J", "\"x\\x0a\\x1b[2J\""},
      {"a=b", "\"a=b\""},
      {"\xff", "\"\\xff\""},
      {"a \xc2\x9b", "\"a \\xc2\\x9b\""},
  };
  char buffer[64];
  for (size_t i = 0; i < COUNT_OF (rows); i++)
    assert_string_equal (mns_log_quote (rows[i][0], buffer, sizeof buffer), rows[i][1]);
  assert_string_equal (mns_log_quote ("one two three", buffer, 8), "\"one t\"");
  assert_string_equal (mns_log_quote ("a b", buffer, 2), "");
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_valid),
      cmocka_unit_test (test_repair),
      cmocka_unit_test (test_copy_cuts_at_a_character),
      cmocka_unit_test (test_width),
      cmocka_unit_test (test_name_key),
      cmocka_unit_test (test_name_key_of_every_character),
      cmocka_unit_test (test_hidden),
      cmocka_unit_test (test_mask_name),
      cmocka_unit_test (test_parse_int),
      cmocka_unit_test (test_checksums),
      cmocka_unit_test (test_log_quote),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
