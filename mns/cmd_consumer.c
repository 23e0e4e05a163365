/* `mns consumer`: who reads the log under a name of its own, how far each has come, where a line stands. */
#include "common/records/bus_records.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "mns/asking.h"
#include "mns/services.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list -------------------------------------------------------------------------------------------------------- */

static const mns_column_t columns[] = {{"consumer", NULL, false},
                                       {"account", NULL, false},
                                       {"offset", NULL, true},
                                       {"lag", NULL, true},
                                       {"age_s", NULL, true},
                                       {"connected", NULL, false},
                                       {"required", NULL, false},
                                       {"state", NULL, false},
                                       {"stands_at", NULL, false},
                                       {"alarm", NULL, false},
                                       {0, 0, false}};

typedef struct {
  mns_bus_t *bus;
  mns_table_t *table;
  mns_bus_durable_t *rows;
  size_t count, capacity;
} list_t;

static void keep_row (void *context, const void *record) {
  list_t *list = context;
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 16;
    list->rows = mns_realloc (list->rows, list->capacity * sizeof *list->rows);
  }
  memcpy (&list->rows[list->count++], record, sizeof *list->rows);
}

static bool is_service (const char *name) {
  for (const mns_service_t *const *service = mns_services; *service; service++)
    if (strcmp ((*service)->name, name) == 0)
      return true;
  return false;
}

/* Only a service of the house tells what its line does. */
static void add_row (list_t *list, const mns_bus_durable_t *row) {
  char command[MNS_NAME_MAX + 8];
  mns_service_status_t status = {0};
  mns_error_t error = {0};
  snprintf (command, sizeof command, "%s.status", row->consumer);
  bool told = is_service (row->consumer) &&
              mns_bus_call (list->bus, command, NULL, NULL, NULL, &mns_service_status_type, &status, &error) == MNS_OK;
  const char *state = told ? mns_code_word (&mns_service_state, status.state) : "";
  mns_table_addf (list->table, "%s\t%s\t%" PRIu64 "\t%" PRId64 "\t%" PRId64 "\t%s\t%s\t%s\t%s\t%s", row->consumer,
                  row->account, row->number, row->lag, row->age_s, mns_code_word (&mns_yes_no, row->connected),
                  mns_code_word (&mns_yes_no, row->required), state, status.stopped_at,
                  mns_code_word (&mns_yes_no, row->alarm));
}

static int consumer_list (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns consumer list [options]",
                   .summary =
                       "Named consumers: the log number up to which each has made durable what concerns it, how\n"
                       "far that is behind, and where the line of a service stands.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_durable_t row;
  list_t list = {.bus = mns_connect (&config)};
  if (!list.bus)
    return 1;
  mns_rc_t rc = mns_ask (list.bus, "bus.consumers", NULL, NULL, &mns_bus_durable_type, &row, keep_row, &list, &error);
  list.table = mns_table_new (columns);
  for (size_t i = 0; rc == MNS_OK && i < list.count; i++)
    add_row (&list, &list.rows[i]);
  mns_table_print (&list.table, rc == MNS_OK ? stdout : NULL, mns_form ());
  free (list.rows);
  mns_bus_destroy (&list.bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns consumer list", &error);
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static const char *const no_fields[] = {NULL};

static int change (const char *usage, const char *summary, const char *command, const mns_record_type_t *type,
                   const char *const *fields, int argc, char **argv) {
  mns_asking_t asking = {.usage = usage,
                         .summary = summary,
                         .command = command,
                         .in_type = type,
                         .fields = fields,
                         .positional = "consumer",
                         .required = true};
  void *in = mns_alloc (type->size);
  mns_record_clear (type, in);
  int done = mns_parse_asking (&asking, NULL, in, &argc, argv);
  if (done < 0)
    done = mns_change (command, type, in);
  free (in);
  return done;
}

/* 0 is a number too (everything comes again), so that it has to be said. */
static int64_t number = -1;

static const mns_option_t reset_options[] = {
    {"number", 'n', MNS_OPTION_INT, "N", "log number behind which it goes on; 0: from the start", &number},
    {0, 0, 0, 0, 0, 0}};

static int consumer_reset (int argc, char **argv) {
  static const char *const fields[] = {"time", NULL};
  static const mns_asking_t asking = {
      .usage = "mns consumer reset NAME --number N | --time TIME [options]",
      .summary = "Sets where a consumer that is not connected goes on when it asks the broker for its place.",
      .in_type = &mns_bus_consumer_reset_type,
      .fields = fields,
      .positional = "consumer",
      .required = true};
  mns_bus_consumer_reset_t reset;
  mns_error_t error = {0};
  int done = mns_parse_asking (&asking, reset_options, &reset, &argc, argv);
  if (done >= 0)
    return done;
  if (number < 0 ? !reset.time : reset.time != 0) {
    mns_fail (&error, MNS_USAGE, "--number", "say where it goes on: --number N or --time TIME");
    return mns_complain ("mns consumer reset", &error);
  }
  reset.number = number < 0 ? 0 : (uint64_t)number;
  return mns_change ("bus.consumer-reset", &mns_bus_consumer_reset_type, &reset);
}

static int consumer_remove (int argc, char **argv) {
  return change ("mns consumer remove NAME [options]",
                 "Forgets a consumer that is gone for good: the log no longer waits for it.", "bus.consumer-remove",
                 &mns_bus_consumer_remove_type, no_fields, argc, argv);
}

static int consumer_require (int argc, char **argv) {
  static const char *const fields[] = {"required", NULL};
  return change ("mns consumer require NAME --required yes|no [options]",
                 "Says whether retention waits for a consumer and its lag is an alarm. Services always are required.",
                 "bus.consumer-require", &mns_bus_consumer_require_type, fields, argc, argv);
}

/* ---- a line that stands ------------------------------------------------------------------------------------------ */

static const char *reason;

static const mns_option_t skip_options[] = {
    {"reason", 0, MNS_OPTION_TEXT, "TEXT", "why the event may be left out; it is kept and told", &reason},
    {0, 0, 0, 0, 0, 0}};

static int consumer_skip (int argc, char **argv) {
  const mns_option_t *options[] = {skip_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns consumer skip SERVICE EVENT --reason TEXT [options]",
                   .summary =
                       "Leaves out the event at which the line of a service stands. What it said will be missing\n"
                       "from figures or money: first look whether a newer version can apply it.",
                   .options = options,
                   .positional_min = 2,
                   .positional_max = 2};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  char command[MNS_NAME_MAX + 8];
  mns_service_skip_t skip;
  mns_error_t error = {0};
  mns_record_clear (&mns_service_skip_type, &skip);
  if (mns_service_know (argv[1], &error) != MNS_OK)
    return mns_complain ("mns consumer skip", &error);
  mns_text_copy (skip.event, sizeof skip.event, argv[2]);
  if (!reason || !mns_text_copy (skip.reason, sizeof skip.reason, reason)) {
    mns_fail (&error, MNS_USAGE, "--reason", "give the reason, in up to 400 bytes");
    return mns_complain ("mns consumer skip", &error);
  }
  snprintf (command, sizeof command, "%.48s.skip", argv[1]);
  return mns_change (command, &mns_service_skip_type, &skip);
}

int mns_cmd_consumer (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "offset, lag, state", consumer_list},
                                           {"reset", "another offset", consumer_reset},
                                           {"remove", "forget one that is gone", consumer_remove},
                                           {"require", "whether the log waits for it", consumer_require},
                                           {"skip", "leave out the event at which a line stands", consumer_skip},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns consumer", "Who reads the log.", table, argc, argv);
}
