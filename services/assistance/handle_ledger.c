/* The ledger: money paid in, and the balances. */
#include "common/text.h"
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"
#include <stdio.h>

static mns_rc_t reply_accounts (assistance_t *self, mns_turn_t *turn) {
  mns_ledger_account_t account;
  bool more;
  mns_rc_t rc;
  mns_record_clear (&mns_ledger_account_type, &account);
  while ((rc = ledger_store_next (&self->ledger, account.account, &account, &more)) == MNS_OK && more)
    mns_turn_reply (turn, &mns_ledger_account_type, &account);
  return rc == MNS_OK ? rc : assistance_store_failed (turn, rc);
}

mns_rc_t assistance_ledger (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)request;
  return reply_accounts (self, turn);
}

static mns_rc_t check_fund (assistance_t *self, mns_turn_t *turn, const mns_fund_request_t *asked, mns_date_t day) {
  mns_error_t *error = mns_turn_error (turn);
  if (self->county == 0)
    return mns_fail (error, MNS_MISSING, "county", "the configuration names no county: set `county` in mns.yaml");
  if (!assistance_source_known (&self->catalogue, asked->source))
    return mns_fail (error, MNS_NOT_FOUND, "source", "no scheme of the catalogue has a source \"%s\"", asked->source);
  if (day > mns_turn_today (turn))
    return mns_fail (error, MNS_OUT_OF_RANGE, "day", "money is booked when it has come, not before");
  return MNS_OK;
}

static mns_rc_t tell_fund (assistance_t *self, mns_turn_t *turn, const mns_fund_request_t *asked, mns_date_t day) {
  mns_funded_t funded;
  mns_record_clear (&mns_funded_type, &funded);
  funded.place = self->county;
  funded.amount_fen = asked->amount_fen;
  funded.occurred = funded.registered = day;
  mns_text_copy (funded.source, sizeof funded.source, asked->source);
  mns_emit_t emit = {
      .subject = "fund", .place = self->county, .happening = "received", .occurred = day, .registered = day};
  return mns_turn_emit (turn, &emit, &mns_funded_type, &funded, 1);
}

/* MNS_EXISTS: the document of this source is booked already. */
static mns_rc_t pay_in (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller,
                        const mns_fund_request_t *asked) {
  char document[160];
  assistance_posting_t posting = {0};
  mns_date_t day = asked->day ? asked->day : mns_turn_today (turn);
  ledger_cause_t cause = {.kind = "fund", .day = day, .by = caller->account, .note = asked->note};
  mns_rc_t rc = check_fund (self, turn, asked, day);
  if (rc == MNS_OK && *asked->document) {
    snprintf (document, sizeof document, "%s:%s", asked->source, asked->document);
    cause.document = document;
    if ((rc = ledger_store_document (&self->ledger, document)) == MNS_EXISTS)
      return mns_fail (mns_turn_error (turn), rc, "document", "this document of the source is booked already");
  }
  if (rc != MNS_OK)
    return rc;
  assistance_posting_add (&posting, ASSISTANCE_GRANTED, asked->source, -asked->amount_fen);
  assistance_posting_add (&posting, ASSISTANCE_FUND, asked->source, asked->amount_fen);
  rc = ledger_store_post (&self->ledger, &posting, &cause, mns_turn_error (turn));
  return rc == MNS_OK ? tell_fund (self, turn, asked, day) : rc;
}

mns_rc_t assistance_fund (void *self, mns_turn_t *turn, const mns_request_t *request) {
  mns_rc_t rc = pay_in (self, turn, &request->caller, request->record);
  return rc == MNS_OK ? reply_accounts (self, turn) : rc;
}

mns_rc_t assistance_load_funds (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const uint8_t *data = request->body;
  size_t size = request->body_size;
  mns_fund_request_t row;
  mns_error_t *error = mns_turn_error (turn);
  mns_rc_t rc;
  for (uint64_t number = 1; (rc = mns_sequence_next (&mns_fund_request_type, &row, &data, &size, error)) == MNS_OK;
       number++) {
    rc = mns_record_validate (&mns_fund_request_type, &row, error);
    if (rc == MNS_OK && !*row.document)
      rc = mns_fail (error, MNS_MISSING, "document", "a row of a file needs the number of its document");
    if (rc == MNS_OK)
      rc = pay_in (self, turn, &request->caller, &row);
    if (rc != MNS_OK && !assistance_is_refusal (rc))
      return rc;
    assistance_tell_row (turn, number, rc, 0);
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}
