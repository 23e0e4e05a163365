/* Fractions of 128 bits, kept in lowest terms so that products stay small. */
#include "services/statistics/rules_ratio.h"

#include <stdio.h>
#include <stdlib.h>

static statistics_wide_t absolute (statistics_wide_t value) {
  return value < 0 ? -value : value;
}

static statistics_ratio_t reduce (statistics_ratio_t ratio) {
  statistics_wide_t a = absolute (ratio.numerator), b = ratio.denominator;
  while (b != 0) {
    statistics_wide_t rest = a % b;
    a = b;
    b = rest;
  }
  return (statistics_ratio_t){ratio.numerator / a, ratio.denominator / a};
}

statistics_ratio_t statistics_ratio_make (int64_t numerator, int64_t denominator) {
  int sign = denominator < 0 ? -1 : 1;
  return reduce ((statistics_ratio_t){(statistics_wide_t)numerator * sign, (statistics_wide_t)denominator * sign});
}

statistics_ratio_t statistics_ratio_times (statistics_ratio_t ratio, int64_t factor, int64_t divisor) {
  return reduce ((statistics_ratio_t){ratio.numerator * factor, ratio.denominator * divisor});
}

statistics_ratio_t statistics_ratio_minus (statistics_ratio_t a, statistics_ratio_t b) {
  return reduce (
      (statistics_ratio_t){a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator});
}

int64_t statistics_ratio_round (statistics_ratio_t ratio, int decimals) {
  statistics_wide_t scaled = absolute (ratio.numerator);
  for (int i = 0; i < decimals; i++)
    scaled *= 10;
  int64_t rounded = (int64_t)((2 * scaled + ratio.denominator) / (2 * ratio.denominator));
  return ratio.numerator < 0 ? -rounded : rounded;
}

const char *statistics_scaled_format (int64_t value, int decimals, bool plus, char text[STATISTICS_SCALED_TEXT]) {
  long long unit = 1, amount = llabs (value);
  for (int i = 0; i < decimals; i++)
    unit *= 10;
  const char *sign = value < 0 ? "-" : plus && value > 0 ? "+" : "";
  if (decimals > 0)
    snprintf (text, STATISTICS_SCALED_TEXT, "%s%lld.%0*lld", sign, amount / unit, decimals % 7, amount % unit);
  else
    snprintf (text, STATISTICS_SCALED_TEXT, "%s%lld", sign, amount);
  return text;
}
