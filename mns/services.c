/* The services of the stack. */
#include "mns/services.h"

#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "services/assistance/assistance.h"
#include "services/notifications/notifications.h"
#include "services/registry/registry.h"
#include "services/statistics/statistics.h"
#include <stdio.h>
#include <string.h>

const mns_service_t *const mns_services[] = {&mns_registry_service, &mns_statistics_service, &mns_assistance_service,
                                             &mns_notifications_service, NULL};

/* What the loop answers for every service: <service>.status, <service>.backup. */
static const mns_command_t *built_in (const char *service, const char *name) {
  static const mns_command_t commands[] = {
      {.name = "status", .flags = MNS_QUERY, .reply = &mns_service_status_type, .en = "What the service is doing"},
      {.name = "backup", .request = &mns_service_backup_type, .en = "Copies the store into a new file"},
      {.name = "skip", .request = &mns_service_skip_type, .en = "Leaves out the event at which the line stands"},
      {.name = "bury", .request = &mns_service_bury_type, .en = "Replaces a record that the broker refuses"},
      {.name = "rehearse",
       .flags = MNS_QUERY,
       .request = &mns_service_rehearse_type,
       .en = "Tries the rows of a bulk command and takes everything back"}};
  static mns_command_t found;
  size_t size = strlen (service);
  if (strncmp (name, service, size) != 0 || name[size] != '.')
    return NULL;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strcmp (name + size + 1, commands[i].name) == 0) {
      found = commands[i];
      found.name = name;
      return &found;
    }
  return NULL;
}

const mns_command_t mns_bus_commands[] = {
    {.name = "bus.status", .flags = MNS_QUERY, .reply = &mns_bus_status_type, .en = "How the broker is"},
    {.name = "bus.directory", .flags = MNS_QUERY, .reply = &mns_bus_entry_type, .en = "Commands, and who answers them"},
    {.name = "bus.hold", .request = &mns_bus_hold_type, .en = "Nothing is appended to the log for so long"},
    {.name = "bus.release", .en = "Appending goes on"},
    {.name = "bus.consumers", .flags = MNS_QUERY, .reply = &mns_bus_durable_type, .en = "The named consumers"},
    {.name = "bus.consumer-reset", .request = &mns_bus_consumer_reset_type, .en = "Another offset for a consumer"},
    {.name = "bus.consumer-remove", .request = &mns_bus_consumer_remove_type, .en = "Forgets a consumer"},
    {.name = "bus.consumer-require", .request = &mns_bus_consumer_require_type, .en = "Whether the log waits for it"},
    {.name = "bus.trim",
     .request = &mns_bus_trim_type,
     .reply = &mns_bus_trimmed_type,
     .en = "Forgets old records of the log"},
    {.name = "bus.verify",
     .request = &mns_bus_verify_type,
     .reply = &mns_bus_verified_type,
     .en = "Checks every row of the log"},
    {.name = "bus.trace", .flags = MNS_QUERY, .request = &mns_bus_trace_type, .en = "The events that belong to one"},
    {.name = "bus.backup", .request = &mns_bus_backup_type, .en = "Copies the log into a new file"},
    {0}};

mns_rc_t mns_service_know (const char *name, mns_error_t *error) {
  char names[128] = "";
  size_t used = 0;
  for (const mns_service_t *const *service = mns_services; *service; service++) {
    if (strcmp ((*service)->name, name) == 0)
      return MNS_OK;
    used += (size_t)snprintf (names + used, sizeof names - used, "%s%s", used ? ", " : "", (*service)->name);
  }
  return mns_fail (error, MNS_NOT_FOUND, name, "there is no such service: %s", names);
}

const mns_command_t *mns_service_command (const char *name) {
  for (const mns_command_t *command = mns_bus_commands; command->name; command++)
    if (strcmp (command->name, name) == 0)
      return command;
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++)
      if (strcmp (command->name, name) == 0)
        return command;
  for (const mns_service_t *const *service = mns_services; *service; service++) {
    const mns_command_t *command = built_in ((*service)->name, name);
    if (command)
      return command;
  }
  return NULL;
}
