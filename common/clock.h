/* The one clock table. Every reading of time goes through it; only `wall` can be faked.
 * Timers and deadlines use `monotonic`; what is recorded uses `wall`. */
#ifndef MNS_COMMON_CLOCK_H
#define MNS_COMMON_CLOCK_H

#include "common/date.h"

typedef struct {
  mns_time_t (*wall) (void);      /* µs since the epoch, UTC */
  int64_t (*monotonic_ms) (void); /* ms since some start, never runs back */
} mns_clock_t;

extern mns_clock_t mns_clock;

int64_t mns_clock_us (void); /* monotonic as well: for measuring how long something took */

/* Shifts `wall` by a fixed number of seconds for the whole process (configuration key `clock_offset_s`:
 * the demonstration county lives at 2026-07-01). Call before any thread starts. */
void mns_clock_set_offset (int64_t offset_s);

/* Today in the county's zone. */
mns_date_t mns_clock_today (int32_t offset_s);

#endif
