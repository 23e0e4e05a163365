/* The services the command knows: their tables tell which commands there are and what goes in and out. */
#ifndef MNS_SERVICES_H
#define MNS_SERVICES_H

#include "common/service.h"

extern const mns_service_t *const mns_services[]; /* in the order they start; ended by NULL */

extern const mns_command_t mns_bus_commands[]; /* of the broker itself; ended by a NULL name */

/* Whether there is a service of that name; else not_found, with the names there are. */
mns_rc_t mns_service_know (const char *name, mns_error_t *error);

/* The command of that name, of a service or the broker, or NULL. */
const mns_command_t *mns_service_command (const char *name);

#endif
