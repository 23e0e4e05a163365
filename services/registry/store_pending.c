/* What waits for a second person, in the store. */
#include "services/registry/store_pending.h"

#include "common/records/place.h"
#include <inttypes.h>

#define LIST_DEFAULT 50
#define COLUMNS                                                                                                        \
  "id, state, place, event_kind, field, person, occurred, why, account, entered, decided_by, decided, reason"

void registry_pendings_init (registry_pendings_t *pendings, mns_db_t *db) {
  *pendings = (registry_pendings_t){
      .db = db,
      .insert =
          mns_db_prepare (db, "INSERT INTO pending (" COLUMNS ", body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                              "?10, ?11, ?12, ?13, ?14)"),
      .same = mns_db_prepare (db, "SELECT id FROM pending WHERE state = 'waiting' AND body = ?1"),
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM pending WHERE id = ?1"),
      .body = mns_db_prepare (db, "SELECT body FROM pending WHERE id = ?1"),
      .decide = mns_db_prepare (db, "UPDATE pending SET state = ?2, decided_by = ?3, decided = ?4, reason = ?5 "
                                    "WHERE id = ?1"),
      .list = mns_db_prepare (db, "SELECT " COLUMNS " FROM pending WHERE state = ?1 AND place BETWEEN ?2 AND ?3 AND "
                                  "id > ?4 ORDER BY id LIMIT ?5"),
  };
}

static mns_rc_t find_same (registry_pendings_t *pendings, const void *body, size_t size, uint64_t *id) {
  bool row;
  *id = 0;
  mns_db_bind (pendings->same, "b", body, size);
  mns_rc_t rc = mns_db_step (pendings->db, pendings->same, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (pendings->same, "u", id);
    sqlite3_reset (pendings->same);
  }
  return rc;
}

mns_rc_t registry_pending_insert (registry_pendings_t *pendings, mns_pending_info_t *pending, const void *body,
                                  size_t size) {
  mns_rc_t rc = find_same (pendings, body, size, &pending->pending);
  if (rc != MNS_OK || pending->pending)
    return rc;
  rc = mns_db_take (pendings->db, "pending", 1, &pending->pending);
  if (rc == MNS_OK)
    rc = mns_record_bind (&mns_pending_info_type, pending, pendings->insert, 1);
  if (rc != MNS_OK)
    return rc;
  sqlite3_bind_blob (pendings->insert, mns_pending_info_type.field_count + 1, body, (int)size, SQLITE_STATIC);
  return mns_db_run (pendings->db, pendings->insert);
}

static mns_rc_t read_body (registry_pendings_t *pendings, uint64_t id, mns_buffer_t *body) {
  bool row;
  const void *data;
  size_t size;
  mns_db_bind (pendings->body, "u", id);
  mns_rc_t rc = mns_db_step (pendings->db, pendings->body, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (pendings->body, "b", &data, &size);
    mns_buffer_add (body, data, size);
    sqlite3_reset (pendings->body);
  }
  return rc;
}

mns_rc_t registry_pending_get (registry_pendings_t *pendings, uint64_t id, mns_pending_info_t *pending,
                               mns_buffer_t *body, mns_error_t *error) {
  bool row = false;
  mns_db_bind (pendings->get, "u", id);
  mns_rc_t rc = mns_db_step (pendings->db, pendings->get, &row);
  if (rc == MNS_OK && row)
    rc = mns_record_read (&mns_pending_info_type, pending, pendings->get, 0, error);
  sqlite3_reset (pendings->get);
  if (rc == MNS_OK && !row)
    return mns_fail (error, MNS_NOT_FOUND, "pending", "nothing that waits has the number %" PRIu64, id);
  return rc == MNS_OK ? read_body (pendings, id, body) : rc;
}

mns_rc_t registry_pending_decide (registry_pendings_t *pendings, const mns_pending_info_t *pending) {
  mns_db_bind (pendings->decide, "uttms", pending->pending, mns_code_word (&mns_pending_state, pending->state),
               pending->decided_by, pending->decided, pending->reason);
  return mns_db_run (pendings->db, pendings->decide);
}

mns_rc_t registry_pending_list (registry_pendings_t *pendings, const mns_pending_query_t *query, mns_place_t area,
                                registry_each_pending_t each, void *context) {
  mns_pending_info_t pending;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  mns_code_t state = query->state ? query->state : MNS_PENDING_WAITING;
  int64_t limit = query->limit == MNS_NONE ? LIST_DEFAULT : query->limit;
  mns_db_bind (pendings->list, "tiiii", mns_code_word (&mns_pending_state, state), area, mns_place_last (area),
               (int64_t)query->after, limit);
  while (rc == MNS_OK) {
    rc = mns_db_step (pendings->db, pendings->list, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_pending_info_type, &pending, pendings->list, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &pending);
  }
  sqlite3_reset (pendings->list);
  return rc;
}
