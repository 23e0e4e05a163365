/* A file system for SQLite that loses power, fills up and breaks, on demand. It stands before the system's own: a file
 * of it holds the real file behind its own head. */
#include "tests/support/crash_vfs.h"
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one write or truncation replaced: the bytes there were, and how long the file was. */
typedef struct undo {
  struct undo *older;
  sqlite3_int64 offset, file_size;
  size_t size;
  unsigned char bytes[];
} undo_t;

/* A file of the disk, whoever has it open. */
typedef struct image {
  struct image *next;
  undo_t *newest; /* since the last sync */
  char path[];
} image_t;

typedef struct {
  sqlite3_file base;
  image_t *image; /* NULL for a temporary file, which no power cut brings back */
  uint64_t boot;  /* the restart it was opened after */
  sqlite3_file real[];
} crash_file_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *below;
static image_t *images;
static crash_plan_t plan;
static uint64_t plan_at, syncs, writes, boot;
static bool fired, dead;

/* ---- the disk ---------------------------------------------------------------------------------------------------- */

static image_t *image_of (const char *path) {
  for (image_t *image = images; image; image = image->next)
    if (!strcmp (image->path, path))
      return image;
  size_t size = strlen (path) + 1;
  image_t *image = calloc (1, sizeof *image + size);
  assert (image);
  memcpy (image->path, path, size);
  image->next = images;
  images = image;
  return image;
}

static void forget (image_t *image) {
  while (image->newest) {
    undo_t *undo = image->newest;
    image->newest = undo->older;
    free (undo);
  }
}

/* Remembers `size` bytes at `offset`, as far as the file goes, before they are replaced. */
static int remember (crash_file_t *file, sqlite3_int64 offset, size_t size) {
  sqlite3_int64 file_size = 0;
  if (!file->image)
    return SQLITE_OK;
  int code = file->real->pMethods->xFileSize (file->real, &file_size);
  size_t there = offset < file_size ? (size_t)(file_size - offset) : 0;
  size_t kept = there < size ? there : size;
  undo_t *undo = malloc (sizeof *undo + kept);
  assert (undo);
  *undo = (undo_t){.older = file->image->newest, .offset = offset, .file_size = file_size, .size = kept};
  if (code == SQLITE_OK && kept)
    code = file->real->pMethods->xRead (file->real, undo->bytes, (int)kept, offset);
  file->image->newest = undo;
  return code;
}

/* Newest first, so that what was there at the last sync comes back. The connections are dead by now, so that opening
 * the file here takes no lock from a living one. */
static void put_back (image_t *image) {
  int file = open (image->path, O_RDWR | O_CLOEXEC);
  for (undo_t *undo = image->newest; file >= 0 && undo; undo = undo->older) {
    ssize_t written = pwrite (file, undo->bytes, undo->size, undo->offset);
    assert (written == (ssize_t)undo->size);
    int cut = ftruncate (file, undo->file_size);
    assert (cut == 0);
    (void)written;
    (void)cut;
  }
  if (file >= 0)
    close (file);
  forget (image);
}

static void cut_power (void) {
  dead = true;
  for (image_t *image = images; image; image = image->next)
    put_back (image);
}

static bool is_dead (const crash_file_t *file) {
  return dead || file->boot != boot;
}

/* ---- the plan ---------------------------------------------------------------------------------------------------- */

static int plan_write (void) {
  writes++;
  if (plan == CRASH_FULL && writes >= plan_at) {
    fired = true;
    return SQLITE_FULL;
  }
  if (plan == CRASH_WRITE_ERROR && writes == plan_at) {
    fired = true;
    return SQLITE_IOERR_WRITE;
  }
  return SQLITE_OK;
}

static int plan_sync (void) {
  syncs++;
  if ((plan != CRASH_CUT && plan != CRASH_SYNC_ERROR) || syncs != plan_at)
    return SQLITE_OK;
  fired = true;
  if (plan == CRASH_CUT)
    cut_power ();
  return SQLITE_IOERR_FSYNC;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

#define REAL(file) (((crash_file_t *)(file))->real)

static int file_close (sqlite3_file *base) {
  return REAL (base)->pMethods->xClose (REAL (base));
}

static int file_read (sqlite3_file *base, void *data, int size, sqlite3_int64 offset) {
  pthread_mutex_lock (&lock);
  int code = SQLITE_IOERR_READ;
  if (!is_dead ((crash_file_t *)base))
    code = REAL (base)->pMethods->xRead (REAL (base), data, size, offset);
  pthread_mutex_unlock (&lock);
  return code;
}

static int write_planned (crash_file_t *file, const void *data, int size, sqlite3_int64 offset) {
  if (is_dead (file))
    return SQLITE_IOERR_WRITE;
  int code = plan_write ();
  if (code == SQLITE_OK)
    code = remember (file, offset, (size_t)size);
  return code == SQLITE_OK ? file->real->pMethods->xWrite (file->real, data, size, offset) : code;
}

static int file_write (sqlite3_file *base, const void *data, int size, sqlite3_int64 offset) {
  pthread_mutex_lock (&lock);
  int code = write_planned ((crash_file_t *)base, data, size, offset);
  pthread_mutex_unlock (&lock);
  return code;
}

static int truncate_planned (crash_file_t *file, sqlite3_int64 size) {
  sqlite3_int64 before = 0;
  if (is_dead (file))
    return SQLITE_IOERR_TRUNCATE;
  int code = file->real->pMethods->xFileSize (file->real, &before);
  if (code == SQLITE_OK)
    code = remember (file, size, before > size ? (size_t)(before - size) : 0);
  return code == SQLITE_OK ? file->real->pMethods->xTruncate (file->real, size) : code;
}

static int file_truncate (sqlite3_file *base, sqlite3_int64 size) {
  pthread_mutex_lock (&lock);
  int code = truncate_planned ((crash_file_t *)base, size);
  pthread_mutex_unlock (&lock);
  return code;
}

static int file_sync (sqlite3_file *base, int flags) {
  crash_file_t *file = (crash_file_t *)base;
  (void)flags;
  pthread_mutex_lock (&lock);
  int code = is_dead (file) ? SQLITE_IOERR_FSYNC : plan_sync ();
  if (code == SQLITE_OK && file->image)
    forget (file->image);
  pthread_mutex_unlock (&lock);
  return code;
}

static int file_size (sqlite3_file *base, sqlite3_int64 *size) {
  return REAL (base)->pMethods->xFileSize (REAL (base), size);
}

static int file_lock (sqlite3_file *base, int level) {
  return REAL (base)->pMethods->xLock (REAL (base), level);
}

static int file_unlock (sqlite3_file *base, int level) {
  return REAL (base)->pMethods->xUnlock (REAL (base), level);
}

static int file_check_lock (sqlite3_file *base, int *held) {
  return REAL (base)->pMethods->xCheckReservedLock (REAL (base), held);
}

/* A file that grew ahead of its writes would be longer after a cut than it was synced. */
static int file_control (sqlite3_file *base, int operation, void *argument) {
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_OK;
  return REAL (base)->pMethods->xFileControl (REAL (base), operation, argument);
}

static int file_sector (sqlite3_file *base) {
  return REAL (base)->pMethods->xSectorSize (REAL (base));
}

static int file_characteristics (sqlite3_file *base) {
  return REAL (base)->pMethods->xDeviceCharacteristics (REAL (base));
}

static int file_shm_map (sqlite3_file *base, int region, int size, int extend, void volatile **memory) {
  return REAL (base)->pMethods->xShmMap (REAL (base), region, size, extend, memory);
}

static int file_shm_lock (sqlite3_file *base, int offset, int n, int flags) {
  return REAL (base)->pMethods->xShmLock (REAL (base), offset, n, flags);
}

static void file_shm_barrier (sqlite3_file *base) {
  REAL (base)->pMethods->xShmBarrier (REAL (base));
}

static int file_shm_unmap (sqlite3_file *base, int delete) {
  return REAL (base)->pMethods->xShmUnmap (REAL (base), delete);
}

/* Version 2: no memory-mapped reading, which would pass us by. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- names ------------------------------------------------------------------------------------------------------- */

static int vfs_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *opened) {
  crash_file_t *file = (crash_file_t *)base;
  (void)vfs;
  base->pMethods = NULL;
  pthread_mutex_lock (&lock);
  int code = dead ? SQLITE_IOERR : below->xOpen (below, path, file->real, flags, opened);
  if (code == SQLITE_OK) {
    base->pMethods = &methods;
    file->image = path ? image_of (path) : NULL;
    file->boot = boot;
  }
  pthread_mutex_unlock (&lock);
  return code;
}

static int vfs_delete (sqlite3_vfs *vfs, const char *path, int sync_folder) {
  (void)vfs;
  pthread_mutex_lock (&lock);
  int code = dead ? SQLITE_IOERR_DELETE : below->xDelete (below, path, sync_folder);
  if (code == SQLITE_OK)
    forget (image_of (path));
  pthread_mutex_unlock (&lock);
  return code;
}

static int vfs_access (sqlite3_vfs *vfs, const char *path, int flags, int *found) {
  (void)vfs;
  pthread_mutex_lock (&lock);
  int code = dead ? SQLITE_IOERR_ACCESS : below->xAccess (below, path, flags, found);
  pthread_mutex_unlock (&lock);
  return code;
}

void crash_vfs_register (void) {
  static sqlite3_vfs own;
  if (below)
    return;
  below = sqlite3_vfs_find (NULL);
  assert (below);
  own = *below;
  own.szOsFile += (int)sizeof (crash_file_t);
  own.zName = CRASH_VFS;
  own.pNext = NULL;
  own.xOpen = vfs_open;
  own.xDelete = vfs_delete;
  own.xAccess = vfs_access;
  int code = sqlite3_vfs_register (&own, 0);
  assert (code == SQLITE_OK);
  (void)code;
}

void crash_vfs_register_default (void) {
  crash_vfs_register ();
  int code = sqlite3_vfs_register (sqlite3_vfs_find (CRASH_VFS), 1);
  assert (code == SQLITE_OK);
  (void)code;
}

/* ---- steering ---------------------------------------------------------------------------------------------------- */

void crash_vfs_plan (crash_plan_t next, uint64_t n) {
  pthread_mutex_lock (&lock);
  plan = next;
  plan_at = n;
  syncs = writes = 0;
  fired = false;
  pthread_mutex_unlock (&lock);
}

static uint64_t read_counter (const uint64_t *counter) {
  pthread_mutex_lock (&lock);
  uint64_t value = *counter;
  pthread_mutex_unlock (&lock);
  return value;
}

uint64_t crash_vfs_syncs (void) {
  return read_counter (&syncs);
}

uint64_t crash_vfs_writes (void) {
  return read_counter (&writes);
}

bool crash_vfs_fired (void) {
  pthread_mutex_lock (&lock);
  bool value = fired;
  pthread_mutex_unlock (&lock);
  return value;
}

void crash_vfs_cut (void) {
  pthread_mutex_lock (&lock);
  cut_power ();
  pthread_mutex_unlock (&lock);
}

void crash_vfs_restart (void) {
  crash_vfs_plan (CRASH_NOTHING, 0);
  pthread_mutex_lock (&lock);
  dead = false;
  boot++;
  pthread_mutex_unlock (&lock);
}
