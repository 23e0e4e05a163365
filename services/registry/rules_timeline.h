/* What was so from which day to which, for one person. Pure.
 *
 *   entry ──► [ interval )[ interval )[ … )[ now
 *                        ▲ an event: ends one interval, begins the next
 *
 * Intervals are half open: a day belongs to what holds at its end. Events of one day leave empty intervals between
 * them, which hold on no day. A change that is told late is put in where it belongs, and carried into the later
 * intervals as long as these say what was so before it: what was changed since by another event stays. */
#ifndef MNS_REGISTRY_RULES_TIMELINE_H
#define MNS_REGISTRY_RULES_TIMELINE_H

#include "services/registry/store_history.h"

#define REGISTRY_INTERVALS_MAX 128

/* The last interval is the one that holds now: its valid_to and ended_by are 0. */
typedef struct {
  size_t count;
  mns_history_entry_t intervals[REGISTRY_INTERVALS_MAX];
} registry_timeline_t;

/* The interval that holds at the end of that day; NULL before the person came into the register. */
mns_history_entry_t *registry_timeline_at (registry_timeline_t *timeline, mns_date_t day);

/* From `day` on, by `event`, it was as `now` says; only its standing is looked at. MNS_OUT_OF_RANGE: before the person
 * came, or too many intervals. */
mns_rc_t registry_timeline_change (registry_timeline_t *timeline, mns_date_t day, uint64_t event,
                                   const mns_history_entry_t *now, mns_error_t *error);

#endif
