/* `mns restore`: puts the stores of a backup into place, in a data directory whose stack is stopped. */
#include "common/clock.h"
#include "common/db.h"
#include "common/dir.h"
#include "common/lock.h"
#include "mns/mns.h"
#include "services/broker/log_notes.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *only;

static const mns_option_t restore_options[] = {
    {"only", 0, MNS_OPTION_TEXT, "SERVICE", "only the store of this service (broker, registry, …): one container each",
     &only},
    {0, 0, 0, 0, 0, 0}};

static const struct {
  const char *service, *file;
} stores[] = {{"broker", "broker/log.db"},
              {"registry", "registry/registry.db"},
              {"statistics", "statistics/statistics.db"},
              {"assistance", "assistance/assistance.db"},
              {"notifications", "notifications/notifications.db"}};
enum { STORES = sizeof stores / sizeof *stores, BROKER = 0 };

typedef struct {
  const char *data, *name;
  char from[MNS_PATH_MAX], to[MNS_PATH_MAX], kept[MNS_PATH_MAX + 80];
} place_t;

static bool wanted (size_t i) {
  return !only || strcmp (only, stores[i].service) == 0;
}

static void name_files (place_t *place, size_t i) {
  snprintf (place->from, sizeof place->from, "%s/backup/%s.%s.db", place->data, place->name, stores[i].service);
  snprintf (place->to, sizeof place->to, "%s/%s", place->data, stores[i].file);
  snprintf (place->kept, sizeof place->kept, "%s.before-%s", place->to, place->name);
}

/* The copy is whole, and nothing stands where the present store will be kept. */
static mns_rc_t check_copy (place_t *place, size_t i, mns_error_t *error) {
  struct stat status;
  name_files (place, i);
  if (stat (place->from, &status) != 0)
    return mns_fail (error, MNS_NOT_FOUND, place->from, "there is no such copy; `ls %s/backup` shows what there is",
                     place->data);
  if (stat (place->kept, &status) == 0)
    return mns_fail (error, MNS_EXISTS, place->kept, "an earlier restore kept a store there; move it away first");
  mns_db_t *db = NULL;
  mns_db_options_t options = {.path = place->from, .read_only = true, .who = "restore"};
  mns_rc_t rc = mns_db_open (&db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_check (db, error);
  mns_db_destroy (&db);
  return rc;
}

/* A log that was put back goes on in a new epoch: an offset behind its end is never taken for one of this log. */
static mns_rc_t renew_log (const char *path, mns_error_t *error) {
  broker_log_t *log = NULL;
  mns_rc_t rc = broker_log_open (&log, path, NULL, false, error);
  if (rc != MNS_OK)
    return rc;
  uint64_t now = (uint64_t)(mns_clock.wall () / 1000000) & UINT32_MAX, present = broker_log_place (log)->epoch;
  rc = broker_log_renew (log, now > present ? now : present + 1);
  if (rc != MNS_OK)
    mns_fail (error, rc, path, "the log cannot be given a new epoch: %s", broker_log_message (log));
  broker_log_destroy (&log);
  return rc;
}

/* So does the producer of a store that was put back: a number that it gave out after the backup has another content
 * now, and those who have applied it are ahead. It does so when the log has what waits in the outbox. */
static mns_rc_t renew_producer (const char *path, mns_error_t *error) {
  char sql[160];
  mns_db_t *db = NULL;
  mns_db_options_t options = {.path = path, .who = "restore"};
  mns_rc_t rc = mns_db_open (&db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_migrate (db, "common", mns_embedded_common, error);
  snprintf (sql, sizeof sql, "UPDATE producer SET next_epoch = max (epoch, next_epoch, %lld) + 1",
            (long long)(mns_clock.wall () / 1000000) & UINT32_MAX);
  if (rc == MNS_OK)
    rc = mns_db_exec (db, sql, error);
  mns_db_destroy (&db);
  return rc;
}

/* Closing it left everything in the one file that is named. */
static mns_rc_t check_alone (const char *staged, mns_error_t *error) {
  char wal[MNS_PATH_MAX + 32];
  snprintf (wal, sizeof wal, "%s-wal", staged);
  if (access (wal, F_OK) == 0)
    return mns_fail (error, MNS_IO, wal, "the store could not be closed: make room on the disk and begin again");
  return MNS_OK;
}

/* A whole store, ready to be named: one that was interrupted before leaves nothing that starts. */
static mns_rc_t prepare (const place_t *place, size_t i, char staged[MNS_PATH_MAX + 16], mns_error_t *error) {
  static const char *const tails[] = {"", "-wal", "-shm"};
  char folder[MNS_PATH_MAX];
  mns_db_t *db = NULL;
  mns_db_options_t options = {.path = place->from, .read_only = true, .who = "restore"};
  for (size_t tail = 0; tail < 3; tail++) {
    snprintf (staged, MNS_PATH_MAX + 16, "%s.new%s", place->to, tails[tail]);
    unlink (staged);
  }
  snprintf (staged, MNS_PATH_MAX + 16, "%s.new", place->to);
  snprintf (folder, sizeof folder, "%s/%s", place->data, stores[i].service);
  mns_rc_t rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK)
    rc = mns_db_open (&db, &options, error);
  if (rc == MNS_OK)
    rc = mns_db_backup (db, staged, error);
  mns_db_destroy (&db);
  if (rc != MNS_OK)
    return rc;
  rc = i == BROKER ? renew_log (staged, error) : renew_producer (staged, error);
  return rc == MNS_OK ? check_alone (staged, error) : rc;
}

/* The present store with its -wal and -shm goes aside; the copy takes its place. */
static mns_rc_t put (place_t *place, size_t i, mns_error_t *error) {
  static const char *const tails[] = {"", "-wal", "-shm"};
  char staged[MNS_PATH_MAX + 16];
  name_files (place, i);
  mns_rc_t rc = prepare (place, i, staged, error);
  if (rc != MNS_OK)
    return rc;
  for (size_t tail = 0; tail < 3; tail++) {
    char from[MNS_PATH_MAX + 8], to[MNS_PATH_MAX + 90];
    snprintf (from, sizeof from, "%s%s", place->to, tails[tail]);
    snprintf (to, sizeof to, "%s%s", place->kept, tails[tail]);
    if (access (from, F_OK) == 0 && rename (from, to) != 0)
      return mns_fail (error, MNS_IO, from, "it cannot be moved aside");
  }
  if (rename (staged, place->to) != 0)
    return mns_fail (error, MNS_IO, staged, "it cannot be moved into place");
  rc = mns_dir_sync_parent (place->to, error);
  if (rc == MNS_OK)
    printf ("%-14s %s\n", stores[i].service, place->to);
  return rc;
}

static mns_rc_t restore (const char *data, const char *name, mns_error_t *error) {
  place_t place = {.data = data, .name = name};
  size_t found = 0;
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; i < STORES && rc == MNS_OK; i++)
    if (wanted (i)) {
      rc = check_copy (&place, i, error);
      found++;
    }
  if (rc == MNS_OK && found == 0)
    return mns_fail (error, MNS_USAGE, "--only", "there is no store of a service '%s'", only);
  for (size_t i = 0; i < STORES && rc == MNS_OK; i++)
    if (wanted (i))
      rc = put (&place, i, error);
  return rc;
}

int mns_cmd_restore (int argc, char **argv) {
  const mns_option_t *options[] = {restore_options, mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns restore NAME [options]",
                   .summary =
                       "Puts the stores of backup NAME into place. The stack must be stopped. Each copy is checked\n"
                       "first; the present stores are kept beside as *.before-NAME.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  char data[256];
  mns_lock_t *lock = NULL;
  mns_error_t error = {0};
  mns_config_data (mns_globals.data, data);
  mns_rc_t rc = MNS_OK;
  if (access (data, F_OK) != 0)
    rc = mns_fail (&error, MNS_NOT_FOUND, data, "there is no such data directory; give one with --data");
  if (rc == MNS_OK)
    rc = mns_lock_new (&lock, data, &error);
  if (rc == MNS_OK)
    rc = restore (data, argv[1], &error);
  mns_lock_destroy (&lock);
  if (rc != MNS_OK)
    return mns_complain ("mns restore", &error);
  printf ("backup %s is in place; start the stack\n", argv[1]);
  return 0;
}
