/* Marriage, adoption and kin. */
#include "services/registry/rules_family.h"

#include <inttypes.h>
#include <stdlib.h>

enum { AGAIN = 1 };

static const mns_code_row_t guard_rows[] = {{"again", "", "the one it was divorced from", "与原配偶"}};
static const mns_code_table_t guards = {.name = "marital_guard", .rows = guard_rows, .count = 1};

#define NOT_KNOWN 0
#define UNSTATED  (MNS_DIVORCED + 1)

static const mns_transition_t transitions[] = {
    {NOT_KNOWN, MNS_MARRIAGE, MNS_MARRIED, 0},
    {UNSTATED, MNS_MARRIAGE, MNS_MARRIED, 0},
    {MNS_NEVER_MARRIED, MNS_MARRIAGE, MNS_FIRST_MARRIAGE, 0},
    {MNS_WIDOWED, MNS_MARRIAGE, MNS_REMARRIED, 0},
    {MNS_DIVORCED, MNS_MARRIAGE, MNS_MARRIAGE_RESTORED, AGAIN},
    {MNS_DIVORCED, MNS_MARRIAGE, MNS_REMARRIED, 0},
    {MNS_MARRIED, MNS_DIVORCE, MNS_DIVORCED, 0},
    {MNS_FIRST_MARRIAGE, MNS_DIVORCE, MNS_DIVORCED, 0},
    {MNS_REMARRIED, MNS_DIVORCE, MNS_DIVORCED, 0},
    {MNS_MARRIAGE_RESTORED, MNS_DIVORCE, MNS_DIVORCED, 0},
    {MNS_MARRIED, MNS_DEATH, MNS_WIDOWED, 0},
    {MNS_FIRST_MARRIAGE, MNS_DEATH, MNS_WIDOWED, 0},
    {MNS_REMARRIED, MNS_DEATH, MNS_WIDOWED, 0},
    {MNS_MARRIAGE_RESTORED, MNS_DEATH, MNS_WIDOWED, 0},
};

const mns_machine_t registry_marital_machine = {
    .name = "marital",
    .states = &mns_marital,
    .events = &mns_life_event,
    .guards = &guards,
    .rows = transitions,
    .count = sizeof transitions / sizeof transitions[0],
};

static bool guard_holds (mns_code_t guard, const void *facts) {
  return guard == AGAIN && *(const bool *)facts;
}

mns_rc_t registry_marital_next (mns_code_t marital, mns_code_t event, bool again, mns_code_t *next,
                                mns_error_t *error) {
  return mns_machine_next (&registry_marital_machine, marital, event, guard_holds, &again, next, error);
}

bool registry_is_married (mns_code_t marital) {
  return marital >= MNS_MARRIED && marital <= MNS_MARRIAGE_RESTORED;
}

/* ---- couples and parents ---------------------------------------------------------------------------------------- */

static bool is_parent (const mns_person_entry_t *child, uint64_t person) {
  return child->mother == person || child->father == person || child->adoptive_mother == person ||
         child->adoptive_father == person;
}

mns_rc_t registry_couple_check (const mns_person_entry_t *person, const mns_person_entry_t *partner,
                                mns_error_t *error) {
  if (person->id == partner->id)
    return mns_fail (error, MNS_WRONG_STATE, "partner_person", "nobody marries or divorces himself");
  if (is_parent (person, partner->id) || is_parent (partner, person->id))
    return mns_fail (error, MNS_WRONG_STATE, "partner_person",
                     "persons %" PRIu64 " and %" PRIu64 " are parent and child in the register", person->id,
                     partner->id);
  if (person->sex == partner->sex && person->sex <= MNS_FEMALE)
    return mns_fail (error, MNS_WRONG_STATE, "partner_person",
                     "persons %" PRIu64 " and %" PRIu64 " are both registered as %s; correct the sex of one first",
                     person->id, partner->id, mns_code_word (&mns_sex, person->sex));
  return MNS_OK;
}

mns_rc_t registry_parent_check (const mns_person_entry_t *child, const mns_person_entry_t *parent, const char *field,
                                mns_error_t *error) {
  mns_code_t wrong = field[0] == 'm' ? MNS_MALE : MNS_FEMALE;
  if (parent->sex == wrong)
    return mns_fail (error, MNS_WRONG_STATE, field, "person %" PRIu64 " is registered as %s", parent->id,
                     mns_code_word (&mns_sex, wrong));
  if (parent->birth >= child->birth)
    return mns_fail (error, MNS_WRONG_STATE, field, "person %" PRIu64 " is not older than the child", parent->id);
  return MNS_OK;
}

/* ---- relations --------------------------------------------------------------------------------------------------- */

/* What a relation to the head is, as far as it matters when another becomes head. */
typedef enum {
  OTHER,
  HEAD,
  SPOUSE,
  CHILD,
  CHILD_IN_LAW,
  GRANDCHILD,
  PARENT,
  PARENT_IN_LAW,
  GRANDPARENT,
  SIBLING
} kin_t;

static const struct {
  int first, last;
  kin_t kin;
} kinds[] = {
    {1, 2, HEAD},         {10, 12, SPOUSE},  {28, 28, CHILD_IN_LAW},  {38, 38, CHILD_IN_LAW}, {20, 39, CHILD},
    {40, 44, GRANDCHILD}, {50, 52, PARENT},  {53, 56, PARENT_IN_LAW}, {57, 58, PARENT},       {60, 64, GRANDPARENT},
    {70, 71, SIBLING},    {73, 73, SIBLING}, {75, 75, SIBLING},       {77, 77, SIBLING},
};

static kin_t kin_of (mns_code_t relation) {
  int number = atoi (mns_code_word (&mns_relation, relation));
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (number >= kinds[i].first && number <= kinds[i].last)
      return kinds[i].kin;
  return OTHER;
}

#define STAYS "="

/* The new head was `head` of the old one, the member `member`: the member's relation to the new head, of a man and of a
 * woman. `sex` is that of the new head, 0 either. */
static const struct {
  kin_t head, member;
  mns_code_t sex;
  const char *man, *woman;
} changes[] = {
    {SPOUSE, HEAD, 0, "11", "12"},
    {SPOUSE, CHILD, 0, STAYS, STAYS},
    {SPOUSE, CHILD_IN_LAW, 0, STAYS, STAYS},
    {SPOUSE, GRANDCHILD, 0, STAYS, STAYS},
    {SPOUSE, PARENT, MNS_FEMALE, "53", "54"},
    {SPOUSE, PARENT, MNS_MALE, "55", "56"},
    {SPOUSE, PARENT_IN_LAW, 0, "51", "52"},
    {CHILD, HEAD, 0, "51", "52"},
    {CHILD, SPOUSE, 0, "51", "52"},
    {CHILD, CHILD, 0, "70", "70"},
    {CHILD, PARENT, 0, "60", "60"},
    {CHILD, SIBLING, 0, "97", "97"},
    {CHILD_IN_LAW, HEAD, MNS_FEMALE, "53", "54"},
    {CHILD_IN_LAW, HEAD, MNS_MALE, "55", "56"},
    {CHILD_IN_LAW, SPOUSE, MNS_FEMALE, "53", "54"},
    {CHILD_IN_LAW, SPOUSE, MNS_MALE, "55", "56"},
    {GRANDCHILD, HEAD, 0, "60", "60"},
    {GRANDCHILD, SPOUSE, 0, "60", "60"},
    {PARENT, HEAD, 0, "20", "30"},
    {PARENT, SPOUSE, 0, "28", "38"},
    {PARENT, CHILD, 0, "40", "40"},
    {PARENT, PARENT, 0, "11", "12"},
    {PARENT, SIBLING, 0, "20", "30"},
    {PARENT_IN_LAW, HEAD, 0, "28", "38"},
    {PARENT_IN_LAW, SPOUSE, 0, "20", "30"},
    {PARENT_IN_LAW, CHILD, 0, "40", "40"},
    {PARENT_IN_LAW, PARENT_IN_LAW, 0, "11", "12"},
    {GRANDPARENT, HEAD, 0, "40", "40"},
    {SIBLING, HEAD, 0, "70", "70"},
    {SIBLING, SIBLING, 0, "70", "70"},
    {SIBLING, PARENT, 0, STAYS, STAYS},
    {SIBLING, GRANDPARENT, 0, STAYS, STAYS},
};

mns_code_t registry_head_relation (void) {
  return mns_code_find (&mns_relation, "02");
}

mns_code_t registry_relation_after (mns_code_t head, mns_code_t head_sex, mns_code_t member, mns_code_t member_sex) {
  kin_t head_kin = kin_of (head), member_kin = kin_of (member);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    if (changes[i].head != head_kin || changes[i].member != member_kin)
      continue;
    if (changes[i].sex && changes[i].sex != head_sex)
      continue;
    const char *word = member_sex == MNS_FEMALE ? changes[i].woman : changes[i].man;
    return word[0] == STAYS[0] ? member : mns_code_find (&mns_relation, word);
  }
  return 0;
}
