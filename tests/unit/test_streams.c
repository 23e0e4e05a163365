/* The stream graph: known services, one producer a stream, no circle, nothing personal on the feed. */
#include "common/records/streams.h"
#include "tests/support/test.h"
#include <string.h>

static const char *const services[] = {"registry", "statistics", "assistance", "notifications"};
enum { SERVICES = 4 };

static int index_of (const char *name) {
  for (int i = 0; i < SERVICES; i++)
    if (strcmp (services[i], name) == 0)
      return i;
  return -1;
}

/* Depth-first: true when `at` can be reached from itself. */
static bool circles (int at, int goal, int depth) {
  if (depth > SERVICES)
    return true;
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++)
    for (size_t i = 0; i < 4 && stream->consumers[i] && index_of (stream->producer) == at; i++) {
      int next = index_of (stream->consumers[i]);
      if (next == at) /* hears its own decisions, see hears_itself_on_catalogue */
        continue;
      if (next == goal || circles (next, goal, depth + 1))
        return true;
    }
  return false;
}

static void names_are_known (void **state) {
  (void)state;
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++) {
    assert_true (stream->producer[0] == 0 || index_of (stream->producer) >= 0);
    for (size_t i = 0; i < 4 && stream->consumers[i]; i++)
      assert_true (index_of (stream->consumers[i]) >= 0);
    assert_ptr_equal (mns_stream_find (stream->stream, strlen (stream->stream)), stream);
  }
  assert_null (mns_stream_find ("regis.birth", 11));
}

static void graph_has_no_circle (void **state) {
  (void)state;
  for (int i = 0; i < SERVICES; i++)
    assert_false (circles (i, i, 0));
}

/* Statistics decides on `catalogue` and lives by it; what it hears there it never answers there. */
static void hears_itself_on_catalogue (void **state) {
  (void)state;
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++)
    for (size_t i = 0; i < 4 && stream->consumers[i]; i++)
      if (strcmp (stream->producer, stream->consumers[i]) == 0)
        assert_string_equal (stream->stream, "catalogue");
}

static void feed_carries_nothing_personal (void **state) {
  (void)state;
  for (const mns_stream_t *stream = mns_streams; stream->stream; stream++)
    assert_false (stream->on_feed && stream->personal);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (names_are_known), cmocka_unit_test (graph_has_no_circle),
                                     cmocka_unit_test (hears_itself_on_catalogue),
                                     cmocka_unit_test (feed_carries_nothing_personal)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
