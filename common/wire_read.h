/* Reading MessagePack from a peer: a cursor that never leaves its bytes, never allocates, never recurses deeply.
 * Each function reads one value and moves behind it; false, and the cursor is of no further use, when there is
 * another kind of value or the bytes end. Internal to the wire_*.c files. */
#ifndef MNS_COMMON_WIRE_READ_H
#define MNS_COMMON_WIRE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *at, *end;
} mns_read_t;

static inline size_t mns_read_left (const mns_read_t *read) {
  return (size_t)(read->end - read->at);
}

/* An unsigned number of `size` bytes, big endian. */
static inline bool mns_read_be (mns_read_t *read, size_t size, uint64_t *value) {
  if (mns_read_left (read) < size)
    return false;
  uint64_t got = 0;
  for (size_t i = 0; i < size; i++)
    got = got << 8 | read->at[i];
  read->at += size;
  *value = got;
  return true;
}

static inline bool mns_read_byte (mns_read_t *read, uint8_t *byte) {
  if (read->at == read->end)
    return false;
  *byte = *read->at++;
  return true;
}

/* A non-negative integer in any of its forms. */
bool mns_read_uint (mns_read_t *read, uint64_t *value);
/* Text or bytes: a pointer into the message. */
bool mns_read_str (mns_read_t *read, const char **text, size_t *size);
bool mns_read_bin (mns_read_t *read, const uint8_t **data, size_t *size);
/* The head of an array or a map. */
bool mns_read_array (mns_read_t *read, uint64_t *count);
bool mns_read_map (mns_read_t *read, uint64_t *count);
/* Any value, nested at most `depth` deep; *budget counts down its parts. */
bool mns_read_skip (mns_read_t *read, int depth, unsigned *budget);

#endif
