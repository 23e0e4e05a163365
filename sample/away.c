/* Registered people who live elsewhere: so many of those who stay in the register to the end, most of them of working
 * age. Some of those who die or move out lived elsewhere too. */
#include "sample/bands.h"
#include "sample/county.h"
#include "sample/pool.h"

/* Per cent of an age. */
static const sample_band_t away[] = {{15, 16}, {18, 22}, {51, 48}, {61, 30}, {71, 10}, {UINT32_MAX, 4}};

static bool is_drawn (sample_county_t *county, const sample_person_t *person, uint32_t part) {
  return sample_below (&county->random, 100 * part) < sample_band (away, sample_age (person));
}

void sample_away_make (sample_county_t *county) {
  for (uint32_t left = county->figures.away; left > 0;) {
    sample_person_t *person = &county->persons[sample_below (&county->random, county->baseline)];
    if (person->fate != SAMPLE_FREE || person->elsewhere != 0 || !is_drawn (county, person, 1))
      continue;
    person->elsewhere = sample_elsewhere_any (county);
    left--;
  }
  for (uint32_t i = 0; i < county->baseline; i++)
    if (county->persons[i].fate == SAMPLE_EXIT && is_drawn (county, &county->persons[i], 2))
      county->persons[i].elsewhere = sample_elsewhere_any (county);
}
