/* Records as MessagePack: every kind there and back, msgpack-c as the second opinion, and hostile bytes. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/pack.h"
#include "tests/support/pet.h"
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* pet_sample as another implementation (Python's msgpack) packs it: freezes the form. */
static const char golden[] = "8b"
                             "a3706574"
                             "2a"
                             "a46e616d65"
                             "ab"
                             "e998bfe9bb84"
                             "c2b7"
                             "526578"
                             "a3736578"
                             "a46d616c65"
                             "a46c656773"
                             "fc"
                             "a57072696365"
                             "ce15fedc00"
                             "a56269727468"
                             "aa323032342d30322d3239"
                             "a47365656e"
                             "cf000655815f672001"
                             "a4686f6d65"
                             "ac353130333232313031323033"
                             "a463686970"
                             "c4100190a5e07c00700080000000000000ff"
                             "a570686f6e65"
                             "ab3133383030303031323334"
                             "a66f776e657273"
                             "92"
                             "82"
                             "a56f776e6572"
                             "a9e5bca0e4b889e4b8b0"
                             "a573696e6365"
                             "aa323032342d30332d3031"
                             "81"
                             "a56f776e6572"
                             "a24c69";

static mns_buffer_t hex (const char *text) {
  mns_buffer_t out = {0};
  for (; text[0] != '\0'; text += 2) {
    char digits[3] = {text[0], text[1], '\0'};
    uint8_t byte = (uint8_t)strtoul (digits, NULL, 16);
    mns_buffer_add (&out, &byte, 1);
  }
  return out;
}

static mns_rc_t unpack_hex (const char *text, mns_pet_t *pet, mns_error_t *error) {
  mns_buffer_t bytes = hex (text);
  mns_rc_t rc = mns_record_unpack (&mns_pet_type, pet, bytes.data, bytes.size, NULL, error);
  mns_buffer_fini (&bytes);
  return rc;
}

static void every_kind_survives (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample (), again;
  mns_buffer_t out = {0};
  mns_record_pack (&mns_pet_type, &pet, &out);
  assert_int_equal (mns_record_unpack (&mns_pet_type, &again, out.data, out.size, NULL, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_pet_type, &pet, &again));
  mns_buffer_fini (&out);
}

static void the_bytes_are_frozen (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  mns_buffer_t out = {0}, expected = hex (golden);
  mns_record_pack (&mns_pet_type, &pet, &out);
  assert_int_equal (out.size, expected.size);
  assert_memory_equal (out.data, expected.data, out.size);
  mns_buffer_fini (&out);
  mns_buffer_fini (&expected);
}

static void nothing_present_is_an_empty_map (void **state) {
  (void)state;
  mns_pet_t pet, again;
  mns_buffer_t out = {0};
  mns_record_clear (&mns_pet_type, &pet);
  mns_record_pack (&mns_pet_type, &pet, &out);
  assert_int_equal (out.size, 1);
  assert_int_equal (out.data[0], 0x80);
  assert_int_equal (mns_record_unpack (&mns_pet_type, &again, out.data, out.size, NULL, NULL), MNS_OK);
  assert_true (mns_record_equal (&mns_pet_type, &pet, &again));
  assert_true (again.legs == MNS_NONE);
  mns_buffer_fini (&out);
}

/* msgpack-c reads a packed record as a map of the names and values that the table in record.h promises. */
static void msgpack_c_reads_what_we_write (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample ();
  mns_buffer_t out = {0};
  mns_record_pack (&mns_pet_type, &pet, &out);
  msgpack_unpacked result;
  msgpack_unpacked_init (&result);
  size_t offset = 0;
  assert_int_equal (msgpack_unpack_next (&result, (const char *)out.data, out.size, &offset), MSGPACK_UNPACK_SUCCESS);
  assert_int_equal (offset, out.size);
  assert_int_equal (result.data.type, MSGPACK_OBJECT_MAP);
  assert_int_equal (result.data.via.map.size, mns_pet_type.field_count);
  static const msgpack_object_type types[] = {
      MSGPACK_OBJECT_POSITIVE_INTEGER,
      MSGPACK_OBJECT_STR,
      MSGPACK_OBJECT_STR,
      MSGPACK_OBJECT_NEGATIVE_INTEGER,
      MSGPACK_OBJECT_POSITIVE_INTEGER,
      MSGPACK_OBJECT_STR,
      MSGPACK_OBJECT_POSITIVE_INTEGER,
      MSGPACK_OBJECT_STR,
      MSGPACK_OBJECT_BIN,
      MSGPACK_OBJECT_STR,
      MSGPACK_OBJECT_ARRAY,
  };
  for (uint32_t i = 0; i < result.data.via.map.size; i++) {
    const msgpack_object_kv *pair = &result.data.via.map.ptr[i];
    assert_int_equal (pair->key.via.str.size, strlen (mns_pet_type.fields[i].name));
    assert_memory_equal (pair->key.via.str.ptr, mns_pet_type.fields[i].name, pair->key.via.str.size);
    assert_int_equal (pair->val.type, types[i]);
  }
  assert_int_equal (result.data.via.map.ptr[0].val.via.u64, 42);
  assert_int_equal (result.data.via.map.ptr[3].val.via.i64, -4);
  assert_memory_equal (result.data.via.map.ptr[5].val.via.str.ptr, "2024-02-29", 10);
  msgpack_unpacked_destroy (&result);
  mns_buffer_fini (&out);
}

/* A copy of exactly the bytes, so that the sanitizer sees one byte too far. */
static void cut_at_every_byte_is_refused (void **state) {
  (void)state;
  mns_buffer_t whole = hex (golden);
  for (size_t size = 0; size < whole.size; size++) {
    mns_pet_t pet;
    mns_error_t error;
    size_t used;
    uint8_t *part = malloc (size > 0 ? size : 1);
    memcpy (part, whole.data, size);
    assert_int_equal (mns_record_unpack (&mns_pet_type, &pet, part, size, NULL, &error), MNS_MALFORMED);
    assert_int_equal (mns_record_unpack (&mns_pet_type, &pet, part, size, &used, &error), MNS_MALFORMED);
    assert_true (used <= size);
    free (part);
  }
  mns_buffer_fini (&whole);
}

static void a_sequence_is_read_one_by_one (void **state) {
  (void)state;
  mns_pet_t pet = pet_sample (), again;
  mns_buffer_t out = {0};
  for (uint64_t i = 1; i <= 3; i++) {
    pet.pet = i;
    mns_record_pack (&mns_pet_type, &pet, &out);
  }
  size_t at = 0, used = 0;
  for (uint64_t i = 1; i <= 3; i++, at += used) {
    assert_int_equal (mns_record_unpack (&mns_pet_type, &again, out.data + at, out.size - at, &used, NULL), MNS_OK);
    assert_int_equal (again.pet, i);
  }
  assert_int_equal (at, out.size);
  assert_int_equal (mns_record_unpack (&mns_pet_type, &again, out.data, out.size, NULL, NULL), MNS_MALFORMED);
  mns_buffer_fini (&out);
}

/* Each row: bytes, the error, the place that is named. */
static void hostile_bytes_are_refused (void **state) {
  (void)state;
  static const struct {
    const char *bytes, *where;
    mns_rc_t rc;
  } rows[] = {
      {"", "pet", MNS_MALFORMED},
      {"c0", "pet", MNS_MALFORMED},                                     /* no map */
      {"c1", "pet", MNS_MALFORMED},                                     /* no token */
      {"90", "pet", MNS_MALFORMED},                                     /* an array */
      {"81", "pet", MNS_MALFORMED},                                     /* its pair is missing */
      {"8000", "pet", MNS_MALFORMED},                                   /* something follows */
      {"812a2a", "pet", MNS_MALFORMED},                                 /* a number for a name */
      {"dfffffffff", "pet", MNS_MALFORMED},                             /* claims four billion pairs */
      {"dd02ffffff", "pet", MNS_MALFORMED},                             /* five bytes that claim gigabytes */
      {"81a66f776e657273dd02ffffff", "owners", MNS_MALFORMED},          /* the same inside */
      {"81a178dd02ffffff", "pet", MNS_MALFORMED},                       /* the same under an unknown name */
      {"81a178919191919191919191c0", "pet", MNS_MALFORMED},             /* nine deep under an unknown name */
      {"82a37065742aa37065742a", "pet", MNS_MALFORMED},                 /* a name twice */
      {"81a3706574c0", "pet", MNS_MALFORMED},                           /* nil is not absent */
      {"81a3706574cb4045000000000000", "pet", MNS_MALFORMED},           /* a floating-point number */
      {"81a46c656773ca40800000", "legs", MNS_MALFORMED},                /* the same, short */
      {"81a3706574a12a", "pet", MNS_MALFORMED},                         /* text for a number */
      {"81a3706574cfffffffffffffffff", "pet", MNS_MALFORMED},           /* above what a store can hold */
      {"81a3706574ff", "pet", MNS_OUT_OF_RANGE},                        /* -1 */
      {"81a46c65677309", "legs", MNS_OUT_OF_RANGE},                     /* 9 legs */
      {"81a46c656773d38000000000000000", "legs", MNS_MALFORMED},        /* the value that means absent */
      {"81a47365656eff", "seen", MNS_OUT_OF_RANGE},                     /* a negative time */
      {"81a46e616d65a2c328", "name", MNS_BAD_UTF8},                     /* no UTF-8 */
      {"81a46e616d65a3610062", "name", MNS_BAD_UTF8},                   /* a zero byte in a text */
      {"81a46e616d65c40161", "name", MNS_MALFORMED},                    /* bin for text */
      {"81a3736578a3736578", "sex", MNS_UNKNOWN_CODE},                  /* no such word */
      {"81a3736578a131", "sex", MNS_UNKNOWN_CODE},                      /* the national code is not the wire form */
      {"81a3736578a66d616c650078", "sex", MNS_UNKNOWN_CODE},            /* a word, a zero byte, and more */
      {"81a3736578a0", "sex", MNS_UNKNOWN_CODE},                        /* an empty word */
      {"81a56269727468aa323032362d30322d3239", "birth", MNS_INVALID},   /* 2026-02-29 */
      {"81a56269727468a8323032363032 3031", "birth", MNS_INVALID},      /* not the wire form */
      {"81a562697274680c", "birth", MNS_MALFORMED},                     /* a number for a date */
      {"81a4686f6d65a6353130333232", "home", MNS_INVALID},              /* 6 digits */
      {"81a4686f6d65ac35313033323231303132306 1", "home", MNS_INVALID}, /* a letter */
      {"81a463686970c40101", "chip", MNS_MALFORMED},                    /* 1 byte of UUID */
      {"81a66f776e6572739480808080", "owners", MNS_TOO_LONG},           /* 4 of 3 */
      {"81a66f776e6572739280c0", "owners[1].owner", MNS_MALFORMED},     /* the second is no map */
      {"81a66f776e6572739181a56f776e657201", "owners[0].owner", MNS_MALFORMED},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    mns_pet_t pet;
    mns_error_t error;
    char bytes[128] = "";
    for (const char *c = rows[i].bytes; *c != '\0'; c++)
      if (*c != ' ')
        strncat (bytes, c, 1);
    mns_rc_t rc = unpack_hex (bytes, &pet, &error);
    if (rc != rows[i].rc || strcmp (error.where, rows[i].where) != 0)
      fail_msg ("%s: %s at %s (%s)", rows[i].bytes, mns_error_word (rc), error.where, error.detail);
    assert_true (error.detail[0] != '\0');
  }
}

static void a_text_longer_than_its_bound_is_refused (void **state) {
  (void)state;
  char name[42];
  memset (name, 'a', sizeof name);
  for (size_t size = 39; size <= 41; size++) {
    mns_buffer_t out = {0};
    mns_pet_t pet;
    mns_error_t error;
    mns_pack_map (&out, 1);
    mns_pack_text (&out, "name", 4);
    mns_pack_text (&out, name, size);
    mns_rc_t rc = mns_record_unpack (&mns_pet_type, &pet, out.data, out.size, NULL, &error);
    assert_int_equal (rc, size <= 40 ? MNS_OK : MNS_TOO_LONG);
    mns_buffer_fini (&out);
  }
}

/* A later version of the record: names we do not know, with values of any kind, in any order. */
static void unknown_names_are_skipped (void **state) {
  (void)state;
  mns_pet_t pet;
  mns_error_t error;
  assert_int_equal (unpack_hex ("85"
                                "a178"
                                "83a16101a162c3a16393c0cb4045000000000000d40161"
                                "a46c65677303"
                                "a179"
                                "c0"
                                "a3706574"
                                "cd002a"
                                "a16c"
                                "da0001ff",
                                &pet, &error),
                    MNS_OK);
  assert_int_equal (pet.pet, 42);
  assert_int_equal (pet.legs, 3);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (every_kind_survives),
      cmocka_unit_test (the_bytes_are_frozen),
      cmocka_unit_test (nothing_present_is_an_empty_map),
      cmocka_unit_test (msgpack_c_reads_what_we_write),
      cmocka_unit_test (cut_at_every_byte_is_refused),
      cmocka_unit_test (a_sequence_is_read_one_by_one),
      cmocka_unit_test (hostile_bytes_are_refused),
      cmocka_unit_test (a_text_longer_than_its_bound_is_refused),
      cmocka_unit_test (unknown_names_are_skipped),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
