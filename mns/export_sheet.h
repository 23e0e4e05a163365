/* A list on its way into a file: CSV in UTF-8 (with byte order mark) or GB18030, or XLSX, row by row in constant
 * memory. What a spreadsheet would take for a formula is text: in CSV behind an apostrophe. The file is there whole or
 * not. */
#ifndef MNS_EXPORT_SHEET_H
#define MNS_EXPORT_SHEET_H

#include "common/record.h"

typedef struct mns_sheet mns_sheet_t;

/* `path` ends with .csv or .xlsx. */
mns_rc_t mns_sheet_new (mns_sheet_t **sheet, const char *path, bool gb18030, mns_error_t *error);
/* One cell, left to right; `number` where the text is one. */
void mns_sheet_cell (mns_sheet_t *sheet, const char *text, bool number, bool last);
/* Puts the file in its place. MNS_INVALID: a character that GB18030 cannot hold; MNS_IO. */
mns_rc_t mns_sheet_finish (mns_sheet_t *sheet, mns_error_t *error);
void mns_sheet_destroy (mns_sheet_t **sheet); /* removes what was not finished */

#endif
