/* The events connection: the subscription, what has arrived, credit. */
#include "common/clock.h"
#include "common/log.h"
#include "common/loop.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

/* No more events for good: commands and queries go on, the status says why. */
static void ended (mns_loop_t *loop, const mns_error_t *error) {
  loop->turn->stopped = true;
  loop->turn->failed_number = 0;
  mns_turn_set_state (loop->turn, MNS_STATE_STOPPED);
  mns_turn_note (loop->turn, "subscription.ended", error);
  mns_turn_alarm_raise (loop->turn, "no_events", "no more events are applied: %.300s", error->detail);
}

/* Another log, or one that no longer has what comes next: read again from the first record on. What waits was of the
 * other history. */
static void begin_again (mns_loop_t *loop, const mns_error_t *why) {
  mns_error_t error = {0};
  bool tried = loop->subscription.offset.number == 0 && loop->subscription.offset.epoch == 0;
  uint64_t until = loop->events.welcome.log_number;
  if (tried || (why->rc != MNS_OFFSET_MISMATCH && why->rc != MNS_GONE)) {
    ended (loop, why);
  } else if (mns_turn_rewind (loop->turn, until, &error) == MNS_OK) {
    mns_items_drop (&loop->arrivals, 0, loop->arrivals.count);
    mns_subscription_restart (&loop->subscription, loop->turn->offset, mns_clock.monotonic_ms ());
  } else {
    ended (loop, &error);
  }
}

/* An IDLE behind waiting events moves the offset that they lead to. */
static void move_offset (mns_loop_t *loop) {
  if (loop->arrivals.count == 0)
    mns_turn_idle (loop->turn, loop->subscription.offset);
  else
    loop->arrivals.items[loop->arrivals.count - 1].job.offset = loop->subscription.offset;
}

static mns_item_t *add_arrival (mns_loop_t *loop) {
  mns_item_t *item = mns_items_add (&loop->arrivals, &loop->body);
  assert (item);
  item->job.kind = MNS_JOB_EVENTS;
  item->job.offset = loop->subscription.offset;
  return item;
}

/* What was trimmed from the log was either applied before (the vector knows), or belongs to a time before this store
 * began; anything else is an event that was taken away from under a service that needs it. */
static void take_gap (mns_loop_t *loop, const mns_error_t *error) {
  const mns_turn_t *turn = loop->turn;
  if (!mns_turn_rereads (turn) && turn->vector.count > 0) {
    loop->subscription.ended = true;
    ended (loop, error);
    return;
  }
  mns_log (MNS_LOG_WARN, loop->service->name, "log.gap", "until=%llu",
           (unsigned long long)loop->subscription.offset.number);
  add_arrival (loop)->job.gap = true;
}

static void take (mns_loop_t *loop, mns_frame_kind_t kind) {
  mns_error_t error = {0};
  switch (mns_subscription_take (&loop->subscription, kind, &loop->head, mns_clock.monotonic_ms (), &error)) {
  case MNS_TAKE_APPLY:
    add_arrival (loop);
    break;
  case MNS_TAKE_MOVE:
    move_offset (loop);
    break;
  case MNS_TAKE_GAP:
    take_gap (loop, &error);
    break;
  case MNS_TAKE_ENDED:
    begin_again (loop, &error);
    break;
  case MNS_TAKE_DROP:
    break;
  }
}

static void ask (mns_loop_t *loop) {
  int64_t now = mns_clock.monotonic_ms ();
  if (loop->turn->stopped || loop->turn->forked || !mns_subscription_ask (&loop->subscription, now, &loop->head))
    return;
  loop->credit_messages = loop->credit_bytes = 0;
  loop->durable_told = 0;
  mns_link_send (&loop->events, MNS_SUB, &loop->head, NULL, 0);
}

void mns_loop_receive_events (mns_loop_t *loop) {
  mns_frame_kind_t kind;
  while (loop->arrivals.count < MNS_LOOP_ARRIVALS && loop->arrivals.bytes < MNS_LOOP_BYTES &&
         (kind = mns_link_receive (&loop->events, &loop->head, &loop->body))) {
    if (kind == MNS_WELCOME)
      mns_subscription_lost (&loop->subscription, mns_clock.monotonic_ms ());
    else if (kind == MNS_SUBOK || kind == MNS_EVT || kind == MNS_IDLE || kind == MNS_GAP || kind == MNS_SUBEND)
      take (loop, kind);
    else if (kind == MNS_REFUSE)
      mns_log (MNS_LOG_WARN, loop->service->name, "bus.events_refused", "error=%s",
               mns_error_word (loop->events.error.rc));
  }
  if (loop->events.state == MNS_LINK_UP)
    ask (loop);
}

/* An offset alone is told too: records that had been applied before move it without an effect, and are stored later. */
void mns_loop_credit (mns_loop_t *loop) {
  mns_head_t *head = &loop->head;
  uint64_t stored = loop->turn->stored_offset.number, at = loop->turn->base_offset.number;
  uint64_t durable = stored < at ? stored : at; /* behind a rewind what is stored belongs to the log of before */
  if ((loop->credit_messages == 0 && durable <= loop->durable_told) || !loop->subscription.live)
    return;
  mns_head_clear (head);
  head->subscription = loop->subscription.id;
  head->credit_messages = loop->credit_messages;
  head->credit_bytes = loop->credit_bytes;
  head->last = durable;
  if (mns_link_send (&loop->events, MNS_CREDIT, head, NULL, 0) == MNS_OK) {
    loop->credit_messages = loop->credit_bytes = 0;
    loop->durable_told = durable;
  }
}
