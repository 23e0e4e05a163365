/* The broker as a process that is stopped and killed under its guests: what the bus does while it stands still, what a
 * message cut in two would look like, and a thousand guests that come back at once.
 *
 * docs/faults.md row 14 (killed in the middle of messages), row 20 (stopped; shorter than a minute, but longer than
 * every patience of the bus, 15 s, after which its guests give it up), row 21 (a thousand guests). */
#include "common/bus.h"
#include "common/clock.h"
#include "common/link.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/parts.h"
#include "tests/support/test.h"
#include "tests/support/toy.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
  PATIENCE_MS = 60000,
  READERS = 4,
  ROUNDS = 12,
  GROUPS = 30,
  RECORDS = 60,
  GUESTS = 1000,
  SPENT_MS = 10000, /* of processor time */
  STOPPED = 40
};

enum { BROKER, TOY, TALLY, PARTS };
static const char *const part_names[PARTS] = {"broker", "toy", "tally"};

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  part_t parts[PARTS];
} fixture_t;

static void write_file (fixture_t *fixture, const char *name, const char *text) {
  char path[MNS_PATH_MAX];
  assert_int_equal (mns_dir_join (path, fixture->folder, name, NULL), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, text, strlen (text), 0600, NULL), MNS_OK);
}

static void start_part (fixture_t *fixture, int part) {
  fixture->parts[part] = (part_t){.kind = part_names[part]};
  part_start (&fixture->parts[part], fixture->folder);
}

static int set_up (void **state) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  memset (fixture, 0, sizeof *fixture);
  *state = fixture;
  assert_int_equal (test_folder_make (fixture->folder), 0);
  write_file (fixture, "accounts.yaml", "accounts:\n- name: toy\n  role: service\n- name: tally\n  role: service\n");
  write_file (fixture, "mns.yaml", "bus_listen: 'off'\nfeed_listen: 'off'\n");
  assert_int_equal (mns_config_load (&fixture->config, fixture->folder, false, NULL, NULL), MNS_OK);
  start_part (fixture, BROKER);
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  for (int part = PARTS - 1; part >= 0; part--)
    part_stop (&fixture->parts[part], SIGKILL);
  test_folder_remove (fixture->folder);
  free (fixture);
  return 0;
}

static mns_bus_t *connect_bus (fixture_t *fixture) {
  mns_error_t error = {0};
  mns_bus_t *bus;
  mns_rc_t rc = mns_bus_new (&bus, &fixture->config, "", PATIENCE_MS, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s", mns_error_word (rc), error.detail);
  return bus;
}

/* ---- messages cut in two ----------------------------------------------------------------------------------------- */

static void subscribe (wire_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 1000;
  head.credit_bytes = 8 << 20;
  strcpy (head.prefixes[head.prefix_count++], "registry.");
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
}

/* 7 MB of records, through a connection as a service has it. */
static void fill_log (fixture_t *fixture) {
  wire_pen_t pen;
  wire_peer_t producer;
  wire_pen_init (&pen, "registry", 1);
  wire_peer_init (&producer, zsys_init (), ZMQ_DEALER, fixture->config.bus);
  assert_int_equal (wire_peer_hello (&producer, "registry", "registry", 1, 0, 0), MNS_OK);
  for (int group = 0; group < GROUPS; group++) {
    for (int i = 0; i < RECORDS; i++)
      wire_pen_write (&pen, "registry.birth.510322101203.registered", 4096);
    wire_pen_publish (&pen, &producer);
    wire_peer_expect (&producer, MNS_PACK);
  }
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

/* What comes is whole: three frames, a head that can be read (wire_peer looks), and records to the last byte. */
static uint64_t check_message (wire_peer_t *peer) {
  mns_event_t event;
  const uint8_t *at = peer->body.data;
  uint64_t count = 0;
  for (size_t left = peer->body.size, used; left > 0; at += used, left -= used, count++)
    assert_int_equal (mns_event_unpack (&event, at, left, &used, NULL), MNS_OK);
  assert_int_equal (count, peer->head.count);
  return count;
}

static void test_killed_in_the_middle_of_messages (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t readers[READERS];
  uint64_t events = 0;
  fill_log (fixture);
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < READERS; i++) {
      wire_peer_init (&readers[i], zsys_init (), ZMQ_DEALER, fixture->config.bus);
      assert_int_equal (wire_peer_hello (&readers[i], "statistics", NULL, 0, 0, 0), MNS_OK);
      subscribe (&readers[i]);
    }
    for (int i = 0; i < round; i++) /* a little later each time */
      if (wire_peer_receive (&readers[0], PEER_WAIT_MS) == MNS_EVT)
        events += check_message (&readers[0]);
    part_stop (&fixture->parts[BROKER], SIGKILL);
    for (int i = 0; i < READERS; i++) {
      while (wire_peer_receive (&readers[i], 100) != 0)
        if (readers[i].kind == MNS_EVT)
          events += check_message (&readers[i]);
      wire_peer_fini (&readers[i]);
    }
    start_part (fixture, BROKER);
  }
  assert_true (events > 0);
}

/* ---- stopped ----------------------------------------------------------------------------------------------------- */

/* How often `word` stands in the log of a part. */
static int count_word (fixture_t *fixture, const char *part, const char *word) {
  char path[MNS_PATH_MAX + 64];
  mns_buffer_t text = {0};
  int count = 0;
  snprintf (path, sizeof path, "%s/%s.log", fixture->folder, part);
  if (mns_dir_read_file (path, 1 << 26, &text, NULL) == MNS_OK) {
    mns_buffer_add (&text, "", 1);
    for (const char *at = (const char *)text.data; (at = strstr (at, word)) != NULL; at++)
      count++;
  }
  mns_buffer_fini (&text);
  return count;
}

static void wait_words (fixture_t *fixture, const char *part, const char *word, int count) {
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  while (count_word (fixture, part, word) < count) {
    assert_true (mns_clock.monotonic_ms () < until);
    usleep (20000);
  }
}

static void ask (mns_bus_t *bus, int count) {
  mns_toy_entry_t entry, answer;
  mns_error_t error = {0};
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  for (int i = 0; i < count; i++) {
    mns_rc_t rc =
        mns_bus_call (bus, "toy.add", NULL, &mns_toy_entry_type, &entry, &mns_toy_entry_type, &answer, &error);
    if (rc != MNS_OK)
      fail_msg ("%s: %s", mns_error_word (rc), error.detail);
  }
}

static void expect_total (mns_bus_t *bus, const char *query, int64_t entries) {
  mns_toy_total_t total = {0};
  mns_error_t error = {0};
  int64_t until = mns_clock.monotonic_ms () + PATIENCE_MS;
  while (total.entries < entries && mns_clock.monotonic_ms () < until)
    mns_bus_call (bus, query, NULL, NULL, NULL, &mns_toy_total_type, &total, &error);
  assert_int_equal (total.entries, entries);
}

static void test_stopped_for_longer_than_any_patience (void **state) {
  fixture_t *fixture = *state;
  mns_buffer_t body = {0}, reply = {0};
  mns_toy_entry_t entry;
  mns_error_t error = {0};
  mns_head_t head;
  uint64_t request;
  start_part (fixture, TOY);
  start_part (fixture, TALLY);
  wait_words (fixture, "tally", "bus.joined", 1);
  wait_words (fixture, "toy", "bus.joined", 1);
  wait_words (fixture, "broker", "service.ready", 2);
  mns_bus_t *bus = connect_bus (fixture);
  ask (bus, 3);
  part_signal (&fixture->parts[BROKER], SIGSTOP);
  mns_record_clear (&mns_toy_entry_type, &entry);
  mns_text_copy (entry.name, sizeof entry.name, "pear");
  entry.amount = 1;
  mns_record_pack (&mns_toy_entry_type, &entry, &body);
  for (int i = 0; i < STOPPED; i++)
    assert_int_equal (mns_bus_send (bus, "toy.add", NULL, body.data, body.size, PATIENCE_MS, &request, &error), MNS_OK);
  wait_words (fixture, "toy", "bus.lost", 1);
  wait_words (fixture, "tally", "bus.lost", 1);
  part_signal (&fixture->parts[BROKER], SIGCONT);
  for (int i = 0; i < STOPPED; i++) {
    assert_int_equal (mns_bus_take (bus, PATIENCE_MS, &request, &reply, &head, &error), MNS_OK);
    assert_int_equal (head.rc, MNS_OK);
  }
  expect_total (bus, "toy.total", STOPPED + 3);
  expect_total (bus, "tally.total", STOPPED + 3);
  assert_in_range (count_word (fixture, "toy", "bus.joined"), 2, 4); /* once more each, not over and over */
  assert_in_range (count_word (fixture, "tally", "bus.joined"), 2, 4);
  mns_bus_destroy (&bus);
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
}

/* ---- a thousand guests ------------------------------------------------------------------------------------------- */

typedef struct {
  mns_link_t links[GUESTS];
  mns_head_t head;
  zmq_msg_t body;
} crowd_t;

static int welcomed (const crowd_t *crowd) {
  int count = 0;
  for (int i = 0; i < GUESTS; i++)
    count += crowd->links[i].state == MNS_LINK_UP;
  return count;
}

static void crowd_round (crowd_t *crowd) {
  zmq_poll (NULL, 0, 5);
  for (int i = 0; i < GUESTS; i++) {
    while (mns_link_receive (&crowd->links[i], &crowd->head, &crowd->body) != 0)
      continue;
    mns_link_tick (&crowd->links[i]);
  }
}

/* Until all are welcomed, or none is; gives the milliseconds it took. */
static int64_t crowd_wait (crowd_t *crowd, int count) {
  int64_t begun = mns_clock.monotonic_ms ();
  while (welcomed (crowd) != count) {
    assert_true (mns_clock.monotonic_ms () - begun < PATIENCE_MS);
    crowd_round (crowd);
  }
  return mns_clock.monotonic_ms () - begun;
}

/* Processor time of a process so far. */
static int64_t processor_ms (pid_t pid) {
  char path[64];
  unsigned long user = 0, system = 0;
  snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *file = fopen (path, "r");
  assert_non_null (file);
  assert_int_equal (fscanf (file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
  fclose (file);
  return (int64_t)(user + system) * 1000 / sysconf (_SC_CLK_TCK);
}

static bool raise_files (void) {
  struct rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  return setrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 3 * GUESTS;
}

static void test_thousand_guests_come_back (void **state) {
  fixture_t *fixture = *state;
  crowd_t *crowd = mns_alloc (sizeof *crowd);
  zmq_msg_init (&crowd->body);
  for (int i = 0; i < GUESTS; i++) {
    mns_link_init (&crowd->links[i], zsys_init (), &fixture->config, "");
    mns_text_copy (crowd->links[i].hello.account, sizeof crowd->links[i].hello.account, "local");
  }
  int64_t first_ms = crowd_wait (crowd, GUESTS);
  part_stop (&fixture->parts[BROKER], SIGKILL);
  crowd_wait (crowd, 0);
  start_part (fixture, BROKER);
  int64_t again_ms = crowd_wait (crowd, GUESTS), spent_ms = processor_ms (fixture->parts[BROKER].pid);
  print_message (
      "%d guests: welcomed after %lld ms, again after a kill in %lld ms, for which the broker needed %lld ms\n", GUESTS,
      (long long)first_ms, (long long)again_ms, (long long)spent_ms);
  assert_true (spent_ms < SPENT_MS);
  for (int i = 0; i < GUESTS; i++)
    mns_link_fini (&crowd->links[i]);
  zmq_msg_close (&crowd->body);
  free (crowd);
}

int main (int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_killed_in_the_middle_of_messages, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_stopped_for_longer_than_any_patience, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_thousand_guests_come_back, set_up, tear_down),
  };
  int code = parts_main (argc, argv, NULL);
  if (code >= 0)
    return code;
  zsys_handler_set (NULL);
  zsys_set_max_sockets (0); /* as many as libzmq can */
  if (!raise_files ()) {
    puts ("skipped: a process may not open enough files here");
    return 77;
  }
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its sockets open, which no exit survives */
  return 0;
}
