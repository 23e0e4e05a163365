/* Each row of the delay table allows certain pairs of days; every pair of a row is equally likely. */
#include "sample/slots.h"

#include <assert.h>
#include <stdlib.h>

typedef struct {
  int32_t registered, first, last; /* day numbers: a day of registration, and the days it may have happened */
} choice_t;

static int32_t larger (int32_t a, int32_t b) {
  return a > b ? a : b;
}

static int32_t smaller (int32_t a, int32_t b) {
  return a < b ? a : b;
}

/* The choices of a row, at most one for each day of the half; the number of pairs. */
static uint32_t choices_of (const sample_delay_t *row, choice_t *choices, size_t *count) {
  const sample_half_t *in = &sample_halves[row->registered], *on = &sample_halves[row->occurred];
  int32_t on_first = mns_date_day_number (on->first), on_last = mns_date_day_number (on->last);
  uint32_t pairs = 0;
  *count = 0;
  for (int32_t day = mns_date_day_number (in->first); day <= mns_date_day_number (in->last); day++) {
    choice_t choice = {day, larger (on_first, day - row->delay_max), smaller (on_last, day - row->delay_min)};
    if (choice.first > choice.last)
      continue;
    choices[(*count)++] = choice;
    pairs += (uint32_t)(choice.last - choice.first + 1);
  }
  return pairs;
}

static sample_slot_t draw (sample_random_t *random, const choice_t *choices, uint32_t pairs) {
  int32_t point = (int32_t)sample_below (random, pairs);
  for (; point > choices->last - choices->first; choices++)
    point -= choices->last - choices->first + 1;
  return (sample_slot_t){.occurred = mns_date_from_day_number (choices->first + point),
                         .registered = mns_date_from_day_number (choices->registered)};
}

static void fill (sample_slots_t *slots, sample_random_t *random, const sample_delay_t *row, uint32_t count,
                  bool timely) {
  choice_t choices[184];
  size_t days;
  uint32_t pairs = choices_of (row, choices, &days);
  assert (pairs > 0 || count == 0);
  for (uint32_t i = 0; i < count; i++) {
    sample_slot_t slot = draw (random, choices, pairs);
    slot.timely = timely;
    slots->slots[slots->count++] = slot;
  }
}

void sample_slots_init (sample_slots_t *slots, sample_county_t *county, int half, bool deaths) {
  const sample_flow_t *flow = &county->figures.flows[half];
  uint32_t total = deaths ? flow->deaths : flow->births;
  *slots = (sample_slots_t){.slots = mns_alloc (total * sizeof *slots->slots)};
  for (int timely = 1; timely >= 0; timely--) {
    for (size_t i = 0; i < SAMPLE_DELAYS; i++) {
      const sample_delay_t *row = &county->figures.delays[i];
      bool is_timely = row->occurred == half && row->delay_min == 0;
      if (row->registered == half && is_timely == (timely == 1))
        fill (slots, &county->random, row, deaths ? row->deaths : row->births, is_timely);
    }
    if (timely == 1)
      slots->timely_count = slots->count;
  }
  assert (slots->count == total);
  sample_shuffle (&county->random, slots->slots + slots->timely_count, total - slots->timely_count,
                  sizeof *slots->slots);
}

void sample_slots_fini (sample_slots_t *slots) {
  free (slots->slots);
  slots->slots = NULL;
}
