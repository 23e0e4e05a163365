/* Lines out of xz data that is in memory, through a window of fixed size. */
#include "divisions/divisions.h"

#include "common/buffer.h"
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW       (64 << 10)
#define MEMORY_LIMIT (128 << 20)

struct divisions_lines {
  lzma_stream stream;
  bool ended;
  size_t at, size;
  char window[WINDOW];
};

divisions_lines_t *divisions_lines_new (const unsigned char *data, size_t size) {
  divisions_lines_t *lines = mns_alloc (sizeof *lines);
  lines->stream = (lzma_stream)LZMA_STREAM_INIT;
  lines->stream.next_in = data;
  lines->stream.avail_in = size;
  lines->at = lines->size = 0;
  lines->ended = lzma_stream_decoder (&lines->stream, MEMORY_LIMIT, 0) != LZMA_OK;
  return lines;
}

void divisions_lines_destroy (divisions_lines_t **self) {
  if (*self)
    lzma_end (&(*self)->stream);
  free (*self);
  *self = NULL;
}

/* Moves what is left to the front of the window and fills it up. */
static mns_rc_t fill (divisions_lines_t *lines) {
  size_t left = lines->size - lines->at;
  memmove (lines->window, lines->window + lines->at, left);
  lines->at = 0;
  lines->size = left;
  if (lines->ended)
    return left ? MNS_CORRUPT : MNS_GONE;
  if (left == WINDOW)
    return MNS_CORRUPT;
  lines->stream.next_out = (uint8_t *)lines->window + left;
  lines->stream.avail_out = WINDOW - left;
  lzma_ret ret = lzma_code (&lines->stream, LZMA_FINISH);
  lines->size = WINDOW - lines->stream.avail_out;
  lines->ended = ret == LZMA_STREAM_END;
  return ret == LZMA_OK || ret == LZMA_STREAM_END ? MNS_OK : MNS_CORRUPT;
}

mns_rc_t divisions_lines_next (divisions_lines_t *lines, char **line) {
  for (;;) {
    char *begin = lines->window + lines->at;
    char *end = memchr (begin, '\n', lines->size - lines->at);
    if (end) {
      *end = 0;
      lines->at = (size_t)(end - lines->window) + 1;
      *line = begin;
      return MNS_OK;
    }
    mns_rc_t rc = fill (lines);
    if (rc != MNS_OK)
      return rc;
  }
}
