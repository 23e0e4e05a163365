/* Who belongs to whom in one village: couples, mothers and children, parents living with a married son. */
#ifndef MNS_SAMPLE_FAMILY_H
#define MNS_SAMPLE_FAMILY_H

#include "sample/data.h"
#include "sample/random.h"

#define SAMPLE_NOBODY (-1)
#define SAMPLE_OF_AGE 18

/* All links are indexes of members. */
typedef struct {
  int32_t birth; /* day number */
  int32_t partner;
  int32_t parent;               /* the mother, or the one who takes in a child without one */
  int32_t first_child, sibling; /* a list */
  int32_t guest, host;          /* a married man's father or mother lives with him */
  uint8_t sex, age;
  uint8_t children, capacity; /* as a mother */
} sample_member_t;

typedef struct {
  sample_random_t *random;
  sample_member_t *members; /* by sex and age */
  int32_t count;
  int32_t first[2][SAMPLE_AGES + 1]; /* where each age begins, and the end */
} sample_families_t;

/* `natives`: males and females of each age in turn, in full years on the baseline's day. */
void sample_families_init (sample_families_t *families, sample_random_t *random,
                           const uint16_t natives[SAMPLE_AGES * 2]);
void sample_families_fini (sample_families_t *families);

/* Around whom a household stands: single, or the man of a couple, and nobody's child or guest. */
bool sample_member_is_core (const sample_member_t *member);

#endif
