/* Who is already there: candidates from the indexes, of which the few are scored. */
#ifndef MNS_REGISTRY_MATCH_H
#define MNS_REGISTRY_MATCH_H

#include "services/registry/registry_state.h"

typedef struct {
  registry_verdict_t verdict; /* of the best candidate */
  registry_score_t score;
  mns_person_entry_t person; /* unless REGISTRY_OTHER */
  uint64_t sharer;           /* somebody else with the newcomer's number; 0: nobody */
} registry_match_t;

/* Looks by number, by village, birth date and name, and among the mother's children. `wide`: also at those of the
 * village who were born a few days apart or on a date that a slip makes of this one, whatever their names: not for a
 * load. */
mns_rc_t registry_match (registry_t *self, const registry_identity_t *newcomer, bool wide, registry_match_t *match);

/* An entry as it is compared, without what its birth says. */
registry_identity_t registry_identity_of (const mns_person_entry_t *person);
/* The same with the rank and the certificate of its birth; `certificate` has room for it (41 bytes). */
mns_rc_t registry_identity_load (registry_t *self, const mns_person_entry_t *person, char *certificate,
                                 registry_identity_t *identity);

/* MNS_LIKELY_DUPLICATE with the register number of the other, why, and what to do. */
mns_rc_t registry_likely_fail (const registry_t *self, const registry_match_t *match, mns_error_t *error);

/* Puts a newcomer and whom it was matched with on the work list, and says so in `finding` (may be NULL); `confirmed` by
 * that account as two persons: decided at once. */
mns_rc_t registry_suspect (registry_t *self, const mns_person_entry_t *newcomer, const registry_match_t *match,
                           mns_date_t today, const char *confirmed, char *finding);

#endif
