/* What stood on a day, and why it moved: from the journal of revisions.
 *
 * What stood is counted by taking the facts that came later out of the cube, and then putting them back: the turn ends
 * with the cube as it was. */
#include <string.h>

#include "common/text.h"
#include "services/statistics/rules_revision.h"
#include "services/statistics/state.h"

/* ---- the journal ------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_note_revision (statistics_t *state, const mns_event_t *event, const mns_restatement_t *fact,
                                   const statistics_fold_t *fold) {
  if (state->journal == 0 || !statistics_revises (fold, state->journal))
    return MNS_OK;
  bool restated = strcmp (event->type, mns_restatement_type.name) == 0;
  statistics_revision_t revision = {event->log_number, statistics_revision_cause (fact, restated), fact};
  return statistics_revision_store_save (&state->revisions, &revision);
}

/* ---- what stood on a day ----------------------------------------------------------------------------------------- */
static mns_rc_t take_out (void *self, const statistics_revision_t *revision) {
  mns_error_t error = {0};
  mns_restatement_t fact = *revision->fact;
  fact.sign = -fact.sign;
  return statistics_count_fact (self, &fact, 0, &error);
}

static mns_rc_t put_back (void *self, const statistics_revision_t *revision) {
  mns_error_t error = {0};
  return statistics_count_fact (self, revision->fact, 0, &error);
}

/* Log number of what was out on that day; a period that was open then had no figures yet. */
static mns_rc_t find_cutoff (statistics_t *state, mns_turn_t *turn, mns_date_t day, statistics_period_t period,
                             uint64_t *number) {
  int closed;
  char text[MNS_DATE_TEXT];
  mns_rc_t rc = statistics_revision_store_cutoff (&state->revisions, day, number, &closed);
  mns_date_format (day, text);
  if (rc == MNS_OK && (*number == 0 || period.end > closed))
    rc = mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "period",
                   "on %s the period was not closed: `mns stats closings` shows what was", text);
  return rc;
}

mns_rc_t statistics_go_back (statistics_t *state, mns_turn_t *turn, mns_date_t day, statistics_period_t period,
                             uint64_t *number) {
  *number = INT64_MAX;
  if (!day)
    return MNS_OK;
  mns_rc_t rc = find_cutoff (state, turn, day, period, number);
  return rc ? rc : statistics_revision_store_each (&state->revisions, *number, INT64_MAX, take_out, state);
}

mns_rc_t statistics_come_back (statistics_t *state, uint64_t number) {
  return number == INT64_MAX ? MNS_OK
                             : statistics_revision_store_each (&state->revisions, number, INT64_MAX, put_back, state);
}

/* ---- why it moved ------------------------------------------------------------------------------------------------ */
typedef struct {
  statistics_t *state;
  mns_turn_t *turn;
  statistics_query_t query;
  mns_place_t place;
} difference_t;

static bool counts_here (const difference_t *difference, const statistics_contribution_t *item) {
  return mns_place_covers (difference->place, item->place) &&
         !(item->except && mns_place_covers (difference->place, item->except));
}

static void reply_change (const difference_t *difference, const statistics_revision_t *revision, const char *measure,
                          const char *dimension, int64_t change) {
  mns_difference_t row;
  mns_record_clear (&mns_difference_type, &row);
  mns_text_copy (row.measure, sizeof row.measure, measure);
  mns_text_copy (row.dimension, sizeof row.dimension, dimension);
  row.change = change;
  row.cause = revision->cause;
  row.event = revision->fact->event;
  row.event_kind = revision->fact->event_kind;
  row.occurred = revision->fact->occurred;
  row.registered = revision->fact->registered;
  row.number = revision->number;
  mns_turn_reply (difference->turn, &mns_difference_type, &row);
}

/* Of a month of the period its count moved, of an earlier one the population at the beginning. */
static mns_rc_t tell_fact (void *context, const statistics_revision_t *revision) {
  const difference_t *difference = context;
  statistics_fold_t fold;
  mns_rc_t rc = statistics_fold_life (revision->fact, difference->state->config->county, &fold,
                                      mns_turn_error (difference->turn));
  int month = rc == MNS_OK ? fold.month[difference->query.basis - 1] : 0, opening = 0;
  for (size_t i = 0; rc == MNS_OK && i < fold.count && month < difference->query.period.end; i++) {
    const statistics_contribution_t *item = &fold.items[i];
    char dimension[MNS_DIMENSION_MAX + 1];
    if (!counts_here (difference, item))
      continue;
    statistics_dimension_format (item->measure, item->kind, item->part, dimension);
    if (month >= difference->query.period.first)
      reply_change (difference, revision, statistics_measure_name (item->measure), dimension, item->value);
    else
      opening += statistics_measure_sign (item->measure) * item->value;
  }
  if (opening != 0)
    reply_change (difference, revision, "opening", "", opening);
  return rc;
}

mns_rc_t statistics_handle_diff (void *self, mns_turn_t *turn, const mns_request_t *request) {
  const mns_diff_query_t *asked = request->record;
  difference_t difference = {.state = self, .turn = turn, .place = asked->place};
  uint64_t from, to = INT64_MAX;
  mns_rc_t rc = statistics_query_check (self, turn, &request->caller, asked->place, asked->period, asked->basis,
                                        &difference.query);
  if (rc == MNS_OK)
    rc = find_cutoff (self, turn, asked->from, difference.query.period, &from);
  if (rc == MNS_OK && asked->to)
    rc = find_cutoff (self, turn, asked->to, difference.query.period, &to);
  return rc ? rc : statistics_revision_store_each (&difference.state->revisions, from, to, tell_fact, &difference);
}
