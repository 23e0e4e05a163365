/* The history checker against histories made by hand: a good one, and one with each fault. A checker that finds nothing
 * is of use only when it would have found something. */
#include "tests/support/history.h"
#include "tests/support/test.h"

#define GOOD                                                                                                           \
  "s in\ns out\n"                                                                                                      \
  "a 1 1 1000\na 1 2 1000\na 2 1 2000\n"                                                                               \
  "k 1 1 1 3000\nk 2 1 2 3000\n"                                                                                       \
  "r in toy 1 1 1 0\nr in toy 2 2 1 0\nr out toy 1 1 1 5000\nr out toy 2 2 1 250000\n"                                 \
  "a 1 2 3000\nk 1 2 3 4000\nr in toy 3 1 2 0\nr out toy 3 1 2 300000\n"

static bool check (const char *more, history_report_t *report) {
  history_t *history = history_new ();
  assert_true (history_text (history, GOOD));
  assert_true (history_text (history, more));
  bool good = history_check (history, report);
  history_destroy (&history);
  return good;
}

static void test_good (void **state) {
  (void)state;
  history_report_t report;
  assert_true (check ("", &report));
  assert_int_equal (report.attempts, 3);
  assert_int_equal (report.acks, 3);
  assert_int_equal (report.reads, 6);
  assert_int_equal (report.unseen_ms, 296); /* 1/2: from 4 to 300 ms */
}

static void test_lost (void **state) {
  (void)state;
  history_report_t report;
  assert_false (check ("a 3 1 1\nk 3 1 4 2\nr in toy 4 3 1 0\n" /* out misses 4 and reads 5 */
                       "a 3 2 1\nk 3 2 5 2\nr in toy 5 3 2 0\nr out toy 5 3 2 9\n",
                       &report));
  assert_int_equal (report.lost.count, 1);
  assert_string_equal (report.lost.first, "3/1 (number 4): out never read it");
  assert_int_equal (report.stuck.count + report.phantom.count + report.duplicated.count + report.reordered.count, 0);
}

static void test_duplicated (void **state) {
  (void)state;
  history_report_t report;
  assert_false (check ("r out toy 1 1 1 9\n", &report));
  assert_int_equal (report.duplicated.count, 1);
  assert_int_equal (report.reordered.count, 0);
  assert_false (check ("k 1 1 7 9\n", &report)); /* one command, two effects */
  assert_int_equal (report.duplicated.count, 1);
}

static void test_phantom (void **state) {
  (void)state;
  history_report_t report;
  assert_false (check ("r out toy 9 8 1 9\n", &report));
  assert_int_equal (report.phantom.count, 1);
}

static void test_reordered (void **state) {
  (void)state;
  history_report_t report;
  assert_false (check ("a 3 1 1\na 3 2 1\nk 3 1 4 2\nk 3 2 5 2\nr in toy 4 3 1 0\nr in toy 5 3 2 0\n"
                       "r out toy 5 3 2 9\nr out toy 4 3 1 9\n",
                       &report));
  assert_int_equal (report.reordered.count, 1);
  assert_int_equal (report.lost.count, 0);
}

static void test_stuck (void **state) {
  (void)state;
  history_report_t report;
  assert_false (check ("a 3 1 1\n", &report)); /* never answered */
  assert_int_equal (report.stuck.count, 1);
  assert_false (check ("a 3 1 1\nk 3 1 4 2\nr in toy 4 3 1 0\n", &report)); /* out has stopped at 3 */
  assert_int_equal (report.stuck.count, 1);
  assert_int_equal (report.lost.count, 0);
}

static void test_text (void **state) {
  (void)state;
  history_report_t report;
  assert_true (check ("a 9 9 1", &report)); /* cut short by a kill */
  history_t *history = history_new ();
  assert_false (history_text (history, "what is this\n"));
  history_destroy (&history);
}

/* Enough to make the table grow several times. */
static void test_many (void **state) {
  (void)state;
  history_report_t report;
  history_t *history = history_new ();
  history_reader (history, "out");
  for (uint64_t i = 1; i <= 20000; i++) {
    history_attempt (history, 1 + i % 3, i, 0);
    history_ack (history, 1 + i % 3, i, i, 0);
    if (i != 777)
      history_read (history, "out", "toy", i, 1 + i % 3, i, 1);
  }
  assert_false (history_check (history, &report));
  assert_int_equal (report.lost.count, 1);
  assert_int_equal (report.attempts, 20000);
  history_destroy (&history);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_good),      cmocka_unit_test (test_lost),  cmocka_unit_test (test_duplicated),
      cmocka_unit_test (test_phantom),   cmocka_unit_test (test_stuck), cmocka_unit_test (test_text),
      cmocka_unit_test (test_reordered), cmocka_unit_test (test_many),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
