/* What the benchmarks share. */
#include "tests/bench/meter.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUB_BITS = 7, SUB = 1 << SUB_BITS };

int64_t meter_now_ns (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void meter_sleep_until (int64_t ns) {
  struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
  while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
    continue;
}

void meter_require (bool holds, const char *what, const char *detail) {
  if (holds)
    return;
  fprintf (stderr, "%s: %s\n", what, detail ? detail : "failed");
  exit (1);
}

uint64_t meter_number (const char *text) {
  char *end;
  uint64_t number = strtoull (text, &end, 10);
  meter_require (number > 0 && *end == 0, text, "a number above 0 is needed");
  return number;
}

/* The highest SUB_BITS + 1 bits of the value choose its bucket. */
static size_t bucket_of (uint64_t value) {
  if (value < SUB)
    return (size_t)value;
  unsigned shift = 63 - (unsigned)__builtin_clzll (value) - SUB_BITS;
  return ((size_t)(shift + 1) << SUB_BITS) + (size_t)(value >> shift) - SUB;
}

static double middle_of (size_t bucket) {
  if (bucket < SUB)
    return (double)bucket;
  size_t shift = (bucket >> SUB_BITS) - 1;
  return ((double)(bucket % SUB) + SUB + 0.5) * (double)(1ull << shift);
}

void meter_add (meter_t *meter, int64_t ns) {
  if (ns < 0)
    ns = 0;
  if (ns > meter->longest_ns)
    meter->longest_ns = ns;
  meter->buckets[bucket_of ((uint64_t)ns)]++;
  meter->count++;
}

double meter_us (const meter_t *meter, double share) {
  uint64_t rank = (uint64_t)((double)meter->count * share), seen = 0;
  for (size_t i = 0; i < METER_BUCKETS; i++)
    if ((seen += meter->buckets[i]) > rank)
      return middle_of (i) / 1000;
  return (double)meter->longest_ns / 1000;
}

void meter_print (const meter_t *meter, double seconds) {
  printf ("{\"count\": %" PRIu64 ", \"seconds\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
          "\"longest_us\": %.1f}\n",
          meter->count, seconds, meter_us (meter, 0.5), meter_us (meter, 0.99), meter_us (meter, 0.999),
          (double)meter->longest_ns / 1000);
  fflush (stdout);
}

double meter_publish (meter_t *meter, const meter_peer_t *peer, uint64_t depth, uint64_t count, double seconds) {
  int64_t *sent_ns = calloc (depth, sizeof *sent_ns);
  meter_require (sent_ns != NULL, "publish", "no memory");
  uint64_t sent = 0, acked = 0;
  int64_t begin = meter_now_ns (), end = count > 0 ? INT64_MAX : begin + (int64_t)(seconds * 1e9), now = begin;
  if (count == 0)
    count = UINT64_MAX;
  while (acked < sent || (sent < count && now < end)) {
    uint64_t room = depth - (sent - acked), left = count - sent;
    uint64_t next = now < end ? room < left ? room : left : 0;
    for (uint64_t i = 0; i < next; i++)
      sent_ns[(sent + i) % depth] = now;
    if (next > 0)
      peer->send (peer->self, sent, next);
    sent += next;
    uint64_t reached = peer->acked (peer->self);
    now = meter_now_ns ();
    for (; acked < reached; acked++)
      meter_add (meter, now - sent_ns[acked % depth]);
  }
  free (sent_ns);
  return (double)(now - begin) / 1e9;
}

void meter_fill (uint8_t *bytes, size_t size) {
  uint64_t state = 88172645463325252u;
  for (size_t i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes[i] = (uint8_t)state;
  }
}
