/* The records of one EVT in a turn: each to the handlers of its topic and type, then the offset moves. */
#include "common/text.h"
#include "common/turn.h"
#include <string.h>

static bool wants (const mns_topic_t *topic, const mns_event_t *event) {
  return !strcmp (topic->type->name, event->type) && mns_topic_matches (event->topic, event->topic_size, topic->prefix);
}

/* Hands each record of the body to one handler, in order. */
static mns_rc_t hand_over (mns_turn_t *turn, const mns_topic_t *topic, const mns_event_t *event) {
  const uint8_t *data = event->body;
  size_t size = event->body_size;
  for (;;) {
    mns_rc_t rc = mns_sequence_next (topic->type, turn->record, &data, &size, &turn->error);
    if (rc == MNS_GONE)
      return MNS_OK;
    if (rc == MNS_OK)
      rc = mns_record_validate (topic->type, turn->record, &turn->error);
    if (rc == MNS_OK)
      rc = topic->handle (turn->self, turn, event, turn->record);
    if (rc != MNS_OK)
      return rc;
  }
}

static mns_rc_t apply (mns_turn_t *turn, const mns_event_t *event) {
  mns_rc_t rc = MNS_OK;
  turn->event = event;
  turn->now = event->recorded;
  for (const mns_topic_t *topic = turn->service->topics; rc == MNS_OK && topic && topic->prefix; topic++)
    if (wants (topic, event))
      rc = hand_over (turn, topic, event);
  turn->event = NULL;
  return rc;
}

static bool is_skipped (const mns_turn_t *turn, uint64_t number) {
  const uint64_t *skipped = (const uint64_t *)(const void *)turn->skipped.data;
  for (size_t i = 0; i < turn->skipped.size / sizeof *skipped; i++)
    if (skipped[i] == number)
      return true;
  return false;
}

/* Names the event in the error of its handler. */
static void name_error (mns_turn_t *turn, mns_rc_t rc, const mns_event_t *event) {
  mns_error_t *error = &turn->error;
  if (error->rc != rc)
    mns_fail (error, rc, "", "%s", mns_error_en (rc));
  snprintf (turn->failed_event, sizeof turn->failed_event, "%s-%llu-%llu", event->producer,
            (unsigned long long)event->producer_epoch, (unsigned long long)event->number);
  turn->failed_number = event->log_number;
}

static mns_rc_t next_event (mns_turn_t *turn, mns_event_t *event, const uint8_t **data, size_t *size) {
  size_t used;
  mns_rc_t rc = mns_event_unpack (event, *data, *size, &used, &turn->error);
  if (rc != MNS_OK)
    return rc;
  *data += used;
  *size -= used;
  return MNS_OK;
}

/* A transaction that was lost under a handler that did not look is lost all the same. */
static mns_rc_t still_there (mns_turn_t *turn, mns_rc_t rc) {
  if (rc != MNS_OK || !mns_turn_is_lost (turn))
    return rc;
  return mns_fail (&turn->error, MNS_BUSY, "store", "the store gave up the transaction: %s", mns_db_message (turn->db));
}

/* The offset stands in the middle of what came: its chain is not known. */
static mns_job_end_t stop_before (mns_turn_t *turn, const mns_job_t *job) {
  mns_outbox_keep (&turn->outbox);
  turn->offset = (mns_offset_t){.epoch = job->offset.epoch, .number = turn->until - 1};
  return MNS_JOB_DONE;
}

mns_job_end_t mns_turn_events (mns_turn_t *turn, mns_job_t *job) {
  const uint8_t *data = job->body;
  size_t size = job->size;
  mns_event_t event;
  if (job->gap && mns_turn_rereads (turn))
    mns_vector_gap (&turn->vector);
  while (size > 0) {
    turn->failed_number = 0;
    turn->failed_event[0] = 0;
    mns_rc_t rc = next_event (turn, &event, &data, &size);
    if (rc != MNS_OK)
      return MNS_JOB_SPOILED;
    if (event.log_number <= turn->offset.number || is_skipped (turn, event.log_number))
      continue;
    if (turn->until > 0 && event.log_number >= turn->until)
      return stop_before (turn, job);
    if (mns_vector_covers (&turn->vector, &event))
      continue;
    if (mns_turn_is_left_out (turn, &event)) {
      turn->status.skipped++;
      mns_vector_note (&turn->vector, &event);
      turn->applied++;
      continue;
    }
    rc = still_there (turn, apply (turn, &event));
    if (rc != MNS_OK) {
      name_error (turn, rc, &event);
      return MNS_JOB_SPOILED;
    }
    mns_vector_note (&turn->vector, &event);
    turn->applied++;
  }
  mns_outbox_keep (&turn->outbox);
  turn->offset = job->offset;
  return MNS_JOB_DONE;
}
