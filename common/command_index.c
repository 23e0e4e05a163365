/* The commands of a service by name: a sorted array, built once. */
#include "common/command_index.h"
#include "common/pack.h"
#include "common/records/codes.h"
#include "common/text.h"
#include "common/turn.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Their names get the service's in front. */
static const mns_command_t common_commands[] = {
    {"status", MNS_QUERY, MNS_ROLES_ALL, NULL, &mns_service_status_type, mns_turn_status, "How the service is",
     "服务状态"},
    {"backup", MNS_QUERY, MNS_ROLE_BIT (MNS_OPERATOR) | MNS_ROLE_BIT (MNS_ADMINISTRATOR), &mns_service_backup_type,
     NULL, mns_turn_backup, "A consistent copy of the service's store into a new file", "备份服务的数据库"},
    {"skip", 0, MNS_ROLE_BIT (MNS_ADMINISTRATOR), &mns_service_skip_type, NULL, mns_turn_skip,
     "Leaves out the event at which the line stands", "跳过停线事件"},
    {"bury", 0, MNS_ROLE_BIT (MNS_ADMINISTRATOR), &mns_service_bury_type, NULL, mns_turn_bury,
     "Replaces a record that the broker refuses for good", "替换被拒事件"},
    {"rehearse", MNS_QUERY | MNS_BULK, MNS_ROLES_ALL, &mns_service_rehearse_type, NULL, mns_turn_rehearse,
     "Tries the rows of a bulk command and takes everything back", "试运行批量命令"},
};
#define BACKUP       1 /* its row; from there on they come alone */
#define COMMON_COUNT (sizeof common_commands / sizeof common_commands[0])

static int by_name (const void *a, const void *b) {
  const mns_command_t *const *left = a, *const *right = b;
  return strcmp ((*left)->name, (*right)->name);
}

static int name_to_command (const void *name, const void *element) {
  const mns_command_t *const *command = element;
  return strcmp (name, (*command)->name);
}

static void add_common (mns_command_index_t *index, const char *service) {
  index->common = mns_alloc (sizeof common_commands);
  index->names = mns_alloc (COMMON_COUNT * sizeof *index->names);
  memcpy (index->common, common_commands, sizeof common_commands);
  for (size_t i = 0; i < COMMON_COUNT; i++) {
    snprintf (index->names[i], sizeof index->names[i], "%s.%s", service, common_commands[i].name);
    index->common[i].name = index->names[i];
    index->sorted[index->count++] = &index->common[i];
  }
}

void mns_command_index_init (mns_command_index_t *index, const mns_service_t *service) {
  size_t own = 0;
  while (service->commands && service->commands[own].name)
    own++;
  index->count = 0;
  index->snapshots = service->snapshots;
  index->sorted = mns_alloc ((own + COMMON_COUNT) * sizeof *index->sorted);
  for (size_t i = 0; i < own; i++)
    index->sorted[index->count++] = &service->commands[i];
  add_common (index, service->name);
  qsort (index->sorted, index->count, sizeof *index->sorted, by_name);
}

void mns_command_index_fini (mns_command_index_t *index) {
  free (index->sorted);
  free (index->common);
  free (index->names);
  memset (index, 0, sizeof *index);
}

const mns_command_t *mns_command_find (const mns_command_index_t *index, const char *name) {
  const mns_command_t **found = bsearch (name, index->sorted, index->count, sizeof *index->sorted, name_to_command);
  return found ? *found : NULL;
}

bool mns_command_is_common (const mns_command_index_t *index, const mns_command_t *command) {
  return command >= index->common && command < index->common + COMMON_COUNT;
}

bool mns_command_comes_alone (const mns_command_index_t *index, const char *name) {
  for (size_t i = BACKUP; i < COMMON_COUNT; i++)
    if (!strcmp (name, index->names[i]))
      return true;
  return false;
}

void mns_command_names (const mns_command_index_t *index, mns_buffer_t *out) {
  uint32_t snapshots = 0;
  while (index->snapshots && index->snapshots[snapshots].stream)
    snapshots++;
  mns_pack_array (out, (uint32_t)index->count + snapshots);
  for (size_t i = 0; i < index->count; i++)
    mns_pack_text (out, index->sorted[i]->name, strlen (index->sorted[i]->name));
  for (uint32_t i = 0; i < snapshots; i++) {
    char name[MNS_NAME_MAX + 1];
    int size = snprintf (name, sizeof name, "snapshot.%s", index->snapshots[i].stream);
    mns_pack_text (out, name, (size_t)size);
  }
}

size_t mns_command_record_size (const mns_command_index_t *index) {
  size_t size = 1;
  for (size_t i = 0; i < index->count; i++)
    if (index->sorted[i]->request && index->sorted[i]->request->size > size)
      size = index->sorted[i]->request->size;
  return size;
}
