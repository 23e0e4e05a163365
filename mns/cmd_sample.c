/* `mns sample`: the sample county. */
#include "common/dir.h"
#include "common/progress.h"
#include "mns/import.h"
#include "mns/mns.h"
#include "sample/sample.h"
#include <stdio.h>
#include <stdlib.h>

static const char *scale_text = "0.02";
static int64_t seed = 1;

static const mns_option_t sample_options[] = {
    {"scale", 's', MNS_OPTION_TEXT, "N", "size, 1 is 1,045,120 registered people (default 0.02)", &scale_text},
    {"seed", 0, MNS_OPTION_INT, "N", "the same seed gives the same people (default 1)", &seed},
    {0, 0, 0, 0, 0, 0}};

static mns_rc_t parse_scale (double *scale, mns_error_t *error) {
  char *end;
  *scale = strtod (scale_text, &end);
  if (*end || end == scale_text || !(*scale >= 0.001 && *scale <= 1))
    return mns_fail (error, MNS_USAGE, "--scale", "'%s' is not a number from 0.001 to 1", scale_text);
  return MNS_OK;
}

static void show_part (void *context, double part) {
  mns_progress_set (context, (uint64_t)(part * 1000), (uint64_t)(part * 100));
}

static mns_rc_t write_files (const char *folder, mns_error_t *error) {
  double scale;
  mns_rc_t rc = parse_scale (&scale, error);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  if (rc != MNS_OK)
    return rc;
  mns_progress_t *progress = mns_progress_new ("making up the people", "%", 1000);
  rc = mns_sample_write (folder, scale, (uint64_t)seed, show_part, progress, error);
  mns_progress_destroy (&progress);
  return rc;
}

static int sample_write (int argc, char **argv) {
  const mns_option_t *options[] = {sample_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns sample write DIR [options]",
                   .summary =
                       "Writes the files of the sample county into DIR: places, persons, returns, recipients, exits.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  if (write_files (argv[1], &error) != MNS_OK)
    return mns_complain ("mns sample write", &error);
  printf ("written to %s\n", argv[1]);
  return 0;
}

/* In this order, and with each applied by every service before the next, a file finds what it speaks of. */
static const char *const files[] = {"places.csv",     "persons.csv", "funds.csv",
                                    "recipients.csv", "returns.csv", "exits.csv"};

static int load_file (mns_bus_t *bus, const mns_config_t *config, const char *folder, const char *name) {
  char path[MNS_PATH_MAX];
  mns_error_t error = {0};
  mns_rc_t rc = mns_dir_join (path, folder, name, &error);
  if (rc == MNS_OK)
    rc = mns_wait_applied (bus, 600000, &error);
  return rc == MNS_OK ? mns_import_file (bus, config, path, false) : mns_complain ("mns sample load", &error);
}

static int sample_load (int argc, char **argv) {
  const mns_option_t *options[] = {sample_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns sample load [options]",
                   .summary = "Writes the sample county into DATA/sample and loads it into the running stack.\n"
                              "Loading it again changes nothing.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  char folder[MNS_PATH_MAX];
  mns_error_t error = {0};
  mns_rc_t rc = mns_dir_join (folder, config.data, "sample", &error);
  if (rc == MNS_OK)
    rc = write_files (folder, &error);
  int code = rc == MNS_OK ? 0 : mns_complain ("mns sample load", &error);
  for (size_t i = 0; i < sizeof files / sizeof *files && code == 0; i++)
    code = load_file (bus, &config, folder, files[i]);
  mns_bus_destroy (&bus);
  return code;
}

int mns_cmd_sample (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"load", "write it and load it into the running stack", sample_load},
                                           {"write", "write its files into a folder", sample_write},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns sample", "The sample county: the real places of Fushun, made-up people.", table, argc,
                             argv);
}
