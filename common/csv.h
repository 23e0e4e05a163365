/* CSV (RFC 4180) in and out, with the position and the raw bytes of each row kept, for reports and quarantine.
 *
 * The reader takes UTF-8 with or without a byte order mark, and GB18030, told apart by their lines; LF or CRLF, quoted
 * fields with doubled quotes and line breaks. Cells are UTF-8, whatever the file is. A row whose quoting is broken, or
 * longer than `MNS_CSV_ROW_MAX`, is given as an error row with the bytes of its first line (at most `MNS_CSV_ROW_MAX`),
 * and reading goes on at the next line: nothing is skipped silently but empty lines. Memory is a few rows. */
#ifndef MNS_COMMON_CSV_H
#define MNS_COMMON_CSV_H

#include "common/record.h"
#include <stdio.h>

#define MNS_CSV_ROW_MAX     65536
#define MNS_CSV_COLUMNS_MAX 64

typedef struct mns_csv_reader mns_csv_reader_t;

typedef struct {
  uint64_t line;   /* line in the file where the row begins, from 1 */
  uint64_t row;    /* data row, from 1 (the header is not counted) */
  const char *raw; /* bytes of the row as in the file, without the line end; valid until the next call */
  size_t raw_size;
  size_t count;
  const char *cells[MNS_CSV_COLUMNS_MAX]; /* terminated, unquoted, surrounding blanks cut */
} mns_csv_row_t;

/* Opens a file and reads its header row. MNS_INVALID with what to do about it: a spreadsheet, UTF-16, no commas. */
mns_rc_t mns_csv_open (mns_csv_reader_t **reader, const char *path, mns_error_t *error);
void mns_csv_destroy (mns_csv_reader_t **reader);
const mns_csv_row_t *mns_csv_header (const mns_csv_reader_t *reader);
/* MNS_OK a row; MNS_GONE the end; MNS_INVALID and others: this row is broken, go on; its cells are what stands between
 * the commas, bytes that are no character as "\xB5" (MNS_BAD_UTF8: only that is wrong). When the file cannot be read
 * further, MNS_IO is told once and MNS_GONE after it. */
mns_rc_t mns_csv_next (mns_csv_reader_t *reader, mns_csv_row_t *row, mns_error_t *error);
uint64_t mns_csv_position (const mns_csv_reader_t *reader); /* bytes read, for progress */

/* Cuts a row that stands in memory, in UTF-8; `room` of size + MNS_CSV_COLUMNS_MAX bytes keeps its cells. False: its
 * quoting is broken. */
bool mns_csv_cut (const char *text, size_t size, char *room, mns_csv_row_t *row);

/* Columns of a header matched with a record's fields by English name or Chinese title, in any order.
 * `map[i]` is the field of column i. Unknown, repeated and missing required columns are all named in one error. */
typedef struct {
  const mns_record_type_t *type;
  size_t count;
  const mns_field_t *fields[MNS_CSV_COLUMNS_MAX];
} mns_csv_map_t;
mns_rc_t mns_csv_map (mns_csv_map_t *map, const mns_record_type_t *type, const mns_csv_row_t *header,
                      mns_error_t *error);
/* One row into a record (cleared first) and validated; where = the column's name. */
mns_rc_t mns_csv_read (const mns_csv_map_t *map, const mns_csv_row_t *row, void *record, mns_error_t *error);

/* Writing: header and rows; cells that could start a formula in a spreadsheet are never quoted away or changed,
 * quotes only where needed. */
void mns_csv_write_header (const mns_record_type_t *type, mns_buffer_t *out);
void mns_csv_write (const mns_record_type_t *type, const void *record, mns_buffer_t *out);
void mns_csv_write_cell (const char *text, bool last, mns_buffer_t *out); /* one cell and "," or "\n" */

#endif
