/* The tables of the notifications service, and its state. */
#include "services/notifications/notifications.h"
#include "common/clock.h"
#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/notifications/handlers.h"
#include <stdlib.h>

#define CLERKS  (MNS_ROLE_BIT (MNS_CLERK) | MNS_ROLE_BIT (MNS_APPROVER) | MNS_ROLE_BIT (MNS_ADMINISTRATOR))
#define KEEPERS (MNS_ROLE_BIT (MNS_OPERATOR) | MNS_ROLE_BIT (MNS_ADMINISTRATOR))

static const mns_command_t commands[] = {
    {"notifications.messages", MNS_QUERY, CLERKS | KEEPERS, &mns_message_query_type, &mns_message_type,
     notifications_messages, "List messages", "消息列表"},
    {"notifications.retry", 0, KEEPERS, &mns_message_retry_type, &mns_message_retried_type, notifications_retry,
     "Try dead letters again", "重发死信"},
    {0}};

/* The first of the pairs of rules_notice.c; a rule may look at any of them. */
static const mns_topic_t topics[] = {{"places.place.", &mns_place_info_type, notifications_on_place},
                                     {"assistance.entitlement.", &mns_entitlement_change_type, notifications_on_event},
                                     {"assistance.recovery.", &mns_recovery_type, notifications_on_event},
                                     {"assistance.batch.", &mns_batch_posted_type, notifications_on_event},
                                     {"registry.death.", &mns_death_type, notifications_on_event},
                                     {0}};

static const mns_timer_t timers[] = {{"send", 200, notifications_send}, {0}};

static void close_state (void **owner) {
  notifications_t *self = *owner;
  if (!self)
    return;
  sender_destroy (&self->sender);
  notifications_rolled_back (self);
  notifications_catalogue_fini (&self->catalogue);
  free (self);
  *owner = NULL;
}

static mns_rc_t open_state (void **owner, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  notifications_t *self = mns_alloc (sizeof *self);
  *self = (notifications_t){.utc_offset_s = (int32_t)config->utc_offset_s};
  mns_text_copy (self->data, sizeof self->data, config->data);
  mns_text_copy (self->from, sizeof self->from, config->smtp_from[0] ? config->smtp_from : "minsheng@localhost");
  mns_text_copy (self->language, sizeof self->language, config->language[0] ? config->language : "zh");
  message_store_init (&self->messages, db);
  mns_rc_t rc = notifications_catalogue_load (&self->catalogue, config->data, error);
  if (rc == MNS_OK)
    rc = message_store_begin (&self->messages, mns_clock.wall (), &self->began, error);
  if (rc == MNS_OK && config->smtp_url[0])
    rc = sender_new (&self->sender, config, error);
  *owner = self;
  if (rc != MNS_OK)
    close_state (owner);
  return rc;
}

const mns_service_t mns_notifications_service = {.name = "notifications",
                                                 .files = mns_embedded_notifications,
                                                 .commands = commands,
                                                 .topics = topics,
                                                 .timers = timers,
                                                 .stops_the_line = false,
                                                 .open = open_state,
                                                 .close = close_state,
                                                 .committed = notifications_committed,
                                                 .rolled_back = notifications_rolled_back};
