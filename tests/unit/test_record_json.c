/* Records as JSON: there and back, masked, what is refused, and the schema. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "tests/support/pet.h"
#include <stdlib.h>
#include <string.h>

static void assert_json (json_t *json, const char *expected) {
  char *text = json_dumps (json, JSON_COMPACT);
  assert_non_null (text);
  assert_string_equal (text, expected);
  free (text);
}

static void every_kind_as_json (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample (), again;
  json_t *json = mns_record_to_json (&mns_pet_type, &pet, false);
  assert_json (json, "{\"pet\":42,\"name\":\"阿黄·Rex\",\"sex\":\"male\",\"legs\":-4,\"price\":369024000,"
                     "\"birth\":\"2024-02-29\",\"seen\":\"2026-07-01T00:00:00.000001Z\",\"home\":\"510322101203\","
                     "\"chip\":\"" PET_CHIP "\",\"phone\":\"13800001234\","
                     "\"owners\":[{\"owner\":\"张三丰\",\"since\":\"2024-03-01\"},{\"owner\":\"Li\"}]}");
  assert_int_equal (mns_record_from_json (&mns_pet_type, &again, json, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_pet_type, &pet, &again));
  json_decref (json);
}

static void absent_is_left_out_and_null_is_absent (void **state) {
  (void)state;
  mns_pet_t pet, again;
  mns_record_clear (&mns_pet_type, &pet);
  json_t *json = mns_record_to_json (&mns_pet_type, &pet, false);
  assert_json (json, "{}");
  json_object_set_new (json, "legs", json_null ());
  json_object_set_new (json, "name", json_null ());
  assert_int_equal (mns_record_from_json (&mns_pet_type, &again, json, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_pet_type, &pet, &again));
  json_decref (json);
}

static void masked_texts_show_no_person (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  json_t *json = mns_record_to_json (&mns_pet_type, &pet, true);
  assert_string_equal (json_string_value (json_object_get (json, "phone")), "*********34");
  assert_null (strstr (json_string_value (json_object_get (json, "name")), "黄"));
  const json_t *owners = json_object_get (json, "owners");
  assert_string_equal (json_string_value (json_object_get (json_array_get (owners, 0), "owner")), "*三丰");
  assert_string_equal (json_string_value (json_object_get (json_array_get (owners, 1), "owner")), "**");
  assert_string_equal (json_string_value (json_object_get (json, "birth")), "2024-02-29");
  json_decref (json);
}

static void what_is_wrong_is_named (void **state) {
  (void)state;
  static const struct {
    const char *json;
    mns_rc_t rc;
    const char *where, *detail;
  } rows[] = {
      {"[]", MNS_INVALID, "pet", "an object"},
      {"{\"colour\":1,\"pet\":1,\"weight\":2}", MNS_INVALID, "pet", "unknown: colour, weight"},
      {"{\"pet\":1.0}", MNS_INVALID, "pet", "a whole number"},
      {"{\"pet\":\"1\"}", MNS_INVALID, "pet", "a whole number"},
      {"{\"pet\":-1}", MNS_OUT_OF_RANGE, "pet", "outside"},
      {"{\"price\":600.00}", MNS_INVALID, "price", "a whole number"},
      {"{\"legs\":9}", MNS_OUT_OF_RANGE, "legs", "outside -8 to 8"},
      {"{\"name\":1}", MNS_INVALID, "name", "a string"},
      {"{\"name\":\"a\\u0000b\"}", MNS_INVALID, "name", "zero"},
      {"{\"birth\":\"2026-13-01\"}", MNS_INVALID, "birth", "not a date"},
      {"{\"home\":510322101203}", MNS_INVALID, "home", "a string"},
      {"{\"owners\":{}}", MNS_INVALID, "owners", "an array"},
      {"{\"owners\":[{},{},{},{}]}", MNS_TOO_LONG, "owners", "at most 3"},
      {"{\"owners\":[{},{\"since\":\"x\"}]}", MNS_INVALID, "owners[1].since", "not a date"},
      {"{\"owners\":[{\"x\":1}]}", MNS_INVALID, "owners[0].owner", "unknown: x"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    mns_pet_t pet;
    mns_error_t error;
    json_t *json = json_loads (rows[i].json, JSON_ALLOW_NUL, NULL);
    assert_non_null (json);
    mns_rc_t rc = mns_record_from_json (&mns_pet_type, &pet, json, &error);
    if (rc != rows[i].rc || strcmp (error.where, rows[i].where) != 0 || strstr (error.detail, rows[i].detail) == NULL)
      fail_msg ("%s: %s at %s: %s", rows[i].json, mns_error_word (rc), error.where, error.detail);
    json_decref (json);
  }
}

static void the_schema_tells_all_bounds (void **state) {
  (void)state;
  json_t *schema = mns_record_json_schema (&mns_pet_type);
  assert_string_equal (json_string_value (json_object_get (schema, "$id")), "urn:minsheng:record:pet:2");
  json_t *fields = json_object_get (schema, "properties");
  assert_int_equal (json_object_size (fields), mns_pet_type.field_count);
  assert_json (json_object_get (schema, "required"), "[\"pet\",\"name\"]");
  assert_json (json_object_get (fields, "legs"),
               "{\"type\":\"integer\",\"title\":\"腿数\",\"description\":\"Legs\",\"minimum\":-8,\"maximum\":8}");
  assert_json (json_object_get (json_object_get (fields, "sex"), "enum"), "[\"unknown\",\"male\",\"female\"]");
  const json_t *items = json_object_get (json_object_get (fields, "owners"), "items");
  assert_int_equal (json_object_size (json_object_get (items, "properties")), 2);
  assert_true (json_is_false (json_object_get (schema, "additionalProperties")));
  json_decref (schema);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (every_kind_as_json),          cmocka_unit_test (absent_is_left_out_and_null_is_absent),
      cmocka_unit_test (masked_texts_show_no_person), cmocka_unit_test (what_is_wrong_is_named),
      cmocka_unit_test (the_schema_tells_all_bounds),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
