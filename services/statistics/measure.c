/* The table of measures, and patterns of dimensions. */
#include "services/statistics/measure.h"

#include <string.h>

static const struct {
  const char *name;
  int sign;
  bool told_by_assistance;
} measures[STATISTICS_MEASURES] = {
    [STATISTICS_BASELINE] = {"baseline", 1, false},
    [STATISTICS_BIRTHS] = {"births", 1, false},
    [STATISTICS_DEATHS] = {"deaths", -1, false},
    [STATISTICS_MOVES_IN] = {"moves_in", 1, false},
    [STATISTICS_MOVES_OUT] = {"moves_out", -1, false},
    [STATISTICS_ADJUSTMENTS] = {"adjustments", 1, false},
    [STATISTICS_BIRTHS_DELAY] = {"births_delay", 0, false},
    [STATISTICS_DEATHS_DELAY] = {"deaths_delay", 0, false},
    [STATISTICS_DELIVERIES] = {"deliveries", 0, false},
    [STATISTICS_BIRTHS_MOTHER] = {"births_mother", 0, false},
    [STATISTICS_INFANT_DEATHS] = {"infant_deaths", 0, false},
    [STATISTICS_AWAY] = {"away", 0, false},
    [STATISTICS_INCOMERS] = {"incomers", 0, false},
    [STATISTICS_ENTITLEMENTS_OPENING] = {"entitlements_opening", 0, true},
    [STATISTICS_ENTITLEMENTS_STARTED] = {"entitlements_started", 0, true},
    [STATISTICS_ENTITLEMENTS_ENDED] = {"entitlements_ended", 0, true},
    [STATISTICS_FUNDS] = {"funds", 0, true},
    [STATISTICS_STOCK_DAYS] = {"stock_days", 0, false},
    [STATISTICS_MARRIAGES] = {"marriages", 0, false},
    [STATISTICS_DIVORCES] = {"divorces", 0, false},
    [STATISTICS_PAYMENTS] = {"payments", 0, true},
    [STATISTICS_PAID] = {"paid", 0, true},
    [STATISTICS_RECOVERIES] = {"recoveries", 0, true},
    [STATISTICS_OVERPAID] = {"overpaid", 0, true},
};

const char *statistics_measure_name (statistics_measure_t measure) {
  return measures[measure].name;
}

bool statistics_measure_find (const char *name, size_t size, statistics_measure_t *measure) {
  for (int i = 0; i < STATISTICS_MEASURES; i++)
    if (strlen (measures[i].name) == size && memcmp (measures[i].name, name, size) == 0) {
      *measure = (statistics_measure_t)i;
      return true;
    }
  return false;
}

int statistics_measure_sign (statistics_measure_t measure) {
  return measures[measure].sign;
}

bool statistics_measure_of_register (statistics_measure_t measure) {
  return !measures[measure].told_by_assistance;
}

bool statistics_dimension_matches (const char *dimension, const char *pattern) {
  if (!*pattern)
    return true;
  for (;;) {
    size_t word = strcspn (dimension, "."), want = strcspn (pattern, ".");
    bool any = want == 1 && *pattern == '*';
    if (!any && (word != want || memcmp (dimension, pattern, word) != 0))
      return false;
    dimension += word;
    pattern += want;
    if (!*dimension || !*pattern)
      return *dimension == *pattern;
    dimension++;
    pattern++;
  }
}
