/* Frames: thin helpers over zmq_msg_t. Sends never wait; SNDTIMEO is 0 besides. */
#include "services/broker/frames.h"
#include "common/buffer.h"
#include "common/handover.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must (int result) {
  if (result == 0)
    return;
  fprintf (stderr, "minsheng: no memory left for a message\n");
  abort ();
}

void broker_frame_init (zmq_msg_t *frame, const void *data, size_t size) {
  must (zmq_msg_init_size (frame, size));
  if (data != NULL && size > 0)
    memcpy (zmq_msg_data (frame), data, size);
}

bool broker_frame_send (void *socket, zmq_msg_t *frame, bool more) {
  int result;
  mns_handover_give ();
  do
    result = zmq_msg_send (frame, socket, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
  while (result < 0 && errno == EINTR);
  if (result >= 0)
    return true;
  int reason = errno;
  zmq_msg_close (frame);
  errno = reason;
  return false;
}

bool broker_frame_send_bytes (void *socket, const void *data, size_t size, bool more) {
  zmq_msg_t frame;
  broker_frame_init (&frame, data, size);
  return broker_frame_send (socket, &frame, more);
}

static bool receive (void *socket, zmq_msg_t *frame, bool wait) {
  zmq_msg_init (frame);
  int result;
  do
    result = zmq_msg_recv (frame, socket, wait ? 0 : ZMQ_DONTWAIT);
  while (result < 0 && (errno == EINTR || (wait && errno == EAGAIN)));
  if (result < 0)
    zmq_msg_close (frame);
  else
    mns_handover_take ();
  return result >= 0;
}

bool broker_frames_receive (void *socket, zmq_msg_t *frames, size_t max, size_t *count, bool wait) {
  *count = 0;
  for (;;) {
    zmq_msg_t extra, *frame = *count < max ? &frames[*count] : &extra;
    if (!receive (socket, frame, wait))
      break;
    bool more = zmq_msg_more (frame) != 0;
    if (*count <= max)
      ++*count;
    if (frame == &extra)
      zmq_msg_close (&extra);
    if (!more)
      return true;
  }
  for (size_t i = 0; i < *count && i < max; i++)
    zmq_msg_close (&frames[i]);
  *count = 0;
  return false;
}

void broker_frames_await_term (void *pipe) {
  zmq_msg_t frame;
  for (bool term = false; !term && receive (pipe, &frame, true); zmq_msg_close (&frame))
    term = zmq_msg_size (&frame) == 5 && memcmp (zmq_msg_data (&frame), "$TERM", 5) == 0;
}
