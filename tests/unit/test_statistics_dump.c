/* Dumps: pages of a bounded size, one of each kind for an account, gone after ten minutes. */
#include "tests/support/test.h"

#include "services/statistics/dump.h"
#include "tests/support/folder.h"

#define MINUTE ((mns_time_t)60 * 1000000)
#define NOW    (1000 * MINUTE)

static char folder[MNS_PATH_MAX];
static statistics_dumps_t dumps;

static int set_up (void **unused) {
  (void)unused;
  return test_folder_make (folder);
}

static int tear_down (void **unused) {
  (void)unused;
  statistics_dumps_fini (&dumps);
  return test_folder_remove (folder);
}

static statistics_dump_t *make (statistics_dump_kind_t kind, const char *account, mns_time_t now) {
  statistics_dump_t *dump;
  assert_int_equal (statistics_dump_begin (&dumps, kind, account, folder, 10, now, &dump, NULL), MNS_OK);
  return dump;
}

static void expect_page (const statistics_dump_t *dump, uint64_t page, const char *text) {
  mns_buffer_t out = {0};
  assert_int_equal (statistics_dump_read (dump, page, &out), MNS_OK);
  assert_int_equal (out.size, strlen (text));
  if (out.size)
    assert_memory_equal (out.data, text, out.size);
  mns_buffer_fini (&out);
}

static void test_pages (void **unused) {
  (void)unused;
  mns_buffer_t out = {0};
  statistics_dump_t *dump = make (STATISTICS_SNAPSHOT, "a", NOW);
  const char *pieces[] = {"12345", "67890", "x", "a piece larger than a page", "y"};
  for (size_t i = 0; i < COUNT_OF (pieces); i++)
    assert_int_equal (statistics_dump_add (dump, pieces[i], strlen (pieces[i])), MNS_OK);
  assert_int_equal (statistics_dump_end (dump), MNS_OK);
  assert_int_equal (dump->page_count, 4);
  expect_page (dump, 1, "1234567890");
  expect_page (dump, 2, "x");
  expect_page (dump, 3, "a piece larger than a page");
  expect_page (dump, 4, "y");
  assert_int_equal (statistics_dump_read (dump, 0, &out), MNS_NOT_FOUND);
  assert_int_equal (statistics_dump_read (dump, 5, &out), MNS_NOT_FOUND);
}

static void test_empty (void **unused) {
  (void)unused;
  statistics_dump_t *dump = make (STATISTICS_EXPORT, "a", NOW);
  assert_int_equal (statistics_dump_end (dump), MNS_OK);
  assert_int_equal (dump->page_count, 1);
  expect_page (dump, 1, "");
}

static void test_slots (void **unused) {
  (void)unused;
  char account[16];
  make (STATISTICS_SNAPSHOT, "a", NOW);
  assert_null (statistics_dump_find (&dumps, STATISTICS_EXPORT, "a", NOW));
  assert_null (statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "b", NOW));
  statistics_dump_t *first = statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "a", NOW);
  assert_ptr_equal (make (STATISTICS_SNAPSHOT, "a", NOW), first); /* a new one takes its place */
  for (int i = 0; i < STATISTICS_DUMPS; i++) {
    snprintf (account, sizeof account, "b%d", i);
    make (STATISTICS_SNAPSHOT, account, NOW + i + 1);
  }
  assert_null (statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "a", NOW)); /* the longest unread made room */
  assert_non_null (statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "b0", NOW + 10 * MINUTE));
  assert_non_null (statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "b0", NOW + 20 * MINUTE));
  assert_null (statistics_dump_find (&dumps, STATISTICS_SNAPSHOT, "b1", NOW + 20 * MINUTE));
}

static void test_no_folder (void **unused) {
  (void)unused;
  statistics_dump_t *dump;
  mns_error_t error = {0};
  assert_int_equal (statistics_dump_begin (&dumps, STATISTICS_EXPORT, "a", "/nowhere", 10, NOW, &dump, &error), MNS_IO);
  assert_string_equal (error.where, "/nowhere");
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown (test_pages, set_up, tear_down),
                                     cmocka_unit_test_setup_teardown (test_empty, set_up, tear_down),
                                     cmocka_unit_test_setup_teardown (test_slots, set_up, tear_down),
                                     cmocka_unit_test_setup_teardown (test_no_folder, set_up, tear_down)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
