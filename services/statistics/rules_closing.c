/* The rules of closing. */
#include "services/statistics/rules_closing.h"

#define FINAL_MONTHS 12 /* what is registered later than a year after is a correction */

static const char *name_of (int month, char text[STATISTICS_PERIOD_TEXT]) {
  statistics_period_format (statistics_period_containing (month, STATISTICS_MONTH), text);
  return text;
}

static mns_date_t day_behind (int month, int64_t day) {
  return statistics_period_from (statistics_period_containing (month + 1, STATISTICS_MONTH)) + (mns_date_t)day - 1;
}

mns_rc_t statistics_closing_check (int closed, int month, mns_date_t today, mns_error_t *error) {
  char text[STATISTICS_PERIOD_TEXT], next[STATISTICS_PERIOD_TEXT];
  if (today < day_behind (month, 1))
    return mns_fail (error, MNS_CONFLICT, "period", "%s has not ended", name_of (month, text));
  if (closed > 0 && month < closed)
    return mns_fail (error, MNS_CONFLICT, "period", "%s is closed already", name_of (month, text));
  if (closed > 0 && month > closed)
    return mns_fail (error, MNS_CONFLICT, "period", "months are closed one after the other: the turn is of %s",
                     name_of (closed, next));
  return MNS_OK;
}

mns_rc_t statistics_reopening_check (int closed, int month, const char *reason, mns_error_t *error) {
  char text[STATISTICS_PERIOD_TEXT], last[STATISTICS_PERIOD_TEXT];
  if (closed == 0 || month >= closed)
    return mns_fail (error, MNS_CONFLICT, "period", "%s is not closed", name_of (month, text));
  if (month < closed - 1)
    return mns_fail (error, MNS_CONFLICT, "period", "months are opened again from the last one back: the turn is of %s",
                     name_of (closed - 1, last));
  if (!*reason)
    return mns_fail (error, MNS_MISSING, "reason",
                     "a closed month is opened again for a reason, which anyone may read");
  return MNS_OK;
}

int statistics_closing_due (int closed, mns_date_t today, int64_t day) {
  return closed > 0 && day > 0 && today >= day_behind (closed, day) ? closed : 0;
}

mns_rc_t statistics_release_check (int closed, int released, int month, mns_error_t *error) {
  char text[STATISTICS_PERIOD_TEXT];
  if (closed == 0 || month >= closed)
    return mns_fail (error, MNS_CONFLICT, "period", "%s is not closed: `mns stats close` comes first",
                     name_of (month, text));
  if (released > 0 && month < released)
    return mns_fail (error, MNS_CONFLICT, "period", "%s was released already", name_of (month, text));
  return MNS_OK;
}

int statistics_release_due (int closed, int released, mns_date_t today, int64_t day) {
  return released > 0 && released < closed && day > 0 && today >= day_behind (released, day) ? released : 0;
}

mns_code_t statistics_figure_status (int closed, int end) {
  if (end > closed)
    return MNS_FIGURE_RUNNING;
  return end + FINAL_MONTHS <= closed ? MNS_FIGURE_FINAL : MNS_FIGURE_PROVISIONAL;
}
