/* The quarantine file of an import: the refused rows under the same header, with a column `confirm` where the kind has
 * one and the header had not, and a column `problem`. Corrected, it can be imported as it is. */
#ifndef MNS_QUARANTINE_H
#define MNS_QUARANTINE_H

#include "mns/import.h"

typedef struct {
  char folder[MNS_PATH_MAX], part[MNS_PATH_MAX]; /* being written; "" as long as nothing was refused */
  char stem[128];
  FILE *file;
  size_t columns, problem_at;
  bool add_confirm;
  mns_buffer_t header, text;
  bool failed;
} mns_quarantine_t;

/* Remembers the header; makes no file. */
void mns_quarantine_init (mns_quarantine_t *quarantine, const mns_config_t *config, const char *path,
                          const mns_csv_row_t *header, const mns_import_kind_t *kind, size_t problem_at);
/* The row as it would stand in the file, without its problem, appended to `out`: filled up to the header's columns. */
void mns_quarantine_form (const mns_quarantine_t *quarantine, const mns_csv_row_t *row, mns_buffer_t *out);
/* Adds a row so formed. What cannot be written is told by mns_quarantine_finish. */
void mns_quarantine_add (mns_quarantine_t *quarantine, const void *form, size_t size, const char *problem);
/* Puts the file in its place, named after the file and `sum`; `path` gets its name, "" when there is none. */
mns_rc_t mns_quarantine_finish (mns_quarantine_t *quarantine, uint64_t sum, char path[MNS_PATH_MAX],
                                mns_error_t *error);
void mns_quarantine_fini (mns_quarantine_t *quarantine); /* removes what was not finished */

#endif
