/* The rules of a subscription's offset. */
#include "common/subscription.h"
#include "common/failpoint.h"
#include "common/text.h"
#include <string.h>

enum { ANSWER_MS = 1000, PAUSE_MIN_MS = 50, PAUSE_MAX_MS = 5000 };

void mns_subscription_init (mns_subscription_t *subscription, const char *consumer, mns_offset_t from) {
  memset (subscription, 0, sizeof *subscription);
  mns_text_copy (subscription->consumer, sizeof subscription->consumer, consumer ? consumer : "");
  subscription->offset = from;
}

bool mns_subscription_add (mns_subscription_t *subscription, const char *prefix) {
  for (size_t i = 0; i < subscription->prefix_count; i++)
    if (!strcmp (subscription->prefixes[i], prefix))
      return true;
  if (subscription->prefix_count == MNS_PREFIXES_MAX)
    return false;
  return mns_text_copy (subscription->prefixes[subscription->prefix_count++], MNS_TOPIC_MAX + 1, prefix);
}

bool mns_subscription_ask (mns_subscription_t *subscription, int64_t now_ms, mns_head_t *head) {
  if (mns_subscription_wait_ms (subscription, now_ms) != 0)
    return false;
  subscription->id++;
  subscription->asked = true;
  subscription->live = false;
  subscription->asked_ms = now_ms;
  mns_head_clear (head);
  head->subscription = subscription->id;
  mns_text_copy (head->consumer, sizeof head->consumer, subscription->consumer);
  memcpy (head->prefixes, subscription->prefixes, sizeof head->prefixes);
  head->prefix_count = subscription->prefix_count;
  head->log_epoch = subscription->offset.epoch;
  head->log_number = subscription->offset.number;
  head->log_chain = subscription->offset.chain;
  if (subscription->offset.number == UINT64_MAX)
    head->from_time = subscription->from_time;
  head->credit_messages = MNS_CREDIT_MESSAGES;
  head->credit_bytes = MNS_CREDIT_BYTES;
  return true;
}

int64_t mns_subscription_wait_ms (const mns_subscription_t *subscription, int64_t now_ms) {
  int64_t due;
  if (subscription->ended || subscription->prefix_count == 0)
    return -1;
  if (subscription->live)
    due = subscription->heard_ms + MNS_SUBSCRIPTION_SILENCE_MS;
  else
    due = subscription->asked ? subscription->asked_ms + ANSWER_MS : subscription->again_ms;
  return due > now_ms ? due - now_ms : 0;
}

/* The first SUB after a loss goes at once, the next ones after growing pauses. */
static void lost (mns_subscription_t *subscription, int64_t now_ms) {
  subscription->asked = subscription->live = false;
  subscription->again_ms = now_ms + subscription->pause_ms;
  subscription->pause_ms = subscription->pause_ms ? subscription->pause_ms * 2 : PAUSE_MIN_MS;
  if (subscription->pause_ms > PAUSE_MAX_MS)
    subscription->pause_ms = PAUSE_MAX_MS;
}

void mns_subscription_lost (mns_subscription_t *subscription, int64_t now_ms) {
  subscription->asked = subscription->live = false;
  subscription->again_ms = now_ms;
}

void mns_subscription_restart (mns_subscription_t *subscription, mns_offset_t from, int64_t now_ms) {
  mns_subscription_lost (subscription, now_ms);
  subscription->ended = false;
  subscription->offset = from;
}

static mns_take_t end (mns_subscription_t *subscription) {
  subscription->ended = true;
  subscription->live = false;
  return MNS_TAKE_ENDED;
}

/* It begins where it was asked to; "from now on" learns here where that is. */
static mns_take_t take_ok (mns_subscription_t *subscription, const mns_head_t *head, int64_t now_ms) {
  if (subscription->offset.number != UINT64_MAX && head->log_number != subscription->offset.number) {
    lost (subscription, now_ms);
    return MNS_TAKE_DROP;
  }
  subscription->live = true;
  subscription->asked = false;
  subscription->offset = (mns_offset_t){head->log_epoch, head->log_number, head->log_chain};
  return MNS_TAKE_MOVE;
}

static mns_take_t take_end (mns_subscription_t *subscription, const mns_head_t *head, int64_t now_ms,
                            mns_error_t *error) {
  mns_fail (error, (mns_rc_t)head->rc, head->where, "%s", head->detail);
  if (head->retry_after_ms == 0 && head->rc != MNS_STOPPED)
    return end (subscription);
  lost (subscription, now_ms);
  if (subscription->again_ms < now_ms + (int64_t)head->retry_after_ms && head->retry_after_ms < PAUSE_MAX_MS)
    subscription->again_ms = now_ms + (int64_t)head->retry_after_ms;
  return MNS_TAKE_DROP;
}

static mns_take_t take_records (mns_subscription_t *subscription, mns_frame_kind_t kind, const mns_head_t *head,
                                int64_t now_ms, mns_error_t *error) {
  mns_offset_t *offset = &subscription->offset;
  if (head->log_epoch != offset->epoch) {
    mns_fail (error, MNS_OFFSET_MISMATCH, "subscription", "the log has epoch %llu, the offset %llu",
              (unsigned long long)head->log_epoch, (unsigned long long)offset->epoch);
    return end (subscription);
  }
  if (head->last <= offset->number)
    return MNS_TAKE_DROP;
  if (head->previous != offset->number && !mns_mutant ("no_prv_check")) {
    lost (subscription, now_ms);
    return MNS_TAKE_DROP;
  }
  *offset = (mns_offset_t){head->log_epoch, head->last, head->log_chain};
  subscription->pause_ms = 0;
  return kind == MNS_EVT ? MNS_TAKE_APPLY : MNS_TAKE_MOVE;
}

/* The offset goes behind what is missing, and whoever applies events is told. */
static mns_take_t take_gap (mns_subscription_t *subscription, const mns_head_t *head, int64_t now_ms,
                            mns_error_t *error) {
  mns_offset_t *offset = &subscription->offset;
  if (head->last <= offset->number)
    return MNS_TAKE_DROP;
  if (head->previous != offset->number) {
    lost (subscription, now_ms);
    return MNS_TAKE_DROP;
  }
  mns_fail (error, MNS_GONE, "subscription",
            "the log no longer has all records of %llu to %llu: some that match may be missing for ever",
            (unsigned long long)head->previous + 1, (unsigned long long)head->last);
  offset->number = head->last;
  offset->chain = head->log_chain;
  subscription->pause_ms = 0;
  return MNS_TAKE_GAP;
}

mns_take_t mns_subscription_take (mns_subscription_t *subscription, mns_frame_kind_t kind, const mns_head_t *head,
                                  int64_t now_ms, mns_error_t *error) {
  bool expected = subscription->asked || subscription->live;
  if (!expected || subscription->ended ||
      (!mns_mutant ("no_subscription_id_check") && head->subscription != subscription->id))
    return MNS_TAKE_DROP;
  subscription->heard_ms = now_ms;
  if (kind == MNS_SUBOK)
    return take_ok (subscription, head, now_ms);
  if (kind == MNS_SUBEND)
    return take_end (subscription, head, now_ms, error);
  if (kind == MNS_GAP)
    return take_gap (subscription, head, now_ms, error);
  return take_records (subscription, kind, head, now_ms, error);
}
