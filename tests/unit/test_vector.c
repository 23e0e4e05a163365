/* What a consumer has applied of each producer, what an outbox keeps until a backup has it, and a store of the first
 * version, which knows neither. */
#include "common/embedded.h"
#include "common/outbox.h"
#include "common/text.h"
#include "common/vector.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_db_t *db;
} store_t;

static int set_up (void **state) {
  store_t *store = mns_alloc (sizeof *store);
  char path[MNS_PATH_MAX];
  mns_error_t error = {0};
  *state = store;
  if (test_folder_make (store->folder) != 0 || mns_dir_join (path, store->folder, "box.db", &error) != MNS_OK)
    return -1;
  mns_db_options_t options = {.path = path, .who = "box"};
  return mns_db_open (&store->db, &options, &error) == MNS_OK ? 0 : -1;
}

static int tear_down (void **state) {
  store_t *store = *state;
  mns_db_destroy (&store->db);
  int rc = test_folder_remove (store->folder);
  free (store);
  return rc;
}

static void migrate (store_t *store) {
  mns_error_t error = {0};
  if (mns_db_migrate (store->db, "common", mns_embedded_common, &error) != MNS_OK)
    fail_msg ("%s", error.detail);
}

static int64_t number_of (store_t *store, const char *sql) {
  bool row;
  int64_t number = -1;
  sqlite3_stmt *statement = mns_db_prepare (store->db, sql);
  assert_int_equal (mns_db_step (store->db, statement, &row), MNS_OK);
  if (row)
    mns_db_read (statement, "i", &number);
  sqlite3_finalize (statement);
  return number;
}

static void test_a_store_of_version_1 (void **state) {
  store_t *store = *state;
  mns_error_t error = {0};
  mns_embedded_t first[2] = {{0}};
  for (const mns_embedded_t *file = mns_embedded_common; file->path; file++)
    if (strcmp (file->path, "schema/001_store.sql") == 0)
      first[0] = *file;
  assert_int_equal (mns_db_migrate (store->db, "common", first, &error), MNS_OK);
  assert_int_equal (mns_db_exec (store->db,
                                 "INSERT INTO consumer VALUES ('box', 7, 50, 1);"
                                 "INSERT INTO producer VALUES (1, 1, 9, 4, 8)",
                                 &error),
                    MNS_OK);
  migrate (store);
  assert_int_equal (number_of (store, "SELECT known_from FROM consumer"), 50);
  assert_int_equal (number_of (store, "SELECT covered FROM producer"), 0);
  assert_int_equal (number_of (store, "SELECT number FROM producer"), 9);
  assert_int_equal (number_of (store, "SELECT count (*) FROM applied"), 0);
}

static mns_event_t event_of (const char *producer, uint64_t epoch, uint64_t number) {
  mns_event_t event = {.producer_epoch = epoch, .number = number};
  mns_text_copy (event.producer, sizeof event.producer, producer);
  return event;
}

static void save (store_t *store, mns_vector_t *vector) {
  assert_int_equal (mns_db_begin (store->db), MNS_OK);
  assert_int_equal (mns_vector_save (vector), MNS_OK);
  assert_int_equal (mns_db_commit (store->db), MNS_OK);
  mns_vector_committed (vector);
}

static void test_what_was_applied_is_covered (void **state) {
  store_t *store = *state;
  mns_vector_t vector;
  mns_error_t error = {0};
  uint64_t from;
  migrate (store);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  mns_event_t old = event_of ("pear", 1, 5), next = event_of ("pear", 1, 6), later = event_of ("pear", 2, 1);
  assert_false (mns_vector_covers (&vector, &old));
  mns_vector_note (&vector, &old);
  mns_vector_rolled_back (&vector);
  assert_false (mns_vector_covers (&vector, &old));
  mns_vector_note (&vector, &old);
  save (store, &vector);
  mns_vector_fini (&vector);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  assert_true (mns_vector_covers (&vector, &old));
  assert_false (mns_vector_covers (&vector, &next));
  assert_false (mns_vector_covers (&vector, &later));
  mns_vector_rewind (&vector);
  mns_event_t before = event_of ("pear", 1, 3);
  assert_true (mns_vector_covers (&vector, &before));
  assert_true (mns_vector_unseen (&vector.rows[0], &from));
  assert_int_equal (from, 4);
  assert_true (mns_vector_covers (&vector, &old));
  assert_false (mns_vector_unseen (&vector.rows[0], &from));
  mns_vector_fini (&vector);
}

/* What lies in a gap is not taken for missing; what comes behind it and ends too early is. */
static void test_a_gap_is_no_alarm (void **state) {
  store_t *store = *state;
  mns_vector_t vector;
  mns_error_t error = {0};
  uint64_t from;
  migrate (store);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  mns_event_t pear = event_of ("pear", 1, 5), plum = event_of ("plum", 1, 9), early = event_of ("plum", 1, 7);
  mns_vector_note (&vector, &pear);
  mns_vector_note (&vector, &plum);
  save (store, &vector);
  mns_vector_rewind (&vector);
  mns_vector_gap (&vector);
  save (store, &vector);
  mns_vector_fini (&vector);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  assert_false (mns_vector_unseen (&vector.rows[0], &from));
  assert_true (mns_vector_covers (&vector, &early));
  assert_true (mns_vector_unseen (&vector.rows[1], &from));
  assert_int_equal (from, 8);
  assert_true (mns_vector_covers (&vector, &plum));
  assert_false (mns_vector_unseen (&vector.rows[1], &from));
  mns_vector_fini (&vector);
}

/* What was applied in an epoch that a restore ended, and was not seen again, is remembered. */
static void test_what_an_epoch_took_along_is_kept (void **state) {
  store_t *store = *state;
  mns_vector_t vector;
  mns_error_t error = {0};
  migrate (store);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  mns_event_t ahead = event_of ("pear", 1, 9), held = event_of ("pear", 1, 6), renewed = event_of ("pear", 7, 1);
  mns_vector_note (&vector, &ahead);
  save (store, &vector);
  mns_vector_rewind (&vector);
  assert_true (mns_vector_covers (&vector, &held));
  assert_false (mns_vector_covers (&vector, &renewed));
  mns_vector_note (&vector, &renewed);
  assert_true (mns_vector_covers (&vector, &renewed));
  save (store, &vector);
  mns_vector_fini (&vector);
  assert_int_equal (mns_vector_init (&vector, store->db, &error), MNS_OK);
  assert_int_equal (vector.rows[0].epoch, 7);
  assert_int_equal (vector.rows[0].lost_epoch, 1);
  assert_int_equal (vector.rows[0].lost_first, 7);
  assert_int_equal (vector.rows[0].lost_last, 9);
  mns_vector_fini (&vector);
}

/* ---- the outbox -------------------------------------------------------------------------------------------------- */

static void put (store_t *store, mns_outbox_t *outbox, size_t size) {
  static const char topic[] = "box.thing.510322101203.put";
  static uint8_t body[4096];
  mns_event_t event = {.topic = topic, .topic_size = sizeof topic - 1, .type = "thing", .version = 1};
  mns_error_t error = {0};
  assert_int_equal (mns_db_begin (store->db), MNS_OK);
  assert_int_equal (mns_outbox_add (outbox, &event, body, size, &error), MNS_OK);
  mns_outbox_keep (outbox);
  assert_int_equal (mns_outbox_finish (outbox), MNS_OK);
  assert_int_equal (mns_db_commit (store->db), MNS_OK);
  mns_outbox_committed (outbox);
}

static uint64_t first_of (mns_outbox_t *outbox) {
  uint64_t first;
  assert_int_equal (mns_outbox_first (outbox, &first), MNS_OK);
  return first;
}

static void test_acknowledged_stays_until_covered (void **state) {
  store_t *store = *state;
  mns_outbox_t outbox;
  mns_error_t error = {0};
  uint64_t first, chain;
  migrate (store);
  assert_int_equal (mns_outbox_init (&outbox, store->db, "box", &error), MNS_OK);
  assert_int_equal (mns_outbox_begin_epoch (&outbox, 1), MNS_OK);
  outbox.keep_bytes = 1 << 20;
  for (int i = 0; i < 6; i++)
    put (store, &outbox, 100);
  uint64_t bytes = outbox.bytes;
  assert_int_equal (mns_outbox_chain_at (&outbox, 3, &chain), MNS_OK);
  mns_outbox_acknowledge (&outbox, 6, bytes);
  put (store, &outbox, 100);
  assert_int_equal (first_of (&outbox), 1);
  assert_int_equal (outbox.kept, bytes);
  mns_outbox_cover (&outbox, 4);
  put (store, &outbox, 100);
  assert_int_equal (first_of (&outbox), 4);                                  /* the last covered one stays */
  assert_int_equal (mns_outbox_compare (&outbox, 3, chain, &first), MNS_OK); /* the next row says it */
  assert_int_equal (mns_outbox_compare (&outbox, 3, chain + 1, &first), MNS_CONFLICT);
  assert_int_equal (mns_outbox_compare (&outbox, 2, 1, &first), MNS_NOT_FOUND);
  assert_int_equal (first, 4);
  outbox.keep_bytes = 0; /* a bound is a bound */
  mns_outbox_acknowledge (&outbox, 8, outbox.bytes);
  put (store, &outbox, 100);
  assert_int_equal (first_of (&outbox), 8);
  mns_outbox_fini (&outbox);
}

static void test_a_restored_store_begins_an_epoch (void **state) {
  store_t *store = *state;
  mns_outbox_t outbox;
  mns_error_t error = {0};
  uint64_t first;
  migrate (store);
  assert_int_equal (mns_outbox_init (&outbox, store->db, "box", &error), MNS_OK);
  assert_int_equal (mns_outbox_begin_epoch (&outbox, 1), MNS_OK);
  outbox.keep_bytes = 1 << 20;
  put (store, &outbox, 100);
  put (store, &outbox, 100);
  mns_outbox_acknowledge (&outbox, 2, outbox.bytes);
  mns_outbox_fini (&outbox);
  assert_int_equal (mns_db_exec (store->db, "UPDATE producer SET next_epoch = 7, acked = 2", &error), MNS_OK);
  assert_int_equal (mns_outbox_init (&outbox, store->db, "box", &error), MNS_OK);
  outbox.keep_bytes = 1 << 20;
  assert_int_equal (outbox.stored.next, 7);
  assert_int_equal (mns_outbox_renew (&outbox), MNS_OK);
  assert_int_equal (outbox.stored.epoch, 7);
  assert_int_equal (outbox.stored.number + outbox.stored.next + outbox.acked + outbox.bytes + outbox.kept, 0);
  assert_int_equal (mns_outbox_compare (&outbox, 0, 0, &first), MNS_OK);
  put (store, &outbox, 100);
  assert_int_equal (first_of (&outbox), 1);
  assert_int_equal (outbox.stored.number, 1);
  mns_outbox_fini (&outbox);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_a_store_of_version_1, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_what_was_applied_is_covered, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_a_gap_is_no_alarm, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_what_an_epoch_took_along_is_kept, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_a_restored_store_begins_an_epoch, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_acknowledged_stays_until_covered, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
