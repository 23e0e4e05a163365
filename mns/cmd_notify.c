/* `mns notify`: messages of the notifications service. */
#include "common/records/notifications_requests.h"
#include "mns/asking.h"
#include <inttypes.h>
#include <stdio.h>

static const char *const columns[] = {"message", "state",    "rule",  "place",   "address",
                                      "created", "attempts", "error", "subject", NULL};

static const mns_asking_t list_asking = {.usage = "mns notify list [options]",
                                         .summary = "Lists messages: by state, rule or place.",
                                         .epilogue = "Example:\n  mns notify list --state dead",
                                         .command = "notifications.messages",
                                         .in_type = &mns_message_query_type,
                                         .out_type = &mns_message_type,
                                         .columns = columns};

static int list (int argc, char **argv) {
  return mns_run_asking (&list_asking, argc, argv);
}

/* "  sent      2026-07-01T…": a line for each field that says something, the text below. */
static void print_message (const mns_message_t *message) {
  static const char *const lines[] = {"state",   "rule",     "key", "place", "address", "channel",
                                      "created", "attempts", "due", "sent",  "error",   NULL};
  json_t *object = mns_record_to_json (&mns_message_type, message, !mns_globals.reveal);
  printf ("message %" PRIu64 ": %s\n", message->message, json_string_value (json_object_get (object, "subject")));
  for (const char *const *name = lines; *name; name++) {
    const json_t *value = json_object_get (object, *name);
    if (json_is_integer (value))
      printf ("  %-10s%" JSON_INTEGER_FORMAT "\n", *name, json_integer_value (value));
    else if (value)
      printf ("  %-10s%s\n", *name, json_string_value (value));
  }
  const char *body = json_string_value (json_object_get (object, "body"));
  if (body && mns_globals.reveal)
    printf ("\n%s\n", body);
  else if (body)
    puts ("  text      it names persons: --reveal shows it");
  json_decref (object);
}

static int print_one (const mns_asking_t *asking, const mns_message_query_t *query) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_message_t message;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_record_clear (&mns_message_type, &message);
  mns_rc_t rc = mns_ask (bus, asking->command, asking->in_type, query, asking->out_type, &message, NULL, NULL, &error);
  mns_bus_destroy (&bus);
  if (rc == MNS_OK && !message.message)
    rc = mns_fail (&error, MNS_NOT_FOUND, "MESSAGE", "there is no such message; `mns notify list` shows them");
  if (rc != MNS_OK)
    return mns_complain ("mns notify show", &error);
  print_message (&message);
  return 0;
}

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  mns_message_query_t query;
  mns_asking_t asking = list_asking;
  asking.usage = "mns notify show MESSAGE [options]";
  asking.summary = "Shows a message with its text. Texts may name persons: --reveal shows them.";
  asking.epilogue = NULL;
  asking.fields = none;
  asking.positional = "message";
  asking.required = true;
  mns_record_clear (&mns_message_query_type, &query);
  int done = mns_parse_asking (&asking, NULL, &query, &argc, argv);
  if (done >= 0)
    return done;
  return mns_form () == MNS_TABLE_TEXT ? print_one (&asking, &query) : mns_print_asking (&asking, &query);
}

static int retry (int argc, char **argv) {
  static const char *const retried[] = {"messages", NULL};
  static const mns_asking_t asking = {.usage = "mns notify retry [MESSAGE] [options]",
                                      .summary = "Tries a message again, or all dead letters when none is named.",
                                      .command = "notifications.retry",
                                      .in_type = &mns_message_retry_type,
                                      .positional = "message",
                                      .out_type = &mns_message_retried_type,
                                      .columns = retried};
  return mns_run_asking (&asking, argc, argv);
}

int mns_cmd_notify (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "messages and where they stand", list},
                                           {"show", "one message with its text", show},
                                           {"retry", "try dead letters again", retry},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns notify", "Messages to offices: what went out, what could not.", table, argc, argv);
}
