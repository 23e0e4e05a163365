/* `mns req`: one request to a service, its fields as options or as JSON. A command that this program does not know (of
 * another system, of `mns serve`) takes JSON and answers in JSON. */
#include "mns/json_body.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 160 };

static const char *key_text;

static const mns_option_t key_options[] = {
    {"key", 0, MNS_OPTION_TEXT, "UUID",
     "idempotency key of a command: asked again under the same key it is carried out once (default: a new one)",
     &key_text},
    {0, 0, 0, 0, 0, 0}};

/* ---- which commands there are ------------------------------------------------------------------------------------ */

static void each_command (void (*each) (void *context, const mns_command_t *command), void *context) {
  for (const mns_command_t *command = mns_bus_commands; command->name; command++)
    each (context, command);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++)
      each (context, command);
}

static void add_row (void *context, const mns_command_t *command) {
  mns_table_addf (context, "%s\t%s", command->name, command->en);
}

static int list_commands (void) {
  static const mns_column_t columns[] = {{"command", NULL, false}, {"does", NULL, false}, {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  each_command (add_row, table);
  mns_table_print (&table, stdout, mns_form ());
  return 0;
}

typedef struct {
  const char *names[NAMES_MAX + 1];
  size_t count;
} names_t;

static void add_name (void *context, const mns_command_t *command) {
  names_t *names = context;
  if (names->count < NAMES_MAX)
    names->names[names->count++] = command->name;
}

static int unknown_command (const char *name) {
  names_t names = {.count = 0};
  each_command (add_name, &names);
  const char *near = mns_cli_nearest (name, names.names);
  fprintf (stderr, "mns req: there is no command '%s'%s%s%s `mns req --list` shows them all.\n", name,
           near ? "; did you mean '" : "", near ? near : "", near ? "'?" : ".");
  return 2;
}

/* Not one of the stack's own, which are all known here. */
static bool may_be_foreign (const char *name) {
  const char *dot = strchr (name, '.');
  size_t size = dot ? (size_t)(dot - name) : 0;
  if (size == 0 || strncmp (name, "bus.", 4) == 0)
    return false;
  for (const mns_service_t *const *service = mns_services; *service; service++)
    if (strlen ((*service)->name) == size && strncmp (name, (*service)->name, size) == 0)
      return false;
  return true;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *name;
  const mns_record_type_t *request, *reply; /* NULL: none, or not known */
  bool known;
  mns_uuid_t key;
  mns_buffer_t body, answer;
} asked_t;

static void print_table (const asked_t *asked) {
  mns_table_t *table = mns_table_of_records (asked->reply, NULL);
  void *record = mns_alloc (asked->reply->size);
  const uint8_t *data = asked->answer.data;
  size_t size = asked->answer.size;
  while (size > 0 && mns_sequence_next (asked->reply, record, &data, &size, NULL) == MNS_OK)
    mns_table_add_record (table, record, mns_globals.reveal);
  free (record);
  mns_table_print (&table, stdout, mns_form ());
}

static mns_rc_t print_json (const asked_t *asked, mns_error_t *error) {
  json_t *list;
  mns_rc_t rc =
      mns_json_unpack (asked->reply, asked->answer.data, asked->answer.size, mns_globals.reveal, &list, error);
  if (rc != MNS_OK)
    return rc;
  json_dumpf (list, stdout, JSON_INDENT (2));
  putchar ('\n');
  json_decref (list);
  return MNS_OK;
}

static mns_rc_t print_answer (const asked_t *asked, mns_error_t *error) {
  if (asked->known && !asked->reply && asked->answer.size == 0) {
    puts (mns_globals.json ? "[]" : "done");
    return MNS_OK;
  }
  if (!asked->reply || mns_form () == MNS_TABLE_JSON)
    return print_json (asked, error);
  print_table (asked);
  return MNS_OK;
}

static int send (asked_t *asked) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = mns_bus_request (bus, asked->name, &asked->key, asked->body.data, asked->body.size,
                                 (int)mns_globals.timeout_s * 1000, &asked->answer, NULL, &error);
  mns_bus_destroy (&bus);
  if (rc == MNS_UNKNOWN_COMMAND && !asked->known)
    return unknown_command (asked->name);
  if (rc == MNS_OK)
    rc = print_answer (asked, &error);
  return rc == MNS_OK ? 0 : mns_complain ("mns req", &error);
}

/* ---- the command line -------------------------------------------------------------------------------------------- */

static mns_rc_t make_body (asked_t *asked, const void *record, const char *json_text, mns_error_t *error) {
  json_t *json;
  if (!json_text) {
    if (asked->request)
      mns_pack_request (asked->request, record, &asked->body);
    return MNS_OK;
  }
  if (asked->known && !asked->request)
    return mns_fail (error, MNS_USAGE, asked->name, "this command takes no body");
  mns_rc_t rc = mns_json_read (json_text, &json, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_json_pack (asked->request, json, &asked->body, error);
  json_decref (json);
  return rc;
}

static mns_rc_t check_both (const asked_t *asked, const void *record, mns_error_t *error) {
  for (uint16_t i = 0; asked->request && i < asked->request->field_count; i++)
    if (!mns_field_absent (&asked->request->fields[i], record))
      return mns_fail (error, MNS_USAGE, asked->request->fields[i].name,
                       "the body is given as JSON: put this field into it, or leave the JSON away");
  return MNS_OK;
}

static mns_rc_t prepare (asked_t *asked, const void *record, const char *json_text, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  if (key_text && !mns_uuid_parse (key_text, &asked->key))
    rc = mns_fail (error, MNS_USAGE, "--key", "'%s' is no key like 0190a3c1-5a00-7000-8000-000000000001", key_text);
  if (rc == MNS_OK && json_text)
    rc = check_both (asked, record, error);
  return rc == MNS_OK ? make_body (asked, record, json_text, error) : rc;
}

static int ask (const char *name, const mns_command_t *command, int argc, char **argv) {
  char program[96], usage[128];
  mns_error_t error = {0};
  asked_t asked = {.name = name, .known = command != NULL};
  snprintf (program, sizeof program, "mns req %s", name);
  snprintf (usage, sizeof usage, "%s [JSON | - | @FILE] [options]", program);
  argv[0] = program;
  if (command) {
    asked.request = command->request;
    asked.reply = command->reply;
  }
  void *record = asked.request ? mns_alloc (asked.request->size) : NULL;
  const mns_option_t *options[] = {key_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = usage,
                   .summary = command ? command->en : "A command that this program does not know: its body is JSON.",
                   .options = options,
                   .type = asked.request,
                   .record = record,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done < 0)
    done = prepare (&asked, record, argc > 1 ? argv[1] : NULL, &error) == MNS_OK ? send (&asked)
                                                                                 : mns_complain (program, &error);
  free (record);
  mns_buffer_fini (&asked.body);
  mns_buffer_fini (&asked.answer);
  return done;
}

int mns_cmd_req (int argc, char **argv) {
  bool list = false;
  if (argc >= 2 && argv[1][0] != '-') {
    const mns_command_t *command = mns_service_command (argv[1]);
    bool asks = command || (may_be_foreign (argv[1]) && strlen (argv[1]) <= MNS_NAME_MAX);
    return asks ? ask (argv[1], command, argc - 1, argv + 1) : unknown_command (argv[1]);
  }
  const mns_option_t req_options[] = {{"list", 'l', MNS_OPTION_FLAG, NULL, "list the commands", &list},
                                      {0, 0, 0, 0, 0, 0}};
  const mns_option_t *options[] = {req_options, key_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns req COMMAND [JSON | - | @FILE] [options], mns req --list",
                   .summary =
                       "Sends one request and prints the answer. The body is the fields of the request as\n"
                       "options (`mns req COMMAND --help` lists them), or JSON: in the line, from standard input\n"
                       "(-), from a file (@FILE); an object, or a list of them.",
                   .epilogue = "Exit code 1: the answer is an error, or none came within --timeout.\n"
                               "Examples: mns req statistics.figures --place 510322 --period 2026-S1\n"
                               "          mns req statistics.figures '{\"place\": \"510322000000\", \"period\": "
                               "\"2026-S1\"}' --json",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (list)
    return list_commands ();
  fprintf (stderr, "mns req: name a command; `mns req --list` shows them all.\n");
  return 2;
}
