/* Deaths: days from the delay table, sexes from the report, ages by the mortality table. Infants are children born and
 * registered in the same half; recipients of the rural reward are those who are to leave it by death. */
#include "common/records/assistance_records.h"
#include "sample/bands.h"
#include "sample/pool.h"
#include "sample/slots.h"
#include <stdlib.h>

#define YOUNGEST    4  /* on the baseline's day: nobody under one year dies but the infants */
#define INFANT_DAYS 60 /* they die within, */
#define NOTICE_DAYS 10 /* and this is registered within */

typedef struct {
  sample_county_t *county;
  sample_pool_t pool;
  uint32_t weights[2][SAMPLE_AGES]; /* how many of a sex and age are likely to die */
  sample_slots_t slots;
  uint32_t next_slot;
  uint32_t left[SAMPLE_SEXES]; /* deaths of the half that have nobody yet */
} deaths_t;

static void add_death (deaths_t *deaths, uint32_t person, const sample_slot_t *slot) {
  sample_county_t *county = deaths->county;
  sample_event_t *event = sample_event_add (county, MNS_DEATH, person, slot->occurred, slot->registered);
  event->certificate = ++county->certificates;
  county->persons[person].fate = SAMPLE_EXIT;
  deaths->left[county->persons[person].sex - 1]--;
}

/* ---- infants ----------------------------------------------------------------------------------------------------- */

static mns_date_t earlier (mns_date_t a, mns_date_t b) {
  return a < b ? a : b;
}

/* The days of a child's death, timely by the definition of the slots. */
static sample_slot_t infant_slot (deaths_t *deaths, const sample_event_t *birth, mns_date_t last) {
  sample_random_t *random = &deaths->county->random;
  sample_slot_t slot = {.timely = true};
  slot.occurred =
      sample_day_between (random, birth->occurred, earlier (last, mns_date_add_days (birth->occurred, INFANT_DAYS)));
  mns_date_t first = birth->registered > slot.occurred ? birth->registered : slot.occurred;
  slot.registered = sample_day_between (random, first, earlier (last, mns_date_add_days (first, NOTICE_DAYS)));
  return slot;
}

static bool may_die (const deaths_t *deaths, const sample_event_t *birth, int half) {
  const sample_person_t *child = &deaths->county->persons[birth->person];
  const sample_half_t *days = &sample_halves[half];
  return birth->kind == MNS_BIRTH && child->fate == SAMPLE_FREE && birth->plurality == 1 &&
         birth->occurred >= days->first && birth->registered <= days->last &&
         mns_date_days_between (birth->occurred, birth->registered) <= 30 - NOTICE_DAYS &&
         deaths->left[child->sex - 1] > 0;
}

/* A birth of the half after a random place among the events; at no scale are there fewer than infant deaths. */
static void add_infant (deaths_t *deaths, int half, uint32_t births) {
  sample_county_t *county = deaths->county;
  uint32_t start = sample_below (&county->random, births);
  for (uint32_t i = 0; i < births; i++) {
    const sample_event_t *birth = &county->events[(start + i) % births];
    if (!may_die (deaths, birth, half))
      continue;
    sample_slot_t slot = infant_slot (deaths, birth, sample_halves[half].last);
    add_death (deaths, birth->person, &slot);
    deaths->next_slot++;
    return;
  }
}

/* ---- recipients -------------------------------------------------------------------------------------------------- */

/* The next slot that lies behind the opening, brought to the front of those left. */
static sample_slot_t *slot_after_opening (deaths_t *deaths) {
  sample_slot_t *slots = deaths->slots.slots;
  for (uint32_t i = deaths->next_slot; i < deaths->slots.count; i++)
    if (slots[i].occurred > SAMPLE_OPENING) {
      sample_slot_t found = slots[i];
      slots[i] = slots[deaths->next_slot];
      slots[deaths->next_slot] = found;
      return &slots[deaths->next_slot++];
    }
  return NULL;
}

static void add_recipients (deaths_t *deaths) {
  sample_county_t *county = deaths->county;
  for (uint32_t i = 0; i < county->recipient_count; i++) {
    const sample_recipient_t *recipient = &county->recipients[i];
    if (recipient->exit != MNS_EXIT_DEATH)
      continue;
    const sample_slot_t *slot = slot_after_opening (deaths);
    if (slot != NULL)
      add_death (deaths, recipient->person, slot);
  }
}

/* ---- all others -------------------------------------------------------------------------------------------------- */

static void weigh_ages (deaths_t *deaths) {
  for (uint32_t sex = 0; sex < 2; sex++)
    for (uint32_t age = YOUNGEST; age < SAMPLE_AGES; age++)
      deaths->weights[sex][age] =
          (uint32_t)((uint64_t)deaths->pool.counts[age * 2 + sex] * sample_band (sample_mortality, age) / 100 + 1);
}

static bool is_old_enough (const sample_county_t *county, const sample_person_t *person, const void *context) {
  (void)county, (void)context;
  return sample_age (person) >= YOUNGEST;
}

static void add_others (deaths_t *deaths) {
  sample_county_t *county = deaths->county;
  for (; deaths->next_slot < deaths->slots.count; deaths->next_slot++) {
    uint32_t sex = sample_below (&county->random, deaths->left[0] + deaths->left[1]) >= deaths->left[0];
    uint32_t age = (uint32_t)sample_weighted (&county->random, deaths->weights[sex], SAMPLE_AGES);
    uint32_t person = sample_pool_take (&deaths->pool, (mns_code_t)(sex + 1), age, is_old_enough, NULL, SAMPLE_EXIT);
    add_death (deaths, person, &deaths->slots.slots[deaths->next_slot]);
  }
}

static void add_half (deaths_t *deaths, int half, uint32_t births) {
  sample_county_t *county = deaths->county;
  const sample_flow_t *flow = &county->figures.flows[half];
  sample_slots_init (&deaths->slots, county, half, true);
  deaths->next_slot = 0;
  for (size_t sex = 0; sex < SAMPLE_SEXES; sex++)
    deaths->left[sex] = flow->deaths_by[sex];
  for (uint32_t i = 0; i < flow->infant_deaths; i++)
    add_infant (deaths, half, births);
  if (half == SAMPLE_THIRD)
    add_recipients (deaths);
  add_others (deaths);
  sample_slots_fini (&deaths->slots);
}

void sample_deaths_make (sample_county_t *county) {
  deaths_t deaths = {.county = county};
  uint32_t births = county->event_count;
  sample_pool_init (&deaths.pool, county, sample_anybody, NULL);
  weigh_ages (&deaths);
  for (int half = SAMPLE_FIRST; half < SAMPLE_HALVES; half++)
    add_half (&deaths, half, births);
  sample_pool_fini (&deaths.pool);
}
