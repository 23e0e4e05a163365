/* The metrics of a service: the same for each, told apart by the label `service`. */
#ifndef MNS_COMMON_SERVICE_METRICS_H
#define MNS_COMMON_SERVICE_METRICS_H

#include "common/metrics.h"

/* clang-format off */
#define MNS_SERVICE_METRICS(M, T)                                                                          \
  M (T, GAUGE,     connected,      NONE,    "1 while the broker knows it")                                 \
  M (T, GAUGE,     stopped,        NONE,    "1 when its line is stopped at an event, or its outbox has forked") \
  M (T, COUNTER,   turns,          NONE,    "Transactions committed")                                      \
  M (T, COUNTER,   redone,         NONE,    "Turns rolled back and done again one by one")                 \
  M (T, COUNTER,   requests,       NONE,    "Requests answered")                                           \
  M (T, COUNTER,   refused,        NONE,    "Of these, with an error")                                     \
  M (T, COUNTER,   events,         NONE,    "Events applied")                                              \
  M (T, COUNTER,   skipped,        NONE,    "Events skipped after an error")                               \
  M (T, GAUGE,     waiting,        NONE,    "Requests that wait for a turn or a log number")               \
  M (T, GAUGE,     arrived,        NONE,    "Messages of events that wait for a turn")                     \
  M (T, GAUGE,     log_number,     NONE,    "Log number of the last event applied")                        \
  M (T, COUNTER,   published,      NONE,    "Events given out: the number of the last one")                \
  M (T, GAUGE,     outbox_pending, NONE,    "Events that the broker has not acknowledged")                 \
  M (T, GAUGE,     outbox,         BYTES,   "Their size")                                                  \
  M (T, GAUGE,     store,          BYTES,   "Size of its store")                                           \
  M (T, GAUGE,     store_wal,      BYTES,   "Size of its write-ahead file")
/* clang-format on */
MNS_METRICS_DECLARE (service, MNS_SERVICE_METRICS)

#endif
