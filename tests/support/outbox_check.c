/* The books of an outbox. */
#include "tests/support/outbox_check.h"
#include "common/wire.h"
#include "tests/support/test.h"

typedef struct {
  uint64_t number, chain; /* reached so far */
  bool known;             /* the chain: not before the first row that was kept */
} walk_t;

static void check_row (walk_t *walk, uint64_t first, uint64_t count, uint64_t chain, const uint8_t *at, size_t size) {
  mns_event_t event;
  size_t used;
  walk->number = walk->number ? walk->number : first - 1;
  walk->known = walk->known || first == 1;
  for (uint64_t i = 0; i < count; i++, at += used, size -= used) {
    assert_int_equal (mns_event_unpack (&event, at, size, &used, NULL), MNS_OK);
    assert_int_equal (event.number, ++walk->number);
    walk->chain = mns_chain (walk->chain, at, used);
  }
  assert_int_equal (size, 0);
  assert_true (!walk->known || walk->chain == chain);
  walk->chain = chain;
  walk->known = true;
}

static bool next_row (mns_db_t *db, sqlite3_stmt *statement) {
  bool row;
  assert_int_equal (mns_db_step (db, statement, &row), MNS_OK);
  return row;
}

uint64_t outbox_check (mns_db_t *db) {
  walk_t walk = {0};
  uint64_t first, count, number = 0;
  int64_t chain = 0;
  const void *records;
  size_t size;
  sqlite3_stmt *rows = mns_db_prepare (db, "SELECT number, count, chain, records FROM outbox ORDER BY number");
  sqlite3_stmt *place = mns_db_prepare (db, "SELECT number, chain FROM producer");
  while (next_row (db, rows)) {
    mns_db_read (rows, "uuib", &first, &count, &chain, &records, &size);
    check_row (&walk, first, count, (uint64_t)chain, records, size);
  }
  if (next_row (db, place))
    mns_db_read (place, "ui", &number, &chain);
  assert_int_equal (walk.number, number);
  assert_true (walk.chain == (uint64_t)chain);
  sqlite3_finalize (rows);
  sqlite3_finalize (place);
  return number;
}
