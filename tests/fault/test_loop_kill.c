/* Broker, a producer and a consumer as processes of their own, killed at each point that matters and at random:
 * whatever was asked happens once, whatever was said is counted once, and the log has it once. The same check must
 * catch an offset that is committed in a second transaction.
 *
 * docs/faults.md rows 1, 2, 3, 4 (the producer dies), 11, 12, 13, 14 (the broker), 25, 26, 27 (the consumer), 40 (the
 * worker of a command, before and after its effect). */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/parts.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include <czmq.h>

#ifdef MNS_FAILPOINTS
#define HAS_FAILPOINTS true
#else
#define HAS_FAILPOINTS false
#endif

enum { BROKER, TOY, TALLY, PARTS };
enum { REQUESTS = 180, IN_FLIGHT = 6, PATIENCE_MS = 60000, LIVES = 10, LOADED = 400, EVENTS_FIRST_MS = 300 };
static const char *const part_names[PARTS] = {"broker", "toy", "tally"};

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  part_t parts[PARTS];
  mns_bus_t *bus;
  mns_uuid_t keys[REQUESTS + 1];
  int sent, answered;
  mns_buffer_t body, reply;
  mns_head_t head;
} fixture_t;

/* `failpoint` and `mutant` are whole words of the environment, NULL: none; they must outlive the part. */
static void start_part (fixture_t *fixture, int part, const char *failpoint, const char *mutant) {
  fixture->parts[part] = (part_t){.kind = part_names[part], .environment = {failpoint, mutant}};
  if (failpoint == NULL)
    fixture->parts[part].environment[0] = mutant;
  part_start (&fixture->parts[part], fixture->folder);
}

/* True when the part has ended by itself: it ran into its failpoint. */
static bool has_died (fixture_t *fixture, int part) {
  int status;
  return part_has_ended (&fixture->parts[part], &status);
}

/* ---- fixture ----------------------------------------------------------------------------------------------------- */

static void write_files (fixture_t *fixture) {
  static const char accounts[] = "accounts:\n- name: toy\n  role: service\n- name: tally\n  role: service\n";
  static const char config[] = "bus_listen: 'off'\nfeed_listen: 'off'\n";
  char path[MNS_PATH_MAX];
  mns_error_t error;
  assert_int_equal (mns_dir_join (path, fixture->folder, "accounts.yaml", &error), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, accounts, strlen (accounts), 0600, &error), MNS_OK);
  assert_int_equal (mns_dir_join (path, fixture->folder, "mns.yaml", &error), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, config, strlen (config), 0600, &error), MNS_OK);
}

static int set_up (void **state) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  mns_toy_entry_t entry;
  mns_error_t error = {0};
  memset (fixture, 0, sizeof *fixture);
  *state = fixture;
  assert_int_equal (test_folder_make (fixture->folder), 0);
  write_files (fixture);
  assert_int_equal (mns_config_load (&fixture->config, fixture->folder, false, NULL, &error), MNS_OK);
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  mns_record_pack (&mns_toy_entry_type, &entry, &fixture->body);
  for (int i = 0; i <= REQUESTS; i++)
    fixture->keys[i] = mns_uuid_new ();
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  mns_bus_destroy (&fixture->bus);
  for (int part = PARTS - 1; part >= 0; part--)
    part_stop (&fixture->parts[part], SIGKILL);
  test_folder_remove (fixture->folder);
  mns_buffer_fini (&fixture->body);
  mns_buffer_fini (&fixture->reply);
  free (fixture);
  return 0;
}

static void connect_bus (fixture_t *fixture) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_new (&fixture->bus, &fixture->config, "", PATIENCE_MS, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", mns_error_word (rc), error.detail);
}

/* Waits until the first `count` services answer. */
static void wait_ready (fixture_t *fixture, size_t count) {
  static const char *const queries[] = {"toy.total", "tally.total"};
  mns_toy_total_t total;
  mns_error_t error = {0};
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  for (size_t i = 0; i < count; i++)
    while (mns_bus_call (fixture->bus, queries[i], NULL, NULL, NULL, &mns_toy_total_type, &total, &error) != MNS_OK)
      if (mns_clock.monotonic_ms () > until)
        fail_msg ("%s: %s: %s", queries[i], mns_error_word (error.rc), error.detail);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static void send_one (fixture_t *fixture) {
  uint64_t request;
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_send (fixture->bus, "toy.add", &fixture->keys[fixture->sent], fixture->body.data,
                              fixture->body.size, PATIENCE_MS, &request, &error);
  assert_int_equal (rc, MNS_OK);
  fixture->sent++;
}

/* Keeps requests in flight until `until` of them are answered, all with success. */
static void ask (fixture_t *fixture, int until) {
  uint64_t request;
  mns_error_t error = {0};
  while (fixture->answered < until) {
    while (fixture->sent < REQUESTS && fixture->sent - fixture->answered < IN_FLIGHT)
      send_one (fixture);
    mns_rc_t rc = mns_bus_take (fixture->bus, 100, &request, &fixture->reply, &fixture->head, &error);
    if (rc == MNS_TIMEOUT)
      return;
    assert_int_equal (rc, MNS_OK);
    if (fixture->head.rc != MNS_OK)
      fail_msg ("request %llu: %s: %s", (unsigned long long)request, mns_error_word ((mns_rc_t)fixture->head.rc),
                fixture->head.detail);
    fixture->answered++;
  }
}

static mns_toy_total_t total_of (fixture_t *fixture, const char *query) {
  mns_toy_total_t total;
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_call (fixture->bus, query, NULL, NULL, NULL, &mns_toy_total_type, &total, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s: %s", query, mns_error_word (rc), error.detail);
  return total;
}

static void bus_status (fixture_t *fixture, mns_bus_status_t *status) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_bus_call (fixture->bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, status, &error);
  if (rc != MNS_OK)
    fail_msg ("bus.status: %s: %s", mns_error_word (rc), error.detail);
}

static uint64_t number_of_toy (const mns_bus_status_t *status) {
  for (size_t i = 0; i < status->producers_count; i++)
    if (!strcmp (status->producers[i].name, "toy"))
      return status->producers[i].number;
  return 0;
}

/* Waits until the log has all of toy, and the consumer has come to its end: the broker itself writes in it too. */
static void wait_end_of_log (fixture_t *fixture) {
  mns_service_status_t status;
  mns_error_t error = {0};
  mns_bus_status_t *log = mns_alloc (sizeof *log);
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  do {
    bus_status (fixture, log);
    mns_rc_t rc =
        mns_bus_call (fixture->bus, "tally.status", NULL, NULL, NULL, &mns_service_status_type, &status, &error);
    if (rc != MNS_OK)
      fail_msg ("tally.status: %s: %s", mns_error_word (rc), error.detail);
  } while ((number_of_toy (log) < REQUESTS || (uint64_t)status.log_number < log->log_number) &&
           mns_clock.monotonic_ms () < until);
  free (log);
}

/* The log has what was asked once, and no message ever came cut in two. */
static void check_log (fixture_t *fixture, int64_t records) {
  mns_bus_status_t *status = mns_alloc (sizeof *status);
  bus_status (fixture, status);
  assert_int_equal (status->malformed, 0);
  assert_int_equal (number_of_toy (status), records);
  free (status);
}

/* True when everything asked is there once, in the producer, the log and the consumer. */
static bool books_balance (fixture_t *fixture) {
  wait_end_of_log (fixture);
  check_log (fixture, REQUESTS);
  mns_toy_total_t toy = total_of (fixture, "toy.total"), tally = total_of (fixture, "tally.total");
  if (toy.entries == REQUESTS && tally.entries == REQUESTS && tally.amount == REQUESTS)
    return true;
  print_message ("asked %d, toy has %lld, tally has %lld\n", REQUESTS, (long long)toy.entries,
                 (long long)tally.entries);
  return false;
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static bool run_with (fixture_t *fixture, int victim, const char *failpoint, const char *mutant) {
  bool died = false;
  for (int part = 0; part < PARTS; part++)
    start_part (fixture, part, part == victim ? failpoint : NULL, part == victim ? mutant : NULL);
  connect_bus (fixture);
  wait_ready (fixture, 2);
  while (fixture->answered < REQUESTS || !died) {
    ask (fixture, fixture->answered + 1);
    if (!died && has_died (fixture, victim)) {
      died = true;
      start_part (fixture, victim, NULL, NULL);
    } else if (!died && fixture->answered == REQUESTS)
      total_of (fixture, "tally.total");
  }
  return books_balance (fixture);
}

static void need_failpoints (void) {
  if (HAS_FAILPOINTS)
    return;
  print_message ("skipped: it is built without failpoints; test_loop_kill_at_points has them\n");
  skip ();
}

static void kill_at (void **state, int victim, const char *failpoint) {
  need_failpoints ();
  assert_true (run_with (*state, victim, failpoint, NULL));
}

static void test_toy_before_commit (void **state) {
  kill_at (state, TOY, "MNS_FAILPOINT=service_before_commit:kill@5");
}
static void test_toy_after_commit (void **state) {
  kill_at (state, TOY, "MNS_FAILPOINT=service_after_commit:kill@5");
}
static void test_toy_after_publish (void **state) {
  kill_at (state, TOY, "MNS_FAILPOINT=service_after_publish:kill@5");
}
static void test_toy_after_pack (void **state) {
  kill_at (state, TOY, "MNS_FAILPOINT=service_after_pack:kill@5");
}
static void test_toy_before_reply (void **state) {
  kill_at (state, TOY, "MNS_FAILPOINT=service_before_reply:kill@5");
}
static void test_tally_before_commit (void **state) {
  kill_at (state, TALLY, "MNS_FAILPOINT=service_before_commit:kill@3");
}
static void test_tally_after_commit (void **state) {
  kill_at (state, TALLY, "MNS_FAILPOINT=service_after_commit:kill@3");
}
static void test_broker_after_append (void **state) {
  kill_at (state, BROKER, "MNS_FAILPOINT=broker_after_append:kill@4");
}
static void test_broker_before_ack (void **state) {
  kill_at (state, BROKER, "MNS_FAILPOINT=broker_before_ack:kill@4");
}
static void test_broker_after_ack (void **state) {
  kill_at (state, BROKER, "MNS_FAILPOINT=broker_after_ack:kill@4");
}

static void test_mutant_is_caught (void **state) {
  need_failpoints ();
  assert_false (run_with (*state, TALLY, "MNS_FAILPOINT=service_before_offset:kill@3",
                          "MNS_MUTANT=offset_in_second_transaction"));
}

/* Many entries at once, each of them an event. */
static void load (fixture_t *fixture) {
  mns_buffer_t body = {0};
  mns_error_t error = {0};
  for (int i = 0; i < LOADED; i++)
    mns_buffer_add (&body, fixture->body.data, fixture->body.size);
  mns_rc_t rc = mns_bus_request (fixture->bus, "toy.load", NULL, body.data, body.size, PATIENCE_MS, &fixture->reply,
                                 NULL, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", mns_error_word (rc), error.detail);
  mns_buffer_fini (&body);
}

/* How many entries the consumer has, when it lives long enough to say so; never fewer than before. */
static int64_t glance (fixture_t *fixture, int64_t before) {
  mns_toy_total_t total;
  mns_error_t error = {0};
  if (mns_bus_request (fixture->bus, "tally.total", NULL, NULL, 0, 50, &fixture->reply, NULL, &error) != MNS_OK ||
      mns_record_unpack (&mns_toy_total_type, &total, fixture->reply.data, fixture->reply.size, NULL, NULL) != MNS_OK)
    return before;
  assert_true (total.entries >= before);
  return total.entries;
}

/* The consumer ends at its second commit: of events, or, when the first had them all, of a question. */
static int64_t live_and_die (fixture_t *fixture, int64_t entries) {
  int64_t begun = mns_clock.monotonic_ms ();
  start_part (fixture, TALLY, "MNS_FAILPOINT=service_before_commit:kill@2", NULL);
  while (!has_died (fixture, TALLY)) {
    assert_true (mns_clock.monotonic_ms () - begun < PATIENCE_MS);
    if (mns_clock.monotonic_ms () - begun < EVENTS_FIRST_MS)
      zclock_sleep (1);
    else
      entries = glance (fixture, entries);
  }
  return entries;
}

/* A consumer that never comes further than one commit before it dies goes on where it stood, from life to life. How
 * much one commit holds is a matter of the machine; there is more to catch up with in each life. */
static void test_consumer_dies_while_it_catches_up (void **state) {
  fixture_t *fixture = *state;
  int64_t entries = 0;
  need_failpoints ();
  for (int part = BROKER; part <= TOY; part++)
    start_part (fixture, part, NULL, NULL);
  connect_bus (fixture);
  wait_ready (fixture, 1);
  for (int life = 0; life < LIVES; life++) {
    load (fixture);
    entries = live_and_die (fixture, entries);
  }
  start_part (fixture, TALLY, NULL, NULL);
  wait_ready (fixture, 2);
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  mns_toy_total_t total;
  do
    total = total_of (fixture, "tally.total");
  while (total.entries < LIVES * LOADED && mns_clock.monotonic_ms () < until);
  assert_int_equal (total.entries, LIVES * LOADED);
  assert_int_equal (total.amount, LIVES * LOADED);
}

static void test_random_kills (void **state) {
  fixture_t *fixture = *state;
  const char *given = getenv ("MNS_SEED");
  unsigned seed = given ? (unsigned)strtoul (given, NULL, 10) : (unsigned)mns_clock.wall ();
  print_message ("MNS_SEED=%u\n", seed);
  for (int part = 0; part < PARTS; part++)
    start_part (fixture, part, NULL, NULL);
  connect_bus (fixture);
  wait_ready (fixture, 2);
  while (fixture->answered < REQUESTS) {
    int target = fixture->answered + 1 + (int)((unsigned)rand_r (&seed) % 30);
    int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
    while (fixture->answered < (target < REQUESTS ? target : REQUESTS) && mns_clock.monotonic_ms () < until)
      ask (fixture, target < REQUESTS ? target : REQUESTS);
    int victim = rand_r (&seed) % PARTS;
    part_stop (&fixture->parts[victim], SIGKILL);
    start_part (fixture, victim, NULL, NULL);
  }
  assert_true (books_balance (fixture));
}

int main (int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_toy_before_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_after_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_after_publish, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_after_pack, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_before_reply, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_tally_before_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_tally_after_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_after_append, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_before_ack, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_after_ack, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_consumer_dies_while_it_catches_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_mutant_is_caught, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_random_kills, set_up, tear_down),
  };
  int code = parts_main (argc, argv, NULL);
  if (code >= 0)
    return code;
  zsys_handler_set (NULL);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
