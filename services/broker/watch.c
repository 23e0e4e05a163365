/* What the broker looks at each second, and raises an alarm for: its clock, the room on its disk, the write-ahead log,
 * what was found damaged. */
#include "common/log.h"
#include "services/broker/core.h"

enum { WATCH_MS = 1000, US_PER_MS = 1000, S_PER_HOUR = 3600 };

#define US_PER_HOUR (INT64_C (1000000) * S_PER_HOUR)
#define WAL_ALARM   (256 << 20)

static long long hours (mns_time_t us) {
  return (long long)((us < 0 ? -us : us) + US_PER_HOUR / 2) / US_PER_HOUR;
}

/* A wall clock that has moved otherwise than the monotonic one was set. It is right again when it is back, or when the
 * broker is started anew. */
static void watch_jump (broker_t *broker, mns_time_t now) {
  mns_time_t gap = now - broker->now_ms * US_PER_MS;
  if (broker->keeping.clock_gap == 0)
    broker->keeping.clock_gap = gap;
  mns_time_t jump = gap - broker->keeping.clock_gap;
  if (jump > US_PER_HOUR || jump < -US_PER_HOUR)
    broker_alarm_raise (
        broker, "clock_jumped",
        "the clock of this machine was put %s by about %lld hours while the broker ran: put it right, or "
        "start the broker again when it is right",
        jump > 0 ? "forward" : "back", hours (jump));
  else
    broker_alarm_clear (broker, "clock_jumped");
}

/* Time does not run back in the log: what is written meanwhile has the time of the last record. */
static void watch_last (broker_t *broker, mns_time_t now) {
  mns_time_t behind = broker_tail_place (broker->tail)->recorded - now;
  if (behind > US_PER_HOUR)
    broker_alarm_raise (
        broker, "clock_behind",
        "the clock of this machine is about %lld hours before the last record of the log: put it right; "
        "until then every record gets the time of the last one",
        hours (behind));
  else
    broker_alarm_clear (broker, "clock_behind");
}

static void watch_wal (broker_t *broker) {
  uint64_t bytes = broker_log_wal_bytes (broker->reader);
  if (bytes > WAL_ALARM)
    broker_alarm_raise (
        broker, "wal_large",
        "the write-ahead log of the log has %llu MiB: something reads the store without end; nothing but "
        "the broker may open %s",
        (unsigned long long)(bytes >> 20), "broker/log.db");
  else
    broker_alarm_clear (broker, "wal_large");
}

void broker_watch_tick (broker_t *broker) {
  if (broker->now_ms - broker->keeping.watched_ms < WATCH_MS)
    return;
  broker->keeping.watched_ms = broker->now_ms;
  mns_time_t now = mns_clock.wall ();
  watch_jump (broker, now);
  watch_last (broker, now);
  watch_wal (broker);
}

void broker_watch_full (broker_t *broker, bool full) {
  if (full)
    broker_alarm_raise (
        broker, "disk_full",
        "the disk of the log is full: nothing is appended, reading and trimming go on; make room, or trim "
        "(mns log trim), and it goes on by itself");
  else
    broker_alarm_clear (broker, "disk_full");
}

void broker_watch_damage (broker_t *broker, uint64_t number) {
  broker_alarm_raise (
      broker, "log_damaged",
      "a row of the log is damaged at number %llu: nothing is delivered from it; look with mns log verify, "
      "and put the last backup into place (mns restore)",
      (unsigned long long)number);
}
