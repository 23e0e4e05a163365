/* `mns pub`: events from lines of JSON, published by a producer with an outbox of its own.
 *
 * A file goes into the outbox whole or not at all; standard input line by line. Then the outbox is sent: also what an
 * earlier run could not send. */
#include "common/dir.h"
#include "common/producer.h"
#include "common/records/events.h"
#include "common/text.h"
#include "mns/json_body.h"
#include "mns/mns.h"
#include <czmq.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 3 /* exit code: taken, but not acknowledged yet */ };

static const char *producer_name, *folder, *topic_text, *type_text;

static const mns_option_t pub_options[] = {
    {"producer", 'p', MNS_OPTION_TEXT, "NAME", "who publishes; its topics begin with its name", &producer_name},
    {"outbox", 0, MNS_OPTION_TEXT, "DIR", "folder of its outbox (default: DATA/pub/NAME)", &folder},
    {"topic", 't', MNS_OPTION_TEXT, "TOPIC", "each line is the body of an event under this topic", &topic_text},
    {"type", 0, MNS_OPTION_TEXT, "NAME", "with --topic: the record type of the bodies", &type_text},
    {0, 0, 0, 0, 0, 0}};

/* ---- a line is an event ------------------------------------------------------------------------------------------ */

/* What `mns sub --json` prints: what the bus gives itself is left aside. */
typedef struct {
  const char *name;
  enum { LEAVE, TEXT, DATE, NUMBER, DATA } kind;
} member_t;

static const member_t members[] = {
    {"subject", TEXT},    {"type", TEXT},     {"schemaversion", NUMBER}, {"occurred", DATE},
    {"registered", DATE}, {"entity", TEXT},   {"cause", TEXT},           {"data", DATA},
    {"id", LEAVE},        {"source", LEAVE},  {"time", LEAVE},           {"lognumber", LEAVE},
    {"logepoch", LEAVE},  {"account", LEAVE}, {"specversion", LEAVE},    {"dataschema", LEAVE}};
#define MEMBERS (sizeof members / sizeof *members)

static mns_rc_t unknown_member (const char *name, mns_error_t *error) {
  const char *names[MEMBERS + 1] = {0};
  for (size_t i = 0; i < MEMBERS; i++)
    names[i] = members[i].name;
  const char *near = mns_cli_nearest (name, names);
  return mns_fail (error, MNS_INVALID, name,
                   "an event has no such member%s%s%s: it has subject, type, schemaversion, "
                   "occurred, registered, entity, cause, data",
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static mns_rc_t check_member (const char *name, const json_t *value, mns_error_t *error) {
  size_t i = 0;
  while (i < MEMBERS && strcmp (members[i].name, name) != 0)
    i++;
  if (i == MEMBERS)
    return unknown_member (name, error);
  mns_date_t date;
  switch (members[i].kind) {
  case TEXT:
    return json_is_string (value) ? MNS_OK : mns_fail (error, MNS_INVALID, name, "a text is expected here");
  case DATE:
    return json_is_string (value) && mns_date_parse (json_string_value (value), &date)
               ? MNS_OK
               : mns_fail (error, MNS_INVALID, name, "a date like 2026-07-01 is expected here");
  case NUMBER:
    return json_is_integer (value) && json_integer_value (value) > 0
               ? MNS_OK
               : mns_fail (error, MNS_INVALID, name, "a number from 1 on is expected here");
  default:
    return MNS_OK;
  }
}

static const char *text_of (const json_t *json, const char *name) {
  const char *text = json_string_value (json_object_get (json, name));
  return text ? text : "";
}

static mns_rc_t put_text (char *target, size_t size, const json_t *json, const char *name, mns_error_t *error) {
  if (mns_text_copy (target, size, text_of (json, name)))
    return MNS_OK;
  return mns_fail (error, MNS_TOO_LONG, name, "at most %zu bytes are allowed here", size - 1);
}

/* The head of the event; `topic` and texts point into `json`. */
static mns_rc_t read_head (const json_t *json, mns_event_t *event, mns_error_t *error) {
  const char *name;
  json_t *value;
  mns_rc_t rc = MNS_OK;
  if (!json_is_object (json))
    return mns_fail (error, MNS_INVALID, "", "an object {…} is expected on each line");
  json_object_foreach ((json_t *)(uintptr_t)json, name, value) {
    if (rc == MNS_OK)
      rc = check_member (name, value, error);
  }
  memset (event, 0, sizeof *event);
  event->topic = text_of (json, "subject");
  event->topic_size = strlen (event->topic);
  mns_date_parse (text_of (json, "occurred"), &event->occurred);
  mns_date_parse (text_of (json, "registered"), &event->registered);
  event->version = (uint64_t)json_integer_value (json_object_get (json, "schemaversion"));
  if (rc == MNS_OK)
    rc = put_text (event->type, sizeof event->type, json, "type", error);
  if (rc == MNS_OK)
    rc = put_text (event->entity, sizeof event->entity, json, "entity", error);
  if (rc == MNS_OK)
    rc = put_text (event->cause, sizeof event->cause, json, "cause", error);
  if (rc == MNS_OK && !event->type[0])
    rc = mns_fail (error, MNS_MISSING, "type", "the name of the record type is missing");
  return rc;
}

static mns_rc_t add_event (mns_producer_t *producer, const json_t *json, mns_error_t *error) {
  mns_event_t event;
  mns_buffer_t body = {0};
  mns_rc_t rc = read_head (json, &event, error);
  if (rc != MNS_OK)
    return rc;
  const mns_record_type_t *type = mns_event_type (event.type);
  const json_t *data = json_object_get (json, "data");
  event.items = json_is_array (data) ? json_array_size (data) : 1;
  if (event.version == 0)
    event.version = type ? type->version : 1;
  if (!data || event.items == 0)
    rc = mns_fail (error, MNS_MISSING, "data", "the record, or a list of them, is missing");
  if (rc == MNS_OK)
    rc = mns_json_pack (type, data, &body, error);
  if (rc == MNS_OK)
    rc = mns_producer_add (producer, &event, body.data, body.size, error);
  mns_buffer_fini (&body);
  return rc;
}

/* With --topic a line is the data alone. */
static json_t *wrap (json_t *json) {
  return topic_text ? json_pack ("{s:s, s:s, s:o}", "subject", topic_text, "type", type_text, "data", json) : json;
}

static mns_rc_t add_line (mns_producer_t *producer, const char *file, uint64_t line, const char *text, size_t size,
                          mns_error_t *error) {
  json_error_t wrong;
  char where[96];
  mns_rc_t rc = MNS_OK;
  json_t *json = json_loadb (text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
  if (!json)
    rc = mns_fail (error, MNS_INVALID, "", "this is no JSON, column %d: %s", wrong.column, wrong.text);
  else
    json = wrap (json);
  if (rc == MNS_OK)
    rc = add_event (producer, json, error);
  json_decref (json);
  if (rc == MNS_OK)
    return MNS_OK;
  mns_error_t inner = *error;
  snprintf (where, sizeof where, "%.60s:%" PRIu64 "%s%.24s", file, line, inner.where[0] ? ": " : "", inner.where);
  return mns_fail (error, rc, where, "%s", inner.detail);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* Each line of standard input is committed and sent by itself. */
static mns_rc_t keep_line (mns_producer_t *producer, mns_error_t *error) {
  mns_rc_t rc = mns_producer_commit (producer, error);
  if (rc == MNS_OK)
    rc = mns_producer_drain (producer, 0, error);
  return rc == MNS_TIMEOUT ? MNS_OK : rc;
}

static mns_rc_t add_lines (mns_producer_t *producer, const char *file, FILE *in, bool each, uint64_t *count,
                           mns_error_t *error) {
  char *text = NULL;
  size_t room = 0;
  ssize_t size;
  uint64_t line = 0;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (size = getline (&text, &room, in)) >= 0) {
    line++;
    if (strspn (text, " \t\r\n") >= (size_t)size)
      continue;
    rc = add_line (producer, file, line, text, (size_t)size, error);
    if (rc == MNS_OK && each)
      rc = keep_line (producer, error);
    *count += rc == MNS_OK;
  }
  if (rc == MNS_OK && ferror (in))
    rc = mns_fail (error, MNS_IO, file, "it cannot be read: %s", strerror (errno));
  free (text);
  return rc;
}

static mns_rc_t add_file (mns_producer_t *producer, const char *file, uint64_t *count, mns_error_t *error) {
  if (strcmp (file, "-") == 0)
    return add_lines (producer, "stdin", stdin, true, count, error);
  FILE *in = fopen (file, "r");
  if (!in)
    return mns_fail (error, mns_dir_errno (errno), file, "it cannot be opened: %s", strerror (errno));
  mns_rc_t rc = add_lines (producer, file, in, false, count, error);
  fclose (in);
  return rc;
}

static mns_rc_t add_files (mns_producer_t *producer, int argc, char **argv, uint64_t *count, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (int i = 1; i < argc && rc == MNS_OK; i++)
    rc = add_file (producer, argv[i], count, error);
  if (rc == MNS_OK)
    return mns_producer_commit (producer, error);
  mns_producer_forget (producer);
  return rc;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static void tell (const mns_producer_t *producer, uint64_t count) {
  uint64_t number = mns_producer_number (producer);
  if (mns_globals.json)
    printf ("{\"published\":%" PRIu64 ",\"producer\":\"%s\",\"epoch\":%" PRIu64 ",\"number\":%" PRIu64
            ",\"lognumber\":%" PRIu64 ",\"pending\":%" PRIu64 "}\n",
            count, producer_name, mns_producer_epoch (producer), number, mns_producer_log_number (producer),
            mns_producer_pending (producer));
  else if (count == 0 && mns_producer_pending (producer) == 0)
    printf ("nothing new; everything that %s has published so far is in the log\n", producer_name);
  else if (mns_producer_pending (producer) == 0)
    printf ("%" PRIu64 " published; last: %s-%" PRIu64 "-%" PRIu64 ", log number %" PRIu64 "\n", count, producer_name,
            mns_producer_epoch (producer), number, mns_producer_log_number (producer));
}

static int finish (mns_producer_t *producer, uint64_t count, mns_error_t *error) {
  mns_rc_t rc = mns_producer_drain (producer, mns_globals.timeout_s * 1000, error);
  tell (producer, count);
  if (rc == MNS_OK)
    return 0;
  mns_complain ("mns pub", error);
  return rc == MNS_TIMEOUT ? KEPT : 1;
}

static mns_rc_t check_usage (mns_error_t *error) {
  if (!producer_name)
    return mns_fail (error, MNS_USAGE, "--producer", "say who publishes: --producer NAME");
  if (strspn (producer_name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen (producer_name) ||
      strlen (producer_name) > MNS_NAME_MAX || !producer_name[0])
    return mns_fail (error, MNS_USAGE, "--producer", "a producer's name is of lower-case letters, digits and '-'");
  if (!topic_text != !type_text)
    return mns_fail (error, MNS_USAGE, topic_text ? "--type" : "--topic", "--topic and --type go together");
  return MNS_OK;
}

static mns_rc_t find_folder (const mns_config_t *config, char path[MNS_PATH_MAX], mns_error_t *error) {
  char pub[MNS_PATH_MAX];
  if (folder)
    return mns_text_copy (path, MNS_PATH_MAX, folder)
               ? MNS_OK
               : mns_fail (error, MNS_TOO_LONG, "--outbox", "the path is too long");
  mns_rc_t rc = mns_dir_join (pub, config->data, "pub", error);
  return rc == MNS_OK ? mns_dir_join (path, pub, producer_name, error) : rc;
}

static int publish (int argc, char **argv) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_producer_t *producer = NULL;
  char path[MNS_PATH_MAX];
  uint64_t count = 0;
  mns_rc_t rc = mns_configure (&config, &error);
  if (rc == MNS_OK)
    rc = find_folder (&config, path, &error);
  if (rc == MNS_OK)
    rc = mns_producer_new (&producer, zsys_init (), &config, mns_globals.account ? mns_globals.account : "",
                           producer_name, path, &error);
  if (rc == MNS_OK)
    rc = mns_producer_join (producer, mns_globals.timeout_s * 1000, &error);
  if (rc == MNS_UNAVAILABLE && mns_producer_epoch (producer) > 0)
    rc = MNS_OK; /* what is taken now is sent when the broker is there again */
  if (rc == MNS_OK)
    rc = add_files (producer, argc, argv, &count, &error);
  int code = rc == MNS_OK ? finish (producer, count, &error) : mns_complain ("mns pub", &error);
  mns_producer_destroy (&producer);
  return code;
}

int mns_cmd_pub (int argc, char **argv) {
  const mns_option_t *options[] = {pub_options, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns pub --producer NAME [FILE … | -] [options]",
      .summary = "Publishes events, one line of JSON each, with the members that `mns sub --json` prints:\n"
                 "subject (the topic), type, data, and occurred, registered, entity, cause if there are such.",
      .epilogue =
          "The producer's numbers and what is not acknowledged stand in its outbox: an event that was taken is\n"
          "published once. A file is taken whole or, when a line is wrong, not at all; from standard input (-)\n"
          "each line by itself. Without a file only what is left in the outbox is sent.\n"
          "Exit code 0: all is in the log; 1: refused; 3: kept in the outbox, run it again.\n"
          "Example: echo '{\"mm\": 12}' | mns pub -p weather -t weather.rain.510322000000.day --type rain -",
      .options = options,
      .positional_max = 64};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  return check_usage (&error) == MNS_OK ? publish (argc, argv) : mns_complain ("mns pub", &error);
}
