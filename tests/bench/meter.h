/* What the benchmarks share: a clock, percentiles without a list of values, a producer's window, one line of JSON. */
#ifndef MNS_TESTS_BENCH_METER_H
#define MNS_TESTS_BENCH_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t meter_now_ns (void); /* monotonic, the same in all processes */
void meter_sleep_until (int64_t ns);
/* Ends the program when `holds` is false. */
void meter_require (bool holds, const char *what, const char *detail);
/* A number of the command line, above 0. */
uint64_t meter_number (const char *text);

/* Durations in buckets of less than 1 per cent. */
enum { METER_BUCKETS = 64 * 128 };
typedef struct {
  uint64_t count, buckets[METER_BUCKETS];
  int64_t longest_ns;
} meter_t;
void meter_add (meter_t *meter, int64_t ns);
double meter_us (const meter_t *meter, double share); /* share 0.99: p99 */
/* {"count":…, "seconds":…, "p50_us":…, "p99_us":…, "p999_us":…, "longest_us":…} on a line of standard output. */
void meter_print (const meter_t *meter, double seconds);

/* A window of `depth` messages: as many are sent as there is room for, in one piece; the next go when some have been
 * acknowledged. `count` 0: as many as go in `seconds`. A latency is from sending to acknowledgement. */
typedef struct {
  void *self;
  void (*send) (void *self, uint64_t first, uint64_t count);
  uint64_t (*acked) (void *self); /* waits for more; how many have been acknowledged by now */
} meter_peer_t;
double meter_publish (meter_t *meter, const meter_peer_t *peer, uint64_t depth, uint64_t count, double seconds);

/* Incompressible bytes, the same every time. */
void meter_fill (uint8_t *bytes, size_t size);

#endif
