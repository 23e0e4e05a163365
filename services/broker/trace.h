/* Tracing: an event, what caused it, what it caused, and what else the same request did. */
#ifndef MNS_BROKER_TRACE_H
#define MNS_BROKER_TRACE_H

#include "services/broker/index.h"

#define BROKER_TRACE_EVENTS 1000
#define BROKER_TRACE_BYTES  (256 * 1024)

typedef struct {
  uint64_t number; /* of the event asked for; 0: an entity was */
  uint64_t count;  /* events in the answer */
  uint64_t gone;   /* found, and no longer kept */
} broker_traced_t;

/* The events, ascending by their log number, into `records`. Exactly one of `event`, an event id, and `entity` is not
 * "". MNS_NOT_FOUND: not in the index. MNS_GONE: it was trimmed. */
mns_rc_t broker_trace (broker_index_t *index, broker_log_t *log, const char *event, const char *entity,
                       mns_buffer_t *records, broker_traced_t *traced, mns_error_t *error);

#endif
