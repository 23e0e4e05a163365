/* From the record of the wire to the event of the library. */
#include "client/received.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *copy_topic (mns_receiver_t *receiver) {
  size_t size = receiver->raw.topic_size < MNS_TOPIC_MAX ? receiver->raw.topic_size : MNS_TOPIC_MAX;
  memcpy (receiver->topic, receiver->raw.topic, size);
  receiver->topic[size] = 0;
  return receiver->topic;
}

const mns_received_t *mns_receiver_show (mns_receiver_t *receiver) {
  const mns_event_t *raw = &receiver->raw;
  snprintf (receiver->id, sizeof receiver->id, "%s-%" PRIu64 "-%" PRIu64, raw->producer, raw->producer_epoch,
            raw->number);
  mns_date_format (raw->occurred, receiver->occurred);
  mns_date_format (raw->registered, receiver->registered);
  receiver->event = (mns_received_t){.log_number = raw->log_number,
                                     .log_epoch = raw->log_epoch,
                                     .recorded_us = raw->recorded,
                                     .id = receiver->id,
                                     .topic = copy_topic (receiver),
                                     .type = raw->type,
                                     .version = raw->version,
                                     .items = raw->items,
                                     .body = {raw->body, raw->body_size},
                                     .producer = raw->producer,
                                     .producer_epoch = raw->producer_epoch,
                                     .number = raw->number,
                                     .occurred = receiver->occurred,
                                     .registered = receiver->registered,
                                     .entity = raw->entity,
                                     .cause = raw->cause,
                                     .account = raw->account};
  return &receiver->event;
}
