/* Any bytes: the pre-scan and the cursor agree about where a value ends, and neither reads outside. */
#include "common/cursor.h"
#include <assert.h>

/* Walks a value by the getters, as a reader of records does. */
static bool walk (mns_cursor_t *cursor, unsigned depth) {
  mns_token_t token;
  uint32_t count;
  if (!mns_cursor_peek (cursor, &token))
    return false;
  bool map = token.kind == MNS_TOKEN_MAP;
  if (!map && token.kind != MNS_TOKEN_ARRAY)
    return mns_cursor_skip (cursor);
  if (depth == 8 || !(map ? mns_cursor_map (cursor, &count) : mns_cursor_array (cursor, &count)))
    return false;
  for (uint64_t i = 0; i < (uint64_t)count * (map ? 2 : 1); i++)
    if (!walk (cursor, depth + 1))
      return false;
  return true;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  size_t used = 0;
  mns_cursor_t walked = mns_cursor_init (data, size), skipped = walked;
  bool scanned = mns_scan (data, size, 8, size + 1, &used) == MNS_OK;
  assert (scanned == walk (&walked, 0));
  assert (scanned == mns_cursor_skip (&skipped));
  if (scanned) {
    assert (walked.at == data + used && skipped.at == data + used);
    assert (mns_scan (data, used, 8, used, NULL) == MNS_OK);
  }
  return 0;
}
