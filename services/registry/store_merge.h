/* Merges in the store, and the references that go with them. */
#ifndef MNS_REGISTRY_STORE_MERGE_H
#define MNS_REGISTRY_STORE_MERGE_H

#include "common/db.h"
#include "common/records/registry_duplicates.h"

typedef struct {
  uint64_t id, survivor, merged;
  mns_code_t state; /* mns_merge_state */
  mns_place_t place;
  mns_date_t asked, decided, undone;
  char reason[201], asked_by[49], decided_by[49], undone_by[49], why[201];
} registry_merge_entry_t;

#define REGISTRY_REFERENCES 9 /* kinds of them */

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *get, *of_merged, *decide, *list, *of_survivor;
  sqlite3_stmt *note[REGISTRY_REFERENCES], *move[REGISTRY_REFERENCES], *back[REGISTRY_REFERENCES];
  sqlite3_stmt *note_own, *set_relation, *set_spouse, *relation_back, *spouse_back, *moved;
} registry_merges_t;

void registry_merges_init (registry_merges_t *merges, mns_db_t *db);

/* The number goes to merge->id. */
mns_rc_t registry_merge_insert (registry_merges_t *merges, registry_merge_entry_t *merge);
/* MNS_NOT_FOUND when there is none. */
mns_rc_t registry_merge_get (registry_merges_t *merges, uint64_t id, registry_merge_entry_t *merge, mns_error_t *error);
/* What was asked or decided about an entry as the merged one and not undone; merge->id 0: nothing. */
mns_rc_t registry_merge_of (registry_merges_t *merges, uint64_t merged, registry_merge_entry_t *merge);
/* For whom an entry stands since it was merged, and merged again; 0: it was not. */
mns_rc_t registry_merge_survivor (registry_merges_t *merges, uint64_t merged, uint64_t *survivor);
/* Writes state, decided, undone, who and why. */
mns_rc_t registry_merge_decide (registry_merges_t *merges, const registry_merge_entry_t *merge);

/* Calls `each`, which answers MNS_GONE to end, for all merges, the newest first; or for those whose survivor it is. */
typedef mns_rc_t (*registry_each_merge_t) (void *context, const registry_merge_entry_t *merge);
mns_rc_t registry_merges_list (registry_merges_t *merges, registry_each_merge_t each, void *context);
mns_rc_t registry_merges_into (registry_merges_t *merges, uint64_t survivor, registry_each_merge_t each, void *context);

/* Whoever names the merged entry as mother, father, husband, wife or partner names the survivor from now on; what was
 * moved is noted. And the other way round, what still stands as it was moved. *moved: how many. */
mns_rc_t registry_references_move (registry_merges_t *merges, const registry_merge_entry_t *merge, int64_t *moved);
mns_rc_t registry_references_back (registry_merges_t *merges, const registry_merge_entry_t *merge, int64_t *moved);
/* The survivor becomes head of the household that both are in, `before` its relation so far; or is married to whom the
 * merged entry is. registry_references_back undoes these, too. */
mns_rc_t registry_relation_take (registry_merges_t *merges, const registry_merge_entry_t *merge, const char *before);
mns_rc_t registry_spouse_take (registry_merges_t *merges, const registry_merge_entry_t *merge, uint64_t spouse);

#endif
