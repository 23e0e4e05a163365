/* A real county's half-year report as tables. What it did not print (the second half of 2025 by sex and order, delays
 * of the earlier halves) is made up in the same proportions and fits the totals that it did print. */
#include "sample/figures.h"

#include <assert.h>
#include <string.h>

const sample_half_t sample_halves[SAMPLE_HALVES] = {
    {20230701, 20241231}, {20250101, 20250630}, {20250701, 20251231}, {20260101, 20260630}};

/* births, deaths, in, out; births by sex and order; deaths by sex; infant deaths, twins, triplets, elsewhere,
 * foundlings */
static const sample_flow_t full_flows[SAMPLE_HALVES] = {
    [SAMPLE_FIRST] = {4564, 2091, 1460, 2160, {{2033, 479, 50}, {1705, 273, 24}}, {1171, 920}, 27, 48, 0, 195, 5},
    [SAMPLE_SECOND] = {4702, 2246, 1583, 2212, {{2050, 459, 47}, {1808, 309, 29}}, {1258, 988}, 25, 49, 0, 203, 4},
    [SAMPLE_THIRD] = {4858, 3512, 1702, 2348, {{2062, 459, 45}, {1917, 343, 32}}, {1967, 1545}, 29, 51, 1, 212, 6},
};

enum { TIMELY = 30, LATE = 365, VERY_LATE = 900 };

static const sample_delay_t full_delays[SAMPLE_DELAYS] = {
    {SAMPLE_FIRST, SAMPLE_EARLIER, 0, TIMELY, 185, 95},
    {SAMPLE_FIRST, SAMPLE_EARLIER, TIMELY + 1, LATE, 108, 66},
    {SAMPLE_FIRST, SAMPLE_EARLIER, LATE + 1, VERY_LATE, 8, 7},
    {SAMPLE_FIRST, SAMPLE_FIRST, 0, TIMELY, 3950, 1780},
    {SAMPLE_FIRST, SAMPLE_FIRST, TIMELY + 1, LATE, 313, 143},
    {SAMPLE_SECOND, SAMPLE_EARLIER, TIMELY + 1, LATE, 8, 15},
    {SAMPLE_SECOND, SAMPLE_EARLIER, LATE + 1, VERY_LATE, 4, 7},
    {SAMPLE_SECOND, SAMPLE_FIRST, 0, TIMELY, 170, 95},
    {SAMPLE_SECOND, SAMPLE_FIRST, TIMELY + 1, LATE, 118, 148},
    {SAMPLE_SECOND, SAMPLE_SECOND, 0, TIMELY, 4090, 1830},
    {SAMPLE_SECOND, SAMPLE_SECOND, TIMELY + 1, LATE, 312, 151},
    {SAMPLE_THIRD, SAMPLE_EARLIER, LATE + 1, VERY_LATE, 9, 71},
    {SAMPLE_THIRD, SAMPLE_FIRST, TIMELY + 1, LATE, 5, 351},
    {SAMPLE_THIRD, SAMPLE_FIRST, LATE + 1, VERY_LATE, 26, 104},
    {SAMPLE_THIRD, SAMPLE_SECOND, 0, TIMELY, 190, 90},
    {SAMPLE_THIRD, SAMPLE_SECOND, TIMELY + 1, LATE, 116, 584},
    {SAMPLE_THIRD, SAMPLE_THIRD, 0, TIMELY, 4201, 2117},
    {SAMPLE_THIRD, SAMPLE_THIRD, TIMELY + 1, LATE, 311, 195},
};

static const uint32_t full_recipients[SAMPLE_TIERS] = {1720, 735}, full_entrants[SAMPLE_TIERS] = {960, 487};
static const uint32_t full_leavers[SAMPLE_TIERS][SAMPLE_EXITS] = {{28, 6, 2, 2, 1}, {13, 3, 1, 2, 0}};

/* ---- rounding ---------------------------------------------------------------------------------------------------- */

static uint32_t sum_of (const uint32_t *numbers, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += numbers[i];
  return sum;
}

static size_t largest (const uint64_t *rests, size_t count) {
  size_t best = 0;
  for (size_t i = 1; i < count; i++)
    if (rests[i] > rests[best])
      best = i;
  return best;
}

void sample_apportion (const uint32_t *weights, size_t count, uint32_t total, uint32_t *parts) {
  uint64_t rests[512], sum = sum_of (weights, count);
  uint32_t given = 0;
  assert (count <= 512 && (sum > 0 || total == 0));
  for (size_t i = 0; i < count; i++) {
    uint64_t share = sum ? (uint64_t)weights[i] * total : 0;
    parts[i] = sum ? (uint32_t)(share / sum) : 0;
    rests[i] = sum ? share % sum : 0;
    given += parts[i];
  }
  for (; given < total; given++) {
    size_t next = largest (rests, count);
    parts[next]++;
    rests[next] = 0;
  }
}

static uint32_t scaled (uint32_t full, uint32_t ppm) {
  return (uint32_t)(((uint64_t)full * ppm + 500000) / 1000000);
}

/* ---- the tables, smaller ----------------------------------------------------------------------------------------- */

static uint32_t at_most (uint32_t number, uint32_t bound) {
  return number < bound ? number : bound;
}

static void shrink_flow (sample_flow_t *flow, const sample_flow_t *full, uint32_t ppm) {
  flow->births = scaled (full->births, ppm);
  flow->deaths = scaled (full->deaths, ppm);
  flow->moves_in = scaled (full->moves_in, ppm);
  flow->moves_out = scaled (full->moves_out, ppm);
  sample_apportion (full->births_by[0], SAMPLE_SEXES * SAMPLE_ORDERS, flow->births, flow->births_by[0]);
  sample_apportion (full->deaths_by, SAMPLE_SEXES, flow->deaths, flow->deaths_by);
  flow->infant_deaths = at_most (scaled (full->infant_deaths, ppm), flow->deaths / 2);
  flow->twins = scaled (full->twins, ppm);
  flow->triplets = scaled (full->triplets, ppm);
  flow->elsewhere = scaled (full->elsewhere, ppm);
  flow->foundlings = scaled (full->foundlings, ppm);
}

/* The rows of one half of registration share its total. */
static void shrink_delays (sample_figures_t *figures, int half) {
  uint32_t births[SAMPLE_DELAYS] = {0}, deaths[SAMPLE_DELAYS] = {0};
  for (size_t i = 0; i < SAMPLE_DELAYS; i++)
    if (full_delays[i].registered == half) {
      births[i] = full_delays[i].births;
      deaths[i] = full_delays[i].deaths;
    }
  sample_apportion (births, SAMPLE_DELAYS, figures->flows[half].births, births);
  sample_apportion (deaths, SAMPLE_DELAYS, figures->flows[half].deaths, deaths);
  for (size_t i = 0; i < SAMPLE_DELAYS; i++)
    if (full_delays[i].registered == half) {
      figures->delays[i].births = births[i];
      figures->delays[i].deaths = deaths[i];
    }
}

static void shrink_recipients (sample_figures_t *figures) {
  const uint32_t ppm = figures->ppm;
  sample_apportion (full_recipients, SAMPLE_TIERS, scaled (sum_of (full_recipients, SAMPLE_TIERS), ppm),
                    figures->recipients);
  sample_apportion (full_entrants, SAMPLE_TIERS, scaled (sum_of (full_entrants, SAMPLE_TIERS), ppm), figures->entrants);
  sample_apportion (full_leavers[0], SAMPLE_TIERS * SAMPLE_EXITS,
                    scaled (sum_of (full_leavers[0], SAMPLE_TIERS * SAMPLE_EXITS), ppm), figures->leavers[0]);
}

void sample_figures_make (sample_figures_t *figures, uint32_t ppm) {
  memset (figures, 0, sizeof *figures);
  figures->ppm = ppm;
  figures->opening = scaled (1004400, ppm);
  figures->omitted = scaled (37980, ppm);
  figures->duplicates = scaled (1560, ppm);
  figures->away = scaled (301000, ppm);
  figures->incomers = scaled (21600, ppm);
  memcpy (figures->delays, full_delays, sizeof full_delays);
  for (int half = SAMPLE_FIRST; half < SAMPLE_HALVES; half++) {
    shrink_flow (&figures->flows[half], &full_flows[half], ppm);
    shrink_delays (figures, half);
  }
  shrink_recipients (figures);
}
