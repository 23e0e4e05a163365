/* Topics and prefixes: what is one, what is none, what matches. */
#include "common/wire.h"
#include "tests/support/test.h"

static void test_topics (void **state) {
  (void)state;
  static const char *const good[] = {"registry.birth.510322101203.registered", "open.figures.510322000000.2026-S1",
                                     "s.x.000000000000.0", "a-1.b-2.510322101203.Z"};
  static const char *const bad[] = {"",
                                    ".",
                                    "...",
                                    "registry.birth.510322101203",
                                    "registry.birth.510322101203.",
                                    "registry.birth.51032210120.registered",
                                    "registry.birth.5103221012031.registered",
                                    "registry.birth.51032210120x.registered",
                                    "registry..510322101203.registered",
                                    ".birth.510322101203.registered",
                                    "registry.birth.510322101203.a.b",
                                    "Registry.birth.510322101203.a",
                                    "registry.Birth.510322101203.a",
                                    "registry.birth.510322101203.a b",
                                    "registry.birth.510322101203.\xe5\xbc\xa0",
                                    "registry.birth.510322101203.a_b"};
  for (size_t i = 0; i < COUNT_OF (good); i++)
    assert_int_equal (mns_topic_check (good[i], strlen (good[i]), NULL), MNS_OK);
  for (size_t i = 0; i < COUNT_OF (bad); i++)
    assert_int_equal (mns_topic_check (bad[i], strlen (bad[i]), NULL), MNS_INVALID);
  assert_int_equal (mns_topic_check ("a.b.510322101203.c\0d", 20, NULL), MNS_INVALID);
}

static void test_longest (void **state) {
  (void)state;
  char topic[MNS_TOPIC_MAX + 2];
  memset (topic, 'a', sizeof topic);
  memcpy (topic, "s.x.510322101203.", 17);
  assert_int_equal (mns_topic_check (topic, MNS_TOPIC_MAX, NULL), MNS_OK);
  assert_int_equal (mns_topic_check (topic, MNS_TOPIC_MAX + 1, NULL), MNS_TOO_LONG);
}

static void test_prefixes (void **state) {
  (void)state;
  char prefix[MNS_TOPIC_MAX + 2] = "registry.birth.";
  static const char digits[] = "510322101203";
  size_t base = strlen (prefix);
  for (size_t cut = 0; cut <= 12; cut++) {
    memcpy (prefix + base, digits, cut);
    prefix[base + cut] = 0;
    bool good = cut == 0 || cut == 2 || cut == 4 || cut == 6 || cut == 9 || cut == 12;
    assert_int_equal (mns_prefix_check (prefix, NULL), good ? MNS_OK : MNS_INVALID);
  }
  static const char *const good[] = {"",
                                     "r",
                                     "registry",
                                     "registry.",
                                     "registry.bi",
                                     "registry.birth.510322101203.",
                                     "registry.birth.510322101203.reg"};
  static const char *const bad[] = {".",
                                    "R",
                                    "registry..",
                                    "registry.birth.51.",
                                    "registry.birth.510322101203.a.",
                                    "registry.birth.5103221012034",
                                    "registry.birth.x"};
  for (size_t i = 0; i < COUNT_OF (good); i++)
    assert_int_equal (mns_prefix_check (good[i], NULL), MNS_OK);
  for (size_t i = 0; i < COUNT_OF (bad); i++)
    assert_int_equal (mns_prefix_check (bad[i], NULL), MNS_INVALID);
}

static void test_matching (void **state) {
  (void)state;
  char topic[MNS_TOPIC_MAX + 1];
  mns_topic_format (topic, "registry", "birth", 510322101203, "registered");
  assert_string_equal (topic, "registry.birth.510322101203.registered");
  size_t size = strlen (topic);
  assert_true (mns_topic_matches (topic, size, ""));
  assert_true (mns_topic_matches (topic, size, "registry.birth.510322"));
  assert_true (mns_topic_matches (topic, size, topic));
  assert_false (mns_topic_matches (topic, size - 1, topic));
  assert_false (mns_topic_matches (topic, size, "registry.birth.510321"));
  mns_topic_format (topic, "system", "feed", 0, "tick");
  assert_string_equal (topic, "system.feed.000000000000.tick");
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_topics),
      cmocka_unit_test (test_longest),
      cmocka_unit_test (test_prefixes),
      cmocka_unit_test (test_matching),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
