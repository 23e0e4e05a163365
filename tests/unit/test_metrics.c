/* Metrics: names, labels, durations, the board. What is expected is the text of the format itself. */
#include "tests/support/test.h"

#include "common/board.h"
#include <string.h>

/* clang-format off */
#define MNS_PET_METRICS(M, T)                                 \
  M (T, COUNTER,   meals,  NONE,    "Meals eaten")            \
  M (T, GAUGE,     weight, BYTES,   "What it weighs")         \
  M (T, COUNTER,   awake,  SECONDS, "Time it was awake")      \
  M (T, DURATIONS, naps,   SECONDS, "How long its naps were")
/* clang-format on */
MNS_METRICS_DECLARE (pet, MNS_PET_METRICS)
MNS_METRICS_DEFINE (pet, "name", MNS_PET_METRICS)

static void print (const mns_metric_set_t *set, size_t metric, const void *rows, size_t count, mns_buffer_t *out) {
  mns_buffer_clear (out);
  mns_metric_print_head (set, &set->metrics[metric], out);
  mns_metric_print (set, &set->metrics[metric], rows, count, out);
  mns_buffer_add (out, "", 1);
}

static void test_numbers (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_pet_metrics_t rows[2] = {{.label_ = "rex", .meals = 3, .weight = 12000, .awake = 1500001},
                               {.label_ = "a\"b\\c\nd", .meals = UINT64_MAX}};
  print (&mns_pet_metrics, 0, rows, 2, &out);
  assert_string_equal ((char *)out.data, "# HELP mns_pet_meals_total Meals eaten\n"
                                         "# TYPE mns_pet_meals_total counter\n"
                                         "mns_pet_meals_total{name=\"rex\"} 3\n"
                                         "mns_pet_meals_total{name=\"a\\\"b\\\\c d\"} 18446744073709551615\n");
  print (&mns_pet_metrics, 1, rows, 1, &out);
  assert_string_equal ((char *)out.data, "# HELP mns_pet_weight_bytes What it weighs\n"
                                         "# TYPE mns_pet_weight_bytes gauge\n"
                                         "mns_pet_weight_bytes{name=\"rex\"} 12000\n");
  print (&mns_pet_metrics, 2, rows, 1, &out);
  assert_non_null (strstr ((char *)out.data, "mns_pet_awake_seconds_total{name=\"rex\"} 1.500001\n"));
  mns_buffer_fini (&out);
}

static void test_durations (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_pet_metrics_t row = {.label_ = "rex"};
  mns_durations_add (&row.naps, 100);
  mns_durations_add (&row.naps, 101);
  mns_durations_add (&row.naps, 7000000);
  mns_durations_add (&row.naps, -5);
  print (&mns_pet_metrics, 3, &row, 1, &out);
  const char *text = (const char *)out.data;
  assert_non_null (strstr (text, "# TYPE mns_pet_naps_seconds histogram\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_bucket{name=\"rex\",le=\"0.0001\"} 2\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_bucket{name=\"rex\",le=\"0.00025\"} 3\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_bucket{name=\"rex\",le=\"5\"} 3\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_bucket{name=\"rex\",le=\"+Inf\"} 4\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_sum{name=\"rex\"} 7.000201\n"));
  assert_non_null (strstr (text, "mns_pet_naps_seconds_count{name=\"rex\"} 4\n"));
  mns_buffer_fini (&out);
}

/* The lines of one metric follow one another, whichever part they come from. */
static void test_board (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_pet_metrics_t rows[MNS_BOARD_ROWS + 1] = {{.label_ = "one", .meals = 1}};
  mns_pet_metrics_t other = {.label_ = "two", .meals = 2};
  assert_false (mns_board_well (&out));
  mns_board_put ("left", &mns_pet_metrics, rows, 1);
  mns_board_put ("right", &mns_pet_metrics, &other, 1);
  mns_board_put ("left", &mns_process_metrics, &(mns_process_metrics_t){.threads = 9}, 1);
  mns_board_print (&out);
  mns_buffer_add (&out, "", 1);
  const char *text = (const char *)out.data;
  assert_non_null (strstr (text, "mns_pet_meals_total{name=\"one\"} 1\nmns_pet_meals_total{name=\"two\"} 2\n# HELP"));
  assert_ptr_equal (strstr (text, "# TYPE mns_pet_meals_total"), strstr (text, "# TYPE mns_pet_meals_total counter\n"));
  assert_null (strstr (strstr (text, "# TYPE mns_pet_meals_total") + 1, "# TYPE mns_pet_meals_total"));
  mns_board_put ("left", &mns_pet_metrics, rows, MNS_BOARD_ROWS + 1);
  mns_board_remove ("right");
  mns_buffer_clear (&out);
  mns_board_print (&out);
  mns_buffer_add (&out, "", 1);
  assert_null (strstr ((char *)out.data, "name=\"two\""));
  mns_board_remove ("left");
  mns_buffer_fini (&out);
}

static void test_health (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_board_health ("left", true, "");
  assert_true (mns_board_well (&out));
  mns_board_health ("right", false, "its line is stopped");
  mns_buffer_clear (&out);
  assert_false (mns_board_well (&out));
  mns_buffer_add (&out, "", 1);
  assert_string_equal ((char *)out.data, "left ok\nright its line is stopped\n");
  mns_board_remove ("left");
  mns_board_remove ("right");
  mns_buffer_fini (&out);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_numbers), cmocka_unit_test (test_durations),
                                     cmocka_unit_test (test_board), cmocka_unit_test (test_health)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
