/* The log thread: owns the writing connection, appends groups, so that nobody else ever waits for the disk.
 *
 * It talks over its actor pipe in frames, never in pointers into another thread's memory:
 *
 *   router → log   'A' | places of the producers | records | records …      append one group
 *                  'B' | path                                              copy the log
 *   log → router   broker_appended_t | places of the producers | rows | their bytes
 *                  broker_copied_t
 *
 * One group is under way at a time; what arrives meanwhile becomes the next. */
#ifndef MNS_BROKER_LOG_THREAD_H
#define MNS_BROKER_LOG_THREAD_H

#include "services/broker/log.h"
#include <czmq.h>

enum { BROKER_APPEND = 'A', BROKER_COPY = 'B' };

typedef struct {
  char what; /* BROKER_APPEND */
  mns_rc_t rc;
  char detail[256];
  broker_place_t place; /* of the log, after it */
} broker_appended_t;

typedef struct {
  char what; /* BROKER_COPY */
  mns_error_t error;
} broker_copied_t;

typedef struct {
  const char *path, *vfs; /* must live until the actor has said READY or FAILED */
} broker_log_args_t;

/* The actor (zactor_fn). Says "READY", or "FAILED", word, where, detail, before anything else. */
void broker_log_actor (zsock_t *pipe, void *args);

#endif
