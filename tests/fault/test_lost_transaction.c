/* A statement that fails can take the whole transaction with it, and the next one would then commit by itself. A turn
 * looks: a request to which that happened is refused, nothing of it or of its neighbours is kept by half, and the next
 * one is as if it had never been. The mutant no_autocommit_check must fail here. */
#include "tests/support/outbox_check.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/turn_harness.h"
#include <string.h>

static mns_toy_entry_t entry_of (const char *name) {
  mns_toy_entry_t entry;
  mns_record_clear (&mns_toy_entry_type, &entry);
  strcpy (entry.name, name);
  entry.amount = 1;
  return entry;
}

static void test_nothing_is_answered_or_kept (void **state) {
  (void)state;
  harness_t *h = harness_new (&toy_service);
  mns_toy_entry_t pear = entry_of ("pear"), answer;
  mns_toy_total_t total;
  assert_int_equal (harness_call (h, "toy.add", &pear, NULL), MNS_OK);
  assert_int_equal (harness_call (h, "toy.lose", &pear, NULL), MNS_BUSY);
  assert_int_equal (harness_call (h, "toy.total", NULL, &total), MNS_OK);
  assert_int_equal (total.entries, 1);
  assert_int_equal (harness_call (h, "toy.add", &pear, &answer), MNS_OK);
  assert_int_equal (answer.id, 2);
  assert_int_equal (outbox_check (harness_db (h)), 2);
  harness_restart (h);
  assert_int_equal (harness_call (h, "toy.total", NULL, &total), MNS_OK);
  assert_int_equal (total.entries, 2);
  harness_destroy (&h);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_nothing_is_answered_or_kept)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
