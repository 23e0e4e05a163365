/* The histogram against the sorted values themselves: no percentile is off by one per cent. */
#include "common/histogram.h"
#include "tests/support/test.h"

enum { VALUES = 20000 };

static int by_value (const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

/* Values over eleven octaves, the same in every run. */
static uint64_t next (uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (*state >> 33) % (1u << (4 + *state % 24));
}

static void test_percentiles (void **state) {
  (void)state;
  static uint64_t values[VALUES];
  static mns_histogram_t histogram;
  static const double shares[] = {0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0};
  uint64_t seed = 7, sum = 0;
  memset (&histogram, 0, sizeof histogram);
  for (size_t i = 0; i < VALUES; i++) {
    values[i] = next (&seed);
    sum += values[i];
    mns_histogram_add (&histogram, (int64_t)values[i]);
  }
  qsort (values, VALUES, sizeof *values, by_value);
  for (size_t i = 0; i < COUNT_OF (shares); i++) {
    uint64_t exact = values[(size_t)(shares[i] * VALUES + 0.999999) - 1],
             got = mns_histogram_at (&histogram, shares[i]);
    assert_true (got >= exact);
    assert_true ((double)got <= (double)exact * 1.008);
  }
  assert_int_equal (histogram.count, VALUES);
  assert_int_equal (histogram.sum, sum);
  assert_int_equal (histogram.max, values[VALUES - 1]);
}

static void test_edges (void **state) {
  (void)state;
  static mns_histogram_t histogram, other;
  memset (&histogram, 0, sizeof histogram);
  memset (&other, 0, sizeof other);
  assert_int_equal (mns_histogram_at (&histogram, 0.5), 0);
  mns_histogram_add (&histogram, -5);
  assert_int_equal (mns_histogram_at (&histogram, 1), 0);
  for (int64_t value = 0; value < 1000; value++) {
    mns_histogram_t one = {.count = 0};
    mns_histogram_add (&one, value);
    assert_int_equal (mns_histogram_at (&one, 0.5), value);
  }
  mns_histogram_add (&other, INT64_MAX);
  assert_int_equal (mns_histogram_at (&other, 1), INT64_MAX);
  mns_histogram_merge (&histogram, &other);
  assert_int_equal (histogram.count, 2);
  assert_int_equal (mns_histogram_at (&histogram, 0.5), 0);
  assert_int_equal (mns_histogram_at (&histogram, 0.9), INT64_MAX);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_percentiles), cmocka_unit_test (test_edges)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
