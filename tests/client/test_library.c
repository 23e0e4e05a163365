/* The client library where it needs no broker: values, bodies, topics, settings, forks. */
#include "tests/support/test.h"
#include <mns/feed.h>
#include <mns/publisher.h>
#include <mns/topic.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_what_is_written_is_read (void **state) {
  (void)state;
  char text[8];
  mns_body_t *items = mns_body_new (), *body = mns_body_new ();
  for (int i = 1; i <= 3; i++) {
    mns_body_record (items);
    mns_body_int (items, "value", -i);
  }
  mns_body_record (body);
  mns_body_text (body, "name", "富顺县城");
  mns_body_int (body, "closing", INT64_MIN);
  mns_body_list (body, "counts", items);
  mns_body_record (body);
  mns_body_text (body, "name", "b");
  mns_value_t rest = mns_body_value (body), record, counts, count;
  assert_true (mns_value_next (&rest, &record));
  assert_string_equal (mns_value_get_text (record, "name", text, sizeof text), "富顺");
  assert_true (mns_value_get_int (record, "closing", 7) == INT64_MIN);
  assert_int_equal (mns_value_get_int (record, "name", 7), 7);
  assert_int_equal (mns_value_get_int (record, "nothing", 7), 7);
  counts = mns_value_items (mns_value_field (record, "counts"));
  for (int i = 1; i <= 3; i++) {
    assert_true (mns_value_next (&counts, &count));
    assert_int_equal (mns_value_get_int (count, "value", 0), -i);
  }
  assert_false (mns_value_next (&counts, &count));
  assert_true (mns_value_next (&rest, &record));
  assert_string_equal (mns_value_get_text (record, "name", text, sizeof text), "b");
  assert_false (mns_value_next (&rest, &record));
  mns_body_destroy (&items);
  mns_body_destroy (&body);
  assert_null (body);
}

/* Whatever the bytes are: nothing is read outside of them (under the address sanitizer), and nothing is believed. */
static void test_damaged_bytes_are_absent (void **state) {
  (void)state;
  char text[4];
  static const unsigned char bytes[] = {0xde, 0xff, 0xff, 0xa1, 'a', 0xdb, 0xff, 0xff, 0xff, 0xff, 0xc1, 0x91, 0x81};
  for (size_t from = 0; from < sizeof bytes; from++)
    for (size_t to = from; to <= sizeof bytes; to++) {
      unsigned char *copy = malloc (to - from + 1);
      memcpy (copy, bytes + from, to - from);
      mns_value_t rest = {copy, to - from}, value;
      assert_string_equal (mns_value_get_text (rest, "b", text, sizeof text), "");
      mns_value_items (rest);
      for (int i = 0; i < 20 && mns_value_next (&rest, &value); i++)
        assert_int_equal (mns_value_get_int (value, "a", 5), 5);
      free (copy);
    }
  mns_value_t nothing = {NULL, 0}, value;
  assert_false (mns_value_next (&nothing, &value));
  assert_string_equal (mns_value_text (nothing, text, sizeof text), "");
}

static const struct {
  const char *division;
  mns_topic_scope_t scope;
  const char *prefixes; /* NULL: refused */
} scopes[] = {
    {"510322", MNS_TOPIC_DOWN, "a.b.510322"},
    {"510322000000", MNS_TOPIC_DOWN, "a.b.510322"},
    {"510322", MNS_TOPIC_SELF, "a.b.510322000000."},
    {"510322", MNS_TOPIC_UP, "a.b.510322000000. a.b.510300000000. a.b.510000000000. a.b.000000000000."},
    {"510322", MNS_TOPIC_DOWN_UP, "a.b.510322 a.b.510300000000. a.b.510000000000. a.b.000000000000."},
    {"510322101203", MNS_TOPIC_DOWN, "a.b.510322101203."},
    {"510322101", MNS_TOPIC_DOWN, "a.b.510322101"},
    {"", MNS_TOPIC_DOWN, "a.b."},
    {"0", MNS_TOPIC_UP, "a.b.000000000000."},
    {"51032", MNS_TOPIC_DOWN, NULL},
    {"51x322", MNS_TOPIC_DOWN, NULL},
};

static void test_scopes (void **state) {
  (void)state;
  char room[MNS_TOPIC_SCOPES][MNS_TOPIC_SIZE], joined[400];
  size_t count;
  for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
    mns_error_t error = {MNS_OK, "", ""};
    mns_rc_t rc = mns_topic_prefixes ("a.b", scopes[i].division, scopes[i].scope, room, &count, &error);
    assert_int_equal (rc, scopes[i].prefixes ? MNS_OK : MNS_INVALID);
    joined[0] = 0;
    for (size_t k = 0, used = 0; k < count; k++) {
      assert_int_equal (mns_prefix_check (room[k], &error), MNS_OK);
      used += (size_t)snprintf (joined + used, sizeof joined - used, "%s%s", k ? " " : "", room[k]);
      assert_true (used < sizeof joined);
    }
    assert_string_equal (joined, scopes[i].prefixes ? scopes[i].prefixes : "");
  }
  assert_int_equal (mns_topic_prefixes ("a", "51", MNS_TOPIC_DOWN, room, &count, NULL), MNS_INVALID);
  assert_int_equal (mns_topic_prefixes ("A.b", "51", MNS_TOPIC_DOWN, room, &count, NULL), MNS_INVALID);
}

static int lines;

static void count_line (int level, const char *line, void *context) {
  assert_in_range (level, 0, 2);
  assert_string_equal (context, "mine");
  assert_null (strchr (line, '\n'));
  lines++;
}

/* Each mistake has its result and words, and nothing is written anywhere but to the log function. */
static void test_mistakes_have_words (void **state) {
  (void)state;
  static const struct {
    const char *endpoint, *key, *file;
    mns_rc_t rc;
  } mistakes[] = {
      {"", NULL, NULL, MNS_INVALID},
      {"http://x", NULL, NULL, MNS_INVALID},
      {"tcp://127.0.0.1:1", NULL, NULL, MNS_UNAUTHENTICATED},
      {"tcp://127.0.0.1:1", "short", "nowhere", MNS_INVALID},
      {"tcp://127.0.0.1:1", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "/nowhere.key", MNS_NOT_FOUND},
      {"ipc:///nowhere/bus", NULL, NULL, MNS_UNAVAILABLE},
  };
  mns_client_set_log (count_line, "mine");
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    mns_error_t error = {MNS_OK, "", ""};
    mns_client_t *client = mns_client_new (mistakes[i].endpoint);
    mns_client_set_keys (client, mistakes[i].key, mistakes[i].file);
    assert_int_equal (mns_client_connect (client, 100, &error), mistakes[i].rc);
    assert_int_equal (error.rc, mistakes[i].rc);
    assert_true (strlen (error.detail) > 10);
    mns_client_destroy (&client);
    assert_null (client);
  }
  assert_true (lines > 0);
  mns_client_set_log (NULL, NULL);
  char long_text[400];
  memset (long_text, 'a', sizeof long_text - 1);
  long_text[sizeof long_text - 1] = 0;
  mns_error_t error = {MNS_OK, "", ""};
  mns_client_t *client = mns_client_new ("ipc:///nowhere/bus");
  mns_client_set_consumer (client, long_text);
  assert_int_equal (mns_client_connect (client, 100, &error), MNS_TOO_LONG);
  assert_string_equal (error.where, "consumer");
  mns_client_destroy (&client);
}

static void test_nothing_before_connect (void **state) {
  (void)state;
  const mns_received_t *event;
  const mns_reply_t *reply;
  mns_value_t none = {NULL, 0};
  const char *const prefixes[] = {"a."};
  mns_client_t *client = mns_client_new ("ipc:///nowhere/bus");
  assert_int_equal (mns_client_next (client, 0, &event, NULL), MNS_WRONG_STATE);
  assert_int_equal (mns_client_subscribe (client, prefixes, 1, "now", NULL), MNS_WRONG_STATE);
  assert_int_equal (mns_client_request (client, "a.b", NULL, none, 10, &reply, NULL), MNS_WRONG_STATE);
  assert_int_equal (mns_client_take (client, 0, &reply, NULL), MNS_WRONG_STATE);
  assert_int_equal (mns_client_confirm (client, NULL), MNS_WRONG_STATE);
  assert_string_equal (mns_client_account (client), "");
  assert_string_equal (mns_client_offset (client), "0/0/0");
  mns_client_destroy (&client);
  mns_client_destroy (&client);
}

/* A child that goes on without exec may touch its parent's client as it likes. */
static void test_a_child_is_told (void **state) {
  (void)state;
  int status;
  mns_client_t *client = mns_client_new ("ipc:///nowhere/bus");
  pid_t child = fork ();
  if (child == 0) {
    mns_error_t error = {MNS_OK, "", ""};
    mns_client_t *own = mns_client_new ("ipc:///nowhere/bus");
    bool told = mns_client_connect (client, 10, &error) == MNS_WRONG_STATE && mns_client_fd (client) == -1 &&
                mns_client_connect (own, 10, &error) == MNS_UNAVAILABLE;
    mns_client_destroy (&client);
    mns_client_destroy (&own);
    _exit (told ? 0 : 1);
  }
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_int_equal (status, 0);
  assert_int_equal (mns_client_connect (client, 10, NULL), MNS_UNAVAILABLE);
  mns_client_destroy (&client);
}

/* What a signal did before, it does after: no handler was put in its place. */
static void test_signals_stay (void **state) {
  (void)state;
  struct sigaction now;
  mns_client_t *client = mns_client_new ("ipc:///nowhere/bus");
  mns_client_connect (client, 10, NULL);
  static const int signals[] = {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    assert_int_equal (sigaction (signals[i], NULL, &now), 0);
    assert_true (now.sa_handler == SIG_DFL);
  }
  mns_client_destroy (&client);
}

static void write_file (const char *path, const char *text) {
  FILE *file = fopen (path, "w");
  assert_non_null (file);
  fputs (text, file);
  fclose (file);
}

/* An outbox that is something else, or in use, is an error; a draft that the broker would refuse is not kept. */
static void test_publisher_without_broker (void **state) {
  (void)state;
  char folder[] = "/tmp/mns-library-XXXXXX", path[64];
  mns_error_t error = {MNS_OK, "", ""};
  mns_publisher_t *publisher, *second;
  assert_non_null (mkdtemp (folder));
  snprintf (path, sizeof path, "%s/outbox.db", folder);
  mns_client_t *client = mns_client_new ("ipc:///nowhere/bus");
  write_file (path, "this is a letter to somebody, and no database at all, however long it may become in the end …\n");
  assert_int_not_equal (mns_publisher_new (&publisher, client, "example", folder, &error), MNS_OK);
  assert_null (publisher);
  assert_true (strlen (error.detail) > 10);
  assert_int_equal (unlink (path), 0);
  assert_int_equal (mns_publisher_new (&publisher, client, "example", folder, &error), MNS_OK);
  assert_int_equal (mns_publisher_new (&second, client, "example", folder, &error), MNS_IN_USE);
  mns_draft_t draft = {sizeof draft, "example.a.510322000000.b", "t", 1, {"\x80", 1}, "", "", ""}, wrong = draft;
  wrong.topic = "registry.birth.510322000000.b";
  assert_int_equal (mns_publisher_publish (publisher, &wrong, &error), MNS_UNAVAILABLE); /* first it needs an epoch */
  wrong = draft;
  wrong.body.data = "\x81";
  assert_int_equal (mns_publisher_publish (publisher, &wrong, &error), MNS_MALFORMED);
  wrong = draft;
  wrong.type = NULL;
  assert_int_equal (mns_publisher_publish (publisher, &wrong, &error), MNS_MISSING);
  wrong = draft;
  wrong.occurred = "2026-02-30";
  assert_int_equal (mns_publisher_publish (publisher, &wrong, &error), MNS_INVALID);
  assert_int_equal (mns_publisher_pending (publisher), 0);
  assert_int_equal (mns_publisher_flush (publisher, 0, &error), MNS_OK);
  mns_publisher_destroy (&publisher);
  mns_client_destroy (&client);
  snprintf (path, sizeof path, "rm -r %s", folder);
  assert_int_equal (system (path), 0);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_what_is_written_is_read),
      cmocka_unit_test (test_damaged_bytes_are_absent),
      cmocka_unit_test (test_scopes),
      cmocka_unit_test (test_mistakes_have_words),
      cmocka_unit_test (test_nothing_before_connect),
      cmocka_unit_test (test_a_child_is_told),
      cmocka_unit_test (test_signals_stay),
      cmocka_unit_test (test_publisher_without_broker),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
