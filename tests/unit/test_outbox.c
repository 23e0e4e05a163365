/* The outbox (numbers, chain, rows, trimming), the relay (comparison, window, go-back-N), and the rules of a
 * subscription. */
#include "common/embedded.h"
#include "common/outbox.h"
#include "common/relay.h"
#include "common/subscription.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

typedef struct {
  char folder[MNS_PATH_MAX];
  mns_db_t *db;
  mns_outbox_t outbox;
  mns_relay_t relay;
} box_t;

static void open_box (box_t *box) {
  char path[MNS_PATH_MAX];
  mns_error_t error = {0};
  assert_int_equal (mns_dir_join (path, box->folder, "box.db", &error), MNS_OK);
  mns_db_options_t options = {.path = path, .who = "box"};
  assert_int_equal (mns_db_open (&box->db, &options, &error), MNS_OK);
  assert_int_equal (mns_db_migrate (box->db, "common", mns_embedded_common, &error), MNS_OK);
  assert_int_equal (mns_outbox_init (&box->outbox, box->db, "box", &error), MNS_OK);
  mns_relay_init (&box->relay, &box->outbox);
}

static void close_box (box_t *box) {
  mns_relay_fini (&box->relay);
  mns_outbox_fini (&box->outbox);
  mns_db_destroy (&box->db);
}

static void reopen (box_t *box) {
  close_box (box);
  open_box (box);
}

static int set_up (void **state) {
  box_t *box = mns_alloc (sizeof *box);
  memset (box, 0, sizeof *box);
  *state = box;
  if (test_folder_make (box->folder) != 0)
    return -1;
  open_box (box);
  return mns_outbox_begin_epoch (&box->outbox, 1) == MNS_OK ? 0 : -1;
}

static int tear_down (void **state) {
  box_t *box = *state;
  close_box (box);
  int rc = test_folder_remove (box->folder);
  free (box);
  return rc;
}

static mns_rc_t add (box_t *box, size_t size) {
  static const char topic[] = "box.thing.510322101203.put";
  static uint8_t body[MNS_BODY_MAX];
  mns_event_t event;
  memset (&event, 0, sizeof event);
  event.topic = topic;
  event.topic_size = strlen (topic);
  mns_text_copy (event.type, sizeof event.type, "thing");
  event.version = 1;
  mns_error_t error = {0};
  return mns_outbox_add (&box->outbox, &event, body, size, &error);
}

static void commit (box_t *box) {
  assert_int_equal (mns_outbox_finish (&box->outbox), MNS_OK);
  assert_int_equal (mns_db_commit (box->db), MNS_OK);
  mns_outbox_committed (&box->outbox);
}

/* A turn of `calls` handler calls that emit one record each. */
static void put (box_t *box, int calls, size_t size) {
  assert_int_equal (mns_db_begin (box->db), MNS_OK);
  for (int i = 0; i < calls; i++) {
    assert_int_equal (add (box, size), MNS_OK);
    mns_outbox_keep (&box->outbox);
  }
  commit (box);
}

static int64_t row_count (box_t *box) {
  int64_t count;
  bool row;
  sqlite3_stmt *statement = mns_db_prepare (box->db, "SELECT count(*) FROM outbox");
  assert_int_equal (mns_db_step (box->db, statement, &row), MNS_OK);
  mns_db_read (statement, "i", &count);
  sqlite3_finalize (statement);
  return count;
}

/* The chain that the records themselves give, from the first to the last row. */
static uint64_t recount_chain (box_t *box, uint64_t after, uint64_t chain) {
  mns_buffer_t records = {0};
  mns_outbox_batch_t batch;
  mns_event_t event;
  mns_error_t error;
  size_t used;
  while (mns_outbox_read (&box->outbox, after, 1, &records, &batch) == MNS_OK) {
    for (size_t at = 0; at < records.size; at += used) {
      assert_int_equal (mns_event_unpack (&event, records.data + at, records.size - at, &used, &error), MNS_OK);
      assert_int_equal (event.number, ++after);
      chain = mns_chain (chain, records.data + at, used);
    }
    assert_int_equal (after, batch.last);
    assert_true (chain == batch.chain);
    mns_buffer_clear (&records);
  }
  mns_buffer_fini (&records);
  return chain;
}

/* ---- outbox ------------------------------------------------------------------------------------------------------ */

static void test_numbers_and_chain (void **state) {
  box_t *box = *state;
  put (box, 3, 100);
  put (box, 2, 100);
  assert_int_equal (box->outbox.stored.number, 5);
  assert_int_equal (row_count (box), 2);
  assert_true (recount_chain (box, 0, 0) == box->outbox.stored.chain);
  uint64_t chain = box->outbox.stored.chain;
  reopen (box);
  assert_int_equal (box->outbox.stored.number, 5);
  assert_true (box->outbox.stored.chain == chain);
  assert_int_equal (mns_outbox_pending (&box->outbox), 5);
}

static void test_drop_and_roll_back (void **state) {
  box_t *box = *state;
  assert_int_equal (mns_db_begin (box->db), MNS_OK);
  assert_int_equal (add (box, 10), MNS_OK);
  mns_outbox_keep (&box->outbox);
  assert_int_equal (add (box, 10), MNS_OK);
  mns_outbox_drop (&box->outbox);
  assert_int_equal (add (box, 20), MNS_OK);
  mns_outbox_keep (&box->outbox);
  commit (box);
  assert_int_equal (box->outbox.stored.number, 2);
  uint64_t chain = recount_chain (box, 0, 0);
  assert_int_equal (mns_db_begin (box->db), MNS_OK);
  assert_int_equal (add (box, 30), MNS_OK);
  mns_db_rollback (box->db);
  mns_outbox_rolled_back (&box->outbox);
  put (box, 1, 40);
  assert_int_equal (box->outbox.stored.number, 3);
  assert_true (recount_chain (box, 0, 0) == box->outbox.stored.chain);
  assert_true (chain != box->outbox.stored.chain);
}

static void test_large_turns_are_split (void **state) {
  box_t *box = *state;
  put (box, 10, 100 * 1024);
  assert_int_equal (row_count (box), 5);
  put (box, 1, MNS_BODY_MAX / 2);
  assert_int_equal (row_count (box), 6);
  recount_chain (box, 0, 0);
  assert_int_equal (mns_db_begin (box->db), MNS_OK);
  assert_int_equal (add (box, 10), MNS_OK);
  assert_int_equal (add (box, MNS_BODY_MAX), MNS_TOO_LARGE);
  commit (box);
  assert_int_equal (box->outbox.stored.number, 12);
  recount_chain (box, 0, 0);
}

static void test_trim_keeps_the_last (void **state) {
  box_t *box = *state;
  for (int i = 0; i < 4; i++)
    put (box, 2, 100);
  uint64_t chain, size = box->outbox.bytes;
  mns_outbox_acknowledge (&box->outbox, 6, size * 3 / 4);
  assert_int_equal (mns_outbox_pending (&box->outbox), 2);
  put (box, 1, 100);
  assert_int_equal (row_count (box), 3);
  assert_int_equal (mns_outbox_chain_at (&box->outbox, 6, &chain), MNS_OK);
  assert_int_equal (mns_outbox_chain_at (&box->outbox, 4, &chain), MNS_NOT_FOUND);
  assert_int_equal (mns_outbox_chain_at (&box->outbox, 7, &chain), MNS_NOT_FOUND);
  reopen (box);
  assert_int_equal (box->outbox.acked, 6);
  assert_int_equal (mns_outbox_pending (&box->outbox), 3);
}

static void test_full (void **state) {
  box_t *box = *state;
  put (box, 11, 10);
  assert_false (mns_outbox_full (&box->outbox, 11));
  assert_true (mns_outbox_full (&box->outbox, 10));
}

/* ---- relay ------------------------------------------------------------------------------------------------------- */

static mns_rc_t welcome (box_t *box, uint64_t number, uint64_t chain) {
  mns_head_t head;
  mns_error_t error;
  mns_head_clear (&head);
  head.number = number;
  head.chain = chain;
  return mns_relay_welcome (&box->relay, &head, &error);
}

static uint64_t chain_at (box_t *box, uint64_t number) {
  uint64_t chain;
  assert_int_equal (mns_outbox_chain_at (&box->outbox, number, &chain), MNS_OK);
  return chain;
}

static void test_forks_are_seen (void **state) {
  box_t *box = *state;
  put (box, 1, 100);
  put (box, 1, 100);
  put (box, 1, 100);
  assert_int_equal (welcome (box, 0, 0), MNS_OK);
  assert_int_equal (welcome (box, 2, chain_at (box, 2)), MNS_OK);
  assert_int_equal (welcome (box, 3, chain_at (box, 3)), MNS_OK);
  assert_int_equal (welcome (box, 4, chain_at (box, 3)), MNS_OUTBOX_FORKED);
  assert_int_equal (welcome (box, 3, chain_at (box, 2)), MNS_OUTBOX_FORKED);
  assert_int_equal (welcome (box, 2, chain_at (box, 3)), MNS_OUTBOX_FORKED);
  assert_false (box->relay.open);
  assert_int_equal (welcome (box, 3, chain_at (box, 3)), MNS_OK);
  put (box, 1, 100); /* trims behind 3 */
  assert_int_equal (welcome (box, 1, 1), MNS_OUTBOX_FORKED);
  assert_int_equal (welcome (box, 0, 0), MNS_OUTBOX_FORKED); /* an empty log in the place of ours */
  assert_false (box->relay.open);
}

static void pack (box_t *box, uint64_t number, int64_t now) {
  mns_head_t head;
  mns_head_clear (&head);
  head.number = number;
  mns_relay_pack (&box->relay, &head, now);
}

static void test_window (void **state) {
  box_t *box = *state;
  mns_head_t head;
  for (int i = 0; i < 25; i++)
    put (box, 1, 100 * 1024);
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_NOT_FOUND);
  assert_int_equal (welcome (box, 0, 0), MNS_OK);
  uint64_t sent = 0;
  for (; sent < 20; sent += 2) {
    assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
    assert_int_equal (head.number, sent + 1);
    assert_int_equal (head.count, 2);
    assert_true (head.chain == chain_at (box, sent));
  }
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_NOT_FOUND);
  pack (box, 2, 0);
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
  assert_int_equal (head.number, 21);
  assert_true (head.chain == chain_at (box, 20));
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_NOT_FOUND);
  pack (box, 24, 0); /* not sent: means nothing */
  assert_int_equal (box->outbox.acked, 2);
  pack (box, 22, 0);
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
  assert_int_equal (head.number, 25);
  pack (box, 25, 0);
  assert_true (mns_relay_drained (&box->relay));
  assert_int_equal (box->outbox.bytes, 0);
}

static void test_larger_than_a_pub (void **state) {
  box_t *box = *state;
  mns_head_t head;
  put (box, 1, 100);
  put (box, 1, MNS_BODY_MAX / 2);
  put (box, 1, 100);
  assert_int_equal (welcome (box, 0, 0), MNS_OK);
  for (uint64_t i = 1; i <= 3; i++) {
    assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
    assert_int_equal (head.number, i);
    assert_int_equal (head.count, 1);
  }
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_NOT_FOUND);
}

static void test_go_back (void **state) {
  box_t *box = *state;
  mns_head_t head;
  mns_error_t error;
  for (int i = 0; i < 3; i++)
    put (box, 1, 100);
  assert_int_equal (welcome (box, 0, 0), MNS_OK);
  assert_int_equal (mns_relay_next (&box->relay, 0, &head), MNS_OK);
  assert_int_equal (head.count, 3);
  assert_int_equal (mns_relay_next (&box->relay, MNS_RELAY_SILENCE_MS - 1, &head), MNS_NOT_FOUND);
  assert_int_equal (mns_relay_next (&box->relay, MNS_RELAY_SILENCE_MS, &head), MNS_OK);
  assert_int_equal (head.number, 1);
  mns_head_clear (&head);
  head.number = 3;
  head.chain = chain_at (box, 2);
  head.rc = MNS_DISK_FULL;
  head.retry_after_ms = 500;
  assert_int_equal (mns_relay_pnak (&box->relay, &head, 3000, &error), MNS_OK);
  assert_int_equal (mns_relay_next (&box->relay, 3499, &head), MNS_NOT_FOUND);
  assert_int_equal (mns_relay_next (&box->relay, 3500, &head), MNS_OK);
  assert_int_equal (head.number, 3);
  mns_head_clear (&head);
  head.number = 3;
  head.rc = MNS_FORBIDDEN;
  assert_int_equal (mns_relay_pnak (&box->relay, &head, 4000, &error), MNS_FORBIDDEN);
  assert_false (box->relay.open);
}

/* ---- subscription ------------------------------------------------------------------------------------------------ */

static mns_take_t take (mns_subscription_t *subscription, mns_frame_kind_t kind, uint64_t id, uint64_t previous,
                        uint64_t last) {
  mns_head_t head;
  mns_error_t error;
  mns_head_clear (&head);
  head.subscription = id;
  head.previous = previous;
  head.last = last;
  head.log_number = last;
  head.log_epoch = 7;
  head.log_chain = last * 11;
  return mns_subscription_take (subscription, kind, &head, 1000, &error);
}

static void begin (mns_subscription_t *subscription, uint64_t from) {
  mns_head_t head;
  mns_subscription_init (subscription, "box", (mns_offset_t){from ? 7 : 0, from, from * 11});
  assert_true (mns_subscription_add (subscription, "toy."));
  assert_true (mns_subscription_ask (subscription, 0, &head));
  assert_int_equal (head.log_number, from);
  assert_int_equal (take (subscription, MNS_SUBOK, head.subscription, 0, from), MNS_TAKE_MOVE);
}

static void test_offset_rules (void **state) {
  (void)state;
  mns_subscription_t subscription;
  begin (&subscription, 10);
  uint64_t id = subscription.id;
  assert_int_equal (take (&subscription, MNS_EVT, id, 10, 12), MNS_TAKE_APPLY);
  assert_int_equal (take (&subscription, MNS_EVT, id, 10, 12), MNS_TAKE_DROP);
  assert_int_equal (take (&subscription, MNS_EVT, id + 1, 12, 13), MNS_TAKE_DROP);
  assert_int_equal (take (&subscription, MNS_IDLE, id, 12, 20), MNS_TAKE_MOVE);
  assert_int_equal (subscription.offset.number, 20);
  assert_true (subscription.offset.chain == 220);
  assert_true (mns_subscription_wait_ms (&subscription, 1000) > 5000);
}

/* The broker says something every 5 s: a subscription that is silent is one it has given up, and is asked for anew. */
static void test_silence_asks_again (void **state) {
  (void)state;
  mns_subscription_t subscription;
  mns_head_t head;
  begin (&subscription, 10);
  uint64_t id = subscription.id;
  assert_false (mns_subscription_ask (&subscription, 1000 + MNS_SUBSCRIPTION_SILENCE_MS - 1, &head));
  assert_int_equal (take (&subscription, MNS_IDLE, id, 10, 10), MNS_TAKE_DROP); /* at 1000: a sign of life */
  assert_true (mns_subscription_ask (&subscription, 1000 + MNS_SUBSCRIPTION_SILENCE_MS, &head));
  assert_int_equal (head.subscription, id + 1);
  assert_int_equal (head.log_number, 10);
}

/* Something was lost: exactly one SUB with a new id, from the offset, and the old id is dead. */
static void test_loss_asks_once (void **state) {
  (void)state;
  mns_subscription_t subscription;
  mns_head_t head;
  begin (&subscription, 10);
  uint64_t id = subscription.id;
  assert_int_equal (take (&subscription, MNS_EVT, id, 12, 14), MNS_TAKE_DROP);
  assert_int_equal (take (&subscription, MNS_EVT, id, 14, 16), MNS_TAKE_DROP);
  assert_true (mns_subscription_ask (&subscription, 1000, &head));
  assert_int_equal (head.subscription, id + 1);
  assert_int_equal (head.log_number, 10);
  assert_false (mns_subscription_ask (&subscription, 1999, &head));
  assert_int_equal (take (&subscription, MNS_EVT, id, 10, 11), MNS_TAKE_DROP);
  assert_int_equal (take (&subscription, MNS_SUBOK, id + 1, 0, 10), MNS_TAKE_MOVE);
  assert_int_equal (take (&subscription, MNS_EVT, id + 1, 10, 11), MNS_TAKE_APPLY);
}

static void test_repeated_loss_backs_off (void **state) {
  (void)state;
  mns_subscription_t subscription;
  begin (&subscription, 10);
  int64_t longest = 0;
  for (int i = 0; i < 10; i++) {
    mns_head_t head;
    assert_int_equal (take (&subscription, MNS_IDLE, subscription.id, 50, 60), MNS_TAKE_DROP);
    int64_t wait = mns_subscription_wait_ms (&subscription, 1000);
    assert_true (wait >= longest);
    longest = wait;
    assert_true (mns_subscription_ask (&subscription, 1000 + wait, &head));
    assert_int_equal (take (&subscription, MNS_SUBOK, head.subscription, 0, 10), MNS_TAKE_MOVE);
  }
  assert_true (longest >= 1000 && longest <= 5000);
}

static void test_another_log_ends_it (void **state) {
  (void)state;
  mns_subscription_t subscription;
  mns_head_t head;
  mns_error_t error = {0};
  begin (&subscription, 10);
  mns_head_clear (&head);
  head.subscription = subscription.id;
  head.previous = 10;
  head.last = 11;
  head.log_epoch = 8;
  assert_int_equal (mns_subscription_take (&subscription, MNS_EVT, &head, 0, &error), MNS_TAKE_ENDED);
  assert_int_equal (error.rc, MNS_OFFSET_MISMATCH);
  begin (&subscription, 10);
  mns_head_clear (&head);
  head.subscription = subscription.id;
  head.rc = MNS_GONE;
  assert_int_equal (mns_subscription_take (&subscription, MNS_SUBEND, &head, 0, &error), MNS_TAKE_ENDED);
  assert_int_equal (error.rc, MNS_GONE);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_numbers_and_chain, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_drop_and_roll_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_large_turns_are_split, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_trim_keeps_the_last, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_forks_are_seen, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_window, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_larger_than_a_pub, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_go_back, set_up, tear_down),
      cmocka_unit_test (test_offset_rules),
      cmocka_unit_test (test_silence_asks_again),
      cmocka_unit_test (test_loss_asks_once),
      cmocka_unit_test (test_repeated_loss_backs_off),
      cmocka_unit_test (test_another_log_ends_it),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
