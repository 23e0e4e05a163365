/* Stored answers: look-up, storing, and the purge that walks the keys in order, a few in each transaction. */
#include "common/answer.h"
#include <sodium.h>
#include <string.h>

#define PURGE_KEYS 256

void mns_answers_init (mns_answers_t *answers, mns_db_t *db) {
  memset (answers, 0, sizeof *answers);
  answers->db = db;
  answers->find = mns_db_prepare (db, "SELECT account = ?2 AND command = ?3 AND hash = ?4, rc, epoch, number, body"
                                      " FROM answer WHERE key = ?1");
  answers->insert =
      mns_db_prepare (db, "INSERT INTO answer (key, account, command, hash, rc, body, epoch, number, stored)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  answers->old = mns_db_prepare (db, "SELECT key FROM answer WHERE key > ?1 AND key < ?2 ORDER BY key LIMIT ?3");
  answers->remove = mns_db_prepare (db, "DELETE FROM answer WHERE key = ?1");
}

void mns_asked_init (mns_asked_t *asked, const char *account, const char *command, const void *body, size_t size) {
  asked->account = account;
  asked->command = command;
  crypto_generichash (asked->hash, sizeof asked->hash, body, size, NULL, 0);
}

mns_rc_t mns_answers_find (mns_answers_t *answers, const mns_uuid_t *key, const mns_asked_t *asked,
                           mns_answer_t *answer) {
  bool row;
  int same, number;
  const void *body;
  mns_db_bind (answers->find, "gttb", key, asked->account, asked->command, asked->hash, sizeof asked->hash);
  mns_rc_t rc = mns_db_step (answers->db, answers->find, &row);
  if (rc != MNS_OK)
    return rc;
  if (!row)
    return MNS_NOT_FOUND;
  mns_db_read (answers->find, "nnuub", &same, &number, &answer->epoch, &answer->number, &body, &answer->size);
  answer->rc = (mns_rc_t)number;
  answer->body = body;
  if (same)
    return MNS_OK;
  mns_answers_done (answers);
  return MNS_KEY_REUSED;
}

void mns_answers_done (mns_answers_t *answers) {
  sqlite3_reset (answers->find);
}

mns_rc_t mns_answers_store (mns_answers_t *answers, const mns_uuid_t *key, const mns_asked_t *asked,
                            const mns_answer_t *answer, mns_time_t now) {
  const void *body = answer->body ? (const void *)answer->body : "";
  mns_db_bind (answers->insert, "gttbnbiim", key, asked->account, asked->command, asked->hash, sizeof asked->hash,
               (int)answer->rc, body, answer->size, (int64_t)answer->epoch, (int64_t)answer->number, now);
  return mns_db_run (answers->db, answers->insert);
}

bool mns_answers_expired (const mns_uuid_t *key, mns_time_t now) {
  mns_time_t made = mns_uuid_time (key);
  return made != 0 && made < now - MNS_ANSWER_KEPT_US;
}

/* The smallest key of version 7 that is not expired begins with this time. */
static mns_uuid_t bound_of (mns_time_t now) {
  mns_uuid_t bound = {{0}};
  uint64_t ms = (uint64_t)((now - MNS_ANSWER_KEPT_US) / 1000);
  for (int i = 0; i < 6; i++)
    bound.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
  return bound;
}

static mns_rc_t remove_expired (mns_answers_t *answers, const mns_uuid_t *keys, size_t count, mns_time_t now) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < count; i++) {
    if (!mns_answers_expired (&keys[i], now))
      continue;
    mns_db_bind (answers->remove, "g", &keys[i]);
    rc = mns_db_run (answers->db, answers->remove);
  }
  return rc;
}

mns_rc_t mns_answers_purge (mns_answers_t *answers, mns_time_t now, bool *more) {
  mns_uuid_t keys[PURGE_KEYS], bound = bound_of (now);
  size_t count = 0;
  bool row;
  mns_db_bind (answers->old, "bbn", answers->purged.bytes, sizeof answers->purged.bytes, bound.bytes,
               sizeof bound.bytes, PURGE_KEYS);
  mns_rc_t rc = mns_db_step (answers->db, answers->old, &row);
  while (rc == MNS_OK && row && count < PURGE_KEYS) {
    mns_db_read (answers->old, "g", &keys[count++]);
    rc = mns_db_step (answers->db, answers->old, &row);
  }
  sqlite3_reset (answers->old);
  *more = count == PURGE_KEYS;
  if (rc == MNS_OK)
    rc = remove_expired (answers, keys, count, now);
  answers->purged = *more ? keys[count - 1] : (mns_uuid_t){{0}};
  return rc;
}
