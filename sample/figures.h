/* The figures that the county must show, and how they shrink with the scale.
 *
 * Every total is rounded; its parts follow by largest remainder, so that they add up at every scale. */
#ifndef MNS_SAMPLE_FIGURES_H
#define MNS_SAMPLE_FIGURES_H

#include "common/date.h"
#include <stddef.h>
#include <stdint.h>

/* The half-years of the flows: 2025 first, 2025 second, 2026 first; and the time before them. */
enum { SAMPLE_EARLIER, SAMPLE_FIRST, SAMPLE_SECOND, SAMPLE_THIRD, SAMPLE_HALVES };

typedef struct {
  mns_date_t first, last;
} sample_half_t;
extern const sample_half_t sample_halves[SAMPLE_HALVES]; /* of "earlier", only as far back as the late ones reach */

#define SAMPLE_EFFECTIVE 20250101 /* the baseline */
#define SAMPLE_ADJUSTED  20251231 /* the register check */
#define SAMPLE_OPENING   20260101 /* of the rural reward */
#define SAMPLE_LAST      20260630
#define SAMPLE_ORDERS    3 /* 1, 2, 3 and over */
#define SAMPLE_TIERS     2 /* national, provincial */
#define SAMPLE_EXITS     5 /* in the order of the codes of exit_reason */
#define SAMPLE_SEXES     2 /* male, female: code − 1 */

/* How many were registered in a half, by when they happened and days of delay (both bounds included). */
typedef struct {
  uint8_t registered, occurred;
  uint16_t delay_min, delay_max;
  uint32_t births, deaths;
} sample_delay_t;
#define SAMPLE_DELAYS 18

typedef struct {
  uint32_t births, deaths, moves_in, moves_out;
  uint32_t births_by[SAMPLE_SEXES][SAMPLE_ORDERS], deaths_by[SAMPLE_SEXES];
  uint32_t infant_deaths, twins, triplets; /* deaths under one year; deliveries */
  uint32_t elsewhere, foundlings;          /* births without a mother in the register */
} sample_flow_t;

typedef struct {
  uint32_t ppm; /* the scale in millionths */
  uint32_t opening, omitted, duplicates;
  uint32_t away, incomers;
  sample_flow_t flows[SAMPLE_HALVES]; /* none in SAMPLE_EARLIER */
  sample_delay_t delays[SAMPLE_DELAYS];
  uint32_t recipients[SAMPLE_TIERS], entrants[SAMPLE_TIERS], leavers[SAMPLE_TIERS][SAMPLE_EXITS];
} sample_figures_t;

void sample_figures_make (sample_figures_t *figures, uint32_t ppm);

/* Splits `total` in proportion to `weights` by largest remainder (the earlier part first among equals). Their sum must
 * not be 0 unless `total` is. */
void sample_apportion (const uint32_t *weights, size_t count, uint32_t total, uint32_t *parts);

#endif
