/* The index thread: reads the log behind the others, keeps the index, traces, and verifies the whole log. It has a
 * reading connection of its own, and nothing that is committed ever waits for it.
 *
 *   router → index   'N' | last number of the log                          there is more
 *                    'Q' | broker_trace_ask_t                              trace
 *                    'V' | last number of the log                          verify from the beginning
 *   index → router   broker_index_said_t                                   how far it is
 *                    broker_trace_said_t | records
 */
#ifndef MNS_BROKER_INDEX_THREAD_H
#define MNS_BROKER_INDEX_THREAD_H

#include "services/broker/trace.h"
#include <czmq.h>

enum { BROKER_MORE = 'N', BROKER_TRACE = 'Q', BROKER_VERIFY = 'V', BROKER_INDEXED = 'I' };

typedef struct {
  const char *log_path, *path; /* must live until the actor has said READY or FAILED */
} broker_index_args_t;

typedef struct {
  uint64_t request, last; /* of the router; the number the index must have */
  char event[96], entity[MNS_NAME_MAX + 1];
} broker_trace_ask_t;

typedef struct {
  char what; /* BROKER_INDEXED */
  bool verifying;
  mns_rc_t rc; /* why it does not go on */
  char detail[256];
  uint64_t number;            /* indexed */
  uint64_t round;             /* how many verifications have been asked for */
  broker_verified_t verified; /* of this round */
} broker_index_said_t;

typedef struct {
  char what; /* BROKER_TRACE */
  uint64_t request, retry_ms;
  mns_error_t error;
  broker_traced_t traced;
} broker_trace_said_t;

/* The actor (zactor_fn). Says "READY", or "FAILED", word, where, detail, before anything else. */
void broker_index_actor (zsock_t *pipe, void *args);

#endif
