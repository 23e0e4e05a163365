/* Waiting for sockets with as few system calls as can be. zmq_poll asks the kernel for each socket twice a wait; the
 * file of a socket (ZMQ_FD) tells as much, unless something was done with the socket since: what was signalled may have
 * been taken up by that. So only sockets that were touched are asked before the wait, and only those signalled behind
 * it.
 *
 *   whoever sends on a watched socket, or receives without mns_wait having said so, sets `touched` */
#ifndef MNS_COMMON_WAIT_H
#define MNS_COMMON_WAIT_H

#include <stdbool.h>
#include <stddef.h>

enum { MNS_WATCHED_MAX = 16 };

typedef struct {
  void *socket;
  int file;
  bool touched;
  bool ready; /* said by mns_wait: there is something to receive */
} mns_watched_t;

/* `socket` NULL: nothing is watched in this place. */
void mns_watch (mns_watched_t *watched, void *socket);
/* Until one of `count` (at most MNS_WATCHED_MAX) is ready or was signalled, which need not be for a message; false when
 * the time was over before, -1 for ever. */
bool mns_wait (mns_watched_t *watched, size_t count, int timeout_ms);

#endif
