/* When two entries are one person. Pure.
 *
 *   same number, name and birth date                       → the same person
 *   no numbers; same village, birth date, name and sex     → the same person
 *   same mother and rank, birth date, name and sex         → the same person
 *   same mother, born within a day, another rank           → twins, never each other's duplicate
 *   anything else                                          → by points: each fact that can be compared weighs for or
 *                                                            against, as catalogue/duplicates.yaml says
 *
 * "Likely" is for a person to decide: the row is refused unless it says confirm = yes. A "suspicion" is taken, and put
 * on the work list of pairs. */
#ifndef MNS_REGISTRY_RULES_DUPLICATE_H
#define MNS_REGISTRY_RULES_DUPLICATE_H

#include "common/records/registry_duplicates.h"
#include "services/registry/rules_name.h"

typedef enum { REGISTRY_OTHER, REGISTRY_SUSPICION, REGISTRY_LIKELY, REGISTRY_SAME } registry_verdict_t;

/* What identifies a person. */
typedef struct {
  const char *number, *name, *certificate; /* "" when there is none */
  mns_code_t sex;
  mns_date_t birth;
  mns_code_t precision; /* of the birth date; 0: a day */
  mns_place_t place;
  uint64_t mother, household; /* 0: not known */
  int64_t rank;               /* of a newborn with its mother; MNS_NONE: not known */
} registry_identity_t;

/* What each fact weighs (by mns_duplicate_fact), and what it takes. */
typedef struct {
  int points[MNS_FACT_COUNT + 1];
  int likely, suspicion;
  int window_days;
} registry_weights_t;

/* The facts that were found, bit 1 << fact, and the sum of their points. */
typedef struct {
  int points;
  uint32_t facts;
} registry_score_t;

/* Children of one delivery with another rank. */
bool registry_are_twins (const registry_identity_t *a, const registry_identity_t *b);
registry_score_t registry_score (const registry_identity_t *a, const registry_identity_t *b,
                                 const registry_weights_t *weights);
/* `score` is filled unless they are the same or twins. */
registry_verdict_t registry_duplicate (const registry_identity_t *newcomer, const registry_identity_t *present,
                                       const registry_weights_t *weights, registry_score_t *score);

/* Dates that typing mistakes make of this one: day and month exchanged, two neighbouring digits exchanged. Valid ones
 * only, none twice; how many. */
#define REGISTRY_SLIPS_MAX 8
size_t registry_birth_slips (mns_date_t birth, mns_date_t slips[REGISTRY_SLIPS_MAX]);

#endif
