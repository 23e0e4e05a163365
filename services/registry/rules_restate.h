/* What a correction changes in the figures. Pure.
 *
 * An event counts by the facts in its restatement record. After a correction each earlier event of the person (the
 * baseline too) whose facts count differently is told twice: as it counted (−1) and as it counts (+1). */
#ifndef MNS_REGISTRY_RULES_RESTATE_H
#define MNS_REGISTRY_RULES_RESTATE_H

#include "common/records/registry_records.h"
#include <stdbool.h>

/* Whether `old` and `now` count in different cells. */
bool registry_counts_differently (const mns_restatement_t *old, const mns_restatement_t *now);

#endif
