/* Reading MessagePack from a peer: a bounded pre-scan and a pull cursor. Neither allocates nor recurses.
 *
 * Whatever the bytes claim, no function reads outside of them, and a claimed count is believed only as far as bytes
 * are there to hold it. Texts and byte strings point into the input; whoever takes a text checks that it is UTF-8
 * (mns_text_valid). A getter that gives false leaves the cursor where it was. */
#ifndef MNS_COMMON_CURSOR_H
#define MNS_COMMON_CURSOR_H

#include "mns/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MNS_SCAN_DEPTH 32 /* the deepest nesting that can be asked for */

/* One whole value at `data`: well formed, nested at most `max_depth` arrays and maps deep (0: a scalar), with at most
 * `max_nodes` values (names of a map count as values) in all. `used` gets its bytes; NULL: it must fill `size` exactly.
 * MNS_MALFORMED: truncated, followed by more, a byte that means nothing; MNS_TOO_LARGE: too deep or too many. */
mns_rc_t mns_scan (const void *data, size_t size, unsigned max_depth, size_t max_nodes, size_t *used);

typedef enum {
  MNS_TOKEN_NIL,
  MNS_TOKEN_BOOL,
  MNS_TOKEN_UINT,  /* value: the number; also written by signed forms when ≥ 0 */
  MNS_TOKEN_INT,   /* negative; value: its two's complement */
  MNS_TOKEN_FLOAT, /* value: the bits */
  MNS_TOKEN_TEXT,  /* value: bytes that follow */
  MNS_TOKEN_BYTES,
  MNS_TOKEN_EXT,
  MNS_TOKEN_ARRAY, /* value: items that follow */
  MNS_TOKEN_MAP    /* value: pairs that follow */
} mns_token_kind_t;

typedef struct {
  mns_token_kind_t kind;
  uint64_t value;
  size_t head;    /* bytes of the token itself */
  size_t payload; /* bytes behind it that belong to it: texts, bytes, ext */
} mns_token_t;

typedef struct {
  const uint8_t *at, *end;
} mns_cursor_t;

mns_cursor_t mns_cursor_init (const void *data, size_t size);
size_t mns_cursor_left (const mns_cursor_t *cursor);

/* What stands at the cursor, which does not move. False: nothing, cut off, or a byte that means nothing. */
bool mns_cursor_peek (const mns_cursor_t *cursor, mns_token_t *token);

/* Each takes one value of its kind; false when it is another kind, out of range, or cut off. */
bool mns_cursor_uint (mns_cursor_t *cursor, uint64_t max, uint64_t *value);
bool mns_cursor_int (mns_cursor_t *cursor, int64_t min, int64_t max, int64_t *value);
bool mns_cursor_text (mns_cursor_t *cursor, const char **text, size_t *size); /* not terminated */
bool mns_cursor_bytes (mns_cursor_t *cursor, const uint8_t **bytes, size_t *size);
bool mns_cursor_array (mns_cursor_t *cursor, uint32_t *items); /* then come the items */
bool mns_cursor_map (mns_cursor_t *cursor, uint32_t *pairs);   /* then come name, value, name, value … */

/* Passes over one whole value of any kind, nested at most 8 deep. */
bool mns_cursor_skip (mns_cursor_t *cursor);

#endif
