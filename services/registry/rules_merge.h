/* When two entries may become one, and what happens to a merge.
 *
 *   (nothing) ── asked for ──► asked ── approved by another ──► merged ── undone ──► undone
 *                                └───── refused ──► refused
 */
#ifndef MNS_REGISTRY_RULES_MERGE_H
#define MNS_REGISTRY_RULES_MERGE_H

#include "common/machine.h"
#include "common/records/registry_duplicates.h"

enum { REGISTRY_ASK = 1, REGISTRY_APPROVE, REGISTRY_REFUSE, REGISTRY_UNDO };
extern const mns_machine_t registry_merge_machine;

/* The state after the step; MNS_WRONG_STATE. */
mns_rc_t registry_merge_next (mns_code_t state, mns_code_t step, mns_code_t *next, mns_error_t *error);

/* MNS_FORBIDDEN: who asked for it does not decide on it. */
mns_rc_t registry_merge_second_person (const char *asked_by, const char *account, mns_error_t *error);

/* An entry as the rule sees it. */
typedef struct {
  uint64_t person, spouse;
  mns_code_t status;
  bool twins; /* of the same delivery with another rank */
  bool kin;   /* mother, father, husband or wife of the other */
} registry_mergeable_t;

/* MNS_INVALID: one and the same; MNS_WRONG_STATE: the survivor was taken out, the other is not present; MNS_CONFLICT:
 * twins, each other's kin, or married to two persons. */
mns_rc_t registry_merge_check (const registry_mergeable_t *survivor, const registry_mergeable_t *merged,
                               mns_error_t *error);

#endif
