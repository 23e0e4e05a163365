/* Broker, a producer and a consumer as processes of their own, killed at each point that matters and at random:
 * whatever was asked happens once, whatever was said is counted once. The same check must catch an offset that is
 * committed in a second transaction.
 *
 * The program runs itself as those processes:  test_loop_kill broker|toy|tally FOLDER */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include <czmq.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

#ifdef MNS_FAILPOINTS
#define HAS_FAILPOINTS true
#else
#define HAS_FAILPOINTS false
#endif

enum { BROKER, TOY, TALLY, PARTS };
enum { REQUESTS = 240, IN_FLIGHT = 6, PATIENCE_MS = 60000 };
static const char *const part_names[PARTS] = {"broker", "toy", "tally"};

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  pid_t parts[PARTS];
  mns_bus_t *bus;
  mns_uuid_t keys[REQUESTS + 1];
  int sent, answered;
  mns_buffer_t body, reply;
  mns_head_t head;
} fixture_t;

/* ---- the processes ----------------------------------------------------------------------------------------------- */

static void run_broker (zsock_t *pipe, void *args) {
  mns_broker_actor (pipe, args);
}

static int broker_main (const char *folder) {
  mns_config_t config;
  mns_error_t error = {0};
  sigset_t set;
  int number;
  sigemptyset (&set);
  sigaddset (&set, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  zsys_handler_set (NULL);
  if (mns_config_load (&config, folder, true, NULL, &error) != MNS_OK)
    return 1;
  zactor_t *actor = zactor_new (run_broker, &config);
  sigwait (&set, &number);
  zactor_destroy (&actor);
  return 0;
}

static int part_main (const char *name, char *folder) {
  char *argv[] = {"toy", "--data", folder, NULL};
  if (!strcmp (name, "broker"))
    return broker_main (folder);
  return mns_service_main (!strcmp (name, "toy") ? &toy_service : &tally_service, 3, argv);
}

static void start_part (fixture_t *fixture, int part, const char *failpoint, const char *mutant) {
  char log[MNS_PATH_MAX + 16];
  char *argv[] = {"/proc/self/exe", (char *)(uintptr_t)part_names[part], fixture->folder, NULL};
  posix_spawn_file_actions_t actions;
  setenv ("MNS_FAILPOINT", failpoint, 1);
  setenv ("MNS_MUTANT", mutant, 1);
  snprintf (log, sizeof log, "%s/%s.log", fixture->folder, part_names[part]);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  assert_int_equal (posix_spawn (&fixture->parts[part], argv[0], &actions, NULL, argv, environ), 0);
  posix_spawn_file_actions_destroy (&actions);
}

static void stop_part (fixture_t *fixture, int part, int number) {
  if (fixture->parts[part] == 0)
    return;
  kill (fixture->parts[part], number);
  waitpid (fixture->parts[part], NULL, 0);
  fixture->parts[part] = 0;
}

/* True when the part has ended by itself: it ran into its failpoint. */
static bool has_died (fixture_t *fixture, int part) {
  if (waitpid (fixture->parts[part], NULL, WNOHANG) != fixture->parts[part])
    return false;
  fixture->parts[part] = 0;
  return true;
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
    stop_part (fixture, part, SIGKILL);
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

/* Waits until the parts answer. */
static void wait_ready (fixture_t *fixture) {
  static const char *const queries[] = {"toy.total", "tally.total"};
  mns_toy_total_t total;
  mns_error_t error = {0};
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  for (size_t i = 0; i < COUNT_OF (queries); i++)
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

/* Waits until the consumer has come to the end of the log, which toy alone writes. */
static void wait_end_of_log (fixture_t *fixture) {
  mns_service_status_t status;
  mns_error_t error = {0};
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  do {
    mns_rc_t rc =
        mns_bus_call (fixture->bus, "tally.status", NULL, NULL, NULL, &mns_service_status_type, &status, &error);
    if (rc != MNS_OK)
      fail_msg ("tally.status: %s: %s", mns_error_word (rc), error.detail);
  } while (status.log_number < REQUESTS && mns_clock.monotonic_ms () < until);
}

/* True when everything asked is there once, in the producer and in the consumer. */
static bool books_balance (fixture_t *fixture) {
  wait_end_of_log (fixture);
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
    start_part (fixture, part, part == victim ? failpoint : "", part == victim ? mutant : "");
  connect_bus (fixture);
  wait_ready (fixture);
  while (fixture->answered < REQUESTS || !died) {
    ask (fixture, fixture->answered + 1);
    if (!died && has_died (fixture, victim)) {
      died = true;
      start_part (fixture, victim, "", "");
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
  assert_true (run_with (*state, victim, failpoint, ""));
}

static void test_toy_before_commit (void **state) {
  kill_at (state, TOY, "service_before_commit:kill@5");
}
static void test_toy_after_commit (void **state) {
  kill_at (state, TOY, "service_after_commit:kill@5");
}
static void test_toy_before_reply (void **state) {
  kill_at (state, TOY, "service_before_reply:kill@5");
}
static void test_tally_before_commit (void **state) {
  kill_at (state, TALLY, "service_before_commit:kill@3");
}
static void test_tally_after_commit (void **state) {
  kill_at (state, TALLY, "service_after_commit:kill@3");
}
static void test_broker_after_append (void **state) {
  kill_at (state, BROKER, "broker_after_append:kill@4");
}
static void test_broker_before_ack (void **state) {
  kill_at (state, BROKER, "broker_before_ack:kill@4");
}
static void test_broker_after_ack (void **state) {
  kill_at (state, BROKER, "broker_after_ack:kill@4");
}

static void test_mutant_is_caught (void **state) {
  need_failpoints ();
  assert_false (run_with (*state, TALLY, "service_before_offset:kill@3", "offset_in_second_transaction"));
}

static void test_random_kills (void **state) {
  fixture_t *fixture = *state;
  const char *given = getenv ("MNS_SEED");
  unsigned seed = given ? (unsigned)strtoul (given, NULL, 10) : (unsigned)mns_clock.wall ();
  print_message ("MNS_SEED=%u\n", seed);
  for (int part = 0; part < PARTS; part++)
    start_part (fixture, part, "", "");
  connect_bus (fixture);
  wait_ready (fixture);
  while (fixture->answered < REQUESTS) {
    int target = fixture->answered + 1 + (int)((unsigned)rand_r (&seed) % 30);
    int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
    while (fixture->answered < (target < REQUESTS ? target : REQUESTS) && mns_clock.monotonic_ms () < until)
      ask (fixture, target < REQUESTS ? target : REQUESTS);
    int victim = rand_r (&seed) % PARTS;
    stop_part (fixture, victim, SIGKILL);
    start_part (fixture, victim, "", "");
  }
  assert_true (books_balance (fixture));
}

int main (int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_toy_before_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_after_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_toy_before_reply, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_tally_before_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_tally_after_commit, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_after_append, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_before_ack, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_broker_after_ack, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_mutant_is_caught, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_random_kills, set_up, tear_down),
  };
  if (argc == 3)
    return part_main (argv[1], argv[2]);
  zsys_handler_set (NULL);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
