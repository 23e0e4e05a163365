/* Releases: decided by request or calendar, made when the decision comes back through the log, and told on `open`. */
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/log.h"
#include "common/text.h"
#include "services/statistics/rules_closing.h"
#include "services/statistics/state.h"

static statistics_period_t month_of (int month) {
  return statistics_period_containing (month, STATISTICS_MONTH);
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_decide_release (statistics_t *state, mns_turn_t *turn, int month) {
  mns_release_t *release = mns_alloc (sizeof *release);
  mns_record_clear (&mns_release_type, release);
  release->place = state->config->county;
  statistics_period_format (month_of (month), release->period);
  release->day = mns_turn_today (turn);
  release->mark = statistics_secret_mark (&state->secret);
  release->plan = state->plan.version;
  release->tables_count = (uint16_t)state->plan.count;
  memcpy (release->tables, state->plan.rows, state->plan.count * sizeof (mns_release_table_t));
  mns_emit_t how = {.stream = "catalogue",
                    .subject = "release",
                    .place = release->place,
                    .happening = "published",
                    .occurred = release->day,
                    .registered = release->day};
  mns_rc_t rc = mns_turn_emit (turn, &how, &mns_release_type, release, 1);
  free (release);
  return rc;
}

mns_rc_t statistics_handle_release (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_release_request_t *asked = request->record;
  int month;
  mns_rc_t rc = statistics_county_needed (state, turn, &request->caller);
  if (rc == MNS_OK)
    rc = statistics_month_asked (turn, asked->period,
                                 state->closed ? state->closed - 1 : statistics_month_index (mns_turn_today (turn)) - 1,
                                 &month);
  if (rc == MNS_OK)
    rc = statistics_release_check (state->closed, state->released, month, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = statistics_decide_release (state, turn, month);
  if (rc)
    return rc;
  mns_release_info_t info;
  mns_record_clear (&mns_release_info_type, &info);
  statistics_period_format (month_of (month), info.period);
  info.day = mns_turn_today (turn);
  mns_turn_reply (turn, &mns_release_info_type, &info);
  return MNS_OK;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */
/* The population is told with the period that it ends. */
void statistics_open_period (const statistics_figure_key_t *key, statistics_period_t *period,
                             char text[STATISTICS_PERIOD_TEXT]) {
  *period = statistics_period_range (key->first, key->end);
  if (key->first == key->end)
    *period = statistics_period_containing (key->end - 1, key->end % 12 == 0 ? STATISTICS_YEAR : STATISTICS_QUARTER);
  statistics_period_format (*period, text);
}

void statistics_open_dimension (const statistics_figure_key_t *key, char text[MNS_DIMENSION_MAX + 1]) {
  static const char *const orders[] = {"", "0", "1", "2", "3"};
  const char *word = key->by == STATISTICS_BY_SEX     ? mns_code_word (&mns_sex, (mns_code_t)key->code)
                     : key->by == STATISTICS_BY_ORDER ? orders[key->code]
                                                      : "";
  snprintf (text, MNS_DIMENSION_MAX + 1, "%s", word);
}

static bool is_news (const statistics_open_figure_t *figure) {
  return figure->figure != MNS_NONE &&
         (figure->fate == STATISTICS_FIGURE_NEW || figure->fate == STATISTICS_FIGURE_REVISED);
}

static bool is_with (const statistics_figure_key_t *a, const statistics_figure_key_t *b) {
  statistics_period_t one, other;
  char text[2][STATISTICS_PERIOD_TEXT];
  statistics_open_period (a, &one, text[0]);
  statistics_open_period (b, &other, text[1]);
  return a->place == b->place && strcmp (text[0], text[1]) == 0;
}

static void begin_record (const statistics_t *state, const statistics_release_row_t *row,
                          const statistics_open_figure_t *figure, mns_released_t *record) {
  statistics_period_t period;
  mns_record_clear (&mns_released_type, record);
  statistics_open_period (&figure->key, &period, record->period);
  record->place = figure->key.place;
  record->from_day = statistics_period_from (period);
  record->to_day = statistics_period_to (period);
  record->basis = STATISTICS_RELEASE_BASIS + 1;
  record->status = statistics_figure_status (state->closed, figure->key.end);
  statistics_period_format (month_of (row->month), record->release);
  record->cutoff = row->number;
  record->published = row->day;
  record->rounding = figure->table < 0 ? 1 : STATISTICS_BASE;
}

static void add_count (mns_released_t *record, const statistics_open_figure_t *figure) {
  mns_count_t *count = &record->counts[record->counts_count++];
  mns_record_clear (&mns_count_type, count);
  mns_text_copy (count->measure, sizeof count->measure, statistics_plan_measure (figure->key.measure));
  statistics_open_dimension (&figure->key, count->dimension);
  count->value = figure->figure;
  count->previous = figure->before;
}

static bool is_full (const mns_released_t *record) {
  return record->counts_count == sizeof record->counts / sizeof record->counts[0];
}

static mns_rc_t emit (mns_turn_t *turn, const mns_event_t *event, const mns_released_t *record) {
  char happening[STATISTICS_PERIOD_TEXT];
  mns_text_copy (happening, sizeof happening, record->period);
  for (char *at = happening; *at; at++)
    *at = *at == '/' ? '-' : *at;
  mns_emit_t how = {.stream = "open",
                    .subject = "released",
                    .place = record->place,
                    .happening = happening,
                    .occurred = record->published,
                    .registered = record->published,
                    .cause = event};
  return mns_turn_emit (turn, &how, &mns_released_type, record, 1);
}

static int by_place_and_period (const void *a, const void *b) {
  const statistics_figure_key_t *one = &((const statistics_open_figure_t *)a)->key;
  const statistics_figure_key_t *other = &((const statistics_open_figure_t *)b)->key;
  statistics_period_t periods[2];
  char text[2][STATISTICS_PERIOD_TEXT];
  if (one->place != other->place)
    return one->place < other->place ? -1 : 1;
  statistics_open_period (one, &periods[0], text[0]);
  statistics_open_period (other, &periods[1], text[1]);
  int order = strcmp (text[0], text[1]);
  if (order == 0)
    order = one->measure - other->measure;
  if (order == 0)
    order = (int)one->by - (int)other->by;
  return order ? order : one->code - other->code;
}

/* One event for each place and period with news. */
static mns_rc_t tell (const statistics_t *state, mns_turn_t *turn, const mns_event_t *event,
                      const statistics_release_row_t *row, statistics_release_t *release) {
  mns_released_t *record = mns_alloc (sizeof *record);
  const statistics_open_figure_t *last = NULL;
  mns_rc_t rc = MNS_OK;
  qsort (release->figures, release->count, sizeof *release->figures, by_place_and_period);
  for (size_t i = 0; i < release->count && rc == MNS_OK; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    if (!is_news (figure))
      continue;
    if (last && (!is_with (&last->key, &figure->key) || is_full (record)))
      rc = emit (turn, event, record);
    if (!last || !is_with (&last->key, &figure->key) || is_full (record))
      begin_record (state, row, figure, record);
    add_count (record, figure);
    last = figure;
  }
  if (last && rc == MNS_OK)
    rc = emit (turn, event, record);
  free (record);
  return rc;
}

/* ---- taking effect ----------------------------------------------------------------------------------------------- */
static mns_rc_t compare (statistics_t *state, statistics_release_t *release) {
  mns_rc_t rc = statistics_release_store_known (&state->releases, release);
  for (size_t i = 0; rc == MNS_OK && i < release->count; i++) {
    statistics_open_figure_t *figure = &release->figures[i];
    int64_t before;
    bool known;
    rc = statistics_release_store_last (&state->releases, &figure->key, &before, &known);
    statistics_release_compare (figure, before, known);
  }
  return rc;
}

static void sum_up (const statistics_release_t *release, statistics_release_row_t *row) {
  for (size_t i = 0; i < release->count; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    row->figures += figure->fate == STATISTICS_FIGURE_NEW && figure->figure != MNS_NONE;
    row->withheld += figure->fate == STATISTICS_FIGURE_NEW && figure->figure == MNS_NONE;
    row->revised += figure->fate == STATISTICS_FIGURE_REVISED;
    row->held += figure->fate == STATISTICS_FIGURE_HELD;
  }
}

static mns_rc_t make (statistics_t *state, mns_turn_t *turn, const mns_event_t *event, const statistics_plan_t *plan,
                      statistics_release_row_t *row) {
  statistics_release_t release;
  statistics_release_init (&release, plan, state->cube, state->config->county, &state->secret);
  statistics_release_gather (&release, row->month + 1);
  mns_rc_t rc = compare (state, &release);
  if (rc == MNS_OK) {
    statistics_release_audit (&release);
    sum_up (&release, row);
    rc = statistics_release_store_save (&state->releases, row, &release);
  }
  if (rc == MNS_OK)
    rc = tell (state, turn, event, row, &release);
  statistics_release_fini (&release);
  return rc;
}

mns_rc_t statistics_on_release (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_t *state = self;
  const mns_release_t *told = record;
  statistics_period_t period;
  mns_error_t error = {0};
  if (told->place != state->config->county)
    return MNS_OK;
  if (!statistics_period_parse (told->period, &period) || period.kind != STATISTICS_MONTH)
    return mns_fail (mns_turn_error (turn), MNS_INVALID, "period", "'%s' is no month", told->period);
  if (told->mark != statistics_secret_mark (&state->secret))
    return mns_fail (mns_turn_error (turn), MNS_CONFLICT, "statistics/record.key",
                     "release %s was made with another secret: put that file back, or the figures below the county "
                     "would not be those that were released",
                     told->period);
  if (statistics_release_check (state->closed, state->released, period.first, &error) != MNS_OK) {
    mns_log (MNS_LOG_WARN, "statistics", "release.without_effect", "period=%s", told->period);
    return MNS_OK;
  }
  statistics_plan_t *plan = mns_alloc (sizeof *plan);
  statistics_release_row_t row = {
      .number = event->log_number, .plan = told->plan, .month = period.first, .day = told->day};
  mns_rc_t rc = statistics_plan_from_release (plan, told, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = make (state, turn, event, plan, &row);
  state->released = period.first + 1;
  free (plan);
  return rc;
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */
static void reply_release (void *turn, const statistics_release_row_t *release) {
  mns_release_info_t info = {.day = release->day,
                             .cutoff = release->number,
                             .figures = release->figures,
                             .revised = release->revised,
                             .withheld = release->withheld,
                             .held = release->held,
                             .plan = release->plan};
  statistics_period_format (month_of (release->month), info.period);
  mns_turn_reply (turn, &mns_release_info_type, &info);
}

mns_rc_t statistics_handle_releases (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  (void)request;
  return statistics_release_store_releases (&state->releases, reply_release, turn);
}

typedef struct {
  statistics_t *state;
  mns_turn_t *turn;
  const mns_released_query_t *asked;
  mns_rc_t rc;
} reading_t;

/* From figures as they stand beside it: events, and the population when the period began and ended. */
static void add_rate (reading_t *reading, const statistics_told_figure_t *told, mns_released_figure_t *row) {
  statistics_figure_key_t closing = told->key, opening = told->key;
  int64_t first, last;
  bool few;
  if (told->key.measure == STATISTICS_POPULATION || told->key.by != STATISTICS_BY_NONE || told->value == MNS_NONE)
    return;
  closing.measure = opening.measure = STATISTICS_POPULATION;
  closing.first = closing.end;
  opening.first = opening.end = told->key.first;
  mns_date_t day = reading->asked->as_published;
  reading->rc = statistics_release_store_value (&reading->state->releases, &opening, day, &first);
  if (reading->rc == MNS_OK)
    reading->rc = statistics_release_store_value (&reading->state->releases, &closing, day, &last);
  if (reading->rc || first == MNS_NONE || last == MNS_NONE)
    return;
  statistics_period_t period = statistics_period_range (told->key.first, told->key.end);
  row->rate =
      statistics_release_rate (&reading->state->plan, told->value, first, last, statistics_period_days (period), &few);
  row->few = row->rate != MNS_NONE && few ? MNS_YES : 0;
}

static void reply_figure (void *context, const statistics_told_figure_t *told) {
  reading_t *reading = context;
  statistics_period_t period;
  if (*reading->asked->tab && strcmp (reading->asked->tab, told->tab) != 0)
    return;
  mns_released_figure_t row;
  mns_record_clear (&mns_released_figure_type, &row);
  mns_text_copy (row.tab, sizeof row.tab, told->tab);
  row.place = told->key.place;
  statistics_open_period (&told->key, &period, row.period);
  mns_text_copy (row.measure, sizeof row.measure, statistics_plan_measure (told->key.measure));
  statistics_open_dimension (&told->key, row.dimension);
  row.value = told->value;
  row.status = statistics_figure_status (reading->state->closed, told->key.end);
  statistics_period_format (month_of (told->release.month), row.release);
  row.published = told->release.day;
  row.cutoff = told->release.number;
  add_rate (reading, told, &row);
  mns_turn_reply (reading->turn, &mns_released_figure_type, &row);
}

mns_rc_t statistics_handle_released (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_released_query_t *asked = request->record;
  reading_t reading = {state, turn, asked, MNS_OK};
  int month;
  mns_rc_t rc = statistics_month_asked (turn, asked->release, 0, &month);
  if (rc == MNS_OK)
    rc = statistics_release_store_figures (&state->releases, asked->place ? asked->place : state->config->county, month,
                                           asked->as_published, reply_figure, &reading);
  return rc ? rc : reading.rc;
}
