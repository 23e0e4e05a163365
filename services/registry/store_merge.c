/* Merges in the store. */
#include "services/registry/store_merge.h"

#include "common/buffer.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                                        \
  "id, state, survivor, merged, place, reason, asked, asked_by, decided, decided_by, undone, undone_by, why"

/* Where a person is named. Events of birth are found by the child, which was moved before. */
static const struct {
  const char *word, *table, *column, *condition;
} references[REGISTRY_REFERENCES] = {
    {"mother", "person", "mother", ""},
    {"father", "person", "father", ""},
    {"spouse", "person", "spouse", ""},
    {"adoptive_mother", "person", "adoptive_mother", ""},
    {"adoptive_father", "person", "adoptive_father", ""},
    {"birth_mother", "event", "mother_person", " AND person IN (SELECT id FROM person WHERE mother IN (?1, ?2))"},
    {"birth_father", "event", "father_person", " AND person IN (SELECT id FROM person WHERE father IN (?1, ?2))"},
    {"partner", "event", "partner", ""},
    {"matter", "matter", "person", ""},
};

static sqlite3_stmt *prepare (mns_db_t *db, const char *format, size_t i) {
  mns_buffer_t sql = {0};
  for (const char *at = format; *at; at++)
    if (*at == '#')
      mns_buffer_printf (&sql, "%s", references[i].table);
    else if (*at == '@')
      mns_buffer_printf (&sql, "%s", references[i].column);
    else if (*at == '!')
      mns_buffer_printf (&sql, "%s", references[i].word);
    else if (*at == '~')
      mns_buffer_printf (&sql, "%s", references[i].condition);
    else
      mns_buffer_printf (&sql, "%c", *at);
  sqlite3_stmt *statement = mns_db_prepare (db, (const char *)sql.data);
  mns_buffer_fini (&sql);
  return statement;
}

void registry_merges_init (registry_merges_t *merges, mns_db_t *db) {
  *merges = (registry_merges_t){
      .db = db,
      .insert = mns_db_prepare (db, "INSERT INTO merge (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                                    "?11, ?12, ?13)"),
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM merge WHERE id = ?1"),
      .of_merged = mns_db_prepare (db, "SELECT " COLUMNS " FROM merge WHERE merged = ?1 AND state IN ('asked', "
                                       "'merged')"),
      .decide = mns_db_prepare (db, "UPDATE merge SET state = ?2, decided = ?3, decided_by = ?4, undone = ?5, "
                                    "undone_by = ?6, why = ?7 WHERE id = ?1"),
      .list = mns_db_prepare (db, "SELECT " COLUMNS " FROM merge ORDER BY id DESC"),
      .of_survivor = mns_db_prepare (db, "SELECT " COLUMNS " FROM merge WHERE survivor = ?1 ORDER BY id"),
      .note_own = mns_db_prepare (db, "INSERT INTO merge_moved (merge, reference, id, before) VALUES (?1, "
                                      "?2, ?3, ?4)"),
      .set_relation = mns_db_prepare (db, "UPDATE person SET relation = '02' WHERE id = ?1"),
      .set_spouse = mns_db_prepare (db, "UPDATE person SET spouse = ?2 WHERE id = ?1"),
      .relation_back = mns_db_prepare (db, "UPDATE person SET relation = (SELECT before FROM merge_moved WHERE merge = "
                                           "?1 AND reference = 'head' AND id = ?2) WHERE id = ?2 AND relation = '02' "
                                           "AND EXISTS (SELECT 1 FROM merge_moved WHERE merge = ?1 AND reference = "
                                           "'head')"),
      .spouse_back = mns_db_prepare (db, "UPDATE person SET spouse = NULL WHERE id = ?2 AND spouse = (SELECT CAST "
                                         "(before AS INTEGER) FROM merge_moved WHERE merge = ?1 AND reference = "
                                         "'own_spouse')"),
      .moved = mns_db_prepare (db, "SELECT count (*) FROM merge_moved WHERE merge = ?1"),
  };
  for (size_t i = 0; i < REGISTRY_REFERENCES; i++) {
    merges->note[i] = prepare (db,
                               "INSERT INTO merge_moved (merge, reference, id) SELECT ?3, '!', id FROM # "
                               "WHERE @ = ?1~",
                               i);
    merges->move[i] = prepare (db, "UPDATE # SET @ = ?2 WHERE @ = ?1~", i);
    merges->back[i] = prepare (db,
                               "UPDATE # SET @ = ?1 WHERE @ = ?2 AND id IN (SELECT id FROM merge_moved WHERE merge "
                               "= ?3 AND reference = '!')",
                               i);
  }
}

/* ---- merges ------------------------------------------------------------------------------------------------------ */

mns_rc_t registry_merge_insert (registry_merges_t *merges, registry_merge_entry_t *merge) {
  mns_rc_t rc = mns_db_take (merges->db, "merge", 1, &merge->id);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (merges->insert, "utuuptdtdsdss", merge->id, mns_code_word (&mns_merge_state, merge->state),
               merge->survivor, merge->merged, merge->place, merge->reason, merge->asked, merge->asked_by,
               merge->decided, merge->decided_by, merge->undone, merge->undone_by, merge->why);
  return mns_db_run (merges->db, merges->insert);
}

static void read_merge (sqlite3_stmt *statement, registry_merge_entry_t *merge) {
  char state[16];
  mns_db_read (statement, "utuuptdtdtdtt", &merge->id, state, sizeof state, &merge->survivor, &merge->merged,
               &merge->place, merge->reason, sizeof merge->reason, &merge->asked, merge->asked_by,
               sizeof merge->asked_by, &merge->decided, merge->decided_by, sizeof merge->decided_by, &merge->undone,
               merge->undone_by, sizeof merge->undone_by, merge->why, sizeof merge->why);
  merge->state = mns_code_find (&mns_merge_state, state);
}

static mns_rc_t read_one (registry_merges_t *merges, sqlite3_stmt *statement, uint64_t id,
                          registry_merge_entry_t *merge) {
  bool row = false;
  merge->id = 0;
  mns_db_bind (statement, "u", id);
  mns_rc_t rc = mns_db_step (merges->db, statement, &row);
  if (rc == MNS_OK && row)
    read_merge (statement, merge);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_merge_get (registry_merges_t *merges, uint64_t id, registry_merge_entry_t *merge,
                             mns_error_t *error) {
  mns_rc_t rc = read_one (merges, merges->get, id, merge);
  if (rc == MNS_OK && !merge->id)
    return mns_fail (error, MNS_NOT_FOUND, "merge", "there is no merge %" PRIu64 "; see `mns duplicate merges`", id);
  return rc;
}

mns_rc_t registry_merge_of (registry_merges_t *merges, uint64_t merged, registry_merge_entry_t *merge) {
  return read_one (merges, merges->of_merged, merged, merge);
}

mns_rc_t registry_merge_survivor (registry_merges_t *merges, uint64_t merged, uint64_t *survivor) {
  registry_merge_entry_t merge = {.id = 0};
  mns_rc_t rc = MNS_OK;
  *survivor = 0;
  do {
    rc = registry_merge_of (merges, *survivor ? *survivor : merged, &merge);
    if (rc == MNS_OK && merge.id && merge.state == MNS_MERGE_MERGED)
      *survivor = merge.survivor;
  } while (rc == MNS_OK && merge.id && merge.state == MNS_MERGE_MERGED);
  return rc;
}

mns_rc_t registry_merge_decide (registry_merges_t *merges, const registry_merge_entry_t *merge) {
  mns_db_bind (merges->decide, "utdsdss", merge->id, mns_code_word (&mns_merge_state, merge->state), merge->decided,
               merge->decided_by, merge->undone, merge->undone_by, merge->why);
  return mns_db_run (merges->db, merges->decide);
}

static mns_rc_t walk (registry_merges_t *merges, sqlite3_stmt *statement, registry_each_merge_t each, void *context) {
  registry_merge_entry_t merge;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (rc = mns_db_step (merges->db, statement, &row)) == MNS_OK && row) {
    read_merge (statement, &merge);
    rc = each (context, &merge);
  }
  sqlite3_reset (statement);
  return rc == MNS_GONE ? MNS_OK : rc;
}

mns_rc_t registry_merges_list (registry_merges_t *merges, registry_each_merge_t each, void *context) {
  mns_db_bind (merges->list, "");
  return walk (merges, merges->list, each, context);
}

mns_rc_t registry_merges_into (registry_merges_t *merges, uint64_t survivor, registry_each_merge_t each,
                               void *context) {
  mns_db_bind (merges->of_survivor, "u", survivor);
  return walk (merges, merges->of_survivor, each, context);
}

/* ---- references -------------------------------------------------------------------------------------------------- */

static mns_rc_t run (registry_merges_t *merges, sqlite3_stmt *statement, const registry_merge_entry_t *merge) {
  mns_db_bind (statement, "uuu", merge->merged, merge->survivor, merge->id);
  return mns_db_run (merges->db, statement);
}

static mns_rc_t count_moved (registry_merges_t *merges, uint64_t merge, int64_t *moved) {
  bool row;
  mns_db_bind (merges->moved, "u", merge);
  mns_rc_t rc = mns_db_step (merges->db, merges->moved, &row);
  if (rc == MNS_OK)
    mns_db_read (merges->moved, "i", moved);
  sqlite3_reset (merges->moved);
  return rc;
}

mns_rc_t registry_references_move (registry_merges_t *merges, const registry_merge_entry_t *merge, int64_t *moved) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < REGISTRY_REFERENCES; i++) {
    rc = run (merges, merges->note[i], merge);
    if (rc == MNS_OK) {
      mns_db_bind (merges->move[i], "uu", merge->merged, merge->survivor);
      rc = mns_db_run (merges->db, merges->move[i]);
    }
  }
  return rc == MNS_OK ? count_moved (merges, merge->id, moved) : rc;
}

mns_rc_t registry_references_back (registry_merges_t *merges, const registry_merge_entry_t *merge, int64_t *moved) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < REGISTRY_REFERENCES; i++)
    rc = run (merges, merges->back[i], merge);
  for (size_t i = 0; rc == MNS_OK && i < 2; i++) {
    sqlite3_stmt *statement = i == 0 ? merges->relation_back : merges->spouse_back;
    mns_db_bind (statement, "uu", merge->id, merge->survivor);
    rc = mns_db_run (merges->db, statement);
  }
  return rc == MNS_OK ? count_moved (merges, merge->id, moved) : rc;
}

static mns_rc_t note_own (registry_merges_t *merges, const registry_merge_entry_t *merge, const char *reference,
                          const char *before) {
  mns_db_bind (merges->note_own, "utus", merge->id, reference, merge->survivor, before);
  return mns_db_run (merges->db, merges->note_own);
}

mns_rc_t registry_relation_take (registry_merges_t *merges, const registry_merge_entry_t *merge, const char *before) {
  mns_rc_t rc = note_own (merges, merge, "head", before);
  mns_db_bind (merges->set_relation, "u", merge->survivor);
  return rc == MNS_OK ? mns_db_run (merges->db, merges->set_relation) : rc;
}

mns_rc_t registry_spouse_take (registry_merges_t *merges, const registry_merge_entry_t *merge, uint64_t spouse) {
  char number[24];
  snprintf (number, sizeof number, "%" PRIu64, spouse);
  mns_rc_t rc = note_own (merges, merge, "own_spouse", number);
  mns_db_bind (merges->set_spouse, "uu", merge->survivor, spouse);
  return rc == MNS_OK ? mns_db_run (merges->db, merges->set_spouse) : rc;
}
