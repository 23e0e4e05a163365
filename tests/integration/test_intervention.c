/* What stands in the way of a service and goes only by hand. A poisoned event stops the line, and an administrator
 * leaves out that one and no other (docs/faults.md row 32); a record that the broker refuses for good stops the relay,
 * and is buried: one record is another, the history behind it is whole. */
#include "common/clock.h"
#include "common/outbox.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "tests/support/outbox_check.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"

typedef struct {
  toy_stack_t stack;
  mns_bus_t *administrator;
} fixture_t;

static void connect_administrator (fixture_t *fixture) {
  mns_error_t error = {0};
  mns_config_t config = fixture->stack.config;
  snprintf (config.bus, sizeof config.bus, "ipc://%.100s/run/bus", fixture->stack.folder);
  if (mns_bus_new (&fixture->administrator, &config, "local", 5000, &error) != MNS_OK)
    fail_msg ("%s", error.detail);
}

static int set_up (void **state) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  memset (fixture, 0, sizeof *fixture);
  *state = fixture;
  toy_stack_init (&fixture->stack);
  toy_stack_broker (&fixture->stack);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  mns_bus_destroy (&fixture->administrator);
  toy_stack_fini (&fixture->stack);
  free (fixture);
  return 0;
}

static mns_service_status_t status_of (fixture_t *fixture, const char *command) {
  mns_service_status_t status;
  mns_error_t error = {0};
  if (mns_bus_call (fixture->stack.bus, command, NULL, NULL, NULL, &mns_service_status_type, &status, &error) != MNS_OK)
    fail_msg ("%s: %s", command, error.detail);
  return status;
}

static bool has_alarm (const mns_service_status_t *status, const char *code) {
  for (size_t i = 0; i < status->alarms_count; i++)
    if (strcmp (status->alarms[i].code, code) == 0)
      return true;
  return false;
}

/* The status once the alarm is on, within ten seconds. */
static mns_service_status_t await_alarm (fixture_t *fixture, const char *command, const char *code) {
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  mns_service_status_t status = status_of (fixture, command);
  while (!has_alarm (&status, code)) {
    if (mns_clock.monotonic_ms () > until)
      fail_msg ("no alarm %s", code);
    zclock_sleep (10);
    status = status_of (fixture, command);
  }
  return status;
}

static mns_rc_t leave_out (mns_bus_t *bus, const char *event) {
  mns_service_skip_t request;
  mns_error_t error = {0};
  mns_uuid_t key = mns_uuid_new ();
  mns_record_clear (&mns_service_skip_type, &request);
  mns_text_copy (request.event, sizeof request.event, event);
  mns_text_copy (request.reason, sizeof request.reason, "made up by a test");
  return mns_bus_call (bus, "tally.skip", &key, &mns_service_skip_type, &request, NULL, NULL, &error);
}

static void test_a_line_goes_on_behind_what_is_left_out (void **state) {
  fixture_t *fixture = *state;
  toy_stack_t *stack = &fixture->stack;
  mns_error_t error = {0};
  toy_stack_service (stack, &toy_service);
  toy_stack_service (stack, &tally_service);
  toy_stack_connect (stack);
  connect_administrator (fixture);
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_OK);
  assert_int_equal (toy_stack_add (stack, NULL, "poison", 10, &error), MNS_OK);
  assert_int_equal (toy_stack_add (stack, NULL, "plum", 100, &error), MNS_OK);
  mns_service_status_t status = await_alarm (fixture, "tally.status", "line_stopped");
  assert_int_equal (status.state, MNS_STATE_STOPPED);
  assert_string_equal (status.stopped_at, "toy-1-2");
  toy_stack_expect (stack, "tally.total", 1, 1);
  assert_int_equal (leave_out (stack->bus, "toy-1-2"), MNS_FORBIDDEN);
  assert_int_equal (leave_out (fixture->administrator, "toy-1-3"), MNS_CONFLICT);
  assert_int_equal (leave_out (fixture->administrator, "toy-1-2"), MNS_OK);
  toy_stack_expect (stack, "tally.total", 2, 101);
  status = status_of (fixture, "tally.status");
  assert_int_equal (status.state, MNS_STATE_RUNNING);
  assert_int_equal (status.skipped, 1);
  assert_false (has_alarm (&status, "line_stopped"));
  assert_int_equal (status.published, 1); /* the decision is an event */
  assert_int_equal (leave_out (fixture->administrator, "toy-1-2"), MNS_WRONG_STATE);
  toy_stack_stop_services (stack);
  toy_stack_service (stack, &tally_service);
  toy_stack_expect (stack, "tally.total", 2, 101);
}

/* ---- bury -------------------------------------------------------------------------------------------------------- */

static mns_db_t *open_store (fixture_t *fixture) {
  char path[MNS_PATH_MAX + 32];
  mns_db_t *db = NULL;
  mns_error_t error = {0};
  snprintf (path, sizeof path, "%s/toy/toy.db", fixture->stack.folder);
  mns_db_options_t options = {.path = path, .who = "test"};
  if (mns_db_open (&db, &options, &error) != MNS_OK)
    fail_msg ("%s", error.detail);
  return db;
}

/* A record on a stream that is not the service's: its own check would not have let it pass. */
static void put_refused_record (fixture_t *fixture) {
  static const char topic[] = "registry.birth.510322101203.registered";
  mns_outbox_t outbox;
  mns_event_t event;
  mns_error_t error = {0};
  mns_db_t *db = open_store (fixture);
  memset (&event, 0, sizeof event);
  event.topic = topic;
  event.topic_size = strlen (topic);
  strcpy (event.type, "birth");
  event.version = 1;
  assert_int_equal (mns_outbox_init (&outbox, db, "toy", &error), MNS_OK);
  assert_int_equal (mns_db_begin (db), MNS_OK);
  for (int i = 0; i < 3; i++) {
    strcpy (event.entity, i == 1 ? "wrong" : "also wrong");
    event.topic = i == 1 ? topic : "toy.entry.510322101203.added";
    event.topic_size = strlen (event.topic);
    assert_int_equal (mns_outbox_add (&outbox, &event, "\x80", 1, &error), MNS_OK);
    mns_outbox_keep (&outbox);
  }
  assert_int_equal (mns_outbox_finish (&outbox), MNS_OK);
  assert_int_equal (mns_db_commit (db), MNS_OK);
  mns_outbox_fini (&outbox);
  mns_db_destroy (&db);
}

static mns_rc_t bury (mns_bus_t *bus, uint64_t number) {
  mns_service_bury_t request;
  mns_error_t error = {0};
  mns_uuid_t key = mns_uuid_new ();
  mns_record_clear (&mns_service_bury_type, &request);
  request.number = number;
  mns_text_copy (request.reason, sizeof request.reason, "made up by a test");
  mns_rc_t rc = mns_bus_call (bus, "toy.bury", &key, &mns_service_bury_type, &request, NULL, NULL, &error);
  if (rc != MNS_OK)
    print_message ("%s\n", error.detail);
  return rc;
}

static void await_empty_outbox (fixture_t *fixture) {
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  while (status_of (fixture, "toy.status").outbox_records > 0) {
    assert_true (mns_clock.monotonic_ms () < until);
    zclock_sleep (10);
  }
}

static void test_a_refused_record_is_buried (void **state) {
  fixture_t *fixture = *state;
  toy_stack_t *stack = &fixture->stack;
  mns_error_t error = {0};
  toy_stack_service (stack, &toy_service);
  toy_stack_connect (stack);
  connect_administrator (fixture);
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_OK);
  await_empty_outbox (fixture);
  toy_stack_stop_services (stack);
  put_refused_record (fixture);
  toy_stack_service (stack, &toy_service);
  mns_service_status_t status = await_alarm (fixture, "toy.status", "relay_stopped");
  assert_int_equal (status.outbox_refused, 3);
  assert_int_equal (toy_stack_add (stack, NULL, "plum", 2, &error), MNS_OK); /* commands go on */
  assert_int_equal (bury (fixture->administrator, 2), MNS_CONFLICT);
  assert_int_equal (bury (stack->bus, 3), MNS_FORBIDDEN);
  assert_int_equal (bury (fixture->administrator, 3), MNS_OK);
  await_empty_outbox (fixture);
  status = status_of (fixture, "toy.status");
  assert_false (has_alarm (&status, "relay_stopped"));
  assert_int_equal (status.published, 6); /* pear, three, plum, the decision */
  assert_int_equal (bury (fixture->administrator, 3), MNS_WRONG_STATE);
  toy_stack_stop_services (stack);
  mns_db_t *db = open_store (fixture);
  assert_int_equal (outbox_check (db), 6);
  mns_db_destroy (&db);
}

static void put_back (fixture_t *fixture) {
  mns_db_t *db = open_store (fixture);
  assert_int_equal (mns_db_exec (db, "UPDATE producer SET next_epoch = epoch + 1", NULL), MNS_OK); /* as mns restore */
  mns_db_destroy (&db);
}

/* Such a store cannot leave its old epoch before what waited is in the log. It comes up all the same, says what is
 * wrong and is answered; what would be said in the old epoch waits. */
static void test_a_refused_record_of_a_restored_store_is_buried (void **state) {
  fixture_t *fixture = *state;
  toy_stack_t *stack = &fixture->stack;
  mns_error_t error = {0};
  toy_stack_service (stack, &toy_service);
  toy_stack_connect (stack);
  connect_administrator (fixture);
  assert_int_equal (toy_stack_add (stack, NULL, "pear", 1, &error), MNS_OK);
  await_empty_outbox (fixture);
  toy_stack_stop_services (stack);
  put_refused_record (fixture);
  put_back (fixture);
  toy_stack_service (stack, &toy_service); /* ready */
  mns_service_status_t status = await_alarm (fixture, "toy.status", "relay_stopped");
  assert_int_equal (status.outbox_refused, 3);
  assert_int_equal (status.producer_epoch, 1);
  toy_stack_expect (stack, "toy.total", 1, 1);
  assert_int_equal (toy_stack_add (stack, NULL, "plum", 2, &error), MNS_STOPPED);
  assert_int_equal (bury (fixture->administrator, 2), MNS_CONFLICT);
  assert_int_equal (bury (fixture->administrator, 3), MNS_OK);
  for (int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS; status.producer_epoch != 2;) {
    assert_true (mns_clock.monotonic_ms () < until);
    status = status_of (fixture, "toy.status");
  }
  assert_false (has_alarm (&status, "relay_stopped"));
  assert_int_equal (toy_stack_add (stack, NULL, "plum", 2, &error), MNS_OK);
  await_empty_outbox (fixture);
  toy_stack_expect (stack, "toy.total", 2, 3);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_a_line_goes_on_behind_what_is_left_out, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_a_refused_record_is_buried, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_a_refused_record_of_a_restored_store_is_buried, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
