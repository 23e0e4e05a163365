/* What a correction changes in the figures. */
#include "services/registry/rules_restate.h"

bool registry_counts_differently (const mns_restatement_t *old, const mns_restatement_t *now) {
  return old->sex != now->sex || old->occurred != now->occurred || old->birth_order != now->birth_order ||
         old->birth != now->birth || old->mother_birth != now->mother_birth;
}
