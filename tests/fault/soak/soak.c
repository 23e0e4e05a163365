/* The random soak: broker, services, askers and a reader are killed, stopped, cut off, starved of disk and of power for
 * as long as is wanted; then everything must drain, and the journals, the log and every store must tell one story, in
 * which each command happened once (docs/faults.md row 50). The seed repeats the faults. */
#include "common/clock.h"
#include "tests/fault/soak/client.h"
#include "tests/fault/soak/verdict.h"
#include "tests/support/folder.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { GAP_MS = 1500, DRAIN_MS = 90000, STEP_MS = 10, READ_MS = 1000, SAY_MS = 10000 };

static const char help[] = "Usage: soak --seconds N [--seed S] [--kills N] [--schedule] [--keep]\n\n"
                           "  --seconds N   how long faults happen\n"
                           "  --seed S      repeats the faults of another run (default: the time)\n"
                           "  --kills N     about so many kills (default: one in 2.7 seconds)\n"
                           "  --schedule    print the faults of this seed and end\n"
                           "  --keep        keep the folder, which is kept anyway when something is wrong\n";

typedef struct {
  int64_t seconds;
  uint64_t seed;
  int gap_ms;
  bool schedule, keep;
} options_t;

typedef struct {
  options_t options;
  soak_cast_t cast;
  soak_schedule_t schedule;
  soak_journals_t journals;
  int64_t began_ms, drained_ms;
} soak_t;

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static void rest (void) {
  const struct timespec step = {0, STEP_MS * 1000000};
  nanosleep (&step, NULL);
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

static bool read_options (int argc, char **argv, options_t *options) {
  static const struct option names[] = {{"seconds", required_argument, NULL, 's'},
                                        {"seed", required_argument, NULL, 'S'},
                                        {"kills", required_argument, NULL, 'k'},
                                        {"schedule", no_argument, NULL, 'p'},
                                        {"keep", no_argument, NULL, 'K'},
                                        {"help", no_argument, NULL, 'h'},
                                        {0}};
  int option;
  int64_t kills = 0;
  *options = (options_t){.seed = (uint64_t)mns_clock.wall () % 1000000000, .gap_ms = GAP_MS};
  while ((option = getopt_long (argc, argv, "", names, NULL)) != -1) {
    if (option == 's')
      options->seconds = strtoll (optarg, NULL, 10);
    else if (option == 'S')
      options->seed = strtoull (optarg, NULL, 10);
    else if (option == 'k')
      kills = strtoll (optarg, NULL, 10);
    else if (option == 'p')
      options->schedule = true;
    else if (option == 'K')
      options->keep = true;
    else
      return false;
  }
  if (kills > 0) /* 56 faults in a hundred are kills */
    options->gap_ms = (int)(options->seconds * 560 / kills);
  return options->seconds > 0 && options->gap_ms >= 4 && optind == argc;
}

static int print_schedule (const options_t *options) {
  soak_schedule_t schedule;
  char text[160];
  soak_schedule_init (&schedule, options->seed, options->gap_ms);
  for (;;) {
    soak_fault_t fault = soak_schedule_next (&schedule);
    if (fault.at_ms > options->seconds * 1000)
      return 0;
    soak_fault_text (&fault, text, sizeof text);
    puts (text);
  }
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

static void say_progress (soak_t *soak) {
  history_report_t report;
  const soak_counts_t *counts = &soak->cast.counts;
  history_check (soak->journals.history, &report);
  printf ("%5" PRId64 " s: %" PRIu64 " kills, %" PRIu64 " power cuts, %" PRIu64 " stops, %" PRIu64
          " full disks, %" PRIu64 " line faults; %" PRIu64 " asked, %" PRIu64 " done, %" PRIu64
          " read; unseen at most %" PRId64 " ms\n",
          (now_ms () - soak->began_ms) / 1000, counts->kills, counts->powers, counts->stops, counts->fulls,
          counts->nets + counts->resets, report.attempts, report.acks, report.reads, report.unseen_ms);
  fflush (stdout);
}

static void run_faults (soak_t *soak) {
  int64_t read_ms = 0, said_ms = now_ms ();
  soak_fault_t fault = soak_schedule_next (&soak->schedule);
  char text[160];
  while (now_ms () - soak->began_ms < soak->options.seconds * 1000) {
    if (now_ms () - soak->began_ms >= fault.at_ms) {
      soak_fault_text (&fault, text, sizeof text);
      fprintf (stderr, "%s\n", text);
      soak_cast_strike (&soak->cast, &fault);
      fault = soak_schedule_next (&soak->schedule);
    }
    soak_cast_tend (&soak->cast);
    if (now_ms () - read_ms >= READ_MS) {
      soak_journals_read (&soak->journals, soak->cast.folder);
      read_ms = now_ms ();
    }
    if (now_ms () - said_ms >= SAY_MS) {
      say_progress (soak);
      said_ms = now_ms ();
    }
    rest ();
  }
}

/* The askers end by themselves once all is answered. */
static bool askers_end (soak_t *soak, int64_t until_ms) {
  bool ended[2] = {false, false};
  int status;
  for (int i = 0; i < 2; i++)
    part_signal (&soak->cast.members[SOAK_ASKER_1 + i].part, SIGTERM);
  while (!(ended[0] && ended[1]) && now_ms () < until_ms) {
    for (int i = 0; i < 2; i++)
      if (!ended[i])
        ended[i] = part_has_ended (&soak->cast.members[SOAK_ASKER_1 + i].part, &status) && status == 0;
    rest ();
  }
  return ended[0] && ended[1];
}

static bool drain (soak_t *soak, char *why, size_t size) {
  int64_t began_ms = now_ms ();
  soak_cast_heal (&soak->cast);
  bool drained = askers_end (soak, began_ms + DRAIN_MS);
  if (!drained)
    snprintf (why, size, "askers: not everything they attempted was answered");
  while (drained && !soak_is_drained (&soak->cast.config, soak->cast.folder, why, size)) {
    drained = now_ms () - began_ms < DRAIN_MS;
    soak_cast_tend (&soak->cast);
  }
  soak->drained_ms = now_ms () - began_ms;
  return drained;
}

/* Everybody is told to end, the broker last; each must end in good order. */
static bool stop_all (soak_t *soak, char *why, size_t size) {
  static const int order[] = {SOAK_READER, SOAK_TOY, SOAK_TALLY, SOAK_ECHO, SOAK_BROKER};
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
    int status = part_stop (&soak->cast.members[order[i]].part, SIGTERM);
    if (status != 0) {
      snprintf (why, size, "%s: ended with status %x", soak_part_names[order[i]], (unsigned)status);
      return false;
    }
  }
  return true;
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static void say_fault (const char *name, const history_fault_t *fault) {
  printf ("%-11s %" PRIu64 "%s%s\n", name, fault->count, fault->count ? "   first: " : "", fault->first);
}

static void say_report (const soak_t *soak, const history_report_t *report) {
  const soak_counts_t *counts = &soak->cast.counts;
  printf ("seed %" PRIu64 ", %" PRId64 " s: %" PRIu64 " kills, %" PRIu64 " power cuts, %" PRIu64 " stops, %" PRIu64
          " full disks, %" PRIu64 " bad lines, %" PRIu64 " resets, %" PRIu64 " messages lost, %" PRIu64
          " ended by themselves\n",
          soak->options.seed, soak->options.seconds, counts->kills, counts->powers, counts->stops, counts->fulls,
          counts->nets, counts->resets, counts->losses, counts->ended);
  printf ("%" PRIu64 " commands asked, %" PRIu64 " done, %" PRIu64 " readings; drained in %" PRId64
          " ms; longest unseen %" PRId64 " ms\n",
          report->attempts, report->acks, report->reads, soak->drained_ms, report->unseen_ms);
  say_fault ("lost", &report->lost);
  say_fault ("duplicated", &report->duplicated);
  say_fault ("phantom", &report->phantom);
  say_fault ("reordered", &report->reordered);
  say_fault ("stuck", &report->stuck);
}

static int judge (soak_t *soak) {
  char why[512] = "";
  history_report_t report;
  bool good = drain (soak, why, sizeof why) && soak_log_is_sound (&soak->cast.config, why, sizeof why) &&
              stop_all (soak, why, sizeof why);
  soak_cast_end (&soak->cast);
  soak_journals_read (&soak->journals, soak->cast.folder);
  if (good)
    good = soak_stores_read (soak->journals.history, soak->cast.folder, why, sizeof why);
  bool told = history_check (soak->journals.history, &report);
  say_report (soak, &report);
  if (!good)
    printf ("wrong: %s\n", why);
  if (soak->cast.counts.ended > 0)
    printf ("wrong: a part ended by itself\n");
  return good && told && soak->cast.counts.ended == 0 ? 0 : 1;
}

static int run (const options_t *options) {
  static soak_t soak;
  soak.options = *options;
  soak.journals.history = history_new ();
  soak_schedule_init (&soak.schedule, options->seed, options->gap_ms);
  soak_cast_begin (&soak.cast);
  printf ("seed %" PRIu64 ", folder %s\n", options->seed, soak.cast.folder);
  fflush (stdout);
  soak.began_ms = now_ms ();
  run_faults (&soak);
  int code = judge (&soak);
  history_destroy (&soak.journals.history);
  if (code == 0 && !options->keep)
    test_folder_remove (soak.cast.folder);
  puts (code == 0 ? "ok" : "not ok");
  return code;
}

int main (int argc, char **argv) {
  static const part_kind_t kinds[] = {{"asker", soak_asker_run}, {"reader", soak_reader_run}, {0}};
  options_t options;
  int code = parts_main (argc, argv, kinds);
  if (code >= 0)
    return code;
  if (!read_options (argc, argv, &options)) {
    fputs (help, stderr);
    return 2;
  }
  return options.schedule ? print_schedule (&options) : run (&options);
}
