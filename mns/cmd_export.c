/* `mns export`: any list into CSV or XLSX, page by page, with the columns and filters that are asked for. */
#include "common/progress.h"
#include "common/records/assistance_requests.h"
#include "common/records/audit_records.h"
#include "common/records/registry_quality.h"
#include "common/records/registry_requests.h"
#include "common/text.h"
#include "mns/export_sheet.h"
#include "mns/mns.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name, *command;
  const mns_record_type_t *in, *out;
  const char *cursor; /* of the answer; the next page begins behind it: field `after` of the request */
  bool personal;      /* who takes it out is told */
  const char *columns;
} list_t;

static const list_t lists[] = {
    {"persons", "registry.search", &mns_person_search_type, &mns_person_info_type, "person", true,
     "person,name,sex,birth,citizen_number,status,place,residence,household,relation"},
    {"residents", "registry.residents", &mns_residents_query_type, &mns_person_info_type, "person", true,
     "person,name,sex,birth,place,residence,household,relation"},
    {"findings", "registry.findings", &mns_finding_query_type, &mns_finding_info_type, "finding", true, NULL},
    {"places", "registry.places", &mns_place_query_type, &mns_place_info_type, "code", false, NULL},
    {"entitlements", "assistance.entitlements", &mns_entitlement_query_type, &mns_entitlement_type, "entitlement", true,
     NULL},
};

static const char *columns, *encoding, *reason;

static const mns_option_t own[] = {
    {"columns", 0, MNS_OPTION_TEXT, "A,B,…", "columns in this order", &columns},
    {"encoding", 0, MNS_OPTION_TEXT, "NAME", "of CSV: utf-8 (default) or gb18030", &encoding},
    {"reason", 0, MNS_OPTION_TEXT, "TEXT", "why; it is told with the export", &reason},
    {0, 0, 0, 0, 0, 0}};

typedef struct {
  const list_t *list;
  mns_bus_t *bus;
  void *in, *out;
  mns_sheet_t *sheet;
  bool chinese;
  const mns_field_t *fields[64];
  size_t count;
  uint64_t rows, page;
  mns_progress_t *progress;
} export_t;

/* ---- columns ----------------------------------------------------------------------------------------------------- */

static const mns_field_t *find_column (const mns_record_type_t *type, const char *name) {
  for (uint16_t i = 0; i < type->field_count; i++)
    if (type->fields[i].kind != MNS_KIND_LIST &&
        (strcmp (type->fields[i].name, name) == 0 || strcmp (type->fields[i].zh, name) == 0))
      return &type->fields[i];
  return NULL;
}

static mns_rc_t read_columns (export_t *export, const char *text, mns_error_t *error) {
  char name[64];
  const mns_record_type_t *type = export->list->out;
  for (uint16_t i = 0; !text && i < type->field_count; i++)
    if (type->fields[i].kind != MNS_KIND_LIST)
      export->fields[export->count++] = &type->fields[i];
  for (size_t size; text && *text; text += size + (text[size] == ',')) {
    size = strcspn (text, ",");
    snprintf (name, sizeof name, "%.*s", (int)size, text);
    const mns_field_t *field = find_column (type, name);
    if (!field || export->count == 64)
      return mns_fail (error, MNS_USAGE, "--columns", "the list has no column '%s'; mns schema records %s names them",
                       name, type->name);
    export->fields[export->count++] = field;
  }
  return MNS_OK;
}

static bool is_number (const mns_field_t *field) {
  return field->kind == MNS_KIND_INT || field->kind == MNS_KIND_FEN || field->kind == MNS_KIND_ID;
}

static void write_titles (export_t *export) {
  for (size_t i = 0; i < export->count; i++)
    mns_sheet_cell (export->sheet, export->chinese ? export->fields[i]->zh : export->fields[i]->name, false,
                    i + 1 == export->count);
}

static void write_row (void *context, const void *record) {
  export_t *export = context;
  char text[1024];
  if (!mns_globals.reveal)
    mns_record_mask (export->list->out, export->out);
  for (size_t i = 0; i < export->count; i++) {
    const mns_field_t *field = export->fields[i];
    mns_sheet_cell (export->sheet, mns_field_format (field, record, text, sizeof text), is_number (field),
                    i + 1 == export->count);
  }
  export->rows++;
  export->page++;
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

static mns_rc_t go_on_behind (export_t *export, mns_error_t *error) {
  char text[64];
  const mns_field_t *cursor = mns_record_field (export->list->out, export->list->cursor);
  mns_field_format (cursor, export->out, text, sizeof text);
  return mns_field_parse (mns_record_field (export->list->in, "after"), export->in, text, error);
}

static mns_rc_t read_pages (export_t *export, mns_error_t *error) {
  char most[24];
  const mns_field_t *limit = mns_record_field (export->list->in, "limit");
  int64_t size = limit->max;
  snprintf (most, sizeof most, "%" PRId64, size);
  mns_rc_t rc = mns_field_parse (limit, export->in, most, error);
  do {
    export->page = 0;
    if (rc == MNS_OK)
      rc = mns_ask (export->bus, export->list->command, export->list->in, export->in, export->list->out, export->out,
                    write_row, export, error);
    if (rc == MNS_OK && export->page > 0)
      rc = go_on_behind (export, error);
    mns_progress_set (export->progress, export->rows, export->rows);
  } while (rc == MNS_OK && export->page == (uint64_t)size);
  return rc;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

/* What the list was narrowed down to, names and numbers of persons left out. */
static void describe (const export_t *export, char *text, size_t size) {
  char value[128];
  const mns_record_type_t *type = export->list->in;
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    size_t used = strlen (text);
    if (mns_field_absent (field, export->in))
      continue;
    bool told = (field->flags & MNS_PERSONAL) == 0;
    snprintf (text + used, size - used, "%s%s=%s", used ? " " : "", field->name,
              told ? mns_field_format (field, export->in, value, sizeof value) : "…");
  }
}

static mns_rc_t tell (const export_t *export, mns_error_t *error) {
  mns_audit_export_t told;
  if (!export->list->personal)
    return MNS_OK;
  mns_record_clear (&mns_audit_export_type, &told);
  strcpy (told.account, "-");
  mns_text_copy (told.list, sizeof told.list, export->list->name);
  told.revealed = mns_globals.reveal ? MNS_YES : MNS_NO;
  for (size_t i = 0; i < export->count; i++) {
    size_t used = strlen (told.columns);
    snprintf (told.columns + used, sizeof told.columns - used, "%s%s", used ? "," : "", export->fields[i]->name);
  }
  describe (export, told.filter, sizeof told.filter);
  mns_text_copy (told.reason, sizeof told.reason, reason ? reason : "");
  return mns_ask (export->bus, "registry.export", &mns_audit_export_type, &told, NULL, NULL, NULL, NULL, error);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static mns_rc_t run (export_t *export, const char *path, mns_error_t *error) {
  const list_t *list = export->list;
  bool gb18030 = encoding && strcmp (encoding, "gb18030") == 0;
  if (encoding && !gb18030 && strcmp (encoding, "utf-8") != 0)
    return mns_fail (error, MNS_USAGE, "--encoding", "'%s' is neither utf-8 nor gb18030", encoding);
  mns_rc_t rc = read_columns (export, columns ? columns : list->columns, error);
  if (rc == MNS_OK)
    rc = mns_sheet_new (&export->sheet, path, gb18030, error);
  if (rc == MNS_OK)
    rc = tell (export, error);
  if (rc != MNS_OK)
    return rc;
  export->progress = mns_progress_new (list->name, "rows", 0);
  write_titles (export);
  rc = read_pages (export, error);
  mns_progress_destroy (&export->progress);
  return rc == MNS_OK ? mns_sheet_finish (export->sheet, error) : rc;
}

static int export_list (const list_t *list, int argc, char **argv) {
  const mns_option_t *options[] = {own, mns_common_options, NULL};
  char usage[80];
  export_t export = {.list = list, .in = mns_alloc (list->in->size), .out = mns_alloc (list->out->size)};
  snprintf (usage, sizeof usage, "mns export %s FILE.csv|FILE.xlsx [options]", list->name);
  mns_cli_t cli = {.usage = usage,
                   .summary =
                       "Writes the list into a file. Names and numbers of persons are masked unless --reveal asks for\n"
                       "them in full, which is for approvers and administrators, and told as an audit event.",
                   .options = options,
                   .type = list->in,
                   .record = export.in,
                   .positional_min = 1,
                   .positional_max = 1};
  mns_config_t config;
  mns_error_t error = {0};
  int code = mns_parse (&cli, &argc, argv);
  if (code < 0 && (export.bus = mns_connect (&config)) == NULL)
    code = 1;
  if (code < 0) {
    export.chinese = strcmp (config.language, "zh") == 0;
    code = run (&export, argv[1], &error) == MNS_OK ? 0 : mns_complain (argv[0], &error);
    if (code == 0)
      printf ("%" PRIu64 " rows in %s\n", export.rows, argv[1]);
  }
  mns_sheet_destroy (&export.sheet);
  mns_bus_destroy (&export.bus);
  free (export.in);
  free (export.out);
  return code;
}

#define LIST(name, index)                                                                                              \
  static int name (int argc, char **argv) {                                                                            \
    return export_list (&lists[index], argc, argv);                                                                    \
  }
LIST (persons, 0)
LIST (residents, 1)
LIST (findings, 2)
LIST (places, 3)
LIST (entitlements, 4)

int mns_cmd_export (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"persons", "persons, narrowed down as by mns person search", persons},
                                           {"residents", "who was in a place on a day", residents},
                                           {"findings", "findings about the register", findings},
                                           {"places", "places", places},
                                           {"entitlements", "who is entitled to what", entitlements},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns export", "Lists into CSV or XLSX.", table, argc, argv);
}
