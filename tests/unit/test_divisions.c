/* The divisions compiled into the program: every row can be a place, counts are those of the README, and spans and
 * successors of lists that are years apart. */
#include "common/records/place.h"
#include "divisions/divisions.h"
#include "tests/support/test.h"
#include <string.h>

typedef struct {
  size_t levels[MNS_LEVELS], reforms, ended;
  mns_place_t last;
  mns_place_info_t found; /* the last span of `wanted` */
  mns_place_t wanted;
  mns_reform_t reform; /* the last of `wanted` */
} heard_t;

static mns_rc_t hear_place (void *context, const mns_place_info_t *place) {
  heard_t *heard = context;
  mns_error_t error = {0};
  if (mns_record_validate (&mns_place_info_type, place, &error) != MNS_OK)
    fail_msg ("%012lld: %s %s", (long long)place->code, error.where, error.detail);
  assert_int_equal (place->level, mns_place_level (place->code));
  heard->levels[place->level]++;
  heard->ended += place->valid_to != 0;
  if (place->level > MNS_COUNTY)
    assert_true (place->code > heard->last);
  heard->last = place->level > MNS_COUNTY ? place->code : 0;
  if (place->code == heard->wanted)
    heard->found = *place;
  return MNS_OK;
}

static mns_rc_t hear_reform (void *context, const mns_reform_t *reform) {
  heard_t *heard = context;
  heard->reforms++;
  assert_int_equal (mns_place_level (reform->code), mns_place_level (reform->successor));
  assert_true (mns_place_at (reform->code, MNS_PROVINCE) == mns_place_at (reform->successor, MNS_PROVINCE));
  if (reform->code == heard->wanted)
    heard->reform = *reform;
  return MNS_OK;
}

static void test_the_country (void **state) {
  (void)state;
  heard_t heard = {.wanted = 512522000000};
  divisions_to_t to = {hear_place, hear_reform, &heard};
  assert_int_equal (divisions_walk (&to, 0, NULL), MNS_OK);
  assert_int_equal (heard.levels[MNS_TOWNSHIP], 41351);
  assert_int_equal (heard.levels[MNS_VILLAGE], 620572);
  assert_int_equal (heard.levels[MNS_TOWNSHIP] + heard.levels[MNS_VILLAGE], DIVISIONS_TOWNSHIPS_AND_VILLAGES);
  assert_int_equal (heard.reforms, 1780);
  assert_string_equal (heard.found.name, "富顺县");
  assert_int_equal (heard.found.valid_from, 0);
  assert_int_equal (heard.found.valid_to, 19851231);
  assert_true (heard.reform.successor == 510322000000);
  assert_int_equal (heard.reform.day, 19851231);
}

static void test_one_county (void **state) {
  (void)state;
  heard_t heard = {.wanted = 510322102000};
  divisions_to_t to = {hear_place, hear_reform, &heard};
  assert_int_equal (divisions_walk (&to, 510322000000, NULL), MNS_OK);
  assert_int_equal (heard.levels[MNS_TOWNSHIP], 20);
  assert_int_equal (heard.levels[MNS_VILLAGE], 277);
  assert_int_equal (heard.found.level, MNS_TOWNSHIP);
}

/* ---- lists that are years apart ---------------------------------------------------------------------------------- */

static const divisions_entry_t lists[] = {
    {19801231, 510000000000, "川省"}, {19801231, 510300000000, "甲市"}, {19801231, 510302000000, "城区"},
    {19801231, 510400000000, "乙市"}, {19801231, 510402000000, "城区"}, {19801231, 510421000000, "富县"},
    {19801231, 510422000000, "和县"}, {19801231, 510423000000, "和县"}, {19801231, 510424000000, "旧县"},
    {19851231, 510000000000, "川省"}, {19851231, 510300000000, "甲市"}, {19851231, 510303000000, "城区"},
    {19851231, 510321000000, "富县"}, {19851231, 510322000000, "和县"}, {19851231, 510400000000, "乙市"},
    {19851231, 510424000000, "新县"}, {19851231, 510471000000, "开区"}, {19901231, 510000000000, "川省"},
    {19901231, 510300000000, "甲市"}, {19901231, 510301000000, "某区"}, {19901231, 510302000000, "城区"},
    {19901231, 510371000000, "开区"},
};

typedef struct {
  char text[4000];
  size_t size;
} told_t;

static mns_rc_t tell_place (void *context, const mns_place_info_t *place) {
  told_t *told = context;
  told->size += (size_t)snprintf (told->text + told->size, sizeof told->text - told->size, "%lld%s %d-%d\n",
                                  (long long)(place->code / 1000000), place->name, place->valid_from, place->valid_to);
  return MNS_OK;
}

static mns_rc_t tell_reform (void *context, const mns_reform_t *reform) {
  told_t *told = context;
  told->size +=
      (size_t)snprintf (told->text + told->size, sizeof told->text - told->size, "%lld>%lld %d\n",
                        (long long)(reform->code / 1000000), (long long)(reform->successor / 1000000), reform->day);
  return MNS_OK;
}

/* 和县 stood twice: nobody knows which of them became 510322. 城区 of 甲市 is found again, that of 乙市 is not. What
 * stands only in the last list began with it, but for zones. */
static void test_history (void **state) {
  (void)state;
  told_t told = {.size = 0};
  divisions_to_t to = {tell_place, tell_reform, &told};
  assert_int_equal (divisions_history (lists, COUNT_OF (lists), &to), MNS_OK);
  assert_string_equal (told.text, "510000川省 0-0\n"
                                  "510300甲市 0-0\n"
                                  "510301某区 19901231-0\n"
                                  "510302城区 0-19851231\n"
                                  "510302城区 19901231-0\n"
                                  "510303城区 19851231-19901231\n"
                                  "510321富县 19851231-19901231\n"
                                  "510322和县 19851231-19901231\n"
                                  "510371开区 0-0\n"
                                  "510400乙市 0-19901231\n"
                                  "510402城区 0-19851231\n"
                                  "510421富县 0-19851231\n"
                                  "510422和县 0-19851231\n"
                                  "510423和县 0-19851231\n"
                                  "510424旧县 0-19851231\n"
                                  "510424新县 19851231-19901231\n"
                                  "510471开区 19851231-19901231\n"
                                  "510302>510303 19851231\n"
                                  "510421>510321 19851231\n"
                                  "510303>510302 19901231\n");
}

static void test_damage (void **state) {
  (void)state;
  static const unsigned char junk[] = "no list at all";
  char *line;
  divisions_lines_t *lines = divisions_lines_new (junk, sizeof junk);
  assert_int_equal (divisions_lines_next (lines, &line), MNS_CORRUPT);
  divisions_lines_destroy (&lines);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_the_country),
      cmocka_unit_test (test_one_county),
      cmocka_unit_test (test_history),
      cmocka_unit_test (test_damage),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
