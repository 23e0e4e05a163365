/* Pulling a snapshot: page after page, each asked for by its position. */
#include "common/bus_snapshot.h"
#include "common/bus_private.h"
#include "common/failpoint.h"
#include "common/text.h"
#include <string.h>

enum { ATTEMPTS = 10 };

bool mns_snapshot_contains (const mns_snapshot_end_t *end, const mns_event_t *event) {
  return strcmp (event->producer, end->producer) == 0 &&
         (event->producer_epoch < end->epoch || (event->producer_epoch == end->epoch && event->number <= end->number));
}

static void wait (mns_bus_t *bus, int64_t ms) {
  int64_t until = mns_clock.monotonic_ms () + ms;
  while (mns_clock.monotonic_ms () < until)
    mns_bus_pump (bus, until - mns_clock.monotonic_ms ());
}

static void take_end (const mns_head_t *head, mns_snapshot_end_t *end) {
  memset (end, 0, sizeof *end);
  mns_text_copy (end->producer, sizeof end->producer, head->producer);
  end->epoch = head->producer_epoch;
  end->number = head->number;
  end->from = (mns_offset_t){head->log_epoch, head->log_number, 0};
}

/* One snapshot from its beginning. MNS_GONE: the service does not have it any more. */
static mns_rc_t pull (mns_bus_t *bus, const char *stream, mns_head_t *snap, int timeout_ms, mns_stage_t *stage,
                      mns_snapshot_end_t *end, mns_error_t *error) {
  mns_head_t head;
  mns_buffer_t rows = {0};
  snap->number = snap->previous = 0;
  mns_rc_t rc = mns_stage_begin (stage, error);
  while (rc == MNS_OK) {
    rc = mns_bus_snap (bus, stream, snap, timeout_ms, &rows, &head, error);
    if (rc == MNS_OK && head.producer[0]) {
      take_end (&head, end);
      break;
    }
    if (rc == MNS_OK && rows.size > 0)
      rc = mns_stage_add (stage, rows.data, rows.size, error);
    mns_failpoint ("snapshot_page");
    snap->number = head.number;
    snap->previous = head.last;
    if (rc == MNS_OK && head.retry_after_ms > 0)
      wait (bus, (int64_t)head.retry_after_ms);
  }
  mns_buffer_fini (&rows);
  return rc;
}

mns_rc_t mns_bus_snapshot (mns_bus_t *bus, const char *stream, const char *const *prefixes, size_t prefix_count,
                           int timeout_ms, mns_stage_t *stage, mns_snapshot_end_t *end, mns_error_t *error) {
  mns_head_t snap;
  mns_rc_t rc = MNS_GONE;
  mns_head_clear (&snap);
  if (prefix_count > MNS_PREFIXES_MAX)
    return mns_fail (error, MNS_INVALID, "prefixes", "at most %d prefixes", MNS_PREFIXES_MAX);
  snap.prefix_count = prefix_count;
  for (size_t i = 0; i < prefix_count; i++)
    if (!mns_text_copy (snap.prefixes[i], sizeof snap.prefixes[i], prefixes[i]))
      return mns_fail (error, MNS_TOO_LONG, "prefixes", "'%s' is too long", prefixes[i]);
  for (int i = 0; rc == MNS_GONE && i < ATTEMPTS; i++)
    rc = pull (bus, stream, &snap, timeout_ms, stage, end, error);
  return rc;
}
