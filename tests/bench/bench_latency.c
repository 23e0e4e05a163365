/* How long an event takes from the producer to those who listen, at a fixed rate, against a running stack.
 *
 *   bench_latency DATA ACCOUNT COUNT RATE
 *
 * ACCOUNT has the role service. Events of 200 bytes go out one by one at their planned times, each made durable by the
 * broker; one thread has a subscription, one listens to the feed. A latency counts from the planned time, not from the
 * sending, so that a pause of anyone shows in every event it delayed. */
#include "common/bus.h"
#include "common/link.h"
#include <czmq.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOPIC    "open.bench.510322000000.latency"
#define PREFIX   "open.bench."
#define BODY     100 /* with header and topic about 200 bytes */
#define WAIT_MS  10000
#define AHEAD_NS 200000000 /* between the listeners' start and the first event */

typedef struct {
  mns_config_t config;
  const char *account;
  uint64_t count, rate;
  int64_t begin_ns;
  int64_t *subscribed_ns, *fed_ns; /* arrival of each event, 0: not yet */
  pthread_barrier_t ready;
} bench_t;

static int64_t now_ns (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void require (bool holds, const char *what, const mns_error_t *error) {
  if (holds)
    return;
  fprintf (stderr, "bench_latency: %s: %s %s\n", what, error ? error->where : "", error ? error->detail : "");
  exit (1);
}

static int64_t planned_ns (const bench_t *bench, uint64_t i) {
  return bench->begin_ns + (int64_t)(i * 1000000000 / bench->rate);
}

/* ---- listening --------------------------------------------------------------------------------------------------- */

/* The event's place in the row is the first eight bytes of its body. */
static void note (const bench_t *bench, int64_t *arrivals, const mns_event_t *event) {
  uint64_t i;
  require (event->body_size == BODY, "a strange event", NULL);
  memcpy (&i, event->body, sizeof i);
  require (i < bench->count && arrivals[i] == 0, "an event came twice", NULL);
  arrivals[i] = now_ns ();
}

static void *subscribe (void *self) {
  bench_t *bench = self;
  mns_bus_t *bus;
  mns_error_t error = {0};
  mns_event_t event;
  const char *prefixes[] = {PREFIX};
  require (mns_bus_new (&bus, &bench->config, bench->account, WAIT_MS, &error) == MNS_OK, "subscriber", &error);
  require (mns_bus_subscribe (bus, prefixes, 1, UINT64_MAX, "", &error) == MNS_OK, "subscriber", &error);
  mns_bus_next (bus, 100, &event, &error); /* SUBOK */
  pthread_barrier_wait (&bench->ready);
  for (uint64_t i = 0; i < bench->count; i++) {
    require (mns_bus_next (bus, WAIT_MS, &event, &error) == MNS_OK, "subscriber", &error);
    note (bench, bench->subscribed_ns, &event);
  }
  mns_bus_destroy (&bus);
  return NULL;
}

static void receive_record (void *socket, zmq_msg_t *record) {
  for (int more = 1; more; more = zmq_msg_more (record))
    require (zmq_msg_recv (record, socket, 0) >= 0, "feed: nothing came", NULL);
}

static void *listen_to_feed (void *self) {
  bench_t *bench = self;
  void *context = zmq_ctx_new (), *socket = zmq_socket (context, ZMQ_SUB);
  int unlimited = 0, wait = WAIT_MS;
  zmq_msg_t record;
  mns_event_t event;
  size_t used;
  zmq_setsockopt (socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
  zmq_setsockopt (socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
  zmq_setsockopt (socket, ZMQ_SUBSCRIBE, PREFIX, strlen (PREFIX));
  require (zmq_connect (socket, bench->config.feed_listen) == 0, bench->config.feed_listen, NULL);
  zmq_msg_init (&record);
  pthread_barrier_wait (&bench->ready);
  for (uint64_t i = 0; i < bench->count; i++) {
    receive_record (socket, &record);
    mns_rc_t rc = mns_event_unpack (&event, zmq_msg_data (&record), zmq_msg_size (&record), &used, NULL);
    require (rc == MNS_OK, "feed: no record", NULL);
    note (bench, bench->fed_ns, &event);
  }
  zmq_msg_close (&record);
  zmq_close (socket);
  zmq_ctx_term (context);
  return NULL;
}

/* ---- publishing -------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_link_t link;
  zmq_msg_t body;
  mns_buffer_t record;
  mns_head_t head; /* of the next PUB */
  uint64_t acked;
} producer_t;

/* What has come: acknowledgements, for the most part. */
static void hear (producer_t *producer) {
  static mns_head_t head;
  mns_frame_kind_t kind;
  mns_link_tick (&producer->link);
  while ((kind = mns_link_receive (&producer->link, &head, &producer->body)) != 0) {
    require (kind == MNS_WELCOME || kind == MNS_PACK, "producer: the broker says no", &producer->link.error);
    if (kind == MNS_PACK)
      producer->acked = head.number;
  }
}

static void pause_ms (int64_t ms) {
  nanosleep (&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void join (producer_t *producer, const bench_t *bench) {
  mns_link_t *link = &producer->link;
  memset (producer, 0, sizeof *producer);
  zmq_msg_init (&producer->body);
  mns_link_init (link, zsys_init (), &bench->config, bench->account);
  snprintf (link->hello.account, sizeof link->hello.account, "%s", bench->account);
  snprintf (link->hello.producer, sizeof link->hello.producer, "%s", bench->account);
  link->hello.producer_epoch = (uint64_t)time (NULL); /* a history of its own for each run */
  for (int64_t waited = 0; link->state != MNS_LINK_UP; waited++) {
    require (waited < WAIT_MS, "producer: no WELCOME", &link->error);
    hear (producer);
    pause_ms (1);
  }
  mns_head_clear (&producer->head);
  snprintf (producer->head.producer, sizeof producer->head.producer, "%s", bench->account);
  producer->head.producer_epoch = link->hello.producer_epoch;
  producer->head.count = 1;
}

static void publish (producer_t *producer, uint64_t i) {
  uint8_t body[BODY] = {0};
  mns_head_t *head = &producer->head;
  mns_event_t event = {.topic = TOPIC, .topic_size = strlen (TOPIC), .type = "bench", .version = 1, .items = 1};
  head->number = event.number = i + 1;
  event.producer_epoch = head->producer_epoch;
  snprintf (event.producer, sizeof event.producer, "%s", head->producer);
  memcpy (body, &i, sizeof i);
  mns_buffer_clear (&producer->record);
  mns_event_pack (&event, body, sizeof body, &producer->record);
  mns_rc_t rc = mns_link_send (&producer->link, MNS_PUB, head, producer->record.data, producer->record.size);
  require (rc == MNS_OK, "producer: the broker takes no more", NULL);
  head->chain = mns_chain (head->chain, producer->record.data, producer->record.size);
}

static void sleep_until (int64_t ns) {
  struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
  while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
    continue;
}

static void produce (producer_t *producer, const bench_t *bench) {
  for (uint64_t i = 0; i < bench->count; i++) {
    sleep_until (planned_ns (bench, i));
    publish (producer, i);
    hear (producer);
  }
  for (int64_t waited = 0; producer->acked < bench->count; waited++) {
    require (waited < WAIT_MS, "producer: not everything was acknowledged", NULL);
    hear (producer);
    pause_ms (1);
  }
  mns_link_fini (&producer->link);
  mns_buffer_fini (&producer->record);
  zmq_msg_close (&producer->body);
}

/* ---- the figures ------------------------------------------------------------------------------------------------- */

static int compare (const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void tell (const bench_t *bench, const char *whom, int64_t *arrivals) {
  for (uint64_t i = 0; i < bench->count; i++)
    arrivals[i] -= planned_ns (bench, i);
  qsort (arrivals, bench->count, sizeof *arrivals, compare);
  printf ("%" PRIu64 " events at %" PRIu64 "/s, publish to %s: p50 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
          bench->count, bench->rate, whom, (double)arrivals[bench->count / 2] / 1e6,
          (double)arrivals[bench->count * 99 / 100] / 1e6, (double)arrivals[bench->count - 1] / 1e6);
}

static int64_t *make_arrivals (const bench_t *bench) {
  int64_t *arrivals = calloc (bench->count, sizeof *arrivals);
  require (arrivals != NULL, "no memory", NULL);
  return arrivals;
}

int main (int argc, char **argv) {
  static bench_t bench;
  static producer_t producer;
  pthread_t subscriber, listener;
  mns_error_t error = {0};
  if (argc != 5 || (bench.count = strtoull (argv[3], NULL, 10)) == 0 ||
      (bench.rate = strtoull (argv[4], NULL, 10)) == 0) {
    fprintf (stderr, "usage: %s DATA ACCOUNT COUNT RATE\n", argv[0]);
    return 2;
  }
  bench.account = argv[2];
  require (mns_config_load (&bench.config, argv[1], true, NULL, &error) == MNS_OK, "configuration", &error);
  bench.subscribed_ns = make_arrivals (&bench);
  bench.fed_ns = make_arrivals (&bench);
  pthread_barrier_init (&bench.ready, NULL, 3);
  pthread_create (&subscriber, NULL, subscribe, &bench);
  pthread_create (&listener, NULL, listen_to_feed, &bench);
  join (&producer, &bench);
  pthread_barrier_wait (&bench.ready);
  bench.begin_ns = now_ns () + AHEAD_NS;
  produce (&producer, &bench);
  pthread_join (subscriber, NULL);
  pthread_join (listener, NULL);
  tell (&bench, "subscriber", bench.subscribed_ns);
  tell (&bench, "feed", bench.fed_ns);
  free (bench.subscribed_ns);
  free (bench.fed_ns);
  return 0;
}
