/* Directories and small files. Every error names the path and the reason of the system. */
#include "common/dir.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

mns_rc_t mns_dir_errno (int code) {
  switch (code) {
  case ENOSPC:
  case EDQUOT:
    return MNS_DISK_FULL;
  case ENOENT:
    return MNS_NOT_FOUND;
  case ENOMEM:
    return MNS_MEMORY;
  default:
    return MNS_IO;
  }
}

static mns_rc_t fail_errno (mns_error_t *error, const char *path, const char *what) {
  int code = errno;
  return mns_fail (error, mns_dir_errno (code), path, "%s: %s", what, strerror (code));
}

/* ---- directories ------------------------------------------------------------------------------------------------- */

static mns_rc_t make_one (const char *path, mode_t mode, mns_error_t *error) {
  struct stat found;
  if (mkdir (path, mode) == 0)
    return MNS_OK;
  if (errno != EEXIST)
    return fail_errno (error, path, "the directory cannot be made");
  if (stat (path, &found) != 0)
    return fail_errno (error, path, "the directory cannot be looked at");
  if (!S_ISDIR (found.st_mode))
    return mns_fail (error, MNS_IO, path, "this is a file where a directory is needed");
  return MNS_OK;
}

mns_rc_t mns_dir_make (const char *path, mode_t mode, mns_error_t *error) {
  char part[MNS_PATH_MAX];
  if (!mns_text_copy (part, sizeof part, path))
    return mns_fail (error, MNS_TOO_LONG, path, "a path has at most %d bytes", MNS_PATH_MAX - 1);
  for (char *slash = part + 1; *part && (slash = strchr (slash, '/')); slash++) {
    *slash = 0;
    mns_rc_t rc = make_one (part, mode, error);
    if (rc != MNS_OK)
      return rc;
    *slash = '/';
  }
  return make_one (path, mode, error);
}

mns_rc_t mns_dir_join (char path[MNS_PATH_MAX], const char *folder, const char *name, mns_error_t *error) {
  int length = snprintf (path, MNS_PATH_MAX, "%s/%s", folder, name);
  if (length < 0 || length >= MNS_PATH_MAX)
    return mns_fail (error, MNS_TOO_LONG, folder, "with '%s' the path has more than %d bytes", name, MNS_PATH_MAX - 1);
  return MNS_OK;
}

mns_rc_t mns_dir_sync_parent (const char *path, mns_error_t *error) {
  char folder[MNS_PATH_MAX];
  if (!mns_text_copy (folder, sizeof folder, path))
    return mns_fail (error, MNS_TOO_LONG, path, "a path has at most %d bytes", MNS_PATH_MAX - 1);
  char *slash = strrchr (folder, '/');
  if (slash)
    slash[slash == folder] = 0;
  int file = open (slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0)
    return fail_errno (error, path, "the folder cannot be opened");
  mns_rc_t rc = fsync (file) == 0 ? MNS_OK : fail_errno (error, path, "the folder cannot be flushed");
  close (file);
  return rc;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static bool write_all (int file, const char *data, size_t size) {
  while (size) {
    ssize_t written = write (file, data, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    data += written;
    size -= (size_t)written;
  }
  return true;
}

static mns_rc_t write_new (const char *path, const void *data, size_t size, mode_t mode, mns_error_t *error) {
  int file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0)
    return fail_errno (error, path, "the file cannot be made");
  mns_rc_t rc = MNS_OK;
  if (fchmod (file, mode) != 0 || !write_all (file, data, size) || fsync (file) != 0)
    rc = fail_errno (error, path, "the file cannot be written");
  if (close (file) != 0 && rc == MNS_OK)
    rc = fail_errno (error, path, "the file cannot be closed");
  return rc;
}

mns_rc_t mns_dir_write_file (const char *path, const void *data, size_t size, mode_t mode, mns_error_t *error) {
  char beside[MNS_PATH_MAX];
  int length = snprintf (beside, sizeof beside, "%s.new", path);
  if (length < 0 || length >= (int)sizeof beside)
    return mns_fail (error, MNS_TOO_LONG, path, "a path has at most %d bytes", MNS_PATH_MAX - 1);
  mns_rc_t rc = write_new (beside, data, size, mode, error);
  if (rc == MNS_OK && rename (beside, path) != 0)
    rc = fail_errno (error, path, "the file cannot be replaced");
  if (rc != MNS_OK) {
    unlink (beside);
    return rc;
  }
  return mns_dir_sync_parent (path, error);
}

static mns_rc_t read_all (int file, const char *path, size_t max, mns_buffer_t *content, mns_error_t *error) {
  size_t start = content->size;
  for (;;) {
    uint8_t *room = mns_buffer_reserve (content, 65536 + 1);
    ssize_t got = read (file, room, 65536);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fail_errno (error, path, "the file cannot be read");
    room[got] = 0;
    if (got == 0)
      return MNS_OK;
    content->size += (size_t)got;
    if (content->size - start > max)
      return mns_fail (error, MNS_TOO_LARGE, path, "the file has more than %zu bytes", max);
  }
}

mns_rc_t mns_dir_read_file (const char *path, size_t max, mns_buffer_t *content, mns_error_t *error) {
  int file = open (path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail_errno (error, path, "the file cannot be opened");
  mns_rc_t rc = read_all (file, path, max, content, error);
  close (file);
  return rc;
}
