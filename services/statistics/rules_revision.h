/* Revisions: what changes a month after it was closed, and why. Pure. */
#ifndef MNS_STATISTICS_RULES_REVISION_H
#define MNS_STATISTICS_RULES_REVISION_H

#include "common/records/release_records.h"
#include "services/statistics/rules_fold.h"

/* `restated`: the fact takes back or puts back what was told before. */
mns_code_t statistics_revision_cause (const mns_restatement_t *fact, bool restated);
/* Does the fact count in a month before `journal`, on any basis? */
bool statistics_revises (const statistics_fold_t *fold, int journal);

#endif
