/* The lock on a data directory. */
#include "common/lock.h"
#include "common/dir.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct mns_lock {
  int file;
};

/* The number in the file, 0 when its owner has not written it yet. */
static long read_owner (int file) {
  char text[24] = "";
  ssize_t size = pread (file, text, sizeof text - 1, 0);
  return size > 0 ? strtol (text, NULL, 10) : 0;
}

static mns_rc_t fail_in_use (int file, const char *data, mns_error_t *error) {
  long owner = read_owner (file);
  if (owner <= 0)
    return mns_fail (error, MNS_IN_USE, data, "another stack is starting on this data directory");
  return mns_fail (error, MNS_IN_USE, data,
                   "this data directory is in use by process %ld: stop that one, or give another with --data", owner);
}

static mns_rc_t take (int file, const char *data, mns_error_t *error) {
  if (flock (file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return fail_in_use (file, data, error);
    return mns_fail (error, MNS_IO, data, "the lock cannot be taken: %s", strerror (errno));
  }
  char text[24];
  int size = snprintf (text, sizeof text, "%ld\n", (long)getpid ());
  if (ftruncate (file, 0) != 0 || pwrite (file, text, (size_t)size, 0) != size)
    return mns_fail (error, mns_dir_errno (errno), data, "the lock file cannot be written: %s", strerror (errno));
  return MNS_OK;
}

mns_rc_t mns_lock_new (mns_lock_t **lock, const char *data, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (path, data, "lock", error);
  if (rc != MNS_OK)
    return rc;
  int file = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return mns_fail (error, mns_dir_errno (errno), path, "the lock file cannot be opened: %s", strerror (errno));
  rc = take (file, data, error);
  if (rc != MNS_OK) {
    close (file);
    return rc;
  }
  *lock = mns_alloc (sizeof **lock);
  (*lock)->file = file;
  return MNS_OK;
}

void mns_lock_destroy (mns_lock_t **lock) {
  if (!*lock)
    return;
  close ((*lock)->file);
  free (*lock);
  *lock = NULL;
}
