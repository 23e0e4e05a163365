/* Civil dates and instants: all arithmetic goes through the day number (1 is 0001-01-01), which is exact for the
 * years 1 to 9999. What is outside gives 0, the absent date; nothing here fails otherwise. */
#include "common/date.h"
#include <stddef.h>
#include <string.h>

#define LAST_DAY_NUMBER  3652059 /* 9999-12-31 */
#define EPOCH_DAY_NUMBER 719163  /* 1970-01-01 */
#define SECOND_US        INT64_C (1000000)
#define DAY_S            INT64_C (86400)

/* Days of a common year before each month. */
static const int16_t days_before[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static bool is_leap (int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_until (int year, int month) {
  return days_before[month - 1] + (month > 2 && is_leap (year));
}

static int days_in_month (int year, int month) {
  return days_before[month] - days_before[month - 1] + (month == 2 && is_leap (year));
}

mns_date_t mns_date_make (int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month (year, month))
    return 0;
  return year * 10000 + month * 100 + day;
}

bool mns_date_valid (mns_date_t date) {
  return date > 0 && mns_date_make (date / 10000, date / 100 % 100, date % 100) == date;
}

int32_t mns_date_day_number (mns_date_t date) {
  if (!mns_date_valid (date))
    return 0;
  int year = date / 10000;
  int before = year - 1;
  return before * 365 + before / 4 - before / 100 + before / 400 + days_until (year, date / 100 % 100) + date % 100;
}

static mns_date_t date_of_year_day (int year, int day) {
  int month = 1;
  while (month < 12 && days_until (year, month + 1) < day)
    month++;
  return mns_date_make (year, month, day - days_until (year, month));
}

/* 400 years have 146,097 days, a century 36,524 (its fourth one more), four years 1,461 (the last of a century
 * maybe one less), a year 365 (its fourth maybe one more): hence the two bounds of 3. */
mns_date_t mns_date_from_day_number (int32_t day_number) {
  if (day_number < 1 || day_number > LAST_DAY_NUMBER)
    return 0;
  int rest = day_number - 1;
  int quads = rest / 146097;
  rest %= 146097;
  int centuries = rest / 36524 < 3 ? rest / 36524 : 3;
  rest -= centuries * 36524;
  int leaps = rest / 1461;
  rest %= 1461;
  int years = rest / 365 < 3 ? rest / 365 : 3;
  rest -= years * 365;
  return date_of_year_day (quads * 400 + centuries * 100 + leaps * 4 + years + 1, rest + 1);
}

mns_date_t mns_date_add_days (mns_date_t date, int32_t days) {
  int64_t sum = (int64_t)mns_date_day_number (date) + days;
  if (!mns_date_valid (date) || sum < 1 || sum > LAST_DAY_NUMBER)
    return 0;
  return mns_date_from_day_number ((int32_t)sum);
}

int32_t mns_date_days_between (mns_date_t from, mns_date_t to) {
  return mns_date_day_number (to) - mns_date_day_number (from);
}

mns_date_t mns_date_last_of_month (mns_month_t month) {
  int year = month / 100;
  if (!mns_date_make (year, month % 100, 1))
    return 0;
  return mns_date_make (year, month % 100, days_in_month (year, month % 100));
}

mns_month_t mns_month_add (mns_month_t month, int months) {
  if (!mns_date_make (month / 100, month % 100, 1))
    return 0;
  int64_t sum = (int64_t)(month / 100) * 12 + month % 100 - 1 + months;
  if (sum < 12 || sum >= 10000 * 12)
    return 0;
  return (mns_month_t)(sum / 12 * 100 + sum % 12 + 1);
}

int mns_date_age (mns_date_t birth, mns_date_t day) {
  int birthday = birth % 10000;
  if (birthday == 229 && !is_leap (day / 10000))
    birthday = 228;
  return day / 10000 - birth / 10000 - (day % 10000 < birthday);
}

mns_date_t mns_date_born (mns_date_t day, int years) {
  mns_month_t month = day / 100 - years * 100;
  bool is_last_of_february = day / 100 % 100 == 2 && day == mns_date_last_of_month (day / 100);
  if (!mns_date_valid (day) || month < 100)
    return 0;
  mns_date_t last = mns_date_last_of_month (month);
  return is_last_of_february || month * 100 + day % 100 > last ? last : month * 100 + day % 100;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Reads `least` to `most` digits and moves the text behind them; -1 when there are fewer. */
static int read_digits (const char **text, int least, int most) {
  int value = 0, count = 0;
  while (count < most && **text >= '0' && **text <= '9') {
    value = value * 10 + (**text - '0');
    (*text)++;
    count++;
  }
  return count < least ? -1 : value;
}

static bool skip (const char **text, const char *word) {
  size_t size = strlen (word);
  if (strncmp (*text, word, size) != 0)
    return false;
  *text += size;
  return true;
}

static void write_digits (char *text, int value, int count) {
  for (int i = count - 1; i >= 0; i--, value /= 10)
    text[i] = (char)('0' + value % 10);
}

/* One way to write a date: what stands behind the year, the month and the day, and the fewest digits of
 * the last two. */
typedef struct {
  const char *behind_year, *behind_month, *behind_day;
  int least;
} date_form_t;

static bool read_date (const char **text, const date_form_t *form, mns_date_t *date) {
  const char *at = *text;
  int year = read_digits (&at, 4, 4);
  if (year < 0 || !skip (&at, form->behind_year))
    return false;
  int month = read_digits (&at, form->least, 2);
  if (month < 0 || !skip (&at, form->behind_month))
    return false;
  int day = read_digits (&at, form->least, 2);
  mns_date_t made = day < 0 ? 0 : mns_date_make (year, month, day);
  if (!made || !skip (&at, form->behind_day))
    return false;
  *date = made;
  *text = at;
  return true;
}

static const date_form_t strict_form = {"-", "-", "", 2};
static const date_form_t loose_forms[] = {
    {"-", "-", "", 1}, {"", "", "", 2}, {"/", "/", "", 1}, {".", ".", "", 1}, {"年", "月", "日", 1},
};

static bool parse_form (const char *text, const date_form_t *form, mns_date_t *date) {
  mns_date_t made;
  if (!text || !read_date (&text, form, &made) || *text)
    return false;
  *date = made;
  return true;
}

bool mns_date_parse (const char *text, mns_date_t *date) {
  return parse_form (text, &strict_form, date);
}

bool mns_date_parse_loose (const char *text, mns_date_t *date) {
  for (size_t i = 0; i < sizeof loose_forms / sizeof loose_forms[0]; i++)
    if (parse_form (text, &loose_forms[i], date))
      return true;
  return false;
}

void mns_date_format (mns_date_t date, char text[MNS_DATE_TEXT]) {
  text[0] = 0;
  if (date <= 0)
    return;
  memcpy (text, "0000-00-00", MNS_DATE_TEXT);
  write_digits (text, date / 10000, 4);
  write_digits (text + 5, date / 100 % 100, 2);
  write_digits (text + 8, date % 100, 2);
}

/* ---- instants ---------------------------------------------------------------------------------------------------- */

static int64_t floor_divide (int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

mns_date_t mns_time_date (mns_time_t time, int32_t offset_s) {
  if (time == 0)
    return 0;
  int64_t day = floor_divide (floor_divide (time, SECOND_US) + offset_s, DAY_S) + EPOCH_DAY_NUMBER;
  return day < 1 || day > LAST_DAY_NUMBER ? 0 : mns_date_from_day_number ((int32_t)day);
}

mns_time_t mns_date_start (mns_date_t date, int32_t offset_s) {
  if (!mns_date_valid (date))
    return 0;
  return ((mns_date_day_number (date) - EPOCH_DAY_NUMBER) * DAY_S - offset_s) * SECOND_US;
}

void mns_time_format (mns_time_t time, char text[MNS_TIME_TEXT]) {
  mns_date_t date = mns_time_date (time, 0);
  text[0] = 0;
  if (!date)
    return;
  int64_t in_day = time - floor_divide (time, DAY_S * SECOND_US) * DAY_S * SECOND_US;
  int second = (int)(in_day / SECOND_US);
  memcpy (text, "0000-00-00T00:00:00.000000Z", MNS_TIME_TEXT);
  write_digits (text, date / 10000, 4);
  write_digits (text + 5, date / 100 % 100, 2);
  write_digits (text + 8, date % 100, 2);
  write_digits (text + 11, second / 3600, 2);
  write_digits (text + 14, second / 60 % 60, 2);
  write_digits (text + 17, second % 60, 2);
  write_digits (text + 20, (int)(in_day % SECOND_US), 6);
}

/* "23:59:59" and a fraction, digits behind the sixth dropped, into µs; -1 when it is none. */
static int64_t read_clock (const char **text) {
  int hour = read_digits (text, 2, 2);
  int minute = hour >= 0 && skip (text, ":") ? read_digits (text, 2, 2) : -1;
  int second = minute >= 0 && skip (text, ":") ? read_digits (text, 2, 2) : -1;
  int64_t fraction = 0, scale = SECOND_US;
  if (second < 0 || hour > 23 || minute > 59 || second > 59)
    return -1;
  if (skip (text, ".")) {
    if (**text < '0' || **text > '9')
      return -1;
    for (; **text >= '0' && **text <= '9'; (*text)++, scale /= 10)
      fraction += scale / 10 * (**text - '0');
  }
  return (hour * 3600 + minute * 60 + second) * SECOND_US + fraction;
}

/* "Z" or "+08:00" into seconds. */
static bool read_zone (const char **text, int *offset_s) {
  *offset_s = 0;
  if (skip (text, "Z") || skip (text, "z"))
    return true;
  int sign = skip (text, "-") ? -1 : 1;
  if (sign == 1 && !skip (text, "+"))
    return false;
  int hour = read_digits (text, 2, 2);
  int minute = hour >= 0 && skip (text, ":") ? read_digits (text, 2, 2) : -1;
  if (minute < 0 || hour > 23 || minute > 59)
    return false;
  *offset_s = sign * (hour * 3600 + minute * 60);
  return true;
}

bool mns_time_parse (const char *text, mns_time_t *time) {
  mns_date_t date;
  int offset_s;
  if (!text || !read_date (&text, &strict_form, &date))
    return false;
  if (!skip (&text, "T") && !skip (&text, "t") && !skip (&text, " "))
    return false;
  int64_t in_day = read_clock (&text);
  if (in_day < 0 || !read_zone (&text, &offset_s) || *text)
    return false;
  *time = mns_date_start (date, offset_s) + in_day;
  return true;
}
