/* Corrections: the old value is kept, the others are told, and each event that counts differently is restated. */
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

enum { MOTHER = 1, CHILD, OTHER };

/* A mother of the baseline, her child born and dead in the register, and another person of the baseline. */
static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  char number[19];
  mns_person_row_t row = county_person (HILL, "李二", MNS_FEMALE, 19900304, county_number (19900304, 2, number));
  county_load (h, &row);
  mns_life_return_t birth = county_birth (20250315, HILL, "李小一", MNS_FEMALE, MOTHER);
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  mns_life_return_t death = county_return (MNS_DEATH, 20260310, HILL);
  death.person = CHILD;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  county_load (h, &row);
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static mns_correct_request_t request (uint64_t person, const char *field, const char *value) {
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.person = person;
  strcpy (it.field, field);
  strcpy (it.value, value);
  strcpy (it.reason, "card seen");
  return it;
}

static void refused (harness_t *h, const mns_correct_request_t *it, mns_rc_t rc, const char *field) {
  assert_int_equal (harness_call (h, "registry.correct", it, NULL), rc);
  assert_string_equal (harness_error (h)->where, field);
  assert_int_equal (harness_emitted_count (h), 0);
}

static int64_t count (harness_t *h, const char *measure, const char *dimension) {
  return county_count (h, COUNTY, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, measure, dimension);
}

static void test_sex_restates_every_event (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it = request (CHILD, "sex", "male");
  mns_correct_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.correct", &it, &outcome), MNS_OK);
  assert_int_equal (outcome.restated, 2);
  assert_int_equal (harness_emitted_count (h), 2);
  mns_correction_t correction;
  harness_emitted_record (h, 0, 0, &mns_correction_type, &correction);
  assert_string_equal (correction.old_value, "female");
  assert_string_equal (correction.new_value, "male");
  mns_restatement_t before, after;
  harness_emitted_record (h, 1, 0, &mns_restatement_type, &before);
  harness_emitted_record (h, 1, 1, &mns_restatement_type, &after);
  assert_true (before.sign == -1 && after.sign == 1);
  assert_true (before.event_kind == MNS_BIRTH && before.event == after.event);
  assert_true (before.sex == MNS_FEMALE && after.sex == MNS_MALE);
  harness_emitted_record (h, 1, 3, &mns_restatement_type, &after);
  assert_int_equal (after.event_kind, MNS_DEATH);
  assert_int_equal (count (h, "births", "male.1"), 1);
  assert_int_equal (count (h, "births", "female.1"), 0);
  assert_int_equal (count (h, "deaths", "male"), 1);
}

static void test_sex_of_the_baseline (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it = request (OTHER, "sex", "2");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  mns_restatement_t before;
  harness_emitted_record (h, 1, 0, &mns_restatement_type, &before);
  assert_int_equal (before.event_kind, MNS_BASELINE);
  assert_true (before.occurred == 20250101 && before.place == HILL);
  assert_int_equal (count (h, "baseline", "female"), 2);
}

/* The birth happened on the birth date; the death leaves the first year of life with it. */
static void test_birth_date (void **state) {
  harness_t *h = *state;
  assert_int_equal (count (h, "infant_deaths", ""), 1);
  mns_correct_request_t it = request (CHILD, "birth", "2025-03-10");
  mns_correct_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.correct", &it, &outcome), MNS_OK);
  assert_int_equal (outcome.restated, 2);
  assert_int_equal (count (h, "infant_deaths", ""), 0);
  it = request (CHILD, "birth", "2026-03-11");
  refused (h, &it, MNS_DATE_ORDER, "registered");
  it = request (OTHER, "birth", "2025-01-02");
  refused (h, &it, MNS_DATE_ORDER, "birth");
  it = request (OTHER, "birth", "1960-02-30");
  refused (h, &it, MNS_INVALID, "birth");
}

static void test_name_restates_nothing (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it = request (MOTHER, "name", "李贰");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1);
  mns_correct_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.correct", &it, &outcome), MNS_OK);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  it = request (MOTHER, "name", "");
  refused (h, &it, MNS_MISSING, "name");
}

static void test_citizen_number (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_correct_request_t it = request (CHILD, "citizen_number", "519999202503150023");
  if (it.value[17] == county_number (20250315, 2, number)[17])
    it.value[17] = it.value[17] == '0' ? '1' : '0';
  refused (h, &it, MNS_BAD_CHECK, "citizen_number");
  it = request (CHILD, "citizen_number", county_number (19600203, 1, number));
  refused (h, &it, MNS_LIKELY_DUPLICATE, "citizen_number");
  it = request (CHILD, "citizen_number", county_number (20250315, 2, number));
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  strcpy (query.citizen_number, number);
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_int_equal (info.person, CHILD);
}

static void test_facts_of_an_event (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it = request (CHILD, "birth_order", "2");
  refused (h, &it, MNS_MISSING, "event");
  it.event = 2;
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  assert_int_equal (harness_emitted (h, 1)->items, 2);
  assert_int_equal (count (h, "births", "female.2"), 1);
  it = request (0, "occurred", "2026-03-05");
  it.event = 3;
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  mns_restatement_t after;
  harness_emitted_record (h, 1, 1, &mns_restatement_type, &after);
  assert_int_equal (after.occurred, 20260305);
  it = request (CHILD, "occurred", "2025-03-01");
  it.event = 3;
  refused (h, &it, MNS_DATE_ORDER, "occurred");
  it = request (MOTHER, "occurred", "2026-03-05");
  it.event = 3;
  refused (h, &it, MNS_NOT_FOUND, "event");
  it = request (CHILD, "weight", "3200");
  refused (h, &it, MNS_INVALID, "field");
}

/* A corrected day is the one that later events are held against. */
static void test_the_day_of_the_last_event (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_return (MNS_MOVE_WITHIN, 20260601, LAKE);
  row.person = OTHER;
  mns_record_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.record", &row, &outcome), MNS_OK);
  row = county_return (MNS_DEATH, 20260515, LAKE);
  row.person = OTHER;
  assert_int_equal (harness_call (h, "registry.record", &row, NULL), MNS_DATE_ORDER);
  mns_correct_request_t it = request (OTHER, "occurred", "2026-05-01");
  it.event = outcome.event;
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  assert_int_equal (harness_call (h, "registry.record", &row, NULL), MNS_OK);
}

static void test_history_shows_both (void **state) {
  harness_t *h = *state;
  mns_correct_request_t it = request (CHILD, "name", "李小二");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  mns_event_query_t query = {.person = CHILD};
  mns_event_info_t info;
  assert_int_equal (harness_call (h, "registry.events", &query, &info), MNS_OK);
  assert_true (harness_reply (h, 2, &mns_event_info_type, &info));
  assert_null (strstr (info.old_value, "小"));
  assert_null (strstr (info.new_value, "李"));
  query.reveal = MNS_YES;
  assert_int_equal (harness_call (h, "registry.events", &query, &info), MNS_OK);
  assert_int_equal (info.event_kind, MNS_BIRTH);
  assert_true (harness_reply (h, 2, &mns_event_info_type, &info));
  assert_string_equal (info.field, "name");
  assert_string_equal (info.old_value, "李小一");
  assert_string_equal (info.account, "tester");
  assert_false (harness_reply (h, 3, &mns_event_info_type, &info));
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_sex_restates_every_event),
      WITH (test_sex_of_the_baseline),
      WITH (test_birth_date),
      WITH (test_name_restates_nothing),
      WITH (test_citizen_number),
      WITH (test_facts_of_an_event),
      WITH (test_history_shows_both),
      WITH (test_the_day_of_the_last_event),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
