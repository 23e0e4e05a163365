/* When the births and deaths of a half-year happened and were registered. */
#ifndef MNS_SAMPLE_SLOTS_H
#define MNS_SAMPLE_SLOTS_H

#include "sample/county.h"

typedef struct {
  mns_date_t occurred, registered;
  bool timely; /* happened in the half of its registration, at most 30 days before */
} sample_slot_t;

typedef struct {
  sample_slot_t *slots; /* the timely ones first */
  uint32_t count, timely_count;
} sample_slots_t;

/* One slot for each birth (or death) registered in the half, in no order of time. */
void sample_slots_init (sample_slots_t *slots, sample_county_t *county, int half, bool deaths);
void sample_slots_fini (sample_slots_t *slots);

#endif
