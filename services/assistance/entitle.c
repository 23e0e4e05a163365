/* Entitlements begin and end here. */
#include "services/assistance/entitle.h"
#include "common/text.h"
#include "services/assistance/rules_rate.h"
#include "services/assistance/rules_steps.h"
#include <stdio.h>
#include <string.h>

mns_rc_t assistance_store_failed (mns_turn_t *turn, mns_rc_t rc) {
  return mns_fail (mns_turn_error (turn), rc, "store", "%s", mns_error_en (rc));
}

/* ---- who --------------------------------------------------------------------------------------------------------- */

mns_rc_t assistance_claimant (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller,
                              const mns_application_request_t *claim, mns_assisted_person_t *person) {
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc;
  if (claim->person)
    rc = person_store_find (&self->persons, claim->person, person, error);
  else if (claim->citizen_number[0] && claim->name[0])
    rc = person_store_find_number (&self->persons, claim->citizen_number, claim->name, person, error);
  else
    rc = mns_fail (error, MNS_MISSING, "person", "name the person by register number, or by citizen number and name");
  if (rc == MNS_OK && !mns_caller_covers (caller, person->place))
    rc = mns_fail (error, MNS_FORBIDDEN, "place", "the person is registered outside the division of this account");
  return rc;
}

/* ---- may it begin ------------------------------------------------------------------------------------------------ */

/* The bank's file goes through spreadsheets: nothing but what account numbers are made of. */
static mns_rc_t check_bank_account (const char *account, mns_error_t *error) {
  size_t size = strlen (account);
  if (!size)
    return MNS_OK;
  if (size < 8 || strspn (account, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != size)
    return mns_fail (error, MNS_INVALID, "bank_account", "an account has at least 8 digits or capital letters");
  return MNS_OK;
}

static mns_rc_t check_presence (const assistance_t *self, const entitle_t *asked, mns_error_t *error) {
  const mns_assisted_person_t *person = &asked->person;
  char day[MNS_DATE_TEXT];
  mns_date_format (person->status_day, day);
  if (person->status != MNS_PRESENT && person->status_registered <= asked->registered)
    return mns_fail (error, MNS_WRONG_STATE, "person", "the person is not in the register: %s since %s",
                     mns_code_word (&mns_person_status, person->status), day);
  if (self->county && !mns_place_covers (self->county, person->place))
    return mns_fail (error, MNS_NOT_ELIGIBLE, "place", "the person is registered in another county");
  return MNS_OK;
}

static mns_rc_t check_other (assistance_t *self, const entitle_t *asked, mns_error_t *error) {
  const mns_application_request_t *claim = asked->claim;
  mns_entitlement_t other;
  uint64_t id;
  char day[MNS_DATE_TEXT];
  mns_rc_t rc = entitlement_store_overlap (&self->entitlements, asked->person.id, claim->scheme, claim->from_day, &id);
  if (rc != MNS_OK || !id)
    return rc == MNS_OK ? rc : mns_fail (error, rc, "entitlement", "%s", mns_error_en (rc));
  if ((rc = entitlement_store_find (&self->entitlements, id, &other, error)) != MNS_OK)
    return rc;
  mns_date_format (other.from_day, day);
  if (other.from_day == claim->from_day && !strcmp (other.tier, claim->tier))
    return mns_fail (error, MNS_EXISTS, "person", "entitlement %llu is the same", (unsigned long long)id);
  return mns_fail (error, MNS_CONFLICT, "person", "the person has entitlement %llu of %s, %s since %s",
                   (unsigned long long)id, other.scheme, other.tier, day);
}

static assistance_facts_t facts_of (const entitle_t *asked) {
  const mns_application_request_t *claim = asked->claim;
  return (assistance_facts_t){.birth = asked->person.birth,
                              .day = claim->from_day,
                              .sex = asked->person.sex,
                              .registration = asked->person.registration,
                              .children_living = claim->children_living,
                              .sons_living = claim->sons_living,
                              .children_deceased = claim->children_deceased,
                              .child_disability_grade = claim->child_disability_grade};
}

mns_rc_t assistance_may_begin (assistance_t *self, mns_turn_t *turn, const entitle_t *asked) {
  const mns_application_request_t *claim = asked->claim;
  mns_error_t *error = mns_turn_error (turn);
  mns_date_t today = mns_turn_today (turn);
  mns_rc_t rc = assistance_tier_check (&self->catalogue, claim->scheme, claim->tier, error);
  if (rc != MNS_OK)
    return rc;
  if (assistance_scheme_find (&self->catalogue, claim->scheme)->closed == MNS_YES)
    return mns_fail (error, MNS_PERIOD_CLOSED, "scheme", "%s takes nobody new", claim->scheme);
  if ((rc = check_bank_account (claim->bank_account, error)) != MNS_OK)
    return rc;
  if (claim->from_day > today || asked->registered > today)
    return mns_fail (error, MNS_DATE_ORDER, claim->from_day > today ? "from_day" : "registered",
                     "the day lies in the future");
  if ((rc = check_presence (self, asked, error)) != MNS_OK || (rc = check_other (self, asked, error)) != MNS_OK)
    return rc;
  assistance_facts_t facts = facts_of (asked);
  return assistance_eligible (self->eligibility, claim->scheme, claim->tier, &facts, error);
}

/* ---- beginning --------------------------------------------------------------------------------------------------- */

static mns_rc_t tell (mns_turn_t *turn, const mns_entitlement_t *entitlement, mns_code_t happening,
                      const mns_event_t *cause) {
  bool ended = happening == MNS_ENTITLEMENT_ENDED;
  char entity[32];
  mns_entitlement_change_t change;
  mns_record_clear (&mns_entitlement_change_type, &change);
  change.entitlement = entitlement->entitlement;
  change.happening = happening;
  mns_text_copy (change.scheme, sizeof change.scheme, entitlement->scheme);
  mns_text_copy (change.tier, sizeof change.tier, entitlement->tier);
  change.person = entitlement->person;
  mns_text_copy (change.name, sizeof change.name, entitlement->name);
  change.place = entitlement->place;
  change.reason = ended ? entitlement->reason : 0;
  change.occurred = ended ? entitlement->last_day : entitlement->from_day;
  change.registered = ended ? entitlement->exit_registered : entitlement->registered;
  snprintf (entity, sizeof entity, "entitlement/%llu", (unsigned long long)entitlement->entitlement);
  mns_emit_t emit = {.subject = "entitlement",
                     .place = entitlement->place,
                     .happening = mns_code_word (&mns_entitlement_event, happening),
                     .occurred = change.occurred,
                     .registered = change.registered,
                     .entity = entity,
                     .cause = cause};
  return mns_turn_emit (turn, &emit, &mns_entitlement_change_type, &change, 1);
}

static void fill (mns_entitlement_t *entitlement, const entitle_t *asked) {
  const mns_application_request_t *claim = asked->claim;
  mns_record_clear (&mns_entitlement_type, entitlement);
  mns_text_copy (entitlement->scheme, sizeof entitlement->scheme, claim->scheme);
  mns_text_copy (entitlement->tier, sizeof entitlement->tier, claim->tier);
  entitlement->person = asked->person.id;
  mns_text_copy (entitlement->name, sizeof entitlement->name, asked->person.name);
  entitlement->place = asked->person.place;
  entitlement->opening = asked->opening;
  entitlement->from_day = claim->from_day;
  entitlement->registered = asked->registered;
}

static mns_code_t exit_reason_of (mns_code_t status) {
  return status == MNS_DEAD ? MNS_EXIT_DEATH : status == MNS_MOVED_OUT ? MNS_EXIT_MOVED : MNS_EXIT_OTHER;
}

mns_rc_t assistance_begin (assistance_t *self, mns_turn_t *turn, const entitle_t *asked, const char *by, uint64_t *id) {
  mns_code_t happening = asked->opening == MNS_YES ? MNS_ENTITLEMENT_OPENING : MNS_ENTITLEMENT_STARTED;
  const mns_assisted_person_t *person = &asked->person;
  mns_entitlement_t entitlement;
  fill (&entitlement, asked);
  mns_rc_t rc = mns_machine_next (&assistance_entitlement_machine, 0, happening, NULL, NULL, &entitlement.state,
                                  mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if ((rc = entitlement_store_insert (&self->entitlements, &entitlement, asked->claim)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  *id = entitlement.entitlement;
  rc = tell (turn, &entitlement, happening, NULL);
  if (rc != MNS_OK || person->status == MNS_PRESENT)
    return rc;
  exit_t gone = {.reason = exit_reason_of (person->status),
                 .last_day = person->status_day,
                 .registered = person->status_registered,
                 .by = by};
  return assistance_end (self, turn, &entitlement, &gone);
}

/* ---- ending ------------------------------------------------------------------------------------------------------ */

mns_rc_t assistance_may_end (mns_turn_t *turn, const mns_entitlement_t *entitlement, const exit_t *exit) {
  mns_error_t *error = mns_turn_error (turn);
  mns_date_t today = mns_turn_today (turn);
  mns_code_t next;
  mns_rc_t rc = mns_machine_next (&assistance_entitlement_machine, entitlement->state, MNS_ENTITLEMENT_ENDED, NULL,
                                  NULL, &next, error);
  if (rc == MNS_OK && (exit->last_day > today || exit->registered > today))
    rc = mns_fail (error, MNS_DATE_ORDER, exit->last_day > today ? "occurred" : "registered",
                   "the day lies in the future");
  return rc;
}

static mns_rc_t open_recovery (assistance_t *self, mns_turn_t *turn, const mns_entitlement_t *entitlement,
                               const exit_t *exit, const entitlement_payment_t *payment, mns_recovery_t *recovery) {
  assistance_posting_t posting = {0};
  ledger_cause_t cause = {.kind = "recover", .day = exit->registered, .by = exit->by};
  char entity[32];
  mns_rc_t rc = entitlement_store_recover (&self->entitlements, recovery, payment);
  if (rc != MNS_OK)
    return assistance_store_failed (turn, rc);
  cause.about = recovery->recovery;
  assistance_posting_add (&posting, ASSISTANCE_PAID, entitlement->scheme, -recovery->amount_fen);
  assistance_posting_add (&posting, ASSISTANCE_RECOVERABLE, entitlement->scheme, recovery->amount_fen);
  rc = ledger_store_post (&self->ledger, &posting, &cause, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  snprintf (entity, sizeof entity, "recovery/%llu", (unsigned long long)recovery->recovery);
  mns_emit_t emit = {.subject = "recovery",
                     .place = recovery->place,
                     .happening = "opened",
                     .occurred = recovery->since,
                     .registered = recovery->registered,
                     .entity = entity,
                     .cause = exit->cause};
  return mns_turn_emit (turn, &emit, &mns_recovery_type, recovery, 1);
}

/* What of one payment was for a time when nothing was due any longer. */
static mns_rc_t recover (assistance_t *self, mns_turn_t *turn, const mns_entitlement_t *entitlement, const exit_t *exit,
                         const entitlement_payment_t *payment) {
  mns_assisted_person_t person;
  assistance_period_t period;
  mns_recovery_t recovery;
  mns_rc_t rc = person_store_find (&self->persons, entitlement->person, &person, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if (!assistance_period_parse (payment->period, &period))
    return assistance_store_failed (turn, MNS_CORRUPT);
  assistance_rated_t rated = {entitlement->scheme, entitlement->tier, person.registration};
  mns_record_clear (&mns_recovery_type, &recovery);
  recovery.entitlement = entitlement->entitlement;
  recovery.place = entitlement->place;
  recovery.registered = exit->registered;
  recovery.amount_fen = assistance_overpaid (&self->catalogue, &rated, &period, payment->cutoff, payment->amount_fen,
                                             exit->last_day, &recovery.since);
  return recovery.amount_fen ? open_recovery (self, turn, entitlement, exit, payment, &recovery) : MNS_OK;
}

static mns_rc_t recover_all (assistance_t *self, mns_turn_t *turn, const mns_entitlement_t *entitlement,
                             const exit_t *exit) {
  entitlement_payment_t payment = {0};
  for (;;) {
    bool more;
    mns_rc_t rc =
        entitlement_store_payment (&self->entitlements, entitlement->entitlement, payment.batch, &payment, &more);
    if (rc != MNS_OK)
      return assistance_store_failed (turn, rc);
    if (!more)
      return MNS_OK;
    if ((rc = recover (self, turn, entitlement, exit, &payment)) != MNS_OK)
      return rc;
  }
}

mns_rc_t assistance_end (assistance_t *self, mns_turn_t *turn, mns_entitlement_t *entitlement, const exit_t *exit) {
  mns_rc_t rc = mns_machine_next (&assistance_entitlement_machine, entitlement->state, MNS_ENTITLEMENT_ENDED, NULL,
                                  NULL, &entitlement->state, mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  entitlement->last_day = exit->last_day;
  entitlement->reason = exit->reason;
  entitlement->exit_registered = exit->registered;
  if ((rc = entitlement_store_end (&self->entitlements, entitlement)) != MNS_OK)
    return assistance_store_failed (turn, rc);
  rc = tell (turn, entitlement, MNS_ENTITLEMENT_ENDED, exit->cause);
  return rc == MNS_OK ? recover_all (self, turn, entitlement, exit) : rc;
}

mns_rc_t assistance_end_all (assistance_t *self, mns_turn_t *turn, uint64_t person, const exit_t *exit) {
  mns_entitlement_t entitlement;
  uint64_t id = 0;
  for (;;) {
    mns_rc_t rc = entitlement_store_active (&self->entitlements, person, "", id, &id);
    if (rc != MNS_OK)
      return assistance_store_failed (turn, rc);
    if (!id)
      return MNS_OK;
    rc = entitlement_store_find (&self->entitlements, id, &entitlement, mns_turn_error (turn));
    if (rc == MNS_OK)
      rc = assistance_end (self, turn, &entitlement, exit);
    if (rc != MNS_OK)
      return rc;
  }
}

mns_rc_t assistance_correct_end (assistance_t *self, mns_turn_t *turn, const mns_assisted_person_t *person,
                                 mns_date_t before, exit_t *exit) {
  mns_entitlement_t entitlement;
  uint64_t id = 0;
  exit->reason = exit_reason_of (person->status);
  exit->last_day = person->status_day;
  for (;;) {
    mns_rc_t rc = entitlement_store_ended (&self->entitlements, person->id, "", before, exit->reason, &id);
    if (rc != MNS_OK)
      return assistance_store_failed (turn, rc);
    if (!id)
      return MNS_OK;
    if ((rc = entitlement_store_find (&self->entitlements, id, &entitlement, mns_turn_error (turn))) != MNS_OK)
      return rc;
    entitlement.last_day = exit->last_day;
    if ((rc = entitlement_store_end (&self->entitlements, &entitlement)) != MNS_OK)
      return assistance_store_failed (turn, rc);
    if ((rc = recover_all (self, turn, &entitlement, exit)) != MNS_OK)
      return rc;
  }
}
