/* The cells of a row as clean UTF-8: the file's encoding is found out from its own lines, what cannot be read is made
 * visible instead of dropped, and blanks that nobody sees are cut off. */
#include "common/csv_text.h"

#include "common/text.h"
#include <stdlib.h>
#include <string.h>

static bool is_high (char c) {
  return (unsigned char)c >= 0x80;
}

static bool has_high (const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (is_high (text[i]))
      return true;
  return false;
}

/* ---- the encoding ------------------------------------------------------------------------------------------------ */

/* Lines are counted, not the file judged as a whole: a bad byte in one of them is that line's mistake. */
static mns_csv_encoding_t guess (const char *look, size_t size) {
  size_t utf8 = 0, gb18030 = 0;
  for (const char *at = look, *end = look + size; at < end;) {
    const char *line_end = memchr (at, '\n', (size_t)(end - at));
    size_t line = (size_t)((line_end != NULL ? line_end : end) - at);
    if (has_high (at, line)) {
      bool is_utf8 = mns_text_valid (at, line);
      utf8 += is_utf8;
      gb18030 += !is_utf8 && mns_gb18030_valid (at, line);
    }
    at += line + 1;
  }
  return gb18030 > utf8 ? MNS_CSV_GB18030 : MNS_CSV_UTF8;
}

void mns_csv_text_fini (mns_csv_text_t *text) {
  mns_gb18030_destroy (&text->gb18030);
  mns_buffer_fini (&text->cells);
}

/* ---- one cell ---------------------------------------------------------------------------------------------------- */

/* Each byte that belongs to no character as "\xB5", so that nothing is lost and everything can be seen. */
static void add_escaped (mns_csv_text_t *text, const char *cell, size_t size) {
  for (size_t at = 0; at < size;) {
    size_t bytes = mns_text_step (cell + at);
    if (bytes == 0)
      mns_buffer_printf (&text->cells, "\\x%02X", (unsigned char)cell[at]);
    else
      mns_buffer_add (&text->cells, cell + at, bytes);
    at += bytes == 0 ? 1 : bytes;
  }
}

/* The same of GB18030: character by character, as far as they are. */
static void add_gb18030_escaped (mns_csv_text_t *text, const char *cell, size_t size) {
  for (size_t at = 0, bad_at; at < size;) {
    size_t good = size - at;
    if (mns_gb18030_to_utf8 (text->gb18030, cell + at, good, &text->cells, &bad_at))
      return;
    mns_gb18030_to_utf8 (text->gb18030, cell + at, bad_at, &text->cells, &good);
    mns_buffer_printf (&text->cells, "\\x%02X", (unsigned char)cell[at + bad_at]);
    at += bad_at + 1;
  }
}

static bool add_cell (mns_csv_text_t *text, const char *cell, size_t size) {
  size_t bad_at;
  if (text->encoding == MNS_CSV_UTF8 && mns_text_valid (cell, size)) {
    mns_buffer_add (&text->cells, cell, size);
    return true;
  }
  if (text->encoding == MNS_CSV_UTF8)
    add_escaped (text, cell, size);
  else if (mns_gb18030_to_utf8 (text->gb18030, cell, size, &text->cells, &bad_at))
    return true;
  else
    add_gb18030_escaped (text, cell, size);
  return false;
}

/* Blanks that a keyboard for Chinese or a web page puts around a text: U+00A0, U+200B, U+3000, U+FEFF. */
static size_t blank_at (const char *text) {
  static const char *const blanks[] = {" ", "\t", "\r", "\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80", "\xef\xbb\xbf"};
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
    if (strncmp (text, blanks[i], strlen (blanks[i])) == 0)
      return strlen (blanks[i]);
  return 0;
}

static const char *trim (char *cell) {
  char *end = cell;
  size_t blank;
  while ((blank = blank_at (cell)) > 0)
    cell += blank;
  for (char *at = cell; *at != '\0'; at += blank > 0 ? blank : 1) {
    blank = blank_at (at);
    if (blank == 0)
      end = at + 1;
  }
  if (end > cell)
    *end = '\0';
  return cell;
}

/* ---- a row ------------------------------------------------------------------------------------------------------- */

static void decide (mns_csv_text_t *text, const char *look, size_t size) {
  text->decided = true;
  text->encoding = guess (look, size);
  if (text->encoding == MNS_CSV_GB18030)
    text->gb18030 = mns_gb18030_new ();
}

size_t mns_csv_text_row (mns_csv_text_t *text, mns_csv_row_t *row, const char *look, size_t size) {
  size_t starts[MNS_CSV_COLUMNS_MAX], bad = SIZE_MAX;
  if (!has_high (row->raw, row->raw_size))
    return SIZE_MAX;
  if (!text->decided)
    decide (text, look, size);
  mns_buffer_clear (&text->cells);
  for (size_t i = 0; i < row->count; i++) {
    starts[i] = text->cells.size;
    if (!add_cell (text, row->cells[i], strlen (row->cells[i])) && bad == SIZE_MAX)
      bad = i;
    mns_buffer_add (&text->cells, "", 1);
  }
  for (size_t i = 0; i < row->count; i++)
    row->cells[i] = trim ((char *)text->cells.data + starts[i]);
  return bad;
}

const char *mns_csv_text_name (const mns_csv_text_t *text) {
  return text->encoding == MNS_CSV_GB18030 ? "GB18030" : "UTF-8";
}
