/* The log thread: owns the writing connection, appends groups, trims, so that nobody else ever waits for the disk. It
 * alone checkpoints.
 *
 * It talks over its actor pipe in frames, never in pointers into another thread's memory:
 *
 *   router → log   'A' | places of the producers | records | records …      append one group
 *                  'B' | path                                              copy the log
 *                  'N' | broker_consumer_row_t … | broker_covered_t …      note them
 *                  'E' | the number of a new epoch                         the log goes on in it
 *                  'T' | broker_trim_ask_t                                  trim, turn by turn between the groups
 *   log → router   broker_appended_t | places of the producers | rows | their bytes
 *                  broker_copied_t
 *                  broker_trim_done_t
 *                  broker_noted_t ('N', 'E')
 *
 * One group is under way at a time; what arrives meanwhile becomes the next. So is one trim. */
#ifndef MNS_BROKER_LOG_THREAD_H
#define MNS_BROKER_LOG_THREAD_H

#include "services/broker/log_notes.h"
#include <czmq.h>

enum { BROKER_APPEND = 'A', BROKER_COPY = 'B', BROKER_TRIM = 'T', BROKER_NOTE = 'N', BROKER_RENEW = 'E' };

#define BROKER_WAL_MAX (128 << 20) /* above it, the write-ahead log is cut off between two groups */

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
  char what; /* BROKER_NOTE, BROKER_RENEW */
  mns_rc_t rc;
  char detail[256];
  uint64_t epoch; /* of the log, now */
} broker_noted_t;

typedef struct {
  bool standing; /* by the retention of the configuration: goes on where the last one ended */
  broker_trim_t trim;
} broker_trim_ask_t;

typedef struct {
  char what; /* BROKER_TRIM */
  bool standing;
  mns_rc_t rc;
  char detail[256];
  broker_trimmed_t trimmed;
} broker_trim_done_t;

typedef struct {
  const char *path, *vfs; /* must live until the actor has said READY or FAILED */
  uint64_t keep;          /* streams that are never trimmed */
} broker_log_args_t;

/* The actor (zactor_fn). Says "READY" and "unclean " (when it was not closed) with the first number of a damaged row
 * (0: none found), or "FAILED", word, where, detail, before anything else. */
void broker_log_actor (zsock_t *pipe, void *args);

#endif
