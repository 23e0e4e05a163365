/* The metrics of the broker: what it has counted since it began, and how it is now. */
#ifndef MNS_BROKER_METRICS_H
#define MNS_BROKER_METRICS_H

#include "common/metrics.h"
#include <stdbool.h>

/* clang-format off */
#define MNS_BROKER_METRICS(M, T)                                                                           \
  M (T, COUNTER,   received,       NONE,    "Messages received")                                           \
  M (T, COUNTER,   sent,           NONE,    "Messages sent")                                               \
  M (T, COUNTER,   refused,        NONE,    "Messages answered with an error")                             \
  M (T, COUNTER,   malformed,      NONE,    "Messages that were no MNS/1")                                 \
  M (T, COUNTER,   dropped,        NONE,    "Answers that a full or lost connection did not take")         \
  M (T, COUNTER,   late,           NONE,    "Answers of services that came after the deadline")            \
  M (T, COUNTER,   groups,         NONE,    "Groups of records committed to the log")                      \
  M (T, COUNTER,   appended,       NONE,    "Records appended to the log")                                 \
  M (T, COUNTER,   repeated,       NONE,    "Records sent again by their producer and left out")           \
  M (T, COUNTER,   delivered,      NONE,    "Records delivered to subscriptions")                          \
  M (T, DURATIONS, append,         SECONDS, "Time to append and flush a group, as the router sees it")     \
  M (T, GAUGE,     log_first,      NONE,    "First number of the log that is kept")                        \
  M (T, GAUGE,     log_last,       NONE,    "Last number of the log")                                      \
  M (T, GAUGE,     log_size,       BYTES,   "Size of the log's store")                                     \
  M (T, GAUGE,     log_wal,        BYTES,   "Size of its write-ahead file")                                \
  M (T, GAUGE,     log_held,       NONE,    "1 while nothing is appended, for a backup")                   \
  M (T, GAUGE,     queued,         BYTES,   "Records accepted that wait for the group under way")          \
  M (T, GAUGE,     peers,          NONE,    "Connections")                                                 \
  M (T, GAUGE,     subscriptions,  NONE,    "Subscriptions")                                               \
  M (T, GAUGE,     requests_open,  NONE,    "Requests that wait for their answer")                         \
  M (T, GAUGE,     commands,       NONE,    "Commands announced")                                          \
  M (T, GAUGE,     commands_gone,  NONE,    "Commands announced once, that nobody answers now")            \
  M (T, GAUGE,     producers,      NONE,    "Producers of the log")                                        \
  M (T, GAUGE,     alarms,         NONE,    "Alarms that are on")
#define MNS_CONSUMER_METRICS(M, T)                                                                         \
  M (T, GAUGE,     lag,            NONE,    "Records between what the subscriber has made durable and the end of the log") \
  M (T, GAUGE,     unsent,         NONE,    "Records between what it was told of and the end of the log")  \
  M (T, GAUGE,     credit,         NONE,    "Messages it still takes; 0: it does not keep up")
/* clang-format on */
MNS_METRICS_DECLARE (broker, MNS_BROKER_METRICS)
MNS_METRICS_DECLARE (consumer, MNS_CONSUMER_METRICS)

/* What is measured between two writings of the board. */
typedef struct {
  mns_durations_t append;
  int64_t begun_us; /* of the group under way; 0: none */
  int64_t put_ms;
} broker_metrics_t;

#endif
