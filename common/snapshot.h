/* Snapshots of a service: dumps (dump.h) that are read page by page, each page an answer to a SNAP
 * (docs/protocol.md §10).
 *
 *   free ──SNAP 0──► being made ──done──► whole ──unread for a minute, or a new one of its account──► free
 *
 * One is made at a time, MNS_SNAPSHOTS are kept. Its file has no name in the folder of the service, so that it goes
 * with the process. Nothing here waits for a dump: what is not written yet is asked for again. */
#ifndef MNS_COMMON_SNAPSHOT_H
#define MNS_COMMON_SNAPSHOT_H

#include "common/dump.h"

enum { MNS_SNAPSHOTS = 4, MNS_SNAPSHOT_PAGE = 256 * 1024, MNS_SNAPSHOT_KEPT_MS = 60000 };

/* A number of the log behind which lies every record that the producer had not heard of being appended. */
typedef struct {
  uint64_t epoch, number;
} mns_acked_t;

typedef struct {
  uint64_t id; /* 0: free */
  char account[MNS_NAME_MAX + 1];
  mns_dump_args_t args;
  zactor_t *actor; /* NULL: it has ended */
  mns_dump_said_t said;
  mns_acked_t acked; /* when it began: what is behind may be missing in it */
  int64_t used_ms;
} mns_snapshot_slot_t;

typedef struct {
  const mns_service_t *service;
  const mns_config_t *config;
  mns_snapshot_slot_t slots[MNS_SNAPSHOTS];
  mns_buffer_t page; /* body of the last answer */
} mns_snapshots_t;

void mns_snapshots_init (mns_snapshots_t *snapshots, const mns_service_t *service, const mns_config_t *config);
/* Ends a dump that is being made. */
void mns_snapshots_fini (mns_snapshots_t *snapshots);
/* Fills the head of the answer, its body into snapshots->page; returns its kind: SNAPROW, SNAPEND or ERR. */
mns_frame_kind_t mns_snapshots_answer (mns_snapshots_t *snapshots, const mns_head_t *asked, mns_acked_t acked,
                                       int64_t now_ms, mns_head_t *answer);
/* Frees those that nobody has read for long. */
void mns_snapshots_tick (mns_snapshots_t *snapshots, int64_t now_ms);

#endif
