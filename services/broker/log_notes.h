/* What the log's store keeps besides records: named consumers, how far backups cover each producer, and the epochs that
 * the log went through. */
#ifndef MNS_BROKER_LOG_NOTES_H
#define MNS_BROKER_LOG_NOTES_H

#include "services/broker/log.h"

typedef struct {
  char name[MNS_NAME_MAX + 1], account[MNS_NAME_MAX + 1];
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1];
  size_t prefix_count;
  uint64_t number, epoch;
  mns_time_t seen;
  bool required;
  bool removed; /* to be forgotten */
} broker_consumer_row_t;

typedef struct {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number;
} broker_covered_t;

mns_rc_t broker_log_consumers (broker_log_t *log, void (*each) (void *self, const broker_consumer_row_t *row),
                               void *self);
mns_rc_t broker_log_covered (broker_log_t *log, void (*each) (void *self, const broker_covered_t *row), void *self);
/* Writer: all of it in one transaction. */
mns_rc_t broker_log_note (broker_log_t *log, const broker_consumer_row_t *consumers, size_t consumer_count,
                          const broker_covered_t *covered, size_t covered_count);

/* Writer: what is appended from now on is of this epoch, which must be above the present one. */
mns_rc_t broker_log_renew (broker_log_t *log, uint64_t epoch);
/* The last number that may be of this epoch, UINT64_MAX for the present one. MNS_NOT_FOUND: never one of this log's. */
mns_rc_t broker_log_epoch_end (broker_log_t *log, uint64_t epoch, uint64_t *last);

#endif
