/* Exact fractions, so that every printed figure is rounded once, half up (away from zero), from counts. */
#ifndef MNS_STATISTICS_RULES_RATIO_H
#define MNS_STATISTICS_RULES_RATIO_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 statistics_wide_t;

/* numerator / denominator, denominator > 0. Room for the counts of a country, their rates and the difference of two. */
typedef struct {
  statistics_wide_t numerator, denominator;
} statistics_ratio_t;

statistics_ratio_t statistics_ratio_make (int64_t numerator, int64_t denominator); /* denominator ≠ 0 */
statistics_ratio_t statistics_ratio_times (statistics_ratio_t ratio, int64_t factor, int64_t divisor); /* divisor > 0 */
statistics_ratio_t statistics_ratio_minus (statistics_ratio_t a, statistics_ratio_t b);
/* The value × 10^decimals, rounded half away from zero. */
int64_t statistics_ratio_round (statistics_ratio_t ratio, int decimals);

#define STATISTICS_SCALED_TEXT 48
/* 465 with 2 decimals is "4.65"; with `plus` a positive one is "+4.65". Returns `text`. Decimals 0 to 6. */
const char *statistics_scaled_format (int64_t value, int decimals, bool plus, char text[STATISTICS_SCALED_TEXT]);

#endif
