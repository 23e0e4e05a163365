/* Delivery: a cursor over the log for each subscription, moved by what was sent, never by what was queued
 * (docs/protocol.md §6).
 *
 *   told ────── cursor ────────────── last of the log
 *    │ nothing matched │  not looked at yet
 *    └ EVT and IDLE move `told` up to `cursor`
 *
 * A stuck peer costs this cursor and nothing else: what does not fit its socket is built again later. */
#include "common/log.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

enum {
  IDLE_NUMBERS = 1000,
  IDLE_LOOKED_MS = 100,
  IDLE_EVERY_MS = 5000,
  SCAN_BYTES = 256 * 1024, /* looked through for one subscription before it is another's turn */
  TURN_BYTES = 1 << 20,    /* looked through for all of them before the doors are heard again */
  STUCK_TICKS_MAX = 7,     /* what does not fit is built again after 0.8 s at most */
  RETRY_MS = 1000
};

/* What one look into the log found for a subscription: records that match, or a gap, or neither. */
typedef struct {
  const broker_subscription_t *subscription;
  uint64_t streams; /* in which something may match */
  mns_buffer_t *body;
  uint64_t count, cursor, chain;
  bool gap;      /* up to the cursor, records that may have matched were trimmed */
  bool at_gap;   /* the next row is such a one */
  size_t looked; /* bytes */
} look_t;

static bool matches (const broker_subscription_t *subscription, const uint8_t *record) {
  size_t size;
  const char *topic = mns_event_topic (record, &size);
  for (size_t i = 0; i < subscription->prefix_count; i++)
    if (mns_topic_matches (topic, size, subscription->prefixes[i]))
      return !subscription->no_audit || !broker_rights_audit (topic, size);
  return false;
}

/* Takes the records of a row that match; those that lie side by side at once. */
static void take_records (look_t *look, const broker_row_t *row) {
  const uint8_t *at = row->records, *end = at + row->size, *from = at;
  uint64_t number = row->first;
  for (size_t size; (size = broker_record_next (&at, end)) > 0; number++)
    if (number > look->cursor && matches (look->subscription, at - size)) {
      look->count++;
    } else {
      mns_buffer_add (look->body, from, (size_t)(at - size - from));
      from = at;
    }
  mns_buffer_add (look->body, from, (size_t)(at - from));
}

static bool pass_row (look_t *look, const broker_row_t *row) {
  look->cursor = row->first + row->count - 1;
  look->chain = row->chain;
  return true;
}

/* What was found before a gap is told before it. */
static bool look_at_gap (look_t *look, const broker_row_t *row) {
  look->at_gap = look->count > 0 || (!look->gap && look->cursor > look->subscription->told);
  if (look->at_gap)
    return false;
  look->gap = true;
  return pass_row (look, row);
}

static bool look_at_row (void *self, const broker_row_t *row) {
  look_t *look = self;
  if ((row->streams & look->streams) == 0)
    return pass_row (look, row);
  if (row->size == 0)
    return look_at_gap (look, row);
  if (look->gap)
    return false;
  take_records (look, row);
  pass_row (look, row);
  look->looked += row->size;
  return look->looked < SCAN_BYTES && look->body->size < BROKER_EVT_BYTES &&
         (int64_t)look->body->size < look->subscription->bytes;
}

/* `body` (may be NULL) is shared, not taken over. */
static mns_rc_t tell (broker_t *broker, broker_subscription_t *subscription, mns_frame_kind_t kind, const look_t *look,
                      zmq_msg_t *body) {
  mns_head_t head;
  zmq_msg_t copy;
  const broker_place_t *place = broker_tail_place (broker->tail);
  mns_head_clear (&head);
  head.subscription = subscription->id;
  head.previous = subscription->told;
  head.last = look->cursor;
  head.log_chain = look->chain;
  head.log_epoch = place->epoch;
  head.count = look->count;
  if (kind == MNS_IDLE)
    head.log_number = place->last;
  zmq_msg_init (&copy);
  if (body != NULL)
    zmq_msg_copy (&copy, body);
  mns_rc_t rc = broker_send (broker, subscription->peer, NULL, kind, &head, &copy);
  if (rc != MNS_OK) {
    subscription->stuck = true;
    subscription->stuck_ticks = subscription->pause_ticks;
    subscription->pause_ticks = 2 * subscription->pause_ticks + 1;
    if (subscription->pause_ticks > STUCK_TICKS_MAX)
      subscription->pause_ticks = STUCK_TICKS_MAX;
    return rc;
  }
  subscription->pause_ticks = 0;
  if (kind != MNS_IDLE)
    subscription->last_event = look->cursor;
  subscription->told = subscription->cursor = look->cursor;
  subscription->chain = look->chain;
  subscription->told_ms = broker->now_ms;
  return MNS_OK;
}

static mns_rc_t tell_idle (broker_t *broker, broker_subscription_t *subscription) {
  look_t look = {.cursor = subscription->cursor, .chain = subscription->chain};
  return tell (broker, subscription, MNS_IDLE, &look, NULL);
}

static bool wants (const broker_t *broker, const broker_subscription_t *subscription) {
  return !subscription->stuck && !subscription->peer->gone && subscription->messages > 0 && subscription->bytes > 0 &&
         broker_unread_bears (&subscription->peer->unread, BROKER_EVT_BYTES) &&
         subscription->cursor < broker_tail_place (broker->tail)->last;
}

static void note_progress (broker_t *broker, broker_subscription_t *subscription, const look_t *look) {
  if (subscription->cursor == subscription->told)
    subscription->looked_ms = broker->now_ms;
  subscription->cursor = look->cursor;
  subscription->chain = look->chain;
  if (subscription->cursor - subscription->told > IDLE_NUMBERS || look->at_gap)
    tell_idle (broker, subscription);
}

/* What was found last, for those who are at the same place and want the same: they get the same bytes. */
typedef struct {
  const broker_subscription_t *of; /* NULL: nothing, or what is not for others */
  uint64_t from;
  look_t look;
  zmq_msg_t body;
} found_t;

static bool same_wishes (const broker_subscription_t *a, const broker_subscription_t *b) {
  bool same = a->prefix_count == b->prefix_count && a->no_audit == b->no_audit;
  for (size_t i = 0; same && i < a->prefix_count; i++)
    same = strcmp (a->prefixes[i], b->prefixes[i]) == 0;
  return same;
}

static bool serves (const found_t *found, const broker_subscription_t *subscription) {
  return found->of != NULL && found->from == subscription->cursor &&
         (int64_t)zmq_msg_size (&found->body) < subscription->bytes && same_wishes (found->of, subscription);
}

/* A gap depends on what the subscriber knows; what its credit cut off is not for others either. */
static mns_rc_t search (broker_t *broker, const broker_subscription_t *subscription, found_t *found) {
  uint64_t audit = subscription->no_audit ? broker_stream_of ("audit.", 6) : 0;
  look_t *look = &found->look;
  *look = (look_t){.subscription = subscription,
                   .streams = subscription->streams & ~audit,
                   .body = &broker->scratch,
                   .cursor = subscription->cursor,
                   .chain = subscription->chain};
  mns_buffer_clear (&broker->scratch);
  mns_rc_t rc = broker_tail_read (broker->tail, subscription->cursor, look->streams, look_at_row, look);
  broker->subscriptions.looked += look->looked;
  zmq_msg_close (&found->body);
  broker_frame_init (&found->body, broker->scratch.data, look->count > 0 ? broker->scratch.size : 0);
  found->from = subscription->cursor;
  bool whole = (int64_t)broker->scratch.size < subscription->bytes;
  found->of = rc == MNS_OK && whole && !look->gap && !look->at_gap ? subscription : NULL;
  return rc;
}

static void end_unread (broker_t *broker, broker_subscription_t *subscription, mns_rc_t rc) {
  mns_error_t error;
  mns_fail (&error, rc, "log", "the log cannot be read behind number %llu: %s",
            (unsigned long long)subscription->cursor, mns_error_en (rc));
  mns_log (MNS_LOG_ERROR, "broker", "read.failed", "error=%s number=%llu", mns_error_word (rc),
           (unsigned long long)subscription->cursor);
  broker_subscription_end (broker, subscription, &error, mns_error_retry (rc) ? RETRY_MS : 0);
}

static void deliver (broker_t *broker, broker_subscription_t *subscription, found_t *found) {
  mns_rc_t rc = serves (found, subscription) ? MNS_OK : search (broker, subscription, found);
  const look_t *look = &found->look;
  if (rc != MNS_OK) {
    end_unread (broker, subscription, rc);
    return;
  }
  if (look->gap) {
    tell (broker, subscription, MNS_GAP, look, NULL);
    return;
  }
  if (look->count == 0) {
    note_progress (broker, subscription, look);
    return;
  }
  if (tell (broker, subscription, MNS_EVT, look, &found->body) != MNS_OK)
    return;
  subscription->messages--;
  subscription->bytes -= (int64_t)zmq_msg_size (&found->body);
  broker->counts.delivered += look->count;
}

bool broker_deliver (broker_t *broker) {
  broker_subscriptions_t *table = &broker->subscriptions;
  bool more = false;
  size_t count = table->count, i = 0;
  found_t found = {0};
  zmq_msg_init (&found.body);
  table->looked = 0;
  for (; i < count && table->count == count && table->looked < TURN_BYTES; i++) {
    broker_subscription_t *subscription = table->all[(table->turn + i) % count];
    if (wants (broker, subscription))
      deliver (broker, subscription, &found);
  }
  zmq_msg_close (&found.body);
  table->turn += i < count ? i : 1; /* who had no turn is first in the next */
  for (i = 0; i < table->count && !more; i++)
    more = wants (broker, table->all[i]);
  return more;
}

void broker_subscriptions_tick (broker_t *broker) {
  for (size_t i = 0; i < broker->subscriptions.count; i++) {
    broker_subscription_t *subscription = broker->subscriptions.all[i];
    bool ahead = subscription->cursor > subscription->told;
    if (subscription->stuck && --subscription->stuck_ticks >= 0)
      continue;
    subscription->stuck = false;
    if ((ahead && broker->now_ms - subscription->looked_ms >= IDLE_LOOKED_MS) ||
        broker->now_ms - subscription->told_ms >= IDLE_EVERY_MS)
      tell_idle (broker, subscription);
  }
}
