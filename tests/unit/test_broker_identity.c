/* An account is never taken for another: two people ask over several connections, interleaved, leaving and coming back,
 * forgotten and reconnecting, and the service hears each time who really asked. What maker and checker rest on.
 *
 * And those who subscribe and leave in a storm neither break the broker nor get what is another's (docs/faults.md row
 * 35). */
#include "common/bus.h"
#include "common/clock.h"
#include "common/pack.h"
#include "common/text.h"
#include "tests/support/guarded.h"
#include "tests/support/test.h"
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>

enum { ASKERS = 6, QUESTIONS = 400, STORM_ROUNDS = 60, STORM_PEERS = 8 };

static guarded_t guarded;
static mns_keys_t maker_keys, checker_keys;

static int setup (void **state) {
  char word[16];
  (void)state;
  guarded_init (&guarded);
  guarded_add (&guarded, "maker", MNS_CLERK, 510322101000, NULL, &maker_keys);
  guarded_add (&guarded, "checker", MNS_APPROVER, 510322102000, NULL, &checker_keys);
  guarded_start (&guarded, word);
  assert_string_equal (word, "READY");
  return 0;
}

static int teardown (void **state) {
  (void)state;
  guarded_fini (&guarded);
  return 0;
}

/* ---- the service: answers with who asked, as it was told --------------------------------------------------------- */

static void announce (wire_peer_t *peer, const char *command) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  mns_pack_array (&body, 1);
  mns_pack_text (&body, command, strlen (command));
  wire_peer_send (peer, MNS_READY, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_expect (peer, MNS_REPLY);
}

static atomic_bool done;

static void *serve (void *self) {
  wire_peer_t *service = self;
  char text[160];
  while (!atomic_load (&done)) {
    if (wire_peer_receive (service, 50) != MNS_REQUEST)
      continue;
    mns_head_t head = service->head;
    int size = snprintf (text, sizeof text, "%s %s %lld", head.account, head.role, (long long)head.division);
    head.account[0] = head.role[0] = 0;
    head.division = 0;
    wire_peer_send (service, MNS_REPLY, &head, text, (size_t)size);
  }
  return NULL;
}

/* ---- those who ask ----------------------------------------------------------------------------------------------- */

typedef struct {
  const char *account, *expected;
  const mns_keys_t *keys; /* NULL: over ipc, by name */
  unsigned seed;
  size_t answers, wrong;
  char got[160];
} asker_t;

static void open_peer (asker_t *asker, wire_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  if (asker->keys)
    guarded_tcp (&guarded, peer, asker->keys);
  else
    guarded_local (&guarded, peer);
  strcpy (head.account, asker->account);
  if (rand_r (&asker->seed) % 4 == 0 && !asker->keys)
    return; /* a lone asker names its account in each question */
  wire_peer_send (peer, MNS_HELLO, &head, NULL, 0);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

static void send_question (asker_t *asker, wire_peer_t *peer, uint64_t number) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.command, "toy.who");
  strcpy (head.account, asker->account);
  head.request = number;
  wire_peer_send (peer, MNS_REQUEST, &head, "\x80", 1);
}

static void take_answer (asker_t *asker, wire_peer_t *peer) {
  if (peer->kind != MNS_REPLY)
    return;
  asker->answers++;
  size_t size = peer->body.size < sizeof asker->got ? peer->body.size : sizeof asker->got - 1;
  if (strlen (asker->expected) == size && memcmp (peer->body.data, asker->expected, size) == 0)
    return;
  asker->wrong++;
  memcpy (asker->got, peer->body.data, size);
}

/* Several questions in flight, now and then BYE or a connection dropped with questions open; on until enough of them
 * have been answered. */
static void *ask (void *self) {
  asker_t *asker = self;
  wire_peer_t peer;
  mns_head_t bye;
  mns_head_clear (&bye);
  open_peer (asker, &peer);
  for (uint64_t i = 1; i <= QUESTIONS || asker->answers <= QUESTIONS / 4; i++) {
    send_question (asker, &peer, i);
    if (rand_r (&asker->seed) % 4 == 0)
      while (wire_peer_receive (&peer, 20) != 0)
        take_answer (asker, &peer);
    int what = rand_r (&asker->seed) % 24;
    if (what == 0)
      wire_peer_send (&peer, MNS_BYE, &bye, NULL, 0);
    if (what <= 1) {
      wire_peer_fini (&peer);
      open_peer (asker, &peer);
    }
  }
  while (wire_peer_receive (&peer, 300) != 0)
    take_answer (asker, &peer);
  wire_peer_fini (&peer);
  return NULL;
}

static void test_two_people (void **state) {
  (void)state;
  wire_peer_t service;
  pthread_t server, threads[ASKERS];
  asker_t askers[ASKERS];
  atomic_store (&done, false);
  guarded_local (&guarded, &service);
  assert_int_equal (wire_peer_hello (&service, "toy", "toy", 1, 0, 0), 0);
  announce (&service, "toy.who");
  assert_int_equal (pthread_create (&server, NULL, serve, &service), 0);
  for (unsigned i = 0; i < ASKERS; i++) {
    bool maker = i % 2 == 0;
    askers[i] = (asker_t){.account = maker ? "maker" : "checker",
                          .expected = maker ? "maker clerk 510322101000" : "checker approver 510322102000",
                          .keys = i < ASKERS / 3 ? maker ? &maker_keys : &checker_keys : NULL,
                          .seed = 7 * i + 1};
    assert_int_equal (pthread_create (&threads[i], NULL, ask, &askers[i]), 0);
  }
  for (size_t i = 0; i < ASKERS; i++)
    pthread_join (threads[i], NULL);
  atomic_store (&done, true);
  pthread_join (server, NULL);
  for (size_t i = 0; i < ASKERS; i++) {
    if (askers[i].wrong > 0)
      fail_msg ("'%s' was taken for '%s' (%zu times)", askers[i].expected, askers[i].got, askers[i].wrong);
    assert_true (askers[i].answers > QUESTIONS / 4);
  }
  wire_peer_fini (&service);
}

/* ---- a connection that the broker gave up ------------------------------------------------------------------------ */

/* What a request without a name was once taken for: the owner of the data directory. */
static void test_forgotten_is_nobody (void **state) {
  (void)state;
  wire_peer_t old, taker, maker;
  mns_head_t head;
  guarded_local (&guarded, &old);
  guarded_local (&guarded, &taker);
  assert_int_equal (wire_peer_hello (&old, "toy", "toy", 1, 0, 0), 0);
  for (int64_t until = mns_clock.monotonic_ms () + 2 * PEER_WAIT_MS;
       wire_peer_hello (&taker, "toy", "toy", 1, 0, 0) == MNS_IN_USE;)
    assert_true (mns_clock.monotonic_ms () < until); /* the first does not answer PING: it is told BYE */
  guarded_local (&guarded, &maker);
  mns_head_clear (&head);
  strcpy (head.command, "bus.status"); /* the owner could */
  wire_peer_send (&old, MNS_REQUEST, &head, "\x80", 1);
  do
    wire_peer_receive (&old, PEER_WAIT_MS);
  while (old.kind == MNS_BYE || old.kind == MNS_PING);
  assert_int_equal (old.kind, MNS_ERR);
  assert_int_equal (old.head.rc, MNS_NEED_HELLO);
  assert_int_equal (wire_peer_hello (&old, "maker", NULL, 0, 0, 0), 0);
  wire_peer_send (&old, MNS_REQUEST, &head, "\x80", 1);
  wire_peer_expect (&old, MNS_ERR);
  assert_int_equal (old.head.rc, MNS_FORBIDDEN);
  wire_peer_fini (&old);
  wire_peer_fini (&taker);
  wire_peer_fini (&maker);
}

/* A routing id of one's own could be another's tomorrow: the broker makes them. */
static void test_own_routing_id (void **state) {
  (void)state;
  const int linger = 0;
  wire_peer_t peer = {0};
  mns_head_t head;
  mns_head_clear (&head);
  peer.socket = zmq_socket (zsys_init (), ZMQ_DEALER);
  zmq_setsockopt (peer.socket, ZMQ_LINGER, &linger, sizeof linger);
  zmq_setsockopt (peer.socket, ZMQ_ROUTING_ID, "checker", 7);
  assert_int_equal (zmq_connect (peer.socket, guarded.local), 0);
  strcpy (head.account, "checker");
  wire_peer_send (&peer, MNS_HELLO, &head, NULL, 0);
  wire_peer_expect (&peer, MNS_ERR);
  assert_int_equal (peer.head.rc, MNS_INVALID);
  wire_peer_fini (&peer);
}

/* A client whose broker was started anew is who it was. */
static void test_client_of_a_new_broker (void **state) {
  (void)state;
  char word[16];
  mns_bus_t *bus;
  mns_error_t error;
  mns_config_t config = guarded.config;
  mns_buffer_t reply = {0};
  strcpy (config.bus, guarded.local);
  assert_int_equal (mns_bus_new (&bus, &config, "maker", PEER_WAIT_MS, &error), MNS_OK);
  assert_int_equal (mns_bus_request (bus, "bus.status", NULL, "\x80", 1, 3000, &reply, NULL, &error), MNS_FORBIDDEN);
  guarded_stop (&guarded);
  guarded_start (&guarded, word); /* another broker, to which the connection says nothing new of itself at first */
  assert_string_equal (word, "READY");
  assert_int_equal (mns_bus_request (bus, "bus.status", NULL, "\x80", 1, 8000, &reply, NULL, &error), MNS_FORBIDDEN);
  mns_buffer_fini (&reply);
  mns_bus_destroy (&bus);
}

/* ---- storms ------------------------------------------------------------------------------------------------------ */

static void publish (wire_pen_t *pen, wire_peer_t *producer, const char *topic) {
  wire_pen_write (pen, topic, 100);
  wire_pen_publish (pen, producer);
  wire_peer_expect (producer, MNS_PACK);
}

/* Nothing but its own may reach a peer. */
static void check_heard (wire_peer_t *peer, const char *own) {
  while (wire_peer_receive (peer, 0) != 0) {
    mns_event_t event;
    size_t used;
    const uint8_t *at = peer->body.data, *end = at + peer->body.size;
    for (; peer->kind == MNS_EVT && at < end; at += used) {
      assert_int_equal (mns_event_unpack (&event, at, (size_t)(end - at), &used, NULL), MNS_OK);
      assert_true (strncmp (event.topic, own, strlen (own)) == 0);
    }
  }
}

static void send_sub (wire_peer_t *peer, uint64_t id, const char *prefix) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = id;
  head.credit_messages = 100;
  head.credit_bytes = 100000;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], prefix);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
}

/* One that may and one that may not, leaving in the middle, again and again. */
static void storm (wire_pen_t *pen, wire_peer_t *producer) {
  wire_peer_t peers[STORM_PEERS];
  for (size_t i = 0; i < STORM_PEERS; i++) {
    guarded_tcp (&guarded, &peers[i], i % 2 ? &checker_keys : &maker_keys);
    mns_head_t head;
    mns_head_clear (&head);
    wire_peer_send (&peers[i], MNS_HELLO, &head, NULL, 0);
    send_sub (&peers[i], 1, i % 2 ? "statistics.figures.510322102" : "statistics.figures.510322101");
    send_sub (&peers[i], 2, i % 2 ? "statistics.figures.510322101" : "statistics.figures.510322102"); /* not its own */
    send_sub (&peers[i], 3, "registry.");
  }
  publish (pen, producer, "statistics.figures.510322101000.2026-S1");
  publish (pen, producer, "statistics.figures.510322102000.2026-S1");
  for (size_t i = 0; i < STORM_PEERS; i++) {
    check_heard (&peers[i], i % 2 ? "statistics.figures.510322102" : "statistics.figures.510322101");
    wire_peer_fini (&peers[i]);
  }
}

static void test_storms (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t producer;
  size_t settled = 0;
  wire_pen_init (&pen, "statistics", 1);
  guarded_local (&guarded, &producer);
  assert_int_equal (wire_peer_hello (&producer, "statistics", "statistics", 1, 0, 0), 0);
  for (int round = 0; round < STORM_ROUNDS; round++) {
    storm (&pen, &producer);
    if (round == STORM_ROUNDS / 4)
      settled = mallinfo2 ().uordblks;
  }
  mns_bus_status_t *status = malloc (sizeof *status);
  int64_t until = mns_clock.monotonic_ms () + 2 * PEER_WAIT_MS;
  do { /* all that left has been given up */
    guarded_status (&guarded, status);
    assert_true (mns_clock.monotonic_ms () < until);
  } while (status->consumers_count > 0);
  free (status);
  assert_in_range (mallinfo2 ().uordblks, 0, settled + ((size_t)24 << 20));
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_two_people, setup, teardown),
      cmocka_unit_test_setup_teardown (test_forgotten_is_nobody, setup, teardown),
      cmocka_unit_test_setup_teardown (test_own_routing_id, setup, teardown),
      cmocka_unit_test_setup_teardown (test_client_of_a_new_broker, setup, teardown),
      cmocka_unit_test_setup_teardown (test_storms, setup, teardown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
