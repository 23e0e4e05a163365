/* The descriptor for event loops: an epoll of the socket's own descriptor and a timer. */
#include "client/wakeup.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static bool watch (const mns_wakeup_t *wakeup, int file) {
  struct epoll_event event = {.events = EPOLLIN};
  return epoll_ctl (wakeup->epoll, EPOLL_CTL_ADD, file, &event) == 0 || errno == EEXIST;
}

int mns_wakeup_fd (mns_wakeup_t *wakeup) {
  if (wakeup->open)
    return wakeup->epoll;
  wakeup->epoll = epoll_create1 (EPOLL_CLOEXEC);
  wakeup->timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  wakeup->open = true;
  if (wakeup->epoll >= 0 && wakeup->timer >= 0 && watch (wakeup, wakeup->timer))
    return wakeup->epoll;
  mns_wakeup_fini (wakeup);
  return -1;
}

/* A socket that is closed leaves the epoll by itself; a new one is added here. */
void mns_wakeup_set (mns_wakeup_t *wakeup, void *socket, bool ready, int64_t wait_ms) {
  int file;
  size_t size = sizeof file;
  if (!wakeup->open)
    return;
  if (socket && zmq_getsockopt (socket, ZMQ_FD, &file, &size) == 0)
    ready = !watch (wakeup, file) || ready;
  struct itimerspec due = {.it_value = {.tv_nsec = 1}};
  if (!ready && wait_ms > 0) {
    due.it_value.tv_sec = (time_t)(wait_ms / 1000);
    due.it_value.tv_nsec = (long)(wait_ms % 1000) * 1000000;
  }
  timerfd_settime (wakeup->timer, 0, &due, NULL);
}

void mns_wakeup_fini (mns_wakeup_t *wakeup) {
  if (!wakeup->open)
    return;
  if (wakeup->epoll >= 0)
    close (wakeup->epoll);
  if (wakeup->timer >= 0)
    close (wakeup->timer);
  *wakeup = (mns_wakeup_t){0};
}
