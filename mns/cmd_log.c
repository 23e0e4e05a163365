/* `mns log`: the event log, as the broker has it. */
#include "common/records/bus_records.h"
#include "mns/mns.h"
#include "mns/show_event.h"
#include <inttypes.h>
#include <stdio.h>

static int64_t from = 1, count = 20;

static const mns_option_t show_options[] = {
    {"from", 'f', MNS_OPTION_INT, "NUMBER", "first log number (default 1)", &from},
    {"count", 'n', MNS_OPTION_INT, "N", "how many records (default 20)", &count},
    {0, 0, 0, 0, 0, 0}};

static const char *const stat_fields[] = {"log_epoch", "log_first", "log_number", "log_bytes", "recorded",
                                          "groups",    "appended",  "repeated",   "delivered", NULL};

static int log_stat (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns log stat [options]",
                   .summary = "First and last number, size, and what happened since the start.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  return done >= 0 ? done : mns_ask_and_print ("bus.status", NULL, NULL, &mns_bus_status_type, stat_fields);
}

static mns_rc_t show_page (mns_bus_t *bus, mns_bus_log_t *page, mns_error_t *error) {
  mns_buffer_t body = {0}, reply = {0};
  mns_uuid_t none = {{0}};
  mns_record_pack (&mns_bus_log_type, page, &body);
  mns_rc_t rc = mns_bus_request (bus, "bus.log", &none, body.data, body.size, (int)mns_globals.timeout_s * 1000, &reply,
                                 NULL, error);
  size_t at = 0, shown = 0;
  while (rc == MNS_OK && at < reply.size) {
    mns_event_t event;
    size_t used;
    rc = mns_event_unpack (&event, reply.data + at, reply.size - at, &used, error);
    if (rc != MNS_OK)
      break;
    mns_show_event (&event, mns_globals.json, mns_globals.reveal, stdout);
    page->from = event.log_number + 1;
    at += used;
    shown++;
  }
  page->count = shown > 0 && shown < page->count ? page->count - shown : 0;
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}

static int log_show (int argc, char **argv) {
  const mns_option_t *options[] = {show_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns log show [options]",
                   .summary = "Prints records of the log from a number on.",
                   .epilogue = "To follow the log, or to filter by topic: mns sub.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  if (from < 1 || count < 1) {
    mns_fail (&error, MNS_USAGE, from < 1 ? "--from" : "--count", "the number must be at least 1");
    return mns_complain ("mns log show", &error);
  }
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_bus_log_t page = {.from = (uint64_t)from, .count = (uint64_t)count};
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && page.count > 0)
    rc = show_page (bus, &page, &error);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns log show", &error);
}

int mns_cmd_log (int argc, char **argv) {
  static const mns_subcommand_t table[] = {
      {"stat", "first and last number, size", log_stat}, {"show", "print records", log_show}, {0, 0, 0}};
  return mns_run_subcommand ("mns log", "The event log.", table, argc, argv);
}
