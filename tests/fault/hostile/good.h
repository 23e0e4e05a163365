/* Those who behave: a producer that is also a worker, and a subscriber that also asks, each over TCP with its key. What
 * they get done is what an attack must not take away. */
#ifndef MNS_TESTS_FAULT_GOOD_H
#define MNS_TESTS_FAULT_GOOD_H

#include "common/link.h"

typedef struct {
  uint64_t acked, delivered, answered;
} good_counts_t;

typedef struct {
  const mns_config_t *config;
  mns_link_t producer, subscriber;
  mns_head_t head;
  zmq_msg_t body;
  mns_buffer_t record;
  uint64_t sent, acked, sent_chain; /* numbers of the producer */
  uint64_t offset, subscription, given, request;
  size_t given_bytes;
  int64_t asked_ms, pushed_ms;
  good_counts_t counts;
} good_t;

/* `config` is that of a client over TCP of the account "good". */
void good_init (good_t *good, const mns_config_t *config);
void good_fini (good_t *good);
/* Works until `until_ms` of the monotonic clock; what was done is added to the counts. */
void good_work (good_t *good, int64_t until_ms);

#endif
