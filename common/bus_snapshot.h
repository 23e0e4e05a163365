/* Pulling a snapshot over a connection to the bus, and joining it to the events behind it (docs/protocol.md §10). */
#ifndef MNS_COMMON_BUS_SNAPSHOT_H
#define MNS_COMMON_BUS_SNAPSHOT_H

#include "common/bus.h"
#include "common/stage.h"
#include "common/subscription.h"

/* What a snapshot contains. */
typedef struct {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number; /* the last record of this producer whose effect is contained */
  mns_offset_t from;      /* subscribe from here; its chain is not known (0) */
} mns_snapshot_end_t;

/* True when the snapshot contains the event already: drop it. */
bool mns_snapshot_contains (const mns_snapshot_end_t *end, const mns_event_t *event);

/* Pulls the snapshot of `stream`, of all of it or of what is under the prefixes, into the stage (begun here), whose
 * swap is left to the caller. Begins again when the service or the broker has gone meanwhile. `timeout_ms`: how long to
 * wait for any one page. */
mns_rc_t mns_bus_snapshot (mns_bus_t *bus, const char *stream, const char *const *prefixes, size_t prefix_count,
                           int timeout_ms, mns_stage_t *stage, mns_snapshot_end_t *end, mns_error_t *error);

#endif
