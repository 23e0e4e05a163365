/* YAML into records: values, places of mistakes to the column, all mistakes at once, hostile documents. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/yaml.h"
#include "tests/support/pet.h"
#include <stdlib.h>
#include <string.h>

static mns_yaml_t *yaml_of (const char *text) {
  return mns_yaml_from_text ("p.yaml", text, strlen (text));
}

/* What a file that should be one pet is blamed for. */
static void assert_mistakes (const char *text, const char *expected) {
  mns_pet_t pet;
  mns_error_t error;
  mns_yaml_t *yaml = yaml_of (text);
  mns_yaml_record (yaml, &mns_pet_type, &pet);
  mns_rc_t rc = mns_yaml_finish (yaml, &error);
  assert_string_equal (mns_yaml_mistakes (yaml), expected);
  assert_int_equal (rc, expected[0] == '\0' ? MNS_OK : MNS_INVALID);
  mns_yaml_destroy (&yaml);
  assert_null (yaml);
}

static void every_kind_is_read (void **state) {
  (void)state;
  mns_pet_t pet, expected = pet_sample ();
  mns_yaml_t *yaml = yaml_of ("# a pet\n"
                              "pet: 42\n"
                              "name: 阿黄·Rex\n"
                              "sex: 男\n"
                              "legs: -4\n"
                              "price: 369024000\n"
                              "birth: 2024年2月29日\n"
                              "seen: 2026-07-01T08:00:00.000001+08:00\n"
                              "home: 510322101203\n"
                              "chip: " PET_CHIP "\n"
                              "phone: '13800001234'\n"
                              "owners:\n"
                              "  - owner: 张三丰\n"
                              "    since: 2024-03-01\n"
                              "  - {owner: Li, since: ~}\n");
  assert_int_equal (mns_yaml_record (yaml, &mns_pet_type, &pet), MNS_OK);
  assert_int_equal (mns_yaml_finish (yaml, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_pet_type, &pet, &expected));
  mns_yaml_destroy (&yaml);
}

static void money_is_a_plain_number_of_fen (void **state) {
  (void)state;
  static const char *const refused[] = {"600.00", "060000", "60000abc", "+1",  "6e4",
                                        "0x10",   "60,000", "60 000",   "0b1", "1_000"};
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    char text[64], expected[256];
    snprintf (text, sizeof text, "pet: 1\nname: a\nprice: %s\n", refused[i]);
    snprintf (expected, sizeof expected,
              "p.yaml:3:8: price: \"%s\" is not a whole number of fen; 600 yuan is written 60000\n", refused[i]);
    assert_mistakes (text, expected);
  }
  assert_mistakes ("pet: 1\nname: a\nprice: 60000\n", "");
}

static void all_mistakes_are_told_at_once_in_the_order_of_the_file (void **state) {
  (void)state;
  assert_mistakes ("legs: nine\n"
                   "pet: 1\n"
                   "  \n"
                   "colour: red\n"
                   "price: [1]\n"
                   "legs: 3\n"
                   "birth: 2026-02-30\n"
                   "sex: neither\n"
                   "owners:\n"
                   "  - since: yesterday\n"
                   "    own: x\n"
                   "  - 7\n"
                   "home:   51032210120\n",
                   "p.yaml:1:1: name: Its name (名字) must be given\n"
                   "p.yaml:1:7: legs: \"nine\" is not a whole number\n"
                   "p.yaml:4:1: colour: unknown key; known here: pet, name, sex, legs, price, birth, seen, home, chip, "
                   "phone, owners\n"
                   "p.yaml:5:8: price: a single value is expected here, not a list\n"
                   "p.yaml:6:1: legs is given twice, first in line 1\n"
                   "p.yaml:7:8: birth: \"2026-02-30\" is not a date; write it as 2026-07-01\n"
                   "p.yaml:8:6: sex: \"neither\" is not in the table pet_sexes\n"
                   "p.yaml:10:5: owners[0].owner: Name of the owner (主人姓名) must be given\n"
                   "p.yaml:10:12: owners[0].since: \"yesterday\" is not a date; write it as 2026-07-01\n"
                   "p.yaml:11:5: owners[0].own: unknown key; known here: owner, since\n"
                   "p.yaml:12:5: owners[1]: a mapping is expected here, not a single value\n"
                   "p.yaml:13:9: home: \"51032210120\" is not a division code of 12 digits\n");
}

static void the_first_mistake_is_the_error (void **state) {
  (void)state;
  mns_pet_t pet;
  mns_error_t error;
  mns_yaml_t *yaml = yaml_of ("pet: 1\nname: a\nlegs: 9\nsex: x\n");
  assert_int_equal (mns_yaml_record (yaml, &mns_pet_type, &pet), MNS_INVALID);
  assert_int_equal (mns_yaml_finish (yaml, &error), MNS_INVALID);
  assert_string_equal (error.where, "p.yaml:3:7");
  assert_string_equal (error.detail, "legs: 9 is outside -8 to 8 (and 1 more)");
  mns_yaml_destroy (&yaml);
}

static void syntax_errors_are_mistakes_like_others (void **state) {
  (void)state;
  assert_mistakes ("pet: [1\nname: a\n",
                   "p.yaml:2:5: while parsing a flow sequence: did not find expected ',' or ']'\n");
  assert_mistakes ("pet: \xff\n", "p.yaml:1:6: not YAML: invalid leading UTF-8 octet\n");
  assert_mistakes ("- 1\n", "p.yaml:1:1: a mapping of keys is expected here, not a list\n");
  assert_mistakes ("pet: 1\nname: a\n---\npet: 2\n", "p.yaml:4:1: only one document is allowed in a file\n");
  assert_mistakes ("pet: 1\nname: \"a\\0b\"\n", "p.yaml:2:7: name: a zero character is not allowed\n");
  assert_mistakes ("pet: 1\nname: a\n[x]: 1\n", "p.yaml:3:1: a key must be a word\n");
}

static void an_empty_file_lacks_what_is_required (void **state) {
  (void)state;
  assert_mistakes ("", "p.yaml:1:1: pet: Number of the pet (编号) must be given\n"
                       "p.yaml:1:1: name: Its name (名字) must be given\n");
  assert_mistakes ("# nothing\n", "p.yaml:1:1: pet: Number of the pet (编号) must be given\n"
                                  "p.yaml:1:1: name: Its name (名字) must be given\n");
}

static void an_empty_value_is_not_given (void **state) {
  (void)state;
  assert_mistakes ("pet: ~\nname: \"\"\n", "p.yaml:1:6: pet: Number of the pet (编号) must be given\n"
                                           "p.yaml:2:7: name: Its name (名字) must be given\n");
}

static void lists_under_root_keys_are_read (void **state) {
  (void)state;
  void *records;
  size_t count;
  mns_yaml_t *yaml = yaml_of ("pets:\n- {pet: 1, name: a}\n- {pet: 2, name: b, owners: [{owner: x}]}\nother: 1\n");
  assert_int_equal (mns_yaml_records (yaml, "pets", &mns_pet_type, &records, &count), MNS_OK);
  assert_int_equal (count, 2);
  const mns_pet_t *pets = records;
  assert_int_equal (pets[1].pet, 2);
  assert_string_equal (pets[1].owners[0].owner, "x");
  mns_yaml_mistake (yaml, "pets", 1, "name", "the name %s is taken", "b");
  mns_yaml_mistake (yaml, "pets", 0, "legs", "a pet needs legs");
  mns_yaml_mistake (yaml, "pets", 1, "owners[0].owner", "not known");
  free (records);
  assert_int_equal (mns_yaml_records (yaml, "none", &mns_pet_type, &records, &count), MNS_OK);
  assert_int_equal (count, 0);
  assert_null (records);
  assert_int_equal (mns_yaml_finish (yaml, NULL), MNS_INVALID);
  assert_string_equal (mns_yaml_mistakes (yaml), "p.yaml:2:3: pets[0].legs: a pet needs legs\n"
                                                 "p.yaml:3:18: pets[1].name: the name b is taken\n"
                                                 "p.yaml:3:38: pets[1].owners[0].owner: not known\n"
                                                 "p.yaml:4:1: other: unknown key; known here: pets, none\n");
  mns_yaml_destroy (&yaml);
}

static void a_list_longer_than_its_bound_is_refused (void **state) {
  (void)state;
  assert_mistakes ("pet: 1\nname: a\nowners: [{owner: a}, {owner: b}, {owner: c}, {owner: d}]\n",
                   "p.yaml:3:9: owners: 4 items, at most 3 are allowed\n");
}

static void aliases_may_be_used_but_not_as_a_bomb (void **state) {
  (void)state;
  assert_mistakes ("pet: 1\nname: a\nowners: [&o {owner: a}, *o]\n", "");
  assert_mistakes ("pet: 1\nname: &a [*a]\n", "p.yaml:2:7: nested deeper than 16 levels\n");
  mns_buffer_t bomb = {0};
  mns_buffer_printf (&bomb, "a0: &a0 [x]\n");
  for (int i = 1; i < 9; i++)
    mns_buffer_printf (&bomb, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1,
                       i - 1, i - 1, i - 1, i - 1);
  mns_pet_t pet;
  mns_yaml_t *yaml = mns_yaml_from_text ("b", (const char *)bomb.data, bomb.size);
  assert_int_equal (mns_yaml_record (yaml, &mns_pet_type, &pet), MNS_INVALID);
  assert_non_null (strstr (mns_yaml_mistakes (yaml), "unfold to more than 1048576 values"));
  mns_yaml_destroy (&yaml);
  mns_buffer_fini (&bomb);
}

static void deep_nesting_is_refused (void **state) {
  (void)state;
  assert_mistakes ("pet: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n", "p.yaml:1:22: nested deeper than 16 levels\n");
}

static void a_large_file_is_refused (void **state) {
  (void)state;
  size_t size = (1 << 20) + 1;
  char *text = malloc (size);
  memset (text, '#', size);
  mns_yaml_t *yaml = mns_yaml_from_text ("big", text, size);
  assert_int_equal (mns_yaml_finish (yaml, NULL), MNS_INVALID);
  assert_string_equal (mns_yaml_mistakes (yaml), "big:1:1: the file has more than 1048576 bytes\n");
  mns_yaml_destroy (&yaml);
  free (text);
}

static void a_file_that_is_not_there_is_an_error (void **state) {
  (void)state;
  mns_error_t error;
  assert_null (mns_yaml_open ("/nowhere/x.yaml", &error));
  assert_int_equal (error.rc, MNS_NOT_FOUND);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (every_kind_is_read),
      cmocka_unit_test (money_is_a_plain_number_of_fen),
      cmocka_unit_test (all_mistakes_are_told_at_once_in_the_order_of_the_file),
      cmocka_unit_test (the_first_mistake_is_the_error),
      cmocka_unit_test (syntax_errors_are_mistakes_like_others),
      cmocka_unit_test (an_empty_file_lacks_what_is_required),
      cmocka_unit_test (an_empty_value_is_not_given),
      cmocka_unit_test (lists_under_root_keys_are_read),
      cmocka_unit_test (a_list_longer_than_its_bound_is_refused),
      cmocka_unit_test (aliases_may_be_used_but_not_as_a_bomb),
      cmocka_unit_test (deep_nesting_is_refused),
      cmocka_unit_test (a_large_file_is_refused),
      cmocka_unit_test (a_file_that_is_not_there_is_an_error),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
