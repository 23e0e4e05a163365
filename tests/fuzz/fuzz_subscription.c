/* Any sequence of messages and pauses to a subscription, from a broker that errs, repeats, loses and answers late: its
 * offset never goes back nor over anything it was not told about, and it asks again in bounded time. */
#include "common/subscription.h"
#include <assert.h>
#include <string.h>

enum { BYTES_A_STEP = 6, ASK_WITHIN_MS = 120000 };

typedef struct {
  mns_subscription_t subscription;
  int64_t now_ms;
  mns_error_t error;
} session_t;

static void ask (session_t *session) {
  mns_head_t head;
  uint64_t before = session->subscription.id;
  if (!mns_subscription_ask (&session->subscription, session->now_ms, &head))
    return;
  assert (head.subscription != 0 && head.subscription != before);
  assert (head.subscription == session->subscription.id);
  assert (head.log_number == session->subscription.offset.number);
  assert (!session->subscription.ended);
}

/* A message as the bytes say: mostly one that would fit, with one value wrong now and then. */
static mns_frame_kind_t compose (const session_t *session, const uint8_t *bytes, mns_head_t *head) {
  static const mns_frame_kind_t kinds[] = {MNS_EVT,    MNS_EVT,   MNS_IDLE, MNS_GAP,
                                           MNS_SUBEND, MNS_SUBOK, MNS_EVT,  MNS_IDLE};
  const mns_offset_t *offset = &session->subscription.offset;
  mns_head_clear (head);
  head->subscription = session->subscription.id - (bytes[1] & 1);
  head->log_epoch = bytes[1] & 2 ? offset->epoch + 1 : offset->epoch;
  head->previous = offset->number + (uint64_t)(int64_t)(int8_t)(bytes[1] & 4 ? bytes[2] : 0);
  head->last = head->previous + bytes[3];
  head->log_number = bytes[1] & 8 ? bytes[2] : offset->number;
  if (head->log_number == UINT64_MAX)
    head->log_number = bytes[2];
  head->log_chain = bytes[4];
  head->rc = bytes[1] & 16 ? MNS_OFFSET_MISMATCH : bytes[1] & 32 ? MNS_STOPPED : MNS_BUSY;
  head->retry_after_ms = bytes[1] & 64 ? (uint64_t)bytes[2] << bytes[3] % 48 : 0;
  return kinds[bytes[0] % 8];
}

static void take (session_t *session, const uint8_t *bytes) {
  mns_head_t head;
  mns_subscription_t *subscription = &session->subscription;
  mns_frame_kind_t kind = compose (session, bytes, &head);
  mns_offset_t before = subscription->offset;
  bool was_live = subscription->live, was_asked = subscription->asked;
  mns_take_t taken = mns_subscription_take (subscription, kind, &head, session->now_ms, &session->error);
  mns_offset_t after = subscription->offset;
  bool moved = taken == MNS_TAKE_APPLY || taken == MNS_TAKE_MOVE || taken == MNS_TAKE_GAP;
  if (!moved)
    assert (after.number == before.number && after.epoch == before.epoch && after.chain == before.chain);
  if (moved)
    assert (head.subscription == subscription->id && (was_live || was_asked));
  if (moved && kind != MNS_SUBOK) {
    assert (after.number == head.last && after.number > before.number && head.previous == before.number);
    assert (after.epoch == before.epoch);
  }
  if (moved && kind == MNS_SUBOK)
    assert (before.number == UINT64_MAX || after.number == before.number);
  assert ((taken == MNS_TAKE_APPLY) <= (kind == MNS_EVT) && (taken == MNS_TAKE_GAP) <= (kind == MNS_GAP));
  assert ((taken == MNS_TAKE_ENDED) == subscription->ended);
}

/* Nobody speaks any more: it asks, once, and again when there is no answer. */
static void end_in_silence (session_t *session) {
  mns_subscription_t *subscription = &session->subscription;
  int64_t until = session->now_ms + ASK_WITHIN_MS;
  uint64_t id = subscription->id;
  while (!subscription->ended && subscription->id == id) {
    int64_t wait = mns_subscription_wait_ms (subscription, session->now_ms);
    assert (wait >= 0);
    session->now_ms += wait > 0 ? wait : 1;
    assert (session->now_ms < until);
    ask (session);
  }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  session_t session = {.now_ms = 1000};
  if (size < 2)
    return 0;
  mns_offset_t from = {data[0] & 1, data[0] & 2 ? UINT64_MAX : data[1], data[0] & 1};
  mns_subscription_init (&session.subscription, data[0] & 4 ? "consumer" : "", from);
  mns_subscription_add (&session.subscription, "open.");
  for (data += 2, size -= 2; size >= BYTES_A_STEP; data += BYTES_A_STEP, size -= BYTES_A_STEP) {
    session.now_ms += data[5] * 16;
    ask (&session);
    if (data[0] & 128)
      mns_subscription_lost (&session.subscription, session.now_ms);
    else if (!session.subscription.ended)
      take (&session, data);
  }
  end_in_silence (&session);
  return 0;
}
