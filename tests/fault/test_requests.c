/* A request whose asker, broker or deadline goes while the worker is at it, over inproc and over a local socket: the
 * worker is not disturbed, nobody gets another's answer, and nothing is carried out again by the broker's own doing.
 *
 * docs/faults.md rows 39 (the asker dies), 41 (the broker dies with requests open), 42 (an answer after its deadline).
 */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <unistd.h>

enum { SHORT_MS = 150, LONG_MS = 20000, QUIET_MS = 300 };

typedef struct {
  char folder[MNS_PATH_MAX], endpoint[MNS_PATH_MAX + 32];
  mns_config_t config;
  zactor_t *broker;
  wire_peer_t worker, asker;
} fixture_t;

static void start (fixture_t *fixture) {
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  char *said = zstr_recv (fixture->broker);
  assert_string_equal (said, "READY");
  zstr_free (&said);
}

static void connect_as (fixture_t *fixture, wire_peer_t *peer, const char *account) {
  wire_peer_init (peer, zsys_init (), ZMQ_DEALER, fixture->endpoint);
  assert_int_equal (wire_peer_hello (peer, account, NULL, 0, 0, 0), MNS_OK);
}

static void connect_worker (fixture_t *fixture) {
  mns_head_t head;
  connect_as (fixture, &fixture->worker, "registry");
  mns_head_clear (&head);
  wire_peer_send (&fixture->worker, MNS_READY, &head, "\x91\xadregistry.work", 15);
  wire_peer_expect (&fixture->worker, MNS_REPLY);
}

static int set_up (void **state, bool local) {
  fixture_t *fixture = mns_alloc (sizeof *fixture);
  memset (fixture, 0, sizeof *fixture);
  *state = fixture;
  assert_int_equal (test_folder_make (fixture->folder), 0);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->folder);
  mns_config_defaults (&fixture->config);
  mns_text_copy (fixture->config.bus_listen, sizeof fixture->config.bus_listen, "off");
  mns_text_copy (fixture->config.feed_listen, sizeof fixture->config.feed_listen, "off");
  snprintf (fixture->endpoint, sizeof fixture->endpoint, local ? "ipc://%s/run/bus" : "inproc://bus", fixture->folder);
  start (fixture);
  connect_worker (fixture);
  connect_as (fixture, &fixture->asker, "assistance");
  return 0;
}

static int set_up_inproc (void **state) {
  return set_up (state, false);
}

static int set_up_local (void **state) {
  return set_up (state, true);
}

static int tear_down (void **state) {
  fixture_t *fixture = *state;
  wire_peer_fini (&fixture->worker);
  wire_peer_fini (&fixture->asker);
  zactor_destroy (&fixture->broker);
  test_folder_remove (fixture->folder);
  free (fixture);
  return 0;
}

static void ask (wire_peer_t *asker, uint64_t request, uint64_t deadline_ms) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "registry.work");
  head.request = request;
  head.deadline_ms = deadline_ms;
  wire_peer_send (asker, MNS_REQUEST, &head, "\x80", 1);
}

static void answer (wire_peer_t *worker, const mns_head_t *asked) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = asked->request;
  wire_peer_send (worker, MNS_REPLY, &head, "\x80", 1);
}

static void read_status (wire_peer_t *peer, mns_bus_status_t *status) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "bus.status");
  wire_peer_send (peer, MNS_REQUEST, &head, NULL, 0);
  wire_peer_expect (peer, MNS_REPLY);
  assert_int_equal (mns_record_unpack (&mns_bus_status_type, status, peer->body.data, peer->body.size, NULL, NULL),
                    MNS_OK);
}

/* The whole way once more, undisturbed. */
static void check_works (fixture_t *fixture, wire_peer_t *asker, uint64_t request) {
  ask (asker, request, LONG_MS);
  wire_peer_expect (&fixture->worker, MNS_REQUEST);
  mns_head_t asked = fixture->worker.head;
  answer (&fixture->worker, &asked);
  wire_peer_expect (asker, MNS_REPLY);
  assert_int_equal (asker->head.request, request);
}

static void test_asker_dies (void **state) {
  static mns_bus_status_t status;
  fixture_t *fixture = *state;
  wire_peer_t other;
  ask (&fixture->asker, 1, LONG_MS);
  wire_peer_expect (&fixture->worker, MNS_REQUEST);
  mns_head_t asked = fixture->worker.head;
  wire_peer_fini (&fixture->asker);
  connect_as (fixture, &other, "assistance");
  check_works (fixture, &other, 1); /* it has the same number, and is another's */
  answer (&fixture->worker, &asked);
  check_works (fixture, &other, 2);
  assert_int_equal (wire_peer_receive (&other, QUIET_MS), 0);
  read_status (&fixture->worker, &status);
  assert_int_equal (status.requests, 0); /* nothing is left open */
  fixture->asker = other;
}

static void test_answer_after_its_deadline (void **state) {
  static mns_bus_status_t status;
  fixture_t *fixture = *state;
  ask (&fixture->asker, 1, SHORT_MS);
  wire_peer_expect (&fixture->worker, MNS_REQUEST);
  mns_head_t asked = fixture->worker.head;
  wire_peer_expect (&fixture->asker, MNS_ERR);
  assert_int_equal (fixture->asker.head.rc, MNS_TIMEOUT);
  assert_int_equal (fixture->asker.head.request, 1);
  answer (&fixture->worker, &asked);
  assert_int_equal (wire_peer_receive (&fixture->asker, QUIET_MS), 0);
  read_status (&fixture->worker, &status);
  assert_int_equal (status.late, 1);
  check_works (fixture, &fixture->asker, 2);
}

static void stop_broker (fixture_t *fixture) {
  wire_peer_fini (&fixture->worker);
  wire_peer_fini (&fixture->asker);
  zactor_destroy (&fixture->broker);
}

/* The broker keeps no request: the next one does not know it, and the asker's own timer tells him. */
static void test_broker_dies_with_requests_open (void **state) {
  fixture_t *fixture = *state;
  mns_error_t error = {0};
  mns_head_t head;
  mns_bus_t *bus;
  uint64_t request;
  mns_config_t config = fixture->config;
  mns_text_copy (config.bus, sizeof config.bus, fixture->endpoint);
  ask (&fixture->asker, 1, LONG_MS);
  wire_peer_expect (&fixture->worker, MNS_REQUEST);
  assert_int_equal (mns_bus_new (&bus, &config, "assistance", LONG_MS, &error), MNS_OK);
  assert_int_equal (mns_bus_send (bus, "registry.work", NULL, NULL, 0, 1000, &request, &error), MNS_OK);
  wire_peer_expect (&fixture->worker, MNS_REQUEST);
  stop_broker (fixture);
  assert_int_equal (mns_bus_take (bus, LONG_MS, &request, NULL, &head, &error), MNS_OK);
  assert_true (head.rc == MNS_UNAVAILABLE || head.rc == MNS_TIMEOUT);
  mns_bus_destroy (&bus);
  start (fixture);
  connect_worker (fixture);
  connect_as (fixture, &fixture->asker, "assistance");
  assert_int_equal (wire_peer_receive (&fixture->worker, QUIET_MS), 0);
  check_works (fixture, &fixture->asker, 2);
}

#define BOTH_WAYS(test)                                                                                                \
  {#test " (inproc)", test, set_up_inproc, tear_down, NULL}, {                                                         \
#test " (ipc)", test, set_up_local, tear_down, NULL                                                                \
  }

int main (void) {
  zsys_handler_set (NULL);
  const struct CMUnitTest tests[] = {BOTH_WAYS (test_asker_dies), BOTH_WAYS (test_answer_after_its_deadline),
                                     BOTH_WAYS (test_broker_dies_with_requests_open)};
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its sockets open, which no exit survives */
  return 0;
}
