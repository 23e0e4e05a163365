/* `mns backup`: copies every store while running, so that the copies agree: the log is held (new events wait in the
 * outboxes), copied, then every service copies itself between two turns, then the log goes on. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

int mns_cmd_backup (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns backup [NAME] [options]",
                   .summary =
                       "Copies the log and every store, while running, into backup/NAME.<service>.db of each data\n"
                       "directory. The copies agree with one another. Default NAME: the present time.",
                   .epilogue = "`mns restore NAME` puts them back.",
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
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_bus_hold_t hold = {.seconds = 600};
  mns_rc_t rc = mns_bus_call (bus, "bus.hold", NULL, &mns_bus_hold_type, &hold, NULL, NULL, &error);
  if (rc == MNS_OK) {
    rc = copy_all (bus, &config, name, &error);
    mns_rc_t released = mns_bus_call (bus, "bus.release", NULL, NULL, NULL, NULL, NULL, rc == MNS_OK ? &error : NULL);
    rc = rc == MNS_OK ? released : rc;
  }
  mns_bus_destroy (&bus);
  if (rc != MNS_OK)
    return mns_complain ("mns backup", &error);
  printf ("backup %s is complete\n", name);
  return 0;
}
