/* The clock table and its only real clocks. */
#include "common/clock.h"
#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t wall_offset_us;

static mns_time_t wall_now (void) {
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 + wall_offset_us;
}

static int64_t monotonic_now_ms (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t mns_clock_us (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

mns_clock_t mns_clock = {wall_now, monotonic_now_ms};

void mns_clock_set_offset (int64_t offset_s) {
  wall_offset_us = offset_s * 1000000;
}

mns_date_t mns_clock_today (int32_t offset_s) {
  return mns_time_date (mns_clock.wall (), offset_s);
}
