/* A value for each range of ages: what depends on age is a short table. */
#ifndef MNS_SAMPLE_BANDS_H
#define MNS_SAMPLE_BANDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t below; /* this row is for ages below it; the last row has UINT32_MAX */
  uint32_t value;
} sample_band_t;

static inline uint32_t sample_band (const sample_band_t *bands, uint32_t age) {
  size_t i = 0;
  while (age >= bands[i].below)
    i++;
  return bands[i].value;
}

/* Deaths a year of 100,000 men of an age; of women about two thirds. */
extern const sample_band_t sample_mortality[];

#endif
