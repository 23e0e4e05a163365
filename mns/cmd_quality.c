/* `mns quality`: findings about the register, and the check of the whole. */
#include "common/progress.h"
#include "common/records/registry_quality.h"
#include "mns/asking.h"
#include <stdio.h>
#include <string.h>

static const char *const finding_columns[] = {"finding", "rule",     "place",      "person", "household",
                                              "detail",  "deadline", "restricted", "state",  NULL};

static const char *const all_columns[] = {"finding",   "rule",   "text",     "detail", "place",   "owner",  "person",
                                          "household", "opened", "deadline", "state",  "account", "reason", NULL};

static int list (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns quality list [PLACE] [options]",
      .summary = "Lists what does not hold in the register of your division or of PLACE, the oldest first. The next\n"
                 "page begins behind the last number shown: --after NUMBER. Findings that point at persons under 14\n"
                 "are shown to approvers and administrators only.",
      .command = "registry.findings",
      .in_type = &mns_finding_query_type,
      .positional = "place",
      .out_type = &mns_finding_info_type,
      .columns = finding_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  static const mns_asking_t asking = {.usage = "mns quality show FINDING [options]",
                                      .summary = "Shows a finding in full.",
                                      .command = "registry.findings",
                                      .in_type = &mns_finding_query_type,
                                      .fields = none,
                                      .positional = "finding",
                                      .required = true,
                                      .out_type = &mns_finding_info_type,
                                      .columns = all_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int close_finding (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns quality close FINDING --reason TEXT [options]",
      .summary =
          "Says that what was found is right as it is. What is corrected instead (mns person correct) closes by\n"
          "itself. A finding that was closed comes back only when the facts change.",
      .command = "registry.close-finding",
      .in_type = &mns_finding_close_type,
      .positional = "finding",
      .required = true,
      .out_type = &mns_finding_info_type,
      .columns = finding_columns};
  return mns_run_asking (&asking, argc, argv);
}

/* ---- the check --------------------------------------------------------------------------------------------------- */

typedef struct {
  mns_code_t phase;
  mns_progress_t *progress;
  uint64_t units; /* of this part */
  int64_t checked[MNS_CHECK_RATES + 1], opened, corrected;
} check_t;

static void show_progress (check_t *check, const mns_quality_checked_t *answer) {
  const char *part = mns_code_word (&mns_check_phase, check->phase);
  bool counts = check->phase == MNS_CHECK_PERSONS || check->phase == MNS_CHECK_HOUSEHOLDS;
  if (!check->progress)
    check->progress = mns_progress_new (part, part, counts ? (uint64_t)answer->total : 0);
  check->units += (uint64_t)answer->checked;
  mns_progress_set (check->progress, counts ? answer->after : check->units, check->units);
  if (answer->phase != check->phase)
    mns_progress_destroy (&check->progress);
}

static mns_rc_t run_check (mns_bus_t *bus, check_t *check, mns_error_t *error) {
  mns_quality_check_t slice;
  mns_quality_checked_t answer;
  mns_record_clear (&mns_quality_check_type, &slice);
  slice.phase = MNS_CHECK_PERSONS;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && slice.phase) {
    rc = mns_ask (bus, "registry.check-quality", &mns_quality_check_type, &slice, &mns_quality_checked_type, &answer,
                  NULL, NULL, error);
    if (rc != MNS_OK)
      break;
    if (slice.phase != check->phase)
      check->units = 0;
    check->phase = slice.phase;
    check->checked[slice.phase] += answer.checked;
    check->opened += answer.opened;
    check->corrected += answer.corrected;
    show_progress (check, &answer);
    slice.phase = answer.phase;
    slice.after = answer.after;
  }
  mns_progress_destroy (&check->progress);
  return rc;
}

static void print_check (const check_t *check) {
  if (mns_form () == MNS_TABLE_JSON)
    printf ("{\"persons\": %lld, \"households\": %lld, \"places\": %lld, \"opened\": %lld, \"corrected\": %lld}\n",
            (long long)check->checked[MNS_CHECK_PERSONS], (long long)check->checked[MNS_CHECK_HOUSEHOLDS],
            (long long)check->checked[MNS_CHECK_PLACES], (long long)check->opened, (long long)check->corrected);
  else
    printf ("%lld persons, %lld households, %lld places: %lld new findings and pairs, %lld corrected meanwhile\n",
            (long long)check->checked[MNS_CHECK_PERSONS], (long long)check->checked[MNS_CHECK_HOUSEHOLDS],
            (long long)check->checked[MNS_CHECK_PLACES], (long long)check->opened, (long long)check->corrected);
}

static int check_register (int argc, char **argv) {
  static const mns_option_t *const options[] = {mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns quality check [options]",
                   .summary =
                       "Checks the whole register: persons, households, places, entries that may be one person;\n"
                       "then tells the error rate of each village on the bus (registry.quality.<village>.<month>).\n"
                       "It goes in slices, others are answered meanwhile; stopped by Ctrl-C, begin it again.",
                   .options = options};
  mns_config_t config;
  mns_error_t error = {0};
  check_t check = {0};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = run_check (bus, &check, &error);
  mns_bus_destroy (&bus);
  if (rc != MNS_OK)
    return mns_complain (argv[0], &error);
  print_check (&check);
  return 0;
}

int mns_cmd_quality (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "what does not hold, the oldest first", list},
                                           {"show", "a finding in full", show},
                                           {"close", "it is right as it is, and why", close_finding},
                                           {"check", "check the whole register", check_register},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns quality", "What does not hold in the register.", table, argc, argv);
}
