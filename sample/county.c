/* Making the county step by step, and what the steps share. */
#include "sample/county.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint32_t flows_of (const sample_figures_t *figures) {
  uint32_t sum = figures->omitted + figures->duplicates;
  for (int half = SAMPLE_FIRST; half < SAMPLE_HALVES; half++) {
    const sample_flow_t *flow = &figures->flows[half];
    sum += flow->births + flow->deaths + flow->moves_in + flow->moves_out;
  }
  return sum;
}

/* Nobody is counted twice in these bounds, and nobody is left out. */
static void make_room (sample_county_t *county) {
  uint32_t flows = flows_of (&county->figures);
  county->capacity = county->figures.opening + county->figures.incomers + flows;
  county->event_capacity = flows;
  county->persons = mns_alloc (county->capacity * sizeof *county->persons);
  county->households = mns_alloc (county->capacity * sizeof *county->households);
  county->events = mns_alloc (county->event_capacity * sizeof *county->events);
  county->names = sample_names_new (county->data, county->capacity);
}

sample_county_t *sample_county_new (uint32_t ppm, uint64_t seed) {
  sample_county_t *county = mns_alloc (sizeof *county);
  memset (county, 0, sizeof *county);
  county->data = sample_data_new ();
  sample_random_init (&county->random, seed);
  sample_figures_make (&county->figures, ppm);
  make_room (county);
  sample_people_make (county);
  sample_births_make (county);
  sample_recipients_make (county);
  sample_deaths_make (county);
  sample_moves_make (county);
  sample_away_make (county);
  return county;
}

void sample_county_destroy (sample_county_t **county) {
  sample_county_t *self = *county;
  if (self == NULL)
    return;
  sample_names_destroy (&self->names);
  free (self->recipients);
  free (self->events);
  free (self->households);
  free (self->persons);
  free (self->data);
  free (self);
  *county = NULL;
}

/* ---- persons and events ------------------------------------------------------------------------------------------ */

uint32_t sample_person_add (sample_county_t *county, const sample_person_t *facts, uint32_t surname, bool numbered) {
  assert (county->count < county->capacity);
  sample_person_t *person = &county->persons[county->count];
  *person = *facts;
  person->surname = surname == SAMPLE_NONE ? sample_surname_pick (county->names, &county->random) : (uint8_t)surname;
  person->given =
      sample_given_pick (county->names, &county->random, person->village, person->birth, person->sex, person->surname);
  if (numbered)
    person->serial = sample_serial_next (county->names, person->arrived, person->birth, person->sex);
  return county->count++;
}

sample_event_t *sample_event_add (sample_county_t *county, uint8_t kind, uint32_t person, mns_date_t occurred,
                                  mns_date_t registered) {
  assert (county->event_count < county->event_capacity);
  sample_event_t *event = &county->events[county->event_count++];
  *event = (sample_event_t){.kind = kind,
                            .person = person,
                            .occurred = occurred,
                            .registered = registered,
                            .mother = SAMPLE_NONE,
                            .household = SAMPLE_NONE};
  return event;
}

bool sample_is_rural (const sample_county_t *county, const sample_person_t *person) {
  return county->data->villages[person->village].rural;
}

uint8_t sample_elsewhere_any (sample_county_t *county) {
  const sample_data_t *data = county->data;
  return (uint8_t)(sample_weighted (&county->random, data->elsewhere_weights, data->elsewhere_count) + 1);
}

uint8_t sample_relation_fit (const sample_county_t *county, uint32_t household, mns_date_t birth, mns_code_t sex,
                             bool joins_by_marriage) {
  const sample_person_t *head = &county->persons[county->households[household].head];
  bool male = sex == MNS_MALE;
  int younger = birth / 10000 - head->birth / 10000;
  const char *word = "97";
  if (younger > 18 && younger <= 45)
    word = joins_by_marriage ? (male ? "28" : "38") : (male ? "20" : "30");
  else if (younger > 45)
    word = male ? "41" : "42";
  return (uint8_t)mns_code_find (&mns_relation, word);
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */

mns_date_t sample_day_between (sample_random_t *random, mns_date_t first, mns_date_t last) {
  uint32_t days = (uint32_t)mns_date_days_between (first, last);
  return mns_date_add_days (first, (int32_t)sample_below (random, days + 1));
}

mns_date_t sample_day_in_year (sample_random_t *random, int year) {
  return sample_day_between (random, mns_date_make (year, 1, 1), mns_date_make (year, 12, 31));
}
