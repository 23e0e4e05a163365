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

static bool is_of_calendar (int first, int end, statistics_period_kind_t kind) {
  return end - first == months_of_kind[kind] && first % months_of_kind[kind] == 0;
}

statistics_period_t statistics_period_range (int first, int end) {
  for (int kind = 0; kind < STATISTICS_PERIOD_KINDS; kind++)
    if (is_of_calendar (first, end, (statistics_period_kind_t)kind))
      return (statistics_period_t){(statistics_period_kind_t)kind, first, end};
  return (statistics_period_t){STATISTICS_RANGE, first, end};
}

/* Seven characters of which the last two or the last one count within the year. */
static bool parse_part (const char *text, statistics_period_t *period) {
  int year = number_at (text, 4);
  statistics_period_kind_t kind = text[5] == 'Q'   ? STATISTICS_QUARTER
                                  : text[5] == 'S' ? STATISTICS_HALF
                                                   : STATISTICS_MONTH;
  int part = kind == STATISTICS_MONTH ? number_at (text + 5, 2) : number_at (text + 6, 1);
  if (text[4] != '-' || year < 1 || year > 9998 || part < 1 || part > 12 / months_of_kind[kind])
    return false;
  *period = statistics_period_containing (year * 12 + (part - 1) * months_of_kind[kind], kind);
  return true;
}

/* What stands behind the first month of a range: "/P12M" or "..2026-06". */
static bool parse_rest (const char *text, int first, int *end) {
  statistics_period_t last;
  size_t digits = 0;
  if (strncmp (text, "..", 2) == 0 && strlen (text) == 9) {
    bool good = parse_part (text + 2, &last) && last.kind == STATISTICS_MONTH;
    *end = good ? last.end : 0;
    return good;
  }
  if (strncmp (text, "/P", 2) != 0 || !(digits = strspn (text + 2, "0123456789")) || digits > 3 ||
      strcmp (text + 2 + digits, "M") != 0)
    return false;
  *end = first + number_at (text + 2, (int)digits);
  return true;
}

bool statistics_period_parse (const char *text, statistics_period_t *period) {
  size_t size = strlen (text);
  int year = size == 4 ? number_at (text, 4) : -1, end;
  if (size == 4 && year >= 1 && year <= 9998) {
    *period = statistics_period_containing (year * 12, STATISTICS_YEAR);
    return true;
  }
  if (size < 7 || !parse_part (text, period))
    return false;
  if (size == 7)
    return true;
  if (period->kind != STATISTICS_MONTH || !parse_rest (text + 7, period->first, &end) || end <= period->first ||
      end - period->first > STATISTICS_RANGE_MAX || end > 9999 * 12)
    return false;
  *period = statistics_period_range (period->first, end);
  return true;
}

void statistics_period_format (statistics_period_t period, char text[STATISTICS_PERIOD_TEXT]) {
  static const char *const forms[STATISTICS_PERIOD_KINDS] = {"%04u-%02u", "%04u-Q%u", "%04u-S%u", "%04u"};
  unsigned year = (unsigned)(period.first / 12) % 10000;
  if (period.kind == STATISTICS_RANGE)
    snprintf (text, STATISTICS_PERIOD_TEXT, "%04u-%02u/P%uM", year, (unsigned)(period.first % 12 + 1) % 13,
              (unsigned)(period.end - period.first) % 1000);
  else if (period.kind == STATISTICS_YEAR)
    snprintf (text, STATISTICS_PERIOD_TEXT, "%04u", year);
  else
    snprintf (text, STATISTICS_PERIOD_TEXT, forms[period.kind], year,
              (unsigned)(period.first % 12 / months_of_kind[period.kind] + 1) % 13);
}

statistics_period_t statistics_period_year_before (statistics_period_t period) {
  return (statistics_period_t){period.kind, period.first - 12, period.end - 12};
}

statistics_period_t statistics_period_before (statistics_period_t period) {
  return (statistics_period_t){period.kind, 2 * period.first - period.end, period.first};
}

statistics_period_t statistics_period_after (statistics_period_t period) {
  return (statistics_period_t){period.kind, period.end, 2 * period.end - period.first};
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
  statistics_period_t year = statistics_period_containing (period.first, STATISTICS_YEAR);
  if (period.end > year.end)
    year = (statistics_period_t){STATISTICS_RANGE, period.end - 12, period.end};
  return statistics_period_days (year);
}

statistics_period_t statistics_period_last_complete (mns_date_t today, statistics_period_kind_t kind) {
  return statistics_period_before (statistics_period_containing (statistics_month_index (today), kind));
}
