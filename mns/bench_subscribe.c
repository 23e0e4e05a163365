/* Subscribing: a thread for each subscriber, each with its own connection and table; a publisher beside them. A latency
 * is from when the record was due at its publisher to when the subscriber has it. Or the log is read from its start. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/cursor.h"
#include "mns/bench.h"
#include <czmq.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, ROUND_MS = 100, AFTER_MS = 5000, QUIET_MS = 1000 };

typedef struct {
  pthread_t thread;
  const mns_bench_t *bench;
  const mns_config_t *config;
  atomic_int ready;         /* 1: subscribed, −1: failed */
  atomic_uint_fast64_t end; /* records to get; 0: not known yet */
  mns_bench_result_t result;
  mns_rc_t rc;
  mns_error_t error;
} subscriber_t;

/* `t` of the body: the first member. */
static bool read_due (const mns_event_t *event, uint64_t *due_us) {
  uint32_t pairs;
  const char *name;
  size_t size;
  mns_cursor_t cursor = mns_cursor_init (event->body, event->body_size);
  return mns_cursor_map (&cursor, &pairs) && mns_cursor_text (&cursor, &name, &size) && size == 1 && *name == 't' &&
         mns_cursor_uint (&cursor, INT64_MAX, due_us);
}

static void take_event (subscriber_t *subscriber, const mns_event_t *event) {
  mns_bench_result_t *result = &subscriber->result;
  uint64_t due;
  result->ended_us = mns_clock_us ();
  if (result->messages == 0 && subscriber->bench->replay)
    result->began_us = result->ended_us;
  if (!subscriber->bench->replay && read_due (event, &due))
    mns_histogram_add (&result->latency, result->ended_us - (int64_t)due);
  result->messages++;
  result->bytes += event->size;
}

/* Until all have come that were published; a while longer than the publisher, in case some do not. */
static mns_rc_t follow (subscriber_t *subscriber, mns_bus_t *bus) {
  int64_t quiet_ms = mns_clock.monotonic_ms ();
  mns_event_t event;
  for (;;) {
    uint64_t end = atomic_load (&subscriber->end);
    mns_rc_t rc = mns_bus_next (bus, ROUND_MS, &event, &subscriber->error);
    int64_t now = mns_clock.monotonic_ms ();
    if (rc == MNS_OK) {
      take_event (subscriber, &event);
      quiet_ms = now;
    } else if (rc != MNS_TIMEOUT) {
      return rc;
    }
    if (end > 0 && subscriber->result.messages >= end)
      return MNS_OK;
    if (end > 0 && now - quiet_ms > (subscriber->bench->replay ? QUIET_MS : AFTER_MS))
      return subscriber->bench->replay
                 ? MNS_OK
                 : mns_fail (&subscriber->error, MNS_TIMEOUT, "subscriber", "%llu of %llu records have come",
                             (unsigned long long)subscriber->result.messages, (unsigned long long)end);
  }
}

static void *subscribe (void *context) {
  subscriber_t *subscriber = context;
  mns_bus_t *bus = NULL;
  subscriber->rc = mns_bus_new (&bus, subscriber->config, subscriber->bench->account, CONNECT_MS, &subscriber->error);
  if (subscriber->rc == MNS_OK)
    subscriber->rc = mns_bus_subscribe (bus, &subscriber->bench->prefix, 1, subscriber->bench->replay ? 0 : UINT64_MAX,
                                        "", &subscriber->error);
  atomic_store (&subscriber->ready, subscriber->rc == MNS_OK ? 1 : -1);
  if (subscriber->rc == MNS_OK)
    subscriber->rc = follow (subscriber, bus);
  mns_bus_destroy (&bus);
  return NULL;
}

static bool all_ready (subscriber_t *subscribers, size_t count) {
  bool well = true;
  for (size_t i = 0; i < count; i++) {
    while (atomic_load (&subscribers[i].ready) == 0)
      nanosleep (&(struct timespec){.tv_nsec = 1000000}, NULL);
    well = well && atomic_load (&subscribers[i].ready) > 0;
  }
  return well;
}

static mns_rc_t join (subscriber_t *subscribers, size_t count, mns_bench_result_t *result, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; i < count; i++) {
    subscriber_t *one = &subscribers[i];
    pthread_join (one->thread, NULL);
    if (one->rc != MNS_OK && rc == MNS_OK)
      rc = mns_fail (error, one->rc, one->error.where, "%s", one->error.detail);
    mns_histogram_merge (&result->latency, &one->result.latency);
    result->messages += one->result.messages;
    result->bytes += one->result.bytes;
    if (one->result.ended_us > result->ended_us)
      result->ended_us = one->result.ended_us;
    if (one->result.began_us > 0 && (result->began_us == 0 || one->result.began_us < result->began_us))
      result->began_us = one->result.began_us;
  }
  return rc;
}

/* The publisher's own latencies are not what is asked for here. */
static mns_rc_t publish_beside (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                                mns_bench_step_fn *each, void *self, uint64_t *published, mns_error_t *error) {
  mns_bench_result_t *own = mns_alloc (sizeof *own);
  mns_rc_t rc = mns_bench_publish (bench, config, own, each, self, error);
  result->began_us = own->began_us;
  result->kept = own->kept;
  *published = own->messages;
  free (own);
  return rc;
}

mns_rc_t mns_bench_subscribe (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                              mns_bench_step_fn *each, void *self, mns_error_t *error) {
  size_t count = (size_t)bench->subscribers, started = 0;
  subscriber_t *subscribers = mns_alloc (count * sizeof *subscribers);
  uint64_t published = UINT64_MAX; /* a replay ends when nothing more comes */
  zsys_init ();
  for (; started < count; started++) {
    subscribers[started].bench = bench;
    subscribers[started].config = config;
    if (pthread_create (&subscribers[started].thread, NULL, subscribe, &subscribers[started]) != 0)
      break;
  }
  mns_rc_t rc = started == count ? MNS_OK : mns_fail (error, MNS_MEMORY, "subscribers", "no more threads can be made");
  bool ready = all_ready (subscribers, started);
  if (rc == MNS_OK && ready && !bench->replay)
    rc = publish_beside (bench, config, result, each, self, &published, error);
  for (size_t i = 0; i < started; i++)
    atomic_store (&subscribers[i].end, published > 0 && rc == MNS_OK ? published : 1);
  mns_rc_t joined = join (subscribers, started, result, rc == MNS_OK ? error : NULL);
  free (subscribers);
  return rc == MNS_OK ? joined : rc;
}
