/* What waits for a second person. Pure.
 *
 *              approve (another account)
 *   waiting ──────────────────────────► approved: written as if it were entered now, by who entered it
 *      │    refuse (another account)
 *      ├──────────────────────────────► refused
 *      │    withdraw (the same account)
 *      └──────────────────────────────► withdrawn */
#ifndef MNS_REGISTRY_RULES_PENDING_H
#define MNS_REGISTRY_RULES_PENDING_H

#include "common/machine.h"
#include "common/records/registry_pending.h"

extern const mns_machine_t registry_pending_machine;

/* Who entered it, and who decides. */
typedef struct {
  const char *entered_by, *decided_by;
} registry_deciding_t;
mns_rc_t registry_pending_next (mns_code_t state, mns_code_t step, const registry_deciding_t *deciding,
                                mns_code_t *next, mns_error_t *error);

#endif
