/* Publishing: a PUB is checked once, record by record, and joins the next group; a group is appended by the log thread,
 * then acknowledged, then delivered (docs/protocol.md §5).
 *
 *   PUB ─► accepted ─► queue ─► group under way ─► committed ─► PACK ─► tail, feed
 *                        └───────────┴── failed: back to what is committed, PNAK */
#include "common/failpoint.h"
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <stdlib.h>
#include <string.h>

enum {
  GROUP_PUBS = 256,
  GROUP_BYTES = 1 << 20,
  QUEUE_BYTES = 16 << 20,
  QUEUE_PUBS = 8192,
  RETRY_FULL_MS = 1000,
  RETRY_BUSY_MS = 100,
  RETRY_GAP_MS = 1,
  HOPS_MAX = 8
};

/* ---- producers --------------------------------------------------------------------------------------------------- */

broker_producer_t *broker_producer_find (broker_t *broker, const char *name) {
  broker_publishing_t *publishing = &broker->publishing;
  for (size_t i = 0; i < publishing->producer_count; i++)
    if (strcmp (publishing->producers[i]->committed.name, name) == 0)
      return publishing->producers[i];
  if (publishing->producer_count == BROKER_PRODUCERS_MAX)
    return NULL;
  broker_producer_t *producer = mns_alloc (sizeof *producer);
  mns_text_copy (producer->committed.name, sizeof producer->committed.name, name);
  producer->accepted = producer->committed;
  publishing->producers[publishing->producer_count++] = producer;
  return producer;
}

static void restore_producer (void *self, const broker_place_of_t *place) {
  broker_producer_t *producer = broker_producer_find (self, place->name);
  if (producer != NULL)
    producer->committed = producer->accepted = *place;
}

mns_rc_t broker_publishing_init (broker_t *broker) {
  return broker_log_producers (broker->reader, restore_producer, broker);
}

static void drop_queue (broker_publishing_t *publishing) {
  for (size_t i = 0; i < publishing->queue_count; i++)
    zmq_msg_close (&publishing->queue[i].records);
  publishing->queue_count = 0;
  publishing->queue_bytes = 0;
}

void broker_publishing_fini (broker_t *broker) {
  broker_publishing_t *publishing = &broker->publishing;
  drop_queue (publishing);
  free (publishing->queue);
  while (publishing->producer_count > 0)
    free (publishing->producers[--publishing->producer_count]);
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void fill_place (mns_head_t *head, const broker_place_of_t *place) {
  mns_head_clear (head);
  mns_text_copy (head->producer, sizeof head->producer, place->name);
  head->producer_epoch = place->epoch;
  head->number = place->number;
  head->chain = place->chain;
}

static void send_pack (broker_t *broker, const broker_producer_t *producer, const broker_place_of_t *place) {
  mns_head_t head;
  if (producer->holder == NULL || place->epoch != producer->epoch)
    return;
  fill_place (&head, place);
  head.log_number = place->log_number;
  head.covered = producer->covered_epoch == place->epoch ? producer->covered : 0;
  head.log_epoch = broker_tail_place (broker->tail)->epoch;
  broker_send (broker, producer->holder, NULL, MNS_PACK, &head, NULL);
}

void broker_publish_covered (broker_t *broker) {
  for (size_t i = 0; i < broker->publishing.producer_count; i++) {
    broker_producer_t *producer = broker->publishing.producers[i];
    producer->covered_epoch = producer->committed.epoch;
    producer->covered = producer->committed.number;
    send_pack (broker, producer, &producer->committed);
  }
  broker->consumers.covered = true;
}

/* Where the next record of the holder's epoch is expected. */
static broker_place_of_t expected_of (const broker_producer_t *producer) {
  broker_place_of_t place = producer->accepted;
  if (place.epoch != producer->epoch) {
    place.epoch = producer->epoch;
    place.number = 0;
    place.chain = 0;
    place.log_number = 0;
  }
  return place;
}

static void send_pnak (broker_t *broker, const broker_producer_t *producer, const mns_error_t *error,
                       uint64_t retry_ms) {
  mns_head_t head;
  broker_place_of_t place = expected_of (producer);
  if (producer->holder == NULL)
    return;
  fill_place (&head, &place);
  head.number++;
  head.rc = error->rc;
  head.last = broker->publishing.refused;
  head.retry_after_ms = retry_ms;
  mns_text_copy (head.where, sizeof head.where, error->where);
  mns_text_copy (head.detail, sizeof head.detail, error->detail);
  broker->counts.refused++;
  broker_send (broker, producer->holder, NULL, MNS_PNAK, &head, NULL);
}

/* ---- PUB --------------------------------------------------------------------------------------------------------- */

/* What a PUB adds to `place`. */
typedef struct {
  broker_place_of_t place; /* of its producer; moved on by each new record */
  uint64_t number, chain;  /* of the record looked at last */
  uint64_t fresh, repeated;
  size_t repeated_bytes;
  const broker_rights_t *rights;
} intake_t;

static mns_rc_t check_record (const mns_event_t *event, const intake_t *intake, mns_error_t *error) {
  if (strcmp (event->producer, intake->place.name) != 0 || event->producer_epoch != intake->place.epoch)
    return mns_fail (error, MNS_FORBIDDEN, "producer", "a record names another producer or epoch than its connection");
  if (event->number != intake->number + 1)
    return mns_fail (error, MNS_MALFORMED, "number", "record number %llu does not follow %llu",
                     (unsigned long long)event->number, (unsigned long long)intake->number);
  if (event->hops > HOPS_MAX)
    return mns_fail (error, MNS_INVALID, "hops", "an event more than %d causes deep: a circle?", HOPS_MAX);
  mns_rc_t rc = mns_topic_check (event->topic, event->topic_size, error);
  if (rc == MNS_OK && !broker_rights_publish (intake->rights, event->topic, event->topic_size))
    rc = mns_fail (error, MNS_FORBIDDEN, "topic", "'%s' may not publish under this topic", intake->place.name);
  return rc;
}

static mns_rc_t forked (const intake_t *intake, mns_error_t *error) {
  return mns_fail (error, MNS_OUTBOX_FORKED, intake->place.name, "another history leads to number %llu in the log",
                   (unsigned long long)intake->place.number);
}

static mns_rc_t take_record (intake_t *intake, const mns_event_t *event, mns_error_t *error) {
  bool repeated = event->number <= intake->place.number && !mns_mutant ("no_producer_check");
  mns_rc_t rc = check_record (event, intake, error);
  if (rc != MNS_OK)
    return rc;
  if (!repeated && intake->number == intake->place.number && intake->chain != intake->place.chain)
    return forked (intake, error);
  intake->number++;
  intake->chain = mns_chain (intake->chain, event->bytes, event->size);
  if (repeated) {
    intake->repeated++;
    intake->repeated_bytes += event->size;
    return MNS_OK;
  }
  intake->fresh++;
  intake->place.number = intake->number;
  intake->place.chain = intake->chain;
  return MNS_OK;
}

/* Looks at every record of the body once. */
static mns_rc_t take_records (intake_t *intake, const mns_head_t *head, zmq_msg_t *body, mns_error_t *error) {
  const uint8_t *at = zmq_msg_data (body), *end = at + zmq_msg_size (body);
  mns_event_t event;
  size_t used;
  while (at < end) {
    mns_rc_t rc = mns_event_unpack (&event, at, (size_t)(end - at), &used, error);
    if (rc == MNS_OK)
      rc = take_record (intake, &event, error);
    if (rc != MNS_OK)
      return rc;
    at += used;
  }
  if (intake->fresh + intake->repeated != head->count || head->count == 0)
    return mns_fail (error, MNS_MALFORMED, "count", "%llu records where %llu are announced",
                     (unsigned long long)(intake->fresh + intake->repeated), (unsigned long long)head->count);
  if (intake->fresh == 0 && intake->number == intake->place.number && intake->chain != intake->place.chain &&
      !mns_mutant ("re_ack_without_chain_check"))
    return forked (intake, error);
  return MNS_OK;
}

static broker_pub_t *queue_slot (broker_publishing_t *publishing) {
  if (publishing->queue_count == publishing->queue_capacity) {
    publishing->queue_capacity = publishing->queue_capacity ? 2 * publishing->queue_capacity : 256;
    publishing->queue = mns_realloc (publishing->queue, publishing->queue_capacity * sizeof *publishing->queue);
  }
  return &publishing->queue[publishing->queue_count++];
}

static void enqueue (broker_t *broker, broker_producer_t *producer, const intake_t *intake, zmq_msg_t *body) {
  broker_publishing_t *publishing = &broker->publishing;
  broker_pub_t *pub = queue_slot (publishing);
  pub->producer = producer;
  pub->count = intake->fresh;
  pub->place = producer->accepted = intake->place;
  zmq_msg_init (&pub->records);
  if (intake->repeated_bytes == 0)
    zmq_msg_move (&pub->records, body);
  else {
    zmq_msg_close (&pub->records);
    broker_frame_init (&pub->records, (uint8_t *)zmq_msg_data (body) + intake->repeated_bytes,
                       zmq_msg_size (body) - intake->repeated_bytes);
  }
  publishing->queue_bytes += zmq_msg_size (&pub->records);
}

void broker_publish_own (broker_t *broker, broker_producer_t *producer, const broker_place_of_t *place,
                         const mns_buffer_t *records, uint64_t count) {
  broker_publishing_t *publishing = &broker->publishing;
  broker_pub_t *pub = queue_slot (publishing);
  pub->producer = producer;
  pub->count = count;
  pub->place = producer->accepted = *place;
  broker_frame_init (&pub->records, records->data, records->size);
  publishing->queue_bytes += records->size;
}

/* The bounds and the order of the PUB as a whole. *retry_ms 0: final. */
static mns_rc_t check_pub (const broker_t *broker, const broker_producer_t *producer, const mns_head_t *head,
                           uint64_t *retry_ms, mns_error_t *error) {
  const broker_publishing_t *publishing = &broker->publishing;
  if (strcmp (head->producer, producer->committed.name) != 0 || head->producer_epoch != producer->epoch)
    return mns_fail (error, MNS_FORBIDDEN, "producer", "this connection publishes as '%s', epoch %llu",
                     producer->committed.name, (unsigned long long)producer->epoch);
  if (head->number == 0)
    return mns_fail (error, MNS_INVALID, "number", "a producer counts its records from 1");
  *retry_ms = RETRY_BUSY_MS;
  if (publishing->queue_bytes > QUEUE_BYTES || publishing->queue_count >= QUEUE_PUBS)
    return mns_fail (error, MNS_BUSY, "", "more is waiting for the disk than the broker takes");
  *retry_ms = RETRY_GAP_MS;
  uint64_t number = expected_of (producer).number;
  if (head->number > number + 1)
    return mns_fail (error, MNS_CONFLICT, "number", "number %llu is expected next", (unsigned long long)number + 1);
  *retry_ms = 0;
  return MNS_OK;
}

static mns_rc_t spend (const broker_t *broker, const broker_message_t *message, uint64_t *retry_ms,
                       mns_error_t *error) {
  broker_account_t *account = message->peer->account;
  if (broker_account_spend (account, zmq_msg_size (&message->body), broker->now_ms, retry_ms))
    return MNS_OK;
  return mns_fail (error, MNS_BUSY, account->caller.account, "account '%s' publishes more than %lld bytes a second",
                   account->caller.account, (long long)account->bytes_per_second);
}

static mns_rc_t take_pub (broker_t *broker, broker_producer_t *producer, broker_message_t *message, uint64_t *retry_ms,
                          mns_error_t *error) {
  intake_t intake = {.place = expected_of (producer), .rights = &message->peer->account->rights};
  mns_rc_t rc = check_pub (broker, producer, &message->head, retry_ms, error);
  if (rc == MNS_OK)
    rc = spend (broker, message, retry_ms, error);
  if (rc != MNS_OK)
    return rc;
  intake.number = message->head.number - 1;
  intake.chain = message->head.chain;
  if (mns_mutant ("no_producer_check")) {
    intake.place.number = intake.number;
    intake.place.chain = intake.chain;
  }
  rc = take_records (&intake, &message->head, &message->body, error);
  if (rc != MNS_OK) {
    broker->publishing.refused = intake.number + 1;
    return rc;
  }
  broker->counts.repeated += intake.repeated;
  if (intake.fresh > 0)
    enqueue (broker, producer, &intake, &message->body);
  else if (producer->committed.epoch == producer->epoch && intake.number <= producer->committed.number)
    send_pack (broker, producer, &producer->committed);
  if (mns_mutant ("ack_before_commit"))
    send_pack (broker, producer, &intake.place);
  return MNS_OK;
}

void broker_handle_pub (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  uint64_t retry_ms = 0;
  broker->publishing.refused = 0;
  broker_producer_t *producer = message->peer->producer;
  if (producer == NULL) {
    mns_fail (&error, MNS_FORBIDDEN, "producer", "the HELLO of this connection named no producer");
    broker_answer_error (broker, message, MNS_PNAK, &error, 0);
    return;
  }
  if (take_pub (broker, producer, message, &retry_ms, &error) == MNS_OK)
    return;
  if (retry_ms == 0)
    mns_log (MNS_LOG_ERROR, "broker", "publish.refused", "producer=%s error=%s number=%llu", producer->committed.name,
             mns_error_word (error.rc), (unsigned long long)message->head.number);
  broker_audit_message (broker, message, &error);
  send_pnak (broker, producer, &error, retry_ms);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

/* How many of the queue make the next group; their producers' places follow into `places`. */
static size_t choose_group (broker_publishing_t *publishing, broker_place_of_t *places, size_t *place_count) {
  broker_producer_t *chosen[GROUP_PUBS];
  size_t count = 0, bytes = 0, producers = 0;
  uint64_t records = 0;
  while (count < publishing->queue_count && count < GROUP_PUBS && bytes < GROUP_BYTES) {
    broker_pub_t *pub = &publishing->queue[count++];
    bytes += zmq_msg_size (&pub->records);
    records += pub->count;
    size_t at = 0;
    while (at < producers && chosen[at] != pub->producer)
      at++;
    if (at == producers)
      chosen[producers++] = pub->producer;
    places[at] = pub->place;
    places[at].log_number = records;
  }
  publishing->queue_bytes -= bytes;
  *place_count = producers;
  return count;
}

void broker_publish_group (broker_t *broker) {
  broker_publishing_t *publishing = &broker->publishing;
  broker_place_of_t places[GROUP_PUBS];
  size_t place_count;
  if (publishing->under_way || publishing->queue_count == 0 || broker->now_ms < broker->held_until_ms)
    return;
  const char what = BROKER_APPEND;
  size_t count = choose_group (publishing, places, &place_count);
  broker_frame_send_bytes (broker->log_pipe, &what, 1, true);
  broker_frame_send_bytes (broker->log_pipe, places, place_count * sizeof *places, true);
  for (size_t i = 0; i < count; i++)
    broker_frame_send (broker->log_pipe, &publishing->queue[i].records, i + 1 < count);
  publishing->queue_count -= count;
  memmove (publishing->queue, publishing->queue + count, publishing->queue_count * sizeof *publishing->queue);
  publishing->under_way = true;
}

static void acknowledge (broker_t *broker, const zmq_msg_t *frame) {
  const broker_place_of_t *places = zmq_msg_data ((zmq_msg_t *)frame);
  size_t count = zmq_msg_size (frame) / sizeof *places;
  mns_failpoint ("broker_before_ack");
  for (size_t i = 0; i < count; i++) {
    broker_producer_t *producer = broker_producer_find (broker, places[i].name);
    producer->committed = places[i];
    send_pack (broker, producer, &producer->committed);
  }
  mns_failpoint ("broker_after_ack");
}

/* Nothing of the group is in the log, so nothing that builds on it can be either. */
static void take_back (broker_t *broker, const broker_appended_t *answer) {
  mns_error_t error;
  broker_publishing_t *publishing = &broker->publishing;
  mns_fail (&error, answer->rc, "log", "the log could not be written: %s (%s)", mns_error_en (answer->rc),
            answer->detail);
  drop_queue (publishing);
  for (size_t i = 0; i < publishing->producer_count; i++) {
    broker_producer_t *producer = publishing->producers[i];
    bool lost = producer->accepted.number != producer->committed.number ||
                producer->accepted.epoch != producer->committed.epoch;
    producer->accepted = producer->committed;
    if (lost)
      send_pnak (broker, producer, &error, RETRY_FULL_MS);
  }
  if (!mns_error_retry (answer->rc))
    broker->failure = error;
}

void broker_publish_answered (broker_t *broker, zmq_msg_t *frames, size_t count) {
  broker_appended_t answer;
  memcpy (&answer, zmq_msg_data (&frames[0]), sizeof answer);
  broker->publishing.under_way = false;
  broker_watch_full (broker, answer.rc == MNS_DISK_FULL);
  if (answer.rc != MNS_OK || count != 4) {
    mns_log (MNS_LOG_ERROR, "broker", "append.failed", "error=%s", mns_error_word (answer.rc));
    take_back (broker, &answer);
    return;
  }
  broker->counts.groups++;
  broker->counts.appended += answer.place.last - broker_tail_place (broker->tail)->last;
  broker_tail_add (broker->tail, &answer.place, &frames[2], &frames[3]);
  acknowledge (broker, &frames[1]);
  broker_feed_send (broker);
}
