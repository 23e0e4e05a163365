/* The cube of a large county: how fast it is counted, what it holds, how fast it answers.
 *
 *   bench_statistics [--people N] [--years N] [--places N] [--events N]
 *
 * The service itself in real turns of 750 records over a store in a temporary folder: people of the baseline, then
 * years of life events all over the county. Times are CPU time of this thread, so that other work on the machine counts
 * less. */
#include "common/records/registry_records.h"
#include "common/records/statistics_requests.h"
#include "services/statistics/state.h"
#include "services/statistics/statistics.h"
#include "tests/support/turn_harness.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNTY    INT64_C (510322000000)
#define BATCH     750
#define QUESTIONS 400

typedef struct {
  long people, years, places, events; /* events a year */
} size_options_t;

static uint64_t seed = 1;

static unsigned dice (unsigned sides) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % sides;
}

static double cpu_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Villages in townships of about fourteen. */
static mns_place_t village (long number) {
  return COUNTY + (100 + number / 14) * 1000 + 201 + number % 14;
}

static mns_date_t any_day (mns_date_t from, unsigned days) {
  return mns_date_add_days (from, (int32_t)dice (days));
}

static void fill (mns_baseline_t *life, mns_place_t place, mns_date_t birth, mns_date_t day) {
  mns_record_clear (&mns_baseline_type, life);
  life->event = life->person = 1;
  strcpy (life->name, "某人");
  life->sex = dice (2) ? MNS_MALE : MNS_FEMALE;
  life->birth = birth;
  life->place = place;
  life->occurred = life->registered = day;
}

static void must (mns_rc_t rc, harness_t *h) {
  if (rc == MNS_OK)
    return;
  fprintf (stderr, "%s: %s\n", harness_error (h)->where, harness_error (h)->detail);
  exit (1);
}

static void load_people (harness_t *h, const size_options_t *size) {
  static mns_baseline_t rows[BATCH];
  for (long done = 0; done < size->people;) {
    mns_place_t place = village (done / (size->people / size->places + 1));
    size_t count = 0;
    for (; count < BATCH && done < size->people; done++, count++)
      fill (&rows[count], place, any_day (19250101, 36500), 20160101);
    must (harness_event_with (h, "registry.baseline.510322000000.loaded", &mns_baseline_type, rows, count, 20160101,
                              20160101),
          h);
  }
}

static mns_restatement_t life_event (mns_date_t from, const size_options_t *size) {
  static const mns_code_t kinds[] = {MNS_BIRTH, MNS_BIRTH, MNS_DEATH, MNS_MOVE_IN, MNS_MOVE_OUT};
  mns_restatement_t event;
  mns_record_clear (&mns_restatement_type, &event);
  event.sign = event.plurality = event.rank = 1;
  event.event = 1;
  event.event_kind = kinds[dice (5)];
  event.sex = dice (2) ? MNS_MALE : MNS_FEMALE;
  event.place = village (dice ((unsigned)size->places));
  event.occurred = any_day (from, 365);
  event.registered = mns_date_add_days (event.occurred, (int32_t)dice (40));
  event.birth = event.event_kind == MNS_BIRTH ? event.occurred : any_day (19300101, 30000);
  event.mother = MNS_MOTHER_REGISTERED;
  event.mother_birth = any_day (19850101, 5000);
  event.birth_order = 1 + dice (3);
  return event;
}

static void live (harness_t *h, mns_date_t from, const size_options_t *size) {
  static mns_restatement_t events[BATCH];
  for (long done = 0; done < size->events;) {
    size_t count = 0;
    for (; count < BATCH && done < size->events; done++, count++)
      events[count] = life_event (from, size);
    must (harness_event_with (h, "registry.restatement.510322000000.registered", &mns_restatement_type, events, count,
                              from, from),
          h);
  }
}

static int compare_times (const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void ask (harness_t *h, mns_place_t place, const char *period, const char *indicator, const char *what) {
  static double times[QUESTIONS];
  mns_indicators_query_t query;
  mns_indicator_value_t value;
  mns_record_clear (&mns_indicators_query_type, &query);
  query.place = place;
  snprintf (query.period, sizeof query.period, "%s", period);
  snprintf (query.indicator, sizeof query.indicator, "%s", indicator);
  for (int i = 0; i < QUESTIONS; i++) {
    double begun = cpu_seconds ();
    must (harness_call (h, "statistics.indicators", &query, &value), h);
    times[i] = (cpu_seconds () - begun) * 1000;
  }
  qsort (times, QUESTIONS, sizeof *times, compare_times);
  printf ("%-40s %-8s p50 %.3f ms  p99 %.3f ms\n", what, period, times[QUESTIONS / 2], times[QUESTIONS * 99 / 100]);
}

static size_t heap_bytes (void) {
  struct mallinfo2 now = mallinfo2 ();
  return now.uordblks + now.hblkhd;
}

static void read_options (int argc, char **argv, size_options_t *size) {
  struct {
    const char *name;
    long *value;
  } options[] = {
      {"--people", &size->people}, {"--years", &size->years}, {"--places", &size->places}, {"--events", &size->events}};
  for (int i = 1; i + 1 < argc; i += 2)
    for (size_t k = 0; k < sizeof options / sizeof *options; k++)
      if (strcmp (argv[i], options[k].name) == 0)
        *options[k].value = atol (argv[i + 1]);
}

int main (int argc, char **argv) {
  size_options_t size = {.people = 1000000, .years = 10, .places = 277, .events = 25000};
  mns_config_t config = {0};
  setvbuf (stdout, NULL, _IOLBF, 0);
  read_options (argc, argv, &size);
  mns_config_defaults (&config);
  config.county = COUNTY;
  harness_t *h = harness_new_with (&mns_statistics_service, &config);
  size_t empty = heap_bytes ();
  double begun = cpu_seconds ();
  load_people (h, &size);
  double took = cpu_seconds () - begun;
  printf ("%ld people of the baseline: %.2f us each, %.1f MB\n", size.people, took / (double)size.people * 1e6,
          (double)(heap_bytes () - empty) / 1e6);
  for (long year = 0; year < size.years; year++) {
    begun = cpu_seconds ();
    live (h, (mns_date_t)(20160101 + year * 10000), &size);
    took = cpu_seconds () - begun;
    printf ("year %ld: %ld events, %.2f us each; %.1f MB\n", year + 1, size.events, took / (double)size.events * 1e6,
            (double)(heap_bytes () - empty) / 1e6);
  }
  ask (h, COUNTY, "2025", "", "county, every indicator");
  ask (h, COUNTY, "2025", "life_expectancy", "county, life expectancy");
  ask (h, COUNTY, "2016-S1", "birth_rate", "county, birth rate");
  ask (h, village (0) / 1000 * 1000, "2025", "share_65", "township, share of 65 and over");
  ask (h, village (0), "2025-06", "total_fertility", "village, total fertility");
  harness_destroy (&h);
  return 0;
}
