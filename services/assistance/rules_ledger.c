/* Postings are made here and checked before anything is written. */
#include "services/assistance/rules_ledger.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"granted", "fund", "payable", "paid", "recoverable"};

void assistance_posting_add (assistance_posting_t *posting, assistance_account_kind_t kind, const char *name,
                             mns_fen_t amount_fen) {
  char account[ASSISTANCE_ACCOUNT_MAX + 1];
  snprintf (account, sizeof account, "%s:%s", kinds[kind], name);
  for (size_t i = 0; i < posting->count; i++)
    if (!strcmp (posting->entries[i].account, account)) {
      posting->entries[i].amount_fen += amount_fen;
      return;
    }
  assert (posting->count < ASSISTANCE_ENTRIES_MAX);
  assistance_entry_t *entry = &posting->entries[posting->count++];
  memcpy (entry->account, account, sizeof account);
  entry->amount_fen = amount_fen;
}

bool assistance_posting_balanced (const assistance_posting_t *posting) {
  mns_fen_t sum = 0;
  for (size_t i = 0; i < posting->count; i++)
    sum += posting->entries[i].amount_fen;
  return sum == 0;
}

mns_rc_t assistance_balance_check (const char *account, mns_fen_t balance, mns_fen_t amount, mns_error_t *error) {
  mns_fen_t after;
  char missing[MNS_FEN_GROUPED], there[MNS_FEN_GROUPED];
  if (__builtin_add_overflow (balance, amount, &after))
    return mns_fail (error, MNS_OUT_OF_RANGE, account, "the balance does not fit");
  if (after >= 0 || !strncmp (account, "granted:", strlen ("granted:")))
    return MNS_OK;
  mns_fen_format_grouped (-after, missing);
  mns_fen_format_grouped (balance, there);
  return mns_fail (error, MNS_FUND_EXHAUSTED, account, "%s yuan are missing; there are %s. Pay money in first", missing,
                   there);
}
