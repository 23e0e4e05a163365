/* What the registry tells, counted by statistics, equals what the registry counts again in its own tables: every count
 * of every place, on both bases, ages included, after random histories with late entries and corrections, with restarts
 * and lost turns in between. The seed is printed; MNS_SEED repeats it. */
#include "common/records/statistics_requests.h"
#include "services/registry/registry.h"
#include "services/statistics/rules_period.h"
#include "services/statistics/statistics.h"
#include "tests/support/county.h"
#include "tests/support/test.h"
#include <time.h>

#define PEOPLE_MAX 600
#define STEPS      400
#define COUNTS_MAX 4000

typedef struct {
  harness_t *registry, *statistics;
  uint64_t seed, people;
} county_t;

typedef struct {
  size_t count;
  mns_count_t rows[COUNTS_MAX];
} counts_t;

static const mns_place_t villages[] = {HILL, LAKE, FIELD};
static const mns_place_t areas[] = {HILL, LAKE, FIELD, TOWN, TOWN_TWO, COUNTY, 510000000000};

static unsigned dice (county_t *county, unsigned sides) {
  county->seed = county->seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(county->seed >> 33) % sides;
}

static mns_date_t day (county_t *county, mns_date_t from) {
  int32_t days = mns_date_days_between (from, 20260630);
  return mns_date_add_days (from, (int32_t)dice (county, (unsigned)(days > 0 ? days : 0) + 1));
}

/* Everything that the registry's last command told goes to statistics, a few records into turns that are lost first. */
static void pass_on (county_t *county) {
  size_t count = harness_emitted_count (county->registry);
  for (size_t i = 0; i < count; i++) {
    const mns_event_t *event = harness_emitted (county->registry, i);
    if (strncmp (event->topic, "registry.", strlen ("registry.")) == 0)
      assert_int_equal (harness_deliver (county->statistics, event), MNS_OK);
  }
  if (dice (county, 60) == 0)
    harness_restart (county->statistics);
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */
static void load (county_t *county) {
  char name[32], number[19];
  snprintf (name, sizeof name, "人%u", (unsigned)county->people);
  mns_code_t sex = dice (county, 2) ? MNS_MALE : MNS_FEMALE;
  mns_date_t birth = mns_date_add_days (19200229, (int32_t)dice (county, 36000));
  mns_person_row_t row =
      county_person (villages[dice (county, 3)], name, sex, birth,
                     county_number (birth, (int)(2 * (county->people % 500)) + (sex == MNS_MALE), number));
  unsigned apart = dice (county, 5);
  row.effective = dice (county, 3) ? 20250101 : 20250212;
  if (apart == 0)
    row.residence = AWAY;
  if (apart == 1) {
    row.residence = row.place;
    row.place = AWAY;
  }
  if (county_bulk (county->registry, "registry.load", &mns_person_row_type, &row, 1) == MNS_OK)
    county->people++;
  pass_on (county);
}

static uint64_t somebody (county_t *county) {
  return 1 + dice (county, (unsigned)county->people);
}

static void arrive (county_t *county) {
  static const mns_code_t kinds[] = {MNS_BIRTH, MNS_BIRTH, MNS_BIRTH, MNS_MOVE_IN, MNS_ADJUSTMENT};
  mns_code_t kind = kinds[dice (county, 5)];
  mns_record_outcome_t outcome;
  mns_life_return_t row = county_return (kind, day (county, 20250301), villages[dice (county, 3)]);
  row.registered = day (county, row.occurred);
  row.sex = dice (county, 2) ? MNS_MALE : MNS_FEMALE;
  row.birth = kind == MNS_BIRTH ? 0 : mns_date_add_days (19300101, (int32_t)dice (county, 33000));
  row.confirm = MNS_YES;
  snprintf (row.name, sizeof row.name, "新%u", (unsigned)county->people);
  if (kind == MNS_BIRTH) {
    row.birth_order = 1 + dice (county, 5);
    row.mother = MNS_MOTHER_ELSEWHERE;
    if (dice (county, 4)) {
      row.mother = MNS_MOTHER_REGISTERED;
      row.mother_person = somebody (county);
    }
  }
  if (kind == MNS_ADJUSTMENT)
    row.adjustment = MNS_OMITTED;
  if (harness_call (county->registry, "registry.record", &row, &outcome) == MNS_OK && outcome.person > county->people)
    county->people = outcome.person;
  pass_on (county);
}

static void change (county_t *county) {
  static const mns_code_t kinds[] = {MNS_DEATH, MNS_MOVE_OUT, MNS_MOVE_WITHIN, MNS_MOVE_WITHIN, MNS_ADJUSTMENT};
  mns_life_return_t row = county_return (kinds[dice (county, 5)], day (county, 20250301), villages[dice (county, 3)]);
  row.registered = day (county, row.occurred);
  row.person = somebody (county);
  if (row.event == MNS_ADJUSTMENT)
    row.adjustment = MNS_DUPLICATE;
  for (size_t i = 0; i < COUNT_OF (villages); i++) {
    if (row.event != MNS_MOVE_WITHIN)
      row.place = villages[i]; /* whichever is the person's */
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
  if (dice (county, 3) == 0) {
    strcpy (request.field, "sex");
    strcpy (request.value, dice (county, 2) ? "male" : "female");
  } else {
    strcpy (request.field, "birth");
    mns_date_format (mns_date_add_days (19400101, (int32_t)dice (county, 30000)), request.value);
  }
  harness_call (county->registry, "registry.correct", &request, NULL);
  pass_on (county);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
static void ask_statistics (county_t *county, mns_place_t area, statistics_period_t period, mns_code_t basis,
                            counts_t *counts) {
  static mns_figures_t figures;
  mns_figures_query_t query = {.place = area, .basis = basis, .ages = MNS_YES};
  statistics_period_format (period, query.period);
  counts->count = 0;
  assert_int_equal (harness_call (county->statistics, "statistics.figures", &query, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (county->statistics, i, &mns_figures_type, &figures); i++)
    for (int k = 0; k < figures.counts_count; k++) {
      assert_true (counts->count < COUNTS_MAX);
      counts->rows[counts->count++] = figures.counts[k];
    }
}

static int64_t value_in (const counts_t *counts, const mns_count_t *wanted) {
  for (size_t i = 0; i < counts->count; i++)
    if (strcmp (counts->rows[i].measure, wanted->measure) == 0 &&
        strcmp (counts->rows[i].dimension, wanted->dimension) == 0)
      return counts->rows[i].value;
  return 0;
}

static void compare (county_t *county, mns_place_t area, statistics_period_t period, mns_code_t basis) {
  static counts_t counts;
  mns_recount_request_t request;
  mns_count_t count;
  size_t recounted = 0;
  mns_record_clear (&mns_recount_request_type, &request);
  request.place = area;
  request.basis = basis;
  request.ages = MNS_YES;
  request.from_month = period.first / 12 * 100 + period.first % 12 + 1;
  request.to_month = (period.end - 1) / 12 * 100 + (period.end - 1) % 12 + 1;
  ask_statistics (county, area, period, basis, &counts);
  assert_int_equal (harness_call (county->registry, "registry.recount", &request, NULL), MNS_OK);
  for (; harness_reply (county->registry, recounted, &mns_count_type, &count); recounted++)
    if (count.value != value_in (&counts, &count))
      fail_msg ("%lld %d: %s %s is %lld, the registry counts %lld", (long long)area, (int)request.from_month,
                count.measure, count.dimension, (long long)value_in (&counts, &count), (long long)count.value);
  assert_int_equal (recounted, counts.count);
}

static void compare_all (county_t *county) {
  for (size_t i = 0; i < COUNT_OF (areas); i++)
    for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++)
      for (int month = 2024 * 12; month < 2027 * 12; month += 6)
        compare (county, areas[i], statistics_period_containing (month, STATISTICS_HALF), basis);
}

static void test_random_histories (void **state) {
  (void)state;
  const char *given = getenv ("MNS_SEED");
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  county_t county = {.seed = given ? strtoull (given, NULL, 10) : (uint64_t)time (NULL)};
  print_message ("seed %llu\n", (unsigned long long)county.seed);
  county.registry = county_new (&mns_registry_service);
  county.statistics = harness_new_with (&mns_statistics_service, &config);
  while (county.people < 80)
    load (&county);
  for (int i = 0; i < STEPS && county.people < PEOPLE_MAX; i++) {
    unsigned what = dice (&county, 10);
    what < 5 ? arrive (&county) : what < 8 ? change (&county) : correct (&county);
  }
  compare_all (&county);
  harness_destroy (&county.statistics);
  harness_destroy (&county.registry);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_random_histories)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
