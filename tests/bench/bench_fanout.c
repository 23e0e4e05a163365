/* From a producer to many subscribers at a fixed rate, against a running broker. Where it is, the environment says.
 *
 *   bench_fanout run   DATA ACCOUNT RATE SECONDS SUBSCRIBERS
 *   bench_fanout stuck DATA ACCOUNT      subscribes to the same with all the credit there is, says "stuck", stops
 * itself
 *
 * Bodies of 200 bytes go out one by one at their planned times; a latency counts from the planned time to the arrival
 * at a subscriber, so that a pause of anyone shows in every event it delayed. Subscribers have a connection each and
 * share a thread. */
#include "common/link.h"
#include "tests/bench/meter.h"
#include <czmq.h>
#include <pthread.h>
#include <signal.h>

#define TOPIC  "bench.note.510322000000.made"
#define PREFIX "bench."

enum { BODY = 200, WAIT_MS = 10000, SUBSCRIBERS_MAX = 1000, AHEAD_NS = 200000000, CREDIT_MESSAGES = 256 };

typedef struct {
  mns_link_t link;
  uint64_t seen, given; /* events, messages since the last CREDIT */
  size_t bytes;
} subscriber_t;

typedef struct {
  mns_config_t config;
  const char *account;
  uint64_t count, rate, subscriber_count;
  int64_t begin_ns;
  subscriber_t *subscribers;
  meter_t meter;
  pthread_barrier_t ready;
} bench_t;

static int64_t planned_ns (const bench_t *bench, uint64_t i) {
  return bench->begin_ns + (int64_t)(i * 1000000000 / bench->rate);
}

static void wait_link (mns_link_t *link, int64_t wait_ms) {
  zmq_pollitem_t item = {link->socket, 0, mns_link_poll (link), 0};
  zmq_poll (&item, link->socket ? 1 : 0, wait_ms);
}

/* Waits for a message of that kind. */
static void await (mns_link_t *link, mns_frame_kind_t kind, mns_head_t *head, zmq_msg_t *body) {
  int64_t until = meter_now_ns () + WAIT_MS * 1000000ll;
  mns_frame_kind_t heard = 0;
  while (heard != kind) {
    meter_require (meter_now_ns () < until, "the broker does not answer", link->error.detail);
    mns_link_tick (link);
    wait_link (link, mns_link_wait_ms (link));
    while (heard != kind && (heard = mns_link_receive (link, head, body)) != 0)
      meter_require (heard != MNS_REFUSE && heard != MNS_SUBEND, "the broker says no", head->detail);
  }
}

/* ---- subscribers ------------------------------------------------------------------------------------------------- */

static void subscribe (mns_link_t *link, const bench_t *bench, uint64_t messages, uint64_t bytes) {
  mns_head_t head;
  zmq_msg_t body;
  zmq_msg_init (&body);
  mns_link_init (link, zsys_init (), &bench->config, bench->account);
  snprintf (link->hello.account, sizeof link->hello.account, "%s", bench->account);
  await (link, MNS_WELCOME, &head, &body);
  mns_head_clear (&head);
  head.subscription = 1;
  head.log_number = UINT64_MAX;
  head.credit_messages = messages;
  head.credit_bytes = bytes;
  head.prefix_count = 1;
  strcpy (head.prefixes[0], PREFIX);
  mns_link_send (link, MNS_SUB, &head, NULL, 0);
  await (link, MNS_SUBOK, &head, &body);
  zmq_msg_close (&body);
}

static void give_credit (subscriber_t *subscriber) {
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = 1;
  head.credit_messages = subscriber->given;
  head.credit_bytes = subscriber->bytes;
  if (mns_link_send (&subscriber->link, MNS_CREDIT, &head, NULL, 0) == MNS_OK)
    subscriber->given = subscriber->bytes = 0;
}

static void take_events (bench_t *bench, subscriber_t *subscriber, zmq_msg_t *body) {
  const uint8_t *at = zmq_msg_data (body), *end = at + zmq_msg_size (body);
  int64_t now = meter_now_ns ();
  for (mns_event_t event; at < end; subscriber->seen++) {
    size_t used;
    uint64_t i;
    meter_require (mns_event_unpack (&event, at, (size_t)(end - at), &used, NULL) == MNS_OK, "subscriber", "no event");
    memcpy (&i, event.body, sizeof i);
    meter_require (i == subscriber->seen, "subscriber", "an event is missing or came twice");
    meter_add (&bench->meter, now - planned_ns (bench, i));
    at += used;
  }
  subscriber->given++;
  subscriber->bytes += zmq_msg_size (body);
  if (subscriber->given >= CREDIT_MESSAGES / 4)
    give_credit (subscriber);
}

static bool serve (bench_t *bench, subscriber_t *subscriber, mns_head_t *head, zmq_msg_t *body) {
  mns_frame_kind_t kind;
  while ((kind = mns_link_receive (&subscriber->link, head, body)) != 0) {
    meter_require (kind == MNS_EVT || kind == MNS_IDLE, "subscriber", "the subscription is over");
    if (kind == MNS_EVT)
      take_events (bench, subscriber, body);
  }
  return subscriber->seen == bench->count;
}

static void *listen_all (void *self) {
  bench_t *bench = self;
  static mns_head_t head;
  zmq_msg_t body;
  zmq_pollitem_t *items = calloc (bench->subscriber_count, sizeof *items);
  zmq_msg_init (&body);
  for (uint64_t i = 0; i < bench->subscriber_count; i++) {
    subscribe (&bench->subscribers[i].link, bench, CREDIT_MESSAGES, 1 << 20);
    items[i] = (zmq_pollitem_t){bench->subscribers[i].link.socket, 0, ZMQ_POLLIN, 0};
  }
  pthread_barrier_wait (&bench->ready);
  pthread_barrier_wait (&bench->ready);
  for (uint64_t done = 0; done < bench->subscriber_count;) {
    meter_require (zmq_poll (items, (int)bench->subscriber_count, WAIT_MS) > 0, "subscriber", "nothing comes");
    for (uint64_t i = 0; i < bench->subscriber_count; i++)
      if (items[i].revents && bench->subscribers[i].seen < bench->count)
        done += serve (bench, &bench->subscribers[i], &head, &body);
  }
  free (items);
  zmq_msg_close (&body);
  return NULL;
}

/* ---- the producer ------------------------------------------------------------------------------------------------ */

static void publish (mns_link_t *link, mns_head_t *head, mns_buffer_t *record, uint64_t i) {
  uint8_t body[BODY];
  mns_event_t event = {.topic = TOPIC, .topic_size = strlen (TOPIC), .type = "bench", .version = 1, .items = 1};
  meter_fill (body, sizeof body);
  memcpy (body, &i, sizeof i);
  head->number = event.number = i + 1;
  event.producer_epoch = head->producer_epoch;
  memcpy (event.producer, head->producer, sizeof event.producer);
  mns_buffer_clear (record);
  mns_event_pack (&event, body, sizeof body, record);
  meter_require (mns_link_send (link, MNS_PUB, head, record->data, record->size) == MNS_OK, "producer",
                 "the broker takes no more");
  head->chain = mns_chain (head->chain, record->data, record->size);
}

static void produce (bench_t *bench, mns_link_t *link, zmq_msg_t *body) {
  static mns_head_t head, heard;
  mns_buffer_t record = {0};
  mns_frame_kind_t kind;
  mns_head_clear (&head);
  memcpy (head.producer, link->hello.producer, sizeof head.producer);
  head.producer_epoch = link->hello.producer_epoch;
  head.count = 1;
  for (uint64_t i = 0; i < bench->count; i++) {
    meter_sleep_until (planned_ns (bench, i));
    publish (link, &head, &record, i);
    while ((kind = mns_link_receive (link, &heard, body)) != 0)
      meter_require (kind == MNS_PACK, "producer", "the broker says no");
    mns_link_tick (link);
  }
  mns_buffer_fini (&record);
}

static void run (bench_t *bench) {
  mns_link_t link;
  mns_head_t head;
  zmq_msg_t body;
  pthread_t listener;
  bench->subscribers = calloc (bench->subscriber_count, sizeof *bench->subscribers);
  zmq_msg_init (&body);
  pthread_barrier_init (&bench->ready, NULL, 2);
  pthread_create (&listener, NULL, listen_all, bench);
  pthread_barrier_wait (&bench->ready); /* all have subscribed */
  mns_link_init (&link, zsys_init (), &bench->config, bench->account);
  snprintf (link.hello.account, sizeof link.hello.account, "%s", bench->account);
  snprintf (link.hello.producer, sizeof link.hello.producer, "%s", bench->account);
  link.hello.producer_epoch = (uint64_t)meter_now_ns ();
  await (&link, MNS_WELCOME, &head, &body);
  bench->begin_ns = meter_now_ns () + AHEAD_NS;
  pthread_barrier_wait (&bench->ready);
  produce (bench, &link, &body);
  pthread_join (listener, NULL);
  meter_print (&bench->meter, (double)(meter_now_ns () - bench->begin_ns) / 1e9);
  mns_link_fini (&link);
  for (uint64_t i = 0; i < bench->subscriber_count; i++)
    mns_link_fini (&bench->subscribers[i].link);
  zmq_msg_close (&body);
  free (bench->subscribers);
}

static void stop_after_subscribing (bench_t *bench) {
  mns_link_t link;
  subscribe (&link, bench, UINT32_MAX, UINT32_MAX);
  puts ("stuck");
  fflush (stdout);
  raise (SIGSTOP);
  mns_link_fini (&link);
}

int main (int argc, char **argv) {
  static bench_t bench;
  mns_error_t error = {0};
  bool stuck = argc == 4 && strcmp (argv[1], "stuck") == 0;
  meter_require (stuck || (argc == 7 && strcmp (argv[1], "run") == 0), "usage",
                 "bench_fanout run DATA ACCOUNT RATE SECONDS SUBSCRIBERS | stuck DATA ACCOUNT");
  meter_require (mns_config_load (&bench.config, argv[2], true, NULL, &error) == MNS_OK, "configuration", error.detail);
  zsys_handler_set (NULL);
  bench.account = argv[3];
  if (stuck) {
    stop_after_subscribing (&bench);
    return 0;
  }
  bench.rate = meter_number (argv[4]);
  bench.count = bench.rate * meter_number (argv[5]);
  bench.subscriber_count = meter_number (argv[6]);
  meter_require (bench.subscriber_count <= SUBSCRIBERS_MAX, argv[6], "too many");
  run (&bench);
  return 0;
}
