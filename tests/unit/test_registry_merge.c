/* Two entries become one and two again: a second person, references and figures both ways, one event however often it
 * is sent. */
#include "common/records/registry_duplicates.h"
#include "common/records/registry_quality.h"
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

enum { HUSBAND = 1, WIFE, TWICE, CHILD };

static uint64_t load (harness_t *h, mns_place_t place, const char *name, mns_code_t sex, mns_date_t birth, int serial,
                      const char *household, const char *relation) {
  char number[19];
  mns_person_row_t row = county_person (place, name, sex, birth, serial ? county_number (birth, serial, number) : "");
  strcpy (row.household, household);
  row.relation = mns_code_find (&mns_relation, relation);
  county_load (h, &row);
  mns_baseline_t baseline;
  harness_emitted_record (h, 0, 0, &mns_baseline_type, &baseline);
  return baseline.person;
}

/* 李二 stands in the register twice; the second entry has the child, is married, and is head of a household of its
 * own. */
static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  assert_int_equal (load (h, HILL, "王一", MNS_MALE, 19880203, 1, "1", "10"), HUSBAND);
  assert_int_equal (load (h, HILL, "李二", MNS_FEMALE, 19900304, 2, "1", "99"), WIFE);
  assert_int_equal (load (h, HILL, "李贰", MNS_FEMALE, 19900304, 0, "1", "02"), TWICE);
  mns_life_return_t birth = county_birth (20250315, HILL, "王小", MNS_FEMALE, TWICE);
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  mns_life_return_t marriage = county_return (MNS_MARRIAGE, 20250401, HILL);
  marriage.person = HUSBAND;
  marriage.partner_person = TWICE;
  assert_int_equal (harness_call (h, "registry.record", &marriage, NULL), MNS_OK);
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static mns_person_info_t person (harness_t *h, uint64_t id) {
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = id;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  return info;
}

static mns_merge_request_t request (uint64_t survivor, uint64_t merged) {
  mns_merge_request_t it;
  mns_record_clear (&mns_merge_request_type, &it);
  it.survivor = survivor;
  it.merged = merged;
  strcpy (it.reason, "one card");
  return it;
}

static mns_merge_info_t ask (harness_t *h, uint64_t survivor, uint64_t merged) {
  mns_merge_request_t it = request (survivor, merged);
  mns_merge_info_t info;
  harness_set_account (h, "maker");
  assert_int_equal (harness_call (h, "registry.merge", &it, &info), MNS_OK);
  harness_set_account (h, "checker");
  return info;
}

static mns_merge_decision_t decision (uint64_t merge, mns_code_t approved) {
  mns_merge_decision_t it;
  mns_record_clear (&mns_merge_decision_type, &it);
  it.merge = merge;
  it.approved = approved;
  return it;
}

static mns_merge_info_t merge (harness_t *h, uint64_t survivor, uint64_t merged) {
  mns_merge_decision_t it = decision (ask (h, survivor, merged).merge, MNS_YES);
  mns_merge_info_t info;
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, &info), MNS_OK);
  return info;
}

static mns_rc_t unmerge (harness_t *h, uint64_t merge, mns_merge_info_t *info) {
  mns_unmerge_request_t it;
  mns_record_clear (&mns_unmerge_request_type, &it);
  it.merge = merge;
  strcpy (it.reason, "two after all");
  return harness_call (h, "registry.unmerge", &it, info);
}

static int64_t stock (harness_t *h) {
  return county_count (h, HILL, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "baseline", "female") +
         county_count (h, HILL, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "adjustments", "merge.female");
}

static void test_a_second_person_decides (void **state) {
  harness_t *h = *state;
  mns_merge_info_t info = ask (h, WIFE, TWICE);
  assert_true (info.state == MNS_MERGE_ASKED && info.place == HILL);
  assert_int_equal (harness_emitted_count (h), 0);
  assert_int_equal (person (h, TWICE).status, MNS_PRESENT);
  mns_merge_decision_t it = decision (info.merge, MNS_YES);
  harness_set_account (h, "maker");
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_CLERK, TOWN);
  harness_set_account (h, "clerk");
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_APPROVER, TOWN);
  harness_set_account (h, "checker");
  it.approved = MNS_NO;
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, NULL), MNS_MISSING);
  strcpy (it.reason, "sisters");
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, &info), MNS_OK);
  assert_int_equal (info.state, MNS_MERGE_REFUSED);
  it.approved = MNS_YES;
  assert_int_equal (harness_call (h, "registry.decide-merge", &it, NULL), MNS_WRONG_STATE);
  assert_int_equal (person (h, TWICE).status, MNS_PRESENT);
}

static void test_references_and_figures_move_both_ways (void **state) {
  harness_t *h = *state;
  mns_person_info_t before[5];
  for (uint64_t id = HUSBAND; id <= CHILD; id++)
    before[id] = person (h, id);
  mns_merge_info_t info = merge (h, WIFE, TWICE);
  /* the child and its birth, the husband and the wedding, her own marriage, the head of the household */
  assert_true (info.state == MNS_MERGE_MERGED && info.moved == 6);
  assert_string_equal (info.decided_by, "checker");
  assert_int_equal (harness_emitted_count (h), 2);
  mns_merge_t told;
  harness_emitted_record (h, 0, 0, &mns_merge_type, &told);
  assert_true (told.survivor == WIFE && told.merged == TWICE && !told.undone);
  mns_adjustment_t adjustment;
  harness_emitted_record (h, 1, 0, &mns_adjustment_type, &adjustment);
  assert_true (adjustment.person == TWICE && adjustment.adjustment == MNS_MERGE && adjustment.delta == -1);
  assert_int_equal (person (h, TWICE).status, MNS_REMOVED);
  assert_int_equal (person (h, CHILD).mother, WIFE);
  assert_int_equal (person (h, HUSBAND).spouse, WIFE);
  assert_true (person (h, WIFE).spouse == HUSBAND && person (h, WIFE).relation == mns_code_find (&mns_relation, "02"));
  assert_int_equal (stock (h), 1);

  assert_int_equal (unmerge (h, info.merge, &info), MNS_OK);
  assert_true (info.state == MNS_MERGE_UNDONE && info.undone == 20260701);
  assert_int_equal (harness_emitted_count (h), 2);
  harness_emitted_record (h, 0, 0, &mns_merge_type, &told);
  assert_int_equal (told.undone, MNS_YES);
  harness_emitted_record (h, 1, 0, &mns_adjustment_type, &adjustment);
  assert_int_equal (adjustment.delta, 1);
  for (uint64_t id = HUSBAND; id <= CHILD; id++) {
    mns_person_info_t after = person (h, id);
    after.since = before[id].since; /* the day of the last event, and what was noted, are what is new */
    after.valid_from = before[id].valid_from;
    strcpy (after.finding, before[id].finding);
    if (!mns_record_equal (&mns_person_info_type, &before[id], &after))
      fail_msg ("person %d is not as it was", (int)id);
  }
  assert_int_equal (stock (h), 2);
  assert_int_equal (unmerge (h, info.merge, NULL), MNS_WRONG_STATE);
  assert_int_equal (merge (h, WIFE, TWICE).moved, 6); /* and once more */
}

/* The answer was lost on the line: the same key gives the stored answer, the same request with another key finds it. */
static void test_sent_twice_is_one (void **state) {
  harness_t *h = *state;
  mns_buffer_t body = {0};
  mns_uuid_t key = mns_uuid_new ();
  mns_merge_info_t first, again;
  mns_merge_request_t it = request (WIFE, TWICE);
  mns_record_pack (&mns_merge_request_type, &it, &body);
  harness_set_account (h, "maker");
  assert_int_equal (harness_call_body (h, "registry.merge", &key, body.data, body.size), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_merge_info_type, &first));
  harness_restart (h);
  assert_int_equal (harness_call_body (h, "registry.merge", &key, body.data, body.size), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_merge_info_type, &again));
  assert_int_equal (again.merge, first.merge);
  assert_int_equal (ask (h, WIFE, TWICE).merge, first.merge);
  mns_buffer_clear (&body);
  mns_merge_decision_t yes = decision (first.merge, MNS_YES);
  mns_record_pack (&mns_merge_decision_type, &yes, &body);
  key = mns_uuid_new ();
  assert_int_equal (harness_call_body (h, "registry.decide-merge", &key, body.data, body.size), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 2);
  harness_restart (h);
  assert_int_equal (harness_call_body (h, "registry.decide-merge", &key, body.data, body.size), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 0);
  assert_int_equal (stock (h), 1);
  mns_buffer_fini (&body);
}

static void refused (harness_t *h, uint64_t survivor, uint64_t merged, mns_rc_t rc, const char *word) {
  mns_merge_request_t it = request (survivor, merged);
  assert_int_equal (harness_call (h, "registry.merge", &it, NULL), rc);
  assert_non_null (strstr (harness_error (h)->detail, word));
}

static void test_who_cannot_be_merged (void **state) {
  harness_t *h = *state;
  refused (h, WIFE, WIFE, MNS_INVALID, "itself");
  refused (h, TWICE, HUSBAND, MNS_CONFLICT, "kin");
  refused (h, CHILD, TWICE, MNS_CONFLICT, "kin");
  refused (h, WIFE, 99, MNS_NOT_FOUND, "99");
  mns_life_return_t birth = county_birth (20260601, HILL, "王大", MNS_FEMALE, WIFE);
  birth.plurality = 2;
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  birth.rank = 2;
  strcpy (birth.name, "王二");
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  refused (h, CHILD + 1, CHILD + 2, MNS_CONFLICT, "twins");
  mns_life_return_t death = county_return (MNS_DEATH, 20260620, HILL);
  death.person = WIFE;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  refused (h, TWICE, WIFE, MNS_WRONG_STATE, "make it the");
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  refused (h, WIFE, TWICE, MNS_FORBIDDEN, "division");
}

/* Who names the merged entry means the survivor: an event by number, a file that is loaded again. */
static void test_the_survivor_answers (void **state) {
  harness_t *h = *state;
  merge (h, WIFE, TWICE);
  harness_set_account (h, "maker");
  mns_row_outcome_t outcome;
  mns_person_row_t row = county_person (HILL, "李贰", MNS_FEMALE, 19900304, "");
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, &row, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_true (outcome.result == MNS_ROW_EXISTS && outcome.person == WIFE);
  mns_life_return_t death = county_return (MNS_DEATH, 20260620, HILL);
  mns_record_outcome_t recorded;
  death.person = TWICE;
  assert_int_equal (harness_call (h, "registry.record", &death, &recorded), MNS_OK);
  assert_int_equal (recorded.person, WIFE);
  mns_event_query_t events;
  mns_event_info_t info;
  size_t of_merged = 0;
  mns_record_clear (&mns_event_query_type, &events);
  events.person = WIFE;
  assert_int_equal (harness_call (h, "registry.events", &events, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_event_info_type, &info); i++)
    of_merged += info.merged == TWICE;
  assert_int_equal (of_merged, 2); /* its baseline and the merge */
}

/* A chain is undone from its end. */
static void test_merged_twice (void **state) {
  harness_t *h = *state;
  mns_merge_info_t first = merge (h, WIFE, TWICE);
  uint64_t third = load (h, LAKE, "李二", MNS_FEMALE, 19900305, 0, "", "");
  mns_merge_info_t second = merge (h, third, WIFE);
  assert_int_equal (person (h, CHILD).mother, third);
  assert_int_equal (unmerge (h, first.merge, NULL), MNS_WRONG_STATE);
  assert_int_equal (unmerge (h, second.merge, NULL), MNS_OK);
  assert_int_equal (person (h, CHILD).mother, WIFE);
  assert_int_equal (unmerge (h, first.merge, NULL), MNS_OK);
  assert_int_equal (person (h, CHILD).mother, TWICE);
}

/* A pair of the work list leaves it as merged; undone, the two are two. */
static void test_the_pair_on_the_list (void **state) {
  harness_t *h = *state;
  uint64_t other = load (h, LAKE, "赵三", MNS_MALE, 19700101, 1, "", "");
  mns_person_row_t row = county_person (LAKE, "赵三", MNS_MALE, 19700101, "");
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, &row, 1), MNS_OK);
  mns_merge_info_t info = merge (h, other, other + 1);
  mns_duplicate_query_t asked;
  mns_duplicate_info_t pair;
  mns_record_clear (&mns_duplicate_query_type, &asked);
  asked.person = other;
  assert_int_equal (harness_call (h, "registry.duplicates", &asked, &pair), MNS_OK);
  assert_int_equal (pair.state, MNS_DUPLICATE_MERGED);
  assert_int_equal (unmerge (h, info.merge, NULL), MNS_OK);
  assert_int_equal (harness_call (h, "registry.duplicates", &asked, &pair), MNS_OK);
  assert_int_equal (pair.state, MNS_DUPLICATE_DISMISSED);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_a_second_person_decides), WITH (test_references_and_figures_move_both_ways),
      WITH (test_sent_twice_is_one),       WITH (test_who_cannot_be_merged),
      WITH (test_the_survivor_answers),    WITH (test_merged_twice),
      WITH (test_the_pair_on_the_list),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
