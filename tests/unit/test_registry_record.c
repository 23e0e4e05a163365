/* Events of life: births, deaths, moves, adjustments; the same again, contradictions, and what the others are told. */
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"

/* Three people at the start: 1 a woman of 1990 in HILL, 2 a man of 1960 in HILL, 3 an incomer who lives in LAKE. */
enum { WOMAN = 1, MAN, INCOMER };

static int set_up (void **state) {
  harness_t *h = county_new (&mns_registry_service);
  char number[19];
  mns_person_row_t row = county_person (HILL, "李二", MNS_FEMALE, 19900304, county_number (19900304, 2, number));
  row.registration = MNS_RURAL;
  strcpy (row.household, "7");
  county_load (h, &row);
  row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 1, number));
  county_load (h, &row);
  row = county_person (AWAY, "陈五", MNS_MALE, 19800506, county_number (19800506, 5, number));
  row.residence = LAKE;
  county_load (h, &row);
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

static mns_record_outcome_t created (harness_t *h, const mns_life_return_t *row, const char *topic) {
  mns_record_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.record", row, &outcome), MNS_OK);
  assert_int_equal (outcome.result, MNS_ROW_CREATED);
  assert_int_equal (harness_emitted_count (h), 1);
  const mns_event_t *event = harness_emitted (h, 0);
  assert_int_equal (event->topic_size, strlen (topic));
  assert_memory_equal (event->topic, topic, event->topic_size);
  assert_int_equal (outcome.number, event->number);
  return outcome;
}

static void exists (harness_t *h, const mns_life_return_t *row, uint64_t person) {
  mns_record_outcome_t outcome;
  assert_int_equal (harness_call (h, "registry.record", row, &outcome), MNS_OK);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (outcome.person, person);
  assert_int_equal (harness_emitted_count (h), 0);
}

static void refused (harness_t *h, const mns_life_return_t *row, mns_rc_t rc, const char *field, const char *words) {
  assert_int_equal (harness_call (h, "registry.record", row, NULL), rc);
  assert_int_equal (harness_emitted_count (h), 0);
  assert_string_equal (harness_error (h)->where, field);
  if (!strstr (harness_error (h)->detail, words))
    fail_msg ("'%s' does not say '%s'", harness_error (h)->detail, words);
}

/* ---- births ----------------------------------------------------------------------------------------------------- */

static void test_birth (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_birth (20260315, HILL, "李小一", MNS_FEMALE, WOMAN);
  mns_record_outcome_t outcome = created (h, &row, "registry.birth.510322101201.registered");
  mns_birth_t birth;
  harness_emitted_record (h, 0, 0, &mns_birth_type, &birth);
  assert_int_equal (birth.person, outcome.person);
  assert_int_equal (birth.mother_person, WOMAN);
  assert_int_equal (birth.mother, MNS_MOTHER_REGISTERED);
  assert_int_equal (birth.birth, 20260315);
  assert_int_equal (birth.household, 1); /* the mother's */
  assert_int_equal (birth.plurality, 1);
  assert_int_equal (birth.registration, MNS_RURAL);
  exists (h, &row, outcome.person);
}

static void test_mother_by_number_and_name (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t row = county_birth (20260315, HILL, "李小一", MNS_FEMALE, 0);
  row.mother = 0;
  refused (h, &row, MNS_MISSING, "mother", "elsewhere");
  strcpy (row.mother_number, county_number (19900304, 2, number));
  strcpy (row.mother_name, "李三");
  refused (h, &row, MNS_NOT_FOUND, "mother_number", "mother=elsewhere");
  strcpy (row.mother_name, "李二");
  created (h, &row, "registry.birth.510322101201.registered");
  mns_birth_t birth;
  harness_emitted_record (h, 0, 0, &mns_birth_type, &birth);
  assert_int_equal (birth.mother_person, WOMAN);
}

static void test_twins_and_the_birth_that_is_too_near (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_birth (20250315, HILL, "李小一", MNS_FEMALE, WOMAN);
  row.plurality = 2;
  created (h, &row, "registry.birth.510322101201.registered");
  mns_life_return_t twin = county_birth (20250315, HILL, "李小二", MNS_FEMALE, WOMAN);
  twin.plurality = 2;
  refused (h, &twin, MNS_LIKELY_DUPLICATE, "name", "register number 4"); /* rank 1 again */
  twin.rank = 2;
  created (h, &twin, "registry.birth.510322101201.registered");
  mns_birth_t second;
  harness_emitted_record (h, 0, 0, &mns_birth_type, &second);
  assert_true (second.plurality == 2 && second.rank == 2);
  mns_life_return_t near = county_birth (20251101, HILL, "李小三", MNS_MALE, WOMAN);
  refused (h, &near, MNS_LIKELY_DUPLICATE, "occurred", "231 days");
  near.confirm = MNS_YES;
  created (h, &near, "registry.birth.510322101201.registered");
  mns_life_return_t later = county_birth (20260901, HILL, "李小四", MNS_MALE, WOMAN);
  refused (h, &later, MNS_OUT_OF_RANGE, "occurred", "2026-07-01");
  assert_int_equal (county_count (h, COUNTY, 202501, 202512, MNS_BY_OCCURRENCE, "deliveries", "twins"), 1);
}

static void test_mothers_who_cannot_be (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = county_birth (20260315, HILL, "王小一", MNS_FEMALE, MAN);
  refused (h, &row, MNS_WRONG_STATE, "mother_person", "a man");
  row.mother_person = 99;
  refused (h, &row, MNS_NOT_FOUND, "person", "99");
  mns_life_return_t death = about (MNS_DEATH, 20260310, HILL, WOMAN);
  created (h, &death, "registry.death.510322101201.registered");
  row.mother_person = WOMAN;
  refused (h, &row, MNS_WRONG_STATE, "mother_person", "2026-03-15");
  row.occurred = 20260309; /* born before the mother died, registered after */
  created (h, &row, "registry.birth.510322101201.registered");
}

/* ---- deaths ----------------------------------------------------------------------------------------------------- */

static void test_death (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 20260310, HILL, MAN);
  row.registered = 20260401;
  created (h, &row, "registry.death.510322101201.registered");
  mns_death_t death;
  harness_emitted_record (h, 0, 0, &mns_death_type, &death);
  assert_int_equal (death.occurred, 20260310);
  assert_int_equal (death.registered, 20260401);
  assert_string_equal (death.name, "王一");
  exists (h, &row, MAN);
  row.occurred = 20260311;
  refused (h, &row, MNS_WRONG_STATE, "event", "person 2, since 2026-03-10: in state 'dead'");
}

static void test_who_died (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t row = county_return (MNS_DEATH, 20260310, HILL);
  refused (h, &row, MNS_MISSING, "person", "register number");
  strcpy (row.citizen_number, county_number (19600203, 1, number));
  refused (h, &row, MNS_MISSING, "name", "mistyped");
  strcpy (row.name, "王二");
  refused (h, &row, MNS_NOT_FOUND, "citizen_number", "mns person search");
  row.person = MAN;
  refused (h, &row, MNS_CONFLICT, "name", "another name");
  row.person = 0;
  strcpy (row.name, "王一");
  row.place = LAKE;
  refused (h, &row, MNS_CONFLICT, "place", "510322101201");
  row.place = HILL;
  row.citizen_number[0] = 0;
  row.birth = 19600203;
  created (h, &row, "registry.death.510322101201.registered");
}

static void test_two_of_one_name (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t row = county_person (HILL, "王一", MNS_MALE, 19600203, county_number (19600203, 9, number));
  row.confirm = MNS_YES;
  assert_int_equal (county_bulk (h, "registry.load", &mns_person_row_type, &row, 1), MNS_OK);
  mns_life_return_t death = county_return (MNS_DEATH, 20260310, HILL);
  strcpy (death.name, "王一");
  death.birth = 19600203;
  refused (h, &death, MNS_CONFLICT, "person", "several");
  strcpy (death.citizen_number, number);
  mns_record_outcome_t outcome = created (h, &death, "registry.death.510322101201.registered");
  assert_int_equal (outcome.person, 4);
}

static void test_dates (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 19590101, HILL, MAN);
  refused (h, &row, MNS_DATE_ORDER, "occurred", "1959-01-01 is before the birth on 1960-02-03");
  row.occurred = 20260702;
  row.registered = 20260702;
  refused (h, &row, MNS_OUT_OF_RANGE, "occurred", "2026-07-02 lies after today, 2026-07-01");
  row.occurred = 20260610;
  row.registered = 20260609;
  refused (h, &row, MNS_DATE_ORDER, "registered", "2026-06-09");
  mns_life_return_t move = about (MNS_MOVE_WITHIN, 20260601, LAKE, MAN);
  created (h, &move, "registry.move-within.510322101202.registered");
  row = about (MNS_DEATH, 20260531, LAKE, MAN);
  refused (h, &row, MNS_DATE_ORDER, "occurred", "2026-06-01");
}

/* ---- moves ------------------------------------------------------------------------------------------------------ */

static void test_move_within_counts_at_both_ends (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20260601, FIELD, MAN);
  created (h, &row, "registry.move-within.510322102201.registered");
  mns_move_within_t move;
  harness_emitted_record (h, 0, 0, &mns_move_within_type, &move);
  assert_true (move.other_place == HILL && move.place == FIELD);
  assert_int_equal (county_count (h, FIELD, 202606, 202606, MNS_BY_OCCURRENCE, "moves_in", "male"), 1);
  assert_int_equal (county_count (h, TOWN, 202606, 202606, MNS_BY_OCCURRENCE, "moves_out", "male"), 1);
  assert_int_equal (county_count (h, COUNTY, 202606, 202606, MNS_BY_OCCURRENCE, "moves_out", "male"), 0);
  exists (h, &row, MAN);
  row.occurred = row.registered = 20260602;
  refused (h, &row, MNS_WRONG_STATE, "place", "already");
}

static void test_out_and_back (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t out = about (MNS_MOVE_OUT, 20260301, HILL, MAN);
  out.other_place = LAKE;
  refused (h, &out, MNS_INVALID, "other_place", "move_within");
  out.other_place = AWAY;
  created (h, &out, "registry.move-out.510322101201.registered");
  mns_life_return_t in = county_return (MNS_MOVE_IN, 20260501, FIELD);
  strcpy (in.name, "王一");
  strcpy (in.citizen_number, county_number (19600203, 1, number)); /* sex and birth are in it */
  mns_record_outcome_t outcome = created (h, &in, "registry.move-in.510322102201.registered");
  assert_int_equal (outcome.person, MAN); /* who comes back keeps the register number */
  exists (h, &in, MAN);
  exists (h, &out, MAN);
  in.occurred = in.registered = 20260601;
  refused (h, &in, MNS_WRONG_STATE, "person", "number 2");
}

static void test_incomer_leaves (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20260301, HILL, INCOMER);
  refused (h, &row, MNS_WRONG_STATE, "person", "move_out");
  row = about (MNS_MOVE_OUT, 20260301, LAKE, INCOMER);
  created (h, &row, "registry.move-out.510322101202.registered");
  assert_int_equal (county_count (h, LAKE, MNS_NONE, 202602, MNS_BY_REGISTRATION, "incomers", "male"), 1);
  assert_int_equal (county_count (h, LAKE, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "incomers", "male"), 0);
  assert_int_equal (county_count (h, COUNTY, MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION, "moves_out", "male"), 0);
}

/* ---- adjustments ------------------------------------------------------------------------------------------------ */

static void test_adjustments (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_ADJUSTMENT, 20251231, HILL, MAN);
  refused (h, &row, MNS_MISSING, "adjustment", "omitted");
  row.adjustment = MNS_BOUNDARY;
  refused (h, &row, MNS_INVALID, "adjustment", "omitted");
  row.adjustment = MNS_DUPLICATE;
  created (h, &row, "registry.adjustment.510322101201.registered");
  mns_adjustment_t adjustment;
  harness_emitted_record (h, 0, 0, &mns_adjustment_type, &adjustment);
  assert_int_equal (adjustment.delta, -1);
  mns_life_return_t again = about (MNS_ADJUSTMENT, 20260105, HILL, MAN); /* it was no duplicate after all */
  again.adjustment = MNS_OMITTED;
  created (h, &again, "registry.adjustment.510322101201.registered");
  mns_life_return_t omitted = county_return (MNS_ADJUSTMENT, 20251231, LAKE);
  omitted.adjustment = MNS_OMITTED;
  strcpy (omitted.name, "赵九");
  omitted.sex = MNS_MALE;
  omitted.birth = 19700101;
  mns_record_outcome_t outcome = created (h, &omitted, "registry.adjustment.510322101202.registered");
  exists (h, &omitted, outcome.person);
  assert_int_equal (county_count (h, COUNTY, 202512, 202512, MNS_BY_OCCURRENCE, "adjustments", "duplicate.male"), -1);
  assert_int_equal (county_count (h, COUNTY, 202512, 202601, MNS_BY_OCCURRENCE, "adjustments", "omitted.male"), 2);
}

/* An entry that was taken out stands in nobody's way. */
static void test_removed_is_no_likely_duplicate (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_life_return_t in = county_return (MNS_MOVE_IN, 20260501, FIELD);
  strcpy (in.name, "王二");
  strcpy (in.citizen_number, county_number (19600203, 1, number));
  refused (h, &in, MNS_LIKELY_DUPLICATE, "citizen_number", "register number 2");
  mns_life_return_t row = about (MNS_ADJUSTMENT, 20251231, HILL, MAN);
  row.adjustment = MNS_ANNULMENT;
  created (h, &row, "registry.adjustment.510322101201.registered");
  created (h, &in, "registry.move-in.510322102201.registered");
}

/* Two entries of one person, found by a corrected number: one is taken out, the other goes on living. */
static void test_the_one_that_stays_comes_back (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t twice = county_person (FIELD, "王一", MNS_MALE, 19600203, "");
  mns_correct_request_t correct;
  county_load (h, &twice);
  mns_record_clear (&mns_correct_request_type, &correct);
  correct.person = 4;
  correct.confirm = MNS_YES;
  strcpy (correct.field, "citizen_number");
  strcpy (correct.value, county_number (19600203, 1, number));
  strcpy (correct.reason, "card seen");
  assert_int_equal (harness_call (h, "registry.correct", &correct, NULL), MNS_OK);
  mns_life_return_t row = about (MNS_ADJUSTMENT, 20260101, HILL, MAN);
  row.adjustment = MNS_DUPLICATE;
  created (h, &row, "registry.adjustment.510322101201.registered");
  row = about (MNS_MOVE_OUT, 20260301, FIELD, 4);
  created (h, &row, "registry.move-out.510322102201.registered");
  row = county_return (MNS_MOVE_IN, 20260401, LAKE);
  strcpy (row.name, "王一");
  strcpy (row.citizen_number, number);
  assert_int_equal (created (h, &row, "registry.move-in.510322101202.registered").person, 4);
}

/* What the row of a return says of the registration is kept, even where nothing else changes. */
static void test_registration_of_who_is_put_back (void **state) {
  harness_t *h = *state;
  mns_person_query_t query;
  mns_person_info_t info;
  mns_life_return_t row = about (MNS_ADJUSTMENT, 20260101, HILL, WOMAN);
  row.adjustment = MNS_ANNULMENT;
  created (h, &row, "registry.adjustment.510322101201.registered");
  row = about (MNS_ADJUSTMENT, 20260201, HILL, WOMAN);
  row.adjustment = MNS_OMITTED;
  row.registration = MNS_URBAN;
  created (h, &row, "registry.adjustment.510322101201.registered");
  mns_record_clear (&mns_person_query_type, &query);
  query.person = WOMAN;
  assert_int_equal (harness_call (h, "registry.person", &query, &info), MNS_OK);
  assert_int_equal (info.registration, MNS_URBAN);
}

/* ---- counting --------------------------------------------------------------------------------------------------- */

static int64_t ever (harness_t *h, mns_place_t place, const char *measure, const char *dimension) {
  return county_count (h, place, MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE, measure, dimension);
}

/* Registered here, living elsewhere: counted where registered until the person dies, leaves or comes home. */
static void test_away (void **state) {
  harness_t *h = *state;
  char number[19];
  mns_person_row_t person = county_person (HILL, "孙六", MNS_MALE, 19850506, county_number (19850506, 7, number));
  person.residence = AWAY;
  county_load (h, &person);
  assert_int_equal (ever (h, HILL, "away", "male"), 1);
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20260201, FIELD, 4);
  created (h, &row, "registry.move-within.510322102201.registered");
  assert_int_equal (ever (h, HILL, "away", "male"), 0);
  assert_int_equal (ever (h, FIELD, "away", "male"), 1);
  assert_int_equal (ever (h, COUNTY, "away", "male"), 1);
  row = about (MNS_MOVE_OUT, 20260301, FIELD, 4);
  created (h, &row, "registry.move-out.510322102201.registered");
  assert_int_equal (ever (h, COUNTY, "away", "male"), 0);
  row = county_return (MNS_MOVE_IN, 20260401, HILL);
  strcpy (row.name, "孙六");
  strcpy (row.citizen_number, number);
  created (h, &row, "registry.move-in.510322101201.registered");
  assert_int_equal (ever (h, COUNTY, "away", "male"), 0);
}

/* One year old is who was born on 29 February on the last day of the next. */
static void test_infant_deaths (void **state) {
  harness_t *h = *state;
  for (int i = 0; i < 2; i++) {
    char name[16];
    snprintf (name, sizeof name, "弃%d", i);
    mns_life_return_t birth = county_birth (20240229, HILL, name, MNS_FEMALE, 0);
    mns_record_outcome_t outcome = created (h, &birth, "registry.birth.510322101201.registered");
    mns_life_return_t death = about (MNS_DEATH, 20250227 + i, HILL, outcome.person);
    created (h, &death, "registry.death.510322101201.registered");
    assert_int_equal (ever (h, HILL, "infant_deaths", ""), 1);
  }
  assert_int_equal (ever (h, HILL, "deaths", "female"), 2);
}

/* ---- batches and rights ----------------------------------------------------------------------------------------- */

static void test_batch (void **state) {
  harness_t *h = *state;
  mns_life_return_t rows[4] = {county_birth (20260315, HILL, "李小一", MNS_FEMALE, WOMAN),
                               about (MNS_DEATH, 19590101, HILL, MAN), about (MNS_DEATH, 20260401, HILL, MAN),
                               about (MNS_DEATH, 20260401, HILL, MAN)};
  assert_int_equal (county_bulk (h, "registry.record-batch", &mns_life_return_type, rows, 4), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 2);
  mns_row_outcome_t outcome;
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.row, 2);
  assert_string_equal (outcome.error, "date_order");
  assert_true (harness_reply (h, 1, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.row, 4);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_false (harness_reply (h, 2, &mns_row_outcome_type, &outcome));
}

static void test_rights (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 20260401, HILL, MAN);
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  refused (h, &row, MNS_FORBIDDEN, "place", "510322102000");
  harness_set_caller (h, MNS_OFFICIAL, COUNTY);
  assert_int_equal (harness_call (h, "registry.record", &row, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_CLERK, TOWN);
  created (h, &row, "registry.death.510322101201.registered");
}

/* Nobody is fetched from another division by a guessed register number. */
static void test_who_is_of_another_division (void **state) {
  harness_t *h = *state;
  harness_set_caller (h, MNS_CLERK, TOWN_TWO);
  mns_life_return_t row = about (MNS_MOVE_WITHIN, 20260501, FIELD, MAN);
  refused (h, &row, MNS_FORBIDDEN, "person", "citizen number");
  strcpy (row.name, "王一");
  refused (h, &row, MNS_FORBIDDEN, "person", "birth date");
  mns_life_return_t death = about (MNS_DEATH, 20260501, FIELD, MAN);
  refused (h, &death, MNS_FORBIDDEN, "person", "your division");
  row.birth = 19600203;
  created (h, &row, "registry.move-within.510322102201.registered");
}

static void test_certificate_used_twice (void **state) {
  harness_t *h = *state;
  mns_life_return_t row = about (MNS_DEATH, 20260401, HILL, MAN);
  strcpy (row.certificate, "D-1");
  created (h, &row, "registry.death.510322101201.registered");
  row = about (MNS_DEATH, 20260401, HILL, WOMAN);
  strcpy (row.certificate, "D-1");
  refused (h, &row, MNS_LIKELY_DUPLICATE, "certificate", "register number 2");
}

#define WITH(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void) {
  const struct CMUnitTest tests[] = {
      WITH (test_birth),
      WITH (test_mother_by_number_and_name),
      WITH (test_twins_and_the_birth_that_is_too_near),
      WITH (test_mothers_who_cannot_be),
      WITH (test_death),
      WITH (test_who_died),
      WITH (test_dates),
      WITH (test_move_within_counts_at_both_ends),
      WITH (test_out_and_back),
      WITH (test_incomer_leaves),
      WITH (test_adjustments),
      WITH (test_batch),
      WITH (test_rights),
      WITH (test_who_is_of_another_division),
      WITH (test_certificate_used_twice),
      WITH (test_two_of_one_name),
      WITH (test_removed_is_no_likely_duplicate),
      WITH (test_the_one_that_stays_comes_back),
      WITH (test_registration_of_who_is_put_back),
      WITH (test_away),
      WITH (test_infant_deaths),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
