/* The ledger: money paid in, and the balances. */
#include "services/assistance/entitle.h"
#include "services/assistance/handlers.h"

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

mns_rc_t assistance_fund (void *self, mns_turn_t *turn, const mns_request_t *request) {
  assistance_t *state = self;
  const mns_fund_request_t *asked = request->record;
  assistance_posting_t posting = {0};
  ledger_cause_t cause = {
      .kind = "fund", .day = mns_turn_today (turn), .by = request->caller.account, .note = asked->note};
  if (!assistance_source_known (&state->catalogue, asked->source))
    return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "source", "no scheme of the catalogue has a source \"%s\"",
                     asked->source);
  assistance_posting_add (&posting, ASSISTANCE_GRANTED, asked->source, -asked->amount_fen);
  assistance_posting_add (&posting, ASSISTANCE_FUND, asked->source, asked->amount_fen);
  mns_rc_t rc = ledger_store_post (&state->ledger, &posting, &cause, mns_turn_error (turn));
  return rc == MNS_OK ? reply_accounts (state, turn) : rc;
}
