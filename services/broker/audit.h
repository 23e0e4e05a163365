/* What the broker itself tells: on the stream audit what it refused and what was done to it, on `system` which commands
 * nobody answers any more. They are records of the producer `broker`, appended like
 * any other's: numbered, chained, in the log once.
 *
 * Refusals are counted and told at most once a second for each (account, verb, reason), and AUDIT_KINDS a second in
 * all; what does not fit is counted under one kind. Records wait in memory until the log has them; when there is no
 * room, refusals are given up before actions, and the number of both is told in the next record. */
#ifndef MNS_BROKER_AUDIT_H
#define MNS_BROKER_AUDIT_H

#include "common/records/audit_records.h"
#include "common/records/bus_records.h"
#include "common/wire.h"

#define AUDIT_PRODUCER "broker"
enum { AUDIT_KINDS = 32, AUDIT_WAITING = 256, AUDIT_EVERY_MS = 1000 };

typedef enum { AUDIT_REFUSAL, AUDIT_ACTION, AUDIT_DIRECTORY } broker_audit_kind_t;

/* A record on its way into the log. */
typedef struct {
  uint64_t number; /* of the producer; 0: not handed over */
  broker_audit_kind_t kind;
  union {
    mns_audit_refusal_t refusal;
    mns_audit_action_t done;
    mns_directory_change_t change;
  };
} broker_audit_record_t;

typedef struct {
  mns_audit_refusal_t kinds[AUDIT_KINDS];
  size_t kind_count;
  broker_audit_record_t *waiting; /* AUDIT_WAITING, in the order of their numbers */
  size_t waiting_count;
  uint64_t lost, lost_refusals; /* actions, refusals that had no room */
  uint64_t epoch;               /* of the producer, in which the waiting ones were numbered */
  int64_t told_ms;
} broker_audit_t;

#endif
