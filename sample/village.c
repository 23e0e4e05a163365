/* Writes the families of a village down as persons and households, then those registered twice, then incomers. */
#include "sample/village.h"

#include "sample/family.h"
#include <assert.h>

/* What all rows of one household share while it is written down. */
typedef struct {
  sample_county_t *county;
  const sample_families_t *families;
  sample_person_t facts; /* household, village, ethnic group */
  uint32_t first;        /* its first person, the head */
} home_t;

static uint8_t relation (const char *word) {
  return (uint8_t)mns_code_find (&mns_relation, word);
}

static home_t open_home (sample_county_t *county, uint16_t village, const sample_families_t *families) {
  static const uint8_t others[] = {3, 4, 6, 7, 8, 15}; /* GB 3304 */
  uint32_t number = county->household_count++;
  sample_household_t *household = &county->households[number];
  bool after = number > 0 && household[-1].village == village;
  *household = (sample_household_t){county->count, after ? household[-1].number + 1 : 1, village};
  bool han = sample_below (&county->random, 1000) < 993;
  home_t home = {.county = county, .families = families, .first = county->count};
  home.facts.household = number;
  home.facts.village = village;
  home.facts.ethnic = han ? 1 : others[sample_below (&county->random, sizeof others)];
  return home;
}

/* ---- families ---------------------------------------------------------------------------------------------------- */

static const char *marital_of (home_t *home, const sample_member_t *member) {
  uint32_t draw = sample_below (&home->county->random, 100);
  if (member->partner != SAMPLE_NOBODY)
    return "20";
  if (member->age < 22 || member->parent != SAMPLE_NOBODY)
    return "10";
  if (member->age >= 60)
    return draw < 88 ? "30" : draw < 93 ? "40" : "10";
  return member->children > 0 ? "40" : draw < 80 ? "10" : draw < 95 ? "40" : "30";
}

static uint32_t add_member (home_t *home, int32_t index, const char *relation_word, uint32_t surname) {
  const sample_member_t *member = &home->families->members[index];
  sample_person_t facts = home->facts;
  facts.birth = mns_date_from_day_number (member->birth);
  facts.sex = member->sex;
  facts.relation = relation (relation_word);
  facts.marital = (uint8_t)mns_code_find (&mns_marital, marital_of (home, member));
  return sample_person_add (home->county, &facts, surname, true);
}

/* A man, or whoever stands alone, and the wife right behind him. */
static uint32_t add_couple (home_t *home, int32_t core, const char *his, const char *hers, uint32_t surname) {
  const sample_member_t *member = &home->families->members[core];
  uint32_t man = add_member (home, core, his, surname);
  if (member->partner != SAMPLE_NOBODY) {
    uint32_t wife = add_member (home, member->partner, hers, SAMPLE_NONE);
    home->county->persons[wife].with_husband = true;
  }
  return man;
}

static void count_child (sample_person_t *parent, const sample_person_t *child) {
  parent->children++;
  parent->sons = (uint8_t)(parent->sons + (child->sex == MNS_MALE));
  if (child->birth > parent->last_child)
    parent->last_child = child->birth;
}

/* Children of `parent`, whose person is `elder`; who was taken in gets a relation that fits the ages. */
static void add_children (home_t *home, int32_t parent, uint32_t elder, bool grandchildren) {
  const sample_member_t *members = home->families->members;
  sample_county_t *county = home->county;
  uint8_t surname = county->persons[elder - county->persons[elder].with_husband].surname;
  for (int32_t i = members[parent].first_child; i != SAMPLE_NOBODY; i = members[i].sibling) {
    const char *word = members[i].sex == MNS_MALE ? (grandchildren ? "41" : "20") : (grandchildren ? "42" : "30");
    uint32_t child = add_member (home, i, word, surname);
    if (members[parent].children == 0) {
      county->persons[child].relation = sample_relation_fit (
          county, home->facts.household, county->persons[child].birth, county->persons[child].sex, false);
      continue;
    }
    count_child (&county->persons[elder], &county->persons[child]);
    if (county->persons[elder].with_husband)
      count_child (&county->persons[elder - 1], &county->persons[child]);
  }
}

static void add_all_children (home_t *home, int32_t core, uint32_t person, bool grandchildren) {
  int32_t partner = home->families->members[core].partner;
  add_children (home, core, person, grandchildren);
  if (partner != SAMPLE_NOBODY)
    add_children (home, partner, person + 1, grandchildren);
}

/* An old father under 75 may still be the head; else the son is, and his parents live with him. */
static void add_family (sample_county_t *county, uint16_t village, const sample_families_t *families, int32_t core) {
  home_t home = open_home (county, village, families);
  int32_t guest = families->members[core].guest;
  const sample_member_t *old = guest == SAMPLE_NOBODY ? NULL : &families->members[guest];
  if (old != NULL && old->sex == MNS_MALE && old->age < 75 && sample_below (&county->random, 2)) {
    uint32_t head = add_couple (&home, guest, "02", "10", SAMPLE_NONE);
    uint32_t son = add_couple (&home, core, "20", "38", county->persons[head].surname);
    add_all_children (&home, core, son, true);
    return;
  }
  uint32_t head = add_couple (&home, core, "02", "10", SAMPLE_NONE);
  add_all_children (&home, core, head, false);
  if (old != NULL)
    add_couple (&home, guest, old->sex == MNS_MALE ? "51" : "52", "52",
                old->sex == MNS_MALE ? county->persons[head].surname : SAMPLE_NONE);
}

/* In no order of age. */
static void add_families (sample_county_t *county, uint16_t village, const sample_families_t *families) {
  int32_t *cores = mns_alloc ((size_t)families->count * sizeof *cores);
  size_t count = 0;
  for (int32_t i = 0; i < families->count; i++)
    if (sample_member_is_core (&families->members[i]))
      cores[count++] = i;
  sample_shuffle (&county->random, cores, count, sizeof *cores);
  for (size_t i = 0; i < count; i++)
    add_family (county, village, families, cores[i]);
  free (cores);
}

/* ---- registered twice -------------------------------------------------------------------------------------------- */

/* The same name and birth date in another village under another number. */
static void add_duplicate (sample_county_t *county, uint16_t village, uint32_t others) {
  const sample_person_t *first;
  do
    first = &county->persons[sample_below (&county->random, others)];
  while (first->fate != SAMPLE_FREE || first->birth > SAMPLE_EFFECTIVE - SAMPLE_OF_AGE * 10000 ||
         !sample_name_take (county->names, village, first->birth, first->surname, first->given));
  home_t home = open_home (county, village, NULL);
  sample_person_t *copy = &county->persons[county->count++];
  assert (county->count <= county->capacity);
  *copy = home.facts;
  copy->birth = first->birth;
  copy->sex = first->sex;
  copy->surname = first->surname;
  copy->given = first->given;
  copy->ethnic = first->ethnic;
  copy->marital = first->marital;
  copy->relation = relation ("02");
  copy->serial = sample_serial_next (county->names, false, copy->birth, copy->sex);
  copy->fate = SAMPLE_DUPLICATE;
}

/* ---- incomers ---------------------------------------------------------------------------------------------------- */

static void add_incomer (home_t *home, uint8_t sex, int age, bool coupled) {
  sample_county_t *county = home->county;
  sample_person_t facts = home->facts;
  facts.sex = sex;
  facts.birth = sample_day_in_year (&county->random, SAMPLE_EFFECTIVE / 10000 - 1 - age);
  facts.relation = relation (county->count == home->first ? "02" : "10");
  facts.marital = (uint8_t)mns_code_find (&mns_marital, coupled ? "20" : "10");
  facts.with_husband = county->count != home->first;
  facts.fate = SAMPLE_INCOMER;
  facts.arrived = true;
  sample_person_add (county, &facts, SAMPLE_NONE, true);
}

static void add_incomers (sample_county_t *county, uint16_t village, uint32_t count) {
  while (count > 0) {
    home_t home = open_home (county, village, NULL);
    home.facts.elsewhere = sample_elsewhere_any (county);
    int age = (int)sample_between (&county->random, 20, 50);
    bool couple = count > 1 && age >= 23 && sample_below (&county->random, 100) < 45;
    uint8_t sex = couple || sample_below (&county->random, 100) < 55 ? MNS_MALE : MNS_FEMALE;
    add_incomer (&home, sex, age, couple);
    if (couple)
      add_incomer (&home, MNS_FEMALE, age - (int)sample_below (&county->random, 4), true);
    count -= couple ? 2 : 1;
  }
}

void sample_village_make (sample_county_t *county, const sample_village_plan_t *plan) {
  sample_families_t families;
  uint32_t others = county->count;
  sample_families_init (&families, &county->random, plan->natives);
  add_families (county, plan->village, &families);
  sample_families_fini (&families);
  for (uint32_t i = 0; i < plan->duplicates; i++)
    add_duplicate (county, plan->village, others);
  add_incomers (county, plan->village, plan->incomers);
}
