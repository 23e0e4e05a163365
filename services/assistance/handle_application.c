/* Applications: entered by one account, decided by another. */
#include "common/text.h"
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"
#include "services/assistance/rules_steps.h"
#include <string.h>

static mns_rc_t check_open (assistance_t *self, mns_turn_t *turn, uint64_t person, const char *scheme) {
  uint64_t id;
  mns_rc_t rc = application_store_open (&self->applications, person, scheme, &id);
  if (rc != MNS_OK)
    return assistance_store_failed (turn, rc);
  if (!id)
    return MNS_OK;
  return mns_fail (mns_turn_error (turn), MNS_EXISTS, "person", "application %llu for %s waits for a decision",
                   (unsigned long long)id, scheme);
}

static void fill (mns_application_t *application, const entitle_t *asked, const char *account) {
  mns_record_clear (&mns_application_type, application);
  mns_machine_next (&assistance_application_machine, 0, ASSISTANCE_APPLY, NULL, NULL, &application->state, NULL);
  mns_text_copy (application->scheme, sizeof application->scheme, asked->claim->scheme);
  mns_text_copy (application->tier, sizeof application->tier, asked->claim->tier);
  application->person = asked->person.id;
  mns_text_copy (application->name, sizeof application->name, asked->person.name);
  application->place = asked->person.place;
  application->from_day = asked->claim->from_day;
  application->applied = asked->registered;
  mns_text_copy (application->applied_by, sizeof application->applied_by, account);
}

mns_rc_t assistance_apply (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  mns_application_request_t claim = *(const mns_application_request_t *)request->record;
  entitle_t asked = {.claim = &claim, .opening = MNS_NO, .registered = mns_turn_today (turn)};
  mns_application_t application;
  claim.from_day = claim.from_day ? claim.from_day : asked.registered;
  mns_rc_t rc = assistance_claimant (state, turn, &request->caller, &claim, &asked.person);
  if (rc == MNS_OK)
    rc = assistance_may_begin (state, turn, &asked);
  if (rc == MNS_OK)
    rc = check_open (state, turn, asked.person.id, claim.scheme);
  if (rc != MNS_OK)
    return rc;
  fill (&application, &asked, request->caller.account);
  if ((rc = application_store_insert (&state->applications, &application, &claim)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  mns_turn_reply (turn, &mns_application_type, &application);
  return MNS_OK;
}

/* The conditions are asked again: much may have happened since the application. */
static mns_rc_t approve (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller,
                         mns_application_t *application) {
  mns_application_request_t claim;
  entitle_t asked = {.claim = &claim, .opening = MNS_NO, .registered = application->decided};
  mns_rc_t rc = application_store_claim (&self->applications, application->application, &claim);
  if (rc != MNS_OK)
    return assistance_store_failed (turn, rc);
  if ((rc = assistance_claimant (self, turn, caller, &claim, &asked.person)) != MNS_OK ||
      (rc = assistance_may_begin (self, turn, &asked)) != MNS_OK)
    return rc;
  return assistance_begin (self, turn, &asked, caller->account, &application->entitlement);
}

static mns_rc_t may_decide (assistance_t *self, mns_turn_t *turn, const mns_request_t *request,
                            mns_application_t *application) {
  const mns_decision_request_t *decision = request->record;
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc = application_store_find (&self->applications, decision->application, application, error);
  if (rc == MNS_OK && !mns_caller_covers (&request->caller, application->place))
    rc = mns_fail (error, MNS_FORBIDDEN, "application", "it lies outside the division of this account");
  if (rc == MNS_OK)
    rc = mns_machine_next (&assistance_application_machine, application->state, decision->decision, NULL, NULL,
                           &application->state, error);
  if (rc == MNS_OK)
    rc = assistance_two_people (application->applied_by, request->caller.account, "the decision on an application",
                                error);
  if (rc == MNS_OK && decision->decision == MNS_DECISION_REFUSE && !decision->reason[0])
    rc = mns_fail (error, MNS_MISSING, "reason", "a refusal needs a reason");
  return rc;
}

mns_rc_t assistance_decide (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  const mns_decision_request_t *decision = request->record;
  mns_application_t application;
  mns_rc_t rc = may_decide (state, turn, request, &application);
  if (rc != MNS_OK)
    return rc;
  application.decided = mns_turn_today (turn);
  mns_text_copy (application.decided_by, sizeof application.decided_by, request->caller.account);
  mns_text_copy (application.reason, sizeof application.reason, decision->reason);
  if (decision->decision == MNS_DECISION_APPROVE &&
      (rc = approve (state, turn, &request->caller, &application)) != MNS_OK)
    return rc;
  if ((rc = application_store_decide (&state->applications, &application)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  mns_turn_reply (turn, &mns_application_type, &application);
  return MNS_OK;
}
