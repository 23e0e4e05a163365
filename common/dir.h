/* Directories and small files: made with a mode, written so that a reader sees the old or the new content and nothing
 * between, read with a bound. Never used on a file that SQLite has open. */
#ifndef MNS_COMMON_DIR_H
#define MNS_COMMON_DIR_H

#include "common/buffer.h"
#include "mns/error.h"
#include <sys/types.h>

/* Room for any path made here, with its terminator. */
#define MNS_PATH_MAX 512

/* An errno as a result: no room, no memory, not there, everything else "reading or writing failed". */
mns_rc_t mns_dir_errno (int code);

/* Makes a directory and its missing parents with `mode`; one that exists is left as it is. MNS_IO when it cannot be
 * made or is something else. */
mns_rc_t mns_dir_make (const char *path, mode_t mode, mns_error_t *error);

/* "<folder>/<name>" into `path`; MNS_TOO_LONG when it does not fit. */
mns_rc_t mns_dir_join (char path[MNS_PATH_MAX], const char *folder, const char *name, mns_error_t *error);

/* Replaces the file: a new one beside it is written, flushed and renamed, the folder flushed. On an error the old file
 * stands. */
mns_rc_t mns_dir_write_file (const char *path, const void *data, size_t size, mode_t mode, mns_error_t *error);

/* Appends the whole file to `content` and terminates it (the terminator is not counted). MNS_NOT_FOUND, MNS_TOO_LARGE
 * above `max` bytes, MNS_IO. */
mns_rc_t mns_dir_read_file (const char *path, size_t max, mns_buffer_t *content, mns_error_t *error);

/* Flushes the folder that holds `path`, so that a file made or renamed in it survives a power cut. */
mns_rc_t mns_dir_sync_parent (const char *path, mns_error_t *error);

#endif
