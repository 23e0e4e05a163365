/* UUIDs: versions and order, the time in them, derived keys, and their text. */
#include "common/clock.h"
#include "common/id.h"
#include "common/text.h"
#include "tests/support/test.h"

static mns_time_t faked_now;

static mns_time_t faked_wall (void) {
  return faked_now;
}

static void test_new_ones_grow (void **state) {
  (void)state;
  mns_clock_t real = mns_clock;
  mns_uuid_t last = {{0}}, next;
  mns_clock.wall = faked_wall;
  faked_now = INT64_C (1782864000123456);
  for (int i = 0; i < 20000; i++) {
    next = mns_uuid_new ();
    assert_true (memcmp (&last, &next, sizeof next) < 0);
    assert_int_equal (next.bytes[6] >> 4, 7);
    assert_int_equal (next.bytes[8] >> 6, 2);
    last = next;
    faked_now -= i % 2; /* also when the clock steps back */
  }
  mns_clock = real;
}

static void test_time_of_a_new_one (void **state) {
  (void)state;
  mns_time_t before = mns_clock.wall () / 1000 * 1000;
  mns_uuid_t uuid;
  mns_clock_set_offset (86400); /* ahead of what the other test made */
  uuid = mns_uuid_new ();
  mns_clock_set_offset (0);
  assert_true (mns_uuid_time (&uuid) >= before);
  assert_true (mns_uuid_time (&uuid) % 1000 == 0);
}

static void test_derived (void **state) {
  (void)state;
  uint8_t one[32], other[32];
  mns_sha256 ("one", 3, one);
  mns_sha256 ("other", 5, other);
  mns_uuid_t last = mns_uuid_derive (one, 0);
  for (uint64_t row = 1; row < 5000; row++) {
    mns_uuid_t uuid = mns_uuid_derive (one, row), again = mns_uuid_derive (one, row);
    assert_memory_equal (&uuid, &again, sizeof uuid);
    assert_true (memcmp (&last, &uuid, sizeof uuid) < 0);
    assert_int_equal (uuid.bytes[6] >> 4, 8);
    assert_int_equal (uuid.bytes[8] >> 6, 2);
    last = uuid;
  }
  mns_uuid_t a = mns_uuid_derive (one, 1), b = mns_uuid_derive (other, 1);
  assert_memory_not_equal (&a, &b, sizeof a);
  assert_true (mns_uuid_time (&a) == 0);
}

static void test_text (void **state) {
  (void)state;
  static const char *const wrong[] = {"",
                                      "019048d2-cc00-7000-8000-00000000000",
                                      "019048d2-cc00-7000-8000-0000000000011",
                                      "019048d2cc0070008000000000000001",
                                      "019048d2-cc00-7000-8000-00000000000g",
                                      "019048d2-cc00-7000-80000-0000000001",
                                      "{19048d2-cc00-7000-8000-000000000001}"};
  mns_uuid_t uuid = {{1}}, zero = {{0}}, parsed;
  char text[MNS_UUID_TEXT];
  for (size_t i = 0; i < COUNT_OF (wrong); i++)
    assert_false (mns_uuid_parse (wrong[i], &uuid));
  assert_false (mns_uuid_parse (NULL, &uuid));
  assert_int_equal (uuid.bytes[0], 1);
  assert_true (mns_uuid_parse ("019048D2-CC00-7abc-8000-0000000000Ff", &uuid));
  mns_uuid_format (&uuid, text);
  assert_string_equal (text, "019048d2-cc00-7abc-8000-0000000000ff");
  assert_true (mns_uuid_parse (text, &parsed));
  assert_memory_equal (&uuid, &parsed, sizeof uuid);
  assert_false (mns_uuid_is_zero (&uuid));
  assert_true (mns_uuid_is_zero (&zero));
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_new_ones_grow),
      cmocka_unit_test (test_time_of_a_new_one),
      cmocka_unit_test (test_derived),
      cmocka_unit_test (test_text),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
