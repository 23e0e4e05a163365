/* The index thread. */
#include "services/broker/index_thread.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "services/broker/frames.h"
#include "services/broker/reserve.h"

enum {
  FRAMES = 2,
  TELL_MS = 250,
  PAUSE_MS = 2000,    /* after an error */
  CATCH_UP_MS = 1000, /* for a trace */
  RETRY_MS = 1000,
  VERIFY_BYTES = 1 << 20 /* of a turn */
};

typedef struct {
  char path[512];
  void *pipe;
  broker_log_t *log;
  broker_index_t *index;
  broker_index_said_t said;
  uint64_t last; /* of the log */
  int64_t told_ms, rest_until_ms;
  bool verifying, changed, done;
} index_thread_t;

static void tell (index_thread_t *self) {
  self->said.what = BROKER_INDEXED;
  self->said.verifying = self->verifying;
  self->said.number = self->index ? broker_index_number (self->index) : 0;
  broker_frame_send_bytes (self->pipe, &self->said, sizeof self->said, false);
  self->told_ms = mns_clock.monotonic_ms ();
  self->changed = false;
}

/* An index that is damaged is made anew; for room or memory it waits; anything else is told. */
static void stumble (index_thread_t *self, mns_rc_t rc) {
  mns_error_t error = {0};
  self->changed = self->changed || self->said.rc != rc;
  self->said.rc = rc;
  mns_text_copy (self->said.detail, sizeof self->said.detail, mns_error_en (rc));
  self->rest_until_ms = mns_clock.monotonic_ms () + PAUSE_MS;
  if (mns_error_retry (rc) && self->index != NULL)
    return;
  broker_index_destroy (&self->index);
  if (broker_index_open (&self->index, self->path, self->log, &error) != MNS_OK)
    mns_text_copy (self->said.detail, sizeof self->said.detail, error.detail);
}

static bool is_behind (const index_thread_t *self) {
  return self->index != NULL && broker_index_number (self->index) < self->last;
}

static void index_turn (index_thread_t *self) {
  mns_rc_t rc = broker_reserve_room (self->path) ? broker_index_advance (self->index, self->last) : MNS_DISK_FULL;
  self->changed = true;
  if (rc != MNS_OK) {
    stumble (self, rc);
    return;
  }
  self->said.rc = MNS_OK;
  self->said.detail[0] = 0;
}

static void verify_turn (index_thread_t *self) {
  broker_verified_t *verified = &self->said.verified;
  mns_rc_t rc = broker_log_verify (self->log, verified, self->last, VERIFY_BYTES);
  self->changed = true;
  if (rc != MNS_OK && verified->damaged_rows++ == 0) {
    verified->damaged_first = verified->verified + 1;
    verified->damaged_last = self->last;
  }
  self->verifying = rc == MNS_OK && verified->verified < self->last;
  if (!self->verifying)
    mns_log (verified->damaged_rows ? MNS_LOG_ERROR : MNS_LOG_INFO, "broker", "log.verified",
             "log_number=%llu damaged_rows=%llu", (unsigned long long)verified->verified,
             (unsigned long long)verified->damaged_rows);
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static void catch_up (index_thread_t *self, uint64_t last) {
  int64_t until = mns_clock.monotonic_ms () + CATCH_UP_MS;
  if (last > self->last)
    self->last = last;
  while (is_behind (self) && self->said.rc == MNS_OK && mns_clock.monotonic_ms () < until)
    index_turn (self);
}

static mns_rc_t check_index (index_thread_t *self, broker_trace_said_t *answer) {
  if (self->index == NULL || self->said.rc != MNS_OK)
    return mns_fail (&answer->error, MNS_UNAVAILABLE, "index", "the index cannot be used now: %s", self->said.detail);
  if (!is_behind (self))
    return MNS_OK;
  answer->retry_ms = RETRY_MS;
  return mns_fail (&answer->error, MNS_UNAVAILABLE, "index",
                   "the index has come to number %llu of %llu: ask again when it has caught up",
                   (unsigned long long)broker_index_number (self->index), (unsigned long long)self->last);
}

static void handle_trace (index_thread_t *self, const broker_trace_ask_t *ask) {
  broker_trace_said_t answer = {.what = BROKER_TRACE, .request = ask->request};
  mns_buffer_t records = {0};
  catch_up (self, ask->last);
  if (check_index (self, &answer) == MNS_OK)
    broker_trace (self->index, self->log, ask->event, ask->entity, &records, &answer.traced, &answer.error);
  broker_frame_send_bytes (self->pipe, &answer, sizeof answer, true);
  broker_frame_send_bytes (self->pipe, records.data, records.size, false);
  mns_buffer_fini (&records);
}

static void handle (index_thread_t *self, zmq_msg_t *frames, size_t count) {
  char what = zmq_msg_size (&frames[0]) > 0 ? *(const char *)zmq_msg_data (&frames[0]) : '$';
  if ((what == BROKER_MORE || what == BROKER_VERIFY) && count == FRAMES)
    memcpy (&self->last, zmq_msg_data (&frames[1]), sizeof self->last);
  if (what == BROKER_MORE) {
    self->changed = true;
  } else if (what == BROKER_TRACE && count == FRAMES) {
    broker_trace_ask_t ask;
    memcpy (&ask, zmq_msg_data (&frames[1]), sizeof ask);
    handle_trace (self, &ask);
  } else if (what == BROKER_VERIFY) {
    self->said.verified = (broker_verified_t){0};
    self->said.round++;
    self->verifying = self->changed = true;
  } else {
    self->done = true; /* $TERM */
  }
}

static void receive (index_thread_t *self) {
  zmq_msg_t frames[FRAMES];
  size_t count;
  while (!self->done && broker_frames_receive (self->pipe, frames, FRAMES, &count, false)) {
    handle (self, frames, count);
    for (size_t i = 0; i < count && i < FRAMES; i++)
      zmq_msg_close (&frames[i]);
  }
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

/* One turn of each. True: there is more to do. */
static bool work (index_thread_t *self) {
  bool rests = mns_clock.monotonic_ms () < self->rest_until_ms;
  if (is_behind (self) && !rests)
    index_turn (self);
  if (self->verifying)
    verify_turn (self);
  if (self->index == NULL && !rests)
    stumble (self, self->said.rc);
  return self->verifying || (is_behind (self) && self->said.rc == MNS_OK);
}

static void run (index_thread_t *self) {
  zmq_pollitem_t item = {self->pipe, 0, ZMQ_POLLIN, 0};
  bool more = true;
  while (!self->done) {
    if (zmq_poll (&item, 1, more ? 0 : TELL_MS) < 0 && zmq_errno () == ETERM)
      break;
    receive (self);
    more = !self->done && work (self);
    if (self->changed && (!more || mns_clock.monotonic_ms () - self->told_ms >= TELL_MS))
      tell (self);
  }
}

void broker_index_actor (zsock_t *pipe, void *args) {
  const broker_index_args_t *options = args;
  mns_error_t error = {0};
  index_thread_t *self = mns_alloc (sizeof *self);
  self->pipe = zsock_resolve (pipe);
  mns_text_copy (self->path, sizeof self->path, options->path);
  mns_rc_t rc = broker_log_open (&self->log, options->log_path, NULL, true, &error);
  if (rc == MNS_OK && (self->said.rc = broker_index_open (&self->index, options->path, self->log, &error)) != MNS_OK)
    mns_text_copy (self->said.detail, sizeof self->said.detail, error.detail);
  self->changed = true;
  zsock_signal (pipe, 0);
  if (rc == MNS_OK)
    zstr_send (pipe, "READY");
  else
    zstr_sendx (pipe, "FAILED", mns_error_word (rc), error.where, error.detail, NULL);
  if (rc == MNS_OK) {
    self->last = broker_log_place (self->log)->last;
    run (self);
  } else {
    broker_frames_await_term (self->pipe);
  }
  broker_index_destroy (&self->index);
  broker_log_destroy (&self->log);
  free (self);
}
