/* The SQL of messages. */
#include "services/notifications/store_message.h"
#include "common/records/place.h"
#include "common/text.h"

#define COLUMNS       "id, state, rule, key, place, address, channel, created, attempts, due, sent, error, subject, body"
#define DEFAULT_LIMIT 100

void message_store_init (message_store_t *store, mns_db_t *db) {
  *store = (message_store_t){.db = db};
  store->insert = mns_db_prepare (db, "INSERT INTO message (" COLUMNS ", name)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
  store->exists = mns_db_prepare (db, "SELECT 1 FROM message WHERE key = ?1 AND address = ?2");
  store->find = mns_db_prepare (db, "SELECT " COLUMNS ", name FROM message WHERE id = ?1");
  store->due = mns_db_prepare (db, "SELECT id FROM message WHERE state = 'waiting' AND due <= ?1 ORDER BY due LIMIT 1");
  store->update = mns_db_prepare (
      db, "UPDATE message SET state = ?2, attempts = ?3, due = ?4, sent = ?5, error = ?6 WHERE id = ?1");
  store->list = mns_db_prepare (
      db, "SELECT " COLUMNS " FROM message WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR state = ?2)"
          " AND (?3 IS NULL OR rule = ?3) AND place BETWEEN ?4 AND ?5 AND id > ?6 ORDER BY id LIMIT ?7");
  store->retry = mns_db_prepare (
      db, "UPDATE message SET state = 'waiting', attempts = 0, due = ?1, error = NULL WHERE state = 'dead'");
  store->restart = mns_db_prepare (db, "UPDATE message SET state = 'waiting' WHERE state = 'sending'");
  store->place = mns_db_prepare (
      db, "INSERT INTO place (code, name) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET name = excluded.name"
          " WHERE ?3 = 0");
  store->place_name = mns_db_prepare (db, "SELECT name FROM place WHERE code = ?1");
  store->began = mns_db_prepare (db, "INSERT INTO instance (id, began) VALUES (1, ?1)"
                                     " ON CONFLICT (id) DO UPDATE SET began = began RETURNING began");
}

mns_rc_t message_store_begin (message_store_t *store, mns_time_t now, mns_time_t *began, mns_error_t *error) {
  bool row = false;
  mns_rc_t rc = mns_db_begin (store->db);
  if (rc == MNS_OK) {
    mns_db_bind (store->began, "m", now);
    rc = mns_db_step (store->db, store->began, &row);
  }
  if (rc == MNS_OK && row) {
    mns_db_read (store->began, "m", began);
    sqlite3_reset (store->began);
  }
  if (rc == MNS_OK) {
    mns_db_bind (store->restart, "");
    rc = mns_db_run (store->db, store->restart);
  }
  if (rc == MNS_OK)
    rc = mns_db_commit (store->db);
  if (rc == MNS_OK)
    return rc;
  mns_db_rollback (store->db);
  return mns_fail (error, rc, "store", "%s", mns_error_en (rc));
}

mns_rc_t message_store_exists (message_store_t *store, const char *key, const char *address, bool *exists) {
  mns_db_bind (store->exists, "tt", key, address);
  mns_rc_t rc = mns_db_step (store->db, store->exists, exists);
  sqlite3_reset (store->exists);
  return rc;
}

mns_rc_t message_store_insert (message_store_t *store, mns_message_t *message, const char *name) {
  mns_rc_t rc = mns_db_take (store->db, "message", 1, &message->message);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (store->insert, "utttpttmimmsttt", message->message, mns_code_word (&mns_message_state, message->state),
               message->rule, message->key, message->place, message->address,
               mns_code_word (&mns_channel, message->channel), message->created, message->attempts, message->due,
               message->sent, message->error, message->subject, message->body, name);
  return mns_db_run (store->db, store->insert);
}

mns_rc_t message_store_find (message_store_t *store, uint64_t id, mns_message_t *message, char *name, size_t size) {
  bool row;
  mns_db_bind (store->find, "u", id);
  mns_rc_t rc = mns_db_step (store->db, store->find, &row);
  if (rc != MNS_OK || !row)
    return rc == MNS_OK ? MNS_NOT_FOUND : rc;
  rc = mns_record_read (&mns_message_type, message, store->find, 0, NULL);
  if (name)
    mns_text_copy (name, size, (const char *)sqlite3_column_text (store->find, 14));
  sqlite3_reset (store->find);
  return rc;
}

mns_rc_t message_store_due (message_store_t *store, mns_time_t now, uint64_t *id) {
  bool row;
  *id = 0;
  mns_db_bind (store->due, "m", now);
  mns_rc_t rc = mns_db_step (store->db, store->due, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (store->due, "u", id);
    sqlite3_reset (store->due);
  }
  return rc;
}

mns_rc_t message_store_update (message_store_t *store, const mns_message_t *message) {
  mns_db_bind (store->update, "utimms", message->message, mns_code_word (&mns_message_state, message->state),
               message->attempts, message->due, message->sent, message->error);
  return mns_db_run (store->db, store->update);
}

void message_store_list (message_store_t *store, const mns_message_query_t *query) {
  mns_db_bind (store->list, "ussiiii", query->message,
               query->state ? mns_code_word (&mns_message_state, query->state) : "", query->rule, (int64_t)query->place,
               (int64_t)mns_place_last (query->place), (int64_t)query->after,
               query->limit == MNS_NONE ? (int64_t)DEFAULT_LIMIT : query->limit);
}

mns_rc_t message_store_next (message_store_t *store, mns_message_t *message, bool *more, mns_error_t *error) {
  mns_rc_t rc = mns_db_step (store->db, store->list, more);
  if (rc == MNS_OK && *more)
    rc = mns_record_read (&mns_message_type, message, store->list, 0, error);
  if (rc != MNS_OK)
    sqlite3_reset (store->list);
  return rc;
}

mns_rc_t message_store_retry_dead (message_store_t *store, mns_time_t now, int64_t *count) {
  int64_t before = mns_db_changes (store->db);
  mns_db_bind (store->retry, "m", now);
  mns_rc_t rc = mns_db_run (store->db, store->retry);
  *count = mns_db_changes (store->db) - before;
  return rc;
}

mns_rc_t message_store_put_place (message_store_t *store, mns_place_t code, const char *name, bool ended) {
  mns_db_bind (store->place, "ptn", code, name, (int)ended);
  return mns_db_run (store->db, store->place);
}

mns_rc_t message_store_place_name (message_store_t *store, mns_place_t code, char *name, size_t size) {
  bool row;
  char text[MNS_PLACE_TEXT];
  mns_db_bind (store->place_name, "p", code);
  mns_rc_t rc = mns_db_step (store->db, store->place_name, &row);
  mns_place_format (code, text);
  mns_text_copy (name, size, text);
  if (rc == MNS_OK && row) {
    mns_db_read (store->place_name, "t", name, size);
    sqlite3_reset (store->place_name);
  }
  return rc;
}
