/* A second person: what is told very late and what is corrected late waits, is approved by another, refused or
 * withdrawn. */
#include "common/records/registry_pending.h"
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

#define YEARS_LATER 1924992000000000 /* 2031-01-01 */

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, "");
  county_load (h, &row);
  harness_set_account (h, "maker");
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

/* A child born four years ago, told today. */
static mns_life_return_t late_birth (void) {
  mns_life_return_t row = county_birth (20220615, HILL, "李小", MNS_FEMALE, 0);
  row.mother = MNS_MOTHER_ELSEWHERE;
  row.registered = 0;
  return row;
}

static uint64_t put_aside (harness_t *h, const mns_life_return_t *row) {
  mns_record_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.record", row, &outcome), MNS_OK);
  assert_int_equal (outcome.result, MNS_ROW_WAITING);
  assert_int_equal (outcome.event, 0);
  assert_int_equal (harness_emitted_count (h), 0);
  return outcome.pending;
}

static mns_rc_t decide (harness_t *h, uint64_t pending, mns_code_t decision, const char *reason,
                        mns_pending_outcome_t *outcome) {
  mns_pending_decision_t request;
  mns_record_clear (&mns_pending_decision_type, &request);
  request.pending = pending;
  request.decision = decision;
  strcpy (request.reason, reason);
  return harness_call (h, "registry.decide", &request, outcome);
}

static size_t waiting (harness_t *h) {
  mns_pending_query_t query;
  mns_pending_info_t info;
  size_t count = 0;
  mns_record_clear (&mns_pending_query_type, &query);
  assert_int_equal (harness_call (h, "registry.pending", &query, NULL), MNS_OK);
  while (harness_reply (h, count, &mns_pending_info_type, &info))
    count++;
  return count;
}

static int64_t births (harness_t *h) {
  return county_count (h, HILL, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, "births", "female.1");
}

static void test_another_approves (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = late_birth ();
  mns_pending_outcome_t outcome;
  uint64_t pending = put_aside (h, &row);
  assert_int_equal (put_aside (h, &row), pending); /* sent again */
  assert_int_equal (waiting (h), 1);
  assert_int_equal (births (h), 0);
  assert_int_equal (decide (h, pending, MNS_PENDING_APPROVE, "", NULL), MNS_WRONG_STATE);
  harness_set_account (h, "checker");
  assert_int_equal (decide (h, pending, MNS_PENDING_APPROVE, "", &outcome), MNS_OK);
  assert_true (outcome.state == MNS_PENDING_APPROVED && outcome.person == 2 && outcome.event > 0);
  assert_int_equal (harness_emitted_count (h), 1);
  assert_int_equal (births (h), 1);
  assert_int_equal (waiting (h), 0);
  mns_event_query_t query = {.person = outcome.person};
  mns_event_info_t info;
  assert_int_equal (harness_call (h, "registry.events", &query, &info), MNS_OK);
  assert_string_equal (info.account, "maker");
  assert_string_equal (info.approved_by, "checker");
  assert_int_equal (info.lateness, MNS_VERY_LATE);
  assert_int_equal (decide (h, pending, MNS_PENDING_APPROVE, "", NULL), MNS_WRONG_STATE);
}

static void test_refused_and_withdrawn (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = late_birth ();
  uint64_t pending = put_aside (h, &row);
  harness_set_account (h, "checker");
  assert_int_equal (decide (h, pending, MNS_PENDING_WITHDRAW, "", NULL), MNS_WRONG_STATE);
  assert_int_equal (decide (h, pending, MNS_PENDING_REFUSE, "", NULL), MNS_MISSING);
  harness_set_caller (h, MNS_CLERK, HILL);
  assert_int_equal (decide (h, pending, MNS_PENDING_REFUSE, "no paper", NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_APPROVER, FIELD);
  assert_int_equal (decide (h, pending, MNS_PENDING_REFUSE, "no paper", NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_APPROVER, HILL);
  assert_int_equal (decide (h, pending, MNS_PENDING_REFUSE, "no paper", NULL), MNS_OK);
  assert_int_equal (waiting (h), 0);
  harness_set_account (h, "maker");
  pending = put_aside (h, &row);
  harness_set_caller (h, MNS_CLERK, HILL);
  assert_int_equal (decide (h, pending, MNS_PENDING_WITHDRAW, "", NULL), MNS_OK);
  assert_int_equal (births (h), 0);
}

/* Told twice from two places: the second approval does not write it again. What does not fit any more goes on waiting.
 */
static void test_what_does_not_fit_any_more (void **state) {
  harness_t *h = *state;
  harness_set_now (h, YEARS_LATER);
  mns_life_return_t row = county_return (MNS_MOVE_OUT, 20260101, HILL);
  row.person = 1;
  row.registered = 0;
  mns_record_outcome_t moved;
  assert_int_equal (harness_call (h, "registry.record", &row, &moved), MNS_OK);
  assert_int_equal (moved.result, MNS_ROW_CREATED); /* there is no term for a move out */
  mns_life_return_t birth = late_birth ();
  birth.occurred = 20270101;
  uint64_t pending = put_aside (h, &birth);
  birth.confirm = MNS_YES;
  birth.occurred = 20301215;
  birth.birth = 0;
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  harness_set_account (h, "checker");
  assert_int_equal (decide (h, pending, MNS_PENDING_APPROVE, "", NULL), MNS_OK);
}

static void test_rows_of_a_return (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = late_birth ();
  mns_row_outcome_t outcome;
  assert_int_equal (county_bulk (h, "registry.record-batch", &mns_life_return_type, &row, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.result, MNS_ROW_WAITING);
  assert_non_null (strstr (outcome.detail, "second person"));
  assert_int_equal (waiting (h), 1);
}

static void test_lateness_of_what_does_not_wait (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_return (MNS_DEATH, 20260401, HILL);
  mns_event_query_t query = {.person = 1};
  mns_event_info_t info;
  row.person = 1;
  row.registered = 20260502;
  assert_int_equal (harness_call (h, "registry.record", &row, NULL), MNS_OK);
  assert_int_equal (harness_call (h, "registry.events", &query, NULL), MNS_OK);
  assert_true (harness_reply (h, 1, &mns_event_info_type, &info));
  assert_int_equal (info.lateness, MNS_LATE);
}

static void test_a_correction_waits (void **state) {
  harness_t *h = *state;
  mns_correct_request_t request;
  mns_correct_outcome_t corrected;
  mns_pending_outcome_t outcome;
  mns_record_clear (&mns_correct_request_type, &request);
  request.person = 1;
  strcpy (request.field, "birth");
  strcpy (request.value, "1961-02-03");
  strcpy (request.reason, "card seen");
  harness_set_now (h, YEARS_LATER);
  assert_int_equal (harness_call (h, "registry.correct", &request, &corrected), MNS_OK);
  assert_true (corrected.result == MNS_ROW_WAITING && corrected.pending && harness_emitted_count (h) == 0);
  harness_set_account (h, "checker");
  assert_int_equal (decide (h, corrected.pending, MNS_PENDING_APPROVE, "", &outcome), MNS_OK);
  assert_true (outcome.correction > 0);
  mns_correction_t told;
  harness_emitted_record (h, 0, 0, &mns_correction_type, &told);
  assert_string_equal (told.new_value, "1961-02-03");
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_another_approves), WITH (test_refused_and_withdrawn),          WITH (test_what_does_not_fit_any_more),
      WITH (test_rows_of_a_return), WITH (test_lateness_of_what_does_not_wait), WITH (test_a_correction_waits),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
