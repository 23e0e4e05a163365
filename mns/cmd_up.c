/* `mns up`: the whole stack in one process, in the foreground, until Ctrl-C or SIGTERM. */
#include "common/clock.h"
#include "common/program.h"
#include "common/records/place.h"
#include "mns/mns.h"
#include "mns/setup.h"
#include "mns/stack.h"
#include <czmq.h>
#include <stdio.h>
#include <unistd.h>

static const char *clock_text, *county_text;

static const mns_option_t up_options[] = {
    {"county", 0, MNS_OPTION_TEXT, "CODE", "in a new data directory: division code of the county, e.g. 510322",
     &county_text},
    {"clock", 0, MNS_OPTION_TEXT, "TIME",
     "in a new data directory: let its clock begin at this time, e.g. 2026-07-01T00:00:00+08:00 (demonstrations)",
     &clock_text},
    {0, 0, 0, 0, 0, 0}};

static mns_rc_t prepare (mns_config_t *config, mns_error_t *error) {
  mns_time_t clock = 0;
  mns_place_t county = 0;
  char data[256];
  mns_config_data (mns_globals.data, data);
  if (clock_text && !mns_time_parse (clock_text, &clock))
    return mns_fail (error, MNS_USAGE, "--clock", "'%s' is not a time like 2026-07-01T00:00:00+08:00", clock_text);
  if (county_text && !mns_place_parse (county_text, &county))
    return mns_fail (error, MNS_USAGE, "--county", "'%s' is not a division code like 510322", county_text);
  mns_rc_t rc = mns_setup (data, county, clock, error);
  mns_buffer_t mistakes = {0};
  if (rc == MNS_OK)
    rc = mns_config_load (config, data, true, &mistakes, error);
  if (mistakes.size > 0)
    fwrite (mistakes.data, 1, mistakes.size, stderr);
  mns_buffer_fini (&mistakes);
  return rc;
}

static mns_rc_t serve (const mns_config_t *config, int signals, mns_error_t *error) {
  mns_stack_t *stack = NULL;
  int64_t started = mns_clock.monotonic_ms ();
  mns_rc_t rc = mns_stack_new (&stack, config, error);
  if (rc == MNS_OK) {
    printf ("ready after %.2f s: data in %s, feed on %s, bus on %s. Ctrl-C stops.\n",
            (double)(mns_clock.monotonic_ms () - started) / 1000, config->data, config->feed_listen,
            config->bus_listen);
    fflush (stdout);
    rc = mns_stack_wait (stack, signals, -1, error);
  }
  if (rc == MNS_OK) {
    puts ("stopping …");
    fflush (stdout);
  }
  mns_stack_destroy (&stack);
  if (rc == MNS_OK)
    puts ("stopped; everything acknowledged is on disk.");
  return rc;
}

int mns_cmd_up (int argc, char **argv) {
  const mns_option_t *options[] = {up_options, mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns up [options]",
                   .summary = "Runs broker, registry, statistics, assistance and notifications in this process, until\n"
                              "Ctrl-C. An empty data directory is prepared first: folders, mns.yaml, keys.",
                   .epilogue = "The last line before it serves begins with `ready`. CSV files put into DATA/inbox are\n"
                               "imported by themselves (docs/import.md).",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  int signals = mns_program_signals ();
  mns_config_t config;
  mns_error_t error = {0};
  mns_rc_t rc = prepare (&config, &error);
  if (rc == MNS_OK)
    rc = serve (&config, signals, &error);
  close (signals);
  zsys_shutdown ();
  return rc == MNS_OK ? 0 : mns_complain ("mns up", &error);
}
