/* Counters: rows of table `counter`. A turn reads each once, counts in memory, and writes it back before its commit, so
 * that a number costs nothing and is given out again when the turn is rolled back. */
#include "common/db_private.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

static mns_db_counter_t *find (mns_db_t *db, const char *name) {
  for (size_t i = 0; i < db->counter_count; i++)
    if (strcmp (db->counters[i].name, name) == 0)
      return &db->counters[i];
  return NULL;
}

static mns_rc_t read_value (mns_db_t *db, const char *name, int64_t *value) {
  bool row;
  *value = 0;
  if (!db->read_counter)
    db->read_counter = mns_db_prepare (db, "SELECT value FROM counter WHERE name = ?1");
  mns_db_bind (db->read_counter, "t", name);
  mns_rc_t rc = mns_db_step (db, db->read_counter, &row);
  if (rc != MNS_OK || !row)
    return rc;
  mns_db_read (db->read_counter, "i", value);
  sqlite3_reset (db->read_counter);
  return MNS_OK;
}

mns_rc_t mns_db_taken (mns_db_t *db, const char *name, uint64_t *last) {
  const mns_db_counter_t *counter = find (db, name);
  int64_t value = 0;
  mns_rc_t rc = counter ? MNS_OK : read_value (db, name, &value);
  *last = (uint64_t)(counter ? counter->value : value);
  return rc;
}

static mns_rc_t open_counter (mns_db_t *db, const char *name, mns_db_counter_t **counter) {
  mns_rc_t rc = MNS_OK;
  int64_t value = 0;
  *counter = find (db, name);
  if (*counter)
    return MNS_OK;
  if (db->counter_count == MNS_DB_COUNTERS)
    rc = mns_db_write_counters (db);
  if (rc == MNS_OK)
    rc = read_value (db, name, &value);
  if (rc != MNS_OK)
    return rc;
  *counter = &db->counters[db->counter_count++];
  bool fits = mns_text_copy ((*counter)->name, sizeof (*counter)->name, name);
  assert (fits);
  (*counter)->value = value;
  return MNS_OK;
}

mns_rc_t mns_db_take (mns_db_t *db, const char *name, int64_t n, uint64_t *first) {
  mns_db_counter_t *counter;
  assert (n > 0 && mns_db_in_turn (db));
  mns_rc_t rc = open_counter (db, name, &counter);
  if (rc != MNS_OK)
    return rc;
  *first = (uint64_t)counter->value + 1;
  counter->value += n;
  return MNS_OK;
}

mns_rc_t mns_db_write_counters (mns_db_t *db) {
  mns_rc_t rc = MNS_OK;
  if (db->counter_count > 0 && !db->write_counter)
    db->write_counter = mns_db_prepare (db, "INSERT INTO counter (name, value) VALUES (?1, ?2) "
                                            "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  for (size_t i = 0; rc == MNS_OK && i < db->counter_count; i++) {
    mns_db_bind (db->write_counter, "ti", db->counters[i].name, db->counters[i].value);
    rc = mns_db_run (db, db->write_counter);
  }
  db->counter_count = 0;
  return rc;
}
