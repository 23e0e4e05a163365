/* People over time: a person, a household and a village as of any day; facts that changed and facts that were wrong; a
 * store of the version before. */
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

/* At the start in HILL: 1 a woman of 1990, head of household 1, and 2 her husband; 3 alone in LAKE. */
enum { WOMAN = 1, HUSBAND, LONER };

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  char number[19];
  mns_person_row_t row = county_person (HILL, "李二", MNS_FEMALE, 19900304, county_number (19900304, 2, number));
  strcpy (row.household, "7");
  row.relation = mns_code_find (&mns_relation, "02");
  county_load (h, &row);
  row = county_person (HILL, "王一", MNS_MALE, 19880203, "");
  strcpy (row.household, "7");
  county_load (h, &row);
  row = county_person (LAKE, "陈五", MNS_MALE, 19800506, county_number (19800506, 5, number));
  county_load (h, &row);
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static uint64_t record (harness_t *h, mns_code_t event, mns_date_t occurred, mns_place_t place, uint64_t person) {
  mns_record_outcome_t outcome;
  mns_life_return_t row = county_return (event, occurred, place);
  row.person = person;
  assert_int_equal (harness_call (h, "registry.record", &row, &outcome), MNS_OK);
  return outcome.event;
}

static mns_rc_t ask (harness_t *h, uint64_t person, mns_date_t day, mns_person_info_t *info) {
  mns_person_query_t query;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = person;
  query.as_of = day;
  query.reveal = MNS_YES;
  return harness_call (h, "registry.person", &query, info);
}

static mns_person_info_t as_of (harness_t *h, uint64_t person, mns_date_t day) {
  mns_person_info_t info;
  assert_int_equal (ask (h, person, day, &info), MNS_OK);
  return info;
}

/* Who was in a place, as one number: 13 for 1 and 3. */
static int residents (harness_t *h, mns_place_t place, mns_date_t day) {
  mns_residents_query_t query;
  mns_person_info_t info;
  int digits = 0;
  mns_record_clear (&mns_residents_query_type, &query);
  query.place = place;
  query.as_of = day;
  assert_int_equal (harness_call (h, "registry.residents", &query, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_person_info_type, &info); i++)
    digits = digits * 10 + (int)info.person;
  return digits;
}

static int members (harness_t *h, uint64_t household, mns_date_t day) {
  mns_household_query_t query = {.household = household, .as_of = day};
  mns_person_info_t info;
  int digits = 0;
  mns_rc_t rc = harness_call (h, "registry.household", &query, NULL);
  for (size_t i = 0; rc == MNS_OK && harness_reply (h, i, &mns_person_info_type, &info); i++)
    digits = digits * 10 + (int)info.person;
  return digits;
}

static void test_a_life_on_each_day (void **state) {
  harness_t *h = *state;
  record (h, MNS_MOVE_WITHIN, 20250301, LAKE, WOMAN);
  record (h, MNS_MOVE_OUT, 20250601, LAKE, WOMAN);
  mns_person_info_t info;
  assert_int_equal (ask (h, WOMAN, 20241231, &info), MNS_NOT_FOUND);
  assert_string_equal (harness_error (h)->where, "as_of");
  info = as_of (h, WOMAN, 20250228);
  assert_true (info.place == HILL && info.household == 1 && info.status == MNS_PRESENT);
  assert_true (info.valid_from == 20250101 && info.valid_to == 20250301);
  info = as_of (h, WOMAN, 20250301);
  assert_true (info.place == LAKE && info.household == 3 && info.status == MNS_PRESENT);
  info = as_of (h, WOMAN, 20250601);
  assert_true (info.status == MNS_MOVED_OUT && info.valid_from == 20250601 && info.valid_to == 0);
  assert_int_equal (residents (h, HILL, 20250228), 12);
  assert_int_equal (residents (h, HILL, 20250301), 2);
  assert_int_equal (residents (h, LAKE, 20250301), 13);
  assert_int_equal (residents (h, COUNTY, 20250601), 23);
  assert_int_equal (residents (h, COUNTY, 20241231), 0);
  assert_int_equal (members (h, 1, 20250228), 12);
  assert_int_equal (members (h, 1, 20250301), 2);
  assert_int_equal (members (h, 3, 20250531), 1);
}

static void test_two_events_on_one_day (void **state) {
  harness_t *h = *state;
  record (h, MNS_MOVE_WITHIN, 20250301, FIELD, WOMAN);
  record (h, MNS_DEATH, 20250301, FIELD, WOMAN);
  assert_int_equal (as_of (h, WOMAN, 20250228).place, HILL);
  assert_int_equal (as_of (h, WOMAN, 20250301).status, MNS_DEAD);
}

static void correct (harness_t *h, uint64_t person, const char *field, const char *value, mns_date_t changed) {
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.person = person;
  it.changed = changed;
  strcpy (it.field, field);
  strcpy (it.value, value);
  strcpy (it.reason, "card seen");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
}

/* A new name leaves the old one to the days before; a name that was misspelt had never been right. */
static void test_facts_that_changed_and_facts_that_were_wrong (void **state) {
  harness_t *h = *state;
  char number[19];
  correct (h, WOMAN, "name", "李二妹", 20250401);
  correct (h, WOMAN, "name", "李贰妹", 0);
  correct (h, WOMAN, "name", "李叁", 20250701);
  assert_string_equal (as_of (h, WOMAN, 20250331).name, "李二");
  assert_string_equal (as_of (h, WOMAN, 20250401).name, "李贰妹");
  assert_string_equal (as_of (h, WOMAN, 20250701).name, "李叁");
  correct (h, HUSBAND, "citizen_number", county_number (19880203, 3, number), 20250501); /* came later */
  assert_string_equal (as_of (h, HUSBAND, 20250430).citizen_number, "");
  assert_string_equal (as_of (h, HUSBAND, 20250501).citizen_number, number);
  record (h, MNS_MOVE_WITHIN, 20250301, LAKE, WOMAN);
  correct (h, WOMAN, "marital", "20", 0);
  assert_string_equal (mns_code_word (&mns_marital, as_of (h, WOMAN, 20250228).marital), "20");
}

static void test_what_does_not_change_in_a_life (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.person = WOMAN;
  it.changed = 20250401;
  strcpy (it.field, "birth");
  strcpy (it.value, "1990-03-05");
  strcpy (it.reason, "card seen");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_INVALID);
  assert_string_equal (harness_error (h)->where, "changed");
}

static void test_the_day_of_an_event_is_corrected (void **state) {
  harness_t *h = *state;
  uint64_t move = record (h, MNS_MOVE_WITHIN, 20250301, LAKE, WOMAN);
  record (h, MNS_DEATH, 20250601, LAKE, WOMAN);
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.event = move;
  strcpy (it.field, "occurred");
  strcpy (it.value, "2025-02-01");
  strcpy (it.reason, "paper found");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  assert_int_equal (as_of (h, WOMAN, 20250131).place, HILL);
  mns_person_info_t info = as_of (h, WOMAN, 20250201);
  assert_true (info.place == LAKE && info.valid_from == 20250201 && info.valid_to == 20250601);
}

/* ---- the version before ------------------------------------------------------------------------------------------ */

#define OLD_COLUMNS "household, name, sex, birth, place, status, since, entry_event, entry_day, entry_place"

static const char old_rows[] =
    "INSERT INTO place (code, name, level) VALUES (510322101201, '山村', 5), (510322101202, '湖村', 5);"
    "INSERT INTO household (id, place) VALUES (1, 510322101201), (2, 510322101202);"
    "INSERT INTO person (id, " OLD_COLUMNS
    ") VALUES (1, 2, '李二', 'female', 19900304, 510322101202, 'dead', 20250601, 1,"
    "  20250101, 510322101201), (2, 1, '王小', 'male', 20250315, 510322101201, 'moved_out', 20250701, NULL, NULL, "
    "NULL);"
    "INSERT INTO event (id, kind, person, household, place, other_place, occurred, registered, sex, birth, account,"
    "  recorded) VALUES"
    "  (2, 'move_within', 1, 2, 510322101202, 510322101201, 20250301, 20250301, 'female', 19900304, 'a', 1),"
    "  (3, 'birth', 2, 1, 510322101201, NULL, 20250315, 20250315, 'male', 20250315, 'a', 1),"
    "  (4, 'death', 1, 2, 510322101202, NULL, 20250601, 20250601, 'female', 19900304, 'a', 1),"
    "  (5, 'move_out', 2, 1, 510322101201, NULL, 20250701, 20250701, 'male', 20250315, 'a', 1)";

/* What the events of a store without history say about the past is told as intervals when it is opened. */
static void test_a_store_of_the_version_before (void **state) {
  harness_t *h = *state;
  county_restart_old (h, "schema/004", old_rows);
  mns_person_info_t info = as_of (h, 1, 20250228);
  assert_true (info.place == HILL && info.household == 0 && info.status == MNS_PRESENT && info.valid_from == 20250101);
  info = as_of (h, 1, 20250301);
  assert_true (info.place == LAKE && info.household == 2 && info.valid_to == 20250601);
  assert_int_equal (as_of (h, 1, 20250601).status, MNS_DEAD);
  assert_int_equal (ask (h, 2, 20250314, &info), MNS_NOT_FOUND);
  assert_int_equal (as_of (h, 2, 20250630).status, MNS_PRESENT);
  assert_int_equal (as_of (h, 2, 20250701).status, MNS_MOVED_OUT);
  assert_int_equal (residents (h, TOWN, 20250630), 2);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_a_life_on_each_day),
      WITH (test_two_events_on_one_day),
      WITH (test_facts_that_changed_and_facts_that_were_wrong),
      WITH (test_what_does_not_change_in_a_life),
      WITH (test_the_day_of_an_event_is_corrected),
      WITH (test_a_store_of_the_version_before),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
