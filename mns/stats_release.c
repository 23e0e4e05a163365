/* `mns stats close`, `reopen`, `closings` and `release`: the calendar of the figures. A decision takes effect when it
 * comes back through the log; the command waits until it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/records/release_records.h"
#include "mns/asking.h"
#include "mns/stats_release.h"
#include "services/statistics/rules_period.h"

#define WAITS_MAX 600
#define WAIT_NS   50000000L

static const char *const closing_columns[] = {"period", "reopened", "day", "cutoff", "reason", NULL};
static const char *const release_columns[] = {"period",  "day",      "cutoff", "figures",
                                              "revised", "withheld", "held",   NULL};
static const char *const figure_columns[] = {"tab",  "place", "period", "measure",   "dimension", "value",
                                             "rate", "few",   "status", "published", NULL};

/* ---- deciding, and seeing it done -------------------------------------------------------------------------------- */
typedef struct {
  const char *period;
  mns_code_t reopened;
  bool looked, done;
} awaited_t;

static void look_at_closing (void *context, const void *record) {
  awaited_t *awaited = context;
  const mns_closing_info_t *latest = record;
  if (!awaited->looked)
    awaited->done = strcmp (latest->period, awaited->period) == 0 && latest->reopened == awaited->reopened;
  awaited->looked = true;
}

static void look_at_release (void *context, const void *record) {
  awaited_t *awaited = context;
  if (strcmp (((const mns_release_info_t *)record)->period, awaited->period) == 0)
    awaited->done = true;
}

static mns_rc_t await (mns_bus_t *bus, const char *command, const mns_record_type_t *type,
                       void (*look) (void *context, const void *record), awaited_t *awaited, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  void *record = mns_alloc (type->size);
  for (int waits = 0; rc == MNS_OK && !awaited->done && waits < WAITS_MAX; waits++) {
    awaited->looked = false;
    rc = mns_ask (bus, command, NULL, NULL, type, record, look, awaited, error);
    if (rc == MNS_OK && !awaited->done)
      nanosleep (&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
  }
  free (record);
  if (rc == MNS_OK && !awaited->done)
    rc = mns_fail (error, MNS_TIMEOUT, command,
                   "it is decided, and statistics has not come to it yet: `mns status` shows how far it is");
  return rc;
}

typedef struct {
  const char *command, *list;
  const mns_record_type_t *type, *info_type;
  void (*look) (void *context, const void *record);
} decision_t;

/* Asks, waits, and prints the whole list. */
static int decide (const mns_asking_t *shown, const decision_t *decision, const void *request) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  void *reply = mns_alloc (decision->info_type->size);
  char period[STATISTICS_PERIOD_TEXT] = "";
  mns_rc_t rc =
      mns_ask (bus, decision->command, decision->type, request, decision->info_type, reply, NULL, NULL, &error);
  if (rc == MNS_OK)
    mns_field_format (mns_record_field (decision->info_type, "period"), reply, period, sizeof period);
  awaited_t awaited = {.period = period,
                       .reopened = strcmp (decision->command, "statistics.reopen") == 0 ? MNS_YES : 0};
  if (rc == MNS_OK)
    rc = await (bus, decision->list, decision->info_type, decision->look, &awaited, &error);
  free (reply);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? mns_print_asking (shown, NULL) : mns_complain ("mns stats", &error);
}

/* ---- closings ---------------------------------------------------------------------------------------------------- */
static const mns_asking_t closings = {
    .usage = "mns stats closings [options]",
    .summary = "Lists which months were closed and opened again, the latest first; `cutoff` is the log number up to "
               "which all\nwas counted.",
    .command = "statistics.closings",
    .out_type = &mns_closing_info_type,
    .columns = closing_columns};

int stats_closings (int argc, char **argv) {
  return mns_run_asking (&closings, argc, argv);
}

static int close_or_reopen (const mns_asking_t *asking, int argc, char **argv) {
  const decision_t decision = {asking->command, closings.command, &mns_closing_request_type, &mns_closing_info_type,
                               look_at_closing};
  mns_closing_request_t request;
  mns_record_clear (&mns_closing_request_type, &request);
  int done = mns_parse_asking (asking, NULL, &request, &argc, argv);
  return done >= 0 ? done : decide (&closings, &decision, &request);
}

int stats_close_month (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns stats close [MONTH] [options]",
      .summary =
          "Closes a month (default: the one whose turn it is): what changes it from then on is a revision. After "
          "the first\nclosing the following months close by themselves on the closing day (configuration: "
          "closing_day).",
      .epilogue = "Example:\n  mns stats close 2026-06",
      .command = "statistics.close",
      .in_type = &mns_closing_request_type,
      .positional = "period",
      .out_type = &mns_closing_info_type,
      .columns = closing_columns};
  return close_or_reopen (&asking, argc, argv);
}

int stats_reopen_month (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns stats reopen [MONTH] --reason TEXT [options]",
                                      .summary = "Opens the month that was closed last again. The reason is public.",
                                      .epilogue =
                                          "Example:\n  mns stats reopen 2026-06 --reason \"a return came late\"",
                                      .command = "statistics.reopen",
                                      .in_type = &mns_closing_request_type,
                                      .positional = "period",
                                      .out_type = &mns_closing_info_type,
                                      .columns = closing_columns};
  return close_or_reopen (&asking, argc, argv);
}

/* ---- releases ---------------------------------------------------------------------------------------------------- */
static const mns_asking_t ledger = {
    .usage = "mns stats release list [options]",
    .summary = "The ledger of releases, the latest first: when, up to which log number, how many figures were new and "
               "revised,\nand how many were withheld or held because they would have told too much.",
    .command = "statistics.releases",
    .out_type = &mns_release_info_type,
    .columns = release_columns};

static int list (int argc, char **argv) {
  return mns_run_asking (&ledger, argc, argv);
}

static int show (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns stats release show [MONTH] [--place CODE] [--tab TABLE] [--as-published DAY] [options]",
      .summary = "Prints released figures: those that stand, those that stood on a day, or what the release of a month "
                 "told. Below\nthe county they are rounded to 5: parts need not add up. Rates, for 1,000 of the "
                 "population and a year, are made\nfrom the figures as printed: few = yes when they are of fewer than "
                 "20 events, none of fewer than 10.",
      .command = "statistics.released",
      .in_type = &mns_released_query_type,
      .positional = "release",
      .out_type = &mns_released_figure_type,
      .columns = figure_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int publish (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns stats release publish [MONTH] [options]",
      .summary = "Publishes the open figures of all that ended up to a closed month (default: the last one). After the "
                 "first release\nthe following ones go out by themselves on the release day (configuration: "
                 "release_day).",
      .epilogue = "Example:\n  mns stats close 2026-06 && mns stats release publish",
      .command = "statistics.release",
      .in_type = &mns_release_request_type,
      .positional = "period",
      .out_type = &mns_release_info_type,
      .columns = release_columns};
  const decision_t decision = {asking.command, ledger.command, &mns_release_request_type, &mns_release_info_type,
                               look_at_release};
  mns_release_request_t request;
  mns_record_clear (&mns_release_request_type, &request);
  int done = mns_parse_asking (&asking, NULL, &request, &argc, argv);
  return done >= 0 ? done : decide (&ledger, &decision, &request);
}

/* ---- why figures moved ------------------------------------------------------------------------------------------- */
int stats_diff (int argc, char **argv) {
  static const char *const columns[] = {"measure",    "dimension", "change",     "cause",  "event",
                                        "event_kind", "occurred",  "registered", "number", NULL};
  static const mns_asking_t asking = {
      .usage = "mns stats diff PERIOD --place CODE --from DAY [--to DAY] [options]",
      .summary =
          "Why the figures of a closed period moved between what stood on two days (default: to now): each change "
          "of each\ncount, its cause, and the event of the register that brought it.",
      .epilogue = "Example:\n  mns stats diff 2026-05 --place 510322000000 --from 2026-06-10 --basis occurrence",
      .command = "statistics.diff",
      .in_type = &mns_diff_query_type,
      .positional = "period",
      .out_type = &mns_difference_type,
      .columns = columns};
  return mns_run_asking (&asking, argc, argv);
}

int stats_release (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "the ledger of releases", list},
                                           {"show", "released figures", show},
                                           {"publish", "let the figures of closed months out", publish},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns stats release", "What leaves the house: by a fixed plan, protected below the county.",
                             table, argc, argv);
}
