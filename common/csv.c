/* Reading CSV row by row (RFC 4180), so that nothing is skipped silently: whatever is not a row is given as a broken
 * row with its bytes, and reading goes on at the next line, wherever a quote was left open. */
#include "common/csv.h"

#include "common/csv_text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
  LOOK = MNS_CSV_ROW_MAX + 1, /* a row and its line end */
  WINDOW = 4 * MNS_CSV_ROW_MAX
};

struct mns_csv_reader {
  FILE *file;
  uint8_t window[WINDOW]; /* bytes begin … end are read and not yet given out */
  size_t begin, end;
  bool at_end; /* the file has no more bytes */
  uint64_t position, line, row;
  char cells[LOOK + MNS_CSV_COLUMNS_MAX], long_row[MNS_CSV_ROW_MAX];
  mns_csv_text_t text;
  mns_csv_row_t header;
  char *header_cells, *header_raw; /* what the header points into */
};

/* Cuts one row: reads at … end, writes the cells behind each other. */
typedef struct {
  const uint8_t *at, *end;
  char *out;
  uint64_t lines; /* line ends passed */
} cutter_t;

/* ---- one row ----------------------------------------------------------------------------------------------------- */

static bool is_blank (char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks (cutter_t *cutter) {
  while (cutter->at < cutter->end && is_blank ((char)*cutter->at))
    cutter->at++;
}

/* Each gives NULL, or why the row is broken. */
static const char *cut_quoted (cutter_t *cutter) {
  static const char left_open[] = "a quote is opened and not closed";
  uint64_t line = cutter->lines;
  cutter->at++;
  for (; cutter->at < cutter->end; cutter->at++) {
    uint8_t byte = *cutter->at;
    if (byte == '"') {
      if (cutter->at + 1 == cutter->end || cutter->at[1] != '"')
        break;
      cutter->at++;
    } else if (byte == '\0')
      return cutter->lines > line ? left_open : "there is a zero byte in a cell"; /* of another row */
    cutter->lines += byte == '\n';
    *cutter->out++ = (char)byte;
  }
  if (cutter->at == cutter->end)
    return left_open;
  cutter->at++;
  skip_blanks (cutter);
  if (cutter->at < cutter->end && *cutter->at != ',' && *cutter->at != '\n')
    return "something stands behind the closing quote of a cell; a quote inside a quoted cell is written twice";
  return NULL;
}

static const char *cut_plain (cutter_t *cutter) {
  for (; cutter->at < cutter->end && *cutter->at != ',' && *cutter->at != '\n'; cutter->at++) {
    if (*cutter->at == '"')
      return "there is a quote in a cell that does not begin with one; such a cell is quoted, its quotes written twice";
    if (*cutter->at == '\0')
      return "there is a zero byte in a cell";
    *cutter->out++ = (char)*cutter->at;
  }
  return NULL;
}

/* Terminates the cell that was written from `cell` on, without its surrounding blanks. */
static const char *finish_cell (cutter_t *cutter, char *cell) {
  while (cutter->out > cell && is_blank (cutter->out[-1]))
    cutter->out--;
  *cutter->out++ = '\0';
  return cell + strspn (cell, " \t\r");
}

/* Cuts up to and with the line end, or to `end`. */
static const char *cut_row (cutter_t *cutter, mns_csv_row_t *row) {
  for (row->count = 0;;) {
    if (row->count == MNS_CSV_COLUMNS_MAX)
      return "there are more than 64 cells";
    skip_blanks (cutter);
    char *cell = cutter->out;
    bool quoted = cutter->at < cutter->end && *cutter->at == '"';
    const char *why = quoted ? cut_quoted (cutter) : cut_plain (cutter);
    if (why != NULL)
      return why;
    row->cells[row->count++] = finish_cell (cutter, cell);
    if (cutter->at == cutter->end)
      return NULL;
    if (*cutter->at++ == '\n') {
      cutter->lines++;
      return NULL;
    }
  }
}

bool mns_csv_cut (const char *text, size_t size, char *room, mns_csv_row_t *row) {
  const uint8_t *at = (const uint8_t *)text;
  cutter_t cutter = {.at = at, .end = at + size, .out = room};
  *row = (mns_csv_row_t){.raw = text, .raw_size = size};
  return cut_row (&cutter, row) == NULL;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static size_t left_in (const mns_csv_reader_t *reader) {
  return reader->end - reader->begin;
}

/* Sees to it that a whole row is in the window, if there is one. */
static mns_rc_t fill (mns_csv_reader_t *reader, mns_error_t *error) {
  if (reader->at_end || left_in (reader) >= LOOK)
    return MNS_OK;
  memmove (reader->window, reader->window + reader->begin, left_in (reader));
  reader->end = left_in (reader);
  reader->begin = 0;
  reader->end += fread (reader->window + reader->end, 1, WINDOW - reader->end, reader->file);
  reader->at_end = reader->end < WINDOW;
  if (ferror (reader->file)) {
    reader->begin = reader->end;
    return mns_fail (error, MNS_IO, "", "the file cannot be read further: %s", strerror (errno));
  }
  return MNS_OK;
}

static void advance (mns_csv_reader_t *reader, size_t bytes, uint64_t lines) {
  reader->begin += bytes;
  reader->position += bytes;
  reader->line += lines;
}

static mns_rc_t pass_empty_lines (mns_csv_reader_t *reader, mns_error_t *error) {
  for (;;) {
    mns_rc_t rc = fill (reader, error);
    const uint8_t *at = reader->window + reader->begin;
    size_t left = left_in (reader);
    if (rc != MNS_OK || left == 0)
      return rc;
    size_t end = at[0] == '\r' && left > 1 ? 1 : 0;
    if (at[end] != '\n')
      return MNS_OK;
    advance (reader, end + 1, 1);
  }
}

/* A line that does not end within the window is passed over to its end; its first bytes stand for it. */
static void pass_long_line (mns_csv_reader_t *reader) {
  const uint8_t *line_end = NULL;
  while (line_end == NULL && left_in (reader) > 0) {
    const uint8_t *at = reader->window + reader->begin;
    line_end = memchr (at, '\n', left_in (reader));
    advance (reader, line_end != NULL ? (size_t)(line_end - at) + 1 : left_in (reader), line_end != NULL);
    if (line_end == NULL && fill (reader, NULL) != MNS_OK)
      return;
  }
}

/* What stands between the commas of a broken row, its quotes as they are; the last cell has the rest. */
static void cut_broken (mns_csv_reader_t *reader, mns_csv_row_t *row) {
  const char *at = row->raw, *end = row->raw + row->raw_size;
  char *out = reader->cells;
  for (row->count = 0; at <= end; at++) {
    const char *comma = row->count + 1 < MNS_CSV_COLUMNS_MAX ? memchr (at, ',', (size_t)(end - at)) : NULL;
    size_t size = (size_t)((comma != NULL ? comma : end) - at);
    row->cells[row->count++] = out;
    for (size_t i = 0; i < size; i++)
      *out++ = at[i] != '\0' ? at[i] : ' ';
    *out++ = '\0';
    at += size;
  }
}

static void give_pieces (mns_csv_reader_t *reader, mns_csv_row_t *row) {
  cut_broken (reader, row);
  mns_csv_text_row (&reader->text, row, (const char *)reader->window + reader->begin, left_in (reader));
}

/* The row is its first line: what follows may be good. */
static mns_rc_t give_broken (mns_csv_reader_t *reader, mns_csv_row_t *row, const char *why, mns_error_t *error) {
  const uint8_t *begin = reader->window + reader->begin;
  size_t look = left_in (reader) < LOOK ? left_in (reader) : LOOK;
  const uint8_t *line_end = memchr (begin, '\n', look);
  row->count = 0;
  row->raw_size = line_end != NULL ? (size_t)(line_end - begin) : look;
  if (line_end != NULL && row->raw_size > 0 && begin[row->raw_size - 1] == '\r')
    row->raw_size--;
  if (line_end != NULL || look < LOOK) {
    give_pieces (reader, row);
    advance (reader, line_end != NULL ? (size_t)(line_end - begin) + 1 : look, line_end != NULL);
    return mns_fail (error, MNS_INVALID, "", "%s", why);
  }
  row->raw_size = MNS_CSV_ROW_MAX;
  memcpy (reader->long_row, begin, MNS_CSV_ROW_MAX);
  row->raw = reader->long_row;
  give_pieces (reader, row);
  pass_long_line (reader);
  return mns_fail (error, MNS_TOO_LONG, "", "the row has more than %d bytes; its first %d are kept", MNS_CSV_ROW_MAX,
                   MNS_CSV_ROW_MAX);
}

mns_rc_t mns_csv_next (mns_csv_reader_t *reader, mns_csv_row_t *row, mns_error_t *error) {
  mns_rc_t rc = pass_empty_lines (reader, error);
  const uint8_t *begin = reader->window + reader->begin;
  size_t left = left_in (reader), look = left < LOOK ? left : LOOK;
  row->line = reader->line;
  row->row = reader->row;
  row->raw = (const char *)begin;
  row->raw_size = row->count = 0;
  if (rc != MNS_OK)
    return rc;
  if (left == 0)
    return mns_fail (error, MNS_GONE, "", "the file ends here");
  row->row = ++reader->row;
  cutter_t cutter = {.at = begin, .end = begin + look, .out = reader->cells};
  const char *why = cut_row (&cutter, row);
  size_t taken = (size_t)(cutter.at - begin);
  if (why == NULL && taken == LOOK && begin[taken - 1] != '\n')
    why = "the row is too long";
  if (why != NULL)
    return give_broken (reader, row, why, error);
  row->raw_size = taken;
  while (row->raw_size > 0 && (row->raw[row->raw_size - 1] == '\n' || row->raw[row->raw_size - 1] == '\r'))
    row->raw_size--;
  size_t bad = mns_csv_text_row (&reader->text, row, row->raw, left);
  advance (reader, taken, cutter.lines);
  if (bad == SIZE_MAX)
    return MNS_OK;
  return mns_fail (error, MNS_BAD_UTF8, bad < reader->header.count ? reader->header.cells[bad] : "",
                   "cell %zu holds bytes that are no %s text", bad + 1, mns_csv_text_name (&reader->text));
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

/* The header stays valid while the reader lives: its bytes and cells are copied. */
static void keep_header (mns_csv_reader_t *reader) {
  mns_csv_row_t *header = &reader->header;
  header->row = 0;
  reader->row = 0;
  reader->header_raw = mns_alloc (header->raw_size + 1);
  memcpy (reader->header_raw, header->raw, header->raw_size);
  header->raw = reader->header_raw;
  size_t size = 0;
  for (size_t i = 0; i < header->count; i++)
    size += strlen (header->cells[i]) + 1;
  char *at = reader->header_cells = mns_alloc (size);
  for (size_t i = 0; i < header->count; i++) {
    strcpy (at, header->cells[i]);
    header->cells[i] = at;
    at += strlen (at) + 1;
  }
}

/* Files that are no CSV, by their first bytes, and what they are. */
static const struct {
  const char *bytes;
  size_t size;
  const char *what;
} others[] = {{"PK\x03\x04", 4, "is a spreadsheet (.xlsx)"},
              {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "is a spreadsheet (.xls)"},
              {"\xff\xfe", 2, "is text in UTF-16"},
              {"\xfe\xff", 2, "is text in UTF-16"},
              {"%PDF", 4, "is a PDF document"}};

static mns_rc_t check_kind (const mns_csv_reader_t *reader, const char *path, mns_error_t *error) {
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (left_in (reader) >= others[i].size && memcmp (reader->window, others[i].bytes, others[i].size) == 0)
      return mns_fail (error, MNS_INVALID, path,
                       "this %s, not CSV; open it in the spreadsheet program and save it as \"CSV UTF-8 (comma "
                       "delimited)\", then import that file",
                       others[i].what);
  return MNS_OK;
}

/* Other programs put semicolons or tabs between the cells. */
static mns_rc_t check_commas (const mns_csv_row_t *header, const char *path, mns_error_t *error) {
  if (header->count > 1 || header->cells[0][strcspn (header->cells[0], ";\t|")] == '\0')
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, path,
                   "the columns are not set apart by commas; save the file as \"CSV UTF-8 (comma delimited)\"");
}

static void pass_mark (mns_csv_reader_t *reader) {
  if (left_in (reader) < 3 || memcmp (reader->window, "\xef\xbb\xbf", 3) != 0)
    return;
  advance (reader, 3, 0);
  reader->text.decided = true;
}

static mns_rc_t read_header (mns_csv_reader_t *reader, const char *path, mns_error_t *error) {
  mns_error_t inner = {0};
  mns_rc_t rc = fill (reader, &inner);
  if (rc == MNS_OK && check_kind (reader, path, error) != MNS_OK)
    return MNS_INVALID;
  pass_mark (reader);
  if (rc == MNS_OK)
    rc = mns_csv_next (reader, &reader->header, &inner);
  if (rc == MNS_GONE)
    return mns_fail (error, MNS_INVALID, path, "the file is empty; its first row must name the columns");
  if (rc != MNS_OK)
    return mns_fail (error, rc, path, "the header row: %s", inner.detail);
  keep_header (reader);
  return check_commas (&reader->header, path, error);
}

mns_rc_t mns_csv_open (mns_csv_reader_t **reader, const char *path, mns_error_t *error) {
  FILE *file = fopen (path, "rb");
  *reader = NULL;
  if (file == NULL)
    return mns_fail (error, errno == ENOENT ? MNS_NOT_FOUND : MNS_IO, path, "cannot be opened: %s", strerror (errno));
  mns_csv_reader_t *self = mns_alloc (sizeof *self);
  self->file = file;
  self->line = 1;
  setvbuf (file, NULL, _IONBF, 0);
  mns_rc_t rc = read_header (self, path, error);
  if (rc == MNS_OK)
    *reader = self;
  else
    mns_csv_destroy (&self);
  return rc;
}

void mns_csv_destroy (mns_csv_reader_t **reader) {
  mns_csv_reader_t *self = *reader;
  if (self == NULL)
    return;
  fclose (self->file);
  free (self->header_cells);
  free (self->header_raw);
  mns_csv_text_fini (&self->text);
  free (self);
  *reader = NULL;
}

const mns_csv_row_t *mns_csv_header (const mns_csv_reader_t *reader) {
  return &reader->header;
}

uint64_t mns_csv_position (const mns_csv_reader_t *reader) {
  return reader->position;
}
