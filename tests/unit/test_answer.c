/* Stored answers: found by their key, refused to another request, and purged when their key is too old to be used. */
#include "common/answer.h"
#include "common/clock.h"
#include "common/embedded.h"
#include "tests/support/test.h"

#define DAY ((mns_time_t)86400 * 1000000)

static mns_time_t now;

static mns_time_t standing_wall (void) {
  return now;
}

static int set_up (void **state) {
  static mns_db_t *db;
  mns_error_t error = {0};
  mns_db_options_t options = {.path = ":memory:", .who = "box"};
  now = (mns_time_t)1782864000 * 1000000;
  mns_clock.wall = standing_wall;
  if (mns_db_open (&db, &options, &error) != MNS_OK ||
      mns_db_migrate (db, "common", mns_embedded_common, &error) != MNS_OK)
    return -1;
  *state = db;
  return 0;
}

static int tear_down (void **state) {
  mns_db_t *db = *state;
  mns_db_destroy (&db);
  return 0;
}

static void store (mns_answers_t *answers, const mns_uuid_t *key) {
  mns_asked_t asked;
  mns_answer_t answer = {.rc = MNS_OK, .epoch = 1, .number = 7, .body = (const uint8_t *)"pear", .size = 4};
  mns_asked_init (&asked, "tester", "toy.add", "body", 4);
  assert_int_equal (mns_answers_store (answers, key, &asked, &answer, now), MNS_OK);
}

static mns_rc_t find (mns_answers_t *answers, const mns_uuid_t *key, const char *account, const char *command,
                      const char *body) {
  mns_asked_t asked;
  mns_answer_t answer;
  mns_asked_init (&asked, account, command, body, strlen (body));
  mns_rc_t rc = mns_answers_find (answers, key, &asked, &answer);
  if (rc == MNS_OK) {
    assert_int_equal (answer.number, 7);
    assert_int_equal (answer.size, 4);
    assert_memory_equal (answer.body, "pear", 4);
  }
  mns_answers_done (answers);
  return rc;
}

static void test_found_for_the_same_only (void **state) {
  mns_answers_t answers;
  mns_uuid_t key = mns_uuid_new (), other = mns_uuid_new ();
  mns_answers_init (&answers, *state);
  store (&answers, &key);
  assert_int_equal (find (&answers, &key, "tester", "toy.add", "body"), MNS_OK);
  assert_int_equal (find (&answers, &other, "tester", "toy.add", "body"), MNS_NOT_FOUND);
  assert_int_equal (find (&answers, &key, "another", "toy.add", "body"), MNS_KEY_REUSED);
  assert_int_equal (find (&answers, &key, "tester", "toy.take", "body"), MNS_KEY_REUSED);
  assert_int_equal (find (&answers, &key, "tester", "toy.add", "bodz"), MNS_KEY_REUSED);
}

static void test_keys_expire (void **state) {
  (void)state;
  uint8_t digest[32] = {0};
  mns_uuid_t key = mns_uuid_new (), derived = mns_uuid_derive (digest, 1);
  assert_false (mns_answers_expired (&key, now + 30 * DAY));
  assert_true (mns_answers_expired (&key, now + 30 * DAY + 1000));
  assert_false (mns_answers_expired (&derived, now + 3000 * DAY));
}

static int64_t count_answers (mns_db_t *db) {
  bool row;
  int64_t count;
  sqlite3_stmt *statement = mns_db_prepare (db, "SELECT count(*) FROM answer");
  assert_int_equal (mns_db_step (db, statement, &row), MNS_OK);
  mns_db_read (statement, "i", &count);
  sqlite3_finalize (statement);
  return count;
}

/* 600 old keys, 600 derived ones whose first bytes lie all over, 5 new ones: a few hundred in each transaction. */
static void test_purge (void **state) {
  enum { MANY = 600, NEW = 5 };
  mns_answers_t answers;
  uint8_t digest[32] = {0};
  bool more = true;
  int rounds = 0;
  mns_answers_init (&answers, *state);
  for (uint32_t i = 0; i < MANY; i++) {
    mns_uuid_t key = mns_uuid_new ();
    store (&answers, &key);
    memcpy (digest, &i, sizeof i);
    mns_uuid_t derived = mns_uuid_derive (digest, i);
    store (&answers, &derived);
  }
  now += 31 * DAY;
  for (int i = 0; i < NEW; i++) {
    mns_uuid_t key = mns_uuid_new ();
    store (&answers, &key);
  }
  for (; more; rounds++)
    assert_int_equal (mns_answers_purge (&answers, now, &more), MNS_OK);
  assert_true (rounds > 2);
  assert_int_equal (count_answers (*state), MANY + NEW);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_found_for_the_same_only, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_keys_expire, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_purge, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
