/* `mns outbox`: what each service has said, what of it the broker and its backups have, and what stands in the way. */
#include "common/records/service_records.h"
#include "common/text.h"
#include "mns/asking.h"
#include "mns/services.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const mns_column_t columns[] = {{"service", NULL, false},
                                       {"epoch", NULL, true},
                                       {"given_out", NULL, true},
                                       {"acked", NULL, true},
                                       {"covered", NULL, true},
                                       {"first_kept", NULL, true},
                                       {"pending", NULL, true},
                                       {"pending_bytes", NULL, true},
                                       {"kept_bytes", NULL, true},
                                       {"stands", NULL, false},
                                       {0, 0, false}};

/* Why nothing more is sent, from the alarms of the outbox. */
static const char *stands (const mns_service_status_t *status) {
  for (size_t i = 0; i < status->alarms_count; i++)
    if (strcmp (status->alarms[i].code, "relay_stopped") == 0 || strcmp (status->alarms[i].code, "outbox_forked") == 0)
      return status->alarms[i].text;
  return "";
}

static mns_rc_t add_service (mns_table_t *table, mns_bus_t *bus, const char *name, mns_error_t *error) {
  mns_service_status_t status;
  char command[MNS_NAME_MAX + 8];
  if (mns_service_know (name, error) != MNS_OK)
    return error->rc;
  snprintf (command, sizeof command, "%.48s.status", name);
  mns_rc_t rc = mns_bus_call (bus, command, NULL, NULL, NULL, &mns_service_status_type, &status, error);
  if (rc != MNS_OK)
    return rc;
  mns_table_addf (
      table,
      "%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%s",
      name, status.producer_epoch, status.published, status.outbox_acked, status.outbox_covered, status.outbox_first,
      status.outbox_records, status.outbox_bytes, status.outbox_kept, stands (&status));
  return MNS_OK;
}

static int outbox_show (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns outbox show [SERVICE] [options]",
                   .summary =
                       "Numbers of each outbox: given out, acknowledged by the broker, covered by a backup of the\n"
                       "log, first one kept; what waits, and why nothing is sent.",
                   .options = options,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = MNS_OK;
  mns_table_t *table = mns_table_new (columns);
  if (argc > 1)
    rc = add_service (table, bus, argv[1], &error);
  for (const mns_service_t *const *service = mns_services; argc == 1 && rc == MNS_OK && *service; service++)
    rc = add_service (table, bus, (*service)->name, &error);
  mns_table_print (&table, rc == MNS_OK ? stdout : NULL, mns_form ());
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns outbox show", &error);
}

static const char *reason;

static const mns_option_t bury_options[] = {
    {"reason", 0, MNS_OPTION_TEXT, "TEXT", "why the record may be replaced; it is kept and told", &reason},
    {0, 0, 0, 0, 0, 0}};

static mns_rc_t read_bury (char **argv, mns_service_bury_t *bury, mns_error_t *error) {
  int64_t number = 0;
  mns_record_clear (&mns_service_bury_type, bury);
  if (!mns_text_parse_int (argv[2], &number) || number < 1)
    return mns_fail (error, MNS_USAGE, "NUMBER", "'%s' is not the number of a record", argv[2]);
  bury->number = (uint64_t)number;
  if (!reason || !mns_text_copy (bury->reason, sizeof bury->reason, reason))
    return mns_fail (error, MNS_USAGE, "--reason", "give the reason, in up to 400 bytes");
  return MNS_OK;
}

static int outbox_bury (int argc, char **argv) {
  const mns_option_t *options[] = {bury_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns outbox bury SERVICE NUMBER --reason TEXT [options]",
                   .summary =
                       "Puts a record `system.buried` in the place of one that the broker refuses for good. Its\n"
                       "bytes and the reason stay in the service's store; nobody else will ever get it.",
                   .options = options,
                   .positional_min = 2,
                   .positional_max = 2};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  char command[MNS_NAME_MAX + 8];
  mns_service_bury_t bury;
  mns_error_t error = {0};
  if (mns_service_know (argv[1], &error) != MNS_OK || read_bury (argv, &bury, &error) != MNS_OK)
    return mns_complain ("mns outbox bury", &error);
  snprintf (command, sizeof command, "%.48s.bury", argv[1]);
  return mns_change (command, &mns_service_bury_type, &bury);
}

int mns_cmd_outbox (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"show", "what is sent, acknowledged, covered, kept", outbox_show},
                                           {"bury", "replace a record that the broker refuses", outbox_bury},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns outbox", "What services have said.", table, argc, argv);
}
