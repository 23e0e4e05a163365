/* Closing and reopening months. A request is only looked at, and becomes an event; it takes effect when the event comes
 * back through the log, so that the store can be made again from there. */
#include "common/log.h"
#include "common/text.h"
#include "services/statistics/rules_closing.h"
#include "services/statistics/state.h"

static statistics_period_t month_of (int month) {
  return statistics_period_containing (month, STATISTICS_MONTH);
}

mns_rc_t statistics_month_asked (mns_turn_t *turn, const char *text, int usual, int *month) {
  statistics_period_t period;
  *month = usual;
  if (*text && (!statistics_period_parse (text, &period) || period.kind != STATISTICS_MONTH))
    return mns_fail (mns_turn_error (turn), MNS_INVALID, "period", "'%s' is no month: 2026-06 is meant", text);
  if (*text)
    *month = period.first;
  return MNS_OK;
}

mns_rc_t statistics_county_needed (const statistics_t *state, mns_turn_t *turn, const mns_caller_t *caller) {
  if (state->config->county == 0)
    return mns_fail (mns_turn_error (turn), MNS_CONFLICT, "county", "the configuration names no county");
  if (!mns_caller_covers (caller, state->config->county))
    return mns_fail (mns_turn_error (turn), MNS_FORBIDDEN, "county", "%012lld lies outside the division of the account",
                     (long long)state->config->county);
  return MNS_OK;
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */
static mns_rc_t decide (statistics_t *state, mns_turn_t *turn, int month, bool reopened, const char *reason) {
  mns_period_closing_t closing;
  mns_record_clear (&mns_period_closing_type, &closing);
  closing.place = state->config->county;
  statistics_period_format (month_of (month), closing.period);
  closing.day = mns_turn_today (turn);
  closing.reopened = reopened ? MNS_YES : 0;
  mns_text_copy (closing.reason, sizeof closing.reason, reason);
  mns_emit_t how = {.stream = "catalogue",
                    .subject = "period",
                    .place = closing.place,
                    .happening = reopened ? "reopened" : "closed",
                    .occurred = closing.day,
                    .registered = closing.day};
  return mns_turn_emit (turn, &how, &mns_period_closing_type, &closing, 1);
}

static mns_rc_t handle (statistics_t *state, mns_turn_t *turn, const mns_request_t *request, bool reopened) {
  const mns_closing_request_t *asked = request->record;
  mns_date_t today = mns_turn_today (turn);
  int last_ended = statistics_month_index (today) - 1, next = state->closed ? state->closed : last_ended, month;
  mns_rc_t rc = statistics_county_needed (state, turn, &request->caller);
  if (rc == MNS_OK)
    rc = statistics_month_asked (turn, asked->period, reopened ? state->closed - 1 : next, &month);
  if (rc == MNS_OK)
    rc = reopened ? statistics_reopening_check (state->closed, month, asked->reason, mns_turn_error (turn))
                  : statistics_closing_check (state->closed, month, today, mns_turn_error (turn));
  if (rc == MNS_OK)
    rc = decide (state, turn, month, reopened, asked->reason);
  if (rc)
    return rc;
  mns_closing_info_t info;
  mns_record_clear (&mns_closing_info_type, &info);
  statistics_period_format (month_of (month), info.period);
  info.day = today;
  info.reopened = reopened ? MNS_YES : 0;
  mns_text_copy (info.reason, sizeof info.reason, asked->reason);
  mns_turn_reply (turn, &mns_closing_info_type, &info);
  return MNS_OK;
}

mns_rc_t statistics_handle_close (void *self, mns_turn_t *turn, const mns_request_t *request) {
  return handle (self, turn, request, false);
}

mns_rc_t statistics_handle_reopen (void *self, mns_turn_t *turn, const mns_request_t *request) {
  return handle (self, turn, request, true);
}

/* ---- taking effect ----------------------------------------------------------------------------------------------- */
/* What no longer fits, because something else was decided meanwhile, has no effect, at every reading of the log. */
static bool is_in_turn (const statistics_t *state, int month, bool reopened, const char *reason) {
  mns_error_t error = {0};
  return reopened ? statistics_reopening_check (state->closed, month, reason, &error) == MNS_OK
                  : state->closed == 0 || month == state->closed;
}

mns_rc_t statistics_on_period (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  statistics_t *state = self;
  const mns_period_closing_t *told = record;
  statistics_period_t period;
  if (told->place != state->config->county)
    return MNS_OK;
  if (!statistics_period_parse (told->period, &period) || period.kind != STATISTICS_MONTH)
    return mns_fail (mns_turn_error (turn), MNS_INVALID, "period", "'%s' is no month", told->period);
  bool reopened = told->reopened == MNS_YES;
  if (!is_in_turn (state, period.first, reopened, told->reason)) {
    mns_log (MNS_LOG_WARN, "statistics", "closing.without_effect", "period=%s", told->period);
    return MNS_OK;
  }
  statistics_closing_t closing = {event->log_number, period.first, told->day, reopened, told->reason};
  state->closed = state->figures.closed = period.first + (reopened ? 0 : 1);
  state->journal = state->closed > state->journal ? state->closed : state->journal;
  return statistics_release_store_close (&state->releases, &closing);
}

/* ---- by the calendar --------------------------------------------------------------------------------------------- */
mns_rc_t statistics_keep_calendar (void *self, mns_turn_t *turn) {
  statistics_t *state = self;
  mns_date_t today = mns_turn_today (turn);
  if (!mns_turn_caught_up (turn) || state->config->county == 0)
    return MNS_OK;
  int close = statistics_closing_due (state->closed, today, state->config->closing_day);
  int release = statistics_release_due (state->closed, state->released, today, state->config->release_day);
  mns_rc_t rc = MNS_OK;
  if (close && close != state->closing)
    rc = decide (state, turn, state->closing = close, false, "");
  if (rc == MNS_OK && release && release != state->releasing)
    rc = statistics_decide_release (state, turn, state->releasing = release);
  return rc;
}

static void reply_closing (void *turn, const statistics_closing_t *closing) {
  mns_closing_info_t info;
  mns_record_clear (&mns_closing_info_type, &info);
  statistics_period_format (month_of (closing->month), info.period);
  info.day = closing->day;
  info.cutoff = closing->number;
  info.reopened = closing->reopened ? MNS_YES : 0;
  mns_text_copy (info.reason, sizeof info.reason, closing->reason);
  mns_turn_reply (turn, &mns_closing_info_type, &info);
}

mns_rc_t statistics_handle_closings (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  (void)request;
  return statistics_release_store_closings (&state->releases, reply_closing, turn);
}
