/* The bus client against a real broker and the toy services: calls, requests in flight, the same key again,
 * subscriptions, a broker that goes and comes back. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"

static int set_up (void **state) {
  toy_stack_t *stack = mns_alloc (sizeof *stack);
  toy_stack_init (stack);
  toy_stack_broker (stack);
  toy_stack_service (stack, &toy_service);
  toy_stack_service (stack, &tally_service);
  toy_stack_connect (stack);
  *state = stack;
  return 0;
}

static int tear_down (void **state) {
  toy_stack_fini (*state);
  free (*state);
  return 0;
}

static void test_call (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 3, &error), MNS_OK);
  assert_int_equal (toy_stack_add (stack, NULL, "nothing", 0, &error), MNS_NOT_ELIGIBLE);
  assert_string_equal (error.where, "amount");
  assert_int_equal (toy_stack_add (stack, NULL, "", 1, &error), MNS_MISSING);
  toy_stack_expect (stack, "toy.total", 1, 3);
  toy_stack_expect (stack, "tally.total", 1, 3);
}

static void test_no_such_command (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_call (stack->bus, "toy.nonsense", NULL, NULL, NULL, NULL, NULL, &error);
  assert_int_equal (rc, MNS_UNKNOWN_COMMAND);
}

static void test_same_key_is_one_effect (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  mns_uuid_t key = mns_uuid_new ();
  for (int i = 0; i < 3; i++)
    assert_int_equal (toy_stack_add (stack, &key, "pear", 3, &error), MNS_OK);
  assert_int_equal (toy_stack_add (stack, &key, "pear", 4, &error), MNS_KEY_REUSED);
  toy_stack_expect (stack, "toy.total", 1, 3);
  toy_stack_expect (stack, "tally.total", 1, 3);
}

/* A reply names its event; a query may wait until another service has come to it. */
static void test_reply_names_event (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  mns_buffer_t body = {0}, reply = {0};
  mns_head_t head;
  mns_toy_entry_t entry;
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 2;
  mns_record_pack (&mns_toy_entry_type, &entry, &body);
  for (uint64_t i = 1; i <= 2; i++) {
    mns_rc_t rc = mns_bus_request (stack->bus, "toy.add", NULL, body.data, body.size, 5000, &reply, &head, &error);
    assert_int_equal (rc, MNS_OK);
    assert_string_equal (head.producer, "toy");
    assert_int_equal (head.producer_epoch, 1);
    assert_int_equal (head.number, i);
  }
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
}

static void test_in_flight (void **state) {
  toy_stack_t *stack = *state;
  enum { REQUESTS = 500 };
  static bool seen[REQUESTS * 2];
  mns_error_t error = {0};
  mns_buffer_t body = {0}, reply = {0};
  mns_head_t head;
  uint64_t request;
  mns_toy_entry_t entry;
  memset (seen, 0, sizeof seen);
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  mns_record_pack (&mns_toy_entry_type, &entry, &body);
  for (int i = 0; i < REQUESTS; i++)
    assert_int_equal (mns_bus_send (stack->bus, "toy.add", NULL, body.data, body.size, 20000, &request, &error),
                      MNS_OK);
  for (int i = 0; i < REQUESTS; i++) {
    assert_int_equal (mns_bus_take (stack->bus, 20000, &request, &reply, &head, &error), MNS_OK);
    assert_int_equal (head.rc, MNS_OK);
    assert_true (request < REQUESTS * 2 && !seen[request]);
    seen[request] = true;
  }
  assert_int_equal (mns_bus_take (stack->bus, 0, &request, &reply, &head, &error), MNS_NOT_FOUND);
  toy_stack_expect (stack, "tally.total", REQUESTS, REQUESTS);
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
}

static void test_subscription (void **state) {
  toy_stack_t *stack = *state;
  static const char *const prefixes[] = {"toy.entry.51", "toy.entry."};
  mns_error_t error = {0};
  mns_event_t event;
  assert_int_equal (toy_stack_add (stack, NULL, "before", 1, &error), MNS_OK);
  assert_int_equal (mns_bus_subscribe (stack->bus, prefixes, 2, 0, "", &error), MNS_OK);
  assert_int_equal (toy_stack_add (stack, NULL, "after", 2, &error), MNS_OK);
  for (uint64_t i = 1; i <= 2; i++) {
    assert_int_equal (mns_bus_next (stack->bus, 10000, &event, &error), MNS_OK);
    assert_int_equal (event.number, i);
    assert_int_equal (event.log_number, i);
  }
  assert_int_equal (mns_bus_next (stack->bus, 0, &event, &error), MNS_TIMEOUT);
}

static void test_broker_comes_back (void **state) {
  toy_stack_t *stack = *state;
  static const char *const prefixes[] = {"toy."};
  mns_error_t error = {0};
  mns_event_t event;
  assert_int_equal (mns_bus_subscribe (stack->bus, prefixes, 1, UINT64_MAX, "", &error), MNS_OK);
  for (uint64_t i = 1; i <= 3; i++) {
    assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_OK);
    assert_int_equal (mns_bus_next (stack->bus, 10000, &event, &error), MNS_OK);
    assert_int_equal (event.number, i);
    toy_stack_stop_broker (stack);
    toy_stack_broker (stack);
  }
  toy_stack_expect (stack, "tally.total", 3, 3);
}

static void test_nobody_there (void **state) {
  (void)state;
  toy_stack_t stack;
  mns_bus_t *bus;
  mns_error_t error = {0};
  toy_stack_init (&stack);
  assert_int_equal (mns_bus_new (&bus, &stack.config, "tester", 50, &error), MNS_UNAVAILABLE);
  assert_null (bus);
  assert_non_null (strstr (error.detail, "mns up"));
  toy_stack_fini (&stack);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_call, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_no_such_command, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_same_key_is_one_effect, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_reply_names_event, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_in_flight, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_subscription, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_comes_back, set_up, tear_down),
      cmocka_unit_test (test_nobody_there),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
