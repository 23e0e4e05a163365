/* Subscriptions: beginning, credit, ending (docs/protocol.md §6). What they get is deliver.c's. */
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <stdlib.h>
#include <string.h>

enum {
  CREDIT_MESSAGES_MAX = 4096, /* what a peer that stopped reading can make us queue */
  CREDIT_BYTES_MAX = 8 << 20,
  TAKEOVER_RETRY_MS = 1000
};

/* ---- the table --------------------------------------------------------------------------------------------------- */

static broker_subscription_t *add (broker_t *broker, broker_peer_t *peer) {
  broker_subscriptions_t *table = &broker->subscriptions;
  if (table->count == table->capacity) {
    table->capacity = table->capacity ? 2 * table->capacity : 64;
    table->all = mns_realloc (table->all, table->capacity * sizeof (broker_subscription_t *));
  }
  broker_subscription_t *subscription = mns_alloc (sizeof *subscription);
  subscription->peer = peer;
  peer->subscriptions[peer->subscription_count++] = subscription;
  peer->account->subscriptions++;
  subscription->no_audit = !peer->account->hears_audit;
  table->all[table->count++] = subscription;
  return subscription;
}

/* Takes `subscription` out of an array whose order does not matter. */
static void take_out (broker_subscription_t **all, size_t *count, const broker_subscription_t *subscription) {
  size_t at = 0;
  while (all[at] != subscription)
    at++;
  all[at] = all[--*count];
}

void broker_subscription_end (broker_t *broker, broker_subscription_t *subscription, const mns_error_t *error,
                              uint64_t retry_after_ms) {
  broker_peer_t *peer = subscription->peer;
  if (error != NULL && !peer->gone) {
    mns_head_t head;
    mns_head_clear (&head);
    head.subscription = subscription->id;
    head.rc = error->rc;
    head.retry_after_ms = retry_after_ms;
    mns_text_copy (head.where, sizeof head.where, error->where);
    mns_text_copy (head.detail, sizeof head.detail, error->detail);
    broker_send (broker, peer, NULL, MNS_SUBEND, &head, NULL);
  }
  broker_consumer_end (broker, subscription);
  take_out (peer->subscriptions, &peer->subscription_count, subscription);
  peer->account->subscriptions--;
  take_out (broker->subscriptions.all, &broker->subscriptions.count, subscription);
  free (subscription);
}

void broker_subscriptions_fini (broker_t *broker) {
  while (broker->subscriptions.count > 0)
    broker_subscription_end (broker, broker->subscriptions.all[0], NULL, 0);
  free (broker->subscriptions.all);
}

static broker_subscription_t *find (const broker_peer_t *peer, uint64_t id, const char *consumer) {
  for (size_t i = 0; i < peer->subscription_count; i++) {
    broker_subscription_t *found = peer->subscriptions[i];
    if (found->id == id || (*consumer && strcmp (found->consumer, consumer) == 0))
      return found;
  }
  return NULL;
}

static broker_peer_t *find_holder (const broker_t *broker, const char *consumer, const broker_peer_t *but) {
  for (size_t i = 0; *consumer && i < broker->subscriptions.count; i++) {
    const broker_subscription_t *found = broker->subscriptions.all[i];
    if (found->peer != but && strcmp (found->consumer, consumer) == 0)
      return found->peer;
  }
  return NULL;
}

/* ---- SUB --------------------------------------------------------------------------------------------------------- */

static mns_rc_t check_prefixes (const broker_t *broker, const broker_message_t *message, mns_error_t *error) {
  const mns_head_t *head = &message->head;
  if (head->subscription == 0)
    return mns_fail (error, MNS_INVALID, "subscription", "a subscription has a number other than 0");
  if (head->prefix_count == 0)
    return mns_fail (error, MNS_MISSING, "prefixes", "a subscription has at least one prefix");
  for (size_t i = 0; i < head->prefix_count; i++) {
    mns_rc_t rc = mns_prefix_check (head->prefixes[i], error);
    if (rc != MNS_OK)
      return rc;
    if (!broker_may_subscribe (broker, &message->peer->caller, head->prefixes[i]))
      return mns_fail (error, MNS_FORBIDDEN, "prefixes", "account '%s' may not read everything under '%s'",
                       message->peer->caller.account, head->prefixes[i]);
  }
  return MNS_OK;
}

/* Does the offset belong to this log? *from and *chain get where the subscription begins; chain 0: not known. */
static mns_rc_t check_offset (broker_t *broker, const mns_head_t *head, uint64_t *from, uint64_t *chain,
                              mns_error_t *error) {
  const broker_place_t *place = broker_tail_place (broker->tail);
  *from = head->log_number == UINT64_MAX ? place->last : head->log_number;
  mns_rc_t rc = head->from_time != 0 ? broker_tail_before_time (broker->tail, head->from_time, from) : MNS_OK;
  uint64_t last = place->last;
  if (head->log_epoch != 0 && head->log_epoch != place->epoch &&
      broker_log_epoch_end (broker->reader, head->log_epoch, &last) != MNS_OK)
    return mns_fail (error, MNS_OFFSET_MISMATCH, "log_epoch", "the offset is of log %llu, this is log %llu",
                     (unsigned long long)head->log_epoch, (unsigned long long)place->epoch);
  if (*from > place->last || *from > last)
    return mns_fail (error, MNS_OFFSET_MISMATCH, "log_number", "the offset is %llu, this log ends at %llu%s",
                     (unsigned long long)*from, (unsigned long long)(last < place->last ? last : place->last),
                     last < place->last ? " in that epoch" : "");
  if (*from + 1 < place->first)
    return mns_fail (error, MNS_GONE, "log_number", "the log is kept from number %llu on",
                     (unsigned long long)place->first);
  if (rc == MNS_OK)
    rc = broker_tail_chain_at (broker->tail, *from, chain);
  if (rc != MNS_OK && rc != MNS_NOT_FOUND && rc != MNS_GONE)
    return mns_fail (error, rc, "log", "the log cannot be read at %llu", (unsigned long long)*from);
  if (head->log_chain != 0 && rc != MNS_GONE && head->log_chain != *chain)
    return mns_fail (error, MNS_OFFSET_MISMATCH, "log_chain", "another history leads to number %llu in this log",
                     (unsigned long long)*from);
  return MNS_OK;
}

static mns_rc_t check_room (broker_t *broker, const broker_message_t *message, uint64_t *retry, mns_error_t *error) {
  broker_peer_t *peer = message->peer;
  broker_peer_t *holder = find_holder (broker, message->head.consumer, peer);
  *retry = TAKEOVER_RETRY_MS;
  if (holder != NULL && !broker_challenge (broker, holder))
    return mns_fail (error, MNS_IN_USE, message->head.consumer, "another connection reads as consumer '%s'",
                     message->head.consumer);
  broker_subscription_t *old;
  while ((old = find (peer, message->head.subscription, message->head.consumer)) != NULL)
    broker_subscription_end (broker, old, NULL, 0);
  if (peer->subscription_count == BROKER_SUBSCRIPTIONS_MAX)
    return mns_fail (error, MNS_BUSY, "subscription", "a connection has at most %d subscriptions",
                     BROKER_SUBSCRIPTIONS_MAX);
  if (peer->account->subscriptions >= peer->account->most_subscriptions) {
    peer->account->limited++;
    return mns_fail (error, MNS_BUSY, peer->caller.account, "account '%s' has the %llu subscriptions that it may have",
                     peer->caller.account, (unsigned long long)peer->account->most_subscriptions);
  }
  *retry = 0;
  return MNS_OK;
}

static int64_t bounded (uint64_t value, int64_t most) {
  return value > (uint64_t)most ? most : (int64_t)value;
}

static uint64_t streams_of (const broker_subscription_t *subscription) {
  uint64_t streams = 0;
  for (size_t i = 0; i < subscription->prefix_count; i++)
    streams |= broker_streams_under (subscription->prefixes[i]);
  return streams;
}

static void begin (broker_t *broker, broker_message_t *message, uint64_t from, uint64_t chain) {
  const mns_head_t *asked = &message->head;
  broker_subscription_t *subscription = add (broker, message->peer);
  subscription->id = asked->subscription;
  subscription->told = subscription->cursor = subscription->durable = from;
  subscription->chain = chain;
  subscription->messages = bounded (asked->credit_messages, CREDIT_MESSAGES_MAX);
  subscription->bytes = bounded (asked->credit_bytes, CREDIT_BYTES_MAX);
  subscription->told_ms = broker->now_ms;
  subscription->prefix_count = asked->prefix_count;
  memcpy (subscription->consumer, asked->consumer, sizeof subscription->consumer);
  memcpy (subscription->prefixes, asked->prefixes, sizeof subscription->prefixes);
  subscription->streams = streams_of (subscription);
  subscription->last_event = from;
  broker_consumer_begin (broker, subscription);
  mns_head_t head;
  mns_head_clear (&head);
  head.subscription = asked->subscription;
  head.log_number = from;
  head.log_chain = chain;
  head.log_epoch = broker_tail_place (broker->tail)->epoch;
  broker_answer (broker, message, MNS_SUBOK, &head, NULL);
}

void broker_handle_sub (broker_t *broker, broker_message_t *message) {
  mns_error_t error;
  uint64_t from, chain, retry = 0;
  mns_rc_t rc = check_prefixes (broker, message, &error);
  if (rc == MNS_OK)
    rc = broker_consumer_check (broker, &message->peer->caller, &message->head, &error);
  if (rc == MNS_OK)
    rc = check_offset (broker, &message->head, &from, &chain, &error);
  if (rc == MNS_OK)
    rc = check_room (broker, message, &retry, &error);
  if (rc == MNS_OK) {
    begin (broker, message, from, chain);
    return;
  }
  mns_log (MNS_LOG_WARN, "broker", "subscribe.refused", "account=%s error=%s where=%s", message->peer->caller.account,
           mns_error_word (rc), error.where);
  broker_answer_error (broker, message, MNS_SUBEND, &error, retry);
}

void broker_handle_credit (broker_t *broker, broker_message_t *message) {
  broker_subscription_t *subscription = find (message->peer, message->head.subscription, "");
  if (subscription == NULL) {
    broker->counts.late++;
    return;
  }
  subscription->messages =
      bounded ((uint64_t)(subscription->messages + bounded (message->head.credit_messages, CREDIT_MESSAGES_MAX)),
               CREDIT_MESSAGES_MAX);
  int64_t bytes = subscription->bytes + bounded (message->head.credit_bytes, CREDIT_BYTES_MAX);
  subscription->bytes = bytes > CREDIT_BYTES_MAX ? CREDIT_BYTES_MAX : bytes;
  if (message->head.last > subscription->durable && message->head.last <= subscription->told)
    subscription->durable = message->head.last;
}

void broker_handle_subend (broker_t *broker, broker_message_t *message) {
  broker_subscription_t *subscription = find (message->peer, message->head.subscription, "");
  if (subscription != NULL)
    broker_subscription_end (broker, subscription, NULL, 0);
}

void broker_subscriptions_end_all (broker_t *broker) {
  mns_error_t error;
  mns_fail (&error, MNS_UNAVAILABLE, "log_epoch", "the log goes on in epoch %llu: subscribe again from the offset",
            (unsigned long long)broker_tail_place (broker->tail)->epoch);
  while (broker->subscriptions.count > 0)
    broker_subscription_end (broker, broker->subscriptions.all[0], &error, 1);
}
