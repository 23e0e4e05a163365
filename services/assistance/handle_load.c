/* Files: rows of recipients and of exits. Each row is decided for itself; what is refused is told, the others stand. */
#include "common/text.h"
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"
#include <string.h>

bool assistance_is_refusal (mns_rc_t rc) {
  return rc != MNS_OK && rc < MNS_INTERNAL;
}

void assistance_tell_row (mns_turn_t *turn, uint64_t row, mns_rc_t rc, uint64_t person) {
  const mns_error_t *error = mns_turn_error (turn);
  mns_row_outcome_t outcome;
  if (rc == MNS_OK)
    return;
  mns_record_clear (&mns_row_outcome_type, &outcome);
  outcome.row = row;
  outcome.result = rc == MNS_EXISTS ? MNS_ROW_EXISTS : MNS_ROW_REFUSED;
  outcome.person = person;
  if (rc != MNS_EXISTS)
    mns_text_copy (outcome.error, sizeof outcome.error, mns_error_word (rc));
  mns_text_copy (outcome.field, sizeof outcome.field, error->where);
  mns_text_copy (outcome.detail, sizeof outcome.detail, error->detail);
  mns_turn_reply (turn, &mns_row_outcome_type, &outcome);
}

/* ---- recipients -------------------------------------------------------------------------------------------------- */

static void claim_of (const mns_recipient_row_t *row, mns_application_request_t *claim) {
  mns_record_clear (&mns_application_request_type, claim);
  mns_text_copy (claim->scheme, sizeof claim->scheme, row->scheme);
  mns_text_copy (claim->tier, sizeof claim->tier, row->tier);
  mns_text_copy (claim->citizen_number, sizeof claim->citizen_number, row->citizen_number);
  mns_text_copy (claim->name, sizeof claim->name, row->name);
  claim->from_day = row->from_day;
  claim->children_living = row->children_living;
  claim->sons_living = row->sons_living;
  claim->children_deceased = row->children_deceased;
  claim->child_disability_grade = row->child_disability_grade;
  mns_text_copy (claim->bank_account, sizeof claim->bank_account, row->bank_account);
}

static mns_rc_t load_recipient (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller,
                                const mns_recipient_row_t *row, uint64_t *person) {
  mns_application_request_t claim;
  uint64_t entitlement;
  entitle_t asked = {
      .claim = &claim, .opening = row->opening, .registered = row->registered ? row->registered : row->from_day};
  mns_rc_t rc = mns_record_validate (&mns_recipient_row_type, row, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  claim_of (row, &claim);
  if ((rc = assistance_claimant (self, turn, caller, &claim, &asked.person)) != MNS_OK)
    return rc;
  *person = asked.person.id;
  rc = assistance_may_begin (self, turn, &asked);
  return rc == MNS_OK ? assistance_begin (self, turn, &asked, caller->account, &entitlement) : rc;
}

mns_rc_t assistance_load_recipients (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const uint8_t *data = request->body;
  size_t size = request->body_size;
  mns_recipient_row_t row;
  mns_rc_t rc;
  for (uint64_t number = 1;
       (rc = mns_sequence_next (&mns_recipient_row_type, &row, &data, &size, mns_turn_error (turn))) == MNS_OK;
       number++) {
    uint64_t person = 0;
    rc = load_recipient (self, turn, &request->caller, &row, &person);
    if (rc != MNS_OK && !assistance_is_refusal (rc))
      return rc;
    assistance_tell_row (turn, number, rc, person);
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}

/* ---- exits ------------------------------------------------------------------------------------------------------- */

/* The entitlement that the row means: the active one, unless one ended in just this way (the file was loaded before,
 * and the person may have come back since). */
static mns_rc_t find_exiting (assistance_t *self, mns_turn_t *turn, const mns_exit_row_t *row, uint64_t person,
                              mns_entitlement_t *entitlement) {
  mns_error_t *error = mns_turn_error (turn);
  uint64_t id;
  mns_rc_t rc = entitlement_store_ended (&self->entitlements, person, row->scheme, row->occurred, row->reason, &id);
  if (rc == MNS_OK && id)
    return mns_fail (error, MNS_EXISTS, "scheme", "the exit is recorded already");
  if (rc == MNS_OK)
    rc = entitlement_store_active (&self->entitlements, person, row->scheme, 0, &id);
  if (rc == MNS_OK && !id)
    rc = entitlement_store_overlap (&self->entitlements, person, row->scheme, row->occurred, &id);
  if (rc != MNS_OK)
    return assistance_store_failed (turn, rc);
  if (!id)
    return mns_fail (error, MNS_NOT_FOUND, "scheme", "the person has no entitlement of %s", row->scheme);
  return entitlement_store_find (&self->entitlements, id, entitlement, error);
}

static mns_rc_t load_exit (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller, const mns_exit_row_t *row,
                           uint64_t *person_id) {
  mns_error_t *error = mns_turn_error (turn);
  mns_application_request_t who;
  mns_assisted_person_t person;
  mns_entitlement_t entitlement;
  exit_t exit = {.reason = row->reason,
                 .last_day = row->occurred,
                 .registered = row->registered ? row->registered : mns_turn_today (turn),
                 .by = caller->account};
  mns_rc_t rc = mns_record_validate (&mns_exit_row_type, row, error);
  if (rc != MNS_OK)
    return rc;
  if (row->reason == MNS_EXIT_DEATH || row->reason == MNS_EXIT_MOVED)
    return mns_fail (error, MNS_INVALID, "reason", "deaths and moves are registered in the register, which tells them");
  mns_record_clear (&mns_application_request_type, &who);
  mns_text_copy (who.citizen_number, sizeof who.citizen_number, row->citizen_number);
  mns_text_copy (who.name, sizeof who.name, row->name);
  if ((rc = assistance_claimant (self, turn, caller, &who, &person)) != MNS_OK)
    return rc;
  *person_id = person.id;
  if ((rc = find_exiting (self, turn, row, person.id, &entitlement)) != MNS_OK ||
      (rc = assistance_may_end (turn, &entitlement, &exit)) != MNS_OK)
    return rc;
  return assistance_end (self, turn, &entitlement, &exit);
}

mns_rc_t assistance_load_exits (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const uint8_t *data = request->body;
  size_t size = request->body_size;
  mns_exit_row_t row;
  mns_rc_t rc;
  for (uint64_t number = 1;
       (rc = mns_sequence_next (&mns_exit_row_type, &row, &data, &size, mns_turn_error (turn))) == MNS_OK; number++) {
    uint64_t person = 0;
    rc = load_exit (self, turn, &request->caller, &row, &person);
    if (rc != MNS_OK && !assistance_is_refusal (rc))
      return rc;
    assistance_tell_row (turn, number, rc, person);
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}
