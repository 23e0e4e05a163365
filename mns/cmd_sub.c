/* `mns sub`: events as they come, live or from a number of the log. */
#include "common/text.h"
#include "mns/mns.h"
#include "mns/show_event.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *from_text = "now";
static int64_t most = 0;
static volatile sig_atomic_t stopped;

static const mns_option_t sub_options[] = {{"from", 'f', MNS_OPTION_TEXT, "NUMBER",
                                            "start behind this log number, `start` for the whole log (default: now)",
                                            &from_text},
                                           {"count", 'n', MNS_OPTION_INT, "N", "stop after N events", &most},
                                           {0, 0, 0, 0, 0, 0}};

static void stop (int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static mns_rc_t parse_from (uint64_t *from, mns_error_t *error) {
  int64_t number;
  *from = UINT64_MAX;
  if (strcmp (from_text, "now") == 0)
    return MNS_OK;
  if (strcmp (from_text, "start") == 0)
    number = 0;
  else if (!mns_text_parse_int (from_text, &number) || number < 0)
    return mns_fail (error, MNS_USAGE, "--from", "'%s' is neither a log number, `start` nor `now`", from_text);
  *from = (uint64_t)number;
  return MNS_OK;
}

static mns_rc_t follow (mns_bus_t *bus, mns_error_t *error) {
  int64_t seen = 0;
  while (!stopped && (most == 0 || seen < most)) {
    mns_event_t event;
    mns_rc_t rc = mns_bus_next (bus, 200, &event, error);
    if (rc == MNS_TIMEOUT)
      continue;
    if (rc != MNS_OK)
      return rc;
    mns_show_event (&event, mns_globals.json, mns_globals.reveal, stdout);
    fflush (stdout);
    seen++;
  }
  return MNS_OK;
}

int mns_cmd_sub (int argc, char **argv) {
  const mns_option_t *options[] = {sub_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns sub PREFIX … [options]",
                   .summary = "Prints the events whose topic begins with one of the prefixes, until Ctrl-C.\n"
                              "Nothing is missed while it runs: gaps are repaired from the log.",
                   .epilogue =
                       "A prefix is a geography: statistics.figures.510322101 is a township with its villages.\n"
                       "Examples: mns sub statistics.figures.    mns sub registry.death. --from start --json",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = MNS_PREFIXES_MAX};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  uint64_t from;
  mns_error_t error = {0};
  if (parse_from (&from, &error) != MNS_OK)
    return mns_complain ("mns sub", &error);
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  signal (SIGINT, stop);
  signal (SIGTERM, stop);
  mns_rc_t rc = mns_bus_subscribe (bus, (const char *const *)argv + 1, (size_t)argc - 1, from, "", &error);
  if (rc == MNS_OK)
    rc = follow (bus, &error);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns sub", &error);
}
