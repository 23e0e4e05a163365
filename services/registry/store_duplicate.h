/* The work list of pairs that may be one person. */
#ifndef MNS_REGISTRY_STORE_DUPLICATE_H
#define MNS_REGISTRY_STORE_DUPLICATE_H

#include "common/db.h"
#include "services/registry/rules_duplicate.h"

typedef struct {
  uint64_t id, first, second;
  mns_code_t state; /* mns_duplicate_state */
  mns_place_t place;
  registry_score_t score;
  mns_date_t opened, closed;
  char account[49], reason[201];
} registry_pair_t;

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *get, *find, *rescore, *close, *in_state, *of_person;
} registry_duplicates_t;

void registry_duplicates_init (registry_duplicates_t *duplicates, mns_db_t *db);

/* MNS_NOT_FOUND when there is no such pair; `error` may be NULL. */
mns_rc_t registry_pair_get (registry_duplicates_t *duplicates, uint64_t id, registry_pair_t *pair, mns_error_t *error);
/* The pair of these two, in whichever order; pair->id 0: none. */
mns_rc_t registry_pair_find (registry_duplicates_t *duplicates, uint64_t one, uint64_t other, registry_pair_t *pair);
/* Puts the pair on the list, its number into pair->id. `first` and `second` may be in any order. One that is there gets
 * the new score when it is open, and stays as it is when it was decided: *is_new false. */
mns_rc_t registry_pair_put (registry_duplicates_t *duplicates, registry_pair_t *pair, bool *is_new);
/* Writes state, closed, account and reason. */
mns_rc_t registry_pair_close (registry_duplicates_t *duplicates, const registry_pair_t *pair);

/* Calls `each` for open pairs, those with the most points first, or for the pairs of one person in any state. `each`
 * answers MNS_GONE to end. */
typedef mns_rc_t (*registry_each_pair_t) (void *context, const registry_pair_t *pair);
mns_rc_t registry_pairs_in_state (registry_duplicates_t *duplicates, mns_code_t state, int64_t points,
                                  registry_each_pair_t each, void *context);
mns_rc_t registry_pairs_of_person (registry_duplicates_t *duplicates, uint64_t person, registry_each_pair_t each,
                                   void *context);

#endif
