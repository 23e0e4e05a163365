/* A dump: what the events of a service have told up to one moment, written into a file by a thread of its own.
 *
 *   loop ──args──► thread: reading connection, one transaction ──rows──► file
 *     ▲                │ mns_dump_said_t: so much is written; done; failed
 *     └────────────────┘
 *
 * The file is a sequence of records in the form of events (docs/protocol.md §10): each message of the thread says how
 * far whole records reach. The thread keeps nothing of the loop's but what it was given, and ends with "$TERM". */
#ifndef MNS_COMMON_DUMP_H
#define MNS_COMMON_DUMP_H

#include "common/buffer.h"
#include "common/service.h"
#include <czmq.h>

/* Must live, unchanged, until the actor has been destroyed. */
typedef struct {
  const mns_service_t *service;
  const mns_config_t *config;
  const mns_snapshot_t *snapshot;
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1]; /* only rows under one of them; none: all */
  size_t prefix_count;
  int file; /* open for writing, empty; stays the owner's */
} mns_dump_args_t;

typedef struct {
  bool done;
  mns_error_t error;      /* rc not MNS_OK: it failed, and is done */
  uint64_t written;       /* bytes of whole records in the file */
  uint64_t epoch, number; /* last record of the producer whose effect is contained; with `done` */
} mns_dump_said_t;

/* The actor (zactor_fn); `args` is a mns_dump_args_t *. */
void mns_dump_actor (zsock_t *pipe, void *args);
/* The newest of what it has said; false when it has said nothing more. */
bool mns_dump_heard (zactor_t *actor, mns_dump_said_t *said);

#endif
