/* The import engine: a CSV file of a known kind goes to its service in batches, and every row is accounted for:
 * created, already there, or refused with the reason. Refused rows are kept in a quarantine file that can be corrected
 * and imported again. Used by `mns import`, `mns sample` and the watched folder. */
#ifndef MNS_IMPORT_H
#define MNS_IMPORT_H

#include "common/bus.h"
#include "common/csv.h"
#include "common/dir.h"
#include "common/records/load_records.h"

/* A kind of file is known by its header. */
typedef struct {
  const char *name; /* "persons" */
  const mns_record_type_t *type;
  const char *command; /* takes its rows in bulk and answers with row_outcome records */
  size_t in_flight;    /* requests at once; 1 where a row may need one before it */
  bool needs_register; /* its service knows persons by events only: they must have arrived */
} mns_import_kind_t;

extern const mns_import_kind_t mns_import_kinds[]; /* ended by a NULL name */

/* The kind whose columns the header has, and its columns. A column `problem`, as quarantine files have it, is left out:
 * *problem_at is its index, or SIZE_MAX. MNS_INVALID: no kind fits, with what the nearest one lacks. */
mns_rc_t mns_import_detect (const mns_csv_row_t *header, const mns_import_kind_t **kind, mns_csv_map_t *map,
                            size_t *problem_at, mns_error_t *error);
/* Takes cell `at` out of a row (SIZE_MAX: none). */
void mns_import_drop_cell (mns_csv_row_t *row, size_t at);

/* A remark on a row: why it was refused, or what was noticed. */
typedef struct {
  uint64_t line;
  mns_code_t result; /* mns_row_result */
  uint64_t person;
  char error[49], field[97], detail[416];
  char advice[320]; /* refused: what to do about it; "" when the detail says it */
} mns_import_remark_t;

#define MNS_IMPORT_REMARKS_MAX 1000 /* kept for the report; all refused rows are in the quarantine file */

typedef struct {
  char path[MNS_PATH_MAX], quarantine[MNS_PATH_MAX]; /* quarantine "": none was needed */
  const char *kind;                                  /* NULL: not found out */
  bool dry_run;                                      /* created: would be */
  uint64_t rows, created, exists, refused;
  size_t remark_count;
  mns_import_remark_t *remarks;
} mns_import_report_t;

typedef struct {
  bool show;                    /* a progress bar on stderr */
  bool dry_run;                 /* every row is tried by its service, nothing is written, no quarantine */
  bool (*stop) (void *context); /* asked between requests and while waiting; NULL: never */
  void *context;
} mns_import_options_t;

/* Imports one file. A row that is refused does not stop it; an error means that the rest of the file was not tried, and
 * the report tells how far it came: importing it again takes up there. MNS_UNAVAILABLE when it was stopped. */
mns_rc_t mns_import (mns_bus_t *bus, const mns_config_t *config, const char *path, const mns_import_options_t *options,
                     mns_import_report_t *report, mns_error_t *error);
void mns_import_report_fini (mns_import_report_t *report);
/* The report as lines for people, or as one JSON object. */
void mns_import_report_text (const mns_import_report_t *report, size_t remarks_max, mns_buffer_t *out);
json_t *mns_import_report_json (const mns_import_report_t *report);

/* Imports and prints the report; returns the exit code: 1 when rows were refused or the import ended early, which
 * *complete tells apart. */
int mns_import_and_print (mns_bus_t *bus, const mns_config_t *config, const char *path, bool dry_run, bool *complete);
int mns_import_file (mns_bus_t *bus, const mns_config_t *config, const char *path, bool dry_run);

#endif
