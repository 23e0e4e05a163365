/* Services on a real broker when things are not as they should be: a restored store, a lost one, a poisoned event, a
 * second instance, a reader that wants what is not there yet, an outbox that is full. */
#include "common/clock.h"
#include "common/link.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"
#include <time.h>

static int set_up (void **state) {
  toy_stack_t *stack = mns_alloc (sizeof *stack);
  toy_stack_init (stack);
  toy_stack_broker (stack);
  toy_stack_connect (stack);
  *state = stack;
  return 0;
}

static int tear_down (void **state) {
  toy_stack_fini (*state);
  free (*state);
  return 0;
}

static void add (toy_stack_t *stack, int count) {
  mns_error_t error = {0};
  for (int i = 0; i < count; i++)
    assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_OK);
}

static mns_service_status_t status_of (toy_stack_t *stack, const char *command) {
  mns_service_status_t status;
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_call (stack->bus, command, NULL, NULL, NULL, &mns_service_status_type, &status, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s: %s", command, mns_error_word (rc), error.detail);
  return status;
}

/* Asks until the service is in that state. */
static mns_service_status_t wait_state (toy_stack_t *stack, const char *command, mns_code_t state) {
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  mns_service_status_t status = status_of (stack, command);
  while (status.state != state && mns_clock.monotonic_ms () < until)
    status = status_of (stack, command);
  assert_int_equal (status.state, state);
  return status;
}

/* ---- the store is not the one the log knows --------------------------------------------------------------------- */

static void test_restored_store_is_refused (void **state) {
  toy_stack_t *stack = *state;
  char store[MNS_PATH_MAX + 32];
  mns_error_t error = {0};
  mns_buffer_t bytes = {0};
  snprintf (store, sizeof store, "%s/toy/toy.db", stack->folder);
  toy_stack_service (stack, &toy_service);
  add (stack, 2);
  toy_stack_stop_services (stack);
  assert_int_equal (mns_dir_read_file (store, 1 << 26, &bytes, &error), MNS_OK);
  toy_stack_service (stack, &toy_service);
  add (stack, 2);
  toy_stack_stop_services (stack);
  assert_int_equal (mns_dir_write_file (store, bytes.data, bytes.size, 0600, &error), MNS_OK);
  mns_buffer_fini (&bytes);
  toy_stack_service (stack, &toy_service);
  mns_service_status_t status = wait_state (stack, "toy.status", MNS_STATE_FORKED);
  assert_string_equal (status.error, "outbox_forked");
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_STOPPED);
  toy_stack_expect (stack, "toy.total", 2, 2);
}

static void test_lost_store_begins_an_epoch (void **state) {
  toy_stack_t *stack = *state;
  char folder[MNS_PATH_MAX + 32];
  toy_stack_service (stack, &tally_service);
  for (int64_t epoch = 1; epoch <= 3; epoch++) {
    toy_stack_service (stack, &toy_service);
    add (stack, 2);
    assert_int_equal (status_of (stack, "toy.status").producer_epoch, epoch);
    toy_stack_expect (stack, "tally.total", epoch * 2, epoch * 2);
    zactor_destroy (&stack->services[--stack->count]);
    snprintf (folder, sizeof folder, "%s/toy", stack->folder);
    assert_int_equal (test_folder_remove (folder), 0);
  }
}

static void test_lost_facts_are_not_begun_anew (void **state) {
  toy_stack_t *stack = *state;
  char folder[MNS_PATH_MAX + 32];
  mns_error_t error = {0};
  toy_stack_service (stack, &keeping_toy_service);
  add (stack, 2);
  toy_stack_stop_services (stack);
  snprintf (folder, sizeof folder, "%s/toy", stack->folder);
  assert_int_equal (test_folder_remove (folder), 0);
  toy_stack_service (stack, &keeping_toy_service);
  wait_state (stack, "toy.status", MNS_STATE_FORKED);
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_STOPPED);
}

/* ---- events that cannot be applied ------------------------------------------------------------------------------ */

/* docs/faults.md row 32: what came before it is applied, nothing behind it, and the status says which it is. */
static void test_line_stops_commands_go_on (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  toy_stack_service (stack, &toy_service);
  toy_stack_service (stack, &tally_service);
  add (stack, 3);
  assert_int_equal (toy_stack_add (stack, NULL, "poison", 1, &error), MNS_OK);
  add (stack, 1);
  mns_service_status_t status = wait_state (stack, "tally.status", MNS_STATE_STOPPED);
  assert_string_equal (status.stopped_at, "toy-1-4");
  assert_int_equal (status.log_number, 3);
  toy_stack_expect (stack, "tally.total", 3, 3);
  toy_stack_expect (stack, "toy.total", 5, 5);
}

static void test_lenient_service_goes_on (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  toy_stack_service (stack, &toy_service);
  add (stack, 1);
  assert_int_equal (toy_stack_add (stack, NULL, "poison", 1, &error), MNS_OK);
  add (stack, 1);
  toy_stack_service (stack, &lenient_tally_service);
  toy_stack_expect (stack, "tally.total", 2, 2);
  assert_int_equal (status_of (stack, "tally.status").skipped, 1);
}

/* ---- waiting for a log number ----------------------------------------------------------------------------------- */

/* One request by hand, with a log number that must be known; the answer's head. */
static void ask_at_least (toy_stack_t *stack, uint64_t log_number, uint64_t deadline_ms, mns_head_t *answer) {
  mns_link_t link;
  mns_frame_kind_t kind = 0;
  zmq_msg_t body;
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  zmq_msg_init (&body);
  mns_link_init (&link, zsys_init (), &stack->config, "test");
  mns_text_copy (link.hello.account, sizeof link.hello.account, "tester");
  while (kind != MNS_REPLY && kind != MNS_ERR && mns_clock.monotonic_ms () < until) {
    zmq_pollitem_t item = {link.socket, 0, mns_link_poll (&link), 0};
    zmq_poll (&item, link.socket ? 1 : 0, 20);
    mns_link_tick (&link);
    kind = mns_link_receive (&link, answer, &body);
    if (kind != MNS_WELCOME)
      continue;
    mns_head_t head;
    mns_head_clear (&head);
    head.request = 77;
    head.log_number = log_number;
    head.deadline_ms = deadline_ms;
    mns_text_copy (head.command, sizeof head.command, "tally.total");
    assert_int_equal (mns_link_send (&link, MNS_REQUEST, &head, NULL, 0), MNS_OK);
  }
  assert_int_equal (answer->request, 77);
  zmq_msg_close (&body);
  mns_link_fini (&link);
}

static void test_query_waits_for_log_number (void **state) {
  toy_stack_t *stack = *state;
  mns_head_t answer;
  toy_stack_service (stack, &toy_service);
  toy_stack_service (stack, &tally_service);
  add (stack, 5);
  ask_at_least (stack, 5, 20000, &answer);
  assert_int_equal (answer.rc, MNS_OK);
  ask_at_least (stack, 6, 100, &answer);
  assert_int_equal (answer.rc, MNS_TIMEOUT);
}

/* A line that is stopped costs nothing, also when the broker has been started again. */
static void test_stopped_line_rests (void **state) {
  toy_stack_t *stack = *state;
  mns_error_t error = {0};
  mns_head_t answer;
  toy_stack_service (stack, &toy_service);
  toy_stack_service (stack, &tally_service);
  assert_int_equal (toy_stack_add (stack, NULL, "poison", 1, &error), MNS_OK);
  wait_state (stack, "tally.status", MNS_STATE_STOPPED);
  toy_stack_stop_broker (stack);
  toy_stack_broker (stack);
  toy_stack_expect (stack, "tally.total", 0, 0);
  ask_at_least (stack, 1, 500, &answer); /* by its end the events connection is there again */
  clock_t before = clock ();
  ask_at_least (stack, 1, 1000, &answer);
  assert_int_equal (answer.rc, MNS_TIMEOUT);
  assert_true (clock () - before < CLOCKS_PER_SEC / 10);
}

/* ---- one place, one service ------------------------------------------------------------------------------------- */

static void run_toy (zsock_t *pipe, void *args) {
  mns_service_actor (pipe, args);
}

/* docs/faults.md row 7, with stores: the lock of the folder keeps the second out before it says a word. */
static void test_second_instance_is_kept_out (void **state) {
  toy_stack_t *stack = *state;
  char word[64];
  mns_service_args_t args = {&toy_service, &stack->config};
  toy_stack_service (stack, &toy_service);
  zactor_t *second = zactor_new (run_toy, &args);
  toy_stack_wait (second, word);
  assert_string_equal (word, "in_use");
  zactor_destroy (&second);
  add (stack, 1);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_restored_store_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lost_store_begins_an_epoch, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lost_facts_are_not_begun_anew, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_line_stops_commands_go_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lenient_service_goes_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_query_waits_for_log_number, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_stopped_line_rests, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_second_instance_is_kept_out, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
