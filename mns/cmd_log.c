/* `mns log`: the event log, as the broker has it. */
#include "common/records/bus_records.h"
#include "mns/mns.h"
#include "mns/show_event.h"
#include <czmq.h>
#include <inttypes.h>
#include <stdio.h>

static int64_t from = 1, count = 20;
static const char *since;
static int64_t before = 0, days = INT64_MIN;
static bool force;

enum { POLL_MS = 200 };

static const mns_option_t show_options[] = {
    {"from", 'f', MNS_OPTION_INT, "NUMBER", "first log number (default 1)", &from},
    {"count", 'n', MNS_OPTION_INT, "N", "how many records (default 20)", &count},
    {"since", 's', MNS_OPTION_TEXT, "TIME",
     "instead of a number: from what was recorded then on: 2026-07-01, or 2026-07-01T08:00:00+08:00", &since},
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
  mns_head_t head;
  mns_record_pack (&mns_bus_log_type, page, &body);
  mns_rc_t rc = mns_bus_request (bus, "bus.log", &none, body.data, body.size, (int)mns_globals.timeout_s * 1000, &reply,
                                 &head, error);
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
  page->recorded = 0;
  if (rc == MNS_OK && head.gone > 0)
    fprintf (stderr, "%" PRIu64 " records before number %" PRIu64 " are no longer kept\n", head.gone,
             head.log_number + 1);
  if (rc == MNS_OK && head.log_number >= page->from)
    page->from = head.log_number + 1;
  page->count = (shown > 0 || head.gone > 0) && shown < page->count ? page->count - shown : 0;
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
  mns_time_t time = 0;
  mns_config_t config;
  if (since && (mns_configure (&config, &error) != MNS_OK || mns_parse_since (&config, since, &time, &error) != MNS_OK))
    return mns_complain ("mns log show", &error);
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_bus_log_t page;
  mns_record_clear (&mns_bus_log_type, &page);
  page.from = (uint64_t)from;
  page.count = (uint64_t)count;
  page.recorded = time;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && page.count > 0)
    rc = show_page (bus, &page, &error);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns log show", &error);
}

static const mns_option_t trim_options[] = {
    {"before", 'b', MNS_OPTION_INT, "NUMBER", "records below this log number", &before},
    {"days", 'd', MNS_OPTION_INT, "N", "records older than so many days", &days},
    {"force", 0, MNS_OPTION_FLAG, NULL, "also what a consumer that must miss nothing has not read yet", &force},
    {0, 0, 0, 0, 0, 0}};

static int log_trim (int argc, char **argv) {
  const mns_option_t *options[] = {trim_options, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns log trim --before NUMBER | --days N [--force]",
      .summary = "Forgets old records of the streams that are not kept for ever.",
      .epilogue = "Which streams are kept for ever, and how long the others are kept without this command, is in\n"
                  "mns.yaml: log_keep_streams, log_keep_days, log_keep_mib. Who still needs what is gone is told so.",
      .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_bus_trim_t trim;
  mns_record_clear (&mns_bus_trim_type, &trim);
  if (days != INT64_MIN && days < 0) {
    mns_fail (&error, MNS_USAGE, "--days", "the number must be at least 0");
    return mns_complain ("mns log trim", &error);
  }
  if (before < 0 || (before == 0 && days < 0)) {
    mns_fail (&error, MNS_USAGE, "--before", "say what is to go: --before NUMBER, --days N, or both");
    return mns_complain ("mns log trim", &error);
  }
  trim.before = (uint64_t)before;
  if (days >= 0)
    trim.days = days;
  trim.force = force ? MNS_YES : MNS_NO;
  return mns_ask_and_print ("bus.trim", &mns_bus_trim_type, &trim, &mns_bus_trimmed_type, NULL);
}

/* Asks how far it is until it is done. */
static mns_rc_t verify (mns_bus_t *bus, mns_bus_verified_t *verified, mns_error_t *error) {
  mns_bus_verify_t ask = {.start = MNS_YES};
  mns_rc_t rc;
  do {
    rc = mns_bus_call (bus, "bus.verify", NULL, &mns_bus_verify_type, &ask, &mns_bus_verified_type, verified, error);
    ask.start = MNS_NO;
    if (rc == MNS_OK && verified->running == MNS_YES)
      zclock_sleep (POLL_MS);
  } while (rc == MNS_OK && verified->running == MNS_YES);
  return rc;
}

static void print_verified (const mns_bus_verified_t *verified) {
  if (mns_globals.json) {
    json_t *object = mns_record_to_json (&mns_bus_verified_type, verified, false);
    json_dumpf (object, stdout, JSON_COMPACT);
    json_decref (object);
    putchar ('\n');
    return;
  }
  printf ("%" PRIu64 " records in %" PRIu64 " rows (%.1f MB) checked up to number %" PRIu64 "; %" PRIu64
          " records were trimmed\n",
          verified->records, verified->rows, (double)verified->bytes / 1e6, verified->verified, verified->trimmed);
  if (verified->damaged_rows > 0)
    printf ("DAMAGED: %" PRIu64 " rows; the first holds numbers %" PRIu64 " to %" PRIu64
            ". Nothing is delivered from there on: put the last backup into place (mns restore)\n",
            verified->damaged_rows, verified->damaged_first, verified->damaged_last);
}

static int log_verify (int argc, char **argv) {
  const mns_option_t *options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns log verify [options]",
                   .summary = "Checks every row of the log against its chain, while the broker works on.",
                   .epilogue = "Ends with 0 when all is sound, 1 when something is damaged.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_bus_verified_t verified;
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = verify (bus, &verified, &error);
  mns_bus_destroy (&bus);
  if (rc != MNS_OK)
    return mns_complain ("mns log verify", &error);
  print_verified (&verified);
  return verified.damaged_rows > 0 ? 1 : 0;
}

int mns_cmd_log (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"stat", "first and last number, size", log_stat},
                                           {"show", "print records", log_show},
                                           {"trim", "forget old records", log_trim},
                                           {"verify", "check every row", log_verify},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns log", "The event log.", table, argc, argv);
}
