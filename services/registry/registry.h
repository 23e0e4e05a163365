/* The registry: places, persons, households, events of life. common/records/registry_requests.h says what it can be
 * asked. */
#ifndef MNS_REGISTRY_REGISTRY_H
#define MNS_REGISTRY_REGISTRY_H

#include "common/service.h"

extern const mns_service_t mns_registry_service;

#endif
