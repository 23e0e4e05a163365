/* Room kept on the disk of the log. */
#include "services/broker/reserve.h"
#include "common/log.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

static uint64_t free_bytes (const char *path) {
  struct statvfs disk;
  return statvfs (path, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize : 0;
}

/* `room`: bytes that must be free, of which the reserve takes its own. */
static bool make (broker_reserve_t *reserve, off_t room) {
  int file = open (reserve->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0)
    return false;
  bool made = posix_fallocate (file, 0, room) == 0 && ftruncate (file, reserve->bytes) == 0;
  close (file);
  if (!made)
    unlink (reserve->path);
  return made;
}

void broker_reserve_init (broker_reserve_t *reserve, const char *log_path) {
  snprintf (reserve->path, sizeof reserve->path, "%s.reserve", log_path);
  reserve->given = false;
  reserve->bytes = BROKER_RESERVE_BYTES;
  reserve->held = make (reserve, BROKER_RESERVE_BYTES);
  if (!reserve->held || free_bytes (reserve->path) < 16 * BROKER_RESERVE_BYTES_LARGE)
    return;
  reserve->bytes = BROKER_RESERVE_BYTES_LARGE;
  reserve->held = make (reserve, reserve->bytes);
}

void broker_reserve_give (broker_reserve_t *reserve) {
  if (!reserve->held)
    return;
  unlink (reserve->path);
  reserve->held = false;
  reserve->given = true;
  mns_log (MNS_LOG_WARN, "broker", "reserve.given", "bytes=%lld", (long long)reserve->bytes);
}

bool broker_reserve_take (broker_reserve_t *reserve) {
  if (!reserve->given)
    return true;
  reserve->held = make (reserve, 2 * reserve->bytes);
  reserve->given = !reserve->held;
  if (reserve->held)
    mns_log (MNS_LOG_INFO, "broker", "reserve.taken", "bytes=%lld", (long long)reserve->bytes);
  return reserve->held;
}

bool broker_reserve_room (const char *path) {
  return free_bytes (path) > (uint64_t)2 * BROKER_RESERVE_BYTES;
}
