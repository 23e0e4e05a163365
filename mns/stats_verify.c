/* `mns stats verify`: every figure of statistics against the registry's own recount.
 *
 * For each place and both bases: the stock before the first period, then the counts of each period, one by one. What
 * differs is asked again a moment later, because the two services may stand at different events while
 * the county works. */
#include "mns/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/progress.h"
#include "common/records/registry_requests.h"
#include "services/statistics/measure.h"

#define YEARS      3
#define PAUSES_MAX 5 /* in all */
#define PAUSE_NS   300000000L

typedef struct {
  size_t count, capacity;
  mns_count_t *rows;
} counts_t;

typedef struct {
  mns_place_t place;
  mns_code_t basis;
  statistics_period_t period;
  int64_t opening; /* of the period, by recount */
} question_t;

typedef struct {
  stats_t *stats;
  const stats_verify_t *how;
  mns_place_t *places;
  size_t place_count, place_capacity;
  counts_t figures, recount; /* by measure and dimension once they are all there */
  int64_t opening;           /* as statistics says */
  mns_table_t *differences;
  uint64_t compared, different;
  int pauses;
} verify_t;

static const mns_column_t columns[] = {
    {"place", NULL, false},     {"period", NULL, false},    {"basis", NULL, false},   {"measure", NULL, false},
    {"dimension", NULL, false}, {"statistics", NULL, true}, {"registry", NULL, true}, {0, 0, false}};

/* ---- places ------------------------------------------------------------------------------------------------------ */

static void note_place (verify_t *verify, mns_place_t place) {
  for (size_t i = 0; i < verify->place_count; i++)
    if (verify->places[i] == place)
      return;
  if (verify->place_count == verify->place_capacity) {
    verify->place_capacity = verify->place_capacity ? verify->place_capacity * 2 : 64;
    verify->places = mns_realloc (verify->places, verify->place_capacity * sizeof (mns_place_t));
  }
  verify->places[verify->place_count++] = place;
}

static void take_place (void *context, const void *record) {
  note_place (context, ((const mns_place_figures_t *)record)->place);
}

/* The places above it that the account may see come along by themselves: their figures are this county's. */
static mns_rc_t list_places (verify_t *verify, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  int deepest = verify->how->villages ? MNS_VILLAGE : MNS_TOWNSHIP;
  note_place (verify, verify->stats->query.place);
  for (size_t i = 0; i < verify->place_count && rc == MNS_OK; i++) {
    mns_places_query_t query = {.place = verify->places[i], .basis = MNS_BY_REGISTRATION};
    mns_place_figures_t row;
    strcpy (query.period, verify->stats->query.period);
    if (mns_place_level (query.place) < deepest)
      rc = mns_ask (verify->stats->bus, "statistics.places", &mns_places_query_type, &query, &mns_place_figures_type,
                    &row, take_place, verify, error);
  }
  return rc;
}

/* ---- the two answers --------------------------------------------------------------------------------------------- */

/* What assistance tells is not in the register; counts by age are no measures, and are. */
static bool is_of_register (const char *name) {
  statistics_measure_t measure;
  return !statistics_measure_find (name, strlen (name), &measure) || statistics_measure_of_register (measure);
}

static void add_count (counts_t *counts, const mns_count_t *row) {
  if (!is_of_register (row->measure))
    return;
  if (counts->count == counts->capacity) {
    counts->capacity += counts->capacity / 2 + 512;
    counts->rows = mns_realloc (counts->rows, counts->capacity * sizeof *counts->rows);
  }
  counts->rows[counts->count++] = *row;
}

static void take_figures (void *context, const void *record) {
  verify_t *verify = context;
  const mns_figures_t *figures = record;
  verify->opening = figures->opening;
  for (int i = 0; i < figures->counts_count; i++)
    add_count (&verify->figures, &figures->counts[i]);
}

static void take_count (void *context, const void *record) {
  add_count (context, record);
}

static mns_rc_t ask_recount (verify_t *verify, const question_t *question, int from, int to, mns_error_t *error) {
  mns_recount_request_t request;
  mns_count_t row;
  mns_record_clear (&mns_recount_request_type, &request);
  request.place = question->place;
  request.basis = question->basis;
  if (from) {
    request.from_month = from / 12 * 100 + from % 12 + 1;
    request.ages = MNS_YES; /* of the stock before, only how many there are is asked */
  }
  request.to_month = to / 12 * 100 + to % 12 + 1;
  verify->recount.count = 0;
  return mns_ask (verify->stats->bus, "registry.recount", &mns_recount_request_type, &request, &mns_count_type, &row,
                  take_count, &verify->recount, error);
}

static mns_rc_t ask_figures (verify_t *verify, const question_t *question, mns_error_t *error) {
  mns_figures_query_t query = {.place = question->place, .basis = question->basis, .ages = MNS_YES};
  mns_figures_t *figures = mns_alloc (sizeof *figures);
  statistics_period_format (question->period, query.period);
  verify->figures.count = 0;
  mns_rc_t rc = mns_ask (verify->stats->bus, "statistics.figures", &mns_figures_query_type, &query, &mns_figures_type,
                         figures, take_figures, verify, error);
  free (figures);
  return rc;
}

static int64_t net (const counts_t *counts) {
  int64_t sum = 0;
  statistics_measure_t measure;
  for (size_t i = 0; i < counts->count; i++)
    if (statistics_measure_find (counts->rows[i].measure, strlen (counts->rows[i].measure), &measure))
      sum += statistics_measure_sign (measure) * counts->rows[i].value;
  return sum;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */

static int compare_names (const void *a, const void *b) {
  const mns_count_t *one = a, *other = b;
  int order = strcmp (one->measure, other->measure);
  return order ? order : strcmp (one->dimension, other->dimension);
}

static void sort (counts_t *counts) {
  if (counts->count)
    qsort (counts->rows, counts->count, sizeof *counts->rows, compare_names);
}

static void tell (verify_t *verify, const question_t *question, const mns_count_t *count, int64_t statistics,
                  int64_t registry) {
  char period[STATISTICS_PERIOD_TEXT];
  statistics_period_format (question->period, period);
  mns_table_addf (verify->differences, "%012" PRId64 "\t%s\t%s\t%s\t%s\t%" PRId64 "\t%" PRId64, question->place, period,
                  mns_code_word (&mns_basis, question->basis), count->measure, count->dimension, statistics, registry);
}

/* How many counts differ; tells each when `telling`. What one of the two leaves out is 0 there. */
static uint64_t compare (verify_t *verify, const question_t *question, bool telling) {
  static const mns_count_t opening = {.measure = "opening"};
  const counts_t *figures = &verify->figures, *recount = &verify->recount;
  uint64_t different = verify->opening != question->opening;
  if (different && telling)
    tell (verify, question, &opening, verify->opening, question->opening);
  for (size_t i = 0, k = 0; i < figures->count || k < recount->count;) {
    int order = i == figures->count   ? 1
                : k == recount->count ? -1
                                      : compare_names (&figures->rows[i], &recount->rows[k]);
    const mns_count_t *count = order <= 0 ? &figures->rows[i] : &recount->rows[k];
    int64_t mine = order <= 0 ? figures->rows[i++].value : 0, theirs = order >= 0 ? recount->rows[k++].value : 0;
    different += mine != theirs;
    if (mine != theirs && telling)
      tell (verify, question, count, mine, theirs);
  }
  return different;
}

/* Asks for one period and counts the differences; the stock before it is counted again when it is not known. */
static mns_rc_t ask_period (verify_t *verify, question_t *question, bool known, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  if (!known) {
    rc = ask_recount (verify, question, 0, question->period.first - 1, error);
    question->opening = net (&verify->recount);
  }
  if (rc == MNS_OK)
    rc = ask_figures (verify, question, error);
  if (rc == MNS_OK)
    rc = ask_recount (verify, question, question->period.first, question->period.end - 1, error);
  sort (&verify->figures);
  sort (&verify->recount);
  return rc;
}

static mns_rc_t verify_period (verify_t *verify, question_t *question, bool known, mns_error_t *error) {
  static const struct timespec pause = {0, PAUSE_NS};
  mns_rc_t rc = ask_period (verify, question, known, error);
  while (rc == MNS_OK && compare (verify, question, false) > 0 && verify->pauses < PAUSES_MAX) {
    verify->pauses++;
    nanosleep (&pause, NULL);
    rc = ask_period (verify, question, false, error);
  }
  if (rc != MNS_OK)
    return rc;
  verify->compared += verify->figures.count + 1;
  verify->different += compare (verify, question, true);
  question->opening += net (&verify->recount);
  return MNS_OK;
}

static mns_rc_t verify_place (verify_t *verify, mns_place_t place, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  int today = statistics_month_index (mns_clock_today ((int32_t)verify->stats->config.utc_offset_s));
  statistics_period_kind_t kind = verify->how->months ? STATISTICS_MONTH : STATISTICS_YEAR;
  int first = today - today % 12 - 12 * (YEARS - 1);
  for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++) {
    question_t question = {.place = place, .basis = basis, .period = statistics_period_containing (first, kind)};
    for (; rc == MNS_OK && question.period.first <= today; question.period = statistics_period_after (question.period))
      rc = verify_period (verify, &question, question.period.first > first, error);
  }
  return rc;
}

static void conclude (verify_t *verify) {
  bool plain = mns_form () == MNS_TABLE_TEXT;
  if (!plain || mns_table_rows (verify->differences) > 0)
    mns_table_print (&verify->differences, stdout, mns_form ());
  if (plain)
    printf ("%" PRIu64 " figures of %zu places compared with the register: %s%" PRIu64 " differ.\n", verify->compared,
            verify->place_count, verify->different ? "" : "all agree, ", verify->different);
}

int stats_verify (stats_t *stats, const stats_verify_t *how) {
  verify_t verify = {.stats = stats, .how = how};
  mns_error_t error = {0};
  verify.differences = mns_table_new (columns);
  mns_rc_t rc = list_places (&verify, &error);
  mns_progress_t *progress = mns_progress_new ("counting again", "places", verify.place_count);
  for (size_t i = 0; i < verify.place_count && rc == MNS_OK; i++) {
    rc = verify_place (&verify, verify.places[i], &error);
    mns_progress_set (progress, i + 1, i + 1);
  }
  mns_progress_destroy (&progress);
  if (rc == MNS_OK)
    conclude (&verify);
  if (verify.differences)
    mns_table_print (&verify.differences, NULL, MNS_TABLE_TEXT);
  free (verify.figures.rows);
  free (verify.recount.rows);
  free (verify.places);
  stats_close (stats);
  return rc ? mns_complain ("mns stats verify", &error) : verify.different ? 1 : 0;
}
