/* Why a closed month changes. */
#include "services/statistics/rules_revision.h"

static const mns_code_t causes[] = {
    [MNS_BASELINE] = MNS_CAUSE_CORRECTION,
    [MNS_BIRTH] = MNS_CAUSE_LATE,
    [MNS_DEATH] = MNS_CAUSE_LATE,
    [MNS_MOVE_IN] = MNS_CAUSE_RETROACTIVE,
    [MNS_MOVE_OUT] = MNS_CAUSE_RETROACTIVE,
    [MNS_MOVE_WITHIN] = MNS_CAUSE_RETROACTIVE,
    [MNS_ADJUSTMENT] = MNS_CAUSE_CORRECTION,
};

mns_code_t statistics_revision_cause (const mns_restatement_t *fact, bool restated) {
  if (fact->event_kind == MNS_ADJUSTMENT && fact->adjustment == MNS_BOUNDARY)
    return MNS_CAUSE_REFORM;
  if (restated)
    return MNS_CAUSE_CORRECTION;
  bool known = fact->event_kind > 0 && fact->event_kind < sizeof causes / sizeof causes[0];
  return known && causes[fact->event_kind] ? causes[fact->event_kind] : MNS_CAUSE_LATE;
}

bool statistics_revises (const statistics_fold_t *fold, int journal) {
  for (int basis = 0; basis < 2; basis++)
    if (fold->month[basis] < journal)
      return true;
  return false;
}
