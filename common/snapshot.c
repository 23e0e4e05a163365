/* Snapshots: who has one, which page is next. */
#include "common/snapshot.h"
#include "common/dir.h"
#include "common/failpoint.h"
#include "common/text.h"
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LATER_MS = 20, BUSY_MS = 250 };

void mns_snapshots_init (mns_snapshots_t *snapshots, const mns_service_t *service, const mns_config_t *config) {
  memset (snapshots, 0, sizeof *snapshots);
  snapshots->service = service;
  snapshots->config = config;
}

/* ---- slots ------------------------------------------------------------------------------------------------------- */

/* What the thread has said; one that is done ends. */
static void hear (mns_snapshot_slot_t *slot) {
  if (slot->actor != NULL && mns_dump_heard (slot->actor, &slot->said) && slot->said.done)
    zactor_destroy (&slot->actor);
}

static void drop (mns_snapshot_slot_t *slot) {
  if (slot->id == 0)
    return;
  zactor_destroy (&slot->actor);
  close (slot->args.file);
  memset (slot, 0, sizeof *slot);
}

void mns_snapshots_fini (mns_snapshots_t *snapshots) {
  for (int i = 0; i < MNS_SNAPSHOTS; i++)
    drop (&snapshots->slots[i]);
  mns_buffer_fini (&snapshots->page);
}

void mns_snapshots_tick (mns_snapshots_t *snapshots, int64_t now_ms) {
  for (int i = 0; i < MNS_SNAPSHOTS; i++) {
    mns_snapshot_slot_t *slot = &snapshots->slots[i];
    hear (slot);
    if (slot->id != 0 && slot->actor == NULL && now_ms - slot->used_ms >= MNS_SNAPSHOT_KEPT_MS)
      drop (slot);
  }
}

static mns_snapshot_slot_t *find (mns_snapshots_t *snapshots, uint64_t id, const char *account) {
  for (int i = 0; i < MNS_SNAPSHOTS; i++)
    if (snapshots->slots[i].id == id && strcmp (snapshots->slots[i].account, account) == 0)
      return &snapshots->slots[i];
  return NULL;
}

/* A free slot, or that of the same account; NULL while one is being made, and when all are in use. */
static mns_snapshot_slot_t *make_room (mns_snapshots_t *snapshots, const char *account) {
  mns_snapshot_slot_t *room = NULL;
  for (int i = 0; i < MNS_SNAPSHOTS; i++) {
    mns_snapshot_slot_t *slot = &snapshots->slots[i];
    if (slot->actor != NULL)
      return NULL;
    if (slot->id == 0 ? room == NULL : strcmp (slot->account, account) == 0)
      room = slot;
  }
  if (room != NULL)
    drop (room);
  return room;
}

/* ---- beginning one ----------------------------------------------------------------------------------------------- */

static const mns_snapshot_t *find_stream (const mns_service_t *service, const char *command) {
  const char *dot = strchr (command, '.');
  for (const mns_snapshot_t *of = service->snapshots; dot && of && of->stream; of++)
    if (strcmp (of->stream, dot + 1) == 0)
      return of;
  return NULL;
}

static mns_rc_t open_file (const mns_snapshots_t *snapshots, int *file, mns_error_t *error) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (folder, snapshots->config->data, snapshots->service->name, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, "snapshot-XXXXXX", error);
  if (rc != MNS_OK)
    return rc;
  *file = mkstemp (path);
  if (*file < 0)
    return mns_fail (error, errno == ENOSPC || errno == EDQUOT ? MNS_DISK_FULL : MNS_IO, folder,
                     "no temporary file can be made here: %s", strerror (errno));
  unlink (path);
  return MNS_OK;
}

static uint64_t new_id (void) {
  uint64_t id;
  randombytes_buf (&id, sizeof id);
  return id >> 1 | 1;
}

static mns_rc_t begin (mns_snapshots_t *snapshots, const mns_head_t *asked, mns_acked_t acked,
                       mns_snapshot_slot_t **begun, mns_error_t *error) {
  const mns_snapshot_t *of = find_stream (snapshots->service, asked->command);
  if (of == NULL)
    return mns_fail (error, MNS_UNKNOWN_COMMAND, asked->command, "%s gives no snapshot of that name",
                     snapshots->service->name);
  if (acked.epoch == 0)
    return mns_fail (error, MNS_UNAVAILABLE, asked->command, "%s does not know where it stands in the log",
                     snapshots->service->name);
  mns_snapshot_slot_t *slot = make_room (snapshots, asked->account);
  if (slot == NULL)
    return mns_fail (error, MNS_BUSY, asked->command, "another snapshot is being made or read");
  int file;
  mns_rc_t rc = open_file (snapshots, &file, error);
  if (rc != MNS_OK)
    return rc;
  *slot = (mns_snapshot_slot_t){.id = new_id (), .acked = acked};
  mns_text_copy (slot->account, sizeof slot->account, asked->account);
  slot->args = (mns_dump_args_t){snapshots->service, snapshots->config, of, {{0}}, asked->prefix_count, file};
  memcpy (slot->args.prefixes, asked->prefixes, sizeof asked->prefixes);
  slot->actor = zactor_new ((zactor_fn *)mns_dump_actor, &slot->args);
  *begun = slot;
  return MNS_OK;
}

/* ---- a page ------------------------------------------------------------------------------------------------------ */

static mns_rc_t read_bytes (mns_snapshots_t *snapshots, int file, uint64_t from, size_t size, mns_error_t *error) {
  mns_buffer_clear (&snapshots->page);
  uint8_t *target = mns_buffer_reserve (&snapshots->page, size);
  for (size_t at = 0; at < size;) {
    ssize_t n = pread (file, target + at, size - at, (off_t)(from + at));
    if (n == 0 || (n < 0 && errno != EINTR))
      return mns_fail (error, MNS_IO, snapshots->service->name, "the file of the snapshot cannot be read: %s",
                       n < 0 ? strerror (errno) : "it is shorter than it was");
    at += n > 0 ? (size_t)n : 0;
  }
  snapshots->page.size = size;
  return MNS_OK;
}

/* The whole records among the first bytes of `size`; *needed is what the first takes when there is none. */
static size_t whole_records (const uint8_t *data, size_t size, uint64_t *count, size_t *needed) {
  size_t at = 0;
  *count = 0;
  while (size - at >= 4) {
    *needed = mns_event_size (data + at);
    if (*needed > size - at)
      break;
    at += *needed;
    ++*count;
  }
  return at;
}

static mns_rc_t read_page (mns_snapshots_t *snapshots, const mns_snapshot_slot_t *slot, uint64_t from, uint64_t *count,
                           mns_error_t *error) {
  uint64_t left = slot->said.written - from;
  size_t needed = 0, size = left < MNS_SNAPSHOT_PAGE ? (size_t)left : MNS_SNAPSHOT_PAGE;
  mns_rc_t rc = read_bytes (snapshots, slot->args.file, from, size, error);
  size_t whole = rc == MNS_OK ? whole_records (snapshots->page.data, size, count, &needed) : 0;
  if (rc == MNS_OK && whole == 0 && needed > 0 && needed <= left) {
    rc = read_bytes (snapshots, slot->args.file, from, needed, error);
    whole = rc == MNS_OK ? whole_records (snapshots->page.data, needed, count, &needed) : 0;
  }
  snapshots->page.size = whole;
  if (rc == MNS_OK && whole == 0)
    return mns_fail (error, MNS_INVALID, "previous", "position %llu is not the beginning of a row",
                     (unsigned long long)from);
  return rc;
}

static mns_frame_kind_t tell_end (const mns_snapshots_t *snapshots, const mns_snapshot_slot_t *slot, mns_acked_t acked,
                                  mns_head_t *answer) {
  mns_acked_t known = mns_mutant ("wrong_snapshot_number") ? acked : slot->acked;
  mns_text_copy (answer->producer, sizeof answer->producer, snapshots->service->name);
  answer->producer_epoch = slot->said.epoch;
  answer->number = slot->said.number;
  answer->log_epoch = known.epoch;
  answer->log_number = known.number;
  return MNS_SNAPEND;
}

static mns_rc_t turn_page (mns_snapshots_t *snapshots, const mns_snapshot_slot_t *slot, uint64_t from,
                           mns_head_t *answer, mns_error_t *error) {
  answer->number = slot->id;
  answer->last = from;
  if (from > slot->said.written)
    return mns_fail (error, MNS_INVALID, "previous", "position %llu lies behind the end of the snapshot",
                     (unsigned long long)from);
  if (from == slot->said.written) {
    answer->retry_after_ms = LATER_MS; /* not written yet */
    return MNS_OK;
  }
  mns_rc_t rc = read_page (snapshots, slot, from, &answer->count, error);
  answer->last = from + snapshots->page.size;
  return rc;
}

static mns_rc_t answer_page (mns_snapshots_t *snapshots, const mns_head_t *asked, mns_acked_t acked, int64_t now_ms,
                             mns_head_t *answer, mns_frame_kind_t *kind, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  mns_snapshot_slot_t *slot = asked->number ? find (snapshots, asked->number, asked->account) : NULL;
  if (asked->number == 0)
    rc = begin (snapshots, asked, acked, &slot, error);
  else if (slot == NULL)
    rc = mns_fail (error, MNS_GONE, "number", "this snapshot is not there any more: begin a new one");
  if (rc != MNS_OK)
    return rc;
  hear (slot);
  slot->used_ms = now_ms;
  uint64_t from = asked->number ? asked->previous : 0;
  if (slot->said.error.rc != MNS_OK) {
    *error = slot->said.error;
    drop (slot);
    return error->rc;
  }
  if (slot->said.done && from == slot->said.written) {
    *kind = tell_end (snapshots, slot, acked, answer);
    return MNS_OK;
  }
  return turn_page (snapshots, slot, from, answer, error);
}

mns_frame_kind_t mns_snapshots_answer (mns_snapshots_t *snapshots, const mns_head_t *asked, mns_acked_t acked,
                                       int64_t now_ms, mns_head_t *answer) {
  mns_error_t error = {0};
  mns_frame_kind_t kind = MNS_SNAPROW;
  mns_head_clear (answer);
  mns_buffer_clear (&snapshots->page);
  mns_snapshots_tick (snapshots, now_ms);
  mns_rc_t rc = answer_page (snapshots, asked, acked, now_ms, answer, &kind, &error);
  if (rc != MNS_OK) {
    mns_head_clear (answer);
    mns_buffer_clear (&snapshots->page);
    answer->rc = rc;
    mns_text_copy (answer->where, sizeof answer->where, error.where);
    mns_text_copy (answer->detail, sizeof answer->detail, error.detail);
    answer->retry_after_ms = mns_error_retry (rc) ? BUSY_MS : 0;
    kind = MNS_ERR;
  }
  answer->request = asked->request;
  return kind;
}
