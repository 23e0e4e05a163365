/* When two entries may become one, and what happens to a merge. */
#include "services/registry/rules_merge.h"

#include <inttypes.h>
#include <string.h>

static const mns_code_row_t step_rows[] = {
    {"ask", "", "ask for it", "申请"},
    {"approve", "", "approve", "同意"},
    {"refuse", "", "refuse", "不同意"},
    {"undo", "", "undo", "撤销"},
};
static const mns_code_table_t steps = {.name = "merge_step", .rows = step_rows, .count = 4};

static const mns_transition_t transitions[] = {
    {0, REGISTRY_ASK, MNS_MERGE_ASKED, 0},
    {MNS_MERGE_ASKED, REGISTRY_APPROVE, MNS_MERGE_MERGED, 0},
    {MNS_MERGE_ASKED, REGISTRY_REFUSE, MNS_MERGE_REFUSED, 0},
    {MNS_MERGE_MERGED, REGISTRY_UNDO, MNS_MERGE_UNDONE, 0},
};

const mns_machine_t registry_merge_machine = {
    .name = "merge",
    .states = &mns_merge_state,
    .events = &steps,
    .rows = transitions,
    .count = sizeof transitions / sizeof transitions[0],
};

mns_rc_t registry_merge_next (mns_code_t state, mns_code_t step, mns_code_t *next, mns_error_t *error) {
  return mns_machine_next (&registry_merge_machine, state, step, NULL, NULL, next, error);
}

mns_rc_t registry_merge_second_person (const char *asked_by, const char *account, mns_error_t *error) {
  if (strcmp (asked_by, account) != 0)
    return MNS_OK;
  return mns_fail (error, MNS_FORBIDDEN, "merge", "%s asked for this merge; somebody else decides on it", account);
}

mns_rc_t registry_merge_check (const registry_mergeable_t *survivor, const registry_mergeable_t *merged,
                               mns_error_t *error) {
  if (survivor->person == merged->person)
    return mns_fail (error, MNS_INVALID, "merged", "an entry is not merged into itself");
  if (survivor->status == MNS_REMOVED)
    return mns_fail (error, MNS_WRONG_STATE, "survivor", "person %" PRIu64 " is not in the register any more",
                     survivor->person);
  if (merged->status != MNS_PRESENT)
    return mns_fail (error, MNS_WRONG_STATE, "merged",
                     "person %" PRIu64 " is %s: only who is present is taken from the stock by a merge; make it the "
                     "entry that stays",
                     merged->person, mns_code_word (&mns_person_status, merged->status));
  if (survivor->kin || merged->kin)
    return mns_fail (error, MNS_CONFLICT, "merged",
                     "persons %" PRIu64 " and %" PRIu64 " are registered as each other's kin", survivor->person,
                     merged->person);
  if (survivor->twins || merged->twins)
    return mns_fail (error, MNS_CONFLICT, "merged", "persons %" PRIu64 " and %" PRIu64 " are registered as twins",
                     survivor->person, merged->person);
  bool two_marriages = survivor->spouse && merged->spouse && survivor->spouse != merged->spouse;
  if (two_marriages)
    return mns_fail (error, MNS_CONFLICT, "merged",
                     "they are married to different persons, %" PRIu64 " and %" PRIu64 ": settle that first",
                     survivor->spouse, merged->spouse);
  return MNS_OK;
}
