/* What every command has in common: finding the subcommand, the common options, connecting, asking, printing. */
#include "mns/mns.h"

#include "common/service.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_S_MAX 86400

mns_globals_t mns_globals = {.timeout_s = 10};

const mns_option_t mns_common_options[] = {
    {"data", 0, MNS_OPTION_TEXT, "DIR", "data directory (default $MNS_DATA or ~/.local/share/minsheng)",
     &mns_globals.data},
    {"connect", 0, MNS_OPTION_TEXT, "ENDPOINT",
     "bus to connect to, e.g. tcp://host:5710 (default: that of the data directory)", &mns_globals.connect},
    {"key-file", 0, MNS_OPTION_TEXT, "FILE", "own key pair, for tcp://", &mns_globals.key_file},
    {"broker-key", 0, MNS_OPTION_TEXT, "KEY", "public key of the broker, for tcp://", &mns_globals.broker_key},
    {"account", 'a', MNS_OPTION_TEXT, "NAME", "account to act for (default: that of this user)", &mns_globals.account},
    {"timeout", 0, MNS_OPTION_INT, "SECONDS", "how long to wait for an answer (default 10)", &mns_globals.timeout_s},
    {"json", 'j', MNS_OPTION_FLAG, NULL, "print JSON", &mns_globals.json},
    {"csv", 0, MNS_OPTION_FLAG, NULL, "print CSV", &mns_globals.csv},
    {"reveal", 0, MNS_OPTION_FLAG, NULL, "show names and numbers of persons unmasked", &mns_globals.reveal},
    {0, 0, 0, 0, 0, 0}};

const mns_option_t mns_local_options[] = {{"data", 0, MNS_OPTION_TEXT, "DIR",
                                           "data directory (default $MNS_DATA or ~/.local/share/minsheng)",
                                           &mns_globals.data},
                                          {"json", 'j', MNS_OPTION_FLAG, NULL, "print JSON", &mns_globals.json},
                                          {"csv", 0, MNS_OPTION_FLAG, NULL, "print CSV", &mns_globals.csv},
                                          {0, 0, 0, 0, 0, 0}};

static void print_subcommands (const char *program, const char *summary, const mns_subcommand_t *table, FILE *out) {
  fprintf (out, "%s\n\nUsage: %s COMMAND [options]\n\nCommands:\n", summary, program);
  for (const mns_subcommand_t *row = table; row->name; row++)
    fprintf (out, "  %-14s %s\n", row->name, row->summary);
  fprintf (out, "\n`%s COMMAND --help` tells more.\n", program);
}

static int unknown_subcommand (const char *program, const mns_subcommand_t *table, const char *name) {
  const char *names[64];
  if (name[0] == '-') {
    fprintf (stderr, "%s: '%s' stands where a command is expected; options come behind it: %s COMMAND %s …\n", program,
             name, program, name);
    return 2;
  }
  size_t count = 0;
  for (const mns_subcommand_t *row = table; row->name && count < 63; row++)
    names[count++] = row->name;
  names[count] = NULL;
  const char *near = mns_cli_nearest (name, names);
  fprintf (stderr, "%s: there is no command '%s'%s%s%s `%s --help` lists them.\n", program, name,
           near ? "; did you mean '" : "", near ? near : "", near ? "'?" : ".", program);
  return 2;
}

int mns_run_subcommand (const char *program, const char *summary, const mns_subcommand_t *table, int argc,
                        char **argv) {
  if (argc < 2) {
    print_subcommands (program, summary, table, stderr);
    return 2;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0) {
    print_subcommands (program, summary, table, stdout);
    return 0;
  }
  for (const mns_subcommand_t *row = table; row->name; row++)
    if (strcmp (row->name, argv[1]) == 0) {
      char name[64];
      snprintf (name, sizeof name, "%s %s", program, row->name);
      argv[1] = name;
      return row->run (argc - 1, argv + 1);
    }
  return unknown_subcommand (program, table, argv[1]);
}

int mns_parse (const mns_cli_t *cli, int *argc, char **argv) {
  mns_error_t error = {0};
  mns_rc_t rc = mns_cli_parse (cli, argc, argv, &error);
  if (rc == MNS_OK && (mns_globals.timeout_s < 1 || mns_globals.timeout_s > TIMEOUT_S_MAX))
    rc = mns_fail (&error, MNS_USAGE, "--timeout", "a time from 1 to %d seconds is meant", TIMEOUT_S_MAX);
  switch (rc) {
  case MNS_OK:
    return -1;
  case MNS_GONE:
    return 0;
  default:
    return mns_cli_fail (argv[0], &error);
  }
}

int mns_complain (const char *command, const mns_error_t *error) {
  return mns_cli_fail (command, error);
}

mns_table_form_t mns_form (void) {
  return mns_globals.json ? MNS_TABLE_JSON : mns_globals.csv ? MNS_TABLE_CSV : MNS_TABLE_TEXT;
}

/* What the options say goes before what the configuration says. */
static void apply_options (mns_config_t *config) {
  if (mns_globals.connect)
    snprintf (config->bus, sizeof config->bus, "%s", mns_globals.connect);
  if (mns_globals.key_file)
    snprintf (config->key_file, sizeof config->key_file, "%s", mns_globals.key_file);
  if (mns_globals.broker_key)
    snprintf (config->broker_key, sizeof config->broker_key, "%s", mns_globals.broker_key);
}

mns_rc_t mns_configure (mns_config_t *config, mns_error_t *error) {
  mns_buffer_t mistakes = {0};
  char data[256];
  mns_config_data (mns_globals.data, data);
  mns_rc_t rc = mns_config_load (config, data, true, &mistakes, error);
  if (rc == MNS_OK)
    apply_options (config);
  else if (mistakes.size > 0)
    fwrite (mistakes.data, 1, mistakes.size, stderr);
  mns_buffer_fini (&mistakes);
  return rc;
}

mns_rc_t mns_parse_since (const mns_config_t *config, const char *text, mns_time_t *since, mns_error_t *error) {
  mns_date_t day;
  if (mns_time_parse (text, since))
    return MNS_OK;
  if (!mns_date_parse_loose (text, &day))
    return mns_fail (error, MNS_USAGE, "--since",
                     "'%s' is neither a day like 2026-07-01 nor a time like 2026-07-01T08:00:00+08:00", text);
  *since = mns_date_start (day, (int32_t)config->utc_offset_s);
  return MNS_OK;
}

mns_bus_t *mns_connect (mns_config_t *config) {
  mns_error_t error = {0};
  mns_bus_t *bus = NULL;
  if (mns_configure (config, &error) == MNS_OK)
    mns_bus_new (&bus, config, mns_globals.account ? mns_globals.account : "", (int)mns_globals.timeout_s * 1000,
                 &error);
  if (!bus)
    mns_cli_fail ("mns", &error);
  return bus;
}

void mns_pack_request (const mns_record_type_t *type, const void *in, mns_buffer_t *body) {
  const mns_field_t *reveal = mns_record_field (type, "reveal");
  if (!reveal || !mns_globals.reveal) {
    mns_record_pack (type, in, body);
    return;
  }
  void *asked = mns_alloc (type->size);
  memcpy (asked, in, type->size);
  mns_field_parse (reveal, asked, "yes", NULL);
  mns_record_pack (type, asked, body);
  free (asked);
}

mns_rc_t mns_ask (mns_bus_t *bus, const char *command, const mns_record_type_t *in_type, const void *in,
                  const mns_record_type_t *out_type, void *out, void (*each) (void *context, const void *record),
                  void *context, mns_error_t *error) {
  mns_buffer_t body = {0}, reply = {0};
  mns_uuid_t key = mns_uuid_new ();
  if (in_type)
    mns_pack_request (in_type, in, &body);
  mns_rc_t rc = mns_bus_request (bus, command, &key, body.data, body.size, (int)mns_globals.timeout_s * 1000, &reply,
                                 NULL, error);
  const uint8_t *data = reply.data;
  size_t size = reply.size;
  while (rc == MNS_OK && out_type && size > 0) {
    rc = mns_sequence_next (out_type, out, &data, &size, error);
    if (rc == MNS_OK && each)
      each (context, out);
  }
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}

static void add_row (void *context, const void *record) {
  mns_table_add_record (context, record, mns_globals.reveal);
}

typedef struct {
  const mns_record_type_t *type;
  json_t *list;
} json_rows_t;

static void add_json (void *context, const void *record) {
  json_rows_t *rows = context;
  json_array_append_new (rows->list, mns_record_to_json (rows->type, record, !mns_globals.reveal));
}

/* JSON shows records whole, with their lists; a table shows the fields that fit. */
static mns_rc_t ask_for_json (mns_bus_t *bus, const char *command, const mns_record_type_t *in_type, const void *in,
                              const mns_record_type_t *out_type, void *out, mns_error_t *error) {
  json_rows_t rows = {.type = out_type, .list = json_array ()};
  mns_rc_t rc = mns_ask (bus, command, in_type, in, out_type, out, add_json, &rows, error);
  if (rc == MNS_OK) {
    json_dumpf (rows.list, stdout, JSON_INDENT (2));
    putchar ('\n');
  }
  json_decref (rows.list);
  return rc;
}

static mns_rc_t ask_for_table (mns_bus_t *bus, const char *command, const mns_record_type_t *in_type, const void *in,
                               const mns_record_type_t *out_type, const char *const *fields, void *out,
                               mns_error_t *error) {
  mns_table_t *table = mns_table_of_records (out_type, fields);
  mns_rc_t rc = mns_ask (bus, command, in_type, in, out_type, out, add_row, table, error);
  mns_table_print (&table, rc == MNS_OK ? stdout : NULL, mns_form ());
  return rc;
}

int mns_ask_and_print (const char *command, const mns_record_type_t *in_type, const void *in,
                       const mns_record_type_t *out_type, const char *const *fields) {
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_error_t error = {0};
  void *record = mns_alloc (out_type->size);
  mns_rc_t rc = mns_globals.json ? ask_for_json (bus, command, in_type, in, out_type, record, &error)
                                 : ask_for_table (bus, command, in_type, in, out_type, fields, record, &error);
  free (record);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_cli_fail ("mns", &error);
}
