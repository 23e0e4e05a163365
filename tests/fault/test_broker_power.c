/* The broker whose power goes at each sync point in turn, with a producer and a subscriber at it: everything
 * acknowledged and everything delivered is in the log afterwards, its numbers are dense, its chains lead on, and a
 * producer that sends all of its history again changes nothing (docs/faults.md row 15). The mutants ack_before_commit
 * and no_producer_check must fail here.
 *
 * docs/faults.md row 15: the power goes at every sync point in turn. */
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/crash_vfs.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <unistd.h>

#define TOPIC "registry.birth.510322101203.registered"

/* 17 MB in all, so that a checkpoint falls into the run. */
enum { GROUPS = 24, RECORDS = 170, PADDING = 4096, RUNS_MAX = 500, WAIT_MS = 10000 };

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_config_t config;
  zactor_t *broker;
  bool dead; /* the broker has said FAILED */
  uint64_t acknowledged, delivered;
} run_t;

static int set_up (void **state) {
  static run_t run_of_the_case;
  run_t *run = &run_of_the_case;
  memset (run, 0, sizeof *run);
  crash_vfs_register_default ();
  crash_vfs_restart ();
  mns_record_clear (&mns_config_type, &run->config);
  run->config.county = 510322000000;
  *state = run;
  return 0;
}

static void make_folder (run_t *run) {
  assert_int_equal (test_folder_make (run->folder), 0);
  assert_true (mns_text_copy (run->config.data, sizeof run->config.data, run->folder));
}

/* READY or FAILED; the latter is no mistake here. */
static bool start (run_t *run) {
  run->broker = zactor_new ((zactor_fn *)mns_broker_actor, &run->config);
  char *said = zstr_recv (run->broker);
  run->dead = strcmp (said, "READY") != 0;
  zstr_free (&said);
  return !run->dead;
}

/* The power goes, unless it has, and comes back. */
static void restart (run_t *run) {
  zactor_destroy (&run->broker);
  crash_vfs_cut ();
  crash_vfs_restart ();
  assert_true (start (run));
}

static void connect_as (wire_peer_t *peer, const char *account, const wire_pen_t *pen) {
  wire_peer_init (peer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (peer, account, pen ? pen->name : NULL, pen ? pen->epoch : 0, pen ? pen->number : 0,
                                     pen ? pen->chain : 0),
                    MNS_OK);
}

static void subscribe (wire_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 100;
  head.credit_bytes = 1 << 20;
  strcpy (head.prefixes[head.prefix_count++], "registry.");
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
}

/* Gives back the credit of the EVT just taken. */
static void give_credit (wire_peer_t *consumer) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 1;
  head.credit_bytes = consumer->body.size;
  wire_peer_send (consumer, MNS_CREDIT, &head, NULL, 0);
}

/* Waits until either peer has something to say or the broker says that it failed. */
static void listen_to (run_t *run, wire_peer_t *producer, wire_peer_t *consumer) {
  zmq_pollitem_t items[] = {{zsock_resolve (run->broker), 0, ZMQ_POLLIN, 0},
                            {producer->socket, 0, ZMQ_POLLIN, 0},
                            {consumer->socket, 0, ZMQ_POLLIN, 0}};
  assert_true (zmq_poll (items, 3, WAIT_MS) > 0);
  if (items[1].revents && wire_peer_receive (producer, 0) == MNS_PACK)
    run->acknowledged = producer->head.number;
  if (items[2].revents && wire_peer_receive (consumer, 0) == MNS_EVT) {
    run->delivered = consumer->head.last;
    give_credit (consumer);
  }
  if (!items[1].revents && !items[2].revents)
    run->dead = true;
}

/* Publishes group after group, each when the one before is acknowledged and delivered, until the power goes. */
static void publish_until_dead (run_t *run) {
  wire_pen_t pen;
  wire_peer_t producer, consumer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  connect_as (&consumer, "statistics", NULL);
  subscribe (&consumer);
  for (int group = 0; group < GROUPS && !run->dead; group++) {
    for (int i = 0; i < RECORDS; i++)
      wire_pen_write (&pen, TOPIC, PADDING);
    wire_pen_publish (&pen, &producer);
    while (!run->dead && (run->acknowledged < pen.number || run->delivered < pen.number))
      listen_to (run, &producer, &consumer);
  }
  wire_peer_fini (&producer);
  wire_peer_fini (&consumer);
  wire_pen_fini (&pen);
}

/* The log from the beginning to `last`: dense numbers of log and producer, both chains. */
static void read_log (uint64_t last, uint64_t expected_chain) {
  uint64_t number = 0, chain = 0, log_chain = 0;
  wire_peer_t consumer;
  connect_as (&consumer, "statistics", NULL);
  subscribe (&consumer);
  wire_peer_expect (&consumer, MNS_SUBOK);
  while (number < last) {
    wire_peer_expect (&consumer, MNS_EVT);
    mns_event_t event;
    const uint8_t *at = consumer.body.data;
    for (size_t left = consumer.body.size, used; left > 0; at += used, left -= used) {
      assert_int_equal (mns_event_unpack (&event, at, left, &used, NULL), MNS_OK);
      assert_int_equal (event.log_number, ++number);
      assert_int_equal (event.number, number);
      chain = mns_chain (chain, at, used);
      log_chain = mns_log_chain (log_chain, at, used);
    }
    assert_true (log_chain == consumer.head.log_chain);
    give_credit (&consumer);
  }
  assert_true (chain == expected_chain);
  wire_peer_fini (&consumer);
}

/* Connects as a producer whose outbox holds the whole run; the head says how much of it the log has. */
static void connect_with_history (wire_peer_t *producer) {
  wire_pen_t pen;
  mns_rc_t rc;
  wire_pen_init (&pen, "registry", 1);
  for (int i = 0; i < GROUPS * RECORDS; i++)
    wire_pen_write (&pen, TOPIC, PADDING);
  wire_peer_init (producer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  do /* a connection that has just closed still holds the name */
    rc = wire_peer_hello (producer, "registry", "registry", 1, pen.number, pen.chain);
  while (rc == MNS_IN_USE);
  assert_int_equal (rc, MNS_OK);
  wire_pen_fini (&pen);
}

/* One run with the power going at the `cut`-th sync, and what the next start finds. Gives the last number of the log.
 */
static uint64_t run_and_cut (run_t *run, uint64_t cut, bool *fired) {
  wire_peer_t producer;
  run->acknowledged = run->delivered = 0;
  crash_vfs_plan (CRASH_CUT, cut);
  if (start (run))
    publish_until_dead (run);
  zactor_destroy (&run->broker); /* ends in good order, with the syncs of that, unless it has failed */
  *fired = crash_vfs_fired ();
  restart (run);
  connect_with_history (&producer);
  uint64_t stored = producer.head.number, chain = producer.head.chain;
  wire_peer_fini (&producer);
  read_log (stored, chain);
  return stored;
}

static void test_acknowledged_is_kept (void **state) {
  run_t *run = *state;
  bool fired = true;
  for (uint64_t cut = 1; fired; cut++) {
    make_folder (run);
    uint64_t stored = run_and_cut (run, cut, &fired);
    if (stored < run->acknowledged || stored < run->delivered)
      fail_msg ("cut at sync %d: %d acknowledged, %d delivered, %d kept", (int)cut, (int)run->acknowledged,
                (int)run->delivered, (int)stored);
    assert_true (fired || stored == GROUPS * RECORDS);
    assert_true (fired || cut > GROUPS + 2);
    assert_true (cut < RUNS_MAX);
    zactor_destroy (&run->broker);
    test_folder_remove (run->folder);
  }
}

/* Everything from the first record on once more, group by group. */
static void send_all_again (void) {
  wire_pen_t pen;
  wire_peer_t producer;
  wire_pen_init (&pen, "registry", 1);
  connect_with_history (&producer);
  for (int group = 0; group < GROUPS; group++) {
    for (int i = 0; i < RECORDS; i++)
      wire_pen_write (&pen, TOPIC, PADDING);
    wire_pen_publish (&pen, &producer);
    do
      wire_peer_expect (&producer, MNS_PACK);
    while (producer.head.number < pen.number);
  }
  assert_int_equal (producer.head.log_number, GROUPS * RECORDS);
  read_log (pen.number, pen.chain);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

static void test_repeated_is_not_taken_again (void **state) {
  run_t *run = *state;
  bool fired = true;
  for (uint64_t cut = GROUPS / 2; fired && cut < GROUPS / 2 + 6; cut++) {
    make_folder (run);
    run_and_cut (run, cut, &fired);
    send_all_again ();
    zactor_destroy (&run->broker);
    test_folder_remove (run->folder);
  }
}

int main (void) {
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup (test_acknowledged_is_kept, set_up),
      cmocka_unit_test_setup (test_repeated_is_not_taken_again, set_up),
  };
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its broker running, which no exit survives */
  return 0;
}
