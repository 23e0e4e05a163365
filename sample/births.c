/* Births: each delivery gets its days from the delay table, its children their sex and order from the report's table,
 * and a mother who fits: as many children in the register as the order says (or fewer: others may live elsewhere), 18
 * to 44 years old, the last child nine months or more before. Twins and triplets come first, from the timely days. */
#include "sample/pool.h"
#include "sample/slots.h"
#include <stdlib.h>
#include <string.h>

#define SPACING_DAYS 280
#define UNMARRIED    SAMPLE_ORDERS /* a pool of its own */

typedef struct {
  uint8_t sex, order;
} card_t;

typedef struct {
  sample_county_t *county;
  sample_pool_t mothers[SAMPLE_ORDERS + 1]; /* married, with 0, 1, 2 and more children; not married */
  sample_pool_t fathers;                    /* of children whose mothers are elsewhere */
  sample_slots_t slots;
  uint32_t next_slot;
  card_t *cards; /* sex and order of the births of the half, shuffled */
  uint32_t card_count, next_card;
} births_t;

/* ---- parents ----------------------------------------------------------------------------------------------------- */

static bool is_wife (const sample_county_t *county, const sample_person_t *person, const void *context) {
  const uint8_t children = *(const uint8_t *)context;
  (void)county;
  return person->sex == MNS_FEMALE && person->with_husband &&
         (person->children == children || (children == SAMPLE_ORDERS - 1 && person->children > children));
}

static bool is_unmarried_woman (const sample_county_t *county, const sample_person_t *person, const void *context) {
  (void)county, (void)context;
  return person->sex == MNS_FEMALE && !person->with_husband && person->children == 0;
}

/* A wife would stand right behind him. */
static bool is_young_single_man (const sample_county_t *county, const sample_person_t *person, const void *context) {
  bool last = person + 1 == county->persons + county->count;
  (void)context;
  return person->sex == MNS_MALE && sample_age (person) >= 20 && sample_age (person) < 46 &&
         (last || !person[1].with_husband);
}

static bool may_give_birth (const sample_county_t *county, const sample_person_t *person, const void *context) {
  const mns_date_t day = *(const mns_date_t *)context;
  int age = mns_date_age (person->birth, day);
  (void)county;
  return age >= 18 && age < 45 &&
         (person->last_child == 0 || mns_date_days_between (person->last_child, day) >= SPACING_DAYS);
}

static uint32_t likely_age (births_t *births, uint8_t order) {
  static const uint32_t youngest[SAMPLE_ORDERS] = {20, 23, 26};
  sample_random_t *random = &births->county->random;
  return youngest[order - 1] + sample_below (random, 7) + sample_below (random, 7);
}

static uint32_t find_mother (births_t *births, uint8_t order, mns_date_t day) {
  static const uint8_t tries[SAMPLE_ORDERS][SAMPLE_ORDERS + 1] = {
      {0, UNMARRIED, UNMARRIED, UNMARRIED}, {1, 0, UNMARRIED, UNMARRIED}, {2, 1, 0, UNMARRIED}};
  uint32_t mother = SAMPLE_NONE, age = likely_age (births, order);
  for (size_t i = 0; i <= SAMPLE_ORDERS && mother == SAMPLE_NONE; i++)
    mother =
        sample_pool_take (&births->mothers[tries[order - 1][i]], MNS_FEMALE, age, may_give_birth, &day, SAMPLE_PARENT);
  return mother;
}

static void open_pools (births_t *births, sample_county_t *county) {
  births->county = county;
  for (uint8_t children = 0; children < SAMPLE_ORDERS; children++)
    sample_pool_init (&births->mothers[children], county, is_wife, &children);
  sample_pool_init (&births->mothers[UNMARRIED], county, is_unmarried_woman, NULL);
  sample_pool_init (&births->fathers, county, is_young_single_man, NULL);
}

static void close_pools (births_t *births) {
  for (size_t i = 0; i <= SAMPLE_ORDERS; i++)
    sample_pool_fini (&births->mothers[i]);
  sample_pool_fini (&births->fathers);
}

/* ---- one child --------------------------------------------------------------------------------------------------- */

/* Of a child to the head, by the relation of its parent. */
static uint8_t relation_of_child (const sample_person_t *parent, uint8_t sex, bool foundling) {
  static const struct {
    const char *parent, *boy, *girl, *found_boy, *found_girl;
  } rows[] = {{"02", "20", "30", "27", "37"},
              {"10", "20", "30", "27", "37"},
              {"20", "41", "42", "97", "97"},
              {"38", "41", "42", "97", "97"},
              {"30", "43", "44", "97", "97"}};
  const char *word = mns_code_word (&mns_relation, parent->relation), *found = "97";
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (strcmp (rows[i].parent, word) == 0 && foundling)
      found = sex == MNS_MALE ? rows[i].found_boy : rows[i].found_girl;
    else if (strcmp (rows[i].parent, word) == 0)
      found = sex == MNS_MALE ? rows[i].boy : rows[i].girl;
  return (uint8_t)mns_code_find (&mns_relation, found);
}

static sample_event_t *add_child (sample_county_t *county, uint32_t parent, const card_t *card,
                                  const sample_slot_t *slot, uint8_t kind) {
  const sample_person_t *by = &county->persons[parent];
  sample_person_t facts = {.birth = slot->occurred,
                           .household = by->household,
                           .village = by->village,
                           .sex = card->sex,
                           .ethnic = by->ethnic};
  facts.relation = relation_of_child (by, card->sex, kind == MNS_FOUNDLING);
  uint8_t surname = by->with_husband ? by[-1].surname : by->surname;
  uint32_t child = sample_person_add (county, &facts, surname, false);
  sample_event_t *event = sample_event_add (county, MNS_BIRTH, child, slot->occurred, slot->registered);
  event->mother_kind = kind;
  event->order = card->order;
  event->plurality = event->rank = 1;
  event->certificate = kind == MNS_FOUNDLING ? 0 : ++county->certificates;
  if (kind == MNS_MOTHER_REGISTERED)
    event->mother = parent;
  else
    event->household = facts.household;
  return event;
}

/* The third and over: as many as she has, and one. */
static void count_order (const sample_county_t *county, sample_event_t *event, uint32_t mother) {
  uint8_t next = (uint8_t)(county->persons[mother].children + 1);
  if (event->order == SAMPLE_ORDERS && next > SAMPLE_ORDERS)
    event->order = next;
}

/* Without a father in the register there is nobody to take the child in: at no scale are all men taken. */
static void add_elsewhere (births_t *births, const card_t *card, const sample_slot_t *slot) {
  uint32_t age = likely_age (births, card->order) + 2;
  uint32_t father = sample_pool_take (&births->fathers, MNS_MALE, age, sample_anybody, NULL, SAMPLE_PARENT);
  add_child (births->county, father, card, slot, MNS_MOTHER_ELSEWHERE);
}

static void add_foundling (births_t *births, const card_t *card, const sample_slot_t *slot) {
  uint32_t parent = find_mother (births, 1, slot->occurred);
  if (parent == SAMPLE_NONE)
    add_elsewhere (births, card, slot);
  else
    add_child (births->county, parent, card, slot, MNS_FOUNDLING);
}

static void add_single (births_t *births, const card_t *card, const sample_slot_t *slot) {
  uint32_t mother = find_mother (births, card->order, slot->occurred);
  if (mother == SAMPLE_NONE)
    add_elsewhere (births, card, slot);
  else
    count_order (births->county, add_child (births->county, mother, card, slot, MNS_MOTHER_REGISTERED), mother);
}

/* ---- a half-year ------------------------------------------------------------------------------------------------- */

static void deal_cards (births_t *births, const sample_flow_t *flow) {
  births->card_count = births->next_card = 0;
  births->cards = mns_alloc (flow->births * sizeof *births->cards);
  for (uint8_t sex = MNS_MALE; sex <= MNS_FEMALE; sex++)
    for (uint8_t order = 1; order <= SAMPLE_ORDERS; order++)
      for (uint32_t i = 0; i < flow->births_by[sex - 1][order - 1]; i++)
        births->cards[births->card_count++] = (card_t){sex, order};
  sample_shuffle (&births->county->random, births->cards, births->card_count, sizeof *births->cards);
}

/* Brings a card of that order to the front and takes it; false when there is none left. */
static bool draw_card (births_t *births, uint8_t order, card_t *card) {
  for (uint32_t i = births->next_card; i < births->card_count; i++)
    if (births->cards[i].order == order) {
      *card = births->cards[i];
      births->cards[i] = births->cards[births->next_card];
      births->cards[births->next_card++] = *card;
      return true;
    }
  return false;
}

/* `children` of one mother, the first of them of `order`. Where the cards or timely days do not suffice, there are
 * none: the cards drawn are put back. */
static void add_multiple (births_t *births, uint8_t children, uint8_t order) {
  card_t cards[SAMPLE_ORDERS];
  uint32_t cards_before = births->next_card, mother = SAMPLE_NONE;
  bool drawn = births->next_slot + children <= births->slots.timely_count;
  for (uint8_t i = 0; i < children && drawn; i++)
    drawn = draw_card (births, (uint8_t)(order + i), &cards[i]);
  const sample_slot_t *slot = &births->slots.slots[births->next_slot];
  if (drawn)
    mother = find_mother (births, order, slot->occurred);
  if (mother == SAMPLE_NONE) {
    births->next_card = cards_before;
    return;
  }
  for (uint8_t i = 0; i < children; i++) {
    sample_event_t *event = add_child (births->county, mother, &cards[i], slot, MNS_MOTHER_REGISTERED);
    event->plurality = children;
    event->rank = (uint8_t)(i + 1);
  }
  births->next_slot += children;
}

/* One pair of twins in eight are the second and third child. */
static void add_multiples (births_t *births, const sample_flow_t *flow) {
  for (uint32_t i = 0; i < flow->triplets; i++)
    add_multiple (births, 3, 1);
  for (uint32_t i = 0; i < flow->twins; i++)
    add_multiple (births, 2, i % 8 == 7 ? 2 : 1);
}

static void add_singles (births_t *births, const sample_flow_t *flow) {
  card_t card;
  for (uint32_t i = 0; births->next_slot < births->slots.count; i++) {
    const sample_slot_t *slot = &births->slots.slots[births->next_slot++];
    if (i >= flow->foundlings || !draw_card (births, 1, &card))
      card = births->cards[births->next_card++];
    if (i < flow->foundlings)
      add_foundling (births, &card, slot);
    else if (i < flow->foundlings + flow->elsewhere)
      add_elsewhere (births, &card, slot);
    else
      add_single (births, &card, slot);
  }
}

static void add_half (births_t *births, int half) {
  sample_county_t *county = births->county;
  const sample_flow_t *flow = &county->figures.flows[half];
  sample_slots_init (&births->slots, county, half, false);
  births->next_slot = 0;
  deal_cards (births, flow);
  add_multiples (births, flow);
  sample_shuffle (&county->random, births->slots.slots + births->next_slot, births->slots.count - births->next_slot,
                  sizeof *births->slots.slots);
  add_singles (births, flow);
  free (births->cards);
  sample_slots_fini (&births->slots);
}

void sample_births_make (sample_county_t *county) {
  births_t births = {0};
  open_pools (&births, county);
  for (int half = SAMPLE_FIRST; half < SAMPLE_HALVES; half++)
    add_half (&births, half);
  close_pools (&births);
}
