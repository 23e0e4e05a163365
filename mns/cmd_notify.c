/* `mns notify`: messages of the notifications service. */
#include "common/records/notifications_requests.h"
#include "mns/asking.h"

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

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const char *const all[] = {"message", "state", "key",     "address", "attempts", "due",
                                    "sent",    "error", "subject", "body",    NULL};
  mns_asking_t asking = list_asking;
  asking.usage = "mns notify show MESSAGE [options]";
  asking.summary = "Shows a message with its text. Texts may name persons: --reveal shows them.";
  asking.epilogue = NULL;
  asking.fields = none;
  asking.columns = all;
  asking.positional = "message";
  asking.required = true;
  return mns_run_asking (&asking, argc, argv);
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
