/* The work list of pairs that may be one person. */
#include "services/registry/store_duplicate.h"

#include "common/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS   "id, state, first, second, place, points, facts, opened, closed, account, reason"
#define FACTS_MAX 400

void registry_duplicates_init (registry_duplicates_t *duplicates, mns_db_t *db) {
  *duplicates = (registry_duplicates_t){
      .db = db,
      .insert = mns_db_prepare (db, "INSERT INTO duplicate (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                                    "?10, ?11)"),
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM duplicate WHERE id = ?1"),
      .find = mns_db_prepare (db, "SELECT " COLUMNS " FROM duplicate WHERE first = ?1 AND second = ?2"),
      .rescore = mns_db_prepare (db, "UPDATE duplicate SET place = ?2, points = ?3, facts = ?4 WHERE id = ?1"),
      .close = mns_db_prepare (db, "UPDATE duplicate SET state = ?2, closed = ?3, account = ?4, reason = ?5 WHERE id = "
                                   "?1"),
      .in_state = mns_db_prepare (db, "SELECT " COLUMNS " FROM duplicate WHERE state = ?1 AND points >= ?2 "
                                      "ORDER BY points DESC, id"),
      .of_person = mns_db_prepare (db, "SELECT " COLUMNS " FROM duplicate WHERE first = ?1 OR second = ?1 ORDER BY id"),
  };
}

/* ---- facts as words ---------------------------------------------------------------------------------------------- */

static void write_facts (uint32_t facts, char text[FACTS_MAX]) {
  size_t used = 0;
  text[0] = 0;
  for (mns_code_t fact = 1; fact <= MNS_FACT_COUNT; fact++)
    if (facts & 1u << fact)
      used += (size_t)snprintf (text + used, FACTS_MAX - used, "%s%s", used ? " " : "",
                                mns_code_word (&mns_duplicate_fact, fact));
}

static uint32_t read_facts (char *text) {
  uint32_t facts = 0;
  char *rest = NULL;
  for (char *word = strtok_r (text, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
    facts |= 1u << mns_code_find (&mns_duplicate_fact, word);
  return facts & ~1u;
}

/* ---- one pair ---------------------------------------------------------------------------------------------------- */

static void read_pair (sqlite3_stmt *statement, registry_pair_t *pair) {
  char state[16], facts[FACTS_MAX];
  int64_t points;
  mns_db_read (statement, "utuupitddtt", &pair->id, state, sizeof state, &pair->first, &pair->second, &pair->place,
               &points, facts, sizeof facts, &pair->opened, &pair->closed, pair->account, sizeof pair->account,
               pair->reason, sizeof pair->reason);
  pair->state = mns_code_find (&mns_duplicate_state, state);
  pair->score = (registry_score_t){(int)points, read_facts (facts)};
}

static mns_rc_t read_one (registry_duplicates_t *duplicates, sqlite3_stmt *statement, registry_pair_t *pair) {
  bool row = false;
  mns_rc_t rc = mns_db_step (duplicates->db, statement, &row);
  pair->id = 0;
  if (rc == MNS_OK && row)
    read_pair (statement, pair);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_pair_get (registry_duplicates_t *duplicates, uint64_t id, registry_pair_t *pair, mns_error_t *error) {
  mns_db_bind (duplicates->get, "u", id);
  mns_rc_t rc = read_one (duplicates, duplicates->get, pair);
  if (rc == MNS_OK && !pair->id)
    return mns_fail (error, MNS_NOT_FOUND, "pair", "there is no pair %" PRIu64 "; see `mns duplicate list`", id);
  return rc;
}

mns_rc_t registry_pair_find (registry_duplicates_t *duplicates, uint64_t one, uint64_t other, registry_pair_t *pair) {
  mns_db_bind (duplicates->find, "uu", one < other ? one : other, one < other ? other : one);
  return read_one (duplicates, duplicates->find, pair);
}

static mns_rc_t rescore (registry_duplicates_t *duplicates, const registry_pair_t *pair) {
  char facts[FACTS_MAX];
  write_facts (pair->score.facts, facts);
  mns_db_bind (duplicates->rescore, "upit", pair->id, pair->place, (int64_t)pair->score.points, facts);
  return mns_db_run (duplicates->db, duplicates->rescore);
}

static mns_rc_t insert (registry_duplicates_t *duplicates, registry_pair_t *pair) {
  char facts[FACTS_MAX];
  write_facts (pair->score.facts, facts);
  mns_rc_t rc = mns_db_take (duplicates->db, "duplicate", 1, &pair->id);
  if (rc != MNS_OK)
    return rc;
  mns_db_bind (duplicates->insert, "utuupitddss", pair->id, mns_code_word (&mns_duplicate_state, pair->state),
               pair->first, pair->second, pair->place, (int64_t)pair->score.points, facts, pair->opened, pair->closed,
               pair->account, pair->reason);
  return mns_db_run (duplicates->db, duplicates->insert);
}

mns_rc_t registry_pair_put (registry_duplicates_t *duplicates, registry_pair_t *pair, bool *is_new) {
  registry_pair_t known;
  if (pair->first > pair->second) {
    uint64_t older = pair->second;
    pair->second = pair->first;
    pair->first = older;
  }
  mns_rc_t rc = registry_pair_find (duplicates, pair->first, pair->second, &known);
  *is_new = rc == MNS_OK && !known.id;
  if (rc != MNS_OK)
    return rc;
  if (*is_new)
    return insert (duplicates, pair);
  pair->id = known.id;
  bool stands = known.state != MNS_DUPLICATE_OPEN ||
                (known.score.points == pair->score.points && known.score.facts == pair->score.facts);
  return stands ? MNS_OK : rescore (duplicates, pair);
}

mns_rc_t registry_pair_close (registry_duplicates_t *duplicates, const registry_pair_t *pair) {
  mns_db_bind (duplicates->close, "utdss", pair->id, mns_code_word (&mns_duplicate_state, pair->state), pair->closed,
               pair->account, pair->reason);
  return mns_db_run (duplicates->db, duplicates->close);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static mns_rc_t walk (registry_duplicates_t *duplicates, sqlite3_stmt *statement, registry_each_pair_t each,
                      void *context) {
  registry_pair_t pair;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (rc = mns_db_step (duplicates->db, statement, &row)) == MNS_OK && row) {
    read_pair (statement, &pair);
    rc = each (context, &pair);
  }
  sqlite3_reset (statement);
  return rc == MNS_GONE ? MNS_OK : rc;
}

mns_rc_t registry_pairs_in_state (registry_duplicates_t *duplicates, mns_code_t state, int64_t points,
                                  registry_each_pair_t each, void *context) {
  mns_db_bind (duplicates->in_state, "ti", mns_code_word (&mns_duplicate_state, state), points);
  return walk (duplicates, duplicates->in_state, each, context);
}

mns_rc_t registry_pairs_of_person (registry_duplicates_t *duplicates, uint64_t person, registry_each_pair_t each,
                                   void *context) {
  mns_db_bind (duplicates->of_person, "u", person);
  return walk (duplicates, duplicates->of_person, each, context);
}
