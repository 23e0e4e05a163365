/* Who read whose record. The readings of a turn are gathered in memory and told as one event before its commit:
 * audit.reading.<county>.read, a sequence of audit_reading, so that an answer with a person in it means that the
 * reading is on the disk, and many questions of a turn cost one write. What was read is not said. */
#ifndef MNS_REGISTRY_READING_H
#define MNS_REGISTRY_READING_H

#include "common/records/audit_records.h"
#include "common/service.h"

typedef struct {
  char account[MNS_NAME_MAX + 1], command[MNS_NAME_MAX + 1];
  bool revealed;
  size_t first; /* of its persons */
} registry_reading_group_t;

typedef struct {
  registry_reading_group_t *groups; /* of one request each, or of several alike behind each other */
  uint64_t *persons;
  size_t group_count, group_room, count, room;
} registry_readings_t;

void registry_readings_fini (registry_readings_t *readings);
void registry_readings_clear (registry_readings_t *readings);
void registry_readings_add (registry_readings_t *readings, const mns_request_t *request, bool revealed,
                            uint64_t person);
/* Puts them into the outbox and forgets them. */
mns_rc_t registry_readings_tell (registry_readings_t *readings, mns_turn_t *turn, mns_place_t county);

#endif
