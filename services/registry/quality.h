/* Quality at the moment of writing: the facts the rules ask for, what must hold before, and the findings after. */
#ifndef MNS_REGISTRY_QUALITY_H
#define MNS_REGISTRY_QUALITY_H

#include "services/registry/registry_state.h"

typedef struct {
  registry_breach_t items[MNS_RULE_COUNT];
  size_t count;
} registry_breaches_t;

/* The facts of an entry with its events in order. `sharer`: somebody who has the same number, 0 none. */
mns_rc_t registry_quality_facts (registry_t *self, const mns_person_entry_t *person, const mns_event_entry_t *events,
                                 size_t count, uint64_t sharer, mns_date_t today, registry_person_facts_t *facts);
/* The other person who has this number; *sharer 0: nobody. */
mns_rc_t registry_quality_sharer (registry_t *self, const mns_person_entry_t *person, uint64_t *sharer);

void registry_quality_judge (const registry_t *self, const registry_person_facts_t *facts,
                             registry_breaches_t *breaches);
/* MNS_CONFLICT with the rule in words when one that must hold does not. */
mns_rc_t registry_quality_guard (const registry_t *self, const registry_breaches_t *breaches, mns_error_t *error);
/* Appends what was found to a text for the asker. */
void registry_quality_tell (const registry_breaches_t *breaches, char *finding);

/* Who looks, when, and what came of it. */
typedef struct {
  registry_t *self;
  mns_date_t today;
  mns_time_t now;
  const char *account;
  uint64_t opened, corrected;
} registry_review_t;

/* Opens what is new and closes as corrected what no longer holds; what was closed by hand stays closed as long as the
 * facts are the same. `birth` of a person, for who may see it. */
mns_rc_t registry_review (registry_review_t *review, const registry_subject_t *about, mns_date_t birth,
                          const registry_breaches_t *breaches);
/* The same, with all there is to load. */
mns_rc_t registry_review_person (registry_review_t *review, const mns_person_entry_t *person);
mns_rc_t registry_review_household (registry_review_t *review, uint64_t household);
/* A person changed: the entry, the household now and before, and with `facts` the children and those with the number.
 */
mns_rc_t registry_review_change (registry_review_t *review, const mns_person_entry_t *old,
                                 const mns_person_entry_t *person, bool facts);

#endif
