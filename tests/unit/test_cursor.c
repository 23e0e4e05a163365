/* The pre-scan and the pull cursor against bytes of every kind; msgpack-c writes what they must read. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/cursor.h"
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

/* A value of every form msgpack-c can write, as the items of one array. */
static msgpack_sbuffer every_form (void) {
  static const char text[70000] = "";
  msgpack_sbuffer out;
  msgpack_packer packer;
  msgpack_sbuffer_init (&out);
  msgpack_packer_init (&packer, &out, msgpack_sbuffer_write);
  msgpack_pack_array (&packer, 24);
  msgpack_pack_nil (&packer);
  msgpack_pack_true (&packer);
  msgpack_pack_false (&packer);
  static const int64_t numbers[] = {5, -5, 200, -100, 60000, -30000, 4000000000, -2000000000, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < 10; i++)
    msgpack_pack_int64 (&packer, numbers[i]);
  msgpack_pack_uint64 (&packer, UINT64_MAX);
  msgpack_pack_float (&packer, 1.5f);
  msgpack_pack_double (&packer, 1.5);
  static const size_t sizes[] = {5, 200, 60000, 70000};
  for (size_t i = 0; i < 4; i++)
    msgpack_pack_str_with_body (&packer, text, sizes[i]);
  msgpack_pack_bin_with_body (&packer, text, 70000);
  msgpack_pack_ext_with_body (&packer, text, 16, 1);
  msgpack_pack_ext_with_body (&packer, text, 300, 1);
  msgpack_pack_map (&packer, 20);
  for (int i = 0; i < 20; i++) {
    msgpack_pack_int (&packer, i);
    msgpack_pack_array (&packer, 0);
  }
  return out;
}

static void every_form_is_scanned (void **state) {
  (void)state;
  msgpack_sbuffer bytes = every_form ();
  assert_int_equal (mns_scan (bytes.data, bytes.size, 3, 65, NULL), MNS_OK);
  assert_int_equal (mns_scan (bytes.data, bytes.size, 3, 64, NULL), MNS_TOO_LARGE);
  assert_int_equal (mns_scan (bytes.data, bytes.size, 2, 65, NULL), MNS_TOO_LARGE);
  size_t used = 0;
  assert_int_equal (mns_scan (bytes.data, bytes.size, 3, 65, &used), MNS_OK);
  assert_int_equal (used, bytes.size);
  msgpack_sbuffer_destroy (&bytes);
}

/* A copy of exactly the bytes, so that the sanitizer sees one byte too far. */
static void cut_anywhere_is_malformed (void **state) {
  (void)state;
  msgpack_sbuffer bytes = every_form ();
  for (size_t size = 0; size < bytes.size; size += size < 400 || bytes.size - size < 400 ? 1 : 997) {
    char *part = malloc (size > 0 ? size : 1);
    memcpy (part, bytes.data, size);
    assert_int_equal (mns_scan (part, size, 8, 1000, NULL), MNS_MALFORMED);
    free (part);
  }
  msgpack_sbuffer_destroy (&bytes);
}

static void bombs_are_stopped_before_they_unfold (void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    mns_rc_t rc;
  } rows[] = {
      {"\xdd\x02\xff\xff\xff", 5, MNS_MALFORMED},                        /* claims 50 million items */
      {"\xdf\xff\xff\xff\xff", 5, MNS_MALFORMED},                        /* four billion pairs */
      {"\xdd\0\0\0\x05\xdd\0\0\0\x05\xdd\0\0\0\x05", 15, MNS_MALFORMED}, /* nested claims */
      {"\xc6\xff\xff\xff\xff", 5, MNS_MALFORMED},                        /* four billion bytes */
      {"\xc9\xff\xff\xff\xff\x01", 6, MNS_MALFORMED},                    /* ext whose size and type wrap around */
      {"\xdb\xff\xff\xff\xff", 5, MNS_MALFORMED},
      {"\xc1", 1, MNS_MALFORMED},
      {"", 0, MNS_MALFORMED},
      {"\x91\x91\x91\x91\x91\x01", 6, MNS_TOO_LARGE}, /* five deep of four */
      {"\x91\x91\x91\x91\x01", 5, MNS_OK},
      {"\x91\x91\x91\x91\x90", 5, MNS_TOO_LARGE},              /* an empty one counts */
      {"\xdc\0\x14\1\1\1\1\1\1\1\1\1\1\1", 14, MNS_MALFORMED}, /* the claim is seen before the eleventh value */
      {"\x01\x01", 2, MNS_MALFORMED},                          /* something follows */
      {"\x99\1\1\1\1\1\1\1\1\1", 10, MNS_OK},                  /* ten values */
      {"\x9a\1\1\1\1\1\1\1\1\1\1", 11, MNS_TOO_LARGE},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (mns_scan (rows[i].bytes, rows[i].size, 4, 10, NULL) != rows[i].rc)
      fail_msg ("row %zu", i);
}

static void getters_take_their_kind_only (void **state) {
  (void)state;
  static const char bytes[] = "\x96\x07\xd0\xfb\xc3\xa2hi\xc4\x02\x01\x02\x81\xa1k\xc0";
  mns_cursor_t cursor = mns_cursor_init (bytes, sizeof bytes - 1);
  uint32_t count;
  uint64_t number;
  int64_t signed_number;
  const char *text;
  const uint8_t *data;
  size_t size;
  assert_false (mns_cursor_map (&cursor, &count));
  assert_true (mns_cursor_array (&cursor, &count));
  assert_int_equal (count, 6);
  assert_false (mns_cursor_uint (&cursor, 6, &number));
  assert_false (mns_cursor_text (&cursor, &text, &size));
  assert_true (mns_cursor_uint (&cursor, 7, &number));
  assert_false (mns_cursor_uint (&cursor, UINT64_MAX, &number));
  assert_false (mns_cursor_int (&cursor, -4, 4, &signed_number));
  assert_true (mns_cursor_int (&cursor, -5, 4, &signed_number));
  assert_int_equal (signed_number, -5);
  assert_false (mns_cursor_text (&cursor, &text, &size)); /* a truth value is of no kind that is read, only skipped */
  assert_true (mns_cursor_skip (&cursor));
  assert_false (mns_cursor_bytes (&cursor, &data, &size));
  assert_true (mns_cursor_text (&cursor, &text, &size));
  assert_memory_equal (text, "hi", size);
  assert_true (mns_cursor_bytes (&cursor, &data, &size));
  assert_int_equal (size, 2);
  assert_int_equal (data[1], 2);
  assert_true (mns_cursor_skip (&cursor));
  assert_int_equal (mns_cursor_left (&cursor), 0);
  assert_false (mns_cursor_skip (&cursor));
  assert_false (mns_cursor_uint (&cursor, 1, &number));
}

/* Numbers come back whatever form they have: the shortest, or as wide as it gets. */
static void numbers_of_any_width (void **state) {
  (void)state;
  for (int bit = 0; bit < 64; bit++) {
    uint64_t value = (UINT64_C (1) << bit) - 1 + (UINT64_C (1) << bit), got;
    msgpack_sbuffer out;
    msgpack_packer packer;
    msgpack_sbuffer_init (&out);
    msgpack_packer_init (&packer, &out, msgpack_sbuffer_write);
    msgpack_pack_uint64 (&packer, value);
    msgpack_pack_fix_uint64 (&packer, value);
    msgpack_pack_fix_int64 (&packer, (int64_t)value);
    msgpack_pack_int64 (&packer, ~(int64_t)(value >> 1));
    mns_cursor_t cursor = mns_cursor_init (out.data, out.size);
    for (int i = 0; i < 2; i++) {
      assert_true (mns_cursor_uint (&cursor, value, &got));
      assert_true (got == value);
    }
    int64_t signed_got;
    assert_true (mns_cursor_int (&cursor, INT64_MIN, INT64_MAX, &signed_got));
    assert_true (signed_got == (int64_t)value);
    assert_true (mns_cursor_int (&cursor, INT64_MIN, INT64_MAX, &signed_got));
    assert_true (signed_got == ~(int64_t)(value >> 1));
    assert_int_equal (mns_cursor_left (&cursor), 0);
    msgpack_sbuffer_destroy (&out);
  }
}

static void a_number_above_63_bits_is_no_signed_one (void **state) {
  (void)state;
  mns_cursor_t cursor = mns_cursor_init ("\xcf\x80\0\0\0\0\0\0\0", 9);
  int64_t number;
  uint64_t natural;
  assert_false (mns_cursor_int (&cursor, INT64_MIN, INT64_MAX, &number));
  assert_true (mns_cursor_uint (&cursor, UINT64_MAX, &natural));
}

static void a_count_is_not_believed_without_bytes (void **state) {
  (void)state;
  mns_cursor_t cursor = mns_cursor_init ("\x82\xa1k\xc0", 4);
  uint32_t count;
  assert_false (mns_cursor_map (&cursor, &count));
  cursor = mns_cursor_init ("\x92\x01\x01", 3);
  assert_true (mns_cursor_array (&cursor, &count));
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (every_form_is_scanned),
      cmocka_unit_test (cut_anywhere_is_malformed),
      cmocka_unit_test (bombs_are_stopped_before_they_unfold),
      cmocka_unit_test (getters_take_their_kind_only),
      cmocka_unit_test (numbers_of_any_width),
      cmocka_unit_test (a_number_above_63_bits_is_no_signed_one),
      cmocka_unit_test (a_count_is_not_believed_without_bytes),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
