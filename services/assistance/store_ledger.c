/* The SQL of the ledger: balances stand in the account, entries are only ever added. */
#include "services/assistance/store_ledger.h"
#include <assert.h>

void ledger_store_init (ledger_store_t *store, mns_db_t *db) {
  *store = (ledger_store_t){.db = db};
  store->balance = mns_db_prepare (db, "SELECT balance_fen FROM account WHERE name = ?1");
  store->open = mns_db_prepare (db, "INSERT INTO account (name, balance_fen) VALUES (?1, 0) ON CONFLICT DO NOTHING");
  store->change = mns_db_prepare (db, "UPDATE account SET balance_fen = balance_fen + ?2 WHERE name = ?1");
  store->insert = mns_db_prepare (
      db, "INSERT INTO posting (id, kind, about, day, by, note, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  store->document = mns_db_prepare (db, "SELECT 1 FROM posting WHERE document = ?1");
  store->entry = mns_db_prepare (db, "INSERT INTO entry (posting, place, account, amount_fen) VALUES (?1, ?2, ?3, ?4)");
  store->list = mns_db_prepare (db, "SELECT name, balance_fen FROM account WHERE name > ?1 ORDER BY name LIMIT 1");
}

static mns_rc_t read_balance (ledger_store_t *store, const char *account, mns_fen_t *balance) {
  bool row;
  *balance = 0;
  mns_db_bind (store->balance, "t", account);
  mns_rc_t rc = mns_db_step (store->db, store->balance, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (store->balance, "i", balance);
    sqlite3_reset (store->balance);
  }
  return rc;
}

mns_rc_t ledger_store_check (ledger_store_t *store, const assistance_posting_t *posting, mns_error_t *error) {
  assert (assistance_posting_balanced (posting));
  for (size_t i = 0; i < posting->count; i++) {
    mns_fen_t balance;
    mns_rc_t rc = read_balance (store, posting->entries[i].account, &balance);
    if (rc != MNS_OK)
      return mns_fail (error, rc, "ledger", "%s", mns_error_en (rc));
    rc = assistance_balance_check (posting->entries[i].account, balance, posting->entries[i].amount_fen, error);
    if (rc != MNS_OK)
      return rc;
  }
  return MNS_OK;
}

static mns_rc_t write_entry (ledger_store_t *store, uint64_t posting, size_t place, const assistance_entry_t *entry) {
  mns_db_bind (store->open, "t", entry->account);
  mns_rc_t rc = mns_db_run (store->db, store->open);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->change, "ti", entry->account, entry->amount_fen);
  if ((rc = mns_db_run (store->db, store->change)) != MNS_OK)
    return rc;
  mns_db_bind (store->entry, "uiti", posting, (int64_t)place, entry->account, entry->amount_fen);
  return mns_db_run (store->db, store->entry);
}

mns_rc_t ledger_store_post (ledger_store_t *store, const assistance_posting_t *posting, const ledger_cause_t *cause,
                            mns_error_t *error) {
  uint64_t id = 0;
  mns_rc_t rc = ledger_store_check (store, posting, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_db_take (store->db, "posting", 1, &id);
  if (rc == MNS_OK) {
    mns_db_bind (store->insert, "utudtst", id, cause->kind, cause->about, cause->day, cause->by, cause->note,
                 cause->document);
    rc = mns_db_run (store->db, store->insert);
  }
  for (size_t i = 0; rc == MNS_OK && i < posting->count; i++)
    rc = write_entry (store, id, i, &posting->entries[i]);
  return rc == MNS_OK ? rc : mns_fail (error, rc, "ledger", "%s", mns_error_en (rc));
}

mns_rc_t ledger_store_document (ledger_store_t *store, const char *document) {
  bool row;
  mns_db_bind (store->document, "t", document);
  mns_rc_t rc = mns_db_step (store->db, store->document, &row);
  sqlite3_reset (store->document);
  return rc == MNS_OK && row ? MNS_EXISTS : rc;
}

mns_rc_t ledger_store_next (ledger_store_t *store, const char *after, mns_ledger_account_t *account, bool *more) {
  mns_db_bind (store->list, "t", after);
  mns_rc_t rc = mns_db_step (store->db, store->list, more);
  if (rc == MNS_OK && *more) {
    mns_db_read (store->list, "ti", account->account, sizeof account->account, &account->balance_fen);
    sqlite3_reset (store->list);
  }
  return rc;
}
