/* A record as the library hands it out. */
#ifndef MNS_CLIENT_RECEIVED_H
#define MNS_CLIENT_RECEIVED_H

#include "common/wire.h"
#include "mns/event.h"

/* The event given last and room for its texts. */
typedef struct {
  mns_received_t event;
  mns_event_t raw;
  char topic[MNS_TOPIC_MAX + 1], id[MNS_NAME_MAX + 48];
  char occurred[MNS_DATE_TEXT], registered[MNS_DATE_TEXT];
} mns_receiver_t;

/* receiver->raw in its public form, which points into the receiver and the bytes of raw. */
const mns_received_t *mns_receiver_show (mns_receiver_t *receiver);

#endif
