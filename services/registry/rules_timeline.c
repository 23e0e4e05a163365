/* Intervals of one person. */
#include "services/registry/rules_timeline.h"

#include <string.h>

mns_history_entry_t *registry_timeline_at (registry_timeline_t *timeline, mns_date_t day) {
  mns_history_entry_t *found = NULL;
  for (size_t i = 0; i < timeline->count && timeline->intervals[i].valid_from <= day; i++)
    found = &timeline->intervals[i];
  return found;
}

/* Each fact of the standing that `now` has otherwise than `before`, in `interval`, unless it differs there already. */
static unsigned carry (mns_history_entry_t *interval, const mns_history_entry_t *before, const mns_history_entry_t *now,
                       unsigned carried) {
  unsigned bit = 1;
#define CARRY(kind, field)                                                                                             \
  if (carried & bit && before->field != now->field && interval->field == before->field)                                \
    interval->field = now->field;                                                                                      \
  else                                                                                                                 \
    carried &= ~bit;                                                                                                   \
  bit <<= 1;
  REGISTRY_STANDING (CARRY)
#undef CARRY
  return carried;
}

static void split (registry_timeline_t *timeline, size_t at, mns_date_t day, uint64_t event) {
  mns_history_entry_t *interval = &timeline->intervals[at];
  memmove (interval + 1, interval, (timeline->count - at) * sizeof *interval);
  timeline->count++;
  interval[0].valid_to = day;
  interval[0].ended_by = event;
  interval[1].valid_from = day;
  interval[1].begun_by = event;
}

mns_rc_t registry_timeline_change (registry_timeline_t *timeline, mns_date_t day, uint64_t event,
                                   const mns_history_entry_t *now, mns_error_t *error) {
  mns_history_entry_t *found = registry_timeline_at (timeline, day);
  if (!found)
    return mns_fail (error, MNS_OUT_OF_RANGE, "occurred", "that day lies before the person came into the register");
  if (timeline->count == REGISTRY_INTERVALS_MAX)
    return mns_fail (error, MNS_OUT_OF_RANGE, "person", "more than %d events of one person",
                     REGISTRY_INTERVALS_MAX - 1);
  size_t at = (size_t)(found - timeline->intervals);
  const mns_history_entry_t before = *found;
  unsigned carried = ~0u;
  split (timeline, at, day, event);
  for (size_t i = at + 1; i < timeline->count && carried; i++)
    carried = carry (&timeline->intervals[i], &before, now, carried);
  return MNS_OK;
}
