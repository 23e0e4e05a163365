/* A service on a disk that fills up, breaks, and loses power, at each write and sync in turn: what was answered is
 * there, what was not is not there by half, the same key again brings it about once, and a full disk
 * needs no restart (docs/faults.md rows 5, 8). */
#include "common/clock.h"
#include "common/text.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"
#include "tests/support/turn_harness.h"

enum { STEPS_MAX = 200 };

static mns_buffer_t body;

static int set_up_body (void **state) {
  (void)state;
  mns_toy_entry_t entry;
  crash_vfs_register_default ();
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  mns_record_pack (&mns_toy_entry_type, &entry, &body);
  return 0;
}

static int tear_down_body (void **state) {
  (void)state;
  mns_buffer_fini (&body);
  return 0;
}

static mns_rc_t add (harness_t *h, const mns_uuid_t *key) {
  return harness_call_body (h, "toy.add", key, body.data, body.size);
}

static void assert_entries (harness_t *h, int64_t entries) {
  mns_toy_total_t total;
  assert_int_equal (harness_call (h, "toy.total", NULL, &total), MNS_OK);
  assert_int_equal (total.entries, entries);
}

/* Entries and events have gone the same way. */
static void assert_whole (harness_t *h, int64_t entries) {
  mns_uuid_t key = mns_uuid_new ();
  assert_entries (h, entries);
  assert_int_equal (add (h, &key), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1);
  assert_int_equal (harness_emitted (h, 0)->number, (uint64_t)entries + 1);
}

/* One round with the plan at its n-th step. True while the plan came true. */
static bool full_at (uint64_t n) {
  harness_t *h = harness_new (&toy_service);
  mns_uuid_t first = mns_uuid_new (), second = mns_uuid_new ();
  assert_int_equal (add (h, &first), MNS_OK);
  crash_vfs_plan (CRASH_FULL, n);
  mns_rc_t rc = add (h, &second);
  bool fired = crash_vfs_fired ();
  assert_true (rc == MNS_OK || (fired && rc == MNS_DISK_FULL));
  if (rc != MNS_OK)
    assert_entries (h, 1);
  crash_vfs_plan (CRASH_NOTHING, 0);
  assert_int_equal (add (h, &second), MNS_OK);
  assert_whole (h, 2);
  harness_destroy (&h);
  return fired;
}

static bool broken_at (crash_plan_t plan, uint64_t n) {
  harness_t *h = harness_new (&toy_service);
  mns_uuid_t first = mns_uuid_new (), second = mns_uuid_new ();
  assert_int_equal (add (h, &first), MNS_OK);
  crash_vfs_plan (plan, n);
  mns_rc_t rc = add (h, &second);
  assert_true (rc == MNS_OK || (crash_vfs_fired () && rc == MNS_IO));
  harness_stop (h);
  bool fired = crash_vfs_fired ();
  if (plan == CRASH_CUT && fired)
    crash_vfs_restart ();
  crash_vfs_plan (CRASH_NOTHING, 0);
  harness_start (h);
  if (rc == MNS_OK)
    assert_entries (h, 2);
  assert_int_equal (add (h, &second), MNS_OK);
  assert_whole (h, 2);
  harness_destroy (&h);
  return fired;
}

static void test_full_at_each_write (void **state) {
  (void)state;
  uint64_t n = 1;
  while (n < STEPS_MAX && full_at (n))
    n++;
  assert_in_range (n, 2, STEPS_MAX - 1);
}

static void at_each (crash_plan_t plan) {
  uint64_t n = 1;
  while (n < STEPS_MAX && broken_at (plan, n))
    n++;
  assert_in_range (n, 2, STEPS_MAX - 1);
}

static void test_error_at_each_write (void **state) {
  (void)state;
  at_each (CRASH_WRITE_ERROR);
}

static void test_error_at_each_sync (void **state) {
  (void)state;
  at_each (CRASH_SYNC_ERROR);
}

static void test_power_cut_at_each_sync (void **state) {
  (void)state;
  at_each (CRASH_CUT);
}

/* Broker, producer and consumer all run out of room while requests are in flight; then there is room again. */
static void test_stack_recovers (void **state) {
  (void)state;
  enum { REQUESTS = 60 };
  toy_stack_t stack;
  mns_error_t error = {0};
  mns_buffer_t reply = {0};
  mns_head_t head;
  uint64_t request;
  int refused = 0, answered = 0;
  toy_stack_init (&stack);
  toy_stack_broker (&stack);
  toy_stack_service (&stack, &toy_service);
  toy_stack_service (&stack, &tally_service);
  toy_stack_connect (&stack);
  crash_vfs_plan (CRASH_FULL, 20);
  for (int i = 0; i < REQUESTS; i++)
    assert_int_equal (mns_bus_send (stack.bus, "toy.add", NULL, body.data, body.size, 60000, &request, &error), MNS_OK);
  while (!crash_vfs_fired () || refused++ < 3) {
    mns_rc_t rc = mns_bus_take (stack.bus, 50, &request, &reply, &head, &error);
    answered += rc == MNS_OK;
  }
  crash_vfs_plan (CRASH_NOTHING, 0);
  while (answered < REQUESTS) {
    assert_int_equal (mns_bus_take (stack.bus, 60000, &request, &reply, &head, &error), MNS_OK);
    assert_int_equal (head.rc, MNS_OK);
    answered++;
  }
  toy_stack_expect (&stack, "toy.total", REQUESTS, REQUESTS);
  toy_stack_expect (&stack, "tally.total", REQUESTS, REQUESTS);
  mns_buffer_fini (&reply);
  toy_stack_fini (&stack);
}

/* The power goes while a service has nothing to do, and the broker is the first to be back: a service that cannot read
 * what it has sent ends, instead of greeting for ever. */
static void test_dead_store_ends_the_service (void **state) {
  (void)state;
  toy_stack_t stack;
  mns_error_t error = {0};
  char word[64];
  toy_stack_init (&stack);
  toy_stack_broker (&stack);
  toy_stack_service (&stack, &toy_service);
  toy_stack_connect (&stack);
  assert_int_equal (toy_stack_add (&stack, NULL, "pear", 1, &error), MNS_OK);
  toy_stack_expect (&stack, "toy.total", 1, 1);
  crash_vfs_cut ();
  mns_bus_destroy (&stack.bus);
  toy_stack_stop_broker (&stack);
  crash_vfs_restart ();
  toy_stack_broker (&stack);
  toy_stack_wait (stack.services[0], word);
  assert_string_equal (word, "io");
  toy_stack_fini (&stack);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_full_at_each_write), cmocka_unit_test (test_error_at_each_write),
      cmocka_unit_test (test_error_at_each_sync), cmocka_unit_test (test_power_cut_at_each_sync),
      cmocka_unit_test (test_stack_recovers),     cmocka_unit_test (test_dead_store_ends_the_service),
  };
  return cmocka_run_group_tests (tests, set_up_body, tear_down_body);
}
