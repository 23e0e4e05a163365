/* Marriage, divorce, adoption, households: what they change for whom, told late too, and what the others are told. */
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

/* At the start: in HILL household 1 of MAN (head), WIFE his wife and SON; in HILL 2 WIDOW alone; in LAKE 3 LONER. */
enum { MAN = 1, WIFE, SON, WIDOW, LONER };

static void load (harness_t *h, mns_place_t place, const char *name, mns_code_t sex, mns_date_t birth,
                  const char *household, const char *relation, const char *marital) {
  char number[19];
  mns_person_row_t row = county_person (place, name, sex, birth, county_number (birth, sex == MNS_MALE, number));
  strcpy (row.household, household);
  row.relation = mns_code_find (&mns_relation, relation);
  row.marital = mns_code_find (&mns_marital, marital);
  county_load (h, &row);
}

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  load (h, HILL, "王大", MNS_MALE, 19600101, "1", "02", "20");
  load (h, HILL, "李二", MNS_FEMALE, 19620202, "1", "12", "20");
  load (h, HILL, "王小", MNS_MALE, 19900303, "1", "21", "10");
  load (h, HILL, "陈三", MNS_FEMALE, 19580404, "2", "02", "30");
  load (h, LAKE, "赵四", MNS_MALE, 19850505, "3", "02", "");
  *state = h;
  return 0;
}

static int tear_down (void **state) {
  harness_t *h = *state;
  harness_destroy (&h);
  return 0;
}

static mns_life_return_t about (mns_code_t event, mns_date_t occurred, mns_place_t place, uint64_t person) {
  mns_life_return_t row = county_return (event, occurred, place);
  row.person = person;
  return row;
}

static mns_record_outcome_t record (harness_t *h, const mns_life_return_t *row) {
  mns_record_outcome_t outcome;
  mns_rc_t rc = harness_call (h, "registry.record", row, &outcome);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", harness_error (h)->where, harness_error (h)->detail);
  return outcome;
}

static void refused (harness_t *h, const mns_life_return_t *row, mns_rc_t rc, const char *field) {
  assert_int_equal (harness_call (h, "registry.record", row, NULL), rc);
  assert_string_equal (harness_error (h)->where, field);
  assert_int_equal (harness_emitted_count (h), 0);
}

static mns_person_info_t as_of (harness_t *h, uint64_t person, mns_date_t day) {
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  query.person = person;
  query.as_of = day;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  return info;
}

static void assert_marital (harness_t *h, uint64_t person, mns_date_t day, const char *marital, uint64_t spouse) {
  mns_person_info_t info = as_of (h, person, day);
  assert_string_equal (mns_code_word (&mns_marital, info.marital), marital);
  assert_int_equal (info.spouse, spouse);
}

static void assert_relation (harness_t *h, uint64_t person, const char *relation, uint64_t household) {
  mns_person_info_t info = as_of (h, person, 20260701);
  assert_string_equal (mns_code_word (&mns_relation, info.relation), relation);
  assert_int_equal (info.household, household);
}

/* ---- couples ----------------------------------------------------------------------------------------------------- */

static void test_marriage_and_divorce (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MARRIAGE, 20250301, HILL, WIDOW);
  row.partner_person = LONER;
  mns_record_outcome_t outcome = record (h, &row);
  mns_marriage_t marriage;
  assert_int_equal (harness_emitted_count (h), 1);
  harness_emitted_record (h, 0, 0, &mns_marriage_type, &marriage);
  assert_true (marriage.person == WIDOW && marriage.partner == LONER && marriage.partner_place == LAKE);
  assert_marital (h, WIDOW, 20250301, "22", LONER);
  assert_marital (h, LONER, 20250301, "20", WIDOW);
  assert_marital (h, LONER, 20250228, "", 0);
  row = about (MNS_MARRIAGE, 20250301, LAKE, LONER); /* the same, entered at the other's village */
  row.partner_person = WIDOW;
  mns_record_outcome_t again = record (h, &row);
  assert_true (again.result == MNS_ROW_EXISTS && again.event == outcome.event);
  row.occurred = row.registered = 20250401;
  refused (h, &row, MNS_WRONG_STATE, "event");
  row = about (MNS_DIVORCE, 20250601, LAKE, LONER);
  row.partner_person = MAN;
  refused (h, &row, MNS_CONFLICT, "partner_person");
  row.partner_person = 0;
  record (h, &row);
  assert_marital (h, WIDOW, 20250601, "40", 0);
  assert_marital (h, LONER, 20250601, "40", 0);
  row = about (MNS_MARRIAGE, 20250901, HILL, WIDOW);
  row.partner_person = LONER;
  record (h, &row);
  assert_marital (h, WIDOW, 20250901, "23", LONER); /* with the former husband */
}

static void test_partner_by_papers_and_from_elsewhere (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t row = about (MNS_MARRIAGE, 20250301, HILL, WIDOW);
  strcpy (row.partner_number, county_number (19850505, 1, number));
  strcpy (row.partner_name, "赵五");
  refused (h, &row, MNS_NOT_FOUND, "partner_number");
  strcpy (row.partner_name, "赵四");
  record (h, &row);
  assert_marital (h, LONER, 20250301, "20", WIDOW);
  row = about (MNS_MARRIAGE, 20250301, HILL, SON);
  strcpy (row.partner_name, "外地人");
  record (h, &row);
  assert_marital (h, SON, 20250301, "21", 0);
}

static void test_who_cannot_marry (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MARRIAGE, 20250301, HILL, WIDOW);
  row.partner_person = WIDOW;
  refused (h, &row, MNS_WRONG_STATE, "partner_person");
  row.partner_person = WIFE;
  refused (h, &row, MNS_WRONG_STATE, "partner_person");
  mns_life_return_t death = about (MNS_DEATH, 20250201, LAKE, LONER);
  record (h, &death);
  row.partner_person = LONER;
  refused (h, &row, MNS_WRONG_STATE, "partner_person");
}

static void test_death_leaves_a_widow (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MARRIAGE, 20250301, HILL, WIDOW);
  row.partner_person = LONER;
  record (h, &row);
  row = about (MNS_DEATH, 20250701, LAKE, LONER);
  row.death_cause = mns_code_find (&mns_death_cause, "circulatory");
  row.death_site = mns_code_find (&mns_death_site, "home");
  row.happened_at = AWAY;
  row.evidence = mns_code_find (&mns_evidence, "death_certificate");
  record (h, &row);
  mns_death_t death;
  harness_emitted_record (h, 0, 0, &mns_death_type, &death);
  assert_string_equal (mns_code_word (&mns_death_cause, death.death_cause), "circulatory");
  assert_true (death.place == LAKE && death.happened_at == AWAY);
  assert_marital (h, WIDOW, 20250630, "22", LONER);
  assert_marital (h, WIDOW, 20250701, "30", 0);
}

/* Registered after a later event: the marriage goes where it belongs, the divorce of later on stays. */
static void test_marriage_told_late (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20250901, FIELD, SON);
  record (h, &row);
  row = about (MNS_MARRIAGE, 20250301, HILL, SON);
  row.partner_person = WIDOW;
  row.registered = 20251001;
  record (h, &row);
  assert_marital (h, SON, 20250228, "10", 0);
  assert_marital (h, SON, 20250831, "21", WIDOW);
  assert_marital (h, SON, 20260701, "21", WIDOW);
  assert_int_equal (as_of (h, SON, 20250831).place, HILL);
  assert_int_equal (as_of (h, SON, 20260701).place, FIELD);
  assert_marital (h, WIDOW, 20250301, "22", SON);
}

/* ---- moves ------------------------------------------------------------------------------------------------------- */

static int64_t deaths (harness_t *h, mns_place_t place) {
  return county_count (h, place, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, "deaths", "male");
}

/* A move is entered after the death that followed it: the death happened in the new village. */
static void test_move_told_late_takes_later_events_along (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 20250901, HILL, SON);
  record (h, &row);
  assert_int_equal (deaths (h, HILL), 1);
  row = about (MNS_MOVE_WITHIN, 20250301, LAKE, SON);
  row.registered = 20251001;
  record (h, &row);
  mns_restatement_t before, after;
  assert_int_equal (harness_emitted_count (h), 2);
  harness_emitted_record (h, 1, 0, &mns_restatement_type, &before);
  harness_emitted_record (h, 1, 1, &mns_restatement_type, &after);
  assert_true (before.place == HILL && after.place == LAKE && after.event_kind == MNS_DEATH);
  mns_move_within_t move;
  harness_emitted_record (h, 0, 0, &mns_move_within_type, &move);
  assert_true (move.place == LAKE && move.current_place == LAKE);
  assert_int_equal (deaths (h, HILL), 0);
  assert_int_equal (deaths (h, LAKE), 1);
  mns_person_info_t info = as_of (h, SON, 20250831);
  assert_true (info.place == LAKE && info.status == MNS_PRESENT);
  info = as_of (h, SON, 20250901);
  assert_true (info.place == LAKE && info.status == MNS_DEAD);
  row = about (MNS_MOVE_WITHIN, 20251101, FIELD, SON);
  refused (h, &row, MNS_WRONG_STATE, "event");
}

static void test_whole_household_moves (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20250301, LAKE, MAN);
  row.whole_household = MNS_YES;
  record (h, &row);
  assert_int_equal (harness_emitted_count (h), 3);
  uint64_t household = as_of (h, MAN, 20250301).household;
  assert_relation (h, MAN, "02", household);
  assert_relation (h, WIFE, "12", household);
  assert_relation (h, SON, "21", household);
  assert_int_equal (as_of (h, WIFE, 20250301).place, LAKE);
  assert_int_equal (county_count (h, LAKE, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, "moves_in", "male"), 2);
  row = about (MNS_MOVE_OUT, 20250601, LAKE, SON);
  row.whole_household = MNS_YES;
  record (h, &row);
  assert_int_equal (as_of (h, WIFE, 20250601).status, MNS_MOVED_OUT);
}

/* All or nobody: one of them has died since. */
static void test_whole_household_or_nobody (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 20250601, HILL, WIFE);
  record (h, &row);
  row = about (MNS_MOVE_WITHIN, 20250301, LAKE, MAN);
  row.whole_household = MNS_YES;
  refused (h, &row, MNS_DATE_ORDER, "whole_household");
  assert_int_equal (as_of (h, MAN, 20250301).place, HILL);
}

static void test_an_incomer_settles (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t incomer = county_person (AWAY, "外人", MNS_MALE, 19800506, county_number (19800506, 5, number));
  incomer.residence = LAKE;
  county_load (h, &incomer);
  mns_life_return_t row = about (MNS_MOVE_IN, 20250301, LAKE, LONER + 1);
  mns_record_outcome_t outcome = record (h, &row);
  assert_int_equal (outcome.person, LONER + 1);
  assert_int_equal (harness_emitted_count (h), 2);
  mns_move_out_t out;
  mns_move_in_t in;
  harness_emitted_record (h, 0, 0, &mns_move_out_type, &out);
  harness_emitted_record (h, 1, 0, &mns_move_in_type, &in);
  assert_true (out.place == AWAY && out.residence == LAKE && in.place == LAKE && in.other_place == AWAY);
  assert_int_equal (county_count (h, LAKE, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, "incomers", "male"), 0);
  assert_int_equal (county_count (h, LAKE, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, "moves_in", "male"), 1);
  mns_person_info_t info = as_of (h, LONER + 1, 20250301);
  assert_true (info.place == LAKE && info.residence == 0 && info.status == MNS_PRESENT);
  assert_int_equal (record (h, &row).result, MNS_ROW_EXISTS);
}

/* ---- adoption ---------------------------------------------------------------------------------------------------- */

static void test_adoption_and_its_end (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_birth (20250315, HILL, "陈小", MNS_FEMALE, 0);
  row.mother = MNS_FOUNDLING;
  uint64_t child = record (h, &row).person;
  row = about (MNS_ADOPTION, 20250601, HILL, child);
  refused (h, &row, MNS_MISSING, "mother_person");
  row.mother_person = MAN;
  refused (h, &row, MNS_WRONG_STATE, "mother_person");
  row.mother_person = WIFE;
  row.father_person = MAN;
  record (h, &row);
  mns_adoption_t adoption;
  harness_emitted_record (h, 0, 0, &mns_adoption_type, &adoption);
  assert_true (adoption.adoptive_mother == WIFE && adoption.adoptive_father == MAN);
  assert_relation (h, child, "37", 1);
  assert_int_equal (as_of (h, child, 20250601).adoptive_mother, WIFE);
}

static void test_adoption_twice (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_ADOPTION, 20250601, HILL, SON);
  row.mother_person = WIDOW;
  record (h, &row);
  row.occurred = row.registered = 20250701;
  refused (h, &row, MNS_WRONG_STATE, "person");
  row = about (MNS_ADOPTION_END, 20250801, HILL, SON);
  record (h, &row);
  mns_person_info_t info = as_of (h, SON, 20250801);
  assert_int_equal (info.adoptive_mother, 0);
  assert_int_equal (as_of (h, SON, 20250731).adoptive_mother, WIDOW);
  row.occurred = row.registered = 20250901;
  refused (h, &row, MNS_WRONG_STATE, "person");
}

/* ---- households -------------------------------------------------------------------------------------------------- */

static void test_split_and_join (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_HOUSEHOLD_SPLIT, 20250301, HILL, SON);
  strcpy (row.household, "1b");
  mns_record_outcome_t outcome = record (h, &row);
  mns_membership_t membership;
  harness_emitted_record (h, 0, 0, &mns_membership_type, &membership);
  assert_true (membership.household == outcome.household && membership.other_household == 1);
  assert_relation (h, SON, "02", outcome.household);
  row = about (MNS_HOUSEHOLD_SPLIT, 20250302, HILL, SON);
  refused (h, &row, MNS_WRONG_STATE, "household"); /* alone now */
  row = about (MNS_HOUSEHOLD_JOIN, 20250401, HILL, WIFE);
  refused (h, &row, MNS_MISSING, "household");
  strcpy (row.household, "none");
  refused (h, &row, MNS_NOT_FOUND, "household");
  strcpy (row.household, "1b");
  row.relation = mns_code_find (&mns_relation, "52");
  record (h, &row);
  assert_relation (h, WIFE, "52", outcome.household);
  row = about (MNS_HOUSEHOLD_JOIN, 20250501, HILL, SON);
  strcpy (row.household, "2");
  row.whole_household = MNS_YES;
  record (h, &row);
  assert_relation (h, SON, "", 2);
  assert_relation (h, WIFE, "", 2);
  assert_relation (h, WIDOW, "02", 2);
}

static void test_head_changes (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_HEAD_CHANGE, 20250301, HILL, SON);
  record (h, &row);
  assert_int_equal (harness_emitted (h, 0)->items, 3);
  assert_relation (h, SON, "02", 1);
  assert_relation (h, MAN, "51", 1);
  assert_relation (h, WIFE, "52", 1);
  row.occurred = row.registered = 20250401;
  refused (h, &row, MNS_WRONG_STATE, "person");
}

/* ---- the day of a marriage is corrected -------------------------------------------------------------------------- */

static void test_day_of_a_marriage (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MARRIAGE, 20250301, HILL, WIDOW);
  row.partner_person = LONER;
  mns_correct_request_t it;
  mns_record_clear (&mns_correct_request_type, &it);
  it.event = record (h, &row).event;
  strcpy (it.field, "occurred");
  strcpy (it.value, "2025-02-01");
  strcpy (it.reason, "certificate seen");
  assert_int_equal (harness_call (h, "registry.correct", &it, NULL), MNS_OK);
  assert_marital (h, LONER, 20250131, "", 0);
  assert_marital (h, LONER, 20250201, "20", WIDOW);
  assert_marital (h, WIDOW, 20250201, "22", LONER);
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_marriage_and_divorce),  WITH (test_partner_by_papers_and_from_elsewhere),
      WITH (test_who_cannot_marry),      WITH (test_death_leaves_a_widow),
      WITH (test_marriage_told_late),    WITH (test_move_told_late_takes_later_events_along),
      WITH (test_whole_household_moves), WITH (test_whole_household_or_nobody),
      WITH (test_an_incomer_settles),    WITH (test_adoption_and_its_end),
      WITH (test_adoption_twice),        WITH (test_split_and_join),
      WITH (test_head_changes),          WITH (test_day_of_a_marriage),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
