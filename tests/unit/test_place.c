/* Division codes: levels, ancestors, cover. */
#include "common/records/place.h"
#include "tests/support/test.h"

static void levels_and_ancestors (void **state) {
  (void)state;
  const mns_place_t village = 510322101203;
  const mns_place_t ancestors[MNS_LEVELS] = {0, 510000000000, 510300000000, 510322000000, 510322101000, village};
  for (int level = 0; level < MNS_LEVELS; level++) {
    assert_int_equal (mns_place_at (village, level), ancestors[level]);
    assert_int_equal (mns_place_level (ancestors[level]), level);
    assert_true (mns_place_covers (ancestors[level], village));
    if (level > 0)
      assert_int_equal (mns_place_parent (ancestors[level]), ancestors[level - 1]);
  }
  assert_false (mns_place_covers (510322102000, village));
  assert_int_equal (mns_place_last (510322101000), 510322101999);
}

static void text_both_ways (void **state) {
  (void)state;
  mns_place_t place;
  char text[MNS_PLACE_TEXT];
  assert_true (mns_place_parse ("510322", &place));
  assert_int_equal (place, 510322000000);
  mns_place_format (place, text);
  assert_string_equal (text, "510322000000");
  assert_true (mns_place_parse ("510322101203", &place));
  const char *const wrong[] = {"", "5", "510", "51032", "5103221012030", "51032210120x", "000000000000", " 510322"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false (mns_place_parse (wrong[i], &place));
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (levels_and_ancestors), cmocka_unit_test (text_both_ways)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
