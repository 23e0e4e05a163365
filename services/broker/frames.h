/* Frames: thin helpers over zmq_msg_t. */
#ifndef MNS_BROKER_FRAMES_H
#define MNS_BROKER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>

/* A frame of `size` bytes, a copy of `data`, or unset when that is NULL. */
void broker_frame_init (zmq_msg_t *frame, const void *data, size_t size);
/* Sends without waiting and takes the frame either way. False with errno of zmq_msg_send. */
bool broker_frame_send (void *socket, zmq_msg_t *frame, bool more);
bool broker_frame_send_bytes (void *socket, const void *data, size_t size, bool more);

/* Receives one whole message into frames[0 … *count − 1], which the caller closes. Frames above `max` are dropped, and
 * *count is then max + 1 with max frames valid. False: none there, or, when waiting, the context ends. */
bool broker_frames_receive (void *socket, zmq_msg_t *frames, size_t max, size_t *count, bool wait);

/* Reads messages away until the actor's "$TERM". */
void broker_frames_await_term (void *pipe);

#endif
