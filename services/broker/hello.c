/* Connections: HELLO, life, and giving up what a connection held (docs/protocol.md §4). */
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <string.h>

enum { PEERS_TICK_MS = 500, TAKEOVER_RETRY_MS = 1000, CHALLENGE_EVERY_MS = 100, RENEW_RETRY_MS = 100 };

/* ---- giving up --------------------------------------------------------------------------------------------------- */

static void leave_account (broker_peer_t *peer) {
  if (peer->account == NULL)
    return;
  peer->account->connections--;
  peer->account->subscriptions -= peer->subscription_count;
  broker_account_drop (&peer->account);
}

static void enter_account (broker_t *broker, broker_peer_t *peer, const mns_caller_t *caller) {
  broker_account_t *account = broker_account (broker, caller);
  broker_account_hold (account);
  leave_account (peer);
  peer->caller = *caller;
  peer->account = account;
  account->connections++;
  account->subscriptions += peer->subscription_count;
}

static void release (broker_t *broker, broker_peer_t *peer) {
  if (peer->producer != NULL)
    peer->producer->holder = NULL;
  peer->producer = NULL;
  while (peer->subscription_count > 0)
    broker_subscription_end (broker, peer->subscriptions[0], NULL, 0);
  broker_requests_forget (broker, peer);
  if (broker->hold_peer == peer)
    broker->held_until_ms = 0; /* whoever wanted it is gone */
  if (broker->hold_peer == peer)
    broker->hold_peer = NULL;
  peer->greeted = false;
  leave_account (peer);
}

void broker_forget (broker_t *broker, broker_peer_t *peer, mns_rc_t reason) {
  mns_head_t head;
  if (reason != MNS_OK && !peer->gone) {
    mns_head_clear (&head);
    head.rc = reason;
    mns_text_copy (head.detail, sizeof head.detail, mns_error_en (reason));
    broker_send (broker, peer, NULL, MNS_BYE, &head, NULL);
  }
  bool dismissed = reason != MNS_OK && (peer->greeted || peer->unread.token != 0) && !peer->gone;
  if (reason != MNS_OK && peer->greeted)
    mns_log (MNS_LOG_INFO, "broker", "peer.forgotten", "account=%s reason=%s", peer->caller.account,
             mns_error_word (reason));
  if (reason != MNS_OK || peer->gone)
    broker_requests_missed (broker, peer);
  release (broker, peer);
  peer->dismissed = dismissed;
  if (!dismissed)
    broker_peers_remove (&broker->peers, peer);
}

static mns_rc_t ping (broker_t *broker, broker_peer_t *peer) {
  mns_head_t head;
  mns_head_clear (&head);
  return broker_send (broker, peer, NULL, MNS_PING, &head, NULL);
}

bool broker_challenge (broker_t *broker, broker_peer_t *holder) {
  bool expired =
      !holder->busy && holder->challenged_ms != 0 && broker->now_ms - holder->challenged_ms >= BROKER_CHALLENGE_MS;
  if (broker->now_ms - holder->pinged_ms >= CHALLENGE_EVERY_MS) {
    holder->pinged_ms = broker->now_ms;
    ping (broker, holder); /* one that has left is found out at once */
  }
  if (holder->challenged_ms == 0)
    holder->challenged_ms = broker->now_ms;
  if (!holder->gone && !expired)
    return false;
  broker_forget (broker, holder, MNS_TIMEOUT);
  return true;
}

/* ---- HELLO ------------------------------------------------------------------------------------------------------- */

/* Where the broker is in the history of this producer, as its epoch sees it. */
static const broker_place_of_t *place_in (const broker_producer_t *producer, uint64_t epoch) {
  static const broker_place_of_t beginning;
  return producer->committed.epoch == epoch ? &producer->committed : &beginning;
}

static mns_rc_t check_history (const broker_producer_t *producer, const mns_head_t *head, mns_error_t *error) {
  const broker_place_of_t *place = place_in (producer, head->producer_epoch);
  if (head->producer_epoch == 0)
    return mns_fail (error, MNS_INVALID, "producer_epoch", "the epoch of a producer begins at 1");
  if (head->acked > head->number)
    return mns_fail (error, MNS_INVALID, "acked", "record %llu cannot be acknowledged where %llu were given out",
                     (unsigned long long)head->acked, (unsigned long long)head->number);
  if (head->producer_epoch < producer->accepted.epoch)
    return mns_fail (error, MNS_OUTBOX_FORKED, head->producer, "epoch %llu is over: the log has epoch %llu",
                     (unsigned long long)head->producer_epoch, (unsigned long long)producer->accepted.epoch);
  if (head->number < place->number)
    return mns_fail (error, MNS_OUTBOX_FORKED, head->producer,
                     "the log has number %llu of this producer, which knows only %llu: its store is older than the log",
                     (unsigned long long)place->number, (unsigned long long)head->number);
  if (head->number == place->number && head->chain != place->chain)
    return mns_fail (error, MNS_OUTBOX_FORKED, head->producer, "another history leads to number %llu in the log",
                     (unsigned long long)place->number);
  return MNS_OK;
}

/* Gives the producer to the peer, or says why not; *retry in milliseconds. */
static mns_rc_t take_producer (broker_t *broker, broker_message_t *message, const mns_caller_t *caller, uint64_t *retry,
                               mns_error_t *error) {
  const mns_head_t *head = &message->head;
  if (!broker_may_publish (broker, caller, head->producer))
    return mns_fail (error, MNS_FORBIDDEN, head->producer,
                     "publishing as '%s' takes an account of that name with a right to publish", head->producer);
  broker_producer_t *producer = broker_producer_find (broker, head->producer);
  if (producer == NULL)
    return mns_fail (error, MNS_BUSY, head->producer, "the broker has no room for another producer");
  if (producer->holder != NULL && producer->holder != message->peer && !broker_challenge (broker, producer->holder)) {
    *retry = TAKEOVER_RETRY_MS;
    return mns_fail (error, MNS_IN_USE, head->producer, "another connection publishes as '%s': is it running twice?",
                     head->producer);
  }
  mns_rc_t rc = check_history (producer, head, error);
  if (rc != MNS_OK) {
    mns_log (MNS_LOG_ERROR, "broker", "producer.refused", "producer=%s error=%s", head->producer, mns_error_word (rc));
    return rc;
  }
  rc = broker_renew_check (broker, head, place_in (producer, head->producer_epoch), error);
  if (rc != MNS_OK) {
    *retry = RENEW_RETRY_MS;
    return rc;
  }
  producer->holder = message->peer;
  producer->epoch = head->producer_epoch;
  message->peer->producer = producer;
  return MNS_OK;
}

static void welcome (broker_t *broker, broker_message_t *message) {
  const broker_peer_t *peer = message->peer;
  const broker_place_t *place = broker_tail_place (broker->tail);
  mns_head_t head;
  mns_head_clear (&head);
  mns_text_copy (head.software, sizeof head.software, BROKER_SOFTWARE);
  mns_text_copy (head.detail, sizeof head.detail, BROKER_ACK);
  mns_text_copy (head.account, sizeof head.account, peer->caller.account);
  mns_text_copy (head.role, sizeof head.role, mns_code_word (&mns_role, peer->caller.role));
  head.division = peer->caller.division;
  head.log_epoch = place->epoch;
  head.log_number = place->last;
  head.log_chain = place->chain;
  if (peer->producer != NULL) {
    const broker_place_of_t *known = place_in (peer->producer, peer->producer->epoch);
    mns_text_copy (head.producer, sizeof head.producer, peer->producer->committed.name);
    head.producer_epoch = peer->producer->epoch;
    head.number = known->number;
    head.chain = known->chain;
    head.covered = peer->producer->covered_epoch == known->epoch ? peer->producer->covered : 0;
  }
  broker_answer (broker, message, MNS_WELCOME, &head, NULL);
}

static mns_rc_t check_connections (broker_t *broker, const mns_caller_t *caller, uint64_t *retry, mns_error_t *error) {
  broker_account_t *account = broker_account (broker, caller);
  if (account->connections < account->most_connections)
    return MNS_OK;
  account->limited++;
  *retry = TAKEOVER_RETRY_MS;
  return mns_fail (error, MNS_BUSY, caller->account, "account '%s' has the %llu connections that it may have",
                   caller->account, (unsigned long long)account->most_connections);
}

void broker_handle_hello (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  mns_caller_t caller;
  uint64_t retry = 0;
  broker_peer_t *peer = message->peer;
  release (broker, peer);
  mns_rc_t rc = broker_identify (broker, peer, message->head.account, message->head.producer, &caller, &error);
  if (rc == MNS_OK)
    rc = check_connections (broker, &caller, &retry, &error);
  if (rc == MNS_OK && message->head.producer[0])
    rc = take_producer (broker, message, &caller, &retry, &error);
  if (rc != MNS_OK) {
    broker_answer_error (broker, message, MNS_REFUSE, &error, retry);
    return;
  }
  peer->greeted = true;
  peer->dismissed = false;
  enter_account (broker, peer, &caller);
  mns_text_copy (peer->software, sizeof peer->software, message->head.software);
  welcome (broker, message);
}

void broker_handle_ping (broker_t *broker, broker_message_t *message) {
  mns_head_t head;
  mns_head_clear (&head);
  broker_answer (broker, message, MNS_PONG, &head, NULL);
}

void broker_handle_pong (broker_t *broker, broker_message_t *message) {
  (void)broker;
  message->peer->busy = message->head.commands_busy != 0;
  broker_unread_answered (&message->peer->unread, message->head.request);
}

void broker_handle_bye (broker_t *broker, broker_message_t *message) {
  broker_peer_t *peer = message->peer;
  message->peer = NULL;
  if (peer->unread.token == 0) {
    broker_forget (broker, peer, MNS_OK);
    return;
  }
  release (broker, peer); /* it begins anew, and has not read any more by that */
  peer->dismissed = true;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static bool holds (const broker_peer_t *peer) {
  return peer->producer != NULL || peer->command_count > 0 || peer->subscription_count > 0 || peer->working > 0;
}

/* A holder has had its time when it was asked in time: a broker that was stopped itself asks first. A service whose
 * queue is full has not been asked: BYE would not reach it either, and it would never know. */
static bool silent_holder (const broker_t *broker, const broker_peer_t *peer) {
  int64_t allowed = peer->busy ? BROKER_BUSY_MS : BROKER_FORGET_AFTER_MS;
  return broker->now_ms - peer->heard_ms >= allowed && peer->asked_ms != 0 &&
         broker->now_ms - peer->asked_ms >= BROKER_FORGET_AFTER_MS - 2 * BROKER_PING_AFTER_MS;
}

/* One that was told that it is over stays known while it is connected, so that it is never taken for a stranger who
 * needs no HELLO; so does one that has not read what it was handed. */
static void look_at_dismissed (broker_t *broker, broker_peer_t *peer) {
  if (broker->now_ms - peer->pinged_ms >= BROKER_FORGET_IDLE_MS) {
    peer->pinged_ms = broker->now_ms;
    ping (broker, peer);
  }
  if (peer->gone)
    broker_forget (broker, peer, MNS_OK);
}

static void look_at (broker_t *broker, broker_peer_t *peer) {
  int64_t silence = broker->now_ms - peer->heard_ms;
  if (peer->dismissed) {
    look_at_dismissed (broker, peer);
    return;
  }
  bool holder = holds (peer) || broker->hold_peer == peer;
  if (holder && silence >= BROKER_PING_AFTER_MS && broker->now_ms - peer->pinged_ms >= BROKER_PING_AFTER_MS) {
    peer->pinged_ms = broker->now_ms;
    mns_rc_t rc = ping (broker, peer);
    if (peer->asked_ms == 0 && (rc == MNS_OK || peer->command_count == 0))
      peer->asked_ms = broker->now_ms;
  }
  if (peer->gone)
    broker_forget (broker, peer, MNS_OK);
  else if ((holder && silent_holder (broker, peer)) ||
           (!holder && peer->asking == 0 && silence >= BROKER_FORGET_IDLE_MS))
    broker_forget (broker, peer, MNS_TIMEOUT);
}

void broker_peers_tick (broker_t *broker) {
  if (broker->now_ms - broker->ticked_ms < PEERS_TICK_MS)
    return;
  broker->ticked_ms = broker->now_ms;
  for (size_t i = broker->peers.count; i-- > 0;)
    look_at (broker, broker->peers.all[i]);
}

static bool still_allowed (broker_t *broker, broker_subscription_t *subscription) {
  for (size_t i = 0; i < subscription->prefix_count; i++)
    if (!broker_may_subscribe (broker, &subscription->peer->caller, subscription->prefixes[i]))
      return false;
  return true;
}

/* The account as it is now; its connection goes on with what is left of its rights. */
static mns_rc_t recheck_account (broker_t *broker, broker_peer_t *peer, mns_error_t *error) {
  mns_caller_t caller;
  const char *producer = peer->producer ? peer->producer->committed.name : "";
  mns_rc_t rc = broker_identify (broker, peer, peer->caller.account, producer, &caller, error);
  if (rc != MNS_OK)
    return rc;
  enter_account (broker, peer, &caller);
  if (peer->producer != NULL && !broker_may_publish (broker, &caller, producer))
    return MNS_FORBIDDEN;
  return broker_may_serve_all (broker, peer) ? MNS_OK : MNS_FORBIDDEN;
}

static void recheck (broker_t *broker, broker_peer_t *peer) {
  mns_error_t error;
  mns_rc_t rc = recheck_account (broker, peer, &error);
  if (rc != MNS_OK) {
    broker_forget (broker, peer, rc);
    return;
  }
  for (size_t i = peer->subscription_count; i-- > 0;) {
    peer->subscriptions[i]->no_audit = !peer->account->hears_audit;
    if (!still_allowed (broker, peer->subscriptions[i])) {
      mns_fail (&error, MNS_FORBIDDEN, "prefixes", "the account no longer has the right to one of the prefixes");
      broker_subscription_end (broker, peer->subscriptions[i], &error, 0);
    }
  }
}

void broker_peers_recheck (broker_t *broker) {
  for (size_t i = broker->peers.count; i-- > 0;)
    if (broker->peers.all[i]->greeted)
      recheck (broker, broker->peers.all[i]);
  broker_requests_recheck (broker);
}
