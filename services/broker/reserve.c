/* Room kept on the disk of the log. */
#include "services/broker/reserve.h"
#include "common/log.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool make (broker_reserve_t *reserve) {
  int file = open (reserve->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0)
    return false;
  bool made = posix_fallocate (file, 0, BROKER_RESERVE_BYTES) == 0;
  close (file);
  if (!made)
    unlink (reserve->path);
  return made;
}

void broker_reserve_init (broker_reserve_t *reserve, const char *log_path) {
  snprintf (reserve->path, sizeof reserve->path, "%s.reserve", log_path);
  reserve->given = false;
  reserve->held = make (reserve);
}

void broker_reserve_give (broker_reserve_t *reserve) {
  if (!reserve->held)
    return;
  unlink (reserve->path);
  reserve->held = false;
  reserve->given = true;
  mns_log (MNS_LOG_WARN, "broker", "reserve.given", "bytes=%d", BROKER_RESERVE_BYTES);
}

bool broker_reserve_take (broker_reserve_t *reserve) {
  if (!reserve->given)
    return true;
  reserve->held = make (reserve);
  reserve->given = !reserve->held;
  if (reserve->held)
    mns_log (MNS_LOG_INFO, "broker", "reserve.taken", "bytes=%d", BROKER_RESERVE_BYTES);
  return reserve->held;
}
