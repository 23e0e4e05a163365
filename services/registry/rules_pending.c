/* What waits for a second person. */
#include "services/registry/rules_pending.h"

#include <string.h>

enum { ANOTHER = 1, THE_SAME };

static const mns_code_row_t guard_rows[] = {
    {"another", "", "another account than the one that entered it", "另一账户"},
    {"the_same", "", "the account that entered it", "录入账户"},
};
static const mns_code_table_t guards = {.name = "pending_guard", .rows = guard_rows, .count = 2};

static const mns_transition_t transitions[] = {
    {MNS_PENDING_WAITING, MNS_PENDING_APPROVE, MNS_PENDING_APPROVED, ANOTHER},
    {MNS_PENDING_WAITING, MNS_PENDING_REFUSE, MNS_PENDING_REFUSED, ANOTHER},
    {MNS_PENDING_WAITING, MNS_PENDING_WITHDRAW, MNS_PENDING_WITHDRAWN, THE_SAME},
};

const mns_machine_t registry_pending_machine = {
    .name = "pending",
    .states = &mns_pending_state,
    .events = &mns_pending_step,
    .guards = &guards,
    .rows = transitions,
    .count = sizeof transitions / sizeof transitions[0],
};

static bool guard_holds (mns_code_t guard, const void *facts) {
  const registry_deciding_t *deciding = facts;
  bool same = strcmp (deciding->entered_by, deciding->decided_by) == 0;
  return guard == THE_SAME ? same : !same;
}

mns_rc_t registry_pending_next (mns_code_t state, mns_code_t step, const registry_deciding_t *deciding,
                                mns_code_t *next, mns_error_t *error) {
  return mns_machine_next (&registry_pending_machine, state, step, guard_holds, deciding, next, error);
}
