/* What was so from which day to which, for one person. Pure.
 *
 *   entry ──► [ interval )[ interval )[ … )[ now
 *                        ▲ an event: ends one interval, begins the next
 *
 * Intervals are half open: a day belongs to what holds at its end. Events of one day leave empty intervals between
 * them, which hold on no day. A change that is told late is put in where it belongs and carried into the later
 * intervals, each matter as far as no later event changed it:
 *
 *   place           goes on up to the next move, which goes elsewhere; in between, the household must not have changed
 *   household       goes on, with the relation to its head, up to the next household, which is another; in between, no
 * other became head marriage        has no later change: that one began with another state than it would have now
 *   adoption        the same
 *   registration    goes on up to its next change
 *   status          the same: whoever dies or leaves has no later event of its own, but others may have changed its row
 */
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

/* Whether from `day` on it may have been as `now` says. MNS_DATE_ORDER: the person was not in the register yet, or a
 * later event stands in the way; MNS_OUT_OF_RANGE: too many intervals. */
mns_rc_t registry_timeline_check (registry_timeline_t *timeline, mns_date_t day, const mns_history_entry_t *now,
                                  mns_error_t *error);

/* From `day` on, by `event`, it was as `now` says: to be called when the check allows it. */
void registry_timeline_change (registry_timeline_t *timeline, mns_date_t day, uint64_t event,
                               const mns_history_entry_t *now);

#endif
