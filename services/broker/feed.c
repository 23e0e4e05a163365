/* The feed: whole records of the open streams to whoever listens, and a tick each second (docs/protocol.md §8). */
#include "common/records/bus_records.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

enum { TICK_MS = 1000, DRAIN = 256 };

mns_rc_t broker_feed_open (broker_t *broker, mns_error_t *error) {
  broker_feed_t *feed = &broker->feed;
  size_t size = sizeof feed->endpoint;
  feed->socket = broker_socket (broker, ZMQ_XPUB, error);
  if (feed->socket == NULL)
    return error->rc;
  if (strcmp (broker->config->feed_curve, "yes") == 0) {
    mns_rc_t rc = broker_socket_secure (broker, feed->socket, error);
    if (rc != MNS_OK)
      return rc;
  }
  if (zmq_bind (feed->socket, broker->config->feed_listen) != 0)
    return mns_fail (error, errno == EADDRINUSE ? MNS_IN_USE : MNS_IO, broker->config->feed_listen,
                     "the feed cannot be opened: %s", zmq_strerror (errno));
  zmq_getsockopt (feed->socket, ZMQ_LAST_ENDPOINT, feed->endpoint, &size);
  return MNS_OK;
}

void broker_feed_close (broker_t *broker) {
  if (broker->feed.socket != NULL)
    zmq_close (broker->feed.socket);
  broker->feed.socket = NULL;
}

static void send_record (void *socket, const char *topic, size_t topic_size, const uint8_t *record, size_t size) {
  if (broker_frame_send_bytes (socket, topic, topic_size, true))
    broker_frame_send_bytes (socket, record, size, false);
}

static bool send_row (void *self, const broker_row_t *row) {
  void *socket = self;
  const uint8_t *at = row->records, *end = at + row->size;
  for (size_t size; (size = broker_record_next (&at, end)) > 0;) {
    size_t topic_size;
    const char *topic = mns_event_topic (at - size, &topic_size);
    if (broker_feed_stream (topic, topic_size) >= 0)
      send_record (socket, topic, topic_size, at - size, size);
  }
  return true;
}

void broker_feed_send (broker_t *broker) {
  if (broker->feed.socket != NULL)
    broker_tail_newest (broker->tail, send_row, broker->feed.socket);
}

void broker_feed_tick (broker_t *broker) {
  broker_feed_t *feed = &broker->feed;
  const broker_place_t *place = broker_tail_place (broker->tail);
  if (feed->socket == NULL || broker->now_ms - feed->ticked_ms < TICK_MS)
    return;
  feed->ticked_ms = broker->now_ms;
  mns_feed_tick_t tick = {.log_epoch = place->epoch,
                          .log_number = place->last,
                          .open = place->streams[0],
                          .places = place->streams[1],
                          .catalogue = place->streams[2],
                          .system = place->streams[3]};
  mns_event_t event = {.topic = "system.feed.000000000000.tick",
                       .producer = "broker",
                       .producer_epoch = place->epoch,
                       .number = ++feed->ticks,
                       .type = "feed_tick",
                       .version = mns_feed_tick_type.version};
  event.topic_size = strlen (event.topic);
  mns_buffer_t body = {0};
  mns_record_pack (&mns_feed_tick_type, &tick, &body);
  mns_buffer_clear (&broker->scratch);
  mns_event_pack (&event, body.data, body.size, &broker->scratch);
  mns_buffer_fini (&body);
  mns_event_stamp (broker->scratch.data, 0, mns_clock.wall (), (uint32_t)place->epoch); /* it is not in the log */
  send_record (feed->socket, event.topic, event.topic_size, broker->scratch.data, broker->scratch.size);
}

void broker_feed_drain (broker_t *broker) {
  zmq_msg_t frame;
  size_t count;
  for (int i = 0; i < DRAIN && broker_frames_receive (broker->feed.socket, &frame, 1, &count, false); i++)
    zmq_msg_close (&frame);
}
