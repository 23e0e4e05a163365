/* One file descriptor that is readable when a connection has something to do: a socket that comes and goes, and time.
 * The descriptor of a ZeroMQ socket alone would not do: it tells of changes only, and only until the socket is used. */
#ifndef MNS_CLIENT_WAKEUP_H
#define MNS_CLIENT_WAKEUP_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  int epoll, timer;
  bool open;
} mns_wakeup_t; /* zero-initialised: closed */

/* Opens it at the first call; −1 when that fails. */
int mns_wakeup_fd (mns_wakeup_t *wakeup);
/* What to wait for from now on: `socket` may be NULL; `ready`: something can be taken at once. Nothing when closed. */
void mns_wakeup_set (mns_wakeup_t *wakeup, void *socket, bool ready, int64_t wait_ms);
void mns_wakeup_fini (mns_wakeup_t *wakeup);

#endif
