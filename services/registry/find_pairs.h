/* The search for pairs among those who are in the register already: a month of births at a time. */
#ifndef MNS_REGISTRY_FIND_PAIRS_H
#define MNS_REGISTRY_FIND_PAIRS_H

#include "services/registry/registry_state.h"

/* Compares whoever was born in that month with those of the same village and day, those of the same name born in that
 * month, anywhere, those of the same mother, of the same number, and with those of the village and name whose birth
 * date a slip makes of theirs. Puts what is at least a suspicion on the work list. */
mns_rc_t registry_find_pairs (registry_t *self, mns_month_t month, mns_date_t today, uint64_t *checked,
                              uint64_t *found);

#endif
