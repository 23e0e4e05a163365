/* What the broker keeps, and what it says of the rest: trims and gaps, replay from a time, the clock, traces, damage.
 *
 * docs/faults.md row 31: a subscriber that lags past what is kept is told the range, and goes on behind it when it
 * wants to. docs/faults.md row 46: whoever was away for long catches up, by subscription or by bus.read, or is told
 * what is gone. docs/faults.md row 24: the clock jumps a day forward and a day back: order, times and timers stay
 * right, and it is told. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <unistd.h>

#define BIRTH   "registry.birth.510322101203.registered"
#define FIGURES "statistics.figures.510322000000.2026-S1"
#define OPEN    "open.figures.510322000000.2026-S1"
#define HOUR    (INT64_C (3600) * 1000000)

typedef struct {
  char data[MNS_PATH_MAX];
  mns_config_t config;
  zactor_t *broker;
  wire_pen_t registry, statistics;
  wire_peer_t births, figures, asker;
} fixture_t;

/* ---- the clock --------------------------------------------------------------------------------------------------- */

static _Atomic int64_t shift;
static mns_time_t (*real_wall) (void);

static mns_time_t shifted_wall (void) {
  return real_wall () + shift;
}

/* ---- the broker and its peers ------------------------------------------------------------------------------------ */

static void connect_as (wire_peer_t *peer, const char *account, const wire_pen_t *pen) {
  mns_rc_t rc;
  wire_peer_init (peer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  do
    rc = wire_peer_hello (peer, account, pen ? pen->name : NULL, pen ? pen->epoch : 0, pen ? pen->number : 0,
                          pen ? pen->chain : 0);
  while (rc == MNS_IN_USE);
  assert_int_equal (rc, MNS_OK);
}

static void start (fixture_t *fixture) {
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  char *said = zstr_recv (fixture->broker);
  assert_string_equal (said, "READY");
  zstr_free (&said);
  connect_as (&fixture->births, "registry", &fixture->registry);
  connect_as (&fixture->figures, "statistics", &fixture->statistics);
  wire_peer_init (&fixture->asker, zsys_init (), ZMQ_DEALER, fixture->config.bus);
  assert_int_equal (wire_peer_hello (&fixture->asker, "", NULL, 0, 0, 0), MNS_OK);
}

static void stop (fixture_t *fixture) {
  wire_peer_fini (&fixture->births);
  wire_peer_fini (&fixture->figures);
  wire_peer_fini (&fixture->asker);
  zactor_destroy (&fixture->broker);
}

static int set_up (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  assert_int_equal (test_folder_make (fixture->data), 0);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->data);
  mns_config_defaults (&fixture->config);
  mns_text_copy (fixture->config.bus_listen, sizeof fixture->config.bus_listen, "off");
  mns_text_copy (fixture->config.feed_listen, sizeof fixture->config.feed_listen, "off");
  fixture->config.county = 510322000000;
  wire_pen_init (&fixture->registry, "registry", 1);
  wire_pen_init (&fixture->statistics, "statistics", 1);
  start (fixture);
  *state = fixture;
  return 0;
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  stop (fixture);
  wire_pen_fini (&fixture->registry);
  wire_pen_fini (&fixture->statistics);
  shift = 0;
  assert_int_equal (test_folder_remove (fixture->data), 0);
  free (fixture);
  return 0;
}

static uint64_t publish (wire_pen_t *pen, wire_peer_t *peer, const char *topic, int records) {
  for (int i = 0; i < records; i++)
    wire_pen_write (pen, topic, 100);
  wire_pen_publish (pen, peer);
  do
    wire_peer_expect (peer, MNS_PACK);
  while (peer->head.number < pen->number);
  return peer->head.log_number;
}

static uint64_t publish_births (fixture_t *fixture, int records) {
  return publish (&fixture->registry, &fixture->births, BIRTH, records);
}

static uint64_t publish_figures (fixture_t *fixture, const char *topic, int records) {
  return publish (&fixture->statistics, &fixture->figures, topic, records);
}

/* A command of the broker; the answer is in the asker. */
static mns_rc_t ask (fixture_t *fixture, const char *command, const mns_record_type_t *type, const void *record) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  head.request = 7;
  head.deadline_ms = 20000;
  strcpy (head.command, command);
  if (type)
    mns_record_pack (type, record, &body);
  wire_peer_send (&fixture->asker, MNS_REQUEST, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (&fixture->asker, 20000);
  assert_true (fixture->asker.kind == MNS_REPLY || fixture->asker.kind == MNS_ERR);
  return (mns_rc_t)fixture->asker.head.rc;
}

static void answer (fixture_t *fixture, const mns_record_type_t *type, void *record) {
  assert_int_equal (mns_record_unpack (type, record, fixture->asker.body.data, fixture->asker.body.size, NULL, NULL),
                    MNS_OK);
}

static mns_bus_trimmed_t trim (fixture_t *fixture, uint64_t before, int64_t days) {
  mns_bus_trim_t request;
  mns_bus_trimmed_t trimmed;
  mns_record_clear (&mns_bus_trim_type, &request);
  request.before = before;
  request.days = days;
  request.force = MNS_YES;
  assert_int_equal (ask (fixture, "bus.trim", &mns_bus_trim_type, &request), MNS_OK);
  answer (fixture, &mns_bus_trimmed_type, &trimmed);
  return trimmed;
}

static void subscribe (wire_peer_t *peer, uint64_t from, mns_time_t time, const char *prefix) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.log_number = from;
  head.from_time = time;
  head.credit_messages = 1000;
  head.credit_bytes = 8 << 20;
  strcpy (head.prefixes[head.prefix_count++], prefix);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
  wire_peer_expect (peer, MNS_SUBOK);
}

/* ---- trims ------------------------------------------------------------------------------------------------------- */

/* Reads to the end: each message begins where the one before ended. */
static void read_to (wire_peer_t *peer, uint64_t last, uint64_t *records, uint64_t *gone) {
  uint64_t offset = peer->head.log_number;
  *records = *gone = 0;
  while (offset < last) {
    wire_peer_receive (peer, PEER_WAIT_MS);
    if (peer->kind != MNS_EVT && peer->kind != MNS_IDLE && peer->kind != MNS_GAP)
      fail_msg ("kind %d: %s", (int)peer->kind, peer->head.detail);
    assert_int_equal (peer->head.previous, offset);
    if (peer->kind == MNS_GAP)
      *gone += peer->head.last - peer->head.previous;
    assert_true (peer->head.log_chain != 0);
    offset = peer->head.last;
    *records += peer->kind == MNS_EVT ? peer->head.count : 0;
  }
}

static void test_gap (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t reader;
  uint64_t records, gone;
  publish_figures (fixture, FIGURES, 50);
  publish_births (fixture, 10);
  publish_figures (fixture, FIGURES, 50);
  uint64_t last = publish_births (fixture, 10);
  mns_bus_trimmed_t trimmed = trim (fixture, 100, MNS_NONE);
  assert_int_equal (trimmed.records, 50);
  assert_int_equal (trimmed.log_first, 51);
  trimmed = trim (fixture, last, 0);
  assert_int_equal (trimmed.records, 50);
  stop (fixture);
  start (fixture); /* from the disk */
  connect_as (&reader, "notifications", NULL);
  subscribe (&reader, 0, 0, "statistics.");
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 0);
  assert_true (gone >= 100);
  subscribe (&reader, 0, 0, "registry.");
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 20);
  assert_int_equal (gone, 0);
  subscribe (&reader, 25, 0, ""); /* in the middle of what is gone */
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 20);
  assert_int_equal (gone, 75); /* what lies between two gaps ends the first */
  wire_peer_fini (&reader);
}

/* What is gone is gone at once, not only for whoever comes behind the memory of the broker. */
static void test_trimmed_rows_leave_the_memory (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t reader;
  uint64_t records, gone;
  publish_figures (fixture, FIGURES, 20);
  uint64_t last = publish_births (fixture, 5);
  trim (fixture, UINT32_MAX, MNS_NONE);
  connect_as (&reader, "notifications", NULL);
  subscribe (&reader, 0, 0, "");
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 5);
  assert_int_equal (gone, 20);
  wire_peer_fini (&reader);
}

/* A consumer that resumes is behind a gap only once it has said so: the word of it may have been lost. */
static void test_gap_until_it_is_durable (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t reader;
  mns_head_t head;
  publish_figures (fixture, FIGURES, 20);
  publish_births (fixture, 5);
  trim (fixture, UINT32_MAX, MNS_NONE);
  connect_as (&reader, "notifications", NULL);
  mns_head_clear (&head);
  head.subscription = 1;
  strcpy (head.consumer, "office");
  head.credit_messages = 10;
  head.credit_bytes = 1 << 20;
  strcpy (head.prefixes[head.prefix_count++], "statistics.");
  wire_peer_send (&reader, MNS_SUB, &head, NULL, 0);
  wire_peer_expect (&reader, MNS_SUBOK);
  wire_peer_expect (&reader, MNS_GAP);
  uint64_t behind = reader.head.last;
  head.subscription = 2;
  head.resume = true;
  wire_peer_send (&reader, MNS_SUB, &head, NULL, 0);
  do
    wire_peer_receive (&reader, PEER_WAIT_MS);
  while (reader.kind == MNS_IDLE);
  assert_int_equal (reader.kind, MNS_SUBOK);
  assert_int_equal (reader.head.log_number, 0);
  wire_peer_expect (&reader, MNS_GAP);
  mns_head_t credit;
  mns_head_clear (&credit);
  credit.subscription = 2;
  credit.last = behind;
  wire_peer_send (&reader, MNS_CREDIT, &credit, NULL, 0);
  head.subscription = 3;
  wire_peer_send (&reader, MNS_SUB, &head, NULL, 0);
  do
    wire_peer_receive (&reader, PEER_WAIT_MS);
  while (reader.kind == MNS_IDLE);
  assert_int_equal (reader.kind, MNS_SUBOK);
  assert_true (reader.head.log_number >= behind);
  wire_peer_fini (&reader);
}

static void test_client_is_told_and_goes_on (void **state) {
  fixture_t *fixture = *state;
  static const char *const prefixes[] = {""};
  mns_bus_t *bus;
  mns_error_t error = {0};
  mns_event_t event;
  publish_births (fixture, 5);
  publish_figures (fixture, FIGURES, 20);
  publish_births (fixture, 5);
  trim (fixture, UINT32_MAX, MNS_NONE);
  stop (fixture);
  start (fixture);
  assert_int_equal (mns_bus_new (&bus, &fixture->config, "", 5000, &error), MNS_OK);
  assert_int_equal (mns_bus_subscribe (bus, prefixes, 1, 0, "", &error), MNS_OK);
  for (uint64_t number = 1; number <= 5; number++) {
    assert_int_equal (mns_bus_next (bus, 5000, &event, &error), MNS_OK);
    assert_int_equal (event.log_number, number);
  }
  assert_int_equal (mns_bus_next (bus, 5000, &event, &error), MNS_GONE);
  assert_non_null (strstr (error.detail, "6 to 25"));
  for (uint64_t number = 26; number <= 30; number++) {
    assert_int_equal (mns_bus_next (bus, 5000, &event, &error), MNS_OK);
    assert_int_equal (event.log_number, number);
  }
  mns_bus_destroy (&bus);
}

static void test_read_says_what_is_gone (void **state) {
  fixture_t *fixture = *state;
  mns_bus_read_t read;
  publish_figures (fixture, OPEN, 30);
  publish_births (fixture, 1);
  uint64_t last = publish_figures (fixture, OPEN, 3);
  trim (fixture, 31, MNS_NONE);
  stop (fixture);
  start (fixture);
  mns_record_clear (&mns_bus_read_type, &read);
  strcpy (read.prefixes[read.prefixes_count++].prefix, "open.");
  read.after = 10;
  assert_int_equal (ask (fixture, "bus.read", &mns_bus_read_type, &read), MNS_OK);
  assert_int_equal (fixture->asker.head.gone, 20);
  assert_int_equal (fixture->asker.head.count, 3);
  assert_true (fixture->asker.head.log_number >= last);
  strcpy (read.prefixes[0].prefix, "places.");
  assert_int_equal (ask (fixture, "bus.read", &mns_bus_read_type, &read), MNS_OK);
  assert_int_equal (fixture->asker.head.gone, 0);
}

static void test_retention_of_the_configuration (void **state) {
  fixture_t *fixture = *state;
  publish_figures (fixture, FIGURES, 20);
  publish_births (fixture, 20);
  publish_figures (fixture, FIGURES, 1);
  stop (fixture);
  shift += 401 * 24 * HOUR;
  start (fixture);
  mns_bus_status_t *status = calloc (1, sizeof *status);
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  do {
    assert_int_equal (ask (fixture, "bus.status", NULL, NULL), MNS_OK);
    answer (fixture, &mns_bus_status_type, status);
  } while (status->log_first != 21 && mns_clock.monotonic_ms () < until);
  assert_int_equal (status->log_first, 21);
  assert_int_equal (status->log_number >= 41, 1);
  free (status);
}

/* ---- times ------------------------------------------------------------------------------------------------------- */

static void test_replay_from_a_time (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t reader;
  uint64_t records, gone;
  publish_births (fixture, 10);
  shift += HOUR;
  mns_time_t then = mns_clock.wall ();
  uint64_t last = publish_births (fixture, 7);
  connect_as (&reader, "statistics", NULL);
  subscribe (&reader, UINT64_MAX, then, "registry.");
  assert_int_equal (reader.head.log_number, last - 7);
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 7);
  subscribe (&reader, UINT64_MAX, then + HOUR, "registry.");
  assert_int_equal (reader.head.log_number, last);
  mns_bus_log_t page;
  mns_record_clear (&mns_bus_log_type, &page);
  page.recorded = then;
  assert_int_equal (ask (fixture, "bus.log", &mns_bus_log_type, &page), MNS_OK);
  assert_int_equal (fixture->asker.head.count, 7);
  wire_peer_fini (&reader);
}

static bool has_alarm (fixture_t *fixture, const char *code) {
  bool found = false;
  mns_bus_status_t *status = calloc (1, sizeof *status);
  assert_int_equal (ask (fixture, "bus.status", NULL, NULL), MNS_OK);
  answer (fixture, &mns_bus_status_type, status);
  for (size_t i = 0; i < status->alarms_count; i++)
    found = found || strcmp (status->alarms[i].code, code) == 0;
  free (status);
  return found;
}

static void await_alarm (fixture_t *fixture, const char *code, bool wanted) {
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  while (has_alarm (fixture, code) != wanted)
    if (mns_clock.monotonic_ms () > until)
      fail_msg ("alarm %s is %s", code, wanted ? "not raised" : "not over");
}

static mns_time_t recorded_of (fixture_t *fixture, uint64_t number) {
  mns_bus_log_t page;
  mns_event_t event;
  size_t used;
  mns_record_clear (&mns_bus_log_type, &page);
  page.from = number;
  page.count = 1;
  assert_int_equal (ask (fixture, "bus.log", &mns_bus_log_type, &page), MNS_OK);
  assert_int_equal (mns_event_unpack (&event, fixture->asker.body.data, fixture->asker.body.size, &used, NULL), MNS_OK);
  assert_int_equal (event.log_number, number);
  return event.recorded;
}

static void test_clock_jumps (void **state) {
  fixture_t *fixture = *state;
  wire_peer_t reader;
  uint64_t records, gone;
  mns_time_t first = recorded_of (fixture, publish_births (fixture, 1));
  await_alarm (fixture, "clock_jumped", false);
  shift += 24 * HOUR;
  await_alarm (fixture, "clock_jumped", true);
  mns_time_t ahead = recorded_of (fixture, publish_births (fixture, 1));
  assert_true (ahead - first >= 24 * HOUR);
  shift -= 24 * HOUR;
  await_alarm (fixture, "clock_jumped", false);
  await_alarm (fixture, "clock_behind", true);
  shift -= 24 * HOUR;
  await_alarm (fixture, "clock_jumped", true);
  uint64_t last = publish_births (fixture, 1);
  assert_true (recorded_of (fixture, last) == ahead); /* time never runs back in the log */
  connect_as (&reader, "statistics", NULL);
  subscribe (&reader, 0, 0, "registry.");
  read_to (&reader, last, &records, &gone);
  assert_int_equal (records, 3);
  while (wire_peer_receive (&reader, 2 * PEER_WAIT_MS) == MNS_EVT)
    continue;
  assert_int_equal (reader.kind, MNS_IDLE); /* timers do not see the jump: the sign of life comes in its time */
  wire_peer_fini (&reader);
}

/* ---- traces ------------------------------------------------------------------------------------------------------ */

static void publish_caused (wire_pen_t *pen, wire_peer_t *peer, const char *topic, const char *cause) {
  mns_event_t event = {.topic = topic, .topic_size = strlen (topic), .producer_epoch = pen->epoch, .version = 1};
  mns_text_copy (event.producer, sizeof event.producer, pen->name);
  mns_text_copy (event.type, sizeof event.type, "note");
  mns_text_copy (event.cause, sizeof event.cause, cause);
  mns_text_copy (event.entity, sizeof event.entity, "person/7");
  pen->first_chain = pen->chain;
  event.number = pen->first = ++pen->number;
  pen->count = 1;
  mns_event_pack (&event, "\xc0", 1, &pen->records);
  pen->chain = mns_chain (pen->chain, pen->records.data, pen->records.size);
  wire_pen_publish (pen, peer);
  wire_peer_expect (peer, MNS_PACK);
}

static mns_rc_t trace (fixture_t *fixture, const char *event, const char *entity) {
  mns_bus_trace_t request;
  mns_rc_t rc;
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  mns_record_clear (&mns_bus_trace_type, &request);
  strcpy (request.event, event);
  strcpy (request.entity, entity);
  do
    rc = ask (fixture, "bus.trace", &mns_bus_trace_type, &request);
  while (rc == MNS_UNAVAILABLE && mns_clock.monotonic_ms () < until);
  return rc;
}

static void check_traces (fixture_t *fixture) {
  mns_event_t event;
  size_t used;
  assert_int_equal (trace (fixture, "registry-1-11", ""), MNS_OK);
  assert_int_equal (fixture->asker.head.count, 3);
  assert_int_equal (mns_event_unpack (&event, fixture->asker.body.data, fixture->asker.body.size, &used, NULL), MNS_OK);
  assert_int_equal (event.number, 11);
  assert_int_equal (trace (fixture, "statistics-1-2", ""), MNS_OK); /* its causes, not their other effects */
  assert_int_equal (fixture->asker.head.count, 3);
  assert_int_equal (trace (fixture, "", "person/7"), MNS_OK);
  assert_int_equal (fixture->asker.head.count, 3);
  assert_int_equal (trace (fixture, "registry-1-999", ""), MNS_NOT_FOUND);
  assert_int_equal (trace (fixture, "registry", ""), MNS_INVALID);
}

static void test_trace (void **state) {
  fixture_t *fixture = *state;
  char path[MNS_PATH_MAX + 32];
  publish_births (fixture, 10);
  publish_caused (&fixture->registry, &fixture->births, BIRTH, "");
  publish_caused (&fixture->statistics, &fixture->figures, FIGURES, "registry-1-11");
  publish_caused (&fixture->statistics, &fixture->figures, FIGURES, "statistics-1-1");
  publish_births (fixture, 10);
  check_traces (fixture);
  stop (fixture);
  snprintf (path, sizeof path, "%s/broker/index.db", fixture->data);
  assert_int_equal (unlink (path), 0);
  start (fixture); /* and it is made anew */
  check_traces (fixture);
  stop (fixture);
  FILE *file = fopen (path, "r+");
  assert_non_null (file);
  fputs ("this is no store any more, from its first byte on", file);
  fclose (file);
  start (fixture);
  check_traces (fixture);
  trim (fixture, UINT32_MAX, MNS_NONE);
  assert_int_equal (trace (fixture, "statistics-1-2", ""), MNS_GONE);
  assert_int_equal (trace (fixture, "registry-1-11", ""), MNS_OK);
  assert_int_equal (fixture->asker.head.count, 1);
  assert_int_equal (fixture->asker.head.gone, 1);
}

/* ---- damage ------------------------------------------------------------------------------------------------------ */

static mns_bus_verified_t verify (fixture_t *fixture) {
  mns_bus_verify_t request = {.start = MNS_YES};
  mns_bus_verified_t verified;
  int64_t until = mns_clock.monotonic_ms () + PEER_WAIT_MS;
  do {
    assert_int_equal (ask (fixture, "bus.verify", &mns_bus_verify_type, &request), MNS_OK);
    answer (fixture, &mns_bus_verified_type, &verified);
    request.start = MNS_NO;
  } while (verified.running == MNS_YES && mns_clock.monotonic_ms () < until);
  assert_int_equal (verified.running, MNS_NO);
  return verified;
}

static void test_verify (void **state) {
  fixture_t *fixture = *state;
  char path[MNS_PATH_MAX + 16];
  sqlite3 *db;
  for (int i = 0; i < 4; i++)
    publish_births (fixture, 100);
  mns_bus_verified_t verified = verify (fixture);
  assert_int_equal (verified.records >= 400, 1);
  assert_int_equal (verified.damaged_rows, 0);
  assert_false (has_alarm (fixture, "log_damaged"));
  stop (fixture);
  snprintf (path, sizeof path, "%s/broker/log.db", fixture->data);
  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db,
                                  "UPDATE batch SET records = CAST (substr (records, 1, 500) || x'41' || "
                                  "substr (records, 502) AS BLOB) WHERE first = 101",
                                  NULL, NULL, NULL),
                    SQLITE_OK);
  sqlite3_close (db);
  start (fixture);
  assert_true (has_alarm (fixture, "log_damaged")); /* found at the start already */
  verified = verify (fixture);
  assert_int_equal (verified.damaged_rows, 1);
  assert_int_equal (verified.damaged_first, 101);
  assert_int_equal (verified.damaged_last, 200);
  assert_true (has_alarm (fixture, "log_damaged"));
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  real_wall = mns_clock.wall;
  mns_clock.wall = shifted_wall;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_gap, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_trimmed_rows_leave_the_memory, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_gap_until_it_is_durable, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_client_is_told_and_goes_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_read_says_what_is_gone, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_retention_of_the_configuration, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_replay_from_a_time, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_clock_jumps, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_trace, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_verify, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
