/* The commands of a service by name, its own and those that every service has. */
#ifndef MNS_COMMON_COMMAND_INDEX_H
#define MNS_COMMON_COMMAND_INDEX_H

#include "common/service.h"

typedef struct {
  const mns_command_t **sorted; /* by name */
  size_t count;
  const mns_snapshot_t *snapshots;
  mns_command_t *common; /* the built-in ones, with this service's name in theirs */
  char (*names)[MNS_NAME_MAX + 1];
} mns_command_index_t;

void mns_command_index_init (mns_command_index_t *index, const mns_service_t *service);
void mns_command_index_fini (mns_command_index_t *index);
const mns_command_t *mns_command_find (const mns_command_index_t *index, const char *name); /* NULL unknown */
/* True for a built-in one: its handler gets the turn instead of the service's state. */
bool mns_command_is_common (const mns_command_index_t *index, const mns_command_t *command);
/* True for the name of a command that needs a turn of its own. */
bool mns_command_comes_alone (const mns_command_index_t *index, const char *name);
/* The names, and `snapshot.<stream>` of each snapshot, as a MessagePack array: the body of READY. */
void mns_command_names (const mns_command_index_t *index, mns_buffer_t *out);
/* Bytes of the largest request record. */
size_t mns_command_record_size (const mns_command_index_t *index);

#endif
