/* Named consumers in the router thread, and the commands about them (docs/protocol.md §7). */
#include "services/broker/consumers.h"
#include "common/log.h"
#include "common/records/bus_records.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000, MINUTE_MS = 60000 };

/* ---- the table --------------------------------------------------------------------------------------------------- */

/* One that was removed is in the table until the log knows it. */
static broker_consumer_t *find_any (const broker_t *broker, const char *name) {
  for (size_t i = 0; i < broker->consumers.count; i++)
    if (strcmp (broker->consumers.all[i]->row.name, name) == 0)
      return broker->consumers.all[i];
  return NULL;
}

static broker_consumer_t *find (const broker_t *broker, const char *name) {
  broker_consumer_t *consumer = find_any (broker, name);
  return consumer == NULL || consumer->row.removed ? NULL : consumer;
}

static broker_consumer_t *add (broker_t *broker, const char *name) {
  broker_consumer_t *consumer = find_any (broker, name);
  if (consumer == NULL)
    consumer = broker->consumers.all[broker->consumers.count++] = mns_alloc (sizeof *consumer);
  *consumer = (broker_consumer_t){.mark_ms = broker->now_ms};
  mns_text_copy (consumer->row.name, sizeof consumer->row.name, name);
  return consumer;
}

static void drop_removed (broker_consumers_t *consumers) {
  for (size_t i = consumers->count; i-- > 0;)
    if (consumers->all[i]->row.removed && !consumers->all[i]->changed) {
      free (consumers->all[i]);
      consumers->all[i] = consumers->all[--consumers->count];
    }
}

static void restore_consumer (void *self, const broker_consumer_row_t *row) {
  broker_t *broker = self;
  if (broker->consumers.count == BROKER_CONSUMERS_MAX)
    return;
  broker_consumer_t *consumer = add (broker, row->name);
  int64_t away_ms = (mns_clock.wall () - row->seen) / 1000;
  consumer->row = *row;
  consumer->mark = row->number + 1;
  consumer->mark_ms = broker->now_ms - (away_ms > 0 ? away_ms : 0);
}

static void restore_covered (void *self, const broker_covered_t *row) {
  broker_producer_t *producer = broker_producer_find (self, row->producer);
  if (producer != NULL) {
    producer->covered_epoch = row->epoch;
    producer->covered = row->number;
  }
}

mns_rc_t broker_consumers_init (broker_t *broker) {
  mns_rc_t rc = broker_log_consumers (broker->reader, restore_consumer, broker);
  return rc == MNS_OK ? broker_log_covered (broker->reader, restore_covered, broker) : rc;
}

void broker_consumers_fini (broker_t *broker) {
  while (broker->consumers.count > 0)
    free (broker->consumers.all[--broker->consumers.count]);
}

/* ---- offsets ----------------------------------------------------------------------------------------------------- */

/* Behind the last event it was given, nothing concerns it: when that one is durable, so is what it was told of. */
static uint64_t offset_of (const broker_consumer_t *consumer) {
  const broker_subscription_t *subscription = consumer->subscription;
  if (subscription == NULL)
    return consumer->row.number;
  return subscription->durable >= subscription->last_event ? subscription->told : subscription->durable;
}

static void refresh (broker_t *broker, broker_consumer_t *consumer) {
  uint64_t number = offset_of (consumer), epoch = broker_tail_place (broker->tail)->epoch;
  if (consumer->subscription == NULL)
    return;
  consumer->changed = consumer->changed || number != consumer->row.number || epoch != consumer->row.epoch;
  consumer->row.number = number;
  consumer->row.epoch = epoch;
  consumer->row.seen = mns_clock.wall ();
}

uint64_t broker_log_floor (const broker_t *broker) {
  uint64_t floor = UINT64_MAX;
  for (size_t i = 0; i < broker->consumers.count; i++) {
    const broker_consumer_t *consumer = broker->consumers.all[i];
    if (consumer->row.required && !consumer->row.removed && consumer->row.number + 1 < floor)
      floor = consumer->row.number + 1;
  }
  return floor;
}

/* ---- subscriptions ----------------------------------------------------------------------------------------------- */

static bool has_prefix (const broker_consumer_row_t *row, const char *prefix) {
  for (size_t i = 0; i < row->prefix_count; i++)
    if (strcmp (row->prefixes[i], prefix) == 0)
      return true;
  return false;
}

static bool same_prefixes (const broker_consumer_row_t *row, const mns_head_t *head) {
  bool same = row->prefix_count == head->prefix_count;
  for (size_t i = 0; same && i < head->prefix_count; i++)
    same = has_prefix (row, head->prefixes[i]);
  return same;
}

/* Nobody reads in the name of a service of the house but that service. */
static const char *owner_of (const broker_consumer_t *consumer, const char *name, const char *asking) {
  if (broker_is_of_the_house (name, strlen (name)))
    return name;
  return consumer != NULL ? consumer->row.account : asking;
}

mns_rc_t broker_consumer_check (broker_t *broker, const mns_caller_t *caller, mns_head_t *head, mns_error_t *error) {
  const broker_consumer_t *consumer = *head->consumer ? find (broker, head->consumer) : NULL;
  if (head->resume && *head->consumer == 0)
    return mns_fail (error, MNS_INVALID, "resume", "only a named consumer can go on where the broker has it");
  if (consumer == NULL && *head->consumer && broker->consumers.count == BROKER_CONSUMERS_MAX)
    return mns_fail (error, MNS_BUSY, head->consumer, "there are %d named consumers; remove one that is gone",
                     BROKER_CONSUMERS_MAX);
  const char *owner = owner_of (consumer, head->consumer, caller->account);
  if (strcmp (owner, caller->account) != 0)
    return mns_fail (error, MNS_FORBIDDEN, head->consumer, "this consumer belongs to account '%s'", owner);
  if (consumer == NULL || !head->resume)
    return MNS_OK;
  if (!same_prefixes (&consumer->row, head))
    return mns_fail (error, MNS_CONFLICT, head->consumer,
                     "the consumer has read other prefixes so far: say from which number on it reads these");
  head->log_number = offset_of (consumer);
  head->log_epoch = head->log_chain = 0;
  return MNS_OK;
}

void broker_consumer_begin (broker_t *broker, broker_subscription_t *subscription) {
  if (subscription->consumer[0] == 0)
    return;
  broker_consumer_t *consumer = find (broker, subscription->consumer);
  const char *account = subscription->peer->caller.account;
  if (consumer == NULL)
    consumer = add (broker, subscription->consumer);
  if (strcmp (consumer->row.account, account) != 0) {
    mns_text_copy (consumer->row.account, sizeof consumer->row.account, account);
    consumer->row.required = broker_is_of_the_house (consumer->row.name, strlen (consumer->row.name));
  }
  memcpy (consumer->row.prefixes, subscription->prefixes, sizeof consumer->row.prefixes);
  consumer->row.prefix_count = subscription->prefix_count;
  consumer->subscription = subscription;
  consumer->changed = true;
  refresh (broker, consumer);
}

void broker_consumer_end (broker_t *broker, broker_subscription_t *subscription) {
  broker_consumer_t *consumer = find (broker, subscription->consumer);
  if (consumer == NULL || consumer->subscription != subscription)
    return;
  refresh (broker, consumer);
  consumer->subscription = NULL;
  consumer->changed = true;
}

/* ---- lag --------------------------------------------------------------------------------------------------------- */

static uint64_t lag_of (const broker_t *broker, const broker_consumer_t *consumer) {
  uint64_t last = broker_tail_place (broker->tail)->last;
  return last > consumer->row.number ? last - consumer->row.number : 0;
}

/* How long it has not been where the log ended then. */
static int64_t age_ms (const broker_t *broker, const broker_consumer_t *consumer) {
  return lag_of (broker, consumer) > 0 ? broker->now_ms - consumer->mark_ms : 0;
}

static void alarm_code (const broker_consumer_t *consumer, char code[MNS_NAME_MAX + 1]) {
  snprintf (code, MNS_NAME_MAX + 1, "consumer_lag.%.35s", consumer->row.name);
}

static void look (broker_t *broker, broker_consumer_t *consumer) {
  const mns_config_t *config = broker->config;
  char code[MNS_NAME_MAX + 1];
  if (consumer->row.removed)
    return;
  refresh (broker, consumer);
  if (consumer->row.number >= consumer->mark) {
    consumer->mark = broker_tail_place (broker->tail)->last;
    consumer->mark_ms = broker->now_ms;
  }
  uint64_t lag = lag_of (broker, consumer);
  int64_t age = age_ms (broker, consumer);
  bool late = (config->consumer_lag_records > 0 && lag > (uint64_t)config->consumer_lag_records) ||
              (config->consumer_lag_minutes > 0 && age > config->consumer_lag_minutes * MINUTE_MS);
  alarm_code (consumer, code);
  if (consumer->row.required && late)
    broker_alarm_raise (broker, code,
                        "consumer %s is %llu records behind, for %lld s, and %s: see `mns status` and "
                        "`mns consumer list`; when it is gone for good, `mns consumer remove %s`",
                        consumer->row.name, (unsigned long long)lag, (long long)age / 1000,
                        consumer->subscription != NULL ? "connected" : "not connected", consumer->row.name);
  else if (consumer->alarmed)
    broker_alarm_clear (broker, code);
  consumer->alarmed = consumer->row.required && late;
}

/* ---- the log thread ---------------------------------------------------------------------------------------------- */

static void gather_consumers (broker_t *broker, mns_buffer_t *out) {
  broker_consumers_t *consumers = &broker->consumers;
  for (size_t i = consumers->count; i-- > 0;) {
    broker_consumer_t *consumer = consumers->all[i];
    if (consumer->changed)
      mns_buffer_add (out, &consumer->row, sizeof consumer->row);
    consumer->changed = false;
  }
}

static void gather_covered (const broker_t *broker, mns_buffer_t *out) {
  const broker_publishing_t *publishing = &broker->publishing;
  for (size_t i = 0; broker->consumers.covered && i < publishing->producer_count; i++) {
    const broker_producer_t *producer = publishing->producers[i];
    broker_covered_t row = {.epoch = producer->covered_epoch, .number = producer->covered};
    mns_text_copy (row.producer, sizeof row.producer, producer->committed.name);
    mns_buffer_add (out, &row, sizeof row);
  }
}

void broker_consumers_note (broker_t *broker) {
  const char what = BROKER_NOTE;
  mns_buffer_t consumers = {0}, covered = {0};
  gather_consumers (broker, &consumers);
  gather_covered (broker, &covered);
  if (consumers.size + covered.size > 0) {
    broker_frame_send_bytes (broker->log_pipe, &what, 1, true);
    broker_frame_send_bytes (broker->log_pipe, consumers.data, consumers.size, true);
    broker_frame_send_bytes (broker->log_pipe, covered.data, covered.size, false);
    broker->consumers.noting = true;
    broker->consumers.request_noted = broker->consumers.request != 0;
  }
  broker->consumers.covered = false;
  mns_buffer_fini (&consumers);
  mns_buffer_fini (&covered);
}

static void note_again (broker_consumers_t *consumers) {
  consumers->covered = true;
  for (size_t i = 0; i < consumers->count; i++)
    consumers->all[i]->changed = true;
}

/* What was not written is written later, with the next change; commands say so at once. */
void broker_consumers_noted (broker_t *broker, const broker_noted_t *noted) {
  mns_error_t error = {0};
  broker_consumers_t *consumers = &broker->consumers;
  consumers->noting = false;
  if (noted->rc == MNS_OK) {
    drop_removed (consumers);
  } else {
    mns_fail (&error, noted->rc, "log", "the change is not written yet: %s", noted->detail);
    mns_log (MNS_LOG_WARN, "broker", "consumers.not_noted", "error=%s", mns_error_word (noted->rc));
    note_again (consumers);
  }
  if (consumers->request != 0 && !consumers->request_noted) {
    broker_consumers_note (broker);
    return;
  }
  if (consumers->request != 0)
    broker_request_answer (broker, consumers->request, &error);
  consumers->request = 0;
}

void broker_consumers_tick (broker_t *broker) {
  if (broker->now_ms - broker->consumers.looked_ms < LOOK_MS)
    return;
  broker->consumers.looked_ms = broker->now_ms;
  for (size_t i = 0; i < broker->consumers.count; i++)
    look (broker, broker->consumers.all[i]);
  if (!broker->consumers.noting)
    broker_consumers_note (broker);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void describe (broker_t *broker, broker_consumer_t *consumer, mns_bus_durable_t *row) {
  refresh (broker, consumer);
  mns_record_clear (&mns_bus_durable_type, row);
  mns_text_copy (row->consumer, sizeof row->consumer, consumer->row.name);
  mns_text_copy (row->account, sizeof row->account, consumer->row.account);
  for (size_t i = 0; i < consumer->row.prefix_count; i++) {
    mns_record_clear (&mns_bus_prefix_type, &row->prefixes[i]);
    mns_text_copy (row->prefixes[i].prefix, sizeof row->prefixes[i].prefix, consumer->row.prefixes[i]);
  }
  row->prefixes_count = (uint16_t)consumer->row.prefix_count;
  row->number = consumer->row.number;
  row->epoch = consumer->row.epoch;
  row->lag = (int64_t)lag_of (broker, consumer);
  row->age_s = age_ms (broker, consumer) / 1000;
  row->seen = consumer->row.seen;
  row->connected = consumer->subscription != NULL ? MNS_YES : MNS_NO;
  row->required = consumer->row.required ? MNS_YES : MNS_NO;
  row->alarm = consumer->alarmed ? MNS_YES : MNS_NO;
}

mns_rc_t broker_command_consumers (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                   mns_error_t *error) {
  (void)caller;
  (void)error;
  mns_head_t head;
  mns_bus_durable_t row;
  mns_head_clear (&head);
  mns_buffer_clear (&broker->scratch);
  for (size_t i = 0; i < broker->consumers.count && broker->scratch.size < MNS_BODY_MAX - sizeof row; i++) {
    if (broker->consumers.all[i]->row.removed)
      continue;
    describe (broker, broker->consumers.all[i], &row);
    mns_record_pack (&mns_bus_durable_type, &row, &broker->scratch);
    head.count++;
  }
  broker_reply_bytes (broker, message, &head, &broker->scratch);
  return MNS_OK;
}

/* The consumer that a command names, unless it is connected and the command is `offline`. */
static mns_rc_t named (broker_t *broker, const char *name, bool offline, broker_consumer_t **consumer,
                       mns_error_t *error) {
  *consumer = find (broker, name);
  if (*consumer == NULL)
    return mns_fail (error, MNS_NOT_FOUND, name, "there is no consumer of that name; `mns consumer list` shows them");
  if (offline && (*consumer)->subscription != NULL)
    return mns_fail (error, MNS_WRONG_STATE, name, "the consumer is connected: stop it first");
  if (broker->consumers.request != 0)
    return mns_fail (error, MNS_BUSY, name, "another change is being written");
  return MNS_OK;
}

/* The answer comes when the change is written. */
static mns_rc_t answer_when_noted (broker_t *broker, const broker_message_t *message, broker_consumer_t *consumer,
                                   mns_error_t *error) {
  broker->consumers.request = broker_request_hold (broker, message);
  if (broker->consumers.request == 0)
    return mns_fail (error, MNS_BUSY, "", "the broker has too many requests open");
  consumer->changed = true;
  broker->consumers.request_noted = false;
  if (!broker->consumers.noting)
    broker_consumers_note (broker);
  return MNS_OK;
}

mns_rc_t broker_command_consumer_reset (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                        mns_error_t *error) {
  (void)caller;
  broker_consumer_t *consumer;
  mns_bus_consumer_reset_t request;
  const broker_place_t *place = broker_tail_place (broker->tail);
  mns_rc_t rc = broker_read_request (message, &mns_bus_consumer_reset_type, &request, error);
  if (rc == MNS_OK)
    rc = named (broker, request.consumer, true, &consumer, error);
  if (rc == MNS_OK && broker_is_of_the_house (request.consumer, strlen (request.consumer)))
    rc = mns_fail (error, MNS_FORBIDDEN, request.consumer,
                   "a service keeps its offset in its own store: a reset here would change nothing");
  uint64_t number = request.number;
  if (rc == MNS_OK && request.time != 0)
    rc = broker_tail_before_time (broker->tail, request.time, &number);
  if (rc == MNS_OK && number > place->last)
    rc = mns_fail (error, MNS_OUT_OF_RANGE, "number", "the log ends at %llu", (unsigned long long)place->last);
  if (rc != MNS_OK)
    return rc;
  consumer->row.number = number;
  consumer->row.epoch = place->epoch;
  consumer->mark = place->last;
  consumer->mark_ms = broker->now_ms;
  return answer_when_noted (broker, message, consumer, error);
}

mns_rc_t broker_command_consumer_remove (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                         mns_error_t *error) {
  (void)caller;
  broker_consumer_t *consumer;
  char code[MNS_NAME_MAX + 1];
  mns_bus_consumer_remove_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_consumer_remove_type, &request, error);
  if (rc == MNS_OK)
    rc = named (broker, request.consumer, true, &consumer, error);
  if (rc != MNS_OK)
    return rc;
  alarm_code (consumer, code);
  broker_alarm_clear (broker, code);
  consumer->row.removed = true;
  return answer_when_noted (broker, message, consumer, error);
}

mns_rc_t broker_command_consumer_require (broker_t *broker, broker_message_t *message, const mns_caller_t *caller,
                                          mns_error_t *error) {
  (void)caller;
  broker_consumer_t *consumer;
  mns_bus_consumer_require_t request;
  mns_rc_t rc = broker_read_request (message, &mns_bus_consumer_require_type, &request, error);
  if (rc == MNS_OK)
    rc = named (broker, request.consumer, false, &consumer, error);
  if (rc != MNS_OK)
    return rc;
  consumer->row.required = request.required == MNS_YES;
  return answer_when_noted (broker, message, consumer, error);
}
