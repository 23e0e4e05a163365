/* Reading MessagePack without trust: one token reader, and on it a pre-scan and typed getters. */
#include "common/cursor.h"

#include <assert.h>

enum { SKIP_DEPTH = 8 };

/* The bytes 0xc0 to 0xdf: what they begin, how many bytes of number follow, and for fixext the payload. */
static const struct {
  uint8_t kind, width, fixed;
} forms[32] = {
    [0x00] = {MNS_TOKEN_NIL, 0, 0},   [0x02] = {MNS_TOKEN_BOOL, 0, 0},  [0x03] = {MNS_TOKEN_BOOL, 0, 0},
    [0x04] = {MNS_TOKEN_BYTES, 1, 0}, [0x05] = {MNS_TOKEN_BYTES, 2, 0}, [0x06] = {MNS_TOKEN_BYTES, 4, 0},
    [0x07] = {MNS_TOKEN_EXT, 1, 0},   [0x08] = {MNS_TOKEN_EXT, 2, 0},   [0x09] = {MNS_TOKEN_EXT, 4, 0},
    [0x0a] = {MNS_TOKEN_FLOAT, 4, 0}, [0x0b] = {MNS_TOKEN_FLOAT, 8, 0}, [0x0c] = {MNS_TOKEN_UINT, 1, 0},
    [0x0d] = {MNS_TOKEN_UINT, 2, 0},  [0x0e] = {MNS_TOKEN_UINT, 4, 0},  [0x0f] = {MNS_TOKEN_UINT, 8, 0},
    [0x10] = {MNS_TOKEN_INT, 1, 0},   [0x11] = {MNS_TOKEN_INT, 2, 0},   [0x12] = {MNS_TOKEN_INT, 4, 0},
    [0x13] = {MNS_TOKEN_INT, 8, 0},   [0x14] = {MNS_TOKEN_EXT, 0, 1},   [0x15] = {MNS_TOKEN_EXT, 0, 2},
    [0x16] = {MNS_TOKEN_EXT, 0, 4},   [0x17] = {MNS_TOKEN_EXT, 0, 8},   [0x18] = {MNS_TOKEN_EXT, 0, 16},
    [0x19] = {MNS_TOKEN_TEXT, 1, 0},  [0x1a] = {MNS_TOKEN_TEXT, 2, 0},  [0x1b] = {MNS_TOKEN_TEXT, 4, 0},
    [0x1c] = {MNS_TOKEN_ARRAY, 2, 0}, [0x1d] = {MNS_TOKEN_ARRAY, 4, 0}, [0x1e] = {MNS_TOKEN_MAP, 2, 0},
    [0x1f] = {MNS_TOKEN_MAP, 4, 0},
};

/* Forms whose kind and number are in the first byte alone. */
static bool token_of_byte (uint8_t byte, mns_token_t *token) {
  token->head = 1;
  if (byte < 0x80) {
    token->kind = MNS_TOKEN_UINT;
    token->value = byte;
  } else if (byte < 0x90) {
    token->kind = MNS_TOKEN_MAP;
    token->value = byte & 0x0f;
  } else if (byte < 0xa0) {
    token->kind = MNS_TOKEN_ARRAY;
    token->value = byte & 0x0f;
  } else if (byte < 0xc0) {
    token->kind = MNS_TOKEN_TEXT;
    token->value = byte & 0x1f;
  } else if (byte >= 0xe0) {
    token->kind = MNS_TOKEN_INT;
    token->value = (uint64_t)(int64_t)(int8_t)byte;
  } else
    return false;
  return true;
}

static void sign_extend (mns_token_t *token, unsigned width) {
  unsigned shift = 64 - 8 * width;
  int64_t number = (int64_t)(token->value << shift) >> shift;
  token->value = (uint64_t)number;
  if (number >= 0)
    token->kind = MNS_TOKEN_UINT;
}

static bool token_of_form (const uint8_t *at, size_t left, mns_token_t *token) {
  uint8_t byte = at[0];
  unsigned width = forms[byte & 0x1f].width;
  if (byte == 0xc1 || left <= width)
    return false;
  uint64_t value = 0;
  for (unsigned i = 1; i <= width; i++)
    value = value << 8 | at[i];
  *token = (mns_token_t){.kind = forms[byte & 0x1f].kind, .value = value, .head = 1 + width};
  if (token->kind == MNS_TOKEN_INT)
    sign_extend (token, width);
  else if (token->kind == MNS_TOKEN_BOOL)
    token->value = byte & 1;
  else if (token->kind == MNS_TOKEN_EXT)
    token->value = (width > 0 ? value : forms[byte & 0x1f].fixed) + 1;
  return true;
}

static inline bool read_token (const uint8_t *at, size_t left, mns_token_t *token) {
  if (left == 0)
    return false;
  if (!token_of_byte (at[0], token) && !token_of_form (at, left, token))
    return false;
  token->payload = 0;
  if (token->kind == MNS_TOKEN_TEXT || token->kind == MNS_TOKEN_BYTES || token->kind == MNS_TOKEN_EXT) {
    if (token->value > left - token->head)
      return false;
    token->payload = (size_t)token->value;
  }
  return true;
}

/* Values that must follow a token because they are inside it. */
static uint64_t children_of (const mns_token_t *token) {
  return token->kind == MNS_TOKEN_ARRAY ? token->value : token->kind == MNS_TOKEN_MAP ? 2 * token->value : 0;
}

mns_rc_t mns_scan (const void *data, size_t size, unsigned max_depth, size_t max_nodes, size_t *used) {
  assert (max_depth <= MNS_SCAN_DEPTH);
  const uint8_t *begin = data;
  uint64_t open[MNS_SCAN_DEPTH + 1]; /* values still to come on each open level */
  unsigned depth = 0;
  size_t at = 0;
  open[0] = 1;
  for (size_t nodes = 0;; nodes++) {
    mns_token_t token;
    if (nodes == max_nodes)
      return MNS_TOO_LARGE;
    if (!read_token (begin + at, size - at, &token))
      return MNS_MALFORMED;
    at += token.head + token.payload;
    uint64_t children = children_of (&token);
    if (children > size - at)
      return MNS_MALFORMED;
    open[depth]--;
    if (token.kind == MNS_TOKEN_ARRAY || token.kind == MNS_TOKEN_MAP) {
      if (depth == max_depth)
        return MNS_TOO_LARGE;
      open[++depth] = children;
    }
    while (open[depth] == 0 && depth > 0)
      depth--;
    if (open[depth] == 0)
      break;
  }
  if (used != NULL)
    *used = at;
  return used == NULL && at != size ? MNS_MALFORMED : MNS_OK;
}

mns_cursor_t mns_cursor_init (const void *data, size_t size) {
  const uint8_t *begin = data;
  return (mns_cursor_t){.at = begin, .end = size > 0 ? begin + size : begin};
}

size_t mns_cursor_left (const mns_cursor_t *cursor) {
  return (size_t)(cursor->end - cursor->at);
}

bool mns_cursor_peek (const mns_cursor_t *cursor, mns_token_t *token) {
  return read_token (cursor->at, mns_cursor_left (cursor), token);
}

/* Takes the token at the cursor when it is of this kind. */
static inline bool take (mns_cursor_t *cursor, mns_token_kind_t kind, mns_token_t *token) {
  if (!read_token (cursor->at, mns_cursor_left (cursor), token) || token->kind != kind)
    return false;
  cursor->at += token->head + token->payload;
  return true;
}

bool mns_cursor_uint (mns_cursor_t *cursor, uint64_t max, uint64_t *value) {
  mns_token_t token;
  if (!mns_cursor_peek (cursor, &token) || token.kind != MNS_TOKEN_UINT || token.value > max)
    return false;
  cursor->at += token.head;
  *value = token.value;
  return true;
}

bool mns_cursor_int (mns_cursor_t *cursor, int64_t min, int64_t max, int64_t *value) {
  mns_token_t token;
  if (!mns_cursor_peek (cursor, &token) || (token.kind != MNS_TOKEN_UINT && token.kind != MNS_TOKEN_INT))
    return false;
  if (token.kind == MNS_TOKEN_UINT && token.value > INT64_MAX)
    return false;
  int64_t number = (int64_t)token.value;
  if (number < min || number > max)
    return false;
  cursor->at += token.head;
  *value = number;
  return true;
}

bool mns_cursor_text (mns_cursor_t *cursor, const char **text, size_t *size) {
  mns_token_t token;
  if (!take (cursor, MNS_TOKEN_TEXT, &token))
    return false;
  *text = (const char *)cursor->at - token.payload;
  *size = token.payload;
  return true;
}

bool mns_cursor_bytes (mns_cursor_t *cursor, const uint8_t **bytes, size_t *size) {
  mns_token_t token;
  if (!take (cursor, MNS_TOKEN_BYTES, &token))
    return false;
  *bytes = cursor->at - token.payload;
  *size = token.payload;
  return true;
}

/* A count is believed only when the bytes left could hold so many values. */
static bool take_container (mns_cursor_t *cursor, mns_token_kind_t kind, uint32_t *count) {
  mns_token_t token;
  if (!mns_cursor_peek (cursor, &token) || token.kind != kind)
    return false;
  if (children_of (&token) > mns_cursor_left (cursor) - token.head)
    return false;
  cursor->at += token.head;
  *count = (uint32_t)token.value;
  return true;
}

bool mns_cursor_array (mns_cursor_t *cursor, uint32_t *items) {
  return take_container (cursor, MNS_TOKEN_ARRAY, items);
}

bool mns_cursor_map (mns_cursor_t *cursor, uint32_t *pairs) {
  return take_container (cursor, MNS_TOKEN_MAP, pairs);
}

bool mns_cursor_skip (mns_cursor_t *cursor) {
  size_t left = mns_cursor_left (cursor), used;
  if (mns_scan (cursor->at, left, SKIP_DEPTH, left + 1, &used) != MNS_OK)
    return false;
  cursor->at += used;
  return true;
}
