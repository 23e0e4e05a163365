/* Greedy matching from the people there are: each step looks at the most likely age first and then further and further
 * away, so that few are left over; a child that no mother fits is taken in by an older person. */
#include "sample/family.h"

#include "sample/bands.h"
#include "sample/county.h"
#include <stdlib.h>
#include <string.h>

#define LAST_AGE      (SAMPLE_AGES - 1)
#define SIBLINGS_DAYS 300 /* between two births of one mother */

/* Per cent of the women who have a husband in the register. */
static const sample_band_t married[] = {{18, 0},  {20, 3},  {23, 18}, {26, 42}, {29, 66},
                                        {32, 80}, {40, 89}, {55, 93}, {65, 86}, {70, 76},
                                        {75, 62}, {80, 46}, {85, 28}, {91, 12}, {UINT32_MAX, 4}};
/* Of a hundred married women: none (more) with her, up to one, up to two; the rest three. */
static const sample_band_t none[] = {{24, 70}, {28, 55}, {32, 30}, {46, 10}, {UINT32_MAX, 15}};
static const sample_band_t one[] = {{24, 97}, {28, 90}, {32, 78}, {46, 66}, {UINT32_MAX, 62}};
static const sample_band_t two[] = {{24, 100}, {28, 99}, {32, 97}, {46, 94}, {UINT32_MAX, 92}};
/* Per cent of the unmarried who live with their mother. */
static const sample_band_t at_home[] = {{18, 100}, {26, 92}, {32, 80}, {40, 55}, {UINT32_MAX, 0}};

static bool chance (const sample_families_t *families, uint32_t percent) {
  return sample_below (families->random, 100) < percent;
}

/* Ages base, base + 1, base − 1, base + 2 …: the step-th of them. */
static int outwards (int base, int step) {
  return step % 2 ? base + (step + 1) / 2 : base - step / 2;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static int32_t birth_of (sample_random_t *random, uint32_t age) {
  return mns_date_day_number (sample_day_in_year (random, SAMPLE_EFFECTIVE / 10000 - 1 - (int)age));
}

static void add_members (sample_families_t *families, uint8_t sex, uint8_t age, uint16_t count) {
  for (uint16_t i = 0; i < count; i++)
    families->members[families->count++] = (sample_member_t){.birth = birth_of (families->random, age),
                                                             .partner = SAMPLE_NOBODY,
                                                             .parent = SAMPLE_NOBODY,
                                                             .first_child = SAMPLE_NOBODY,
                                                             .sibling = SAMPLE_NOBODY,
                                                             .guest = SAMPLE_NOBODY,
                                                             .host = SAMPLE_NOBODY,
                                                             .sex = sex,
                                                             .age = age};
}

/* How many there are of an age, and one of them, chosen by chance and then those after it in turn. */
static int32_t bucket (const sample_families_t *families, int sex, int age, int32_t *size) {
  *size = 0;
  if (age < 0 || age > LAST_AGE)
    return 0;
  int32_t begin = families->first[sex - 1][age];
  *size = families->first[sex - 1][age + 1] - begin;
  return begin;
}

typedef bool (*fits_t) (const sample_families_t *families, const sample_member_t *candidate, const sample_member_t *to);

static int32_t find (const sample_families_t *families, int sex, int age, fits_t fits, const sample_member_t *to) {
  int32_t size, begin = bucket (families, sex, age, &size);
  int32_t start = size > 0 ? (int32_t)sample_below (families->random, (uint32_t)size) : 0;
  for (int32_t i = 0; i < size; i++) {
    int32_t at = begin + (start + i) % size;
    if (fits (families, &families->members[at], to))
      return at;
  }
  return SAMPLE_NOBODY;
}

bool sample_member_is_core (const sample_member_t *member) {
  bool wife = member->sex == MNS_FEMALE && member->partner != SAMPLE_NOBODY;
  return !wife && member->parent == SAMPLE_NOBODY && member->host == SAMPLE_NOBODY;
}

/* ---- couples ----------------------------------------------------------------------------------------------------- */

static bool is_free_man (const sample_families_t *families, const sample_member_t *man, const sample_member_t *woman) {
  (void)families, (void)woman;
  return man->partner == SAMPLE_NOBODY;
}

static void find_husband (sample_families_t *families, int32_t woman) {
  sample_member_t *wife = &families->members[woman];
  int base = wife->age - 1 + (int)sample_below (families->random, 6);
  for (int step = 0; step < 16; step++) {
    int age = outwards (base, step);
    int32_t man = age < 20 ? SAMPLE_NOBODY : find (families, MNS_MALE, age, is_free_man, wife);
    if (man == SAMPLE_NOBODY)
      continue;
    wife->partner = man;
    families->members[man].partner = woman;
    return;
  }
}

static uint8_t draw_capacity (const sample_families_t *families, const sample_member_t *woman) {
  uint32_t draw = sample_below (families->random, 100);
  if (woman->partner == SAMPLE_NOBODY)
    return woman->age >= 45 && draw < 40;
  return (uint8_t)((draw >= sample_band (none, woman->age)) + (draw >= sample_band (one, woman->age)) +
                   (draw >= sample_band (two, woman->age)));
}

static void make_couples (sample_families_t *families) {
  for (int age = LAST_AGE; age >= SAMPLE_OF_AGE; age--) {
    int32_t size, begin = bucket (families, MNS_FEMALE, age, &size);
    for (int32_t i = begin; i < begin + size; i++) {
      if (chance (families, sample_band (married, (uint32_t)age)))
        find_husband (families, i);
      families->members[i].capacity = draw_capacity (families, &families->members[i]);
    }
  }
}

/* ---- children ---------------------------------------------------------------------------------------------------- */

static bool is_spaced (const sample_families_t *families, const sample_member_t *mother, int32_t birth) {
  for (int32_t i = mother->first_child; i != SAMPLE_NOBODY; i = families->members[i].sibling)
    if (abs (families->members[i].birth - birth) < SIBLINGS_DAYS)
      return false;
  return true;
}

static bool has_room (const sample_families_t *families, const sample_member_t *mother, const sample_member_t *child) {
  return mother->parent == SAMPLE_NOBODY && mother->children < mother->capacity &&
         is_spaced (families, mother, child->birth);
}

/* For minors only: a married woman with one child more than she was meant to have. */
static bool has_room_for_one_more (const sample_families_t *families, const sample_member_t *mother,
                                   const sample_member_t *child) {
  return mother->partner != SAMPLE_NOBODY && mother->capacity > 0 && mother->children <= mother->capacity &&
         is_spaced (families, mother, child->birth);
}

static bool takes_in (const sample_families_t *families, const sample_member_t *adult, const sample_member_t *child) {
  (void)families, (void)child;
  return sample_member_is_core (adult) && adult->children == 0;
}

static void adopt (sample_families_t *families, int32_t parent, int32_t child) {
  sample_member_t *to = &families->members[parent], *member = &families->members[child];
  member->parent = parent;
  member->sibling = to->first_child;
  to->first_child = child;
}

static bool give_mother (sample_families_t *families, int32_t child, fits_t fits) {
  const sample_member_t *member = &families->members[child];
  int base = 21 + (int)sample_below (families->random, 6) + (int)sample_below (families->random, 6);
  for (int step = 0; step < 34; step++) {
    int older = outwards (base, step);
    if (older < 19 || older > 43)
      continue;
    int32_t mother = find (families, MNS_FEMALE, member->age + older, fits, member);
    if (mother != SAMPLE_NOBODY) {
      families->members[mother].children++;
      adopt (families, mother, child);
      return true;
    }
  }
  return false;
}

/* Grandparents by preference, else whoever is of age. */
static void give_guardian (sample_families_t *families, int32_t child) {
  const sample_member_t *member = &families->members[child];
  for (int step = 0; step < 2 * SAMPLE_AGES; step++) {
    int age = outwards (member->age + 50, step);
    if (age < SAMPLE_OF_AGE)
      continue;
    int sex = chance (families, 50) ? MNS_MALE : MNS_FEMALE;
    int32_t adult = find (families, sex, age, takes_in, member);
    if (adult == SAMPLE_NOBODY)
      adult = find (families, sex == MNS_MALE ? MNS_FEMALE : MNS_MALE, age, takes_in, member);
    if (adult != SAMPLE_NOBODY) {
      adopt (families, adult, child);
      return;
    }
  }
}

static bool is_settled (const sample_member_t *member) {
  return member->partner != SAMPLE_NOBODY || member->first_child != SAMPLE_NOBODY;
}

static void place_children (sample_families_t *families, int sex, int age) {
  int32_t size, begin = bucket (families, sex, age, &size);
  for (int32_t i = begin; i < begin + size; i++) {
    if (is_settled (&families->members[i]) || !chance (families, sample_band (at_home, (uint32_t)age)))
      continue;
    if (!give_mother (families, i, has_room) && age < SAMPLE_OF_AGE &&
        !give_mother (families, i, has_room_for_one_more))
      give_guardian (families, i);
  }
}

static void make_children (sample_families_t *families) {
  for (int age = 0; age < 40; age++) {
    place_children (families, MNS_MALE, age);
    place_children (families, MNS_FEMALE, age);
  }
}

/* ---- parents who live with a married son ------------------------------------------------------------------------- */

static bool may_host (const sample_families_t *families, const sample_member_t *son, const sample_member_t *old) {
  (void)families, (void)old;
  return son->partner != SAMPLE_NOBODY && son->guest == SAMPLE_NOBODY && son->host == SAMPLE_NOBODY &&
         son->parent == SAMPLE_NOBODY;
}

static bool may_be_guest (const sample_families_t *families, const sample_member_t *old) {
  bool childless = old->first_child == SAMPLE_NOBODY;
  if (old->partner != SAMPLE_NOBODY)
    childless = childless && families->members[old->partner].first_child == SAMPLE_NOBODY;
  return childless && old->guest == SAMPLE_NOBODY && sample_member_is_core (old);
}

static void find_host (sample_families_t *families, int32_t old) {
  sample_member_t *guest = &families->members[old];
  int base = 24 + (int)sample_below (families->random, 8);
  for (int step = 0; step < 24; step++) {
    int older = outwards (base, step);
    if (older < 23 || older > 40)
      continue;
    int32_t son = find (families, MNS_MALE, guest->age - older, may_host, guest);
    if (son != SAMPLE_NOBODY) {
      guest->host = son;
      families->members[son].guest = old;
      return;
    }
  }
}

static void make_guests (sample_families_t *families) {
  for (int32_t i = 0; i < families->count; i++) {
    const sample_member_t *old = &families->members[i];
    if (old->age >= 55 && may_be_guest (families, old) && chance (families, old->partner != SAMPLE_NOBODY ? 55 : 80))
      find_host (families, i);
  }
}

void sample_families_init (sample_families_t *families, sample_random_t *random,
                           const uint16_t natives[SAMPLE_AGES * 2]) {
  size_t count = 0;
  for (size_t i = 0; i < SAMPLE_AGES * 2; i++)
    count += natives[i];
  *families = (sample_families_t){.random = random, .members = mns_alloc (count * sizeof (sample_member_t))};
  for (uint8_t sex = MNS_MALE; sex <= MNS_FEMALE; sex++) {
    for (uint8_t age = 0; age < SAMPLE_AGES; age++) {
      families->first[sex - 1][age] = families->count;
      add_members (families, sex, age, natives[age * 2 + sex - 1]);
    }
    families->first[sex - 1][SAMPLE_AGES] = families->count;
  }
  make_couples (families);
  make_children (families);
  make_guests (families);
}

void sample_families_fini (sample_families_t *families) {
  free (families->members);
  families->members = NULL;
}
