/* The people of the baseline to whom nothing has happened yet, by sex and age: who is taken out is not found again. */
#ifndef MNS_SAMPLE_POOL_H
#define MNS_SAMPLE_POOL_H

#include "sample/county.h"

typedef struct {
  sample_county_t *county;
  uint32_t *persons;                   /* by sex and age */
  uint32_t first[SAMPLE_AGES * 2 + 1]; /* where males and females of each age in turn begin */
  uint32_t counts[SAMPLE_AGES * 2];    /* how many of them are left */
} sample_pool_t;

typedef bool (*sample_fits_t) (const sample_county_t *county, const sample_person_t *person, const void *context);

/* Only those who fit now. */
void sample_pool_init (sample_pool_t *pool, sample_county_t *county, sample_fits_t fits, const void *context);
bool sample_anybody (const sample_county_t *county, const sample_person_t *person, const void *context); /* fits */
void sample_pool_fini (sample_pool_t *pool);

/* Age in full years on the baseline's day. */
uint32_t sample_age (const sample_person_t *person);

/* Takes one of the sex who fits, of that age or as near to it as can be, and gives the fate; SAMPLE_NONE when nobody
 * fits. `sex` 0: either. */
uint32_t sample_pool_take (sample_pool_t *pool, mns_code_t sex, uint32_t age, sample_fits_t fits, const void *context,
                           sample_fate_t fate);

#endif
