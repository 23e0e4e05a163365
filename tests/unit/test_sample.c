/* The sample county: its files read back show the report's figures at scale 1, contradict themselves at no scale, and
 * are the same bytes for the same scale and seed. */
#include "sample/sample.h"
#include "tests/support/folder.h"
#include "tests/support/sample_recount.h"
#include "tests/support/test.h"

static char folder[MNS_PATH_MAX];

static int set_up (void **state) {
  (void)state;
  return test_folder_make (folder);
}

static int tear_down (void **state) {
  (void)state;
  return test_folder_remove (folder);
}

static void recount_of (double scale, uint64_t seed, sample_recount_t *recount) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_sample_write (folder, scale, seed, NULL, NULL, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", error.where, error.detail);
  sample_recount (recount, folder);
}

/* ---- the report -------------------------------------------------------------------------------------------------- */

static int period_of (const char *text) {
  for (int i = 0; i < COUNTERS_PERIODS; i++)
    if (strcmp (counters_periods[i], text) == 0)
      return i;
  fail_msg ("no period %s", text);
  return 0;
}

/* 1 when the row of the table agrees. */
static int compare_row (const counters_t *counters, const char *line) {
  char name[COUNTERS_NAME], period[16], basis[16], expected[COUNTERS_VALUE], value[COUNTERS_VALUE];
  assert_int_equal (sscanf (line, "%47s %15s %15s %39s", name, period, basis, expected), 4);
  counters_value (counters, name, period_of (period), mns_code_find (&mns_basis, basis), value);
  if (strcmp (value, expected) == 0)
    return 1;
  print_error ("%s %s by %s is %s, the report says %s\n", name, period, basis, value, expected);
  return 0;
}

static void shows_the_report (void **state) {
  static sample_recount_t recount;
  char line[256];
  int rows = 0, good = 0;
  (void)state;
  recount_of (1, 1, &recount);
  FILE *table = fopen (MNS_SOURCE_DIR "/tests/fixtures/sample_county.table", "r");
  assert_non_null (table);
  while (fgets (line, sizeof line, table) != NULL)
    if (line[0] != '#' && line[0] != '\n') {
      rows++;
      good += compare_row (&recount.counters, line);
    }
  fclose (table);
  assert_int_equal (good, rows);
  assert_true (rows > 150);
  assert_int_equal (recount.problems, 0);
  assert_int_equal (recount.villages, 277);
}

/* ---- every scale ------------------------------------------------------------------------------------------------- */

static int64_t value_of (const sample_recount_t *recount, const char *name, int period, mns_code_t basis) {
  char text[COUNTERS_VALUE];
  counters_value (&recount->counters, name, period, basis, text);
  return strtoll (text, NULL, 10);
}

static int64_t sum_of (const sample_recount_t *recount, const char *const *names, int period, mns_code_t basis) {
  int64_t sum = 0;
  for (size_t i = 0; names[i] != NULL; i++)
    sum += value_of (recount, names[i], period, basis);
  return sum;
}

/* A whole and its parts. */
static const char *const sums[][9] = {
    {"births", "births_male", "births_female"},
    {"births", "births_order_1", "births_order_2", "births_order_3"},
    {"births_male", "births_order_1_male", "births_order_2_male", "births_order_3_male"},
    {"births", "births_mother_registered", "births_mother_elsewhere", "births_mother_foundling"},
    {"births", "births_delay_30", "births_delay_365", "births_delay_over"},
    {"births", "births:earlier", "births:2025-S1", "births:2025-S2", "births:2026-S1"},
    {"births", "deliveries", "deliveries_twins", "deliveries_triplets", "deliveries_triplets"},
    {"deliveries", "deliveries_single", "deliveries_twins", "deliveries_triplets"},
    {"deaths", "deaths_male", "deaths_female"},
    {"deaths", "deaths_delay_30", "deaths_delay_365", "deaths_delay_over"},
    {"adjustments", "adjustments_omitted", "adjustments_duplicate"},
    {"rural_reward_leavers", "rural_reward_leavers_national", "rural_reward_leavers_provincial"},
    {"rural_reward_leavers", "rural_reward_leavers_death", "rural_reward_leavers_moved",
     "rural_reward_leavers_condition_ended", "rural_reward_leavers_wrong_finding", "rural_reward_leavers_other"},
};

static void check_sums (const sample_recount_t *recount) {
  for (int period = COUNTERS_2025_S1; period < COUNTERS_PERIODS; period++)
    for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++)
      for (size_t i = 0; i < COUNT_OF (sums); i++)
        assert_int_equal (value_of (recount, sums[i][0], period, basis), sum_of (recount, sums[i] + 1, period, basis));
}

static void check_size (const sample_recount_t *recount, double scale) {
  int64_t opening = value_of (recount, "population_opening", COUNTERS_2025_S1, MNS_BY_REGISTRATION);
  int64_t births = value_of (recount, "births", COUNTERS_2026_S1, MNS_BY_REGISTRATION);
  assert_true (opening >= (int64_t)(scale * 1004400) && opening <= (int64_t)(scale * 1004400) + 1);
  assert_true (births >= (int64_t)(scale * 4858) && births <= (int64_t)(scale * 4858) + 1);
  assert_int_equal (value_of (recount, "population_closing", COUNTERS_2026_S1, MNS_BY_REGISTRATION),
                    value_of (recount, "population_closing", COUNTERS_2026_S1, MNS_BY_OCCURRENCE));
  assert_true (recount->people_of_smallest >= 1);
}

static void agrees_with_itself (void **state) {
  static const double scales[] = {0.001, 0.0057, 0.01, 0.02, 0.3};
  static sample_recount_t recount;
  (void)state;
  for (size_t i = 0; i < COUNT_OF (scales); i++)
    for (uint64_t seed = 1; seed <= (scales[i] < 0.1 ? 8 : 1); seed++) {
      recount_of (scales[i], seed, &recount);
      if (recount.problems > 0)
        fail_msg ("%zu problems at scale %g, seed %llu", recount.problems, scales[i], (unsigned long long)seed);
      check_sums (&recount);
      check_size (&recount, scales[i]);
    }
}

/* ---- the same bytes ---------------------------------------------------------------------------------------------- */

static const char *const files[] = {"places.csv",  "persons.csv", "recipients.csv",
                                    "returns.csv", "exits.csv",   "README.md"};

/* All files behind each other. */
static void content_of (uint64_t seed, mns_buffer_t *content) {
  char path[MNS_PATH_MAX];
  mns_buffer_clear (content);
  assert_int_equal (mns_sample_write (folder, 0.02, seed, NULL, NULL, NULL), MNS_OK);
  for (size_t i = 0; i < COUNT_OF (files); i++) {
    assert_int_equal (mns_dir_join (path, folder, files[i], NULL), MNS_OK);
    assert_int_equal (mns_dir_read_file (path, 16 << 20, content, NULL), MNS_OK);
  }
}

static bool equal (const mns_buffer_t *a, const mns_buffer_t *b) {
  return a->size == b->size && memcmp (a->data, b->data, a->size) == 0;
}

static void is_the_same_for_a_seed (void **state) {
  mns_buffer_t first = {0}, again = {0}, other = {0};
  (void)state;
  content_of (7, &first);
  content_of (7, &again);
  content_of (8, &other);
  assert_true (equal (&first, &again));
  assert_false (equal (&first, &other));
  mns_buffer_fini (&first);
  mns_buffer_fini (&again);
  mns_buffer_fini (&other);
}

/* ---- what the caller gets ---------------------------------------------------------------------------------------- */

static void note_part (void *context, double part) {
  double *last = context;
  assert_true (part >= *last && part <= 1);
  *last = part;
}

static void tells_its_progress (void **state) {
  double last = 0;
  (void)state;
  assert_int_equal (mns_sample_write (folder, 0.01, 1, note_part, &last, NULL), MNS_OK);
  assert_true (last == 1);
}

static void refuses_a_wrong_scale (void **state) {
  static const double scales[] = {0, -1, 0.0009, 1.0001, 1e300};
  (void)state;
  for (size_t i = 0; i < COUNT_OF (scales); i++) {
    mns_error_t error = {0};
    assert_int_equal (mns_sample_write (folder, scales[i], 1, NULL, NULL, &error), MNS_OUT_OF_RANGE);
    assert_string_equal (error.where, "scale");
  }
}

static void names_a_file_it_cannot_write (void **state) {
  char path[MNS_PATH_MAX];
  mns_error_t error = {0};
  (void)state;
  assert_int_equal (mns_dir_join (path, folder, "persons.csv", NULL), MNS_OK);
  assert_int_equal (mns_dir_make (path, 0700, NULL), MNS_OK);
  assert_int_equal (mns_sample_write (folder, 0.001, 1, NULL, NULL, &error), MNS_IO);
  assert_non_null (strstr (error.where, "persons.csv"));
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (shows_the_report, set_up, tear_down),
      cmocka_unit_test_setup_teardown (agrees_with_itself, set_up, tear_down),
      cmocka_unit_test_setup_teardown (is_the_same_for_a_seed, set_up, tear_down),
      cmocka_unit_test_setup_teardown (tells_its_progress, set_up, tear_down),
      cmocka_unit_test_setup_teardown (refuses_a_wrong_scale, set_up, tear_down),
      cmocka_unit_test_setup_teardown (names_a_file_it_cannot_write, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
