/* The quarantine file: UTF-8 with a byte order mark, as spreadsheets want it, whatever the file was; written beside its
 * final name, flushed, then renamed, so that it is whole or not there. */
#include "mns/quarantine.h"

#include "common/text.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUM_DIGITS 8

static bool ends_with_sum (const char *stem, size_t size) {
  if (size <= SUM_DIGITS + 1 || stem[size - SUM_DIGITS - 1] != '-')
    return false;
  for (size_t i = size - SUM_DIGITS; i < size; i++)
    if (!isxdigit ((unsigned char)stem[i]))
      return false;
  return true;
}

/* "inbox/returns-june.csv" → "returns-june"; a quarantine file that is imported again keeps its stem. */
static void take_stem (char stem[128], const char *path) {
  const char *slash = strrchr (path, '/');
  mns_text_copy (stem, 128, slash ? slash + 1 : path);
  char *dot = strrchr (stem, '.');
  if (dot && dot > stem)
    *dot = 0;
  if (ends_with_sum (stem, strlen (stem)))
    stem[strlen (stem) - SUM_DIGITS - 1] = 0;
}

static bool has_title (const mns_csv_row_t *header, const mns_field_t *field) {
  for (size_t i = 0; i < header->count; i++)
    if (strcmp (header->cells[i], field->name) == 0 || strcmp (header->cells[i], field->zh) == 0)
      return true;
  return false;
}

static void add_cells (const mns_quarantine_t *quarantine, const mns_csv_row_t *row, mns_buffer_t *out) {
  for (size_t i = 0; i < row->count; i++)
    if (i != quarantine->problem_at)
      mns_csv_write_cell (row->cells[i], false, out);
  size_t written = row->count - (quarantine->problem_at < row->count);
  for (; written < quarantine->columns; written++)
    mns_csv_write_cell ("", false, out);
}

void mns_quarantine_init (mns_quarantine_t *quarantine, const mns_config_t *config, const char *path,
                          const mns_csv_row_t *header, const mns_import_kind_t *kind, size_t problem_at) {
  memset (quarantine, 0, sizeof *quarantine);
  snprintf (quarantine->folder, sizeof quarantine->folder, "%s/quarantine", config->data);
  take_stem (quarantine->stem, path);
  quarantine->problem_at = problem_at;
  quarantine->columns = header->count - (problem_at < header->count);
  const mns_field_t *confirm = mns_record_field (kind->type, "confirm");
  quarantine->add_confirm = confirm && !has_title (header, confirm);
  mns_buffer_add (&quarantine->header, "\xef\xbb\xbf", 3);
  add_cells (quarantine, header, &quarantine->header);
  mns_buffer_printf (&quarantine->header, "%sproblem\n", quarantine->add_confirm ? "confirm," : "");
}

static void begin (mns_quarantine_t *quarantine) {
  if (mns_dir_make (quarantine->folder, 0700, NULL) != MNS_OK) {
    quarantine->failed = true;
    return;
  }
  snprintf (quarantine->part, sizeof quarantine->part, "%.300s/%s.%ld.part", quarantine->folder, quarantine->stem,
            (long)getpid ());
  quarantine->file = fopen (quarantine->part, "w");
  quarantine->failed = !quarantine->file;
  if (quarantine->file)
    fwrite (quarantine->header.data, 1, quarantine->header.size, quarantine->file);
}

void mns_quarantine_form (const mns_quarantine_t *quarantine, const mns_csv_row_t *row, mns_buffer_t *out) {
  add_cells (quarantine, row, out);
  if (quarantine->add_confirm)
    mns_csv_write_cell ("", false, out);
}

void mns_quarantine_add (mns_quarantine_t *quarantine, const void *form, size_t size, const char *problem) {
  if (!quarantine->file && !quarantine->failed)
    begin (quarantine);
  if (quarantine->failed)
    return;
  mns_buffer_clear (&quarantine->text);
  mns_buffer_add (&quarantine->text, form, size);
  mns_csv_write_cell (problem, true, &quarantine->text);
  fwrite (quarantine->text.data, 1, quarantine->text.size, quarantine->file);
}

mns_rc_t mns_quarantine_finish (mns_quarantine_t *quarantine, uint64_t sum, char path[MNS_PATH_MAX],
                                mns_error_t *error) {
  path[0] = 0;
  if (!quarantine->file && !quarantine->failed)
    return MNS_OK;
  snprintf (path, MNS_PATH_MAX, "%.300s/%s-%08llx.csv", quarantine->folder, quarantine->stem,
            (unsigned long long)sum & 0xffffffffu);
  bool good = !quarantine->failed && fflush (quarantine->file) == 0 && !ferror (quarantine->file) &&
              fsync (fileno (quarantine->file)) == 0;
  if (quarantine->file && fclose (quarantine->file) != 0)
    good = false;
  quarantine->file = NULL;
  if (good && rename (quarantine->part, path) == 0) {
    quarantine->part[0] = 0;
    return mns_dir_sync_parent (path, error);
  }
  int code = errno;
  return mns_fail (error, mns_dir_errno (code), path,
                   "the refused rows cannot be kept (%s); they are in the file that was "
                   "imported, and importing it again tells them again",
                   strerror (code));
}

void mns_quarantine_fini (mns_quarantine_t *quarantine) {
  if (quarantine->file)
    fclose (quarantine->file);
  if (quarantine->part[0])
    unlink (quarantine->part);
  mns_buffer_fini (&quarantine->header);
  mns_buffer_fini (&quarantine->text);
}
