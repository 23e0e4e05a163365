/* The control connection: HELLO and the comparison of histories, READY, requests in, replies and PUBs out. */
#include "common/clock.h"
#include "common/failpoint.h"
#include "common/log.h"
#include "common/loop.h"
#include "common/records/codes.h"
#include "common/text.h"
#include <string.h>

enum { READY_AGAIN_MS = 1000, DEADLINE_MAX_MS = 600000, DEADLINE_MS = 5000 };

/* ---- HELLO ------------------------------------------------------------------------------------------------------- */

void mns_loop_hello (mns_loop_t *loop) {
  const mns_outbox_place_t *place = &loop->turn->outbox.stored;
  mns_head_t *hello = &loop->control.hello;
  if (loop->control.state == MNS_LINK_GREETING || loop->control.state == MNS_LINK_UP)
    return;
  bool names = !loop->turn->forked;
  if (place->epoch == 0 && loop->epochs_tried == 0)
    loop->epochs_tried = 1;
  mns_text_copy (hello->producer, sizeof hello->producer, names ? loop->service->name : "");
  hello->producer_epoch = names ? place->epoch + loop->epochs_tried : 0;
  hello->number = names ? place->number : 0;
  hello->chain = names ? place->chain : 0;
  hello->acked = names ? loop->turn->outbox.acked : 0;
}

static void fork_found (mns_loop_t *loop, const mns_error_t *error) {
  loop->turn->forked = true;
  mns_turn_set_state (loop->turn, MNS_STATE_FORKED);
  mns_turn_note (loop->turn, "outbox.forked", error);
  mns_turn_alarm_raise (loop->turn, "outbox_forked", "%s", error->detail);
  mns_relay_close (&loop->relay);
}

/* A store that has given out nothing has no history to fork: it begins the next epoch, unless it should hold facts and
 * has lost them. One that has, stays up without a producer and answers queries. */
static void refused (mns_loop_t *loop) {
  mns_link_t *link = &loop->control;
  if (link->error.rc != MNS_OUTBOX_FORKED) {
    mns_log (MNS_LOG_WARN, loop->service->name, "bus.refused", "error=%s", mns_error_word (link->error.rc));
    return;
  }
  if (loop->turn->outbox.stored.number == 0 && !loop->service->keeps_facts) {
    loop->epochs_tried++;
  } else {
    fork_found (loop, &link->error);
  }
  mns_link_greet_again (link);
}

/* The epoch that HELLO named is ours now. */
static mns_rc_t begin_epoch (mns_loop_t *loop, mns_error_t *error) {
  mns_outbox_t *outbox = &loop->turn->outbox;
  uint64_t epoch = loop->control.hello.producer_epoch;
  loop->epochs_tried = 0;
  if (outbox->stored.epoch == epoch)
    return MNS_OK;
  mns_rc_t rc = mns_outbox_begin_epoch (outbox, epoch);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "outbox", "%s", mns_db_message (loop->turn->db));
  mns_log (MNS_LOG_INFO, loop->service->name, "producer.epoch", "epoch=%llu", (unsigned long long)epoch);
  return MNS_OK;
}

void mns_loop_renew (mns_loop_t *loop) {
  mns_outbox_t *outbox = &loop->turn->outbox;
  if (outbox->stored.next == 0 || !loop->relay.open || !mns_relay_drained (&loop->relay))
    return;
  mns_error_t error = {0};
  mns_rc_t rc = mns_outbox_renew (outbox);
  if (rc != MNS_OK) {
    mns_fail (&error, rc, "outbox", "%s", mns_db_message (loop->turn->db));
    mns_turn_note (loop->turn, "producer.not_renewed", &error);
    loop->turn->broken = loop->turn->broken || rc == MNS_IO;
    mns_link_restart (&loop->control);
    return;
  }
  mns_log (MNS_LOG_WARN, loop->service->name, "producer.renewed", "epoch=%llu",
           (unsigned long long)outbox->stored.epoch);
  mns_relay_close (&loop->relay);
  loop->joined = false;
  mns_link_greet_again (&loop->control);
}

static void announce (mns_loop_t *loop) {
  mns_head_t head;
  loop->announced = false;
  if (loop->turn->outbox.stored.next > 0 && !loop->turn->forked && loop->turn->refused == 0)
    return;
  mns_head_clear (&head);
  head.request = ++loop->ready_request;
  loop->announced_ms = mns_clock.monotonic_ms ();
  mns_link_send (&loop->control, MNS_READY, &head, loop->names.data, loop->names.size);
}

/* What came over the connection before this one: the askers have been told, and ask again under the same key. */
static void drop_requests (mns_loop_t *loop) {
  mns_items_drop (&loop->requests, 0, loop->requests.count);
  mns_items_drop (&loop->waiting, 0, loop->waiting.count);
  loop->copy_request = 0;
}

static void welcomed (mns_loop_t *loop) {
  mns_error_t error = {0};
  mns_rc_t rc = MNS_OK;
  drop_requests (loop);
  if (!loop->turn->forked) {
    rc = begin_epoch (loop, &error);
    if (rc == MNS_OK)
      rc = mns_relay_welcome (&loop->relay, &loop->control.welcome, &error);
  }
  if (rc == MNS_OUTBOX_FORKED) {
    fork_found (loop, &error);
  } else if (rc != MNS_OK) {
    mns_turn_note (loop->turn, "bus.not_joined", &error);
    loop->turn->broken = loop->turn->broken || rc == MNS_IO; /* it would try for ever */
    mns_link_restart (&loop->control);
    return;
  }
  loop->joined = true;
  loop->turn->refused = 0;
  mns_turn_alarm_clear (loop->turn, "relay_stopped");
  mns_log (MNS_LOG_INFO, loop->service->name, "bus.joined", "endpoint=%s log_number=%llu", loop->config->bus,
           (unsigned long long)loop->control.welcome.log_number);
  announce (loop);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static void answer_at_once (mns_loop_t *loop, uint64_t request, mns_rc_t rc, const char *where, const char *detail) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = request;
  head.rc = rc;
  mns_text_copy (head.where, sizeof head.where, where);
  mns_text_copy (head.detail, sizeof head.detail, detail);
  head.retry_after_ms = mns_error_retry (rc) ? 200 : 0;
  mns_link_send (&loop->control, MNS_ERR, &head, NULL, 0);
}

static void describe (mns_item_t *item, const mns_head_t *head) {
  uint64_t wait = head->deadline_ms ? head->deadline_ms : DEADLINE_MS;
  item->request = head->request;
  item->at_least = head->log_number;
  item->deadline_ms = mns_clock.monotonic_ms () + (int64_t)(wait < DEADLINE_MAX_MS ? wait : DEADLINE_MAX_MS);
  item->job.kind = MNS_JOB_REQUEST;
  mns_text_copy (item->job.command, sizeof item->job.command, head->command);
  mns_text_copy (item->job.caller.account, sizeof item->job.caller.account, head->account);
  item->job.caller.role = mns_code_find (&mns_role, head->role);
  item->job.caller.division = head->division;
  item->job.key = head->key;
}

static void take_request (mns_loop_t *loop) {
  bool waits = loop->head.log_number > loop->turn->offset.number && loop->subscription.prefix_count > 0;
  mns_item_t *item = mns_items_add (waits ? &loop->waiting : &loop->requests, &loop->body);
  if (item)
    describe (item, &loop->head);
  else
    answer_at_once (loop, loop->head.request, MNS_BUSY, "log_number", "too many requests wait for a log number");
}

/* Moves a request that has waited to those of the next turn; false when there is no room. */
static bool release (mns_loop_t *loop, mns_item_t *item) {
  mns_item_t *due = mns_items_add (&loop->requests, &item->message);
  if (!due)
    return false;
  mns_job_t job = item->job;
  job.body = due->job.body;
  due->job = job;
  due->request = item->request;
  due->deadline_ms = item->deadline_ms;
  return true;
}

void mns_loop_release_waiting (mns_loop_t *loop) {
  int64_t now = mns_clock.monotonic_ms ();
  for (size_t i = 0; i < loop->waiting.count;) {
    mns_item_t *item = &loop->waiting.items[i];
    bool known = item->at_least <= loop->turn->offset.number;
    if (!known && now < item->deadline_ms) {
      i++;
      continue;
    }
    if (known && !release (loop, item))
      return;
    if (!known)
      answer_at_once (loop, item->request, MNS_TIMEOUT, "log_number",
                      "the service has not come to that log number in time");
    mns_items_drop (&loop->waiting, i, 1);
  }
}

void mns_loop_reply (mns_loop_t *loop, const mns_item_t *item, const mns_outcome_t *outcome) {
  const uint8_t *body = loop->turn->out.data + outcome->at;
  size_t size = outcome->size;
  mns_head_t *head = &loop->head;
  mns_head_clear (head);
  head->request = item->request;
  head->rc = outcome->rc;
  head->retry_after_ms = outcome->retry_after_ms;
  head->repeated = outcome->repeated;
  if (outcome->rc != MNS_OK) {
    size_t where = strlen ((const char *)body) + 1, detail = strlen ((const char *)body + where) + 1;
    mns_text_copy (head->where, sizeof head->where, (const char *)body);
    mns_text_copy (head->detail, sizeof head->detail, (const char *)body + where);
    body += where + detail;
    size -= where + detail;
  }
  if (outcome->number > 0) {
    mns_text_copy (head->producer, sizeof head->producer, loop->service->name);
    head->producer_epoch = outcome->epoch;
    head->number = outcome->number;
  }
  mns_link_send (&loop->control, outcome->rc == MNS_OK ? MNS_REPLY : MNS_ERR, head, body, size);
}

void mns_loop_answer_copy (mns_loop_t *loop) {
  mns_error_t error = {0};
  mns_head_t *head = &loop->head;
  if (!loop->turn->copy || !mns_copy_heard (loop->turn->copy, false, &error))
    return;
  mns_copy_destroy (&loop->turn->copy);
  if (loop->copy_request == 0)
    return;
  if (error.rc != MNS_OK) {
    answer_at_once (loop, loop->copy_request, error.rc, error.where, error.detail);
  } else {
    mns_head_clear (head);
    head->request = loop->copy_request;
    mns_link_send (&loop->control, MNS_REPLY, head, NULL, 0);
  }
  loop->copy_request = 0;
}

/* Answered at once, between two turns. What the broker says of the account has been checked there. */
static void take_snap (mns_loop_t *loop) {
  mns_head_t answer;
  mns_acked_t acked = {0};
  if (loop->relay.open)
    acked = (mns_acked_t){loop->relay.log_epoch, loop->relay.log_number};
  mns_frame_kind_t kind =
      mns_snapshots_answer (&loop->snapshots, &loop->head, acked, mns_clock.monotonic_ms (), &answer);
  mns_link_send (&loop->control, kind, &answer, loop->snapshots.page.data, loop->snapshots.page.size);
}

/* ---- records out ------------------------------------------------------------------------------------------------- */

void mns_loop_publish (mns_loop_t *loop) {
  mns_relay_t *relay = &loop->relay;
  while (mns_relay_next (relay, mns_clock.monotonic_ms (), &loop->head) == MNS_OK) {
    if (mns_link_send (&loop->control, MNS_PUB, &loop->head, relay->records.data, relay->records.size) != MNS_OK) {
      mns_relay_unsend (relay, &loop->head);
      return;
    }
    mns_failpoint ("service_after_publish");
  }
}

/* The broker refuses a record for good: commands go on until the outbox is full. */
static void relay_stopped (mns_loop_t *loop, const mns_error_t *error) {
  uint64_t number = loop->head.last > 0 ? loop->head.last : loop->head.number;
  loop->turn->refused = number;
  mns_turn_note (loop->turn, "relay.stopped", error);
  mns_turn_alarm_raise (loop->turn, "relay_stopped",
                        "%.200s; nothing more is sent: take the cause away and start the service again, or "
                        "`mns outbox bury %s %llu --reason …`",
                        error->detail, loop->service->name, (unsigned long long)number);
}

static void take_pnak (mns_loop_t *loop) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_relay_pnak (&loop->relay, &loop->head, mns_clock.monotonic_ms (), &error);
  if (rc == MNS_OUTBOX_FORKED)
    fork_found (loop, &error);
  else if (rc != MNS_OK)
    relay_stopped (loop, &error);
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

/* The answer to READY. Another service holds the commands: once more, later. */
static void take_ready_answer (mns_loop_t *loop, mns_frame_kind_t kind) {
  if (loop->head.request != loop->ready_request)
    return;
  loop->announced = kind == MNS_REPLY;
  if (!loop->announced)
    mns_log (MNS_LOG_WARN, loop->service->name, "bus.not_ready", "error=%s command=%s",
             mns_error_word ((mns_rc_t)loop->head.rc), loop->head.where);
}

static void take (mns_loop_t *loop, mns_frame_kind_t kind) {
  switch (kind) {
  case MNS_WELCOME:
    welcomed (loop);
    break;
  case MNS_REFUSE:
    refused (loop);
    break;
  case MNS_REQUEST:
    take_request (loop);
    break;
  case MNS_SNAP:
    take_snap (loop);
    break;
  case MNS_PACK:
    mns_relay_pack (&loop->relay, &loop->head, mns_clock.monotonic_ms ());
    mns_failpoint ("service_after_pack");
    break;
  case MNS_PNAK:
    take_pnak (loop);
    break;
  case MNS_REPLY:
  case MNS_ERR:
    take_ready_answer (loop, kind);
    break;
  default:
    break;
  }
}

void mns_loop_receive_control (mns_loop_t *loop) {
  mns_frame_kind_t kind;
  if (loop->control.state != MNS_LINK_UP)
    mns_relay_close (&loop->relay);
  while (loop->requests.count < MNS_LOOP_REQUESTS && loop->requests.bytes < MNS_LOOP_BYTES &&
         (kind = mns_link_receive (&loop->control, &loop->head, &loop->body)))
    take (loop, kind);
  if (loop->control.state == MNS_LINK_UP && !loop->announced && !loop->stopping &&
      mns_clock.monotonic_ms () - loop->announced_ms >= READY_AGAIN_MS)
    announce (loop);
}
