/* `mns bench`: how fast this bus is, from where this command runs. */
#include "common/clock.h"
#include "common/records/bus_records.h"
#include "mns/bench.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mns_bench_t bench = {
    .size = 200, .seconds = 5, .subscribers = 1, .prefix = MNS_BENCH_PRODUCER ".", .command = "registry.status"};
static bool yes;

#define COMMON_OPTIONS                                                                                                 \
  {"count", 'n', MNS_OPTION_INT, "N", "so many messages (default: what goes in --seconds)", &bench.count},             \
      {"seconds", 0, MNS_OPTION_INT, "N", "how long (default 5)", &bench.seconds},                                     \
      {"in-flight", 0, MNS_OPTION_INT, "N", "unanswered at most (default: publish 100, request 1)", &bench.in_flight}, \
  {                                                                                                                    \
    "rate", 0, MNS_OPTION_INT, "R", "so many a second; latencies count from when each was due", &bench.rate            \
  }
#define WRITING_OPTIONS                                                                                                \
  {"size", 0, MNS_OPTION_INT, "BYTES", "size of a record (default 200)", &bench.size}, {                               \
    "yes", 0, MNS_OPTION_FLAG, NULL, "write into the log of a county that is in use", &yes                             \
  }

static const mns_option_t publish_options[] = {COMMON_OPTIONS, WRITING_OPTIONS, {0, 0, 0, 0, 0, 0}};
static const mns_option_t subscribe_options[] = {
    COMMON_OPTIONS,
    WRITING_OPTIONS,
    {"subscribers", 0, MNS_OPTION_INT, "N", "how many, each with its own connection (default 1)", &bench.subscribers},
    {"replay", 0, MNS_OPTION_FLAG, NULL, "publish nothing: read what is in the log, from its start", &bench.replay},
    {"prefix", 0, MNS_OPTION_TEXT, "PREFIX", "with --replay: of the topics to read (default bench.)", &bench.prefix},
    {0, 0, 0, 0, 0, 0}};
static const mns_option_t request_options[] = {
    COMMON_OPTIONS,
    {"command", 0, MNS_OPTION_TEXT, "NAME", "what to ask (default registry.status)", &bench.command},
    {"body", 0, MNS_OPTION_TEXT, "JSON", "its body, as for `mns req`", &bench.json},
    {"yes", 0, MNS_OPTION_FLAG, NULL, "also a command that changes something", &yes},
    {0, 0, 0, 0, 0, 0}};

/* ---- what may be asked for --------------------------------------------------------------------------------------- */

static mns_rc_t check_bounds (mns_error_t *error) {
  const struct {
    const char *option;
    int64_t value, min, max;
  } rows[] = {{"--size", bench.size, 150, MNS_BODY_MAX / 2},
              {"--count", bench.count, 0, INT64_MAX / 2000000},
              {"--seconds", bench.seconds, 1, 86400},
              {"--in-flight", bench.in_flight, 1, MNS_BENCH_IN_FLIGHT_MAX},
              {"--rate", bench.rate, 0, 10000000},
              {"--subscribers", bench.subscribers, 1, MNS_BENCH_SUBSCRIBERS_MAX}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].value < rows[i].min || rows[i].value > rows[i].max)
      return mns_fail (error, MNS_USAGE, rows[i].option, "a number from %" PRId64 " to %" PRId64 " is meant",
                       rows[i].min, rows[i].max);
  return MNS_OK;
}

/* Somebody else's records are in the log: it is one that is used. */
static mns_rc_t check_log (const mns_config_t *config, mns_error_t *error) {
  mns_bus_t *bus = NULL;
  mns_bus_status_t *status = mns_alloc (sizeof *status);
  mns_rc_t rc = mns_bus_new (&bus, config, mns_globals.account ? mns_globals.account : "",
                             (int)mns_globals.timeout_s * 1000, error);
  if (rc == MNS_OK)
    rc = mns_bus_call (bus, "bus.status", NULL, NULL, NULL, &mns_bus_status_type, status, error);
  for (size_t i = 0; rc == MNS_OK && i < status->producers_count; i++) {
    const mns_bus_producer_t *producer = &status->producers[i];
    if (producer->number > 0 && strcmp (producer->name, MNS_BENCH_PRODUCER) != 0 &&
        strcmp (producer->name, "broker") != 0)
      rc = mns_fail (error, MNS_WRONG_STATE, producer->name,
                     "this log is in use and keeps what is written (stream %s): take a stack of its own, or add --yes",
                     MNS_BENCH_PRODUCER);
  }
  mns_bus_destroy (&bus);
  free (status);
  return rc;
}

static mns_rc_t check_command (mns_error_t *error) {
  const mns_command_t *command = mns_service_command (bench.command);
  if (yes || (command && command->flags & MNS_QUERY))
    return MNS_OK;
  return mns_fail (error, MNS_USAGE, "--command", "'%s' is no query: it may change something; add --yes if you mean it",
                   bench.command);
}

/* ---- results ----------------------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  double share;
} shares[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
#define SHARES (sizeof shares / sizeof *shares)

static void print_json (const char *what, const mns_bench_result_t *result, double seconds) {
  json_t *latency = json_object ();
  for (size_t i = 0; i < SHARES; i++)
    json_object_set_new (latency, shares[i].name,
                         json_integer ((json_int_t)mns_histogram_at (&result->latency, shares[i].share)));
  json_t *object =
      json_pack ("{s:s, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:I, s:b, s:o}", "what", what, "messages",
                 (json_int_t)result->messages, "seconds", seconds, "per_second",
                 seconds > 0 ? (double)result->messages / seconds : 0, "bytes", (json_int_t)result->bytes, "size",
                 (json_int_t)bench.size, "in_flight", (json_int_t)bench.in_flight, "rate", (json_int_t)bench.rate,
                 "subscribers", (json_int_t)bench.subscribers, "rate_kept", result->kept, "latency_us", latency);
  json_dumpf (object, stdout, JSON_INDENT (2));
  putchar ('\n');
  json_decref (object);
}

static void print_text (const char *what, const mns_bench_result_t *result, double seconds) {
  double rate = seconds > 0 ? (double)result->messages / seconds : 0;
  printf ("%s: %" PRIu64 " messages in %.2f s: %.0f/s, %.2f MB/s\n", what, result->messages, seconds, rate,
          seconds > 0 ? (double)result->bytes / seconds / 1e6 : 0);
  if (!result->kept)
    printf ("the rate of %" PRId64 "/s could not be kept: latencies grow with time\n", bench.rate);
  if (result->latency.count == 0)
    return;
  printf ("latency ");
  for (size_t i = 0; i < SHARES; i++)
    printf (" %s %.3f ms", shares[i].name, (double)mns_histogram_at (&result->latency, shares[i].share) / 1000);
  putchar ('\n');
}

static void show_progress (void *self, uint64_t messages) {
  mns_progress_set (self, messages, messages);
}

typedef mns_rc_t measure_fn (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                             mns_bench_step_fn *each, void *self, mns_error_t *error);

static mns_rc_t measure (const char *what, measure_fn *run, const mns_config_t *config, mns_error_t *error) {
  mns_bench_result_t *result = mns_alloc (sizeof *result);
  uint64_t total = bench.count > 0 ? (uint64_t)bench.count : (uint64_t)(bench.rate * bench.seconds);
  result->kept = true;
  mns_progress_t *progress = mns_progress_new (what, "messages", total);
  mns_rc_t rc = run (&bench, config, result, show_progress, progress, error);
  mns_progress_destroy (&progress);
  double seconds = (double)(result->ended_us - result->began_us) / 1e6;
  if (rc == MNS_OK && mns_globals.json)
    print_json (what, result, seconds);
  else if (rc == MNS_OK)
    print_text (what, result, seconds);
  free (result);
  return rc;
}

/* ---- the commands ------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *what, *summary;
  const mns_option_t *options;
  measure_fn *run;
  int64_t in_flight;
  bool writes;
} kind_t;

static int run_kind (const kind_t *kind, int argc, char **argv) {
  char usage[64];
  snprintf (usage, sizeof usage, "mns bench %s [options]", kind->what);
  const mns_option_t *options[] = {kind->options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = usage, .summary = kind->summary, .options = options};
  bench.in_flight = kind->in_flight;
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  bench.account = mns_globals.account ? mns_globals.account : "";
  mns_rc_t rc = check_bounds (&error);
  if (rc == MNS_OK && !kind->writes)
    rc = check_command (&error);
  if (rc == MNS_OK)
    rc = mns_configure (&config, &error);
  if (rc == MNS_OK && kind->writes && !yes && !bench.replay)
    rc = check_log (&config, &error);
  if (rc == MNS_OK)
    rc = measure (kind->what, kind->run, &config, &error);
  return rc == MNS_OK ? 0 : mns_complain (argv[0], &error);
}

static int run_publish (int argc, char **argv) {
  static const kind_t kind = {"publish",
                              "Publishes records and waits for the acks: each is on the broker's disk then.",
                              publish_options,
                              mns_bench_publish,
                              100,
                              true};
  return run_kind (&kind, argc, argv);
}

static int run_subscribe (int argc, char **argv) {
  static const kind_t kind = {"subscribe",
                              "Publishes and measures how long a record takes to each subscriber; or, with --replay,\n"
                              "how fast the log is read.",
                              subscribe_options,
                              mns_bench_subscribe,
                              100,
                              true};
  return run_kind (&kind, argc, argv);
}

static int run_request (int argc, char **argv) {
  static const kind_t kind = {
      "request", "Asks a service the same again and again.", request_options, mns_bench_request, 1, false};
  return run_kind (&kind, argc, argv);
}

int mns_cmd_bench (int argc, char **argv) {
  static const mns_subcommand_t table[] = {
      {"publish", "records into the log, until they are acknowledged", run_publish},
      {"subscribe", "from a publisher to its subscribers", run_subscribe},
      {"request", "questions to a service", run_request},
      {0, 0, 0}};
  return mns_run_subcommand ("mns bench",
                             "Measures the bus: messages a second and latencies, plain or over CURVE as configured.\n"
                             "Records go into the stream `bench`; a log that is in use is only written to with --yes.",
                             table, argc, argv);
}
