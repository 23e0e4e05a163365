/* Working days. */
#include "common/calendar.h"

#include <stdlib.h>

MNS_RECORD_DEFINE (calendar_day, 1, MNS_CALENDAR_DAY_FIELDS, "A day that is not as its day of the week", "日历")

static int compare_days (const void *a, const void *b) {
  mns_date_t left = ((const mns_calendar_day_t *)a)->day, right = ((const mns_calendar_day_t *)b)->day;
  return (left > right) - (left < right);
}

mns_rc_t mns_calendar_read (mns_calendar_t *calendar, mns_yaml_t *yaml, mns_error_t *error) {
  void *days = NULL;
  *calendar = (mns_calendar_t){0};
  mns_yaml_records (yaml, "days", &mns_calendar_day_type, &days, &calendar->count);
  calendar->days = days;
  if (calendar->count > 0)
    qsort (calendar->days, calendar->count, sizeof *calendar->days, compare_days);
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  if (rc != MNS_OK)
    mns_calendar_fini (calendar);
  return rc;
}

void mns_calendar_fini (mns_calendar_t *calendar) {
  free (calendar->days);
  *calendar = (mns_calendar_t){0};
}

/* The first of the calendar's days that is not before `day`. */
static size_t find (const mns_calendar_t *calendar, mns_date_t day) {
  size_t low = 0, high = calendar->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (calendar->days[middle].day < day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool mns_calendar_covers (const mns_calendar_t *calendar, mns_date_t day) {
  mns_date_t year = day / 10000;
  size_t at = find (calendar, year * 10000);
  return at < calendar->count && calendar->days[at].day / 10000 == year;
}

static bool is_weekend (mns_date_t day) {
  static const mns_date_t monday = 20240101;
  int32_t days = mns_date_days_between (monday, day) % 7;
  return (days < 0 ? days + 7 : days) >= 5;
}

bool mns_calendar_works (const mns_calendar_t *calendar, mns_date_t day) {
  size_t at = find (calendar, day);
  if (at < calendar->count && calendar->days[at].day == day)
    return calendar->days[at].works == MNS_YES;
  return !is_weekend (day);
}

mns_date_t mns_calendar_add (const mns_calendar_t *calendar, mns_date_t day, int64_t count, bool *guessed) {
  *guessed = false;
  while (count > 0) {
    day = mns_date_add_days (day, 1);
    count -= mns_calendar_works (calendar, day);
    *guessed = *guessed || !mns_calendar_covers (calendar, day);
  }
  return day;
}
