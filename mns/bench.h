/* Measuring the bus from outside, as a client sees it: publish, subscribe, request.
 *
 * With a rate, message n is due at start + n / rate, and its latency counts from then, whether it could be sent in time
 * or not: a stall is felt by all that were due in it, not by one (no coordinated omission). */
#ifndef MNS_BENCH_H
#define MNS_BENCH_H

#include "common/config.h"
#include "common/histogram.h"
#include "common/progress.h"

enum { MNS_BENCH_IN_FLIGHT_MAX = 10000, MNS_BENCH_SUBSCRIBERS_MAX = 256 };

typedef struct {
  const char *account;
  int64_t size, count, seconds, in_flight, rate, subscribers; /* rate 0: as fast as it goes */
  bool replay;
  const char *prefix, *command, *json; /* json NULL: no body */
} mns_bench_t;

/* What was measured. Latencies in µs. */
typedef struct {
  mns_histogram_t latency;
  uint64_t messages, bytes;
  int64_t began_us, ended_us;
  bool kept; /* with a rate: it could be kept */
} mns_bench_result_t;

/* When message `n` is due; now without a rate. */
int64_t mns_bench_due_us (const mns_bench_t *bench, int64_t began_us, uint64_t n);
/* Whether message `n` is to be sent at all, by count and time. */
bool mns_bench_goes_on (const mns_bench_t *bench, int64_t began_us, uint64_t n);
/* How long to wait for answers before message `n` is due, at most 100 ms; below 1 ms it sleeps itself and gives 0. */
int mns_bench_wait_ms (const mns_bench_t *bench, int64_t began_us, uint64_t n, bool room);

/* Each fills `result` (cleared) and may call `each` after every message, with the number of messages so far. */
typedef void mns_bench_step_fn (void *self, uint64_t messages);
mns_rc_t mns_bench_publish (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                            mns_bench_step_fn *each, void *self, mns_error_t *error);
mns_rc_t mns_bench_request (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                            mns_bench_step_fn *each, void *self, mns_error_t *error);
/* Publishes and measures at the subscribers; with `replay` reads what is in the log. */
mns_rc_t mns_bench_subscribe (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                              mns_bench_step_fn *each, void *self, mns_error_t *error);

/* The producer and stream of benchmarks: nobody else publishes under it. */
#define MNS_BENCH_PRODUCER "bench"
#define MNS_BENCH_TOPIC    MNS_BENCH_PRODUCER ".load.000000000000.message"

#endif
