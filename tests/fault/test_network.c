/* A bad network between the services and their broker: cut, cut one way, late, losing single messages. Nothing is lost
 * or done twice, and it goes on by itself. (The soak does the same over TCP with CURVE; over inproc there is no
 * network.)
 *
 * docs/faults.md rows 3 (the acknowledgement is lost), 9, 10, 28, 29. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "tests/support/proxy.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/toy_stack.h"
#include <unistd.h>

enum { TOY, TALLY, LINES };
enum { CUTS = 24, IN_FLIGHT = 6 };

typedef struct {
  toy_stack_t stack; /* the broker, and who asks over inproc */
  mns_config_t configs[LINES];
  mns_service_args_t args[LINES];
  proxy_t *lines[LINES];
  zactor_t *services[LINES];
  mns_buffer_t body, reply;
  int sent, answered;
} fixture_t;

static void run_service (zsock_t *pipe, void *args) {
  mns_service_actor (pipe, args);
}

static void start_service (fixture_t *fixture, int line, const mns_service_t *service) {
  char from[MNS_PATH_MAX + 32], to[MNS_PATH_MAX + 32], word[64];
  snprintf (from, sizeof from, "ipc://%s/line-%d", fixture->stack.folder, line);
  snprintf (to, sizeof to, "ipc://%s/run/bus", fixture->stack.folder);
  fixture->lines[line] = proxy_new (from, to);
  assert_non_null (fixture->lines[line]);
  fixture->configs[line] = fixture->stack.config;
  mns_text_copy (fixture->configs[line].bus, sizeof fixture->configs[line].bus, from);
  fixture->args[line] = (mns_service_args_t){service, &fixture->configs[line]};
  fixture->services[line] = zactor_new (run_service, &fixture->args[line]);
  toy_stack_wait (fixture->services[line], word);
  assert_string_equal (word, "READY");
}

/* Over a local socket a service that is none of the house needs an account. */
static void write_accounts (fixture_t *fixture) {
  static const char accounts[] = "accounts:\n- name: toy\n  role: service\n- name: tally\n  role: service\n";
  char path[MNS_PATH_MAX];
  assert_int_equal (mns_dir_join (path, fixture->stack.folder, "accounts.yaml", NULL), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, accounts, strlen (accounts), 0600, NULL), MNS_OK);
}

static int set_up (void **state) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  mns_toy_entry_t entry;
  memset (fixture, 0, sizeof *fixture);
  *state = fixture;
  toy_stack_init (&fixture->stack);
  write_accounts (fixture);
  toy_stack_broker (&fixture->stack);
  toy_stack_connect (&fixture->stack);
  start_service (fixture, TOY, &toy_service);
  start_service (fixture, TALLY, &tally_service);
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  mns_record_pack (&mns_toy_entry_type, &entry, &fixture->body);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  for (int line = 0; line < LINES; line++) {
    zactor_destroy (&fixture->services[line]);
    proxy_destroy (&fixture->lines[line]);
  }
  toy_stack_fini (&fixture->stack);
  mns_buffer_fini (&fixture->body);
  mns_buffer_fini (&fixture->reply);
  free (fixture);
  return 0;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* Keeps commands in flight for `ms`, and takes the answers that come. */
static void ask_for (fixture_t *fixture, int ms) {
  uint64_t request;
  mns_head_t head;
  mns_error_t error = {0};
  for (int64_t until = mns_clock.monotonic_ms () + ms; mns_clock.monotonic_ms () < until;) {
    while (fixture->sent - fixture->answered < IN_FLIGHT) {
      assert_int_equal (mns_bus_send (fixture->stack.bus, "toy.add", NULL, fixture->body.data, fixture->body.size,
                                      TOY_PATIENCE_MS, &request, &error),
                        MNS_OK);
      fixture->sent++;
    }
    if (mns_bus_take (fixture->stack.bus, 10, &request, &fixture->reply, &head, &error) != MNS_OK)
      continue;
    assert_int_equal (head.rc, MNS_OK);
    fixture->answered++;
  }
}

static void take_rest (fixture_t *fixture) {
  uint64_t request;
  mns_head_t head;
  mns_error_t error = {0};
  for (; fixture->answered < fixture->sent; fixture->answered++) {
    assert_int_equal (mns_bus_take (fixture->stack.bus, TOY_PATIENCE_MS, &request, &fixture->reply, &head, &error),
                      MNS_OK);
    assert_int_equal (head.rc, MNS_OK);
  }
}

static void add (fixture_t *fixture, int count) {
  mns_error_t error = {0};
  for (int i = 0; i < count; i++, fixture->sent++, fixture->answered++)
    assert_int_equal (toy_stack_add (&fixture->stack, NULL, "pear", 1, &error), MNS_OK);
}

static void read_status (fixture_t *fixture, mns_bus_status_t *status) {
  mns_error_t error = {0};
  assert_int_equal (
      mns_bus_call (fixture->stack.bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, status, &error), MNS_OK);
}

/* Everything asked is in producer, log and consumer, once. */
static void check_books (fixture_t *fixture) {
  static mns_bus_status_t status;
  toy_stack_expect (&fixture->stack, "toy.total", fixture->sent, fixture->sent);
  toy_stack_expect (&fixture->stack, "tally.total", fixture->sent, fixture->sent);
  read_status (fixture, &status);
  for (size_t i = 0; i < status.producers_count; i++)
    if (!strcmp (status.producers[i].name, "toy"))
      assert_int_equal (status.producers[i].number, fixture->sent);
  assert_int_equal (status.malformed, 0);
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void test_random_cuts (void **state) {
  static const proxy_mode_t modes[] = {PROXY_CUT, PROXY_STOP_UP, PROXY_STOP_DOWN, PROXY_STOP};
  fixture_t *fixture = *state;
  const char *given = getenv ("MNS_SEED");
  unsigned seed = given ? (unsigned)strtoul (given, NULL, 10) : (unsigned)mns_clock.wall ();
  print_message ("MNS_SEED=%u\n", seed);
  for (int i = 0; i < CUTS; i++) {
    proxy_t *line = fixture->lines[rand_r (&seed) % LINES];
    ask_for (fixture, 20 + rand_r (&seed) % 60);
    if (rand_r (&seed) % 5 == 0)
      proxy_reset (line);
    else
      proxy_set (line, modes[rand_r (&seed) % 4], 0);
    ask_for (fixture, 10 + rand_r (&seed) % 100);
    proxy_set (line, PROXY_PASS, 0);
  }
  while (fixture->answered < CUTS)
    ask_for (fixture, 10);
  take_rest (fixture);
  check_books (fixture);
}

/* Acknowledgements come later than the producer waits for them: it sends again, the log takes nothing twice. */
static void test_late_acknowledgements (void **state) {
  static mns_bus_status_t status;
  fixture_t *fixture = *state;
  add (fixture, 1);
  proxy_set (fixture->lines[TOY], PROXY_DELAY, 1100); /* there and back: more than the two seconds of silence */
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  do {
    ask_for (fixture, 500);
    read_status (fixture, &status);
  } while (status.repeated == 0 && mns_clock.monotonic_ms () < until);
  assert_true (status.repeated > 0);
  proxy_set (fixture->lines[TOY], PROXY_PASS, 0);
  take_rest (fixture);
  check_books (fixture);
}

static void test_lost_acknowledgements (void **state) {
  fixture_t *fixture = *state;
  add (fixture, 1);
  proxy_lose (fixture->lines[TOY], PROXY_DOWN, MNS_PACK, 1, 3);
  add (fixture, 5);
  int64_t until = mns_clock.monotonic_ms () + TOY_PATIENCE_MS;
  while (proxy_lost (fixture->lines[TOY]) < 3 && mns_clock.monotonic_ms () < until)
    add (fixture, 1);
  assert_int_equal (proxy_lost (fixture->lines[TOY]), 3);
  take_rest (fixture);
  check_books (fixture);
}

/* What is lost is noticed by the next message, or the next sign of life, and read again. */
static void check_healed (fixture_t *fixture) {
  toy_stack_expect (&fixture->stack, "tally.total", fixture->sent, fixture->sent);
}

static void test_lost_events (void **state) {
  fixture_t *fixture = *state;
  add (fixture, 3);
  check_healed (fixture);
  proxy_lose (fixture->lines[TALLY], PROXY_DOWN, MNS_EVT, 10, UINT64_MAX);
  while (proxy_lost (fixture->lines[TALLY]) < 10)
    add (fixture, 10);
  proxy_lose (fixture->lines[TALLY], PROXY_DOWN, MNS_EVT, 0, 0);
  check_healed (fixture);
  check_books (fixture);
}

static void test_last_event_lost (void **state) {
  fixture_t *fixture = *state;
  add (fixture, 3);
  check_healed (fixture);
  proxy_lose (fixture->lines[TALLY], PROXY_DOWN, MNS_EVT, 1, 1);
  add (fixture, 1);
  check_healed (fixture);
  assert_int_equal (proxy_lost (fixture->lines[TALLY]), 1);
  check_books (fixture);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_random_cuts, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_late_acknowledgements, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lost_acknowledgements, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_lost_events, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_last_event_lost, set_up, tear_down),
  };
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its sockets open, which no exit survives */
  return 0;
}
