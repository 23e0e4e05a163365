/* The services the command knows: their tables tell which commands there are and what goes in and out. */
#ifndef MNS_SERVICES_H
#define MNS_SERVICES_H

#include "common/service.h"

extern const mns_service_t *const mns_services[]; /* in the order they start; ended by NULL */

/* The command of that name, or NULL. */
const mns_command_t *mns_service_command (const char *name);

#endif
