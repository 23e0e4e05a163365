/* What the benchmarks share: when a message is due. */
#include "mns/bench.h"

#include "common/clock.h"
#include <time.h>

enum { WAIT_MS = 100, SHORT_US = 1500, NAP_NS = 50000 };

int64_t mns_bench_due_us (const mns_bench_t *bench, int64_t began_us, uint64_t n) {
  return bench->rate > 0 ? began_us + (int64_t)((double)n * 1e6 / (double)bench->rate) : mns_clock_us ();
}

bool mns_bench_goes_on (const mns_bench_t *bench, int64_t began_us, uint64_t n) {
  if (bench->count > 0)
    return n < (uint64_t)bench->count;
  int64_t until = began_us + bench->seconds * 1000000;
  return bench->rate > 0 ? mns_bench_due_us (bench, began_us, n) < until : mns_clock_us () < until;
}

int mns_bench_wait_ms (const mns_bench_t *bench, int64_t began_us, uint64_t n, bool room) {
  if (bench->rate == 0 || !room)
    return WAIT_MS;
  int64_t left = mns_bench_due_us (bench, began_us, n) - mns_clock_us ();
  if (left > SHORT_US)
    return left / 1000 - 1 < WAIT_MS ? (int)(left / 1000 - 1) : WAIT_MS;
  if (left > 0)
    nanosleep (&(struct timespec){.tv_nsec = left * 1000 < NAP_NS ? left * 1000 : NAP_NS}, NULL);
  return 0;
}
