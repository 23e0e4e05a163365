/* Boundary reforms in the registry and the figures together, after random histories with late entries, corrections and
 * events that were entered in the old boundaries after the day: whoever is in a village of the register is in its stock
 * on both bases, the balances hold, and the parts make the whole in the boundaries of either day. The seed is printed;
 * MNS_SEED repeats it. */
#include "common/records/place.h"
#include "common/records/statistics_requests.h"
#include "common/text.h"
#include "services/registry/registry.h"
#include "services/statistics/statistics.h"
#include "tests/support/county.h"
#include "tests/support/test.h"
#include <stdlib.h>
#include <time.h>

#define DAY    20260415
#define BEFORE 20260414
#define TODAY  20260701
#define PEOPLE 60
#define STEPS  120

/* After the merge of TOWN into TOWN_TWO. */
#define NEW_HILL 510322102211

typedef struct {
  harness_t *registry, *statistics;
  uint64_t seed, people;
  const mns_place_t *villages; /* that are valid now */
  size_t village_count;
} county_t;

static const mns_place_t old_villages[] = {HILL, LAKE, FIELD};

static unsigned dice (county_t *county, unsigned sides) {
  county->seed = county->seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(county->seed >> 33) % sides;
}

static mns_date_t day_between (county_t *county, mns_date_t from, mns_date_t to) {
  int32_t days = mns_date_days_between (from, to);
  return mns_date_add_days (from, (int32_t)dice (county, (unsigned)(days > 0 ? days : 0) + 1));
}

static void pass_on (county_t *county) {
  size_t count = harness_emitted_count (county->registry);
  for (size_t i = 0; i < count; i++) {
    const mns_event_t *event = harness_emitted (county->registry, i);
    if (harness_deliver (county->statistics, event) != MNS_OK)
      fail_msg ("%.*s: %s %s", (int)event->topic_size, event->topic, harness_error (county->statistics)->where,
                harness_error (county->statistics)->detail);
  }
}

/* ---- a random history -------------------------------------------------------------------------------------------- */

static void load (county_t *county) {
  char name[32];
  snprintf (name, sizeof name, "人%u", (unsigned)county->people);
  mns_person_row_t row = county_person (old_villages[dice (county, 3)], name, dice (county, 2) ? MNS_MALE : MNS_FEMALE,
                                        mns_date_add_days (19200229, (int32_t)dice (county, 36000)), "");
  unsigned apart = dice (county, 5);
  if (apart == 0)
    row.residence = AWAY;
  if (apart == 1) {
    row.residence = row.place;
    row.place = AWAY;
  }
  snprintf (row.household, sizeof row.household, "%u", 1 + dice (county, 6));
  if (county_bulk (county->registry, "registry.load", &mns_person_row_type, &row, 1) == MNS_OK)
    county->people++;
  pass_on (county);
}

/* A household that is there for certain. */
static void load_into (county_t *county, mns_place_t village, int household) {
  char name[32];
  snprintf (name, sizeof name, "户%d", household);
  mns_person_row_t row = county_person (village, name, MNS_FEMALE, 19700101, "");
  snprintf (row.household, sizeof row.household, "%d", household);
  county_load (county->registry, &row);
  pass_on (county);
  county->people++;
}

static uint64_t somebody (county_t *county) {
  return 1 + dice (county, (unsigned)county->people);
}

/* The code in which something of that day is recorded: that of the day. */
static mns_place_t village_on (county_t *county, mns_date_t occurred) {
  bool old = county->villages == old_villages || occurred < DAY;
  return old ? old_villages[dice (county, 3)] : county->villages[dice (county, (unsigned)county->village_count)];
}

static void arrive (county_t *county, mns_date_t from) {
  static const mns_code_t kinds[] = {MNS_BIRTH, MNS_BIRTH, MNS_MOVE_IN, MNS_ADJUSTMENT};
  mns_code_t kind = kinds[dice (county, 4)];
  mns_record_outcome_t outcome;
  mns_date_t occurred = day_between (county, 20250301, 20260630);
  mns_life_return_t row = county_return (kind, occurred, village_on (county, occurred));
  row.registered = day_between (county, occurred < from ? from : occurred, 20260630);
  row.sex = dice (county, 2) ? MNS_MALE : MNS_FEMALE;
  row.birth = kind == MNS_BIRTH ? 0 : mns_date_add_days (19300101, (int32_t)dice (county, 33000));
  row.confirm = MNS_YES;
  row.adjustment = kind == MNS_ADJUSTMENT ? MNS_OMITTED : 0;
  snprintf (row.name, sizeof row.name, "新%u", (unsigned)county->people);
  row.mother = kind == MNS_BIRTH ? MNS_MOTHER_ELSEWHERE : 0;
  if (harness_call (county->registry, "registry.record", &row, &outcome) == MNS_OK && outcome.person > county->people)
    county->people = outcome.person;
  pass_on (county);
}

static void change (county_t *county, mns_date_t from) {
  static const mns_code_t kinds[] = {MNS_DEATH, MNS_MOVE_OUT, MNS_MOVE_WITHIN, MNS_MOVE_WITHIN, MNS_ADJUSTMENT};
  mns_date_t occurred = day_between (county, 20250301, 20260630);
  mns_life_return_t row = county_return (kinds[dice (county, 5)], occurred, village_on (county, occurred));
  row.registered = day_between (county, occurred < from ? from : occurred, 20260630);
  row.person = somebody (county);
  row.adjustment = row.event == MNS_ADJUSTMENT ? MNS_DUPLICATE : 0;
  for (int tries = 0; tries < 12; tries++) {
    if (row.event != MNS_MOVE_WITHIN)
      row.place = village_on (county, occurred);
    if (harness_call (county->registry, "registry.record", &row, NULL) == MNS_OK)
      break;
  }
  pass_on (county);
}

static void correct (county_t *county) {
  mns_correct_request_t request;
  mns_record_clear (&mns_correct_request_type, &request);
  request.person = somebody (county);
  strcpy (request.reason, "test");
  bool sex = dice (county, 2) || request.person > PEOPLE; /* a birth is not moved to where no figures are asked */
  strcpy (request.field, sex ? "sex" : "birth");
  if (sex)
    strcpy (request.value, dice (county, 2) ? "male" : "female");
  else
    mns_date_format (mns_date_add_days (19400101, (int32_t)dice (county, 30000)), request.value);
  harness_call (county->registry, "registry.correct", &request, NULL);
  pass_on (county);
}

static void live (county_t *county, mns_date_t from) {
  for (int i = 0; i < STEPS; i++) {
    unsigned what = dice (county, 10);
    what < 4 ? arrive (county, from) : what < 8 ? change (county, from) : correct (county);
  }
}

static county_t begin (void) {
  const char *given = getenv ("MNS_SEED");
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  county_t county = {.seed = given ? strtoull (given, NULL, 10) : (uint64_t)time (NULL),
                     .villages = old_villages,
                     .village_count = COUNT_OF (old_villages)};
  print_message ("seed %llu\n", (unsigned long long)county.seed);
  county.registry = county_new (&mns_registry_service);
  county.statistics = harness_new_with (&mns_statistics_service, &config);
  pass_on (&county); /* the places */
  for (int household = 1; household <= 3; household++)
    load_into (&county, HILL, household);
  while (county.people < PEOPLE)
    load (&county);
  live (&county, 20250301);
  return county;
}

static void end (county_t *county) {
  harness_destroy (&county->statistics);
  harness_destroy (&county->registry);
}

/* ---- the reforms ------------------------------------------------------------------------------------------------- */

static mns_reform_row_t row_of (mns_code_t operation, mns_place_t code, mns_place_t successor, const char *name,
                                const char *household) {
  mns_reform_row_t row;
  mns_record_clear (&mns_reform_row_type, &row);
  row.operation = operation;
  row.code = code;
  row.successor = successor;
  row.day = DAY;
  mns_text_copy (row.name, sizeof row.name, name);
  mns_text_copy (row.household, sizeof row.household, household);
  return row;
}

static void reform (county_t *county, const mns_reform_row_t *rows, size_t count) {
  mns_reform_outcome_t outcome;
  if (county_bulk (county->registry, "registry.reform", &mns_reform_row_type, rows, count) != MNS_OK)
    fail_msg ("%s: %s", harness_error (county->registry)->where, harness_error (county->registry)->detail);
  for (size_t i = 0; harness_reply (county->registry, i, &mns_reform_outcome_type, &outcome); i++)
    if (outcome.result != MNS_ROW_CREATED)
      fail_msg ("row %d: %s %s", (int)outcome.row, outcome.field, outcome.detail);
  assert_true (harness_emitted_count (county->registry) > 0);
  pass_on (county);
  assert_int_equal (county_bulk (county->registry, "registry.reform", &mns_reform_row_type, rows, count), MNS_OK);
  assert_int_equal (harness_emitted_count (county->registry), 0); /* the same again is nothing */
  assert_true (harness_reply (county->registry, 0, &mns_reform_outcome_type, &outcome));
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
}

/* ---- what must hold ---------------------------------------------------------------------------------------------- */

static int64_t ask_registry (county_t *county, const char *sql, mns_place_t place) {
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (harness_db (county->registry), sql);
  mns_db_bind (statement, place ? "p" : "", place);
  assert_int_equal (mns_db_step (harness_db (county->registry), statement, &row), MNS_OK);
  int64_t value = row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_finalize (statement);
  return value;
}

typedef struct {
  int64_t opening, closing, births, deaths, in, out, adjustments, baseline, away, incomers, people;
} sums_t;

static void add_count (sums_t *sums, const mns_count_t *count) {
  struct {
    const char *measure;
    int64_t *sum;
  } known[] = {{"births", &sums->births}, {"deaths", &sums->deaths},           {"moves_in", &sums->in},
               {"moves_out", &sums->out}, {"adjustments", &sums->adjustments}, {"baseline", &sums->baseline},
               {"away", &sums->away},     {"incomers", &sums->incomers},       {"people", &sums->people}};
  for (size_t i = 0; i < COUNT_OF (known); i++)
    if (strcmp (count->measure, known[i].measure) == 0)
      *known[i].sum += count->value;
}

/* False: divided. Boundaries 0: as it was counted, ages as well. */
static bool ask (county_t *county, mns_place_t place, const char *period, mns_code_t basis, mns_date_t boundaries,
                 sums_t *sums) {
  static mns_figures_t figures;
  mns_figures_query_t query = {.place = place, .basis = basis, .boundaries = boundaries};
  query.ages = boundaries ? 0 : MNS_YES;
  strcpy (query.period, period);
  *sums = (sums_t){0};
  mns_rc_t rc = harness_call (county->statistics, "statistics.figures", &query, NULL);
  assert_true (rc == MNS_OK || rc == MNS_WRONG_STATE || rc == MNS_NOT_FOUND);
  for (size_t i = 0; rc == MNS_OK && harness_reply (county->statistics, i, &mns_figures_type, &figures); i++) {
    sums->opening = figures.opening;
    sums->closing = figures.closing;
    for (int k = 0; k < figures.counts_count; k++)
      add_count (sums, &figures.counts[k]);
  }
  return rc != MNS_WRONG_STATE;
}

static void check_balance (const sums_t *sums, mns_place_t place, const char *period) {
  int64_t closing =
      sums->opening + sums->baseline + sums->births - sums->deaths + sums->in - sums->out + sums->adjustments;
  if (closing != sums->closing)
    fail_msg ("%lld %s: %lld instead of %lld", (long long)place, period, (long long)sums->closing, (long long)closing);
}

/* Everybody whom the register has in a village is in its stock; nobody is in what has ended. */
static void check_stocks (county_t *county, mns_place_t place) {
  static const char present[] = "SELECT count(*) FROM person WHERE status = 'present' AND place = ?1";
  static const char away[] = "SELECT count(*) FROM person WHERE status = 'present' AND place = ?1 AND residence IS NOT "
                             "NULL AND residence / 1000000 <> place / 1000000";
  static const char incomers[] = "SELECT count(*) FROM person WHERE status = 'present' AND residence = ?1 AND "
                                 "residence / 1000000 <> place / 1000000";
  for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++) {
    sums_t years[3], sum = {0};
    static const char *const periods[] = {"2024", "2025", "2026"};
    for (size_t i = 0; i < COUNT_OF (periods); i++) {
      ask (county, place, periods[i], basis, 0, &years[i]);
      check_balance (&years[i], place, periods[i]);
      sum.away += years[i].away;
      sum.incomers += years[i].incomers;
      sum.people += years[i].people;
    }
    int64_t persons = ask_registry (county, present, place);
    if (persons != years[2].closing || persons != sum.people)
      fail_msg ("%lld basis %d: %lld in the register, %lld in the stock, %lld by age", (long long)place, basis,
                (long long)persons, (long long)years[2].closing, (long long)sum.people);
    if (sum.away != ask_registry (county, away, place) || sum.incomers != ask_registry (county, incomers, place))
      fail_msg ("%lld basis %d: %lld away, %lld incomers; in the register %lld and %lld", (long long)place, basis,
                (long long)sum.away, (long long)sum.incomers, (long long)ask_registry (county, away, place),
                (long long)ask_registry (county, incomers, place));
  }
}

static void check_parts (county_t *county, mns_place_t whole, const mns_place_t *parts, size_t count,
                         const char *period, mns_date_t boundaries) {
  for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++) {
    sums_t all, part, sum = {0};
    assert_true (ask (county, whole, period, basis, boundaries, &all));
    check_balance (&all, whole, period);
    for (size_t i = 0; i < count; i++) {
      assert_true (ask (county, parts[i], period, basis, boundaries, &part));
      check_balance (&part, parts[i], period);
      sum.opening += part.opening;
      sum.closing += part.closing;
      sum.births += part.births;
      sum.deaths += part.deaths;
      sum.adjustments += part.adjustments;
      sum.in += part.in - part.out;
    }
    assert_int_equal (sum.opening, all.opening);
    assert_int_equal (sum.closing, all.closing);
    assert_int_equal (sum.births, all.births);
    assert_int_equal (sum.deaths, all.deaths);
    assert_int_equal (sum.adjustments, all.adjustments);
    assert_int_equal (sum.in, all.in - all.out);
  }
}

/* By occurrence, straight from the register's events: what happened in the old villages of an area, in a year. */
static void check_flows (county_t *county, mns_place_t area, mns_place_t first, mns_place_t last, const char *year,
                         mns_date_t boundaries) {
  sums_t sums;
  char sql[600];
  assert_true (ask (county, area, year, MNS_BY_OCCURRENCE, boundaries, &sums));
  snprintf (sql, sizeof sql,
            "SELECT count(*) FROM event WHERE kind = 'birth' AND occurred / 10000 = %s AND place IN (%lld, %lld)", year,
            (long long)first, (long long)last);
  assert_int_equal (sums.births, ask_registry (county, sql, 0));
  snprintf (sql, sizeof sql,
            "SELECT count(*) FROM event WHERE occurred / 10000 = %s AND place IN (%lld, %lld) AND (kind = 'move_in' OR "
            "(kind = 'move_within' AND other_place NOT IN (%lld, %lld)))",
            year, (long long)first, (long long)last, (long long)first, (long long)last);
  assert_int_equal (sums.in, ask_registry (county, sql, 0));
}

/* ---- cases ------------------------------------------------------------------------------------------------------- */

/* Two townships become one in the middle of April: HILL gets a new code, LAKE becomes part of FIELD. */
static void test_merge (void **state) {
  (void)state;
  static const mns_place_t new_villages[] = {NEW_HILL, FIELD}, old_towns[] = {TOWN, TOWN_TWO}, new_towns[] = {TOWN_TWO};
  county_t county = begin ();
  sums_t told, sums;
  assert_true (ask (&county, TOWN, "2025", MNS_BY_REGISTRATION, 0, &told));
  const mns_reform_row_t rows[] = {row_of (MNS_JOIN, TOWN, TOWN_TWO, "", ""),
                                   row_of (MNS_RECODE, HILL, NEW_HILL, "", ""), row_of (MNS_JOIN, LAKE, FIELD, "", "")};
  reform (&county, rows, COUNT_OF (rows));
  county.villages = new_villages;
  county.village_count = COUNT_OF (new_villages);
  assert_true (ask (&county, TOWN, "2025", MNS_BY_REGISTRATION, 0, &sums));
  assert_memory_equal (&told, &sums, sizeof told); /* last year stands in the old boundaries */
  live (&county, DAY);
  const mns_place_t all[] = {HILL, LAKE, NEW_HILL, FIELD, TOWN, TOWN_TWO};
  for (size_t i = 0; i < 4; i++)
    check_stocks (&county, all[i]);
  for (int restarts = 0; restarts < 2; restarts++) {
    check_parts (&county, COUNTY, old_towns, 2, "2025", BEFORE);
    check_parts (&county, COUNTY, new_towns, 1, "2025", DAY); /* and is recast in the new ones */
    check_parts (&county, TOWN_TWO, new_villages, 2, "2025", DAY);
    check_parts (&county, TOWN_TWO, new_villages, 2, "2026", DAY);
    check_parts (&county, TOWN, old_villages, 2, "2025", BEFORE);
    check_flows (&county, FIELD, LAKE, FIELD, "2025", DAY);
    check_flows (&county, TOWN, HILL, LAKE, "2025", BEFORE);
    check_flows (&county, FIELD, FIELD, FIELD, "2025", 0);
    assert_false (ask (&county, FIELD, "2026", MNS_BY_OCCURRENCE, BEFORE, &sums)); /* nobody knows what was LAKE's */
    assert_true (ask (&county, HILL, "2026", MNS_BY_OCCURRENCE, BEFORE, &sums));
    assert_true (ask (&county, COUNTY, "2026", MNS_BY_OCCURRENCE, BEFORE, &told));
    assert_true (ask (&county, COUNTY, "2026", MNS_BY_OCCURRENCE, DAY, &sums));
    assert_int_equal (told.closing, sums.closing);
    assert_int_equal (sums.adjustments, told.adjustments);
    harness_restart (county.statistics);
    harness_restart (county.registry);
  }
  end (&county);
}

/* The whole county gets another code. */
static void test_county (void **state) {
  (void)state;
  static const mns_place_t new_villages[] = {510421101201, 510421101202, 510421102201};
  static const mns_place_t old_towns[] = {TOWN, TOWN_TWO}, new_towns[] = {510421101000, 510421102000};
  county_t county = begin ();
  sums_t before, after;
  mns_place_info_t city = {.code = 510400000000, .level = 2, .name = "乙市"};
  assert_int_equal (county_bulk (county.registry, "registry.load-places", &mns_place_info_type, &city, 1), MNS_OK);
  pass_on (&county);
  const mns_reform_row_t row = row_of (MNS_RECODE, COUNTY, 510421000000, "", "");
  reform (&county, &row, 1);
  county.villages = new_villages;
  county.village_count = COUNT_OF (new_villages);
  live (&county, DAY);
  for (size_t i = 0; i < COUNT_OF (new_villages); i++) {
    check_stocks (&county, new_villages[i]);
    check_stocks (&county, old_villages[i]);
  }
  check_parts (&county, COUNTY, old_towns, 2, "2025", BEFORE);
  check_parts (&county, COUNTY, old_towns, 2, "2026", BEFORE);
  check_parts (&county, 510421000000, new_towns, 2, "2025", DAY);
  check_parts (&county, 510421000000, new_towns, 2, "2026", DAY);
  check_parts (&county, 510421101000, new_villages, 2, "2026", DAY);
  assert_true (ask (&county, COUNTY, "2025", MNS_BY_REGISTRATION, BEFORE, &before));
  assert_true (ask (&county, 510421000000, "2025", MNS_BY_REGISTRATION, DAY, &after));
  assert_memory_equal (&before, &after, sizeof before);
  end (&county);
}

/* HILL gives two households to LAKE and one to a new village, and goes on under another code. */
static void test_split (void **state) {
  (void)state;
  static const mns_place_t new_villages[] = {510322101203, 510322101204, LAKE, FIELD};
  static const mns_place_t towns[] = {TOWN, TOWN_TWO};
  county_t county = begin ();
  sums_t sums;
  const mns_reform_row_t rows[] = {row_of (MNS_SPLIT, HILL, LAKE, "", "1"), row_of (MNS_SPLIT, HILL, LAKE, "", "2"),
                                   row_of (MNS_SPLIT, HILL, 510322101203, "上山村", "3"),
                                   row_of (MNS_SPLIT, HILL, 510322101204, "下山村", "")};
  reform (&county, rows, COUNT_OF (rows));
  county.villages = new_villages;
  county.village_count = COUNT_OF (new_villages);
  check_stocks (&county, HILL);
  for (size_t i = 0; i < COUNT_OF (new_villages); i++)
    check_stocks (&county, new_villages[i]);
  check_parts (&county, COUNTY, towns, 2, "2025", DAY);
  check_parts (&county, COUNTY, towns, 2, "2026", DAY);
  check_parts (&county, TOWN, old_villages, 2, "2025", BEFORE);
  assert_false (ask (&county, LAKE, "2025", MNS_BY_REGISTRATION, DAY, &sums));
  assert_false (ask (&county, 510322101204, "2025", MNS_BY_REGISTRATION, DAY, &sums));
  end (&county);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_merge),
      cmocka_unit_test (test_county),
      cmocka_unit_test (test_split),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
