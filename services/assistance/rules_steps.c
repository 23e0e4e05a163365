/* Transition tables.
 *
 *   application   (none) ──apply──→ applied ──approve──→ approved
 *                                      └──────refuse───→ refused
 *   entitlement   (none) ──opening, started──→ active ──ended──→ exited
 *   batch         (none) ──prepare──→ prepared ──post───→ posted
 *                                        └──────cancel──→ cancelled */
#include "services/assistance/rules_steps.h"
#include <string.h>

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const mns_code_row_t application_step_rows[] = {
    {"approve", "", "approve", "批准"}, {"refuse", "", "refuse", "不批准"}, {"apply", "", "apply", "申请"}};
static const mns_code_table_t application_steps = {"application_step", application_step_rows,
                                                   COUNT (application_step_rows)};
static const mns_transition_t application_rows[] = {
    {0, ASSISTANCE_APPLY, MNS_APPLICATION_APPLIED, 0},
    {MNS_APPLICATION_APPLIED, MNS_DECISION_APPROVE, MNS_APPLICATION_APPROVED, 0},
    {MNS_APPLICATION_APPLIED, MNS_DECISION_REFUSE, MNS_APPLICATION_REFUSED, 0},
};
const mns_machine_t assistance_application_machine = {"application", &mns_application_state, &application_steps,
                                                      NULL,          application_rows,       COUNT (application_rows)};

static const mns_transition_t entitlement_rows[] = {
    {0, MNS_ENTITLEMENT_OPENING, MNS_ENTITLEMENT_ACTIVE, 0},
    {0, MNS_ENTITLEMENT_STARTED, MNS_ENTITLEMENT_ACTIVE, 0},
    {MNS_ENTITLEMENT_ACTIVE, MNS_ENTITLEMENT_ENDED, MNS_ENTITLEMENT_EXITED, 0},
};
const mns_machine_t assistance_entitlement_machine = {"entitlement", &mns_entitlement_state, &mns_entitlement_event,
                                                      NULL,          entitlement_rows,       COUNT (entitlement_rows)};

static const mns_code_row_t batch_step_rows[] = {
    {"prepare", "", "prepare", "编制"}, {"post", "", "post", "入账"}, {"cancel", "", "cancel", "撤销"}};
static const mns_code_table_t batch_steps = {"batch_step", batch_step_rows, COUNT (batch_step_rows)};
static const mns_transition_t batch_rows[] = {
    {0, ASSISTANCE_BATCH_PREPARE, MNS_BATCH_PREPARED, 0},
    {MNS_BATCH_PREPARED, ASSISTANCE_BATCH_POST, MNS_BATCH_POSTED, 0},
    {MNS_BATCH_PREPARED, ASSISTANCE_BATCH_CANCEL, MNS_BATCH_CANCELLED, 0},
};
const mns_machine_t assistance_batch_machine = {"batch", &mns_batch_state, &batch_steps,
                                                NULL,    batch_rows,       COUNT (batch_rows)};

mns_rc_t assistance_two_people (const char *first, const char *second, const char *what, mns_error_t *error) {
  if (strcmp (first, second) != 0)
    return MNS_OK;
  return mns_fail (error, MNS_FORBIDDEN, "account", "%s needs another account than '%s', which made it", what, first);
}
