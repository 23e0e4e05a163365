/* The double-entry ledger's rules. Pure.
 *
 *   granted:<source>      what a source has granted, negative: the counter-account of its fund
 *   fund:<source>         money of a source that is still there
 *   payable:<scheme>      reserved by a prepared batch
 *   paid:<scheme>         paid and due
 *   recoverable:<scheme>  paid and not due
 *
 * The entries of a posting add up to zero, and no account but `granted` goes below zero. */
#ifndef MNS_ASSISTANCE_RULES_LEDGER_H
#define MNS_ASSISTANCE_RULES_LEDGER_H

#include "common/fen.h"
#include "mns/error.h"

#define ASSISTANCE_ACCOUNT_MAX 80
#define ASSISTANCE_ENTRIES_MAX 72

typedef enum {
  ASSISTANCE_GRANTED,
  ASSISTANCE_FUND,
  ASSISTANCE_PAYABLE,
  ASSISTANCE_PAID,
  ASSISTANCE_RECOVERABLE
} assistance_account_kind_t;

typedef struct {
  char account[ASSISTANCE_ACCOUNT_MAX + 1];
  mns_fen_t amount_fen;
} assistance_entry_t;

/* A posting being made: one entry for each account. */
typedef struct {
  assistance_entry_t entries[ASSISTANCE_ENTRIES_MAX];
  size_t count;
} assistance_posting_t;

/* Adds to the account's entry; an account whose entry becomes zero stays. At most ASSISTANCE_ENTRIES_MAX accounts, an
 * assertion. */
void assistance_posting_add (assistance_posting_t *posting, assistance_account_kind_t kind, const char *name,
                             mns_fen_t amount_fen);
bool assistance_posting_balanced (const assistance_posting_t *posting);

/* Whether `balance` may become balance + amount. MNS_FUND_EXHAUSTED says how much is missing in which fund;
 * MNS_OUT_OF_RANGE for a number that does not fit. */
mns_rc_t assistance_balance_check (const char *account, mns_fen_t balance, mns_fen_t amount, mns_error_t *error);

#endif
