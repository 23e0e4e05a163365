/* What a handler may do in its turn (common/service.h): reply, emit, ask for the time and its place. */
#include "common/records/place.h"
#include "common/records/streams.h"
#include "common/text.h"
#include "common/turn.h"
#include <stdio.h>
#include <string.h>

#define HOPS_MAX 8

mns_time_t mns_turn_now (mns_turn_t *turn) {
  return turn->now;
}

mns_date_t mns_turn_today (mns_turn_t *turn) {
  return mns_time_date (turn->now, (int32_t)turn->config->utc_offset_s);
}

mns_error_t *mns_turn_error (mns_turn_t *turn) {
  return &turn->error;
}

bool mns_turn_caught_up (const mns_turn_t *turn) {
  return turn->caught_up;
}

uint64_t mns_turn_log_number (mns_turn_t *turn) {
  return turn->offset.number;
}

uint64_t mns_turn_log_epoch (mns_turn_t *turn) {
  return turn->offset.epoch;
}

void mns_turn_reply (mns_turn_t *turn, const mns_record_type_t *type, const void *record) {
  mns_record_pack (type, record, &turn->reply);
}

void mns_turn_last_event (mns_turn_t *turn, uint64_t *epoch, uint64_t *number) {
  *epoch = turn->event_epoch;
  *number = turn->event_number;
}

mns_rc_t mns_sequence_next (const mns_record_type_t *type, void *record, const uint8_t **data, size_t *size,
                            mns_error_t *error) {
  size_t used;
  if (*size == 0)
    return MNS_GONE;
  mns_rc_t rc = mns_record_unpack (type, record, *data, *size, &used, error);
  if (rc != MNS_OK)
    return rc;
  *data += used;
  *size -= used;
  return MNS_OK;
}

bool mns_caller_covers (const mns_caller_t *caller, mns_place_t place) {
  return mns_place_covers (caller->division, place);
}

/* ---- emitting ---------------------------------------------------------------------------------------------------- */

/* What an event inherits from the request or the event behind it. */
static mns_rc_t inherit (mns_turn_t *turn, const mns_emit_t *emit, mns_event_t *event) {
  const mns_event_t *cause = emit->cause;
  mns_text_copy (event->account, sizeof event->account,
                 turn->request ? turn->request->caller.account : turn->service->name);
  if (turn->request)
    event->correlation = turn->request->key;
  if (!cause)
    return MNS_OK;
  snprintf (event->cause, sizeof event->cause, "%s-%llu-%llu", cause->producer,
            (unsigned long long)cause->producer_epoch, (unsigned long long)cause->number);
  event->hops = cause->hops + 1;
  event->correlation = cause->correlation;
  if (event->hops > HOPS_MAX)
    return mns_fail (&turn->error, MNS_CONFLICT, "hops", "%s is more than %d events away from its cause", event->cause,
                     HOPS_MAX);
  return MNS_OK;
}

/* The checks of the broker, here, so that nothing it would refuse for good is ever committed. */
static mns_rc_t check_topic (mns_turn_t *turn, const char *topic) {
  mns_rc_t rc = mns_topic_check (topic, strlen (topic), &turn->error);
  if (rc != MNS_OK)
    return rc;
  const mns_stream_t *stream = mns_stream_find (topic, strlen (topic));
  if (stream ? !*stream->producer || !strcmp (stream->producer, turn->service->name)
             : !strncmp (topic, turn->service->name, strlen (turn->service->name)))
    return MNS_OK;
  return mns_fail (&turn->error, MNS_FORBIDDEN, topic, "%s may not publish on this stream", turn->service->name);
}

mns_rc_t mns_turn_emit (mns_turn_t *turn, const mns_emit_t *emit, const mns_record_type_t *type, const void *records,
                        size_t count) {
  char topic[MNS_TOPIC_MAX + 1];
  mns_event_t event;
  memset (&event, 0, sizeof event);
  mns_topic_format (topic, emit->stream ? emit->stream : turn->service->name, emit->subject, emit->place,
                    emit->happening);
  mns_rc_t rc = check_topic (turn, topic);
  if (rc == MNS_OK)
    rc = inherit (turn, emit, &event);
  if (rc != MNS_OK)
    return rc;
  event.topic = topic;
  event.topic_size = strlen (topic);
  mns_text_copy (event.type, sizeof event.type, type->name);
  event.version = type->version;
  event.items = count;
  event.occurred = emit->occurred;
  event.registered = emit->registered;
  mns_text_copy (event.entity, sizeof event.entity, emit->entity ? emit->entity : "");
  mns_buffer_clear (&turn->body);
  for (size_t i = 0; i < count; i++)
    mns_record_pack (type, (const char *)records + i * type->size, &turn->body);
  rc = mns_outbox_add (&turn->outbox, &event, turn->body.data, turn->body.size, &turn->error);
  if (rc == MNS_OK) {
    turn->event_epoch = event.producer_epoch;
    turn->event_number = event.number;
  }
  return rc;
}
