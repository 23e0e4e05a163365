/* One village: people of given ages become households whose ages fit. */
#ifndef MNS_SAMPLE_VILLAGE_H
#define MNS_SAMPLE_VILLAGE_H

#include "sample/county.h"

typedef struct {
  uint16_t village;
  uint16_t natives[SAMPLE_AGES * 2]; /* males and females of each age in turn; at least one of age */
  uint32_t duplicates, incomers;     /* duplicates only where a village stands before */
} sample_village_plan_t;

/* Appends the village's persons and households to the county. */
void sample_village_make (sample_county_t *county, const sample_village_plan_t *plan);

#endif
