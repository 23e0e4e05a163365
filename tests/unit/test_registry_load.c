/* The baseline: what is loaded, what is there already, what is refused, and what the others are told. */
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

static int set_up (void **state) {
  *state = county_new (&mns_registry_service);
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static mns_row_outcome_t load_one (harness_t *h, const mns_person_row_t *row) {
  mns_row_outcome_t outcome;
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, row, 1), MNS_OK);
  if (!harness_reply (h, 0, &mns_row_outcome_type, &outcome)) {
    mns_record_clear (&mns_row_outcome_type, &outcome);
    outcome.result = MNS_ROW_CREATED;
  }
  return outcome;
}

static void assert_refused (harness_t *h, const mns_person_row_t *row, const char *error, const char *field) {
  mns_row_outcome_t outcome = load_one (h, row);
  assert_int_equal (outcome.result, MNS_ROW_REFUSED);
  assert_string_equal (outcome.error, error);
  assert_string_equal (outcome.field, field);
  assert_int_equal (harness_emitted_count (h), 0);
}

/* One event for each village, its persons in the order of the rows, with dense numbers. */
static void test_one_event_per_village (void **state) {
  harness_t *h = *state;
  char a[19], b[19], c[19];
  mns_person_row_t rows[3] = {
      county_person (LAKE, "王一", MNS_MALE, 19600203, county_number (19600203, 1, a)),
      county_person (HILL, "李二", MNS_FEMALE, 19710304, county_number (19710304, 2, b)),
      county_person (LAKE, "张三", MNS_MALE, 19820405, county_number (19820405, 3, c)),
  };
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, rows, 3), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 2);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_int_equal (event->items, 1);
  assert_memory_equal (event->topic, "registry.baseline.510322101201.loaded", event->topic_size);
  event = harness_emitted (h, 1);
  assert_int_equal (event->items, 2);
  assert_memory_equal (event->topic, "registry.baseline.510322101202.loaded", event->topic_size);
  mns_baseline_t baseline;
  harness_emitted_record (h, 1, 1, &mns_baseline_type, &baseline);
  assert_int_equal (baseline.person, 3);
  assert_int_equal (baseline.event, 3);
  assert_int_equal (baseline.occurred, 20250101);
  assert_string_equal (baseline.name, "张三");
  assert_string_equal (baseline.citizen_number, c);
}

static void test_household_key (void **state) {
  harness_t *h = *state;
  char a[19], b[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, a));
  strcpy (row.household, "12");
  county_load (h, &row);
  row = county_person (HILL, "李二", MNS_FEMALE, 19710304, county_number (19710304, 2, b));
  strcpy (row.household, "12");
  county_load (h, &row);
  mns_baseline_t baseline;
  harness_emitted_record (h, 0, 0, &mns_baseline_type, &baseline);
  assert_int_equal (baseline.household, 1);
  row = county_person (LAKE, "赵四", MNS_MALE, 19500203, "");
  strcpy (row.household, "12");
  county_load (h, &row);
  harness_emitted_record (h, 0, 0, &mns_baseline_type, &baseline);
  assert_int_equal (baseline.household, 2); /* a key is one of its village */
}

/* An incomer is registered outside the county and told where it lives. */
static void test_incomer (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (AWAY, "陈五", MNS_FEMALE, 19900506, county_number (19900506, 4, number));
  assert_refused (h, &row, "invalid", "place");
  row.residence = FIELD;
  county_load (h, &row);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_memory_equal (event->topic, "registry.baseline.510322102201.loaded", event->topic_size);
  assert_int_equal (county_count (h, FIELD, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "incomers", "female"), 1);
  assert_int_equal (county_count (h, COUNTY, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "baseline", "female"), 0);
}

static void test_the_same_row_again (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  county_load (h, &row);
  mns_row_outcome_t outcome = load_one (h, &row);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (outcome.person, 1);
  assert_int_equal (harness_emitted_count (h), 0);
  row.sex = MNS_FEMALE;
  outcome = load_one (h, &row);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_string_equal (outcome.detail, "sex differs from the register");
}

static void test_the_same_row_twice_in_one_request (void **state) {
  harness_t *h = *state;
  mns_person_row_t rows[2] = {county_person (HILL, "王一", MNS_MALE, 19600203, ""),
                              county_person (HILL, "王一", MNS_MALE, 19600203, "")};
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, rows, 2), MNS_OK);
  mns_row_outcome_t outcome;
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.row, 2);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (harness_emitted (h, 0)->items, 1);
}

/* A number that is there already does not make a second person. */
static void test_likely_duplicates (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  county_load (h, &row);
  mns_person_row_t changed = row;
  strcpy (changed.name, "王二");
  assert_refused (h, &changed, "likely_duplicate", "citizen_number");
  changed = row;
  changed.birth = 19600204;
  assert_refused (h, &changed, "likely_duplicate", "citizen_number");
  changed.confirm = MNS_YES;
  mns_row_outcome_t outcome = load_one (h, &changed);
  assert_int_equal (outcome.result, MNS_ROW_CREATED);
  assert_int_equal (outcome.person, 2);
  assert_non_null (strstr (outcome.detail, "another person than register number 1"));
}

/* Name, birth date and village alone are a suspicion: taken, and told. The household is a third fact. */
static void test_suspicion (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  strcpy (row.household, "12");
  county_load (h, &row);
  mns_person_row_t changed = row;
  county_number (19600203, 113, changed.citizen_number);
  strcpy (changed.household, "13");
  mns_row_outcome_t outcome = load_one (h, &changed);
  assert_int_equal (outcome.result, MNS_ROW_CREATED);
  assert_non_null (strstr (outcome.detail, "may be register number 1"));
  changed.citizen_number[0] = 0;
  strcpy (changed.household, "12");
  assert_refused (h, &changed, "likely_duplicate", "name");
}

static void test_refusals (void **state) {
  harness_t *h = *state;
  char number[19];
  county_number (19600203, 1, number);
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, number);
  mns_person_row_t bad = row;
  bad.citizen_number[17] = bad.citizen_number[17] == '0' ? '1' : '0';
  assert_refused (h, &bad, "bad_check_character", "citizen_number");
  bad = row;
  bad.place = 510322101299;
  assert_refused (h, &bad, "not_found", "place");
  bad.place = TOWN;
  assert_refused (h, &bad, "invalid", "place");
  bad = row;
  bad.effective = 20260801;
  assert_refused (h, &bad, "out_of_range", "effective");
  bad = row;
  bad.birth = 20250102;
  assert_refused (h, &bad, "date_order", "birth");
  bad = row;
  bad.name[0] = 0;
  assert_refused (h, &bad, "missing", "name");
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  assert_refused (h, &row, "forbidden", "place");
}

/* A refused row in the middle leaves no trace and no gap. */
static void test_bad_row_in_the_middle (void **state) {
  harness_t *h = *state;
  char a[19], c[19];
  mns_person_row_t rows[3] = {
      county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, a)),
      county_person (HILL, "李二", MNS_FEMALE, 19710304, "51999919710304002A"),
      county_person (HILL, "张三", MNS_MALE, 19820405, county_number (19820405, 3, c)),
  };
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, rows, 3), MNS_OK);
  mns_row_outcome_t outcome;
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.row, 2);
  assert_false (harness_reply (h, 1, &mns_row_outcome_type, &outcome));
  mns_baseline_t baseline;
  harness_emitted_record (h, 0, 1, &mns_baseline_type, &baseline);
  assert_int_equal (baseline.person, 2);
}

static void test_findings (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_FEMALE, 19600204, county_number (19600203, 1, number));
  mns_row_outcome_t outcome = load_one (h, &row);
  assert_int_equal (outcome.result, MNS_ROW_CREATED);
  assert_string_equal (outcome.detail,
                       "the citizen number holds another birth date; the citizen number is one of the other sex");
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = 1;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_string_equal (info.finding, outcome.detail);
}

static void test_fifteen_digits (void **state) {
  harness_t *h = *state;
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, "519999600203001");
  county_load (h, &row);
  mns_baseline_t baseline;
  harness_emitted_record (h, 0, 0, &mns_baseline_type, &baseline);
  char number[19];
  assert_string_equal (baseline.citizen_number, county_number (19600203, 1, number));
}

static void test_malformed_request (void **state) {
  harness_t *h = *state;
  mns_uuid_t key = mns_uuid_new ();
  assert_int_not_equal (harness_call_body (h, "registry.load", &key, "\x81", 1), MNS_OK);
  assert_int_equal (county_count (h, COUNTY, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "baseline", "male"), 0);
}

static void test_official_sees_nobody (void **state) {
  harness_t *h = *state;
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, "");
  county_load (h, &row);
  harness_set_caller (h, MNS_OFFICIAL, COUNTY);
  mns_person_query_t query;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = 1;
  assert_int_equal (harness_call (h, "registry.person", &query, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  assert_int_equal (harness_call (h, "registry.person", &query, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_CLERK, TOWN);
  assert_int_equal (harness_call (h, "registry.person", &query, NULL), MNS_OK);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_one_event_per_village, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_household_key, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_incomer, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_the_same_row_again, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_the_same_row_twice_in_one_request, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_likely_duplicates, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_suspicion, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_refusals, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_bad_row_in_the_middle, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_findings, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_fifteen_digits, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_malformed_request, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_official_sees_nobody, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
