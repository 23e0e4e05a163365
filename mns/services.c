/* The services of the stack. */
#include "mns/services.h"

#include "services/assistance/assistance.h"
#include "services/notifications/notifications.h"
#include "services/registry/registry.h"
#include "services/statistics/statistics.h"
#include <string.h>

const mns_service_t *const mns_services[] = {&mns_registry_service, &mns_statistics_service, &mns_assistance_service,
                                             &mns_notifications_service, NULL};

const mns_command_t *mns_service_command (const char *name) {
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++)
      if (strcmp (command->name, name) == 0)
        return command;
  return NULL;
}
