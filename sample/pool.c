/* A counting sort by sex and age; taking swaps with the last of the bucket. */
#include "sample/pool.h"

#include <stdlib.h>
#include <string.h>

#define CELLS (SAMPLE_AGES * 2)

uint32_t sample_age (const sample_person_t *person) {
  uint32_t age = (uint32_t)(SAMPLE_EFFECTIVE / 10000 - 1 - person->birth / 10000);
  return age < SAMPLE_AGES ? age : SAMPLE_AGES - 1;
}

static uint32_t cell_of (const sample_person_t *person) {
  return sample_age (person) * 2 + person->sex - 1;
}

bool sample_anybody (const sample_county_t *county, const sample_person_t *person, const void *context) {
  (void)county, (void)person, (void)context;
  return true;
}

static void lay_out (sample_pool_t *pool) {
  uint32_t total = 0;
  for (uint32_t cell = 0; cell < CELLS; cell++) {
    pool->first[cell] = total;
    total += pool->counts[cell];
    pool->counts[cell] = 0;
  }
  pool->first[CELLS] = total;
  pool->persons = mns_alloc (total * sizeof *pool->persons);
}

void sample_pool_init (sample_pool_t *pool, sample_county_t *county, sample_fits_t fits, const void *context) {
  memset (pool, 0, sizeof *pool);
  pool->county = county;
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < county->baseline; i++) {
      const sample_person_t *person = &county->persons[i];
      if (person->fate != SAMPLE_FREE || !fits (county, person, context))
        continue;
      uint32_t cell = cell_of (person);
      if (pass == 1)
        pool->persons[pool->first[cell] + pool->counts[cell]] = i;
      pool->counts[cell]++;
    }
    if (pass == 0)
      lay_out (pool);
  }
}

void sample_pool_fini (sample_pool_t *pool) {
  free (pool->persons);
  pool->persons = NULL;
}

static uint32_t take_from (sample_pool_t *pool, uint32_t cell, sample_fits_t fits, const void *context) {
  uint32_t *bucket = pool->persons + pool->first[cell], count = pool->counts[cell];
  uint32_t start = count > 0 ? sample_below (&pool->county->random, count) : 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = (start + i) % count, person = bucket[at];
    if (!fits (pool->county, &pool->county->persons[person], context))
      continue;
    bucket[at] = bucket[count - 1];
    pool->counts[cell]--;
    return person;
  }
  return SAMPLE_NONE;
}

static uint32_t take_near (sample_pool_t *pool, mns_code_t sex, uint32_t age, sample_fits_t fits, const void *context) {
  uint32_t person = SAMPLE_NONE;
  for (uint32_t step = 0; step < 2 * SAMPLE_AGES && person == SAMPLE_NONE; step++) {
    uint32_t near = step % 2 ? age + (step + 1) / 2 : age - step / 2;
    if (near >= SAMPLE_AGES)
      continue;
    uint32_t cell = near * 2 + (sex != 0 ? sex - 1u : sample_below (&pool->county->random, 2));
    person = take_from (pool, cell, fits, context);
    if (person == SAMPLE_NONE && sex == 0)
      person = take_from (pool, cell ^ 1, fits, context);
  }
  return person;
}

uint32_t sample_pool_take (sample_pool_t *pool, mns_code_t sex, uint32_t age, sample_fits_t fits, const void *context,
                           sample_fate_t fate) {
  uint32_t person = take_near (pool, sex, age, fits, context);
  if (person != SAMPLE_NONE)
    pool->county->persons[person].fate = (uint8_t)fate;
  return person;
}
