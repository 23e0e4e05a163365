/* A reader who wants to know more than was released: takes every open figure of every release for an interval, and
 * narrows the intervals through all that must add up, and through what cannot have moved between two releases. Written
 * apart from the audit of the service, over plain arrays.
 *
 * The county has the same number of villages in each township, and everything begins with a year. */
#ifndef MNS_TESTS_SUPPORT_ATTACKER_H
#define MNS_TESTS_SUPPORT_ATTACKER_H

#include "services/statistics/rules_release.h"

typedef struct attacker attacker_t;

/* Townships county + 101000 … , villages township + 201 … ; `start`: the first month, a January. */
attacker_t *attacker_new (mns_place_t county, int townships, int villages, int start, int years);
void attacker_destroy (attacker_t **attacker);
/* A further release: the figures as they stand after it (MNS_NONE: none), beside the exact counts, which only decide
 * whether what is found is true. `spread`: how far a figure may be from its count; the usual one is 4. */
void attacker_release (attacker_t *attacker, const statistics_release_t *release, int months);
/* Narrows everything; how many small counts below the county are pinned to fewer than 5 values, the county's own
 * figures not being enough for that. Prints the first when `loud`. */
int attacker_attack (attacker_t *attacker, int64_t spread, bool loud);

#endif
