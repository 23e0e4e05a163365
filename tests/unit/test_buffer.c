/* The growing buffer, and the files compiled in. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/buffer.h"
#include "common/embedded.h"
#include <stdlib.h>
#include <string.h>

static void it_grows_and_keeps_what_it_has (void **state) {
  (void)state;
  mns_buffer_t buffer = {0};
  for (uint32_t i = 0; i < 100000; i++)
    mns_buffer_add (&buffer, &i, sizeof i);
  assert_int_equal (buffer.size, 400000);
  for (uint32_t i = 0; i < 100000; i++)
    assert_memory_equal (buffer.data + 4 * i, &i, sizeof i);
  size_t capacity = buffer.capacity;
  mns_buffer_clear (&buffer);
  assert_int_equal (buffer.size, 0);
  assert_int_equal (buffer.capacity, capacity);
  mns_buffer_fini (&buffer);
  assert_null (buffer.data);
}

static void room_is_behind_the_end (void **state) {
  (void)state;
  mns_buffer_t buffer = {0};
  mns_buffer_add (&buffer, "ab", 2);
  uint8_t *room = mns_buffer_reserve (&buffer, 100000);
  assert_ptr_equal (room, buffer.data + 2);
  assert_int_equal (buffer.size, 2);
  memset (room, 'x', 100000);
  mns_buffer_fini (&buffer);
}

static void printed_text_is_terminated_but_not_counted (void **state) {
  (void)state;
  mns_buffer_t buffer = {0};
  char wide[1000];
  memset (wide, 'w', sizeof wide - 1);
  wide[sizeof wide - 1] = '\0';
  mns_buffer_printf (&buffer, "%d-%s", 7, wide);
  assert_int_equal (buffer.size, 1001);
  assert_int_equal (strlen ((const char *)buffer.data), 1001);
  mns_buffer_printf (&buffer, "%s", "");
  assert_int_equal (buffer.size, 1001);
  mns_buffer_fini (&buffer);
}

static void new_memory_is_zero (void **state) {
  (void)state;
  static const char zeros[1000];
  char *memory = mns_alloc (sizeof zeros);
  assert_memory_equal (memory, zeros, sizeof zeros);
  free (memory);
  free (mns_alloc (0));
}

static void a_compiled_in_file_is_found_by_its_path (void **state) {
  (void)state;
  static const mns_embedded_t table[] = {{"a.sql", "A", 1}, {"b.sql", "BB", 2}, {0}};
  assert_int_equal (mns_embedded_find (table, "b.sql")->size, 2);
  assert_null (mns_embedded_find (table, "c.sql"));
  const mns_embedded_t *store = mns_embedded_find (mns_embedded_common, "schema/001_store.sql");
  assert_non_null (store);
  assert_int_equal (strlen (store->text), store->size);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (it_grows_and_keeps_what_it_has),
      cmocka_unit_test (room_is_behind_the_end),
      cmocka_unit_test (printed_text_is_terminated_but_not_counted),
      cmocka_unit_test (new_memory_is_zero),
      cmocka_unit_test (a_compiled_in_file_is_found_by_its_path),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
