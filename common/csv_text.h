/* The encoding of a CSV file, found out by itself, and the cells of its rows in UTF-8. Private to common/csv*.c. */
#ifndef MNS_COMMON_CSV_TEXT_H
#define MNS_COMMON_CSV_TEXT_H

#include "common/csv.h"
#include "common/gb18030.h"

typedef enum { MNS_CSV_UTF8, MNS_CSV_GB18030 } mns_csv_encoding_t;

/* Begins as {0}; decided as UTF-8 when there is a byte order mark, otherwise by the first row that is not ASCII. */
typedef struct {
  bool decided;
  mns_csv_encoding_t encoding;
  mns_gb18030_t *gb18030;
  mns_buffer_t cells; /* of the last row that was not ASCII */
} mns_csv_text_t;

void mns_csv_text_fini (mns_csv_text_t *text);

/* Turns the cells of a row that was cut into UTF-8, valid until the next call. `look` are the bytes of the file from
 * this row on, as far as they are known: the encoding is guessed from them. Gives the first cell that cannot be read,
 * in which each byte that is no character now stands as "\xB5"; SIZE_MAX: all could. */
size_t mns_csv_text_row (mns_csv_text_t *text, mns_csv_row_t *row, const char *look, size_t size);
const char *mns_csv_text_name (const mns_csv_text_t *text);

#endif
