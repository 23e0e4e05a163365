/* Writing MessagePack: every value at every border of its forms, byte for byte as msgpack-c writes it. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "common/pack.h"
#include <msgpack.h>

typedef struct {
  mns_buffer_t ours;
  msgpack_sbuffer theirs;
  msgpack_packer packer;
} pair_t;

static void begin (pair_t *pair) {
  pair->ours = (mns_buffer_t){0};
  msgpack_sbuffer_init (&pair->theirs);
  msgpack_packer_init (&pair->packer, &pair->theirs, msgpack_sbuffer_write);
}

static void assert_same (pair_t *pair) {
  assert_int_equal (pair->ours.size, pair->theirs.size);
  assert_memory_equal (pair->ours.data, pair->theirs.data, pair->ours.size);
  msgpack_sbuffer_destroy (&pair->theirs);
  mns_buffer_fini (&pair->ours);
}

static void numbers (void **state) {
  (void)state;
  for (int bit = 0; bit < 64; bit++)
    for (uint64_t off = 0; off <= 4; off++) {
      pair_t pair;
      uint64_t value = (UINT64_C (1) << bit) - 2 + off;
      begin (&pair);
      mns_pack_uint (&pair.ours, value);
      msgpack_pack_uint64 (&pair.packer, value);
      mns_pack_int (&pair.ours, (int64_t)value);
      msgpack_pack_int64 (&pair.packer, (int64_t)value);
      mns_pack_int (&pair.ours, (int64_t)~value);
      msgpack_pack_int64 (&pair.packer, (int64_t)~value);
      assert_same (&pair);
    }
}

static const size_t sizes[] = {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536, 70000};

static void texts_and_bytes (void **state) {
  (void)state;
  static const char zeros[70000] = "";
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    pair_t pair;
    begin (&pair);
    mns_pack_text (&pair.ours, zeros, sizes[i]);
    msgpack_pack_str_with_body (&pair.packer, zeros, sizes[i]);
    mns_pack_bytes (&pair.ours, zeros, sizes[i]);
    msgpack_pack_bin_with_body (&pair.packer, zeros, sizes[i]);
    assert_same (&pair);
  }
}

static void counts (void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    pair_t pair;
    begin (&pair);
    mns_pack_array (&pair.ours, (uint32_t)sizes[i]);
    msgpack_pack_array (&pair.packer, sizes[i]);
    mns_pack_map (&pair.ours, (uint32_t)sizes[i]);
    msgpack_pack_map (&pair.packer, sizes[i]);
    assert_same (&pair);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (numbers),
      cmocka_unit_test (texts_and_bytes),
      cmocka_unit_test (counts),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
