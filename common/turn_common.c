/* The commands that every service has: status and backup. */
#include "common/dir.h"
#include "common/turn.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void look_for_missing_of (mns_turn_t *turn, const mns_vector_row_t *row) {
  char code[MNS_NAME_MAX + 1];
  uint64_t epoch = row->epoch, from, last = row->number;
  bool missing = mns_vector_unseen (row, &from);
  snprintf (code, sizeof code, "not_in_log.%.30s", row->producer);
  if (!missing && row->lost_epoch > 0) {
    missing = true;
    epoch = row->lost_epoch;
    from = row->lost_first;
    last = row->lost_last;
  }
  if (missing)
    mns_turn_alarm_raise (turn, code,
                          "up to %llu events of %s, epoch %llu, numbers %llu-%llu, were applied here and are not in "
                          "the log: their producer has to send them again, or every store is restored from one backup",
                          (unsigned long long)(last - from + 1), row->producer, (unsigned long long)epoch,
                          (unsigned long long)from, (unsigned long long)last);
  else
    mns_turn_alarm_clear (turn, code);
}

/* While the log is read again nothing is missing yet. */
static void look_for_missing (mns_turn_t *turn) {
  if (mns_turn_rereads (turn)) {
    mns_turn_alarm_raise (turn, "log_reread", "the log is another one: it is read again, %llu of %llu",
                          (unsigned long long)turn->offset.number, (unsigned long long)turn->reread_until);
    return;
  }
  mns_turn_alarm_clear (turn, "log_reread");
  for (size_t i = 0; i < turn->vector.count; i++)
    look_for_missing_of (turn, &turn->vector.rows[i]);
}

mns_rc_t mns_turn_status (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)self;
  (void)request;
  mns_outbox_t *outbox = &turn->outbox;
  uint64_t first = 0;
  look_for_missing (turn);
  mns_outbox_first (outbox, &first);
  mns_service_status_t status = turn->status;
  status.log_epoch = (int64_t)turn->offset.epoch;
  status.log_number = (int64_t)turn->offset.number;
  status.producer_epoch = (int64_t)outbox->stored.epoch;
  status.published = (int64_t)outbox->stored.number;
  status.outbox_records = (int64_t)mns_outbox_pending (outbox);
  status.outbox_bytes = (int64_t)outbox->bytes;
  status.outbox_first = (int64_t)first;
  status.outbox_acked = (int64_t)outbox->acked;
  status.outbox_covered = (int64_t)outbox->covered;
  status.outbox_kept = (int64_t)outbox->kept;
  status.outbox_refused = (int64_t)turn->refused;
  mns_turn_reply (turn, &mns_service_status_type, &status);
  return MNS_OK;
}

/* The folder of `path`, made real, must be `allowed`, made real, or inside it: links and ".." do not lead out. */
static bool lies_in (const char *path, const char *allowed) {
  char folder[PATH_MAX], real[PATH_MAX], real_allowed[PATH_MAX];
  const char *slash = strrchr (path, '/');
  if (!slash || slash - path >= PATH_MAX)
    return false;
  snprintf (folder, sizeof folder, "%.*s", (int)(slash - path), path);
  if (!realpath (folder, real) || !realpath (allowed, real_allowed))
    return false;
  size_t length = strlen (real_allowed);
  return !strncmp (real, real_allowed, length) && (real[length] == '/' || real[length] == 0);
}

static mns_rc_t check_path (mns_turn_t *turn, const char *path) {
  char backups[MNS_PATH_MAX], own[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (backups, turn->config->data, "backup", &turn->error);
  if (rc == MNS_OK)
    rc = mns_dir_join (own, turn->config->data, turn->service->name, &turn->error);
  if (rc == MNS_OK)
    rc = mns_dir_make (backups, 0700, &turn->error);
  if (rc != MNS_OK)
    return rc;
  if (path[0] == '/' && (lies_in (path, backups) || lies_in (path, own)))
    return MNS_OK;
  return mns_fail (&turn->error, MNS_INVALID, "path",
                   "a backup is made in an existing folder inside %s or %s; give such an absolute path", backups, own);
}

/* What is committed now is copied, by a thread: the loop goes on, and answers when it is done. */
mns_rc_t mns_turn_backup (void *self, mns_turn_t *turn, const mns_request_t *request) {
  (void)self;
  const mns_service_backup_t *backup = request->record;
  if (turn->copy)
    return mns_fail (&turn->error, MNS_BUSY, backup->path, "another copy is being made");
  mns_rc_t rc = check_path (turn, backup->path);
  if (rc != MNS_OK)
    return rc;
  return mns_copy_begin (&turn->copy, sqlite3_db_filename (mns_db_handle (turn->db), "main"), backup->path,
                         turn->service->name, &turn->error);
}
