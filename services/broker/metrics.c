/* The broker's numbers onto the board. */
#include "services/broker/metrics.h"

#include "common/board.h"
#include "common/dir.h"
#include "common/text.h"
#include "services/broker/core.h"
#include <string.h>
#include <sys/stat.h>

enum { PUT_MS = 1000 };

MNS_METRICS_DEFINE (broker, NULL, MNS_BROKER_METRICS)
MNS_METRICS_DEFINE (consumer, "consumer", MNS_CONSUMER_METRICS)

void broker_metrics_group (broker_t *broker) {
  broker_metrics_t *metrics = &broker->metrics;
  bool under_way = broker->publishing.under_way;
  if (under_way == (metrics->begun_us > 0))
    return;
  if (!under_way)
    mns_durations_add (&metrics->append, mns_clock_us () - metrics->begun_us);
  metrics->begun_us = under_way ? mns_clock_us () : 0;
}

static uint64_t wal_bytes (const broker_t *broker) {
  char path[MNS_PATH_MAX + 32];
  struct stat found;
  snprintf (path, sizeof path, "%s/broker/log.db-wal", broker->config->data);
  return stat (path, &found) == 0 ? (uint64_t)found.st_size : 0;
}

static void fill_counts (const broker_t *broker, mns_broker_metrics_t *row) {
  const broker_counts_t *counts = &broker->counts;
  row->received = counts->received;
  row->sent = counts->sent;
  row->refused = counts->refused;
  row->malformed = counts->malformed;
  row->dropped = counts->dropped;
  row->late = counts->late;
  row->groups = counts->groups;
  row->appended = counts->appended;
  row->repeated = counts->repeated;
  row->delivered = counts->delivered;
}

static void fill_log (const broker_t *broker, mns_broker_metrics_t *row) {
  const broker_place_t *place = broker_tail_place (broker->tail);
  row->append = broker->metrics.append;
  row->log_first = place->first;
  row->log_last = place->last;
  row->log_size = broker_log_bytes (broker->reader);
  row->log_wal = wal_bytes (broker);
  row->log_held = broker->now_ms < broker->held_until_ms;
  row->queued = broker->publishing.queue_bytes;
  row->producers = broker->publishing.producer_count;
}

static void fill_others (const broker_t *broker, mns_broker_metrics_t *row) {
  row->peers = broker->peers.count;
  row->subscriptions = broker->subscriptions.count;
  row->requests_open = broker_requests_open (broker);
  row->commands = broker->requests.entry_count;
  for (size_t i = 0; i < broker->requests.entry_count; i++)
    row->commands_gone += broker->requests.entries[i].holder == NULL;
  row->alarms = broker->alarms.count;
}

static void put_consumers (const broker_t *broker) {
  mns_consumer_metrics_t rows[MNS_BOARD_ROWS];
  uint64_t last = broker_tail_place (broker->tail)->last;
  size_t count = 0;
  for (size_t i = 0; i < broker->subscriptions.count && count < MNS_BOARD_ROWS; i++) {
    const broker_subscription_t *subscription = broker->subscriptions.all[i];
    if (!subscription->consumer[0])
      continue;
    mns_consumer_metrics_t *row = &rows[count++];
    memset (row, 0, sizeof *row);
    mns_text_copy (row->label_, sizeof row->label_, subscription->consumer);
    row->lag = last > subscription->durable ? last - subscription->durable : 0;
    row->unsent = last > subscription->told ? last - subscription->told : 0;
    row->credit = subscription->messages > 0 ? (uint64_t)subscription->messages : 0;
  }
  mns_board_put ("broker", &mns_consumer_metrics, rows, count);
}

void broker_metrics_tick (broker_t *broker) {
  mns_broker_metrics_t row = {.received = 0};
  if (broker->now_ms - broker->metrics.put_ms < PUT_MS)
    return;
  broker->metrics.put_ms = broker->now_ms;
  fill_counts (broker, &row);
  fill_log (broker, &row);
  fill_others (broker, &row);
  mns_board_put ("broker", &mns_broker_metrics, &row, 1);
  put_consumers (broker);
  mns_board_health ("broker", true, "");
}
