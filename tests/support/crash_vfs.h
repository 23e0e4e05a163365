/* A file system for SQLite that loses power, fills up and breaks, on demand and the same way each time.
 *
 * Files are the real ones; of each, what the writes since its last sync replaced is remembered. A power cut puts that
 * back, so that exactly what was synced is left, and from then on every call fails with SQLITE_IOERR until
 * crash_vfs_restart. Nothing is really flushed: tests are quick. One plan at a time; safe from any thread. Shared
 * memory is passed through (SQLite makes it anew after a crash); a deletion counts as synced at once.
 *
 * To enumerate: plan nothing and run once, n = crash_vfs_syncs (); then for i = 1 … n plan CRASH_CUT at i, run until it
 * fails, close, crash_vfs_restart (), open, check. */
#ifndef MNS_TESTS_SUPPORT_CRASH_VFS_H
#define MNS_TESTS_SUPPORT_CRASH_VFS_H

#include <stdbool.h>
#include <stdint.h>

#define CRASH_VFS "crash"

typedef enum {
  CRASH_NOTHING,
  CRASH_CUT,         /* at the n-th sync, before it takes effect, the power goes */
  CRASH_FULL,        /* the n-th write and all after it fail with SQLITE_FULL, until the plan changes */
  CRASH_WRITE_ERROR, /* the n-th write fails with SQLITE_IOERR_WRITE */
  CRASH_SYNC_ERROR   /* the n-th sync fails with SQLITE_IOERR_FSYNC */
} crash_plan_t;

/* Registers it under CRASH_VFS (again: harmless). */
void crash_vfs_register (void);
/* The same, and every store that names no file system is on it from now on: services and the broker as they are. */
void crash_vfs_register_default (void);

/* Sets the plan and both counters to 0. `n` counts from 1 over all files. */
void crash_vfs_plan (crash_plan_t plan, uint64_t n);
uint64_t crash_vfs_syncs (void);
uint64_t crash_vfs_writes (void);
bool crash_vfs_fired (void); /* the plan has come true */

void crash_vfs_cut (void); /* the power goes now */
/* The power is back: files opened from now on work. Those opened before stay dead, and must be closed before a file is
 * opened again. Clears the plan and the counters. */
void crash_vfs_restart (void);

#endif
