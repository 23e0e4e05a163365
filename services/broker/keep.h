/* What is kept of the log, and what the broker watches of it: retention and bus.trim, checks, clock, room. */
#ifndef MNS_BROKER_KEEP_H
#define MNS_BROKER_KEEP_H

#include "services/broker/log_thread.h"

typedef struct {
  uint64_t streams;     /* never trimmed */
  int64_t looked_ms;    /* retention */
  int64_t watched_ms;   /* clock, room */
  bool under_way;       /* a trim, in the log thread */
  bool by_size;         /* that one, and the standing one that comes next, go by bytes */
  uint64_t request;     /* bus.trim that waits for it; 0 it is the retention's */
  mns_time_t clock_gap; /* wall clock less monotonic clock, when it was last right; 0 not known yet */
} broker_keeping_t;

#endif
