/* Notifications: events become messages by rules and templates, and go out by mail or into a spool.
 * docs/notifications.md. */
#ifndef MNS_NOTIFICATIONS_NOTIFICATIONS_H
#define MNS_NOTIFICATIONS_NOTIFICATIONS_H

#include "common/service.h"

extern const mns_service_t mns_notifications_service;

#endif
