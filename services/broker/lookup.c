/* The router's side of the index thread: bus.trace, bus.verify, and what the index says of itself. */
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <stdlib.h>
#include <string.h>

enum { MORE_MS = 100 };

mns_rc_t broker_lookup_start (broker_t *broker, const char *log_path, const char *path, mns_error_t *error) {
  broker_index_args_t args = {.log_path = log_path, .path = path};
  broker->lookup.actor = zactor_new (broker_index_actor, &args);
  if (broker->lookup.actor == NULL)
    return mns_fail (error, MNS_INTERNAL, "index", "the index thread cannot be started");
  broker->lookup.pipe = zsock_resolve (broker->lookup.actor);
  mns_rc_t rc = broker_actor_ready (broker->lookup.actor, "the index thread", NULL, error);
  if (rc == MNS_OK && broker->lookup.unclean)
    broker_verify_begin (broker);
  return rc;
}

void broker_lookup_stop (broker_t *broker) {
  zactor_destroy (&broker->lookup.actor);
}

void broker_verify_begin (broker_t *broker) {
  const char what = BROKER_VERIFY;
  uint64_t last = broker_tail_place (broker->tail)->last;
  broker->lookup.said.verifying = true;
  broker->lookup.said.round++;
  memset (&broker->lookup.said.verified, 0, sizeof broker->lookup.said.verified);
  broker_frame_send_bytes (broker->lookup.pipe, &what, 1, true);
  broker_frame_send_bytes (broker->lookup.pipe, &last, sizeof last, false);
}

void broker_lookup_tick (broker_t *broker) {
  const char what = BROKER_MORE;
  broker_lookup_t *lookup = &broker->lookup;
  uint64_t last = broker_tail_place (broker->tail)->last;
  if (last == lookup->told || broker->now_ms - lookup->told_ms < MORE_MS)
    return;
  lookup->told = last;
  lookup->told_ms = broker->now_ms;
  broker_frame_send_bytes (lookup->pipe, &what, 1, true);
  broker_frame_send_bytes (lookup->pipe, &last, sizeof last, false);
}

/* ---- bus.trace --------------------------------------------------------------------------------------------------- */

mns_rc_t broker_command_trace (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                               mns_error_t *error) {
  (void)caller;
  const char what = BROKER_TRACE;
  broker_trace_ask_t ask = {.last = broker_tail_place (broker->tail)->last};
  mns_bus_trace_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_trace_type, &request, error);
  if (rc == MNS_OK && (request.event[0] == 0) == (request.entity[0] == 0))
    rc = mns_fail (error, MNS_INVALID, "event", "a trace is of an event or of an entity, one of them");
  if (rc != MNS_OK)
    return rc;
  mns_text_copy (ask.event, sizeof ask.event, request.event);
  mns_text_copy (ask.entity, sizeof ask.entity, request.entity);
  ask.request = broker_request_hold (broker, message);
  if (ask.request == 0)
    return mns_fail (error, MNS_BUSY, "", "the broker has too many requests open");
  broker_frame_send_bytes (broker->lookup.pipe, &what, 1, true);
  broker_frame_send_bytes (broker->lookup.pipe, &ask, sizeof ask, false);
  return MNS_OK;
}

static void traced (broker_t *broker, const broker_trace_said_t *said, zmq_msg_t *records) {
  mns_head_t head;
  mns_buffer_t body = {.data = zmq_msg_data (records), .size = zmq_msg_size (records)};
  mns_head_clear (&head);
  head.log_epoch = broker_tail_place (broker->tail)->epoch;
  head.log_number = said->traced.number;
  head.count = said->traced.count;
  head.gone = said->traced.gone;
  head.retry_after_ms = said->retry_ms;
  broker_request_answer_with (broker, said->request, &said->error, &head, &body);
}

/* ---- bus.verify -------------------------------------------------------------------------------------------------- */

mns_rc_t broker_command_verify (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                mns_error_t *error) {
  (void)caller;
  mns_head_t head;
  mns_bus_verify_t request;
  mns_bus_verified_t answer;
  const broker_verified_t *verified = &broker->lookup.said.verified;
  mns_rc_t rc = broker_read_request (message, &mns_bus_verify_type, &request, error);
  if (rc != MNS_OK)
    return rc;
  if (request.start == MNS_YES && !broker->lookup.said.verifying)
    broker_verify_begin (broker);
  mns_record_clear (&mns_bus_verified_type, &answer);
  answer.running = broker->lookup.said.verifying ? MNS_YES : MNS_NO;
  answer.verified = verified->verified;
  answer.last = broker_tail_place (broker->tail)->last;
  answer.rows = verified->rows;
  answer.records = verified->records;
  answer.trimmed = verified->trimmed;
  answer.bytes = verified->bytes;
  answer.damaged_rows = verified->damaged_rows;
  answer.damaged_first = verified->damaged_first;
  answer.damaged_last = verified->damaged_last;
  mns_head_clear (&head);
  mns_buffer_clear (&broker->scratch);
  mns_record_pack (&mns_bus_verified_type, &answer, &broker->scratch);
  broker_reply_bytes (broker, message, &head, &broker->scratch);
  return MNS_OK;
}

/* ---- what the index says ----------------------------------------------------------------------------------------- */

static void indexed (broker_t *broker, const broker_index_said_t *said) {
  if (said->round != broker->lookup.said.round)
    return; /* said before it knew of the verification that is asked for */
  broker->lookup.said = *said;
  if (said->verified.damaged_rows > 0)
    broker_watch_damage (broker, said->verified.damaged_first);
  else if (!said->verifying && said->verified.verified > 0)
    broker_alarm_clear (broker, "log_damaged");
  if (said->rc != MNS_OK)
    broker_alarm_raise (broker, "index_behind",
                        "the index of the log stands at number %llu (%s): mns trace does not answer; the log is not "
                        "affected, and broker/index.db may be deleted while the broker is stopped",
                        (unsigned long long)said->number, said->detail);
  else
    broker_alarm_clear (broker, "index_behind");
}

void broker_lookup_drain (broker_t *broker) {
  zmq_msg_t frames[2];
  size_t count;
  while (broker_frames_receive (broker->lookup.pipe, frames, 2, &count, false)) {
    char what = zmq_msg_size (&frames[0]) > 0 ? *(const char *)zmq_msg_data (&frames[0]) : 0;
    if (what == BROKER_INDEXED && zmq_msg_size (&frames[0]) == sizeof (broker_index_said_t))
      indexed (broker, zmq_msg_data (&frames[0]));
    else if (what == BROKER_TRACE && count == 2)
      traced (broker, zmq_msg_data (&frames[0]), &frames[1]);
    else
      mns_fail (&broker->failure, MNS_INTERNAL, "index", "the index thread has ended");
    for (size_t i = 0; i < count && i < 2; i++)
      zmq_msg_close (&frames[i]);
  }
}
