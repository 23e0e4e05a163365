/* The index of the log. Marks are written sorted, so that a page of their tree is touched once in a transaction. */
#include "services/broker/index.h"
#include "common/log.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION 1

typedef struct {
  uint64_t hash, number;
} mark_t;

/* Records of one producer that follow one another in the log too. */
typedef struct {
  char producer[MNS_NAME_MAX + 1];
  uint64_t epoch, number, log_number;
  uint64_t next, log_next; /* what would follow */
} run_t;

struct broker_index {
  mns_db_t *db;
  broker_log_t *log;
  uint64_t number, chain; /* as committed */
  mns_buffer_t marks;     /* mark_t, of the running transaction */
  run_t run;
  uint64_t taken, taken_chain;
  mns_rc_t rc;
  sqlite3_stmt *add_run, *add_mark, *set_place, *find_run, *find_marks;
};

/* A run is found by its first number; the primary keys are all there is. */
static const char schema[] = "CREATE TABLE IF NOT EXISTS run (producer TEXT NOT NULL, epoch INTEGER NOT NULL, "
                             "number INTEGER NOT NULL, log_number INTEGER NOT NULL, count INTEGER NOT NULL, "
                             "PRIMARY KEY (producer, epoch, number)) STRICT, WITHOUT ROWID;"
                             "CREATE TABLE IF NOT EXISTS mark (hash INTEGER NOT NULL, log_number INTEGER NOT NULL, "
                             "PRIMARY KEY (hash, log_number)) STRICT, WITHOUT ROWID;"
                             "CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), "
                             "version INTEGER NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, "
                             "chain INTEGER NOT NULL) STRICT";

static uint64_t hash_of (broker_mark_t mark, const void *value, size_t size) {
  return mns_crc64 ((uint64_t)mark, value, size);
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static mns_rc_t open_db (broker_index_t *index, const char *path, mns_error_t *error) {
  mns_db_options_t options = {.path = path, .who = "broker"};
  mns_rc_t rc = mns_db_open (&index->db, &options, error);
  if (rc == MNS_OK) /* what a power cut takes away is made again */
    rc = mns_db_exec (index->db, "PRAGMA synchronous = NORMAL", error);
  if (rc == MNS_OK)
    rc = mns_db_exec (index->db, schema, error);
  return rc;
}

/* Does what it has lead to where the log is? */
static bool read_place (broker_index_t *index) {
  bool row;
  uint64_t version = 0, epoch = 0, chain = 0;
  const broker_place_t *place = broker_log_place (index->log);
  sqlite3_stmt *statement = mns_db_prepare (index->db, "SELECT version, epoch, number, chain FROM place");
  mns_rc_t rc = mns_db_step (index->db, statement, &row);
  if (row)
    mns_db_read (statement, "uuuu", &version, &epoch, &index->number, &index->chain);
  sqlite3_finalize (statement);
  if (rc != MNS_OK || (row && (version != VERSION || epoch != place->epoch || index->number > place->last)))
    return false;
  rc = broker_log_chain_at (index->log, index->number, &chain);
  return rc == MNS_GONE || (rc == MNS_OK && chain == index->chain);
}

static void remove_files (const char *path) {
  static const char *const endings[] = {"", "-wal", "-shm"};
  char name[520];
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    snprintf (name, sizeof name, "%s%s", path, endings[i]);
    unlink (name);
  }
}

static void prepare (broker_index_t *index) {
  mns_db_t *db = index->db;
  index->add_run = mns_db_prepare (db, "INSERT OR REPLACE INTO run (producer, epoch, number, log_number, count) "
                                       "VALUES (?1, ?2, ?3, ?4, ?5)");
  index->add_mark = mns_db_prepare (db, "INSERT OR IGNORE INTO mark (hash, log_number) VALUES (?1, ?2)");
  index->set_place = mns_db_prepare (db, "INSERT OR REPLACE INTO place (id, version, epoch, number, chain) "
                                         "VALUES (1, ?1, ?2, ?3, ?4)");
  index->find_run = mns_db_prepare (db, "SELECT number, log_number, count FROM run WHERE producer = ?1 AND epoch = ?2 "
                                        "AND number <= ?3 ORDER BY number DESC LIMIT 1");
  index->find_marks = mns_db_prepare (db, "SELECT log_number FROM mark WHERE hash = ?1 ORDER BY log_number");
}

mns_rc_t broker_index_open (broker_index_t **out, const char *path, broker_log_t *log, mns_error_t *error) {
  broker_index_t *index = mns_alloc (sizeof *index);
  index->log = log;
  mns_rc_t rc = open_db (index, path, error);
  if (rc == MNS_CORRUPT || (rc == MNS_OK && !read_place (index))) {
    mns_log (MNS_LOG_WARN, "broker", "index.anew", "log_number=%llu", (unsigned long long)broker_log_place (log)->last);
    mns_db_destroy (&index->db);
    remove_files (path);
    index->number = index->chain = 0;
    rc = open_db (index, path, error);
  }
  if (rc == MNS_OK)
    prepare (index);
  else
    broker_index_destroy (&index);
  *out = index;
  return rc;
}

void broker_index_destroy (broker_index_t **owner) {
  broker_index_t *index = *owner;
  if (index == NULL)
    return;
  mns_db_destroy (&index->db);
  mns_buffer_fini (&index->marks);
  free (index);
  *owner = NULL;
}

uint64_t broker_index_number (const broker_index_t *index) {
  return index->number;
}

/* ---- taking up --------------------------------------------------------------------------------------------------- */

static void add_mark (broker_index_t *index, broker_mark_t what, const void *value, size_t size, uint64_t number) {
  mark_t mark = {hash_of (what, value, size), number};
  mns_buffer_add (&index->marks, &mark, sizeof mark);
}

static mns_rc_t close_run (broker_index_t *index) {
  run_t *run = &index->run;
  mns_rc_t rc = MNS_OK;
  if (run->number > 0) {
    mns_db_bind (index->add_run, "tiiii", run->producer, (int64_t)run->epoch, (int64_t)run->number,
                 (int64_t)run->log_number, (int64_t)(run->next - run->number));
    rc = mns_db_run (index->db, index->add_run);
  }
  run->number = 0;
  return rc;
}

static mns_rc_t extend_run (broker_index_t *index, const mns_event_t *event) {
  run_t *run = &index->run;
  mns_rc_t rc = MNS_OK;
  if (run->number == 0 || event->log_number != run->log_next || event->number != run->next ||
      event->producer_epoch != run->epoch || strcmp (event->producer, run->producer) != 0) {
    rc = close_run (index);
    mns_text_copy (run->producer, sizeof run->producer, event->producer);
    run->epoch = event->producer_epoch;
    run->number = event->number;
    run->log_number = event->log_number;
  }
  run->next = event->number + 1;
  run->log_next = event->log_number + 1;
  return rc;
}

static mns_rc_t take_event (broker_index_t *index, const mns_event_t *event) {
  if (event->entity[0])
    add_mark (index, BROKER_BY_ENTITY, event->entity, strlen (event->entity), event->log_number);
  if (event->cause[0])
    add_mark (index, BROKER_BY_CAUSE, event->cause, strlen (event->cause), event->log_number);
  if (!mns_uuid_is_zero (&event->correlation))
    add_mark (index, BROKER_BY_CORRELATION, &event->correlation, sizeof event->correlation, event->log_number);
  return extend_run (index, event);
}

static bool take_row (void *self, const broker_row_t *row) {
  broker_index_t *index = self;
  const uint8_t *at = row->records;
  size_t used, left = row->records ? row->size : 0;
  mns_event_t event;
  for (; left > 0 && index->rc == MNS_OK; at += used, left -= used) {
    index->rc = mns_event_unpack (&event, at, left, &used, NULL);
    if (index->rc == MNS_OK && event.log_number > index->number)
      index->rc = take_event (index, &event);
    if (index->rc == MNS_MALFORMED)
      index->rc = MNS_CORRUPT;
  }
  index->taken = row->first + row->count - 1;
  index->taken_chain = row->chain;
  return index->rc == MNS_OK;
}

static int compare_marks (const void *a, const void *b) {
  const mark_t *x = a, *y = b;
  if (x->hash != y->hash)
    return x->hash < y->hash ? -1 : 1;
  return x->number < y->number ? -1 : x->number > y->number;
}

static mns_rc_t write_marks (broker_index_t *index) {
  mark_t *marks = (mark_t *)(void *)index->marks.data;
  size_t count = index->marks.size / sizeof *marks;
  mns_rc_t rc = MNS_OK;
  if (count > 0)
    qsort (marks, count, sizeof *marks, compare_marks);
  for (size_t i = 0; rc == MNS_OK && i < count; i++) {
    sqlite3_reset (index->add_mark);
    if (sqlite3_bind_int64 (index->add_mark, 1, (int64_t)marks[i].hash) != SQLITE_OK ||
        sqlite3_bind_int64 (index->add_mark, 2, (int64_t)marks[i].number) != SQLITE_OK)
      return MNS_MEMORY;
    rc = mns_db_run (index->db, index->add_mark);
  }
  return rc;
}

static mns_rc_t write_place (broker_index_t *index) {
  mns_db_bind (index->set_place, "iiii", (int64_t)VERSION, (int64_t)broker_log_place (index->log)->epoch,
               (int64_t)index->taken, (int64_t)index->taken_chain);
  return mns_db_run (index->db, index->set_place);
}

mns_rc_t broker_index_advance (broker_index_t *index, uint64_t last) {
  mns_rc_t rc = mns_db_begin (index->db);
  if (rc != MNS_OK)
    return rc;
  mns_buffer_clear (&index->marks);
  index->run.number = 0;
  index->rc = MNS_OK;
  index->taken = index->number;
  index->taken_chain = index->chain;
  rc = broker_log_read (index->log, index->number, last, BROKER_STREAMS_ALL, take_row, index);
  if (rc == MNS_OK)
    rc = index->rc;
  if (rc == MNS_OK)
    rc = close_run (index);
  if (rc == MNS_OK)
    rc = write_marks (index);
  if (rc == MNS_OK)
    rc = write_place (index);
  if (rc != MNS_OK)
    mns_db_rollback (index->db);
  else
    rc = mns_db_commit (index->db);
  if (rc != MNS_OK)
    return rc;
  index->number = index->taken;
  index->chain = index->taken_chain;
  return MNS_OK;
}

/* ---- looking up -------------------------------------------------------------------------------------------------- */

mns_rc_t broker_index_find (broker_index_t *index, const char *producer, uint64_t epoch, uint64_t number,
                            uint64_t *log_number) {
  bool row;
  uint64_t first, log_first, count;
  *log_number = 0;
  mns_db_bind (index->find_run, "tii", producer, (int64_t)epoch, (int64_t)number);
  mns_rc_t rc = mns_db_step (index->db, index->find_run, &row);
  if (row) {
    mns_db_read (index->find_run, "uuu", &first, &log_first, &count);
    if (number - first < count)
      *log_number = log_first + (number - first);
  }
  sqlite3_reset (index->find_run);
  return rc;
}

mns_rc_t broker_index_marked (broker_index_t *index, broker_mark_t mark, const void *value, size_t size,
                              bool (*each) (void *self, uint64_t log_number), void *self) {
  bool row, more = true;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (index->find_marks, "i", (int64_t)hash_of (mark, value, size));
  while (more && (rc = mns_db_step (index->db, index->find_marks, &row)) == MNS_OK && row)
    more = each (self, (uint64_t)sqlite3_column_int64 (index->find_marks, 0));
  sqlite3_reset (index->find_marks);
  return rc;
}
