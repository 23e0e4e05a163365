/* Who may be somebody who is there: taken, refused, put on the work list, decided. */
#include "common/records/registry_duplicates.h"
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

enum { MOTHER = 1, OLD };

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  char number[19];
  mns_person_row_t row = county_person (HILL, "李二", MNS_FEMALE, 19900304, county_number (19900304, 2, number));
  county_load (h, &row);
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

static mns_life_return_t arrival (const char *name, mns_date_t birth) {
  mns_life_return_t row = county_return (MNS_MOVE_IN, 20260601, HILL);
  strcpy (row.name, name);
  row.birth = birth;
  row.sex = MNS_MALE;
  return row;
}

static mns_duplicate_query_t query (void) {
  mns_duplicate_query_t it;
  mns_record_clear (&mns_duplicate_query_type, &it);
  return it;
}

static size_t pairs (harness_t *h, const mns_duplicate_query_t *asked) {
  mns_duplicate_info_t info;
  size_t count = 0;
  assert_int_equal (harness_call (h, "registry.duplicates", asked, NULL), MNS_OK);
  while (harness_reply (h, count, &mns_duplicate_info_type, &info))
    count++;
  return count;
}

static uint64_t record (harness_t *h, const mns_life_return_t *row, const char *finding) {
  mns_record_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.record", row, &outcome), MNS_OK);
  if (finding ? !strstr (outcome.finding, finding) : *outcome.finding != 0)
    fail_msg ("the finding is '%s', expected '%s'", outcome.finding, finding ? finding : "");
  return outcome.person;
}

static mns_duplicate_info_t the_pair (harness_t *h) {
  mns_duplicate_query_t asked = query ();
  mns_duplicate_info_t info;
  assert_int_equal (pairs (h, &asked), 1);
  assert_true (harness_reply (h, 0, &mns_duplicate_info_type, &info));
  return info;
}

static void test_a_suspicion_is_taken_and_listed (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = arrival ("王一", 19600203);
  uint64_t person = record (h, &row, "may be register number 2 (70 points)");
  mns_duplicate_info_t info = the_pair (h);
  assert_true (info.first == OLD && info.second == person && info.points == 70);
  assert_true (info.place == HILL && info.opened == 20260701 && info.state == MNS_DUPLICATE_OPEN);
  assert_string_equal (info.why, "70 points: the same name +25; the same birth date +25; the same sex +5; the same "
                                 "village +15");
}

/* Dates a few days apart or mistyped are looked for, too. */
static void test_slips_of_the_birth_date (void **state) {
  harness_t *h = *state;
  static const mns_date_t births[] = {19600302, 19600205, 19600230, 19060203};
  for (size_t i = 0; i < COUNT_OF (births); i++) {
    mns_life_return_t row = arrival ("王一", births[i]);
    if (mns_date_valid (births[i]))
      record (h, &row, "may be register number 2 (60 points)");
  }
  mns_life_return_t row = arrival ("王一", 19600503);
  record (h, &row, NULL);
}

/* A third fact: refused, with the reason in words, until it is confirmed; then it is decided already. */
static void test_likely_is_refused_until_confirmed (void **state) {
  harness_t *h = *state;
  mns_life_return_t birth = county_birth (20260601, HILL, "李小一", MNS_FEMALE, MOTHER);
  uint64_t child = record (h, &birth, NULL);
  strcpy (birth.name, "李小二");
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_LIKELY_DUPLICATE);
  assert_non_null (strstr (harness_error (h)->detail, "the same place in one delivery +60"));
  birth.confirm = MNS_YES;
  record (h, &birth, "confirmed as another person");
  mns_duplicate_query_t asked = query ();
  assert_int_equal (pairs (h, &asked), 0);
  asked.state = MNS_DUPLICATE_DISMISSED;
  assert_int_equal (pairs (h, &asked), 1);
  mns_duplicate_info_t info;
  assert_true (harness_reply (h, 0, &mns_duplicate_info_type, &info));
  assert_true (info.first == child && info.closed == 20260701);
  assert_string_equal (info.account, "tester");
}

static void test_twins (void **state) {
  harness_t *h = *state;
  mns_life_return_t birth = county_birth (20260601, HILL, "李大", MNS_FEMALE, MOTHER);
  birth.plurality = 2;
  record (h, &birth, NULL);
  birth.rank = 2;
  strcpy (birth.name, "李小");
  record (h, &birth, NULL);
  mns_duplicate_query_t asked = query ();
  assert_int_equal (pairs (h, &asked), 0);
}

static void test_dismissed_does_not_come_back (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = arrival ("王一", 19600203);
  record (h, &row, "may be");
  mns_duplicate_dismiss_t dismiss;
  mns_record_clear (&mns_duplicate_dismiss_type, &dismiss);
  dismiss.pair = the_pair (h).pair;
  strcpy (dismiss.reason, "cousins");
  mns_duplicate_info_t info;
  assert_int_equal (harness_call (h, "registry.dismiss-duplicate", &dismiss, &info), MNS_OK);
  assert_true (info.state == MNS_DUPLICATE_DISMISSED && info.closed == 20260701);
  assert_int_equal (harness_call (h, "registry.dismiss-duplicate", &dismiss, NULL), MNS_WRONG_STATE);
  dismiss.pair = 99;
  assert_int_equal (harness_call (h, "registry.dismiss-duplicate", &dismiss, NULL), MNS_NOT_FOUND);
  mns_duplicate_query_t asked = query ();
  assert_int_equal (pairs (h, &asked), 0);
}

static void test_side_by_side (void **state) {
  harness_t *h = *state;
  mns_duplicate_select_t select;
  mns_duplicate_fact_info_t fact;
  mns_record_clear (&mns_duplicate_select_type, &select);
  assert_int_equal (harness_call (h, "registry.duplicate", &select, NULL), MNS_MISSING);
  select.first = MOTHER;
  select.second = OLD;
  assert_int_equal (harness_call (h, "registry.duplicate", &select, NULL), MNS_OK);
  int64_t sum = 0;
  size_t i = 0;
  for (; harness_reply (h, i, &mns_duplicate_fact_info_type, &fact); i++)
    sum += fact.points != MNS_NONE && strcmp (fact.field, "points") != 0 ? fact.points : 0;
  assert_true (i > 8);
  assert_string_equal (fact.field, "points");
  assert_int_equal (fact.points, sum);
  assert_non_null (strstr (fact.text, "two persons"));
}

/* A pair of two townships is for the county to decide. */
static void test_divisions (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t row = arrival ("王一", 19600204);
  row.place = FIELD;
  county_number (19600203, 1, number);
  strcpy (row.citizen_number, number);
  row.confirm = MNS_YES;
  record (h, &row, "confirmed");
  mns_duplicate_query_t asked = query ();
  asked.state = MNS_DUPLICATE_DISMISSED;
  assert_int_equal (pairs (h, &asked), 1);
  harness_set_caller (h, MNS_CLERK, TOWN);
  assert_int_equal (pairs (h, &asked), 0);
  mns_duplicate_select_t select;
  mns_record_clear (&mns_duplicate_select_type, &select);
  select.pair = 1;
  assert_int_equal (harness_call (h, "registry.duplicate", &select, NULL), MNS_FORBIDDEN);
  asked.place = TOWN_TWO;
  assert_int_equal (harness_call (h, "registry.duplicates", &asked, NULL), MNS_FORBIDDEN);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_a_suspicion_is_taken_and_listed),
      WITH (test_slips_of_the_birth_date),
      WITH (test_likely_is_refused_until_confirmed),
      WITH (test_twins),
      WITH (test_dismissed_does_not_come_back),
      WITH (test_side_by_side),
      WITH (test_divisions),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
