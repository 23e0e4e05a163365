/* What a correction changes in the figures. */
#include "services/registry/rules_restate.h"

static bool is_infant_death (const mns_restatement_t *event) {
  return event->event_kind == MNS_DEATH && mns_date_age (event->birth, event->occurred) < 1;
}

bool registry_counts_differently (const mns_restatement_t *old, const mns_restatement_t *now) {
  return old->sex != now->sex || old->occurred != now->occurred || old->birth_order != now->birth_order ||
         is_infant_death (old) != is_infant_death (now);
}
