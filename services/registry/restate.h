/* Earlier events of a person that count otherwise now: told once as they counted and once as they count. */
#ifndef MNS_REGISTRY_RESTATE_H
#define MNS_REGISTRY_RESTATE_H

#include "services/registry/standing.h"

/* A restatement of an event of the person; `event` NULL: of its baseline. `mother_birth` is of a birth. */
void registry_restatement_fill (const mns_person_entry_t *person, const mns_event_entry_t *event, int64_t sign,
                                mns_date_t mother_birth, mns_restatement_t *out);

/* A move within the county is told after later events: what happened since, at the place and in the household of
 * before, happened at those of the move. Changes the rows and publishes the restatements. */
mns_rc_t registry_restate_moved (registry_t *self, mns_turn_t *turn, const registry_change_t *change,
                                 const mns_event_entry_t *move);

#endif
