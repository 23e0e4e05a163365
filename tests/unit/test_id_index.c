/* The table of ids by text: everything put in is proposed, whatever it has to share its slots with. */
#include "common/id_index.h"
#include "tests/support/test.h"
#include <stdio.h>
#include <stdlib.h>

/* How often `id` is proposed for `text`. */
static int proposals (const mns_id_index_t *index, const char *text, uint64_t id) {
  mns_id_search_t search = mns_id_index_find (index, text);
  uint64_t found;
  int count = 0;
  while ((found = mns_id_index_next (index, &search)) > 0)
    count += found == id;
  return count;
}

static void an_empty_index_proposes_nothing (void **state) {
  (void)state;
  mns_id_index_t index = {0};
  assert_int_equal (proposals (&index, "510322198901010013", 1), 0);
  mns_id_index_fini (&index);
}

static void every_text_proposes_its_id_once (void **state) {
  (void)state;
  mns_id_index_t index = {0};
  char text[24];
  for (uint64_t id = 1; id <= 50000; id++) {
    snprintf (text, sizeof text, "number %llu", (unsigned long long)id);
    mns_id_index_add (&index, text, id);
  }
  for (uint64_t id = 1; id <= 50000; id++) {
    snprintf (text, sizeof text, "number %llu", (unsigned long long)id);
    assert_int_equal (proposals (&index, text, id), 1);
  }
  assert_int_equal (index.count, 50000);
  mns_id_index_fini (&index);
}

static void a_shared_text_proposes_all (void **state) {
  (void)state;
  mns_id_index_t index = {0};
  for (uint64_t id = 1; id <= 40; id++)
    mns_id_index_add (&index, "shared", id);
  for (uint64_t id = 1; id <= 40; id++)
    assert_int_equal (proposals (&index, "shared", id), 1);
  mns_id_index_fini (&index);
}

static void the_same_entry_twice_is_one (void **state) {
  (void)state;
  mns_id_index_t index = {0};
  mns_id_index_add (&index, "a", 7);
  mns_id_index_add (&index, "a", 7);
  assert_int_equal (proposals (&index, "a", 7), 1);
  assert_int_equal (index.count, 1);
  mns_id_index_fini (&index);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (an_empty_index_proposes_nothing),
      cmocka_unit_test (every_text_proposes_its_id_once),
      cmocka_unit_test (a_shared_text_proposes_all),
      cmocka_unit_test (the_same_entry_twice_is_one),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
