/* `mns sub`: events as they come, live, from a number or from a time of the log. */
#include "common/records/events.h"
#include "common/text.h"
#include "mns/mns.h"
#include "mns/place_filter.h"
#include "mns/show_event.h"
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *from_text, *since_text, *place_text, *scope_text, *type_text, *consumer = "";
static int64_t most = INT64_MAX;
static volatile sig_atomic_t stopped;

static const mns_option_t sub_options[] = {
    {"from", 'f', MNS_OPTION_TEXT, "NUMBER", "start behind this log number, `start` for the whole log (default: now)",
     &from_text},
    {"since", 0, MNS_OPTION_TEXT, "TIME", "start with what was recorded then: 2026-07-01, or 2026-07-01T08:00:00+08:00",
     &since_text},
    {"place", 'p', MNS_OPTION_TEXT, "CODE", "only events of this division, 2 to 12 digits", &place_text},
    {"scope", 0, MNS_OPTION_TEXT, "WHICH", "with --place: down (with all beneath it, the default), self, up",
     &scope_text},
    {"type", 0, MNS_OPTION_TEXT, "NAME", "only events of this record type, such as birth", &type_text},
    {"count", 'n', MNS_OPTION_INT, "N", "stop after N events", &most},
    {"consumer", 0, MNS_OPTION_TEXT, "NAME", "keep its place and lag under this name (`mns consumer list`)", &consumer},
    {0, 0, 0, 0, 0, 0}};

static void stop (int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static mns_rc_t parse_from (uint64_t *from, mns_error_t *error) {
  int64_t number;
  *from = UINT64_MAX;
  if (!from_text || strcmp (from_text, "now") == 0)
    return MNS_OK;
  if (strcmp (from_text, "start") == 0)
    number = 0;
  else if (!mns_text_parse_int (from_text, &number) || number < 0)
    return mns_fail (error, MNS_USAGE, "--from", "'%s' is neither a log number, `start` nor `now`", from_text);
  *from = (uint64_t)number;
  return MNS_OK;
}

typedef struct {
  mns_offset_t from;
  mns_time_t since; /* 0: by number */
  mns_place_filter_t filter;
  int count;
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1];
} wanted_t;

static mns_rc_t parse_wanted (wanted_t *wanted, int argc, char **argv, mns_error_t *error) {
  mns_rc_t rc = parse_from (&wanted->from.number, error);
  if (rc == MNS_OK)
    rc = mns_place_filter_parse (&wanted->filter, place_text, scope_text, error);
  if (rc == MNS_OK && from_text && since_text)
    rc = mns_fail (error, MNS_USAGE, "--since", "either --from or --since says where to start");
  if (rc == MNS_OK && most < 1)
    rc = mns_fail (error, MNS_USAGE, "--count", "the number must be at least 1");
  if (rc == MNS_OK && strlen (consumer) > MNS_NAME_MAX)
    rc = mns_fail (error, MNS_USAGE, "--consumer", "a name has at most %d bytes", MNS_NAME_MAX);
  wanted->count = argc - 1;
  for (int i = 0; rc == MNS_OK && i < wanted->count; i++)
    if (strlen (argv[i + 1]) > MNS_TOPIC_MAX)
      rc = mns_fail (error, MNS_USAGE, "PREFIX", "a topic has at most %d bytes, '%.20s…' has more", MNS_TOPIC_MAX,
                     argv[i + 1]);
    else
      mns_place_filter_narrow (&wanted->filter, argv[i + 1], wanted->prefixes[i]);
  return rc;
}

/* Another system may have types of its own: a word that is not known here is no mistake, but may be one. */
static void doubt_type (void) {
  if (type_text && !mns_event_type (type_text))
    fprintf (stderr,
             "mns sub: this stack has no record type '%s' (`mns schema events` lists them); waiting all the same\n",
             type_text);
}

static bool takes (const wanted_t *wanted, const mns_event_t *event) {
  return mns_place_filter_takes (&wanted->filter, event) && (!type_text || strcmp (type_text, event->type) == 0);
}

/* Records are missing for ever: told where it cannot be overlooked, and also in the stream of a program that reads it.
 * False when the subscription did not get beyond them. */
static bool tell_gap (mns_bus_t *bus, const mns_error_t *error, uint64_t *told) {
  uint64_t number = mns_bus_offset (bus).number;
  if (number == *told)
    return false;
  *told = number;
  fprintf (stderr, "mns sub: GAP up to log number %" PRIu64 ": %s\n", number, error->detail);
  if (mns_globals.json)
    printf ("{\"gap\":{\"to\":%" PRIu64 "}}\n", number);
  fflush (stdout);
  return true;
}

static mns_rc_t follow (mns_bus_t *bus, const wanted_t *wanted, mns_error_t *error) {
  int64_t seen = 0;
  uint64_t gap = UINT64_MAX;
  while (!stopped && seen < most) {
    mns_event_t event;
    mns_rc_t rc = mns_bus_next (bus, 200, &event, error);
    if (rc == MNS_TIMEOUT || (rc == MNS_GONE && tell_gap (bus, error, &gap)))
      continue;
    if (rc != MNS_OK)
      return rc;
    if (!takes (wanted, &event))
      continue;
    mns_show_event (&event, mns_globals.json, mns_globals.reveal, stdout);
    if (fflush (stdout) != 0)
      return MNS_OK; /* whoever read it has gone */
    mns_bus_durable (bus, event.log_number);
    seen++;
  }
  return MNS_OK;
}

static mns_rc_t subscribe (mns_bus_t *bus, const wanted_t *wanted, mns_error_t *error) {
  const char *prefixes[MNS_PREFIXES_MAX];
  for (int i = 0; i < wanted->count; i++)
    prefixes[i] = wanted->prefixes[i];
  return mns_bus_subscribe_from (bus, prefixes, (size_t)wanted->count, wanted->from, wanted->since, consumer, error);
}

int mns_cmd_sub (int argc, char **argv) {
  const mns_option_t *options[] = {sub_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns sub PREFIX … [options]",
                   .summary = "Prints the events whose topic begins with one of the prefixes, until Ctrl-C.\n"
                              "Nothing is missed while it runs: gaps are repaired from the log.",
                   .epilogue =
                       "A prefix is a geography: statistics.figures.510322101 is a township with its villages;\n"
                       "--place does the same for any prefix. With --json each event is one line, with the names of\n"
                       "CloudEvents; keep `lognumber` and go on behind it with --from.\n"
                       "Examples: mns sub statistics.figures.    mns sub registry.death. --from start --json\n"
                       "          mns sub registry. assistance. --place 510322101 --since 2026-07-01",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = MNS_PREFIXES_MAX};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  wanted_t wanted = {.since = 0};
  mns_error_t error = {0};
  if (parse_wanted (&wanted, argc, argv, &error) != MNS_OK)
    return mns_complain ("mns sub", &error);
  mns_config_t config;
  if (mns_configure (&config, &error) != MNS_OK ||
      (since_text && mns_parse_since (&config, since_text, &wanted.since, &error) != MNS_OK))
    return mns_complain ("mns sub", &error);
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  doubt_type ();
  signal (SIGINT, stop);
  signal (SIGTERM, stop);
  signal (SIGPIPE, SIG_IGN);
  mns_rc_t rc = subscribe (bus, &wanted, &error);
  if (rc == MNS_OK)
    rc = follow (bus, &wanted, &error);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns sub", &error);
}
