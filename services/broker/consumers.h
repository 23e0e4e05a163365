/* Named consumers: who reads the log under a name of its own, how far it has come, and whether it is needed.
 *
 * A name belongs to one account and to one set of prefixes. The log thread writes what has changed once a second; the
 * offset is a lower bound of what the consumer itself keeps. A required consumer (every service of the house, and those
 * that an operator names) is never overrun by a trim, and raises an alarm when it falls too far behind. */
#ifndef MNS_BROKER_CONSUMERS_H
#define MNS_BROKER_CONSUMERS_H

#include "services/broker/log_notes.h"

enum { BROKER_CONSUMERS_MAX = 1024 };

typedef struct {
  broker_consumer_row_t row;
  struct broker_subscription *subscription; /* NULL: not connected */
  uint64_t mark;                            /* the end of the log when it was last looked at, and when that was: */
  int64_t mark_ms;                          /* since then it has not come so far */
  bool changed, alarmed;
} broker_consumer_t;

typedef struct {
  broker_consumer_t *all[BROKER_CONSUMERS_MAX];
  size_t count;
  int64_t looked_ms;
  uint64_t request;           /* a command that is answered once the change is written; 0 none */
  bool noting, request_noted; /* a message to the log thread is under way; the change is in it */
  bool covered;               /* covers have changed */
} broker_consumers_t;

#endif
