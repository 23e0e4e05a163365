/* Periods by arithmetic on months. */
#include "services/statistics/rules_period.h"

#include <stdio.h>
#include <string.h>

static const int months_of_kind[STATISTICS_PERIOD_KINDS] = {1, 3, 6, 12};

int statistics_month_index (mns_date_t date) {
  return date / 10000 * 12 + date / 100 % 100 - 1;
}

statistics_period_t statistics_period_containing (int month, statistics_period_kind_t kind) {
  int months = months_of_kind[kind], first = month - month % months;
  return (statistics_period_t){kind, first, first + months};
}

/* `digits` decimal digits at `text`; -1 when there is another character among them. */
static int number_at (const char *text, int digits) {
  int value = 0;
  for (int i = 0; i < digits; i++) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool statistics_period_parse (const char *text, statistics_period_t *period) {
  size_t size = strlen (text);
  int year = size >= 4 ? number_at (text, 4) : -1;
  statistics_period_kind_t kind = STATISTICS_YEAR;
  int part = 1;
  if (size == 7 && text[4] == '-') {
    kind = text[5] == 'Q' ? STATISTICS_QUARTER : text[5] == 'S' ? STATISTICS_HALF : STATISTICS_MONTH;
    part = kind == STATISTICS_MONTH ? number_at (text + 5, 2) : number_at (text + 6, 1);
  } else if (size != 4) {
    return false;
  }
  if (year < 1 || year > 9998 || part < 1 || part > 12 / months_of_kind[kind])
    return false;
  *period = statistics_period_containing (year * 12 + (part - 1) * months_of_kind[kind], kind);
  return true;
}

void statistics_period_format (statistics_period_t period, char text[STATISTICS_PERIOD_TEXT]) {
  static const char *const forms[STATISTICS_PERIOD_KINDS] = {"%04u-%02u", "%04u-Q%u", "%04u-S%u", "%04u"};
  unsigned year = (unsigned)(period.first / 12) % 10000;
  unsigned part = (unsigned)(period.first % 12 / months_of_kind[period.kind] + 1) % 13;
  if (period.kind == STATISTICS_YEAR)
    snprintf (text, STATISTICS_PERIOD_TEXT, "%04u", year);
  else
    snprintf (text, STATISTICS_PERIOD_TEXT, forms[period.kind], year, part);
}

statistics_period_t statistics_period_year_before (statistics_period_t period) {
  return (statistics_period_t){period.kind, period.first - 12, period.end - 12};
}

statistics_period_t statistics_period_before (statistics_period_t period) {
  return statistics_period_containing (period.first - 1, period.kind);
}

statistics_period_t statistics_period_after (statistics_period_t period) {
  return statistics_period_containing (period.end, period.kind);
}

static mns_date_t first_day (int month) {
  return mns_date_make (month / 12, month % 12 + 1, 1);
}

mns_date_t statistics_period_from (statistics_period_t period) {
  return first_day (period.first);
}

mns_date_t statistics_period_to (statistics_period_t period) {
  return first_day (period.end);
}

int statistics_period_days (statistics_period_t period) {
  return mns_date_days_between (statistics_period_from (period), statistics_period_to (period));
}

int statistics_period_days_of_year (statistics_period_t period) {
  return statistics_period_days (statistics_period_containing (period.first, STATISTICS_YEAR));
}

statistics_period_t statistics_period_last_complete (mns_date_t today, statistics_period_kind_t kind) {
  return statistics_period_before (statistics_period_containing (statistics_month_index (today), kind));
}
