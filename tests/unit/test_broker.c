/* The broker from outside: raw DEALERs over inproc and ipc against a broker in a directory of its own. */
#include "common/pack.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/broker.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include "tests/support/wire_peer.h"
#include <czmq.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIRTH "registry.birth.510322101203.registered"
#define DEATH "registry.death.510322101203.registered"
#define OPEN  "open.figures.510322000000.2026-S1"

typedef struct {
  char data[MNS_PATH_MAX];
  mns_config_t config;
  zactor_t *broker;
} fixture_t;

static void start (fixture_t *fixture) {
  fixture->broker = zactor_new ((zactor_fn *)mns_broker_actor, &fixture->config);
  char *said = NULL, *word = NULL, *where = NULL, *detail = NULL;
  zstr_recvx (fixture->broker, &said, &word, &where, &detail, NULL);
  if (said == NULL || strcmp (said, "READY") != 0)
    fail_msg ("the broker does not start: %s %s %s", word, where, detail);
  zstr_free (&said);
}

static void restart (fixture_t *fixture) {
  zactor_destroy (&fixture->broker);
  start (fixture);
}

static int setup (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  assert_int_equal (test_folder_make (fixture->data), 0);
  mns_record_clear (&mns_config_type, &fixture->config);
  mns_text_copy (fixture->config.data, sizeof fixture->config.data, fixture->data);
  fixture->config.county = 510322000000;
  *state = fixture;
  start (fixture);
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  zactor_destroy (&fixture->broker);
  assert_int_equal (test_folder_remove (fixture->data), 0);
  free (fixture);
  return 0;
}

static void connect_as (wire_peer_t *peer, const char *account, const wire_pen_t *pen) {
  wire_peer_init (peer, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (peer, account, pen ? pen->name : NULL, pen ? pen->epoch : 0, pen ? pen->number : 0,
                                     pen ? pen->chain : 0),
                    0);
}

static void subscribe (wire_peer_t *peer, uint64_t id, uint64_t from, const char *prefix) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = id;
  head.log_number = from;
  head.credit_messages = 1000;
  head.credit_bytes = 8 << 20;
  strcpy (head.prefixes[head.prefix_count++], prefix);
  wire_peer_send (peer, MNS_SUB, &head, NULL, 0);
}

/* Writes and publishes one record and waits for its ack. */
static void publish_one (wire_pen_t *pen, wire_peer_t *peer, const char *topic) {
  wire_pen_write (pen, topic, 0);
  wire_pen_publish (pen, peer);
  do
    wire_peer_expect (peer, MNS_PACK);
  while (peer->head.number < pen->number); /* one that tells of a backup */
  assert_int_equal (peer->head.number, pen->number);
  assert_true (peer->head.chain == pen->chain);
}

/* Reads EVT and IDLE until the offset is `last`; counts records. */
static uint64_t read_until (wire_peer_t *peer, uint64_t offset, uint64_t last) {
  uint64_t count = 0;
  while (offset < last) {
    wire_peer_receive (peer, PEER_WAIT_MS);
    if (peer->kind != MNS_EVT && peer->kind != MNS_IDLE)
      fail_msg ("kind %d at offset %d: %s", (int)peer->kind, (int)offset, peer->head.detail);
    assert_int_equal (peer->head.previous, offset);
    offset = peer->head.last;
    count += peer->head.count;
  }
  return count;
}

/* ---- publishing -------------------------------------------------------------------------------------------------- */

static void test_ack_and_delivery (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t producer, consumer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  connect_as (&consumer, "statistics", NULL);
  assert_string_equal (consumer.head.role, "service");
  assert_true (strlen (consumer.head.detail) > 40);
  subscribe (&consumer, 7, 0, "registry.");
  wire_peer_expect (&consumer, MNS_SUBOK);
  publish_one (&pen, &producer, BIRTH);
  assert_int_equal (producer.head.log_number, 1);
  wire_peer_expect (&consumer, MNS_EVT);
  assert_int_equal (consumer.head.subscription, 7);
  assert_int_equal (consumer.head.previous, 0);
  assert_int_equal (consumer.head.last, 1);
  mns_event_t event;
  size_t used;
  assert_int_equal (mns_event_unpack (&event, consumer.body.data, consumer.body.size, &used, NULL), 0);
  assert_int_equal (used, consumer.body.size);
  assert_int_equal (event.log_number, 1);
  assert_true (event.recorded > 0);
  assert_int_equal (event.log_epoch, consumer.head.log_epoch);
  assert_true (mns_log_chain (0, event.bytes, event.size) == consumer.head.log_chain);
  assert_true (mns_chain (0, event.bytes, event.size) == pen.chain);
  wire_peer_fini (&producer);
  wire_peer_fini (&consumer);
  wire_pen_fini (&pen);
}

static void test_repeats_and_gaps (void **state) {
  (void)state;
  wire_pen_t pen, copy;
  wire_peer_t producer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  wire_pen_init (&copy, "registry", 1);
  for (int i = 0; i < 3; i++)
    publish_one (&pen, &producer, BIRTH);
  for (int i = 0; i < 5; i++) /* three repeated, two new */
    wire_pen_write (&copy, BIRTH, 0);
  wire_pen_publish (&copy, &producer);
  wire_peer_expect (&producer, MNS_PACK);
  assert_int_equal (producer.head.number, 5);
  assert_int_equal (producer.head.log_number, 5);
  assert_true (producer.head.chain == copy.chain);
  wire_pen_write (&pen, BIRTH, 0); /* number 4 once more: acked again, not appended */
  wire_pen_publish (&pen, &producer);
  wire_peer_expect (&producer, MNS_PACK);
  assert_int_equal (producer.head.number, 5);
  assert_int_equal (producer.head.log_number, 5);
  wire_pen_write (&copy, BIRTH, 0);
  mns_buffer_clear (&copy.records);
  copy.count = 0;
  wire_pen_write (&copy, BIRTH, 0); /* number 7 without 6 */
  wire_pen_publish (&copy, &producer);
  wire_peer_expect (&producer, MNS_PNAK);
  assert_int_equal (producer.head.rc, MNS_CONFLICT);
  assert_int_equal (producer.head.number, 6);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
  wire_pen_fini (&copy);
}

/* More acknowledged than was given out is no history: the log is not taken for one that was put back. */
static void check_no_epoch_forced (wire_peer_t *peer, uint64_t epoch, const wire_pen_t *pen) {
  mns_head_t head;
  mns_head_clear (&head);
  strcpy (head.account, "registry");
  strcpy (head.producer, "registry");
  head.producer_epoch = 1;
  head.number = pen->number;
  head.chain = pen->chain;
  head.acked = pen->number + 1;
  wire_peer_send (peer, MNS_HELLO, &head, NULL, 0);
  wire_peer_expect (peer, MNS_REFUSE);
  assert_int_equal (peer->head.rc, MNS_INVALID);
  assert_int_equal (peer->head.retry_after_ms, 0);
  assert_int_equal (wire_peer_hello (peer, "registry", "registry", 1, pen->number, pen->chain), 0);
  assert_int_equal (peer->head.log_epoch, epoch);
}

static void test_forked_outbox (void **state) {
  fixture_t *fixture = *state;
  wire_pen_t pen, other;
  wire_peer_t producer, second;
  wire_pen_init (&pen, "registry", 1);
  wire_pen_init (&other, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_one (&pen, &producer, BIRTH);
  publish_one (&pen, &producer, BIRTH);
  wire_pen_write (&other, DEATH, 0);
  wire_pen_write (&other, DEATH, 0);
  mns_buffer_clear (&other.records);
  other.count = 0;
  wire_pen_write (&other, BIRTH, 0);
  wire_pen_publish (&other, &producer); /* number 3 on another history */
  wire_peer_expect (&producer, MNS_PNAK);
  assert_int_equal (producer.head.rc, MNS_OUTBOX_FORKED);
  assert_int_equal (producer.head.retry_after_ms, 0);
  wire_pen_fini (&other);
  wire_pen_init (&other, "registry", 1);
  wire_pen_write (&other, DEATH, 0);
  wire_pen_write (&other, DEATH, 0);
  wire_pen_publish (&other, &producer); /* numbers 1 and 2 again, but others: no repetition */
  wire_peer_expect (&producer, MNS_PNAK);
  assert_int_equal (producer.head.rc, MNS_OUTBOX_FORKED);
  wire_peer_fini (&producer);
  restart (fixture);
  wire_peer_init (&second, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 1, pen.chain), MNS_OUTBOX_FORKED);
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 2, pen.chain ^ 1), MNS_OUTBOX_FORKED);
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 2, pen.chain), 0);
  assert_int_equal (second.head.number, 2);
  assert_true (second.head.chain == pen.chain);
  check_no_epoch_forced (&second, second.head.log_epoch, &pen);
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 2, 0, 0), 0);
  assert_int_equal (second.head.number, 0);
  wire_pen_fini (&other);
  wire_pen_init (&other, "registry", 2);
  publish_one (&other, &second, BIRTH);
  assert_int_equal (second.head.log_number, 3);
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 2, pen.chain), MNS_OUTBOX_FORKED);
  wire_peer_fini (&second);
  wire_pen_fini (&pen);
  wire_pen_fini (&other);
}

/* Two producers of one name: the second is kept out, the first undisturbed (docs/faults.md row 7). */
static void test_one_holder (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t first, second;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&first, "registry", &pen);
  wire_peer_init (&second, zsys_init (), ZMQ_DEALER, "inproc://bus");
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 0, 0), MNS_IN_USE);
  assert_true (second.head.retry_after_ms > 0);
  wire_peer_receive (&first, 200); /* answers the PING */
  assert_int_equal (wire_peer_hello (&second, "registry", "registry", 1, 0, 0), MNS_IN_USE);
  publish_one (&pen, &first, BIRTH);
  wire_peer_fini (&first);
  mns_rc_t rc;
  int tries = 0;
  do
    rc = wire_peer_hello (&second, "registry", "registry", 1, pen.number, pen.chain);
  while (rc == MNS_IN_USE && ++tries < 100000);
  assert_int_equal (rc, 0);
  wire_peer_fini (&second);
  wire_pen_fini (&pen);
}

static void test_what_is_refused (void **state) {
  (void)state;
  static const struct {
    const char *topic;
    mns_rc_t rc;
  } cases[] = {{"registry.birth.51032210120.registered", MNS_INVALID},
               {"Registry.birth.510322101203.registered", MNS_INVALID},
               {"statistics.figures.510322101203.2026-S1", MNS_FORBIDDEN},
               {"other.figures.510322101203.2026-S1", MNS_FORBIDDEN}};
  wire_pen_t pen;
  wire_peer_t producer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  for (size_t i = 0; i < COUNT_OF (cases); i++) {
    wire_pen_write (&pen, cases[i].topic, 0);
    pen.number = pen.chain = 0;
    wire_pen_publish (&pen, &producer);
    wire_peer_expect (&producer, MNS_PNAK);
    assert_int_equal (producer.head.rc, cases[i].rc);
    assert_int_equal (producer.head.retry_after_ms, 0);
    assert_int_equal (producer.head.number, 1);
  }
  publish_one (&pen, &producer, BIRTH);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

/* ---- subscribing ------------------------------------------------------------------------------------------------- */

static void publish_many (wire_pen_t *pen, wire_peer_t *producer, int messages, int records, const char *topic) {
  for (int i = 0; i < messages; i++) {
    for (int k = 0; k < records; k++)
      wire_pen_write (pen, topic, 200);
    wire_pen_publish (pen, producer);
  }
  do
    wire_peer_expect (producer, MNS_PACK);
  while (producer->head.number < pen->number);
}

static void test_replay_and_filter (void **state) {
  fixture_t *fixture = *state;
  wire_pen_t pen;
  wire_peer_t producer, all, deaths, late;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_many (&pen, &producer, 10, 300, BIRTH);
  publish_many (&pen, &producer, 1, 1, DEATH);
  publish_many (&pen, &producer, 20, 100, BIRTH);
  wire_peer_fini (&producer);
  restart (fixture); /* now from the disk */
  connect_as (&all, "statistics", NULL);
  connect_as (&deaths, "assistance", NULL);
  subscribe (&all, 1, 0, "");
  wire_peer_expect (&all, MNS_SUBOK);
  assert_int_equal (read_until (&all, 0, 5001), 5001);
  subscribe (&deaths, 2, 0, "registry.death.");
  wire_peer_expect (&deaths, MNS_SUBOK);
  assert_int_equal (read_until (&deaths, 0, 5001), 1);
  assert_true (deaths.head.log_chain == all.head.log_chain);
  connect_as (&late, "notifications", NULL);
  subscribe (&late, 3, UINT64_MAX, "");
  wire_peer_expect (&late, MNS_SUBOK);
  assert_int_equal (late.head.log_number, 5001);
  assert_true (late.head.log_chain == all.head.log_chain);
  connect_as (&producer, "registry", &pen);
  publish_many (&pen, &producer, 1, 1, BIRTH);
  assert_int_equal (read_until (&late, 5001, 5002), 1);
  assert_int_equal (read_until (&all, 5001, 5002), 1);
  wire_peer_fini (&producer);
  wire_peer_fini (&all);
  wire_peer_fini (&deaths);
  wire_peer_fini (&late);
  wire_pen_fini (&pen);
}

/* Subscribers at the same place share the bytes when they want the same, and only then. */
static void test_equal_wishes (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t producer, peers[4];
  static const char *const prefixes[COUNT_OF (peers)] = {"registry.", "registry.", "registry.death.", "registry."};
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  for (size_t i = 0; i < COUNT_OF (peers); i++) {
    connect_as (&peers[i], "statistics", NULL);
    subscribe (&peers[i], i + 1, 0, prefixes[i]);
    wire_peer_expect (&peers[i], MNS_SUBOK);
  }
  for (int i = 0; i < 4; i++)
    publish_one (&pen, &producer, i % 2 ? DEATH : BIRTH);
  for (size_t i = 0; i < COUNT_OF (peers); i++) {
    assert_int_equal (read_until (&peers[i], 0, 4), i == 2 ? 2 : 4);
    assert_true (peers[i].head.log_chain == peers[0].head.log_chain);
    assert_int_equal (peers[i].head.subscription, i + 1);
    if (i != 2)
      assert_memory_equal (peers[i].body.data, peers[0].body.data, peers[i].body.size);
  }
  for (size_t i = 0; i < COUNT_OF (peers); i++)
    wire_peer_fini (&peers[i]);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

static void test_credit_bounds (void **state) {
  (void)state;
  wire_pen_t pen;
  mns_head_t head;
  wire_peer_t producer, consumer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_many (&pen, &producer, 1, 1, BIRTH);
  publish_many (&pen, &producer, 20, 100, BIRTH);
  connect_as (&consumer, "statistics", NULL);
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 1;
  head.credit_bytes = 1000;
  head.prefix_count = 1;
  wire_peer_send (&consumer, MNS_SUB, &head, NULL, 0);
  wire_peer_expect (&consumer, MNS_SUBOK);
  wire_peer_expect (&consumer, MNS_EVT);
  uint64_t offset = consumer.head.last;
  assert_int_equal (wire_peer_receive (&consumer, 300), 0);
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = 100;
  head.credit_bytes = 1 << 20;
  head.last = offset;
  wire_peer_send (&consumer, MNS_CREDIT, &head, NULL, 0);
  read_until (&consumer, offset, 2001);
  wire_peer_fini (&producer);
  wire_peer_fini (&consumer);
  wire_pen_fini (&pen);
}

static void expect_subend (wire_peer_t *peer, const mns_head_t *head, mns_rc_t rc) {
  wire_peer_send (peer, MNS_SUB, head, NULL, 0);
  wire_peer_expect (peer, MNS_SUBEND);
  assert_int_equal (peer->head.rc, rc);
  assert_int_equal (peer->head.subscription, head->subscription);
}

static void test_offsets_of_another_log (void **state) {
  (void)state;
  wire_pen_t pen;
  mns_head_t head;
  wire_peer_t producer, consumer;
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_one (&pen, &producer, BIRTH);
  publish_one (&pen, &producer, BIRTH);
  connect_as (&consumer, "statistics", NULL);
  mns_head_clear (&head);
  head.subscription = 3;
  head.prefix_count = 1;
  head.log_number = 3;
  expect_subend (&consumer, &head, MNS_OFFSET_MISMATCH);
  head.log_number = 1;
  head.log_chain = 99;
  expect_subend (&consumer, &head, MNS_OFFSET_MISMATCH);
  head.log_chain = 0;
  head.log_epoch = 1;
  expect_subend (&consumer, &head, MNS_OFFSET_MISMATCH);
  head.log_epoch = 0;
  strcpy (head.prefixes[0], "registry.birth.510");
  expect_subend (&consumer, &head, MNS_INVALID);
  head.prefix_count = 0;
  expect_subend (&consumer, &head, MNS_MISSING);
  wire_peer_fini (&producer);
  wire_peer_fini (&consumer);
  wire_pen_fini (&pen);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static void announce (wire_peer_t *peer, const char *command) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  mns_pack_array (&body, 1);
  mns_pack_text (&body, command, strlen (command));
  wire_peer_send (peer, MNS_READY, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

static void ask (wire_peer_t *peer, const char *command, uint64_t number, uint64_t deadline_ms) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = number;
  head.deadline_ms = deadline_ms;
  mns_text_copy (head.command, sizeof head.command, command);
  mns_text_copy (head.role, sizeof head.role, "administrator"); /* a lie */
  wire_peer_send (peer, MNS_REQUEST, &head, "\x80", 1);
}

static void test_request_and_reply (void **state) {
  (void)state;
  mns_head_t head;
  wire_peer_t service, asker;
  connect_as (&service, "registry", NULL);
  connect_as (&asker, "someone", NULL);
  ask (&asker, "nobody.echo", 1, 0);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNKNOWN_COMMAND);
  ask (&asker, "registry.echo", 1, 0); /* it is one of the house, and has not come yet */
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNAVAILABLE);
  assert_true (asker.head.retry_after_ms > 0);
  announce (&service, "registry.echo");
  assert_int_equal (service.kind, MNS_REPLY);
  ask (&asker, "registry.nonsense", 1, 0);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNKNOWN_COMMAND);
  ask (&asker, "registry.echo", 42, 2000);
  wire_peer_expect (&service, MNS_REQUEST);
  assert_string_equal (service.head.account, "someone");
  assert_string_equal (service.head.role, "service");
  assert_int_equal (service.head.deadline_ms, 2000);
  assert_int_equal (service.body.size, 1);
  head = service.head;
  wire_peer_send (&service, MNS_REPLY, &head, "\x80\x80", 2);
  wire_peer_send (&service, MNS_REPLY, &head, "\x80\x80", 2); /* once more: dropped */
  wire_peer_expect (&asker, MNS_REPLY);
  assert_int_equal (asker.head.request, 42);
  assert_int_equal (asker.body.size, 2);
  ask (&asker, "registry.echo", 43, 150);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_TIMEOUT);
  assert_int_equal (asker.head.request, 43);
  ask (&asker, "registry.echo", 44, 5000);
  wire_peer_expect (&service, MNS_REQUEST);
  wire_peer_expect (&service, MNS_REQUEST);
  mns_head_clear (&head);
  wire_peer_send (&service, MNS_BYE, &head, NULL, 0);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNAVAILABLE);
  assert_int_equal (asker.head.request, 44);
  ask (&asker, "registry.echo", 45, 5000);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNAVAILABLE);
  wire_peer_fini (&service);
  wire_peer_fini (&asker);
}

/* A service answers late, to a broker that was started again: nobody may get that answer for his own. */
static void test_numbers_of_another_broker (void **state) {
  mns_head_t old;
  wire_peer_t service, asker;
  connect_as (&service, "registry", NULL);
  connect_as (&asker, "someone", NULL);
  announce (&service, "registry.echo");
  ask (&asker, "registry.echo", 1, 2000);
  wire_peer_expect (&service, MNS_REQUEST);
  old = service.head;
  wire_peer_fini (&service);
  wire_peer_fini (&asker);
  restart (*state);
  connect_as (&service, "registry", NULL);
  connect_as (&asker, "someone", NULL);
  announce (&service, "registry.echo");
  ask (&asker, "registry.echo", 2, 200);
  wire_peer_expect (&service, MNS_REQUEST);
  wire_peer_send (&service, MNS_REPLY, &old, "\x80", 1);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_TIMEOUT);
  wire_peer_fini (&service);
  wire_peer_fini (&asker);
}

/* A service that wrote in the log may only be on its way back when the broker has been started again. */
static void test_service_on_its_way_back (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t weather, asker;
  mns_head_t head;
  wire_pen_init (&pen, "weather", 1);
  connect_as (&weather, "weather", &pen);
  publish_one (&pen, &weather, "weather.note.510322101203.made");
  connect_as (&asker, "statistics", NULL);
  mns_head_clear (&head);
  strcpy (head.command, "weather.now");
  wire_peer_send (&asker, MNS_REQUEST, &head, "\x80", 1);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNAVAILABLE);
  assert_true (asker.head.retry_after_ms > 0);
  strcpy (head.command, "wind.now");
  wire_peer_send (&asker, MNS_REQUEST, &head, "\x80", 1);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_UNKNOWN_COMMAND);
  wire_peer_fini (&weather);
  wire_peer_fini (&asker);
  wire_pen_fini (&pen);
}

static void test_one_instance (void **state) {
  (void)state;
  wire_peer_t first, second;
  connect_as (&first, "registry", NULL);
  connect_as (&second, "registry", NULL);
  announce (&first, "registry.echo");
  assert_int_equal (first.kind, MNS_REPLY);
  announce (&second, "registry.echo");
  assert_int_equal (second.kind, MNS_ERR);
  assert_int_equal (second.head.rc, MNS_IN_USE);
  assert_string_equal (second.head.where, "registry.echo");
  announce (&second, "bus.status");
  assert_int_equal (second.kind, MNS_ERR);
  wire_peer_fini (&first);
  wire_peer_fini (&second);
}

/* A REQ socket, which puts an empty frame before its message, and no HELLO. */
static void test_lone_request (void **state) {
  fixture_t *fixture = *state;
  char endpoint[MNS_PATH_MAX + 16];
  uint8_t f0[4];
  mns_error_t error;
  mns_head_t head;
  wire_peer_t asker;
  snprintf (endpoint, sizeof endpoint, "ipc://%s/run/bus", fixture->data);
  wire_peer_init (&asker, zsys_init (), ZMQ_REQ, endpoint);
  mns_frame_kind (MNS_REQUEST, f0);
  ask (&asker, "bus.status", 5, 0);
  wire_peer_expect (&asker, MNS_REPLY);
  assert_int_equal (asker.head.request, 5);
  mns_bus_status_t *status = malloc (sizeof *status);
  assert_int_equal (mns_record_unpack (&mns_bus_status_type, status, asker.body.data, asker.body.size, NULL, &error),
                    0);
  assert_int_equal (status->peers, 1);
  free (status);
  mns_head_clear (&head);
  wire_peer_send (&asker, MNS_PUB, &head, NULL, 0);
  wire_peer_expect (&asker, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_NEED_HELLO);
  wire_peer_fini (&asker);
}

/* ---- reading the log --------------------------------------------------------------------------------------------- */

static void ask_record (wire_peer_t *peer, const char *command, const mns_record_type_t *type, const void *record) {
  mns_head_t head;
  mns_buffer_t body = {0};
  mns_head_clear (&head);
  mns_text_copy (head.command, sizeof head.command, command);
  mns_record_pack (type, record, &body);
  wire_peer_send (peer, MNS_REQUEST, &head, body.data, body.size);
  mns_buffer_fini (&body);
  wire_peer_receive (peer, PEER_WAIT_MS);
}

static void test_bus_read (void **state) {
  (void)state;
  wire_pen_t pen;
  wire_peer_t producer, asker;
  mns_bus_read_t request;
  wire_pen_init (&pen, "statistics", 1);
  connect_as (&producer, "statistics", &pen);
  publish_one (&pen, &producer, OPEN);
  publish_one (&pen, &producer, "statistics.figures.510322000000.2026-S1");
  publish_one (&pen, &producer, OPEN);
  connect_as (&asker, "other", NULL);
  mns_record_clear (&mns_bus_read_type, &request);
  strcpy (request.prefixes[0].prefix, "open.");
  request.prefixes_count = 1;
  request.count = 2;
  request.sum = 4;
  ask_record (&asker, "bus.read", &mns_bus_read_type, &request);
  assert_int_equal (asker.kind, MNS_REPLY);
  assert_int_equal (asker.head.log_number, 3);
  assert_int_equal (asker.body.size, 0);
  request.count = 1;
  request.sum = 1;
  ask_record (&asker, "bus.read", &mns_bus_read_type, &request);
  assert_int_equal (asker.kind, MNS_REPLY);
  assert_int_equal (asker.head.count, 2);
  assert_true (asker.body.size > 100);
  wire_peer_fini (&producer);
  wire_peer_fini (&asker);
  wire_pen_fini (&pen);
}

static void test_log_and_backup (void **state) {
  fixture_t *fixture = *state;
  char endpoint[MNS_PATH_MAX + 16], path[MNS_PATH_MAX + 16];
  wire_pen_t pen;
  wire_peer_t producer, asker;
  mns_bus_log_t request;
  mns_bus_backup_t backup;
  snprintf (endpoint, sizeof endpoint, "ipc://%s/run/bus", fixture->data);
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_many (&pen, &producer, 3, 10, BIRTH);
  wire_peer_init (&asker, zsys_init (), ZMQ_DEALER, endpoint);
  mns_record_clear (&mns_bus_log_type, &request);
  request.from = 8;
  request.count = 5;
  ask_record (&asker, "bus.log", &mns_bus_log_type, &request);
  assert_int_equal (asker.kind, MNS_REPLY);
  assert_int_equal (asker.head.count, 5);
  assert_int_equal (asker.head.log_number, 12);
  assert_int_equal (mns_event_log_number (asker.body.data), 8);
  mns_record_clear (&mns_bus_backup_type, &backup);
  static const char *const outside[] = {"../log.db", "/tmp/log.db", "broker/../../log.db"};
  for (size_t i = 0; i < COUNT_OF (outside); i++) {
    strcpy (backup.path, outside[i]);
    ask_record (&asker, "bus.backup", &mns_bus_backup_type, &backup);
    assert_int_equal (asker.head.rc, MNS_INVALID);
  }
  strcpy (backup.path, "copy.db");
  ask_record (&asker, "bus.backup", &mns_bus_backup_type, &backup);
  assert_int_equal (asker.kind, MNS_REPLY);
  snprintf (path, sizeof path, "%s/copy.db", fixture->data);
  assert_int_equal (access (path, R_OK), 0);
  ask_record (&asker, "bus.backup", &mns_bus_backup_type, &backup);
  assert_int_equal (asker.head.rc, MNS_EXISTS);
  publish_one (&pen, &producer, BIRTH);
  wire_peer_fini (&producer);
  wire_peer_fini (&asker);
  wire_pen_fini (&pen);
}

/* ---- junk -------------------------------------------------------------------------------------------------------- */

/* While the log is held nothing is appended; a release that comes when it no longer is says so. */
static void test_hold (void **state) {
  fixture_t *fixture = *state;
  char endpoint[MNS_PATH_MAX + 16];
  wire_pen_t pen;
  wire_peer_t producer, asker;
  mns_bus_hold_t hold = {.seconds = 60};
  snprintf (endpoint, sizeof endpoint, "ipc://%s/run/bus", fixture->data);
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  wire_peer_init (&asker, zsys_init (), ZMQ_DEALER, endpoint);
  ask_record (&asker, "bus.hold", &mns_bus_hold_type, &hold);
  assert_int_equal (asker.kind, MNS_REPLY);
  ask_record (&asker, "bus.hold", &mns_bus_hold_type, &hold);
  assert_int_equal (asker.head.rc, MNS_BUSY);
  wire_pen_write (&pen, BIRTH, 0);
  wire_pen_publish (&pen, &producer);
  assert_int_equal (wire_peer_receive (&producer, 200), 0);
  ask_record (&asker, "bus.release", &mns_bus_hold_type, &hold);
  assert_int_equal (asker.kind, MNS_REPLY);
  wire_peer_expect (&producer, MNS_PACK);
  ask_record (&asker, "bus.release", &mns_bus_hold_type, &hold);
  assert_int_equal (asker.kind, MNS_ERR);
  assert_int_equal (asker.head.rc, MNS_CONFLICT);
  wire_peer_fini (&producer);
  wire_peer_fini (&asker);
  wire_pen_fini (&pen);
}

static void test_junk (void **state) {
  (void)state;
  static const char big[5000];
  static const struct {
    size_t count;
    const char *data[12];
    size_t size[12];
  } cases[] = {
      {1, {"x"}, {1}},
      {2, {"MN", "\x80"}, {2, 1}},
      {3, {"", "", ""}, {0, 0, 0}},
      {3, {"MN\x01\x13", "", ""}, {4, 0, 0}},
      {3, {"MN\x01\x13", "\xdf\xff\xff\xff\xff", ""}, {4, 5, 0}},
      {3, {"MN\x01\x13", "\x81\x05\xdb\xff\xff\xff\xff", ""}, {4, 7, 0}},
      {3, {"MN\x01\x13", "\x82\x05\x01\x05\x01", ""}, {4, 5, 0}},
      {3, {"MN\x01\x13", "\x81\x30\x01", ""}, {4, 3, 0}},
      {3, {"MN\x01\x13", big, ""}, {4, sizeof big, 0}},
      {3, {"MN\x02\x13", "\x80", ""}, {4, 1, 0}},
      {3, {"MN\x01\xff", "\x80", ""}, {4, 1, 0}},
      {3, {"MN\x01\x10", "\x80", ""}, {4, 1, 0}},
      {4, {"x", "MN\x01\x04", "\x80", ""}, {1, 4, 1, 0}},
      {12, {"", "", "", "", "", "", "", "", "", "MN\x01\x04", "\x80", ""}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0}},
  };
  wire_pen_t pen;
  wire_peer_t peer, producer;
  mns_head_t head;
  connect_as (&peer, "someone", NULL);
  for (size_t i = 0; i < COUNT_OF (cases); i++) {
    wire_peer_send_frames (&peer, cases[i].count, (const void *const *)cases[i].data, cases[i].size);
    mns_head_clear (&head);
    wire_peer_send (&peer, MNS_PING, &head, NULL, 0);
    do
      wire_peer_receive (&peer, PEER_WAIT_MS);
    while (peer.kind == MNS_ERR);
    assert_int_equal (peer.kind, MNS_PONG);
  }
  wire_pen_init (&pen, "registry", 1);
  connect_as (&producer, "registry", &pen);
  publish_one (&pen, &producer, BIRTH);
  wire_peer_fini (&peer);
  wire_peer_fini (&producer);
  wire_pen_fini (&pen);
}

int main (void) {
  zsys_handler_set (NULL);
  zsys_init ();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_ack_and_delivery, setup, teardown),
      cmocka_unit_test_setup_teardown (test_repeats_and_gaps, setup, teardown),
      cmocka_unit_test_setup_teardown (test_forked_outbox, setup, teardown),
      cmocka_unit_test_setup_teardown (test_one_holder, setup, teardown),
      cmocka_unit_test_setup_teardown (test_what_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown (test_replay_and_filter, setup, teardown),
      cmocka_unit_test_setup_teardown (test_equal_wishes, setup, teardown),
      cmocka_unit_test_setup_teardown (test_credit_bounds, setup, teardown),
      cmocka_unit_test_setup_teardown (test_offsets_of_another_log, setup, teardown),
      cmocka_unit_test_setup_teardown (test_request_and_reply, setup, teardown),
      cmocka_unit_test_setup_teardown (test_numbers_of_another_broker, setup, teardown),
      cmocka_unit_test_setup_teardown (test_service_on_its_way_back, setup, teardown),
      cmocka_unit_test_setup_teardown (test_one_instance, setup, teardown),
      cmocka_unit_test_setup_teardown (test_lone_request, setup, teardown),
      cmocka_unit_test_setup_teardown (test_bus_read, setup, teardown),
      cmocka_unit_test_setup_teardown (test_log_and_backup, setup, teardown),
      cmocka_unit_test_setup_teardown (test_hold, setup, teardown),
      cmocka_unit_test_setup_teardown (test_junk, setup, teardown),
  };
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  fflush (NULL);
  if (failed)
    _exit (1); /* a case that failed leaves its sockets open, which no exit survives */
  return 0;
}
