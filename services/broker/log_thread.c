/* The log thread. */
#include "services/broker/log_thread.h"
#include "common/clock.h"
#include "common/text.h"
#include "services/broker/frames.h"

enum { PARTS_MAX = 512 };

typedef struct {
  broker_log_t *log;
  void *pipe;
  zmq_msg_t frames[PARTS_MAX + 2];
  size_t count;
  bool done;
} log_thread_t;

static void send_rows (log_thread_t *self, const broker_row_t *rows, size_t count) {
  zmq_msg_t table;
  size_t bytes = 0;
  broker_frame_init (&table, NULL, count * sizeof (broker_stored_t));
  broker_stored_t *stored = zmq_msg_data (&table);
  for (size_t i = 0; i < count; bytes += rows[i++].size)
    stored[i] = (broker_stored_t){rows[i].first, rows[i].count, rows[i].chain, rows[i].size};
  broker_frame_send (self->pipe, &table, true);
  broker_frame_send_bytes (self->pipe, rows[0].records, bytes, false);
}

/* Places and parts of the group in `frames`; records lie aligned to nothing, the places are copied. */
static mns_rc_t append (log_thread_t *self, broker_place_of_t *places, size_t place_count, const broker_row_t **rows,
                        size_t *row_count) {
  broker_part_t parts[PARTS_MAX];
  size_t count = self->count - 2;
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
  if (answer.rc != MNS_OK)
    mns_text_copy (answer.detail, sizeof answer.detail, broker_log_message (self->log));
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, answer.rc == MNS_OK);
  if (answer.rc == MNS_OK) {
    broker_frame_send_bytes (self->pipe, places, size, true);
    send_rows (self, rows, row_count);
  }
  free (places);
}

static void handle_copy (log_thread_t *self) {
  broker_copied_t answer = {.what = BROKER_COPY};
  char path[512] = "";
  size_t size = zmq_msg_size (&self->frames[1]);
  memcpy (path, zmq_msg_data (&self->frames[1]), size < sizeof path ? size : sizeof path - 1);
  broker_log_backup (self->log, path, &answer.error);
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, false);
}

/* One message of the router. Its frames are ours until the next. */
static void handle (log_thread_t *self) {
  char what = zmq_msg_size (&self->frames[0]) > 0 ? *(const char *)zmq_msg_data (&self->frames[0]) : '$';
  if (what == BROKER_APPEND)
    handle_append (self);
  else if (what == BROKER_COPY)
    handle_copy (self);
  else
    self->done = true; /* $TERM */
  for (size_t i = 0; i < self->count; i++)
    zmq_msg_close (&self->frames[i]);
}

static void run (log_thread_t *self) {
  while (!self->done) {
    if (!broker_frames_receive (self->pipe, self->frames, PARTS_MAX + 2, &self->count, true))
      break; /* the context ends */
    handle (self);
  }
}

void broker_log_actor (zsock_t *pipe, void *args) {
  const broker_log_args_t *options = args;
  mns_error_t error = {0};
  log_thread_t *self = mns_alloc (sizeof *self);
  self->pipe = zsock_resolve (pipe);
  mns_rc_t rc = broker_log_open (&self->log, options->path, options->vfs, false, &error);
  zsock_signal (pipe, 0);
  if (rc == MNS_OK)
    zstr_send (pipe, "READY");
  else
    zstr_sendx (pipe, "FAILED", mns_error_word (rc), error.where, error.detail, NULL);
  if (rc == MNS_OK)
    run (self);
  else
    broker_frames_await_term (self->pipe);
  broker_log_destroy (&self->log);
  free (self);
}
