/* Periods: their text, their months, and which of them a batch may be for. */
#include "services/assistance/rules_period.h"
#include <string.h>

/* One digit after a letter: S1–S2 are 6 months each, Q1–Q4 3. */
static const struct {
  char letter;
  int last, months;
  mns_code_t kind;
} parts[] = {{'S', 2, 6, MNS_EVERY_HALF}, {'Q', 4, 3, MNS_EVERY_QUARTER}};

static bool read_digits (const char *text, size_t count, int *value) {
  *value = 0;
  for (size_t i = 0; i < count; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    *value = *value * 10 + (text[i] - '0');
  }
  return true;
}

static void set_months (assistance_period_t *period, mns_code_t kind, int year, int first, int months) {
  *period = (assistance_period_t){.from = year * 100 + first, .to = year * 100 + first + months - 1, .kind = kind};
}

bool assistance_period_parse (const char *text, assistance_period_t *period) {
  size_t size = strlen (text);
  int year, number;
  if (size < 4 || !read_digits (text, 4, &year) || year < 1949 || year > 2199)
    return false;
  if (size == 4) {
    set_months (period, MNS_EVERY_YEAR, year, 1, 12);
    return true;
  }
  if (size != 7 || text[4] != '-')
    return false;
  if (read_digits (text + 5, 2, &number) && number >= 1 && number <= 12) {
    set_months (period, MNS_EVERY_MONTH, year, number, 1);
    return true;
  }
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    if (text[5] == parts[i].letter && read_digits (text + 6, 1, &number) && number >= 1 && number <= parts[i].last) {
      set_months (period, parts[i].kind, year, (number - 1) * parts[i].months + 1, parts[i].months);
      return true;
    }
  return false;
}

int assistance_period_months (const assistance_period_t *period) {
  return period->to % 100 - period->from % 100 + 1;
}

mns_date_t assistance_period_last_day (const assistance_period_t *period) {
  return mns_date_last_of_month (period->to);
}

mns_rc_t assistance_period_for_batch (const char *text, mns_code_t periodicity, mns_date_t today, mns_date_t *cutoff,
                                      assistance_period_t *period, mns_error_t *error) {
  if (!assistance_period_parse (text, period))
    return mns_fail (error, MNS_INVALID, "period", "\"%s\" is no period; write 2026, 2026-S1, 2026-Q2 or 2026-06",
                     text);
  if (period->kind != periodicity)
    return mns_fail (error, MNS_INVALID, "period", "this scheme is paid by %s, and \"%s\" is a %s",
                     mns_code_word (&mns_periodicity, periodicity), text,
                     mns_code_word (&mns_periodicity, period->kind));
  mns_date_t last = assistance_period_last_day (period);
  if (!*cutoff)
    *cutoff = last < today ? last : today;
  if (*cutoff > today || *cutoff > last || *cutoff < period->from * 100 + 1)
    return mns_fail (error, MNS_OUT_OF_RANGE, "cutoff",
                     "the cut-off day must lie in the period \"%s\" and not in the future", text);
  return MNS_OK;
}
