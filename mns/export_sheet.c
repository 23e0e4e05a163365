/* CSV by our own writer, XLSX by libxlsxwriter, which keeps one row in memory. */
#include "mns/export_sheet.h"

#include "common/csv.h"
#include "common/dir.h"
#include "common/gb18030.h"
#include "common/text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define ROWS_MAX 1048576 /* of a sheet of a spreadsheet */

struct mns_sheet {
  char path[MNS_PATH_MAX], part[MNS_PATH_MAX + 8];
  FILE *file; /* CSV */
  mns_gb18030_t *gb18030;
  mns_buffer_t text, other;
  lxw_workbook *book; /* XLSX */
  lxw_worksheet *page;
  uint32_t row;
  uint16_t column;
  mns_rc_t failed;
};

static bool ends_with (const char *path, const char *end) {
  size_t size = strlen (path), tail = strlen (end);
  return size > tail && strcmp (path + size - tail, end) == 0;
}

static mns_rc_t open_csv (mns_sheet_t *sheet, bool gb18030, mns_error_t *error) {
  sheet->file = fopen (sheet->part, "w");
  if (!sheet->file)
    return mns_fail (error, mns_dir_errno (errno), sheet->path, "cannot be written: %s", strerror (errno));
  if (gb18030)
    sheet->gb18030 = mns_gb18030_new ();
  else
    fputs ("\xef\xbb\xbf", sheet->file);
  return MNS_OK;
}

static mns_rc_t open_xlsx (mns_sheet_t *sheet, mns_error_t *error) {
  lxw_workbook_options options = {.constant_memory = LXW_TRUE};
  sheet->book = workbook_new_opt (sheet->part, &options);
  if (!sheet->book)
    return mns_fail (error, MNS_IO, sheet->path, "cannot be written");
  sheet->page = workbook_add_worksheet (sheet->book, NULL);
  return MNS_OK;
}

mns_rc_t mns_sheet_new (mns_sheet_t **out, const char *path, bool gb18030, mns_error_t *error) {
  mns_sheet_t *sheet = mns_alloc (sizeof *sheet);
  mns_text_copy (sheet->path, sizeof sheet->path, path);
  snprintf (sheet->part, sizeof sheet->part, "%s.part", sheet->path);
  mns_rc_t rc = ends_with (path, ".xlsx")  ? open_xlsx (sheet, error)
                : ends_with (path, ".csv") ? open_csv (sheet, gb18030, error)
                                           : mns_fail (error, MNS_USAGE, path, "a file ends with .csv or .xlsx");
  if (rc != MNS_OK)
    mns_sheet_destroy (&sheet);
  *out = sheet;
  return rc;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static void add_csv (mns_sheet_t *sheet, const char *text, bool number, bool last) {
  bool formula = !number && text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL;
  char *guarded = formula ? mns_alloc (strlen (text) + 2) : NULL;
  if (formula)
    sprintf (guarded, "'%s", text);
  mns_csv_write_cell (formula ? guarded : text, last, &sheet->text);
  free (guarded);
  if (!last)
    return;
  size_t bad_at;
  const mns_buffer_t *row = &sheet->text;
  mns_buffer_clear (&sheet->other);
  if (sheet->gb18030) {
    if (!mns_gb18030_from_utf8 (sheet->gb18030, (const char *)row->data, row->size, &sheet->other, &bad_at))
      sheet->failed = MNS_INVALID;
    row = &sheet->other;
  }
  fwrite (row->data, 1, row->size, sheet->file);
  mns_buffer_clear (&sheet->text);
}

static void add_xlsx (mns_sheet_t *sheet, const char *text, bool number, bool last) {
  if (sheet->row == ROWS_MAX) {
    sheet->page = workbook_add_worksheet (sheet->book, NULL);
    sheet->row = 0;
  }
  if (number && text[0] != '\0')
    worksheet_write_number (sheet->page, sheet->row, sheet->column, strtod (text, NULL), NULL);
  else
    worksheet_write_string (sheet->page, sheet->row, sheet->column, text, NULL);
  sheet->column = last ? 0 : (uint16_t)(sheet->column + 1);
  sheet->row += last;
}

void mns_sheet_cell (mns_sheet_t *sheet, const char *text, bool number, bool last) {
  if (sheet->file)
    add_csv (sheet, text, number, last);
  else
    add_xlsx (sheet, text, number, last);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

mns_rc_t mns_sheet_finish (mns_sheet_t *sheet, mns_error_t *error) {
  bool good = true;
  if (sheet->failed == MNS_INVALID)
    return mns_fail (error, MNS_INVALID, sheet->path, "a character does not exist in GB18030; write UTF-8 or XLSX");
  if (sheet->file) {
    good = fflush (sheet->file) == 0 && !ferror (sheet->file);
    good = fclose (sheet->file) == 0 && good;
    sheet->file = NULL;
  } else {
    good = workbook_close (sheet->book) == LXW_NO_ERROR;
    sheet->book = NULL;
  }
  if (good && rename (sheet->part, sheet->path) == 0)
    return MNS_OK;
  return mns_fail (error, MNS_IO, sheet->path, "cannot be written: %s", strerror (errno));
}

void mns_sheet_destroy (mns_sheet_t **owner) {
  mns_sheet_t *sheet = *owner;
  if (!sheet)
    return;
  if (sheet->file)
    fclose (sheet->file);
  if (sheet->book)
    workbook_close (sheet->book);
  unlink (sheet->part);
  mns_gb18030_destroy (&sheet->gb18030);
  mns_buffer_fini (&sheet->text);
  mns_buffer_fini (&sheet->other);
  free (sheet);
  *owner = NULL;
}
