/* A broker and the toy services in this process. */
#include "tests/support/toy_stack.h"
#include "common/clock.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"

void toy_stack_init (toy_stack_t *stack) {
  memset (stack, 0, sizeof *stack);
  zsys_handler_set (NULL);
  assert_int_equal (test_folder_make (stack->folder), 0);
  mns_text_copy (stack->config.data, sizeof stack->config.data, stack->folder);
  mns_config_defaults (&stack->config);
  mns_text_copy (stack->config.bus, sizeof stack->config.bus, "inproc://bus");
  mns_text_copy (stack->config.bus_listen, sizeof stack->config.bus_listen, "off");
  mns_text_copy (stack->config.feed_listen, sizeof stack->config.feed_listen, "off");
}

void toy_stack_wait (zactor_t *actor, char word[64]) {
  char *first = NULL, *second = NULL, *third = NULL;
  zsock_set_rcvtimeo (actor, TOY_PATIENCE_MS);
  assert_int_equal (zstr_recvx (actor, &first, &second, &third, NULL) > 0, 1);
  if (third)
    print_message ("%s: %s: %s\n", first, second, third);
  mns_text_copy (word, 64, second ? second : first);
  zstr_free (&first);
  zstr_free (&second);
  zstr_free (&third);
}

static void run_broker (zsock_t *pipe, void *args) {
  mns_broker_actor (pipe, args);
}

static void run_service (zsock_t *pipe, void *args) {
  mns_service_actor (pipe, args);
}

static zactor_t *start (zactor_fn *function, void *args) {
  char word[64];
  zactor_t *actor = zactor_new (function, args);
  assert_non_null (actor);
  toy_stack_wait (actor, word);
  assert_string_equal (word, "READY");
  return actor;
}

void toy_stack_broker (toy_stack_t *stack) {
  stack->broker = start (run_broker, &stack->config);
}

void toy_stack_service (toy_stack_t *stack, const mns_service_t *service) {
  mns_service_args_t *args = &stack->args[stack->count];
  *args = (mns_service_args_t){service, &stack->config};
  stack->services[stack->count++] = start (run_service, args);
}

void toy_stack_connect (toy_stack_t *stack) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_new (&stack->bus, &stack->config, "tester", TOY_PATIENCE_MS, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", mns_error_word (rc), error.detail);
}

void toy_stack_stop_services (toy_stack_t *stack) {
  while (stack->count > 0)
    zactor_destroy (&stack->services[--stack->count]);
}

void toy_stack_stop_broker (toy_stack_t *stack) {
  zactor_destroy (&stack->broker);
}

void toy_stack_fini (toy_stack_t *stack) {
  mns_bus_destroy (&stack->bus);
  toy_stack_stop_services (stack);
  toy_stack_stop_broker (stack);
  test_folder_remove (stack->folder);
}

mns_rc_t toy_stack_add (toy_stack_t *stack, const mns_uuid_t *key, const char *name, int64_t amount,
                        mns_error_t *error) {
  mns_toy_entry_t entry, answer;
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, name);
  entry.amount = amount;
  return mns_bus_call (stack->bus, "toy.add", key, &mns_toy_entry_type, &entry, &mns_toy_entry_type, &answer, error);
}

void toy_stack_expect (toy_stack_t *stack, const char *query, int64_t entries, int64_t amount) {
  mns_toy_total_t total;
  mns_error_t error = {0};
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  do {
    mns_rc_t rc = mns_bus_call (stack->bus, query, NULL, NULL, NULL, &mns_toy_total_type, &total, &error);
    if (rc != MNS_OK)
      fail_msg ("%s: %s: %s", query, mns_error_word (rc), error.detail);
  } while (total.entries < entries && mns_clock.monotonic_ms () < until);
  assert_int_equal (total.entries, entries);
  assert_int_equal (total.amount, amount);
}
