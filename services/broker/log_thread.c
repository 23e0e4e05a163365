/* The log thread. */
#include "services/broker/log_thread.h"
#include "common/clock.h"
#include "common/failpoint.h"
#include "common/text.h"
#include "common/wait.h"
#include "services/broker/frames.h"
#include "services/broker/reserve.h"

enum {
  PARTS_MAX = 512,
  IDLE_MS = 2000,     /* without a message: time for the write-ahead log */
  WAL_IDLE = 1 << 20, /* less of it is left as it is */
  WAL_LOOK_EVERY = 64 /* groups */
};

typedef struct {
  broker_log_t *log;
  broker_reserve_t reserve;
  void *pipe;
  zmq_msg_t frames[PARTS_MAX + 2];
  size_t count;
  uint64_t groups;
  bool done, trimming;
  broker_trim_ask_t asked;  /* while trimming */
  broker_trimmed_t trimmed; /* so far */
  uint64_t standing;        /* where the retention of the configuration goes on */
} log_thread_t;

static void send_rows (log_thread_t *self, const broker_row_t *rows, size_t count) {
  zmq_msg_t table;
  size_t bytes = 0;
  broker_frame_init (&table, NULL, count * sizeof (broker_stored_t));
  broker_stored_t *stored = zmq_msg_data (&table);
  for (size_t i = 0; i < count; bytes += rows[i++].size)
    stored[i] =
        (broker_stored_t){rows[i].first, rows[i].count, rows[i].chain, rows[i].streams, rows[i].size, rows[i].recorded};
  broker_frame_send (self->pipe, &table, true);
  broker_frame_send_bytes (self->pipe, rows[0].records, bytes, false);
}

/* A disk that was full gets nothing more before there is room for the reserve, or room inside the store: otherwise the
 * last bytes would go to appends, and trimming could not make room. */
static bool has_room (log_thread_t *self) {
  return broker_reserve_take (&self->reserve) || broker_log_free_bytes (self->log) >= (uint64_t)self->reserve.bytes;
}

/* What the write-ahead log holds goes into the store with the help of the reserve, and its bytes are free. */
static void note_full (log_thread_t *self, mns_rc_t rc) {
  if (rc != MNS_DISK_FULL)
    return;
  broker_reserve_give (&self->reserve);
  broker_log_truncate_wal (self->log);
}

/* Places and parts of the group in `frames`; records lie aligned to nothing, the places are copied. */
static mns_rc_t append (log_thread_t *self, broker_place_of_t *places, size_t place_count, const broker_row_t **rows,
                        size_t *row_count) {
  broker_part_t parts[PARTS_MAX];
  size_t count = self->count - 2;
  if (!has_room (self))
    return MNS_DISK_FULL;
  for (size_t i = 0; i < count; i++)
    parts[i] = (broker_part_t){zmq_msg_data (&self->frames[i + 2]), zmq_msg_size (&self->frames[i + 2])};
  return broker_log_append (self->log, parts, count, places, place_count, mns_clock.wall (), rows, row_count);
}

static void handle_append (log_thread_t *self) {
  broker_appended_t answer = {.what = BROKER_APPEND};
  const broker_row_t *rows;
  size_t row_count, size = zmq_msg_size (&self->frames[1]);
  broker_place_of_t *places = mns_alloc (size);
  memcpy (places, zmq_msg_data (&self->frames[1]), size);
  answer.rc = append (self, places, size / sizeof *places, &rows, &row_count);
  answer.place = *broker_log_place (self->log);
  note_full (self, answer.rc);
  if (answer.rc != MNS_OK)
    mns_text_copy (answer.detail, sizeof answer.detail, broker_log_message (self->log));
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, answer.rc == MNS_OK);
  if (answer.rc == MNS_OK) {
    broker_frame_send_bytes (self->pipe, places, size, true);
    send_rows (self, rows, row_count);
  }
  free (places);
}

/* A copy covers nothing before it has been read back. */
static void check_copy (const char *path, mns_error_t *error) {
  mns_db_t *copy = NULL;
  mns_db_options_t options = {.path = path, .read_only = true, .who = "broker"};
  if (mns_db_open (&copy, &options, error) == MNS_OK)
    mns_db_check (copy, error);
  mns_db_destroy (&copy);
}

static void handle_copy (log_thread_t *self) {
  broker_copied_t answer = {.what = BROKER_COPY};
  char path[512] = "";
  size_t size = zmq_msg_size (&self->frames[1]);
  memcpy (path, zmq_msg_data (&self->frames[1]), size < sizeof path ? size : sizeof path - 1);
  mns_failpoint ("log_copy");
  if (broker_log_backup (self->log, path, &answer.error) == MNS_OK)
    check_copy (path, &answer.error);
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, false);
}

/* ---- notes ------------------------------------------------------------------------------------------------------- */

static void answer_noted (log_thread_t *self, char what, mns_rc_t rc) {
  broker_noted_t answer = {.what = what, .rc = rc, .epoch = broker_log_place (self->log)->epoch};
  if (rc != MNS_OK)
    mns_text_copy (answer.detail, sizeof answer.detail, broker_log_message (self->log));
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, false);
}

/* Frames lie aligned to nothing: the rows are copied. */
static void *copy_frame (zmq_msg_t *frame) {
  size_t size = zmq_msg_size (frame);
  void *copy = mns_alloc (size > 0 ? size : 1);
  memcpy (copy, zmq_msg_data (frame), size);
  return copy;
}

static void handle_note (log_thread_t *self) {
  broker_consumer_row_t *consumers = copy_frame (&self->frames[1]);
  broker_covered_t *covered = copy_frame (&self->frames[2]);
  mns_rc_t rc = broker_log_note (self->log, consumers, zmq_msg_size (&self->frames[1]) / sizeof *consumers, covered,
                                 zmq_msg_size (&self->frames[2]) / sizeof *covered);
  free (consumers);
  free (covered);
  answer_noted (self, BROKER_NOTE, rc);
}

static void handle_renew (log_thread_t *self) {
  uint64_t epoch = 0;
  if (zmq_msg_size (&self->frames[1]) == sizeof epoch)
    memcpy (&epoch, zmq_msg_data (&self->frames[1]), sizeof epoch);
  answer_noted (self, BROKER_RENEW, broker_log_renew (self->log, epoch));
}

/* ---- trimming ---------------------------------------------------------------------------------------------------- */

static void handle_trim (log_thread_t *self) {
  if (zmq_msg_size (&self->frames[1]) != sizeof self->asked)
    return;
  memcpy (&self->asked, zmq_msg_data (&self->frames[1]), sizeof self->asked);
  self->trimmed = (broker_trimmed_t){.cursor = self->asked.standing ? self->standing : 0};
  self->trimming = true;
}

static void trim_turn (log_thread_t *self) {
  broker_trim_done_t answer = {.what = BROKER_TRIM, .standing = self->asked.standing};
  answer.rc = broker_log_trim (self->log, &self->asked.trim, &self->trimmed);
  if (answer.rc == MNS_DISK_FULL) { /* this is what the reserve is for */
    note_full (self, answer.rc);
    answer.rc = broker_log_trim (self->log, &self->asked.trim, &self->trimmed);
  }
  if (answer.rc == MNS_OK && !self->trimmed.done)
    return;
  self->trimming = false;
  if (answer.rc != MNS_OK)
    mns_text_copy (answer.detail, sizeof answer.detail, broker_log_message (self->log));
  if (self->asked.standing && answer.rc == MNS_OK)
    self->standing = self->trimmed.cursor;
  answer.trimmed = self->trimmed;
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, false);
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

/* One message of the router. Its frames are ours until the next. */
static void handle (log_thread_t *self) {
  char what = zmq_msg_size (&self->frames[0]) > 0 ? *(const char *)zmq_msg_data (&self->frames[0]) : '$';
  if (what == BROKER_APPEND)
    handle_append (self);
  else if (what == BROKER_COPY)
    handle_copy (self);
  else if (what == BROKER_TRIM)
    handle_trim (self);
  else if (what == BROKER_NOTE)
    handle_note (self);
  else if (what == BROKER_RENEW)
    handle_renew (self);
  else
    self->done = true; /* $TERM */
  for (size_t i = 0; i < self->count; i++)
    zmq_msg_close (&self->frames[i]);
}

/* A reader that goes on and on keeps SQLite from beginning the write-ahead log anew: then it is cut off here, at a
 * moment without a reader. */
static void bound_wal (log_thread_t *self) {
  if (++self->groups % WAL_LOOK_EVERY == 0 && broker_log_wal_bytes (self->log) > BROKER_WAL_MAX)
    broker_log_truncate_wal (self->log);
}

static void rest (log_thread_t *self) {
  if (broker_log_wal_bytes (self->log) > WAL_IDLE)
    broker_log_truncate_wal (self->log);
}

static void run (log_thread_t *self) {
  mns_watched_t pipe;
  mns_watch (&pipe, self->pipe);
  while (!self->done) {
    if (broker_frames_receive (self->pipe, self->frames, PARTS_MAX + 2, &self->count, false)) {
      handle (self);
      bound_wal (self);
    } else if (zmq_errno () == ETERM) {
      break; /* the context ends */
    } else if (!self->trimming) {
      pipe.touched = false; /* the receive has just asked */
      if (!mns_wait (&pipe, 1, IDLE_MS))
        rest (self);
    }
    if (self->trimming)
      trim_turn (self);
  }
}

/* What was found when it was opened. */
static void say_ready (log_thread_t *self, zsock_t *pipe) {
  char found[40];
  const broker_place_t *place = broker_log_place (self->log);
  snprintf (found, sizeof found, "%s%llu", place->unclean ? "unclean " : "", (unsigned long long)place->damaged);
  zstr_sendx (pipe, "READY", found, NULL);
}

void broker_log_actor (zsock_t *pipe, void *args) {
  const broker_log_args_t *options = args;
  mns_error_t error = {0};
  log_thread_t *self = mns_alloc (sizeof *self);
  self->pipe = zsock_resolve (pipe);
  mns_rc_t rc = broker_log_open (&self->log, options->path, options->vfs, false, &error);
  if (rc == MNS_OK) {
    broker_log_keep (self->log, options->keep);
    broker_reserve_init (&self->reserve, options->path);
    broker_log_checkpoint_at (self->log, (uint64_t)self->reserve.bytes * 3 / 4);
  }
  zsock_signal (pipe, 0);
  if (rc == MNS_OK)
    say_ready (self, pipe);
  else
    zstr_sendx (pipe, "FAILED", mns_error_word (rc), error.where, error.detail, NULL);
  if (rc == MNS_OK)
    run (self);
  else
    broker_frames_await_term (self->pipe);
  broker_log_destroy (&self->log);
  free (self);
}
