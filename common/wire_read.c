/* Reading MessagePack from a peer (wire_read.h). Lengths are compared with what is left before they are believed, so a
 * claim of four billion elements costs nothing. */
#include "common/wire_read.h"

bool mns_read_uint (mns_read_t *read, uint64_t *value) {
  uint8_t tag;
  if (!mns_read_byte (read, &tag))
    return false;
  if (tag < 0x80) {
    *value = tag;
    return true;
  }
  if (tag >= 0xcc && tag <= 0xcf)
    return mns_read_be (read, (size_t)1 << (tag - 0xcc), value);
  if (tag < 0xd0 || tag > 0xd3)
    return false;
  size_t size = (size_t)1 << (tag - 0xd0);
  return mns_read_be (read, size, value) && *value >> (8 * size - 1) == 0;
}

/* `fix` and its mask are the short form's; `wide` is the tag with one byte of length (0: there is none). */
static bool length (mns_read_t *read, uint8_t fix, uint8_t mask, uint8_t wide, size_t first_width, uint64_t *count) {
  uint8_t tag;
  if (!mns_read_byte (read, &tag))
    return false;
  if ((tag & (uint8_t)~mask) == fix) {
    *count = tag & mask;
    return true;
  }
  for (size_t width = first_width; width <= 4; width *= 2, wide++)
    if (tag == wide)
      return mns_read_be (read, width, count);
  return false;
}

static bool span (mns_read_t *read, uint64_t count, const uint8_t **data, size_t *size) {
  if (count > mns_read_left (read))
    return false;
  *data = read->at;
  *size = (size_t)count;
  read->at += count;
  return true;
}

bool mns_read_str (mns_read_t *read, const char **text, size_t *size) {
  uint64_t count;
  const uint8_t *data;
  if (!length (read, 0xa0, 0x1f, 0xd9, 1, &count) || !span (read, count, &data, size))
    return false;
  *text = (const char *)data;
  return true;
}

bool mns_read_bin (mns_read_t *read, const uint8_t **data, size_t *size) {
  uint8_t tag;
  uint64_t count;
  return mns_read_byte (read, &tag) && tag >= 0xc4 && tag <= 0xc6 &&
         mns_read_be (read, (size_t)1 << (tag - 0xc4), &count) && span (read, count, data, size);
}

bool mns_read_array (mns_read_t *read, uint64_t *count) {
  return length (read, 0x90, 0x0f, 0xdc, 2, count) && *count <= mns_read_left (read);
}

bool mns_read_map (mns_read_t *read, uint64_t *count) {
  return length (read, 0x80, 0x0f, 0xde, 2, count) && *count <= mns_read_left (read) / 2;
}

/* Bytes behind the tag of a value that has no parts; −1 when it has parts or a length of its own. */
static int scalar_width (uint8_t tag) {
  static const int8_t wide[32] = {
      [0x00] = 0,  /* nil */
      [0x01] = -1, /* never used */
      [0x02] = 0,  [0x03] = 0,  [0x04] = -1, [0x05] = -1, [0x06] = -1, [0x07] = -1, [0x08] = -1, [0x09] = -1,
      [0x0a] = 4,  [0x0b] = 8,  [0x0c] = 1,  [0x0d] = 2,  [0x0e] = 4,  [0x0f] = 8,  [0x10] = 1,  [0x11] = 2,
      [0x12] = 4,  [0x13] = 8,  [0x14] = 2,  [0x15] = 3,  [0x16] = 5,  [0x17] = 9,  [0x18] = 17, [0x19] = -1,
      [0x1a] = -1, [0x1b] = -1, [0x1c] = -1, [0x1d] = -1, [0x1e] = -1, [0x1f] = -1};
  if (tag < 0x80 || tag >= 0xe0)
    return 0;
  return tag < 0xc0 ? -1 : wide[tag - 0xc0];
}

static bool skip_parts (mns_read_t *read, uint64_t parts, int depth, unsigned *budget) {
  if (depth == 0)
    return parts == 0;
  for (uint64_t i = 0; i < parts; i++)
    if (!mns_read_skip (read, depth - 1, budget))
      return false;
  return true;
}

bool mns_read_skip (mns_read_t *read, int depth, unsigned *budget) {
  if (read->at == read->end || *budget == 0)
    return false;
  (*budget)--;
  uint8_t tag = *read->at;
  int width = scalar_width (tag);
  const uint8_t *data;
  const char *text;
  size_t size;
  uint64_t count;
  if (width >= 0) {
    read->at++;
    return span (read, (uint64_t)width, &data, &size);
  }
  if ((tag & 0xf0) == 0x80 || tag == 0xde || tag == 0xdf)
    return mns_read_map (read, &count) && skip_parts (read, 2 * count, depth, budget);
  if ((tag & 0xf0) == 0x90 || tag == 0xdc || tag == 0xdd)
    return mns_read_array (read, &count) && skip_parts (read, count, depth, budget);
  if (tag >= 0xc4 && tag <= 0xc6)
    return mns_read_bin (read, &data, &size);
  if (tag >= 0xc7 && tag <= 0xc9) { /* ext: a length, a type byte, the bytes */
    read->at++;
    return mns_read_be (read, (size_t)1 << (tag - 0xc7), &count) && span (read, count + 1, &data, &size);
  }
  return tag != 0xc1 && mns_read_str (read, &text, &size);
}
