/* The double-entry ledger in the store. What may be posted: rules_ledger.h. */
#ifndef MNS_ASSISTANCE_STORE_LEDGER_H
#define MNS_ASSISTANCE_STORE_LEDGER_H

#include "common/db.h"
#include "common/records/assistance_requests.h"
#include "services/assistance/rules_ledger.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *balance, *open, *change, *insert, *entry, *list, *document;
} ledger_store_t;

/* Why something is posted. */
typedef struct {
  const char *kind; /* fund, reserve, pay, cancel, recover */
  uint64_t about;   /* number of the batch or recovery item, 0: none */
  mns_date_t day;
  const char *by, *note; /* the account behind it; "" or NULL: no note */
  const char *document;  /* booked once; NULL: none */
} ledger_cause_t;

void ledger_store_init (ledger_store_t *store, mns_db_t *db);

/* Whether every balance allows it; writes nothing. */
mns_rc_t ledger_store_check (ledger_store_t *store, const assistance_posting_t *posting, mns_error_t *error);
/* Checks, then writes. A posting that does not balance is an assertion. */
mns_rc_t ledger_store_post (ledger_store_t *store, const assistance_posting_t *posting, const ledger_cause_t *cause,
                            mns_error_t *error);

/* MNS_EXISTS when a posting has this document. */
mns_rc_t ledger_store_document (ledger_store_t *store, const char *document);

/* The accounts in the order of their names; *more false: no further one. `after` is "" at first. */
mns_rc_t ledger_store_next (ledger_store_t *store, const char *after, mns_ledger_account_t *account, bool *more);

#endif
