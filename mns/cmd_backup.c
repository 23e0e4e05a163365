/* `mns backup`: copies every store while running, so that the copies agree: the log is held (new events wait in the
 * outboxes), copied, then every service copies itself between two turns, then the log goes on. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WITH_WARNINGS = 3 };

static int64_t wait_s = 20;
static const mns_option_t backup_options[] = {
    {"wait", 0, MNS_OPTION_INT, "SECONDS",
     "how long services may take to apply what the log holds before they are copied as they are; default 20", &wait_s},
    {0, 0, 0, 0, 0, 0}};

/* "2026-07-01T000000Z": a name that sorts and that every file system takes. */
static void default_name (char name[64]) {
  char time[MNS_TIME_TEXT];
  mns_time_format (mns_clock.wall (), time);
  snprintf (name, 64, "%.13s%.2s%.2sZ", time, time + 14, time + 17);
}

static mns_rc_t check_name (const char *name, mns_error_t *error) {
  if (name[0] == '.' ||
      strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != strlen (name) ||
      strlen (name) > 60)
    return mns_fail (error, MNS_USAGE, "NAME", "'%s': a name is up to 60 letters, digits, '-', '_' and '.'", name);
  return MNS_OK;
}

static mns_rc_t copy_store (mns_bus_t *bus, const mns_config_t *config, const char *service, const char *command,
                            const mns_record_type_t *type, void *request, char *path, size_t size, const char *name,
                            mns_error_t *error) {
  mns_uuid_t key = mns_uuid_new ();
  snprintf (path, size, "%.200s/backup/%s.%s.db", config->data, name, service);
  mns_buffer_t body = {0}, reply = {0};
  mns_record_pack (type, request, &body);
  mns_rc_t rc = mns_bus_request (bus, command, &key, body.data, body.size, 600000, &reply, NULL, error);
  if (rc == MNS_OK)
    printf ("%-14s %s\n", service, path);
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}

static mns_rc_t copy_all (mns_bus_t *bus, const mns_config_t *config, const char *name, mns_error_t *error) {
  mns_bus_backup_t log;
  mns_rc_t rc = copy_store (bus, config, "broker", "bus.backup", &mns_bus_backup_type, &log, log.path, sizeof log.path,
                            name, error);
  for (const mns_service_t *const *service = mns_services; *service && rc == MNS_OK; service++) {
    mns_service_backup_t store;
    char command[MNS_NAME_MAX + 1];
    snprintf (command, sizeof command, "%s.backup", (*service)->name);
    rc = copy_store (bus, config, (*service)->name, command, &mns_service_backup_type, &store, store.path,
                     sizeof store.path, name, error);
  }
  return rc;
}

/* ---- an interruption --------------------------------------------------------------------------------------------- */

typedef struct {
  sigset_t signals;
  const char *name;
} watch_t;

/* Ctrl-C while copies are made: the log goes on at once, over a connection of its own. */
static void *release_on_signal (void *argument) {
  const watch_t *watch = argument;
  int signal;
  mns_config_t config;
  if (sigwait (&watch->signals, &signal) != 0)
    return NULL;
  mns_bus_t *bus = mns_connect (&config);
  if (bus)
    mns_bus_call (bus, "bus.release", NULL, NULL, NULL, NULL, NULL, NULL);
  fprintf (stderr, "mns backup: interrupted; the log goes on. The copies of %s are not complete: remove them\n",
           watch->name);
  mns_bus_destroy (&bus);
  _exit (128 + signal);
}

/* From here on SIGINT and SIGTERM are the watcher's: before the first socket, so that every thread has them blocked. */
static void watch_signals (watch_t *watch, const char *name) {
  pthread_t thread;
  watch->name = name;
  sigemptyset (&watch->signals);
  sigaddset (&watch->signals, SIGINT);
  sigaddset (&watch->signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &watch->signals, NULL);
  if (pthread_create (&thread, NULL, release_on_signal, watch) == 0)
    pthread_detach (thread);
}

/* ---- the barrier ------------------------------------------------------------------------------------------------- */

static mns_rc_t ask_status (mns_bus_t *bus, const char *service, mns_service_status_t *status) {
  char command[MNS_NAME_MAX + 8];
  mns_error_t error = {0};
  snprintf (command, sizeof command, "%.48s.status", service);
  return mns_bus_call (bus, command, NULL, NULL, NULL, &mns_service_status_type, status, &error);
}

static bool is_behind (const mns_service_status_t *status, uint64_t log_number) {
  return status->log_epoch > 0 && (uint64_t)status->log_number < log_number;
}

/* What whoever restores this backup should know of the service; true: something is not as it should be. */
static bool tell (const mns_service_status_t *status, uint64_t log_number) {
  bool behind = is_behind (status, log_number), stands = status->state != MNS_STATE_RUNNING;
  if (stands)
    fprintf (stderr, "mns backup: warning: %s is %s: its copy is as it stands\n", status->service,
             mns_code_word (&mns_service_state, status->state));
  if (behind)
    fprintf (stderr,
             "mns backup: warning: %s has applied the log up to %lld of %llu: after a restore it reads the rest; see "
             "`mns status` for what keeps it, and make another backup\n",
             status->service, (long long)status->log_number, (unsigned long long)log_number);
  if (status->outbox_records > 0)
    printf ("%-14s %lld events wait for the log: they are in its copy, and are sent after a restore\n", status->service,
            (long long)status->outbox_records);
  return behind || stands;
}

/* The log stands still at one number: every service that reads it comes there before its copy is made, unless its line
 * stands or the time is over, which is told. What a service says meanwhile waits in its outbox, and is in its copy. */
static mns_rc_t await_consumers (mns_bus_t *bus, bool *warned, mns_error_t *error) {
  static mns_bus_status_t log;
  mns_service_status_t status;
  int64_t until = mns_clock.monotonic_ms () + wait_s * 1000;
  mns_rc_t rc = mns_bus_call (bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, &log, error);
  for (const mns_service_t *const *service = mns_services; *service && rc == MNS_OK; service++) {
    mns_rc_t asked;
    while ((asked = ask_status (bus, (*service)->name, &status)) == MNS_OK && status.state == MNS_STATE_RUNNING &&
           is_behind (&status, log.log_number) && mns_clock.monotonic_ms () < until)
      nanosleep (&(struct timespec){.tv_nsec = 10 * 1000000}, NULL);
    if (asked == MNS_OK) /* otherwise its copy will say what is wrong */
      *warned = tell (&status, log.log_number) || *warned;
  }
  return rc;
}

static mns_rc_t make (mns_bus_t *bus, const mns_config_t *config, const char *name, bool *warned, mns_error_t *error) {
  mns_bus_hold_t hold = {.seconds = 600};
  mns_rc_t rc = mns_bus_call (bus, "bus.hold", NULL, &mns_bus_hold_type, &hold, NULL, NULL, error);
  if (rc != MNS_OK)
    return rc;
  rc = await_consumers (bus, warned, error);
  if (rc == MNS_OK)
    rc = copy_all (bus, config, name, error);
  mns_rc_t released = mns_bus_call (bus, "bus.release", NULL, NULL, NULL, NULL, NULL, rc == MNS_OK ? error : NULL);
  return rc == MNS_OK ? released : rc;
}

static int report (const char *name, mns_rc_t rc, bool warned, const mns_error_t *error) {
  if (rc != MNS_OK)
    return mns_complain ("mns backup", error);
  printf ("backup %s is complete%s\n", name, warned ? "; read the warnings" : "");
  return warned ? WITH_WARNINGS : 0;
}

int mns_cmd_backup (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, backup_options, NULL};
  mns_cli_t cli = {
      .usage = "mns backup [NAME] [options]",
      .summary = "Copies the log and every store, while running, into backup/NAME.<service>.db of each data\n"
                 "directory. The copies agree with one another. Default NAME: the present time.",
      .epilogue = "Ends with 3 when a service is not where the log is, or its line stands: the copies agree,\n"
                  "and a warning says what is not as it should be. `mns restore NAME` puts them back.",
      .options = options,
      .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  char name[64];
  mns_error_t error = {0};
  default_name (name);
  if (argc > 1 && check_name (argv[1], &error) != MNS_OK)
    return mns_complain ("mns backup", &error);
  if (argc > 1)
    snprintf (name, sizeof name, "%s", argv[1]);
  static watch_t watch;
  mns_config_t config;
  watch_signals (&watch, name);
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  bool warned = false;
  mns_rc_t rc = make (bus, &config, name, &warned, &error);
  mns_bus_destroy (&bus);
  return report (name, rc, warned, &error);
}
