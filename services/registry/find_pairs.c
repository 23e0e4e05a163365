/* The search for pairs among those who are in the register already. */
#include "services/registry/find_pairs.h"

#include "common/text.h"
#include "services/registry/match.h"
#include <stdlib.h>
#include <string.h>

#define KEY_SIZE   608
#define FIRST_ROOM 1024

/* Somebody of the month, and under what the others are found. */
typedef struct {
  mns_person_entry_t person;
  char key[KEY_SIZE]; /* of the name: variants stand together */
} born_t;

typedef struct {
  registry_t *self;
  mns_date_t today;
  born_t *born;
  const born_t **order;
  size_t count, room;
  uint64_t found;
} find_t;

/* ---- two entries ------------------------------------------------------------------------------------------------- */

static mns_rc_t put_pair (find_t *find, const mns_person_entry_t *one, const mns_person_entry_t *other,
                          const registry_score_t *score) {
  registry_t *self = find->self;
  bool is_new;
  registry_pair_t pair = {.first = one->id,
                          .second = other->id,
                          .state = MNS_DUPLICATE_OPEN,
                          .place = registry_common_area (registry_area (self, one->place, one->residence),
                                                         registry_area (self, other->place, other->residence)),
                          .score = *score,
                          .opened = find->today};
  mns_rc_t rc = registry_pair_put (&self->duplicates, &pair, &is_new);
  find->found += is_new;
  return rc;
}

/* The births are read only of the few for whom they can matter. */
static mns_rc_t compare (find_t *find, const mns_person_entry_t *one, const mns_person_entry_t *other) {
  char first[41], second[41];
  const registry_weights_t *weights = &find->self->catalogue.weights;
  registry_identity_t a = registry_identity_of (one), b = registry_identity_of (other);
  registry_score_t score;
  bool siblings = one->mother && one->mother == other->mother;
  registry_verdict_t verdict = registry_duplicate (&a, &b, weights, &score);
  if (one->id == other->id || (verdict == REGISTRY_OTHER && !siblings))
    return MNS_OK;
  mns_rc_t rc = registry_identity_load (find->self, one, first, &a);
  if (rc == MNS_OK)
    rc = registry_identity_load (find->self, other, second, &b);
  if (rc == MNS_OK)
    verdict = registry_duplicate (&a, &b, weights, &score);
  if (rc != MNS_OK || verdict == REGISTRY_OTHER)
    return rc;
  if (verdict == REGISTRY_SAME)
    score = registry_score (&a, &b, weights);
  return put_pair (find, one, other, &score);
}

/* ---- groups of the month ----------------------------------------------------------------------------------------- */

static int by_village_and_day (const void *a, const void *b) {
  const mns_person_entry_t *one = &(*(const born_t *const *)a)->person, *other = &(*(const born_t *const *)b)->person;
  if (one->place != other->place)
    return one->place < other->place ? -1 : 1;
  return one->birth < other->birth ? -1 : one->birth > other->birth;
}

static int by_name (const void *a, const void *b) {
  return strcmp ((*(const born_t *const *)a)->key, (*(const born_t *const *)b)->key);
}

static int by_mother (const void *a, const void *b) {
  uint64_t one = (*(const born_t *const *)a)->person.mother, other = (*(const born_t *const *)b)->person.mother;
  return one < other ? -1 : one > other;
}

/* Each with each of those who are equal in this order. */
static mns_rc_t compare_groups (find_t *find, int (*order) (const void *a, const void *b)) {
  mns_rc_t rc = MNS_OK;
  qsort (find->order, find->count, sizeof find->order[0], order);
  for (size_t i = 0; i < find->count; i++) {
    if (order == by_mother && !find->order[i]->person.mother)
      continue;
    for (size_t j = i + 1; rc == MNS_OK && j < find->count && order (&find->order[i], &find->order[j]) == 0; j++)
      rc = compare (find, &find->order[i]->person, &find->order[j]->person);
  }
  return rc;
}

/* ---- one by one -------------------------------------------------------------------------------------------------- */

static mns_rc_t compare_found (find_t *find, const mns_person_entry_t *person, const registry_found_t *found) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < found->count; i++)
    if (found->persons[i].status != MNS_REMOVED)
      rc = compare (find, person, &found->persons[i]);
  return rc;
}

static mns_rc_t compare_number (find_t *find, const mns_person_entry_t *person) {
  registry_found_t found;
  if (!*person->citizen_number ||
      !registry_number_may_be_shared (&find->self->people, person->citizen_number, person->id))
    return MNS_OK;
  mns_rc_t rc = registry_people_by_number (&find->self->people, person->citizen_number, &found);
  return rc == MNS_OK ? compare_found (find, person, &found) : rc;
}

static mns_rc_t compare_slips (find_t *find, const mns_person_entry_t *person) {
  registry_found_t found;
  mns_date_t slips[REGISTRY_SLIPS_MAX];
  size_t count = registry_birth_slips (person->birth, slips);
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < count; i++) {
    if (slips[i] > person->birth) /* seen from there */
      continue;
    rc = registry_people_by_birth (&find->self->people, person->place, slips[i], person->name, &found);
    if (rc == MNS_OK)
      rc = compare_found (find, person, &found);
  }
  return rc;
}

/* ---- the month --------------------------------------------------------------------------------------------------- */

static mns_rc_t collect (void *context, const mns_person_entry_t *person) {
  find_t *find = context;
  if (find->count == find->room) {
    find->room = find->room ? 2 * find->room : FIRST_ROOM;
    find->born = mns_realloc (find->born, find->room * sizeof find->born[0]);
  }
  born_t *born = &find->born[find->count++];
  born->person = *person;
  if (!registry_name_sort_key (person->name, born->key, sizeof born->key))
    mns_text_copy (born->key, sizeof born->key, person->name);
  return MNS_OK;
}

static mns_rc_t compare_all (find_t *find) {
  find->order = mns_alloc ((find->count + 1) * sizeof find->order[0]);
  for (size_t i = 0; i < find->count; i++)
    find->order[i] = &find->born[i];
  mns_rc_t rc = compare_groups (find, by_village_and_day);
  if (rc == MNS_OK)
    rc = compare_groups (find, by_name);
  if (rc == MNS_OK)
    rc = compare_groups (find, by_mother);
  for (size_t i = 0; rc == MNS_OK && i < find->count; i++) {
    rc = compare_number (find, &find->born[i].person);
    if (rc == MNS_OK)
      rc = compare_slips (find, &find->born[i].person);
  }
  return rc;
}

/* A few days of the next month stand in this one, too, so that a pair around its end is seen. */
mns_rc_t registry_find_pairs (registry_t *self, mns_month_t month, mns_date_t today, uint64_t *checked,
                              uint64_t *found) {
  find_t find = {.self = self, .today = today};
  mns_date_t last = mns_date_add_days (mns_date_last_of_month (month), self->catalogue.weights.window_days);
  mns_rc_t rc = registry_check_born (&self->check, month * 100 + 1, last, collect, &find);
  if (rc == MNS_OK)
    rc = compare_all (&find);
  *checked = find.count;
  *found = find.found;
  free (find.born);
  free (find.order);
  return rc;
}
