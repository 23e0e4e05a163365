/* Waiting for sockets with as few system calls as can be. */
#include "common/wait.h"
#include <assert.h>
#include <poll.h>
#include <zmq.h>

void mns_watch (mns_watched_t *watched, void *socket) {
  size_t size = sizeof watched->file;
  *watched = (mns_watched_t){.socket = socket, .file = -1, .touched = socket != NULL};
  if (socket != NULL)
    zmq_getsockopt (socket, ZMQ_FD, &watched->file, &size);
}

/* Asking takes up what was signalled. What is ready stays touched: nobody knows how much of it is received. */
static bool ask (mns_watched_t *watched) {
  int events = 0;
  size_t size = sizeof events;
  zmq_getsockopt (watched->socket, ZMQ_EVENTS, &events, &size);
  watched->ready = watched->touched = (events & ZMQ_POLLIN) != 0;
  return watched->ready;
}

bool mns_wait (mns_watched_t *watched, size_t count, int timeout_ms) {
  struct pollfd files[MNS_WATCHED_MAX];
  bool any = false;
  assert (count <= MNS_WATCHED_MAX);
  for (size_t i = 0; i < count; i++) {
    watched[i].ready = false;
    any = (watched[i].touched && ask (&watched[i])) || any;
    files[i] = (struct pollfd){.fd = watched[i].file, .events = POLLIN};
  }
  if (poll (files, (nfds_t)count, any ? 0 : timeout_ms) <= 0)
    return any;
  for (size_t i = 0; i < count; i++)
    if (files[i].revents != 0 && !watched[i].ready)
      ask (&watched[i]);
  return true;
}
