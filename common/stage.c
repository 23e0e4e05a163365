/* Staging: pages in, rows out. */
#include "common/stage.h"

static mns_rc_t failed (mns_stage_t *stage, mns_rc_t rc, mns_error_t *error) {
  return rc == MNS_OK ? rc : mns_fail (error, rc, "stage", "%s", mns_db_message (stage->db));
}

mns_rc_t mns_stage_init (mns_stage_t *stage, mns_db_t *db, mns_error_t *error) {
  mns_rc_t rc =
      mns_db_exec (db, "CREATE TABLE IF NOT EXISTS stage (id INTEGER PRIMARY KEY, rows BLOB NOT NULL) STRICT", error);
  if (rc != MNS_OK)
    return rc;
  *stage = (mns_stage_t){.db = db,
                         .clear = mns_db_prepare (db, "DELETE FROM stage"),
                         .insert = mns_db_prepare (db, "INSERT INTO stage (rows) VALUES (?1)"),
                         .next = mns_db_prepare (db, "SELECT rows FROM stage ORDER BY id")};
  return MNS_OK;
}

mns_rc_t mns_stage_begin (mns_stage_t *stage, mns_error_t *error) {
  mns_db_bind (stage->clear, "");
  return failed (stage, mns_db_run (stage->db, stage->clear), error);
}

mns_rc_t mns_stage_add (mns_stage_t *stage, const void *rows, size_t size, mns_error_t *error) {
  mns_db_bind (stage->insert, "b", rows, size);
  return failed (stage, mns_db_run (stage->db, stage->insert), error);
}

static mns_rc_t apply_page (const mns_stage_owner_t *owner, const uint8_t *data, size_t size, mns_error_t *error) {
  mns_event_t row;
  size_t used;
  mns_rc_t rc = MNS_OK;
  for (; rc == MNS_OK && size > 0; data += used, size -= used) {
    rc = mns_event_unpack (&row, data, size, &used, error);
    if (rc == MNS_OK)
      rc = owner->apply (owner->self, &row, error);
    else
      used = 0;
  }
  return rc;
}

static mns_rc_t apply_all (mns_stage_t *stage, const mns_stage_owner_t *owner, mns_error_t *error) {
  const void *page;
  size_t size;
  bool row;
  mns_rc_t rc;
  mns_db_bind (stage->next, "");
  while ((rc = mns_db_step (stage->db, stage->next, &row)) == MNS_OK && row) {
    mns_db_read (stage->next, "b", &page, &size);
    rc = apply_page (owner, page, size, error);
    if (rc != MNS_OK)
      break;
  }
  if (rc != MNS_OK && row) {
    sqlite3_reset (stage->next);
    return rc;
  }
  return failed (stage, rc, error);
}

mns_rc_t mns_stage_swap (mns_stage_t *stage, const mns_stage_owner_t *owner, mns_error_t *error) {
  mns_rc_t rc = failed (stage, mns_db_begin (stage->db), error);
  if (rc != MNS_OK)
    return rc;
  rc = owner->forget (owner->self, error);
  if (rc == MNS_OK)
    rc = apply_all (stage, owner, error);
  if (rc == MNS_OK)
    rc = owner->finish (owner->self, error);
  if (rc == MNS_OK)
    rc = mns_stage_begin (stage, error);
  if (rc == MNS_OK)
    return failed (stage, mns_db_commit (stage->db), error);
  mns_db_rollback (stage->db);
  return rc;
}
