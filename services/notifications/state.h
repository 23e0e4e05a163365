/* The service's state. Private to the service. */
#ifndef MNS_NOTIFICATIONS_STATE_H
#define MNS_NOTIFICATIONS_STATE_H

#include "common/service.h"
#include "services/notifications/catalogue.h"
#include "services/notifications/sender.h"
#include "services/notifications/store_message.h"

#define NOTIFICATIONS_ON_THE_WAY 32 /* messages with the sender at one time */

/* A message that goes to the sender once its turn is durable. */
typedef struct {
  uint64_t message;
  char address[129];
  mns_buffer_t mail;
} notifications_parcel_t;

typedef struct {
  char data[256], from[130], language[9];
  int32_t utc_offset_s;
  mns_time_t began; /* what was recorded before is history */
  notifications_catalogue_t catalogue;
  message_store_t messages;
  sender_t *sender; /* NULL: mails go into the spool */
  size_t on_the_way;
  notifications_parcel_t parcels[NOTIFICATIONS_ON_THE_WAY]; /* of the open turn */
  size_t parcel_count;
  sender_result_t results[NOTIFICATIONS_ON_THE_WAY]; /* taken from the sender, not yet durable */
  size_t result_count;
  bool noted; /* the open turn has noted them */
} notifications_t;

#endif
