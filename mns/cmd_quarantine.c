/* `mns quarantine`: the rows that imports refused: what there is, what is wrong with it, put it right, import it. */
#include "common/csv.h"
#include "common/dir.h"
#include "common/text.h"
#include "mns/import.h"
#include "mns/mns.h"
#include "mns/quarantine.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t count;
  char (*names)[256];
} names_t;

static int by_name (const void *a, const void *b) {
  return strcmp (a, b);
}

static bool is_csv (const char *name) {
  size_t size = strlen (name);
  return size > 4 && size < 256 && strcmp (name + size - 4, ".csv") == 0;
}

static void find_files (const char *folder, names_t *found) {
  DIR *open = opendir (folder);
  *found = (names_t){0};
  for (struct dirent *entry = open ? readdir (open) : NULL; entry; entry = readdir (open)) {
    if (!is_csv (entry->d_name))
      continue;
    found->names = mns_realloc (found->names, (found->count + 1) * sizeof *found->names);
    mns_text_copy (found->names[found->count++], sizeof *found->names, entry->d_name);
  }
  if (open)
    closedir (open);
  if (found->count > 0)
    qsort (found->names, found->count, sizeof *found->names, by_name);
}

/* A bare name is one of the folder. */
static void path_of (const mns_config_t *config, const char *name, char path[MNS_PATH_MAX]) {
  if (strchr (name, '/'))
    mns_text_copy (path, MNS_PATH_MAX, name);
  else
    snprintf (path, MNS_PATH_MAX, "%s/quarantine/%s%s", config->data, name, is_csv (name) ? "" : ".csv");
}

typedef struct {
  mns_csv_reader_t *reader;
  const mns_import_kind_t *kind;
  mns_csv_map_t map;
  size_t problem_at;
} file_t;

static mns_rc_t open_file (file_t *file, const char *path, mns_error_t *error) {
  *file = (file_t){0};
  mns_rc_t rc = mns_csv_open (&file->reader, path, error);
  if (rc == MNS_OK)
    rc = mns_import_detect (mns_csv_header (file->reader), &file->kind, &file->map, &file->problem_at, error);
  return rc;
}

/* ---- list -------------------------------------------------------------------------------------------------------- */

static void add_file (mns_table_t *table, const char *folder, const char *name) {
  char path[MNS_PATH_MAX * 2], since[MNS_TIME_TEXT];
  struct stat status = {0};
  file_t file;
  mns_csv_row_t row;
  unsigned long long rows = 0;
  snprintf (path, sizeof path, "%s/%s", folder, name);
  mns_rc_t rc = open_file (&file, path, NULL);
  while (rc == MNS_OK && mns_csv_next (file.reader, &row, NULL) != MNS_GONE)
    rows++;
  stat (path, &status);
  mns_time_format ((mns_time_t)status.st_mtime * 1000000, since);
  mns_table_addf (table, "%s\t%s\t%llu\t%.19sZ", name, rc == MNS_OK ? file.kind->name : "(unknown)", rows, since);
  mns_csv_destroy (&file.reader);
}

static int list (int argc, char **argv) {
  static const mns_option_t *const options[] = {mns_local_options, NULL};
  static const mns_column_t columns[] = {{"file", "FILE", false},
                                         {"kind", "KIND", false},
                                         {"rows", "ROWS", true},
                                         {"changed", "CHANGED", false},
                                         {0, 0, 0}};
  mns_cli_t cli = {.usage = "mns quarantine list [options]",
                   .summary = "The files of refused rows in DATA/quarantine.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  char folder[MNS_PATH_MAX];
  names_t found;
  if (mns_configure (&config, &error) != MNS_OK)
    return mns_complain ("mns quarantine list", &error);
  snprintf (folder, sizeof folder, "%s/quarantine", config.data);
  find_files (folder, &found);
  mns_table_t *table = mns_table_new (columns);
  for (size_t i = 0; i < found.count; i++)
    add_file (table, folder, found.names[i]);
  mns_table_print (&table, stdout, mns_form ());
  free (found.names);
  return 0;
}

/* ---- show -------------------------------------------------------------------------------------------------------- */

static void add_value (mns_buffer_t *text, const mns_field_t *field, const char *cell) {
  char masked[512];
  bool hide = (field->flags & MNS_PERSONAL) != 0 && !mns_globals.reveal;
  if (hide)
    mns_field_mask (field, cell, masked, sizeof masked);
  mns_buffer_printf (text, "%s%s=%s", text->size > 0 ? " " : "", field->name, hide ? masked : cell);
}

static void add_row (mns_table_t *table, const file_t *file, const mns_csv_row_t *row) {
  char number[24];
  mns_buffer_t text = {0};
  mns_csv_row_t cells = *row;
  const char *problem = file->problem_at < row->count ? row->cells[file->problem_at] : "";
  mns_import_drop_cell (&cells, file->problem_at);
  for (size_t i = 0; i < cells.count && i < file->map.count; i++)
    if (cells.cells[i][0] != '\0')
      add_value (&text, file->map.fields[i], cells.cells[i]);
  mns_buffer_add (&text, "", 1);
  snprintf (number, sizeof number, "%llu", (unsigned long long)row->row);
  mns_table_add (table, (const char *const[]){number, problem, (const char *)text.data});
  mns_buffer_fini (&text);
}

static int show (int argc, char **argv) {
  static const mns_option_t *const options[] = {mns_common_options, NULL};
  static const mns_column_t columns[] = {
      {"row", "ROW", true}, {"problem", "PROBLEM", false}, {"cells", "CELLS", false}, {0, 0, 0}};
  mns_cli_t cli = {.usage = "mns quarantine show FILE [options]",
                   .summary = "The refused rows of a file, what is wrong with each and what to do.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  char path[MNS_PATH_MAX];
  file_t file = {0};
  mns_csv_row_t row;
  mns_rc_t rc = mns_configure (&config, &error);
  if (rc == MNS_OK) {
    path_of (&config, argv[1], path);
    rc = open_file (&file, path, &error);
  }
  mns_table_t *table = mns_table_new (columns);
  while (rc == MNS_OK && mns_csv_next (file.reader, &row, &error) != MNS_GONE)
    add_row (table, &file, &row);
  mns_table_print (&table, rc == MNS_OK ? stdout : NULL, mns_form ());
  mns_csv_destroy (&file.reader);
  return rc == MNS_OK ? 0 : mns_complain ("mns quarantine show", &error);
}

/* ---- edit -------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t column;
  const char *value;
} change_t;

#define CHANGES_MAX 16

static void write_row (const mns_csv_row_t *row, mns_buffer_t *out) {
  for (size_t i = 0; i < row->count; i++)
    mns_csv_write_cell (row->cells[i], i + 1 == row->count, out);
}

/* Is the column called so, in one language or the other? */
static bool is_called (const mns_record_type_t *type, const char *title, const char *name) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    bool titled = strcmp (title, field->name) == 0 || strcmp (title, field->zh) == 0;
    if (titled && (strcmp (name, field->name) == 0 || strcmp (name, field->zh) == 0))
      return true;
  }
  return strcmp (title, name) == 0;
}

/* "birth=1962-12-03" */
static mns_rc_t read_change (const file_t *file, const char *text, change_t *change, mns_error_t *error) {
  const mns_csv_row_t *header = mns_csv_header (file->reader);
  const char *equals = strchr (text, '=');
  char title[128];
  snprintf (title, sizeof title, "%.*s", equals ? (int)(equals - text) : 0, text);
  for (size_t i = 0; equals && i < header->count; i++)
    if (is_called (file->kind->type, header->cells[i], title)) {
      *change = (change_t){.column = i, .value = equals + 1};
      return MNS_OK;
    }
  return mns_fail (error, MNS_USAGE, text, "write COLUMN=VALUE; the file has no column '%s'", title);
}

static void apply (mns_csv_row_t *row, const change_t *changes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    while (row->count <= changes[i].column)
      row->cells[row->count++] = "";
    row->cells[changes[i].column] = changes[i].value;
  }
}

static mns_rc_t edit_rows (file_t *file, const char *path, uint64_t number, const change_t *changes, size_t count,
                           mns_error_t *error) {
  mns_buffer_t out = {0};
  mns_csv_row_t row;
  mns_rc_t rc;
  bool found = false;
  mns_buffer_add (&out, "\xef\xbb\xbf", 3);
  write_row (mns_csv_header (file->reader), &out);
  while ((rc = mns_csv_next (file->reader, &row, error)) != MNS_GONE && rc != MNS_IO) {
    if (row.row == number)
      apply (&row, changes, count);
    found = found || row.row == number;
    write_row (&row, &out);
  }
  if (rc == MNS_GONE)
    rc = found ? mns_dir_write_file (path, out.data, out.size, 0600, error)
               : mns_fail (error, MNS_NOT_FOUND, path, "the file has no row %llu", (unsigned long long)number);
  mns_buffer_fini (&out);
  return rc;
}

static mns_rc_t edit_file (const mns_config_t *config, int argc, char **argv, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  change_t changes[CHANGES_MAX];
  int64_t number;
  file_t file;
  path_of (config, argv[1], path);
  if (!mns_text_parse_int (argv[2], &number) || number < 1)
    return mns_fail (error, MNS_USAGE, "ROW", "'%s' is not the number of a row", argv[2]);
  mns_rc_t rc = open_file (&file, path, error);
  for (int i = 3; rc == MNS_OK && i < argc; i++)
    rc = read_change (&file, argv[i], &changes[i - 3], error);
  if (rc == MNS_OK)
    rc = edit_rows (&file, path, (uint64_t)number, changes, (size_t)argc - 3, error);
  mns_csv_destroy (&file.reader);
  return rc;
}

static int edit (int argc, char **argv) {
  static const mns_option_t *const options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns quarantine edit FILE ROW COLUMN=VALUE … [options]",
                   .summary = "Puts other values into a refused row; `mns quarantine redrive FILE` then imports it.",
                   .epilogue = "Example:\n  mns quarantine edit persons-1f2e3d4c 1 birth=1962-12-03 confirm=yes",
                   .options = options,
                   .positional_min = 3,
                   .positional_max = 2 + CHANGES_MAX};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  mns_rc_t rc = mns_configure (&config, &error);
  if (rc == MNS_OK)
    rc = edit_file (&config, argc, argv, &error);
  return rc == MNS_OK ? 0 : mns_complain ("mns quarantine edit", &error);
}

/* ---- redrive ----------------------------------------------------------------------------------------------------- */

/* What is still refused stands in a new file by now; the old one is kept aside. */
static mns_rc_t put_aside (const mns_config_t *config, const char *path, mns_error_t *error) {
  char folder[MNS_PATH_MAX], to[MNS_PATH_MAX * 2];
  const char *slash = strrchr (path, '/');
  snprintf (folder, sizeof folder, "%s/quarantine/done", config->data);
  mns_rc_t rc = mns_dir_make (folder, 0700, error);
  snprintf (to, sizeof to, "%s/%s", folder, slash ? slash + 1 : path);
  if (rc == MNS_OK && rename (path, to) != 0)
    rc = mns_fail (error, mns_dir_errno (errno), path, "it cannot be moved to %s: %s", folder, strerror (errno));
  return rc;
}

static int redrive_file (mns_bus_t *bus, const mns_config_t *config, const char *path) {
  mns_error_t error = {0};
  struct stat before = {0}, after = {0};
  bool complete;
  stat (path, &before);
  int code = mns_import_and_print (bus, config, path, false, &complete);
  stat (path, &after);
  bool written_anew = before.st_ino != after.st_ino; /* nothing was corrected: the new file has the old one's name */
  if (complete && !written_anew && put_aside (config, path, &error) != MNS_OK)
    return mns_complain ("mns quarantine redrive", &error);
  return code;
}

static bool all;

static const mns_option_t redrive_options[] = {{"all", 0, MNS_OPTION_FLAG, NULL, "every file of the folder", &all},
                                               {0, 0, 0, 0, 0, 0}};

static int redrive (int argc, char **argv) {
  static const mns_option_t *const options[] = {redrive_options, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns quarantine redrive FILE … | --all [options]",
      .summary = "Imports corrected files. What is accepted is gone from the quarantine; what is still refused is\n"
                 "in a new file, with what is wrong now. The old one goes to DATA/quarantine/done.",
      .options = options,
      .positional_max = 1000};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_config_t config;
  mns_error_t error = {0};
  char path[MNS_PATH_MAX];
  names_t found = {0};
  if ((argc > 1) == all) {
    mns_fail (&error, MNS_USAGE, "FILE", "name the files, or say --all");
    return mns_complain ("mns quarantine redrive", &error);
  }
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  snprintf (path, sizeof path, "%s/quarantine", config.data);
  if (all)
    find_files (path, &found);
  int worst = 0;
  for (size_t i = 0; i < (all ? found.count : (size_t)argc - 1); i++) {
    path_of (&config, all ? found.names[i] : argv[i + 1], path);
    int code = redrive_file (bus, &config, path);
    worst = code > worst ? code : worst;
  }
  free (found.names);
  mns_bus_destroy (&bus);
  return worst;
}

int mns_cmd_quarantine (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "the files of refused rows", list},
                                           {"show", "what is wrong with each row, and what to do", show},
                                           {"edit", "put other values into a row", edit},
                                           {"redrive", "import corrected files", redrive},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns quarantine", "Rows that imports refused.", table, argc, argv);
}
