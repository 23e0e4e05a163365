/* Findings: opened and closed with the facts, seen by whom they concern, the check of the whole, the rate on the bus.
 */
#include "common/embedded.h"
#include "common/records/registry_quality.h"
#include "services/registry/registry.h"
#include "services/registry/store_finding.h"
#include "tests/support/county.h"
#include "tests/support/test.h"
#include <sys/stat.h>

enum { MOTHER = 1, MAN };

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  char number[19];
  mns_person_row_t row = county_person (HILL, "李二", MNS_FEMALE, 19900304, county_number (19900304, 2, number));
  strcpy (row.household, "1");
  row.relation = mns_code_find (&mns_relation, "02");
  county_load (h, &row);
  row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  strcpy (row.household, "1");
  row.relation = mns_code_find (&mns_relation, "99");
  county_load (h, &row);
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static size_t list (harness_t *h, mns_code_t state, const char *rule, mns_finding_info_t *info) {
  mns_finding_query_t asked;
  mns_finding_info_t found;
  size_t count = 0;
  mns_record_clear (&mns_finding_query_type, &asked);
  asked.state = state;
  asked.rule = mns_code_find (&mns_quality_rule, rule);
  assert_int_equal (harness_call (h, "registry.findings", &asked, NULL), MNS_OK);
  for (; harness_reply (h, count, &mns_finding_info_type, &found); count++)
    if (info)
      *info = found;
  return count;
}

static void correct (harness_t *h, uint64_t person, const char *field, const char *value, mns_rc_t rc) {
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.person = person;
  strcpy (it.field, field);
  strcpy (it.value, value);
  strcpy (it.reason, "card seen");
  it.confirm = MNS_YES;
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), rc);
}

typedef struct {
  int64_t checked, opened, corrected;
  size_t slices, events;
} totals_t;

static totals_t check_all (harness_t *h) {
  totals_t totals = {0};
  mns_quality_check_t slice;
  mns_quality_checked_t answer;
  mns_record_clear (&mns_quality_check_type, &slice);
  do {
    assert_int_equal (harness_call (h, "registry.check-quality", &slice, &answer), MNS_OK);
    totals.checked += answer.checked;
    totals.opened += answer.opened;
    totals.corrected += answer.corrected;
    totals.events += harness_emitted_count (h);
    totals.slices++;
    slice.phase = answer.phase;
    slice.after = answer.after;
    assert_true (totals.slices < 5000);
  } while (answer.phase);
  return totals;
}

static void test_opened_and_corrected (void **state) {
  harness_t *h = *state;
  mns_finding_info_t info;
  correct (h, MAN, "birth", "1960-02-04", MNS_OK);
  assert_int_equal (list (h, 0, "number_birth", &info), 1);
  assert_true (info.person == MAN && info.place == HILL && info.owner == TOWN && info.severity == MNS_QUESTION);
  assert_true (info.opened == 20260701 && info.deadline == 20260731 && !info.restricted);
  correct (h, MAN, "birth", "1960-02-03", MNS_OK);
  assert_int_equal (list (h, 0, "number_birth", NULL), 0);
  assert_int_equal (list (h, MNS_FINDING_CORRECTED, "number_birth", &info), 1);
  assert_true (info.closed == 20260701);
  assert_string_equal (info.account, "tester");
}

/* The finding about one is closed by the correction of another. */
static void test_whom_a_correction_concerns (void **state) {
  harness_t *h = *state;
  mns_life_return_t birth = county_birth (20260601, HILL, "李小一", MNS_FEMALE, MOTHER);
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  correct (h, MOTHER, "birth", "1968-03-04", MNS_OK);
  mns_finding_info_t info;
  assert_int_equal (list (h, 0, "mother_age", &info), 1);
  assert_int_equal (info.person, 3);
  correct (h, MOTHER, "birth", "1990-03-04", MNS_OK);
  assert_int_equal (list (h, 0, "mother_age", NULL), 0);
  char number[19], other[19];
  correct (h, MAN, "citizen_number", county_number (19900304, 2, number), MNS_OK);
  assert_int_equal (list (h, 0, "number_shared", NULL), 2);
  correct (h, MAN, "citizen_number", county_number (19600203, 1, other), MNS_OK);
  assert_int_equal (list (h, 0, "number_shared", NULL), 0);
}

/* By hand, with a reason; it stays closed until the facts change. */
static void test_closed_by_hand (void **state) {
  harness_t *h = *state;
  mns_finding_info_t info;
  mns_finding_close_t close;
  correct (h, MAN, "birth", "1960-02-04", MNS_OK);
  assert_int_equal (list (h, 0, "number_birth", &info), 1);
  mns_record_clear (&mns_finding_close_type, &close);
  close.finding = info.finding;
  assert_int_equal (harness_call (h, "registry.close-finding", &close, NULL), MNS_MISSING);
  strcpy (close.reason, "number issued wrongly, card seen");
  assert_int_equal (harness_call (h, "registry.close-finding", &close, &info), MNS_OK);
  assert_true (info.state == MNS_FINDING_CLOSED && info.closed == 20260701);
  assert_int_equal (harness_call (h, "registry.close-finding", &close, NULL), MNS_WRONG_STATE);
  correct (h, MAN, "ethnic", "01", MNS_OK);
  check_all (h);
  assert_int_equal (list (h, 0, "number_birth", NULL), 0);
}

static void test_households (void **state) {
  harness_t *h = *state;
  mns_finding_info_t info;
  mns_person_row_t row = county_person (HILL, "赵四", MNS_MALE, 19700101, "");
  strcpy (row.household, "1");
  row.relation = mns_code_find (&mns_relation, "02");
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, &row, 1), MNS_OK);
  check_all (h);
  assert_int_equal (list (h, 0, "household_two_heads", &info), 1);
  assert_true (info.household == 1 && info.place == HILL && info.person == 0);
  mns_life_return_t death = county_return (MNS_DEATH, 20260620, HILL);
  death.person = MOTHER;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  assert_int_equal (list (h, 0, "household_two_heads", NULL), 0);
  death.person = 3;
  assert_int_equal (harness_call (h, "registry.record", &death, NULL), MNS_OK);
  assert_int_equal (list (h, 0, "household_no_head", NULL), 0); /* one is left, who needs none */
}

static const char *remarks_of (harness_t *h, uint64_t person) {
  static mns_person_info_t info;
  mns_person_query_t query;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = person;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  return info.finding;
}

/* What points at somebody under 14 is for those who decide; what is of another division for nobody here. */
static void test_who_sees_it (void **state) {
  harness_t *h = *state;
  mns_life_return_t birth = county_birth (20260601, HILL, "李小一", MNS_FEMALE, MOTHER);
  assert_int_equal (harness_call (h, "registry.record", &birth, NULL), MNS_OK);
  char number[19];
  correct (h, 3, "citizen_number", county_number (20260601, 1, number), MNS_OK);
  mns_finding_info_t info;
  assert_int_equal (list (h, 0, "number_sex", &info), 1);
  assert_int_equal (info.restricted, MNS_YES);
  harness_set_caller (h, MNS_CLERK, TOWN);
  assert_int_equal (list (h, 0, "number_sex", NULL), 0);
  mns_finding_close_t close;
  mns_record_clear (&mns_finding_close_type, &close);
  close.finding = info.finding;
  strcpy (close.reason, "seen");
  assert_int_equal (harness_call (h, "registry.close-finding", &close, NULL), MNS_FORBIDDEN);
  assert_null (strstr (remarks_of (h, 3), "other sex"));
  harness_set_caller (h, MNS_APPROVER, TOWN);
  assert_int_equal (list (h, 0, "number_sex", NULL), 1);
  assert_non_null (strstr (remarks_of (h, 3), "other sex"));
  harness_set_caller (h, MNS_APPROVER, TOWN_TWO);
  assert_int_equal (list (h, 0, "number_sex", NULL), 0);
  harness_set_caller (h, MNS_CLERK, TOWN);
  assert_int_equal (harness_call (h, "registry.check-quality", &(mns_quality_check_t){0}, NULL), MNS_FORBIDDEN);
}

/* What is in the store from before the rules is found by the check: written here behind the registry's back. */
static void test_the_check_finds_what_is_there (void **state) {
  harness_t *h = *state;
  char number[19], sql[400];
  totals_t totals = check_all (h);
  assert_int_equal (totals.opened, 0);
  mns_person_row_t row = county_person (LAKE, "王一", MNS_MALE, 19600203, county_number (19600203, 113, number));
  county_load (h, &row);
  snprintf (sql, sizeof sql,
            "UPDATE person SET place = %lld, entry_place = %lld, mother = 2, marital = '20', birth = 20200229 WHERE id "
            "= 3; UPDATE place SET valid_to = 20260101 WHERE code = %lld; UPDATE person SET relation = '10' WHERE id = "
            "1",
            (long long)FIELD, (long long)FIELD, (long long)FIELD);
  assert_int_equal (mns_db_exec (harness_db (h), sql, NULL), MNS_OK);
  totals = check_all (h);
  assert_int_equal (list (h, 0, "number_birth", NULL), 1);
  assert_int_equal (list (h, 0, "marital_age_men", NULL), 1);
  assert_int_equal (list (h, 0, "household_no_head", NULL), 1);
  assert_int_equal (list (h, 0, "place_ended", NULL), 1);
  assert_int_equal (list (h, 0, "mother_age", NULL), 1);
  assert_int_equal (totals.opened, 5);
  assert_int_equal (check_all (h).opened, 0);
  snprintf (sql, sizeof sql, "UPDATE place SET valid_to = NULL WHERE code = %lld", (long long)FIELD);
  assert_int_equal (mns_db_exec (harness_db (h), sql, NULL), MNS_OK);
  assert_int_equal (check_all (h).corrected, 1);
}

static void write_rule (harness_t *h, const char *rule) {
  char path[400];
  snprintf (path, sizeof path, "%s/catalogue", harness_config (h)->data);
  assert_int_equal (mkdir (path, 0700), 0);
  strcat (path, "/quality.yaml");
  FILE *file = fopen (path, "w");
  assert_non_null (file);
  fprintf (file, "rules:\n  - {rule: %s, severity: must, days: 1, en: It must fit, zh: 必须相符}\n", rule);
  assert_int_equal (fclose (file), 0);
}

/* An administrator makes a question one that must hold: entries, events and corrections that break it are refused. */
static void test_what_must_hold_is_refused (void **state) {
  harness_t *h = *state;
  char number[19];
  write_rule (h, "number_sex");
  harness_restart (h);
  correct (h, MAN, "sex", "female", MNS_CONFLICT);
  assert_string_equal (harness_error (h)->where, "number_sex");
  assert_string_equal (harness_error (h)->detail, "It must fit: the citizen number is one of the other sex");
  correct (h, MAN, "birth", "1960-02-04", MNS_OK); /* is not asked any more */
  assert_int_equal (list (h, 0, "", NULL), 0);
  mns_person_row_t row = county_person (HILL, "赵四", MNS_MALE, 19700101, county_number (19700101, 2, number));
  mns_row_outcome_t outcome;
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, &row, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_string_equal (outcome.error, "conflict");
  mns_life_return_t moved = county_return (MNS_MOVE_IN, 20260601, HILL);
  strcpy (moved.name, "赵四");
  strcpy (moved.citizen_number, number);
  moved.sex = MNS_MALE;
  moved.birth = 19700101;
  assert_int_equal (harness_call (h, "registry.record", &moved, NULL), MNS_CONFLICT);
  moved.sex = MNS_FEMALE;
  assert_int_equal (harness_call (h, "registry.record", &moved, NULL), MNS_OK);
}

/* Pairs that no index proposed at entry: the same name and birth date in two villages, another form of the name. */
static void test_the_check_finds_pairs (void **state) {
  harness_t *h = *state;
  mns_person_row_t row = county_person (LAKE, "王一", MNS_MALE, 19600203, "");
  county_load (h, &row);
  row = county_person (HILL, "买买提·阿依古丽", MNS_FEMALE, 19700101, "");
  county_load (h, &row);
  row = county_person (LAKE, "阿依古丽·买买提", MNS_FEMALE, 19700101, "");
  county_load (h, &row);
  row = county_person (HILL, "王一", MNS_MALE, 19600302, "");
  county_load (h, &row);
  assert_int_equal (check_all (h).opened, 3);
  assert_int_equal (check_all (h).opened, 0);
}

/* One event a village when its rate has changed. */
static void test_rates (void **state) {
  harness_t *h = *state;
  correct (h, MAN, "birth", "1960-02-04", MNS_OK);
  assert_int_equal (check_all (h).events, 1);
  assert_int_equal (check_all (h).events, 0);
  correct (h, MAN, "birth", "1960-02-03", MNS_OK);
  mns_quality_check_t slice;
  mns_record_clear (&mns_quality_check_type, &slice);
  slice.phase = MNS_CHECK_RATES;
  assert_int_equal (harness_call (h, "registry.check-quality", &slice, NULL), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_memory_equal (event->topic, "registry.quality.510322101201.2026-07", event->topic_size);
  mns_quality_rate_t rate;
  harness_emitted_record (h, 0, 0, &mns_quality_rate_type, &rate);
  assert_true (rate.persons == 2 && rate.opened == 1 && rate.corrected == 1 && rate.standing == 0 && rate.overdue == 0);
}

/* A store of the version before: what was noted about a person is a remark still. */
static void test_remarks_of_before (void **state) {
  (void)state;
  mns_embedded_t files[16] = {{0}};
  size_t count = 0;
  for (const mns_embedded_t *file = mns_embedded_registry; file->path; file++)
    if (strncmp (file->path, "schema/", 7) == 0 && strcmp (file->path, "schema/006") < 0)
      files[count++] = *file;
  mns_db_t *db = NULL;
  mns_db_options_t options = {.path = ":memory:"};
  assert_int_equal (mns_db_open (&db, &options, NULL), MNS_OK);
  assert_int_equal (mns_db_add_functions (db, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "registry", files, NULL), MNS_OK);
  assert_int_equal (mns_db_exec (db,
                                 "INSERT INTO place (code, name, level) VALUES (510322101201, 'x', 5);"
                                 "INSERT INTO household (id, place) VALUES (1, 510322101201);"
                                 "INSERT INTO person (id, household, name, sex, birth, place, status) VALUES "
                                 "(1, 1, 'x', 'male', 19600203, 510322101201, 'present');"
                                 "INSERT INTO finding (id, person, field, detail, recorded) VALUES "
                                 "(7, 1, 'citizen_number', 'noted then', 1782864000000000)",
                                 NULL),
                    MNS_OK);
  assert_int_equal (mns_db_migrate (db, "registry", mns_embedded_registry, NULL), MNS_OK);
  registry_findings_t findings;
  registry_finding_t finding;
  char text[100];
  registry_findings_init (&findings, db);
  assert_int_equal (registry_finding_get (&findings, 7, &finding, NULL), MNS_OK);
  assert_true (finding.rule == MNS_RULE_REMARK && finding.state == MNS_FINDING_NOTED && finding.about.person == 1);
  assert_int_equal (registry_remarks (&findings, 1, 0, text, sizeof text), MNS_OK);
  assert_string_equal (text, "noted then");
  mns_db_destroy (&db);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_opened_and_corrected),
      WITH (test_whom_a_correction_concerns),
      WITH (test_closed_by_hand),
      WITH (test_households),
      WITH (test_who_sees_it),
      WITH (test_the_check_finds_what_is_there),
      WITH (test_what_must_hold_is_refused),
      WITH (test_the_check_finds_pairs),
      WITH (test_rates),
      cmocka_unit_test (test_remarks_of_before),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
