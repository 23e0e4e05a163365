/* Publishing: one record a PUB, so many in flight; a latency is from when it was due to its ack. The records are not
 * kept anywhere here: a benchmark that is cut off has lost nothing. */
#include "common/clock.h"
#include "common/link.h"
#include "common/pack.h"
#include "common/text.h"
#include "mns/bench.h"
#include <czmq.h>
#include <stdlib.h>
#include <string.h>

enum { SILENCE_MS = 10000 };

typedef struct {
  const mns_bench_t *bench;
  mns_bench_result_t *result;
  mns_link_t link;
  mns_head_t head;
  zmq_msg_t message;
  mns_buffer_t body, record;
  uint8_t *filling; /* so much that a whole record has the size asked for */
  size_t filling_size;
  uint64_t epoch, sent, acked, chain;
  int64_t due_us[MNS_BENCH_IN_FLIGHT_MAX]; /* of those in flight, by number */
  int64_t heard_ms;
  mns_error_t failure;
} publisher_t;

/* {t: when it was due, d: filling} */
static void make_record (publisher_t *publisher, int64_t due_us) {
  mns_event_t event = {.topic = MNS_BENCH_TOPIC, .topic_size = sizeof MNS_BENCH_TOPIC - 1, .version = 1, .items = 1};
  mns_text_copy (event.type, sizeof event.type, "bench");
  mns_text_copy (event.producer, sizeof event.producer, MNS_BENCH_PRODUCER);
  event.producer_epoch = publisher->epoch;
  event.number = publisher->sent + 1;
  mns_buffer_clear (&publisher->body);
  mns_buffer_clear (&publisher->record);
  mns_pack_map (&publisher->body, 2);
  mns_pack_text (&publisher->body, "t", 1);
  mns_pack_uint (&publisher->body, (uint64_t)due_us);
  mns_pack_text (&publisher->body, "d", 1);
  mns_pack_bytes (&publisher->body, publisher->filling, publisher->filling_size);
  mns_event_pack (&event, publisher->body.data, publisher->body.size, &publisher->record);
}

static void make_filling (publisher_t *publisher) {
  size_t size = (size_t)publisher->bench->size;
  publisher->filling = mns_alloc (size);
  make_record (publisher, mns_clock_us ());
  publisher->filling_size = size > publisher->record.size ? size - publisher->record.size : 0;
}

static bool publish_one (publisher_t *publisher, int64_t due_us) {
  mns_head_t *head = &publisher->head;
  make_record (publisher, due_us);
  mns_head_clear (head);
  mns_text_copy (head->producer, sizeof head->producer, MNS_BENCH_PRODUCER);
  head->producer_epoch = publisher->epoch;
  head->number = publisher->sent + 1;
  head->count = 1;
  head->chain = publisher->chain;
  if (mns_link_send (&publisher->link, MNS_PUB, head, publisher->record.data, publisher->record.size) != MNS_OK)
    return false;
  publisher->chain = mns_chain (publisher->chain, publisher->record.data, publisher->record.size);
  publisher->due_us[publisher->sent++ % MNS_BENCH_IN_FLIGHT_MAX] = due_us;
  publisher->result->bytes += publisher->record.size;
  return true;
}

static void take_ack (publisher_t *publisher) {
  int64_t now = mns_clock_us ();
  publisher->heard_ms = mns_clock.monotonic_ms ();
  for (; publisher->acked < publisher->head.number && publisher->acked < publisher->sent; publisher->acked++)
    mns_histogram_add (&publisher->result->latency,
                       now - publisher->due_us[publisher->acked % MNS_BENCH_IN_FLIGHT_MAX]);
}

static void receive (publisher_t *publisher, int wait_ms) {
  mns_frame_kind_t kind;
  mns_link_t *link = &publisher->link;
  zmq_pollitem_t item = {link->socket, 0, mns_link_poll (link), 0};
  zmq_poll (&item, link->socket ? 1 : 0, wait_ms);
  while ((kind = mns_link_receive (link, &publisher->head, &publisher->message)))
    if (kind == MNS_PACK)
      take_ack (publisher);
    else if (kind == MNS_PNAK)
      mns_fail (&publisher->failure, (mns_rc_t)publisher->head.rc, publisher->head.where, "%s", publisher->head.detail);
    else if (kind == MNS_REFUSE || kind == MNS_BYE)
      publisher->failure = link->error;
  mns_link_tick (link);
}

static mns_rc_t join (publisher_t *publisher, mns_error_t *error) {
  int64_t until = mns_clock.monotonic_ms () + SILENCE_MS;
  while (publisher->link.state != MNS_LINK_UP && publisher->failure.rc == MNS_OK && mns_clock.monotonic_ms () < until)
    receive (publisher, (int)mns_link_wait_ms (&publisher->link));
  if (publisher->link.state == MNS_LINK_UP)
    return MNS_OK;
  const mns_error_t *why = publisher->failure.rc ? &publisher->failure : &publisher->link.error;
  return mns_fail (error, why->rc ? why->rc : MNS_UNAVAILABLE, why->where, "%s", why->detail);
}

/* Sends what is due and has room. True: there was room left. */
static bool send_due (publisher_t *publisher) {
  const mns_bench_t *bench = publisher->bench;
  int64_t began = publisher->result->began_us;
  while (publisher->sent - publisher->acked < (uint64_t)bench->in_flight) {
    int64_t due = mns_bench_due_us (bench, began, publisher->sent);
    if (!mns_bench_goes_on (bench, began, publisher->sent) || due > mns_clock_us () || !publish_one (publisher, due))
      return true;
  }
  return false;
}

static mns_rc_t run (publisher_t *publisher, mns_bench_step_fn *each, void *self, mns_error_t *error) {
  mns_bench_result_t *result = publisher->result;
  result->began_us = mns_clock_us ();
  publisher->heard_ms = mns_clock.monotonic_ms ();
  while (publisher->acked < publisher->sent ||
         mns_bench_goes_on (publisher->bench, result->began_us, publisher->sent)) {
    bool room = send_due (publisher);
    bool more = mns_bench_goes_on (publisher->bench, result->began_us, publisher->sent);
    receive (publisher, more ? mns_bench_wait_ms (publisher->bench, result->began_us, publisher->sent, room) : 100);
    if (publisher->acked == publisher->sent)
      publisher->heard_ms = mns_clock.monotonic_ms ();
    if (publisher->failure.rc == MNS_OK && mns_clock.monotonic_ms () - publisher->heard_ms > SILENCE_MS)
      mns_fail (&publisher->failure, MNS_TIMEOUT, "bus", "no acknowledgement for %d s", SILENCE_MS / 1000);
    if (publisher->failure.rc != MNS_OK)
      return mns_fail (error, publisher->failure.rc, publisher->failure.where, "%s", publisher->failure.detail);
    each (self, publisher->acked);
  }
  result->ended_us = mns_clock_us ();
  result->messages = publisher->acked;
  return MNS_OK;
}

/* A rate was kept when the last message went out within a tenth of a second of its time. */
static bool rate_kept (const publisher_t *publisher) {
  const mns_bench_result_t *result = publisher->result;
  return publisher->bench->rate == 0 ||
         result->ended_us <= mns_bench_due_us (publisher->bench, result->began_us, publisher->sent) + 100000;
}

mns_rc_t mns_bench_publish (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                            mns_bench_step_fn *each, void *self, mns_error_t *error) {
  publisher_t *publisher = mns_alloc (sizeof *publisher);
  publisher->bench = bench;
  publisher->result = result;
  publisher->epoch = (uint64_t)mns_clock.wall () / 1000; /* a new history each time */
  make_filling (publisher);
  zmq_msg_init (&publisher->message);
  mns_link_init (&publisher->link, zsys_init (), config, "");
  mns_text_copy (publisher->link.hello.account, sizeof publisher->link.hello.account, bench->account);
  mns_text_copy (publisher->link.hello.producer, sizeof publisher->link.hello.producer, MNS_BENCH_PRODUCER);
  publisher->link.hello.producer_epoch = publisher->epoch;
  mns_rc_t rc = join (publisher, error);
  if (rc == MNS_OK)
    rc = run (publisher, each, self, error);
  result->kept = rate_kept (publisher);
  mns_link_fini (&publisher->link);
  zmq_msg_close (&publisher->message);
  mns_buffer_fini (&publisher->body);
  mns_buffer_fini (&publisher->record);
  free (publisher->filling);
  free (publisher);
  return rc;
}
