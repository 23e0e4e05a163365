/* The bus beside others: what one connection of a producer or a subscriber gets from a running broker. Where it is, the
 * environment says (MNS_BUS, MNS_BROKER_KEY, MNS_KEY_FILE).
 *
 *   bench_bus publish DATA ACCOUNT SIZE DEPTH SECONDS   bodies of SIZE, DEPTH events unacknowledged, each PUB up to 64
 * KiB bench_bus fill    DATA ACCOUNT SIZE COUNT           the same, COUNT events, 1,000 unacknowledged bench_bus replay
 * DATA ACCOUNT COUNT                the first COUNT events of the log, each header read bench_bus echo    DATA ACCOUNT
 * SECONDS              PING and PONG */
#include "common/bus.h"
#include "common/link.h"
#include "tests/bench/meter.h"
#include <czmq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOPIC  "bench.note.510322000000.made"
#define PREFIX "bench."

enum { WAIT_MS = 10000, BODY_MAX = 65536, FILL_DEPTH = 1000, PUB_BYTES = 65536 };

typedef struct {
  mns_config_t config;
  mns_link_t link;
  zmq_msg_t body;
  mns_buffer_t records;
  mns_head_t head; /* of the next PUB */
  mns_event_t event;
  uint8_t bytes[BODY_MAX];
  size_t size;
  uint64_t acked;
} producer_t;

static meter_t meter;

/* ---- a connection ------------------------------------------------------------------------------------------------ */

static void wait_link (producer_t *producer, int64_t wait_ms) {
  zmq_pollitem_t item = {producer->link.socket, 0, mns_link_poll (&producer->link), 0};
  zmq_poll (&item, producer->link.socket ? 1 : 0, wait_ms);
}

/* What has come: acknowledgements. */
static void hear (producer_t *producer) {
  static mns_head_t head;
  mns_frame_kind_t kind;
  while ((kind = mns_link_receive (&producer->link, &head, &producer->body)) != 0) {
    meter_require (kind == MNS_WELCOME || kind == MNS_PACK, "the broker says no", producer->link.error.detail);
    if (kind == MNS_PACK)
      producer->acked = head.number;
  }
  mns_link_tick (&producer->link);
}

static void join (producer_t *producer, const char *account, bool publishes) {
  mns_link_t *link = &producer->link;
  zmq_msg_init (&producer->body);
  mns_link_init (link, zsys_init (), &producer->config, account);
  snprintf (link->hello.account, sizeof link->hello.account, "%s", account);
  if (publishes) {
    snprintf (link->hello.producer, sizeof link->hello.producer, "%s", account);
    link->hello.producer_epoch = (uint64_t)meter_now_ns (); /* a history of its own for each run */
  }
  for (int64_t until = meter_now_ns () + WAIT_MS * 1000000ll; link->state != MNS_LINK_UP;) {
    meter_require (meter_now_ns () < until, "no WELCOME", link->error.detail);
    wait_link (producer, mns_link_wait_ms (link));
    hear (producer);
  }
}

static void leave (producer_t *producer) {
  mns_link_fini (&producer->link);
  mns_buffer_fini (&producer->records);
  zmq_msg_close (&producer->body);
}

/* ---- publish ----------------------------------------------------------------------------------------------------- */

static void prepare (producer_t *producer, size_t size) {
  const mns_head_t *hello = &producer->link.hello;
  meter_require (size <= BODY_MAX, "SIZE", "too large");
  producer->size = size;
  meter_fill (producer->bytes, size);
  mns_head_clear (&producer->head);
  memcpy (producer->head.producer, hello->producer, sizeof hello->producer);
  producer->head.producer_epoch = hello->producer_epoch;
  producer->event = (mns_event_t){.topic = TOPIC, .topic_size = strlen (TOPIC), .version = 1, .items = 1};
  memcpy (producer->event.producer, hello->producer, sizeof hello->producer);
  producer->event.producer_epoch = hello->producer_epoch;
  strcpy (producer->event.type, "bench");
}

static void send_pub (producer_t *producer, uint64_t *chain) {
  mns_rc_t rc =
      mns_link_send (&producer->link, MNS_PUB, &producer->head, producer->records.data, producer->records.size);
  meter_require (rc == MNS_OK, "publish", "the broker takes no more");
  producer->head.chain = *chain;
  producer->head.count = 0;
  mns_buffer_clear (&producer->records);
}

static void publish (void *self, uint64_t first, uint64_t count) {
  producer_t *producer = self;
  mns_head_t *head = &producer->head;
  uint64_t chain = head->chain;
  for (uint64_t number = first + 1; number <= first + count; number++) {
    size_t start = producer->records.size;
    if (head->count++ == 0)
      head->number = number;
    producer->event.number = number;
    mns_event_pack (&producer->event, producer->bytes, producer->size, &producer->records);
    chain = mns_chain (chain, producer->records.data + start, producer->records.size - start);
    if (producer->records.size >= PUB_BYTES)
      send_pub (producer, &chain);
  }
  if (head->count > 0)
    send_pub (producer, &chain);
}

static uint64_t wait_acked (void *self) {
  producer_t *producer = self;
  uint64_t before = producer->acked;
  int64_t until = meter_now_ns () + WAIT_MS * 1000000ll;
  hear (producer);
  while (producer->acked == before) {
    meter_require (meter_now_ns () < until, "publish", "nothing is acknowledged");
    wait_link (producer, mns_link_wait_ms (&producer->link));
    hear (producer);
  }
  return producer->acked;
}

static void run_publish (producer_t *producer, char **argv, uint64_t depth, uint64_t count, double seconds) {
  join (producer, argv[3], true);
  prepare (producer, meter_number (argv[4]));
  meter_peer_t peer = {producer, publish, wait_acked};
  double taken = meter_publish (&meter, &peer, depth, count, seconds);
  meter_print (&meter, taken);
  leave (producer);
}

/* ---- replay ------------------------------------------------------------------------------------------------------ */

static void run_replay (producer_t *producer, const char *account, uint64_t count) {
  mns_bus_t *bus;
  mns_error_t error = {0};
  mns_event_t event;
  const char *prefixes[] = {PREFIX};
  meter_require (mns_bus_new (&bus, &producer->config, account, WAIT_MS, &error) == MNS_OK, "replay", error.detail);
  int64_t begin = meter_now_ns (), now = begin;
  meter_require (mns_bus_subscribe (bus, prefixes, 1, 0, "", &error) == MNS_OK, "replay", error.detail);
  for (uint64_t i = 1; i <= count; i++) {
    meter_require (mns_bus_next (bus, WAIT_MS, &event, &error) == MNS_OK, "replay", error.detail);
    meter_require (event.log_number == i, "replay", "an event is missing");
  }
  now = meter_now_ns ();
  meter.count = count;
  meter_print (&meter, (double)(now - begin) / 1e9);
  mns_bus_destroy (&bus);
}

/* ---- echo -------------------------------------------------------------------------------------------------------- */

static void await_pong (producer_t *producer) {
  for (bool more = true, heard = false; !heard || more;) {
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    meter_require (zmq_msg_recv (&frame, producer->link.socket, 0) >= 0, "echo", "no answer");
    if (zmq_msg_size (&frame) == 4)
      heard = heard || mns_frame_read_kind (zmq_msg_data (&frame), 4) == MNS_PONG;
    more = zmq_msg_more (&frame);
    zmq_msg_close (&frame);
  }
}

static void run_echo (producer_t *producer, const char *account, double seconds) {
  mns_head_t head;
  mns_head_clear (&head);
  join (producer, account, false);
  int64_t begin = meter_now_ns (), now = begin;
  while (now - begin < (int64_t)(seconds * 1e9)) {
    mns_link_send (&producer->link, MNS_PING, &head, NULL, 0);
    await_pong (producer);
    int64_t done = meter_now_ns ();
    meter_add (&meter, done - now);
    now = done;
  }
  meter_print (&meter, (double)(now - begin) / 1e9);
  leave (producer);
}

int main (int argc, char **argv) {
  static producer_t producer;
  mns_error_t error = {0};
  const char *what = argc > 3 ? argv[1] : "";
  meter_require (argc > 4, "usage", "bench_bus publish|fill|replay|echo DATA ACCOUNT …");
  meter_require (mns_config_load (&producer.config, argv[2], true, NULL, &error) == MNS_OK, "configuration",
                 error.detail);
  if (strcmp (what, "publish") == 0 && argc == 7)
    run_publish (&producer, argv, meter_number (argv[5]), 0, (double)meter_number (argv[6]));
  else if (strcmp (what, "fill") == 0 && argc == 6)
    run_publish (&producer, argv, FILL_DEPTH, meter_number (argv[5]), 0);
  else if (strcmp (what, "replay") == 0)
    run_replay (&producer, argv[3], meter_number (argv[4]));
  else if (strcmp (what, "echo") == 0)
    run_echo (&producer, argv[3], (double)meter_number (argv[4]));
  else
    meter_require (false, what, "is not publish, fill, replay or echo");
  return 0;
}
