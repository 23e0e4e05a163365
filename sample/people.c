/* Who was there on 2025-01-01: how many of each age and sex, and in which village.
 *
 * The census of 2010 is aged by fourteen years with the mortality table; who was born since then are cohorts of nine
 * per thousand of the people, 53 % of them boys, about what the county registers. The counts of the whole county are
 * exact; villages get them in turn by a stride near the golden section, so that each village is a small picture of the
 * county. */
#include "sample/bands.h"
#include "sample/village.h"
#include <stdlib.h>
#include <string.h>

#define CELLS  (SAMPLE_AGES * 2)
#define YEARS  14 /* from the census to the baseline */
#define COHORT 9  /* of a thousand people, each year since the census */
#define BOYS   530

const sample_band_t sample_mortality[] = {{1, 600},   {5, 50},    {15, 25},   {25, 45},    {35, 70},
                                          {45, 150},  {55, 380},  {60, 750},  {65, 1200},  {70, 2000},
                                          {75, 3300}, {80, 5600}, {85, 9000}, {90, 14500}, {UINT32_MAX, 23000}};

/* ---- ages -------------------------------------------------------------------------------------------------------- */

static uint32_t survivors (uint64_t people, uint32_t age, bool female) {
  for (uint32_t year = 0; year < YEARS; year++) {
    uint64_t risk = sample_band (sample_mortality, age + year);
    people -= people * (female ? risk * 2 / 3 : risk) / 100000;
  }
  return (uint32_t)people;
}

/* Males and females of each age in turn, in proportion. */
static void age_the_census (const uint32_t census[CELLS], uint32_t cells[CELLS]) {
  uint64_t sum = 0;
  for (uint32_t age = YEARS; age < SAMPLE_AGES; age++)
    for (uint32_t sex = 0; sex < 2; sex++)
      sum += cells[age * 2 + sex] = survivors (census[(age - YEARS) * 2 + sex], age - YEARS, sex == 1);
  uint64_t cohort = sum * COHORT / (1000 - YEARS * COHORT);
  for (uint32_t age = 0; age < YEARS; age++) {
    cells[age * 2] = (uint32_t)(cohort * BOYS / 1000);
    cells[age * 2 + 1] = (uint32_t)(cohort * (1000 - BOYS) / 1000);
  }
}

/* The cell of each of `count` people, as one long row of cells. */
static uint8_t *lay_out (const sample_data_t *data, uint32_t count) {
  uint32_t cells[CELLS], at = 0;
  uint8_t *row = mns_alloc (count);
  age_the_census (data->census, cells);
  sample_apportion (cells, CELLS, count, cells);
  for (uint32_t cell = 0; cell < CELLS; cell++) {
    memset (row + at, (int)cell, cells[cell]);
    at += cells[cell];
  }
  return row;
}

static uint32_t common_divisor (uint32_t a, uint32_t b) {
  return b == 0 ? a : common_divisor (b, a % b);
}

static uint32_t golden_stride (uint32_t count) {
  uint32_t stride = (uint32_t)((uint64_t)count * 618034 / 1000000);
  while (stride < count && common_divisor (stride, count) != 1)
    stride++;
  return stride < count ? stride : 1;
}

/* ---- villages ---------------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t natives[SAMPLE_VILLAGES], duplicates[SAMPLE_VILLAGES], incomers[SAMPLE_VILLAGES];
} shares_t;

/* Incomers live in towns; a duplicate needs a village before its own. */
static void share_out (const sample_county_t *county, shares_t *shares) {
  const sample_data_t *data = county->data;
  const sample_figures_t *figures = &county->figures;
  uint32_t natives[SAMPLE_VILLAGES], duplicates[SAMPLE_VILLAGES], incomers[SAMPLE_VILLAGES];
  for (size_t i = 0; i < data->village_count; i++) {
    natives[i] = data->villages[i].weight;
    duplicates[i] = i == 0 ? 0 : natives[i];
    incomers[i] = data->villages[i].rural ? natives[i] : natives[i] * 8;
  }
  sample_apportion (natives, data->village_count, figures->opening - figures->duplicates, shares->natives);
  sample_apportion (duplicates, data->village_count, figures->duplicates, shares->duplicates);
  sample_apportion (incomers, data->village_count, figures->incomers, shares->incomers);
}

/* In a tiny sample chance may leave a village without an adult: then the last of its people is thirty years older. */
static void see_to_an_adult (sample_village_plan_t *plan, uint32_t last) {
  for (size_t cell = 18 * 2; cell < CELLS; cell++)
    if (plan->natives[cell] > 0)
      return;
  plan->natives[last]--;
  plan->natives[last + 30 * 2]++;
}

void sample_people_make (sample_county_t *county) {
  const uint32_t count = county->figures.opening - county->figures.duplicates;
  uint8_t *row = lay_out (county->data, count);
  uint64_t at = 0;
  uint32_t stride = golden_stride (count);
  shares_t shares;
  share_out (county, &shares);
  for (uint16_t i = 0; i < county->data->village_count; i++) {
    sample_village_plan_t plan = {i, {0}, shares.duplicates[i], shares.incomers[i]};
    uint32_t last = 0;
    for (uint32_t person = 0; person < shares.natives[i]; person++, at = (at + stride) % count)
      plan.natives[last = row[at]]++;
    if (shares.natives[i] > 0)
      see_to_an_adult (&plan, last);
    sample_village_make (county, &plan);
  }
  county->baseline = county->count;
  free (row);
}
