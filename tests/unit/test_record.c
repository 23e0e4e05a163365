/* What holds for every record: absence, equality, validation, and one field from and to text. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "tests/support/pet.h"
#include <string.h>

static void a_cleared_record_has_nothing (void **state) {
  (void)state;
  mns_pet_t pet;
  memset (&pet, 0x5a, sizeof pet);
  mns_record_clear (&mns_pet_type, &pet);
  for (uint16_t i = 0; i < mns_pet_type.field_count; i++)
    assert_true (mns_field_absent (&mns_pet_type.fields[i], &pet));
  assert_true (pet.price == MNS_NONE);
  pet = pet_sample ();
  for (uint16_t i = 0; i < mns_pet_type.field_count; i++)
    assert_false (mns_field_absent (&mns_pet_type.fields[i], &pet));
}

static void zero_is_a_number_and_not_absent (void **state) {
  (void)state;
  mns_pet_t pet;
  mns_record_clear (&mns_pet_type, &pet);
  pet.legs = 0;
  pet.price = 0;
  assert_false (mns_field_absent (mns_record_field (&mns_pet_type, "legs"), &pet));
  assert_false (mns_field_absent (mns_record_field (&mns_pet_type, "price"), &pet));
}

static void equality_is_of_fields_not_of_bytes (void **state) {
  (void)state;
  mns_pet_t a = pet_sample (), b = pet_sample ();
  strcpy (a.phone + strlen (a.phone) + 1, "x");
  strcpy (a.owners[2].owner, "behind the count");
  assert_true (mns_record_equal (&mns_pet_type, &a, &b));
  for (uint16_t i = 0; i < mns_pet_type.field_count; i++) {
    const mns_field_t *field = &mns_pet_type.fields[i];
    b = pet_sample ();
    ((char *)&b)[field->offset] ^= 1;
    assert_false (mns_record_equal (&mns_pet_type, &a, &b));
  }
  b = pet_sample ();
  b.owners_count = 1;
  assert_false (mns_record_equal (&mns_pet_type, &a, &b));
}

static void codes_are_found_by_word_national_code_or_chinese (void **state) {
  (void)state;
  assert_int_equal (mns_code_find (&mns_pet_sexes, "female"), 3);
  assert_int_equal (mns_code_find (&mns_pet_sexes, "2"), 3);
  assert_int_equal (mns_code_find (&mns_pet_sexes, "女"), 3);
  assert_int_equal (mns_code_find (&mns_pet_sexes, "Female"), 0);
  assert_int_equal (mns_code_find (&mns_pet_sexes, ""), 0);
  assert_string_equal (mns_code_word (&mns_pet_sexes, 3), "female");
  assert_string_equal (mns_code_zh (&mns_pet_sexes, 3), "女");
  assert_string_equal (mns_code_word (&mns_pet_sexes, 0), "");
  assert_string_equal (mns_code_word (&mns_pet_sexes, 4), "");
}

static void assert_invalid (const mns_pet_t *pet, mns_rc_t rc, const char *where) {
  mns_error_t error;
  assert_int_equal (mns_record_validate (&mns_pet_type, pet, &error), rc);
  assert_string_equal (error.where, where);
  assert_true (error.detail[0] != '\0');
}

static void validation_names_the_field (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  assert_int_equal (mns_record_validate (&mns_pet_type, &pet, NULL), MNS_OK);
  pet.name[0] = '\0';
  assert_invalid (&pet, MNS_MISSING, "name");
  pet = pet_sample ();
  pet.pet = UINT64_MAX;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "pet");
  pet = pet_sample ();
  strcpy (pet.name, "\xc3(");
  assert_invalid (&pet, MNS_BAD_UTF8, "name");
  pet = pet_sample ();
  memset (pet.name, 'a', sizeof pet.name);
  assert_invalid (&pet, MNS_TOO_LONG, "name");
  pet = pet_sample ();
  pet.sex = 4;
  assert_invalid (&pet, MNS_UNKNOWN_CODE, "sex");
  pet = pet_sample ();
  pet.legs = 9;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "legs");
  pet = pet_sample ();
  pet.price = -1000000000001;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "price");
  pet = pet_sample ();
  pet.birth = 20230229;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "birth");
  pet = pet_sample ();
  pet.seen = -1;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "seen");
  pet = pet_sample ();
  pet.home = 510322;
  assert_invalid (&pet, MNS_OUT_OF_RANGE, "home");
  pet = pet_sample ();
  pet.owners_count = 4;
  assert_invalid (&pet, MNS_TOO_LONG, "owners");
  pet = pet_sample ();
  pet.owners[1].owner[0] = '\0';
  assert_invalid (&pet, MNS_MISSING, "owners[1].owner");
}

/* Each row: a field, what is typed, the result, and how the value is written ("" after an error). */
static void one_field_from_and_to_text (void **state) {
  (void)state;
  static const struct {
    const char *field, *text;
    mns_rc_t rc;
    const char *written;
  } rows[] = {
      {"pet", "42", MNS_OK, "42"},
      {"pet", "", MNS_OK, ""},
      {"pet", "0", MNS_INVALID, ""},
      {"pet", "-1", MNS_INVALID, ""},
      {"pet", "9223372036854775807", MNS_OK, "9223372036854775807"},
      {"pet", "9223372036854775808", MNS_INVALID, ""},
      {"name", "阿黄", MNS_OK, "阿黄"},
      {"name", "\xff", MNS_BAD_UTF8, ""},
      {"name", "01234567890123456789012345678901234567890", MNS_TOO_LONG, ""},
      {"sex", "男", MNS_OK, "male"},
      {"sex", "2", MNS_OK, "female"},
      {"sex", "3", MNS_UNKNOWN_CODE, ""},
      {"legs", "-8", MNS_OK, "-8"},
      {"legs", "9", MNS_OUT_OF_RANGE, ""},
      {"legs", "04", MNS_INVALID, ""},
      {"legs", "4.0", MNS_INVALID, ""},
      {"price", "60000", MNS_OK, "60000"},
      {"price", "0", MNS_OK, "0"},
      {"price", "600.00", MNS_INVALID, ""},
      {"price", "060000", MNS_INVALID, ""},
      {"price", "60000abc", MNS_INVALID, ""},
      {"price", "1000000000001", MNS_OUT_OF_RANGE, ""},
      {"birth", "2026-07-01", MNS_OK, "2026-07-01"},
      {"birth", "20260701", MNS_OK, "2026-07-01"},
      {"birth", "2026年7月1日", MNS_OK, "2026-07-01"},
      {"birth", "2026-02-29", MNS_INVALID, ""},
      {"seen", "2026-07-01T08:00:00+08:00", MNS_OK, "2026-07-01T00:00:00.000000Z"},
      {"seen", "yesterday", MNS_INVALID, ""},
      {"home", "510322101203", MNS_OK, "510322101203"},
      {"home", "510322", MNS_OK, "510322000000"},
      {"home", "5103221", MNS_INVALID, ""},
      {"home", "010322101203", MNS_INVALID, ""},
      {"home", "51032210120x", MNS_INVALID, ""},
      {"chip", PET_CHIP, MNS_OK, PET_CHIP},
      {"chip", "0190a5e0", MNS_INVALID, ""},
      {"owners", "x", MNS_INVALID, ""},
      {"owners", "", MNS_INVALID, ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    mns_pet_t pet;
    mns_error_t error;
    char text[64];
    mns_record_clear (&mns_pet_type, &pet);
    const mns_field_t *field = mns_record_field (&mns_pet_type, rows[i].field);
    mns_rc_t rc = mns_field_parse (field, &pet, rows[i].text, &error);
    mns_field_format (field, &pet, text, sizeof text);
    if (rc != rows[i].rc || strcmp (text, rows[i].written) != 0)
      fail_msg ("%s: \"%s\" gives %s and \"%s\"", rows[i].field, rows[i].text, mns_error_word (rc), text);
    if (rc != MNS_OK)
      assert_string_equal (error.where, rows[i].field);
  }
}

static void an_empty_text_makes_a_field_absent (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  for (uint16_t i = 0; i < mns_pet_type.field_count; i++) {
    const mns_field_t *field = &mns_pet_type.fields[i];
    if (field->kind == MNS_KIND_LIST)
      continue;
    assert_int_equal (mns_field_parse (field, &pet, "", NULL), MNS_OK);
    assert_true (mns_field_absent (field, &pet));
  }
}

static void a_text_is_cut_at_a_character (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  char text[6];
  mns_field_format (mns_record_field (&mns_pet_type, "name"), &pet, text, sizeof text);
  assert_string_equal (text, "阿");
}

static void errors_show_values_but_no_personal_ones (void **state) {
  (void)state;
  mns_pet_t pet;
  mns_error_t error;
  mns_field_t personal = *mns_record_field (&mns_pet_type, "birth");
  assert_int_equal (mns_field_parse (&personal, &pet, "never\n", &error), MNS_INVALID);
  assert_string_equal (error.detail, "\"never?\" is not a date; write it as 2026-07-01");
  personal.flags |= MNS_PERSONAL;
  assert_int_equal (mns_field_parse (&personal, &pet, "never", &error), MNS_INVALID);
  assert_string_equal (error.detail, "the value is not a date; write it as 2026-07-01");
  personal = *mns_record_field (&mns_pet_type, "legs");
  personal.flags |= MNS_PERSONAL;
  assert_int_equal (mns_field_parse (&personal, &pet, "123456", &error), MNS_OUT_OF_RANGE);
  assert_null (strstr (error.detail, "123456"));
}

static void a_long_value_is_shown_cut_at_a_character (void **state) {
  (void)state;
  mns_pet_t pet;
  mns_error_t error;
  char text[256] = "a";
  for (int i = 0; i < 40; i++)
    strcat (text, "\xe9\xbb\x84");
  assert_int_equal (mns_field_parse (mns_record_field (&mns_pet_type, "sex"), &pet, text, &error), MNS_UNKNOWN_CODE);
  assert_non_null (strstr (error.detail, "\xe9\xbb\x84…\" is not in the table pet_sexes"));
}

static void the_reference_is_a_table (void **state) {
  (void)state;
  mns_buffer_t out = {0};
  mns_record_markdown (&mns_owner_type, &out);
  assert_string_equal ((const char *)out.data,
                       "## owner\n\nAn owner · 主人 · version 1\n\n"
                       "| field | kind | bounds | | meaning | 含义 |\n|---|---|---|---|---|---|\n"
                       "| `owner` | text | ≤ 40 bytes | required, personal | Name of the owner | 主人姓名 |\n"
                       "| `since` | date |  |  | Owner since | 起始日期 |\n\n");
  mns_buffer_clear (&out);
  mns_record_markdown (&mns_pet_type, &out);
  assert_non_null (strstr ((const char *)out.data, "| `legs` | int | -8 … 8 |  | Legs | 腿数 |\n"));
  assert_non_null (strstr ((const char *)out.data, "| `sex` | code | table pet_sexes |"));
  assert_non_null (strstr ((const char *)out.data, "| `owners` | list | ≤ 3 × owner |"));
  mns_buffer_fini (&out);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (a_cleared_record_has_nothing),
      cmocka_unit_test (zero_is_a_number_and_not_absent),
      cmocka_unit_test (equality_is_of_fields_not_of_bytes),
      cmocka_unit_test (codes_are_found_by_word_national_code_or_chinese),
      cmocka_unit_test (validation_names_the_field),
      cmocka_unit_test (one_field_from_and_to_text),
      cmocka_unit_test (an_empty_text_makes_a_field_absent),
      cmocka_unit_test (a_text_is_cut_at_a_character),
      cmocka_unit_test (errors_show_values_but_no_personal_ones),
      cmocka_unit_test (a_long_value_is_shown_cut_at_a_character),
      cmocka_unit_test (the_reference_is_a_table),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
