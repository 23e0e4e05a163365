/* The steps of applications, entitlements and batches, as transition tables. */
#ifndef MNS_ASSISTANCE_RULES_STEPS_H
#define MNS_ASSISTANCE_RULES_STEPS_H

#include "common/machine.h"
#include "common/records/assistance_requests.h"

extern const mns_machine_t assistance_application_machine; /* events: mns_decision, and ASSISTANCE_APPLY */
extern const mns_machine_t assistance_entitlement_machine; /* events: mns_entitlement_event */
extern const mns_machine_t assistance_batch_machine;

enum { ASSISTANCE_APPLY = MNS_DECISION_REFUSE + 1 };
enum { ASSISTANCE_BATCH_PREPARE = 1, ASSISTANCE_BATCH_POST, ASSISTANCE_BATCH_CANCEL };

/* Money and decisions take two people: MNS_FORBIDDEN when `first` and `second` are the same account. */
mns_rc_t assistance_two_people (const char *first, const char *second, const char *what, mns_error_t *error);

#endif
