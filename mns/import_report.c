/* The report of an import: lines for people, JSON for programs, and the exit code. */
#include "common/records/load_records.h"
#include "mns/import.h"
#include "mns/mns.h"
#include <inttypes.h>
#include <stdio.h>

#define SHOWN 20

static void add_remark (const mns_import_remark_t *remark, mns_buffer_t *out) {
  const char *what = remark->result == MNS_ROW_REFUSED   ? "refused"
                     : remark->result == MNS_ROW_EXISTS  ? "already there"
                     : remark->result == MNS_ROW_WAITING ? "waits"
                                                         : "taken, noticed";
  mns_buffer_printf (out, "  line %" PRIu64 ", %s: %s%s%s\n", remark->line, what, remark->field,
                     *remark->field ? ": " : "", remark->detail);
  if (*remark->advice)
    mns_buffer_printf (out, "      → %s\n", remark->advice);
}

void mns_import_report_text (const mns_import_report_t *report, size_t remarks_max, mns_buffer_t *out) {
  size_t shown = 0;
  mns_buffer_printf (
      out, "%s (%s): %" PRIu64 " rows, %" PRIu64 " %screated, %" PRIu64 " already there, %" PRIu64 " refused\n",
      report->path, report->kind ? report->kind : "unknown", report->rows, report->created,
      report->dry_run ? "would be " : "", report->exists, report->refused);
  for (int refused = 1; refused >= 0; refused--)
    for (size_t i = 0; i < report->remark_count && shown < remarks_max; i++)
      if ((report->remarks[i].result == MNS_ROW_REFUSED) == refused) {
        add_remark (&report->remarks[i], out);
        shown++;
      }
  if (report->remark_count > shown)
    mns_buffer_printf (out, "  … and %zu%s more\n", report->remark_count - shown,
                       report->remark_count == MNS_IMPORT_REMARKS_MAX ? " or" : "");
  if (report->dry_run)
    mns_buffer_printf (
        out, "Nothing was written. Rows that need one of another thousand before them may fail here alone.\n");
  if (*report->quarantine)
    mns_buffer_printf (out, "The refused rows are in %s: correct them there (mns quarantine --help).\n",
                       report->quarantine);
}

static json_t *remark_json (const mns_import_remark_t *remark) {
  json_t *object = json_object ();
  json_object_set_new (object, "line", json_integer ((json_int_t)remark->line));
  json_object_set_new (object, "result", json_string (mns_code_word (&mns_row_result, remark->result)));
  if (*remark->error)
    json_object_set_new (object, "error", json_string (remark->error));
  if (*remark->field)
    json_object_set_new (object, "field", json_string (remark->field));
  json_object_set_new (object, "detail", json_string (remark->detail));
  if (*remark->advice)
    json_object_set_new (object, "advice", json_string (remark->advice));
  if (remark->person)
    json_object_set_new (object, "person", json_integer ((json_int_t)remark->person));
  return object;
}

json_t *mns_import_report_json (const mns_import_report_t *report) {
  json_t *object = json_object (), *remarks = json_array ();
  json_object_set_new (object, "file", json_string (report->path));
  json_object_set_new (object, "kind", report->kind ? json_string (report->kind) : json_null ());
  json_object_set_new (object, "dry_run", json_boolean (report->dry_run));
  json_object_set_new (object, "rows", json_integer ((json_int_t)report->rows));
  json_object_set_new (object, "created", json_integer ((json_int_t)report->created));
  json_object_set_new (object, "exists", json_integer ((json_int_t)report->exists));
  json_object_set_new (object, "refused", json_integer ((json_int_t)report->refused));
  for (size_t i = 0; i < report->remark_count; i++)
    json_array_append_new (remarks, remark_json (&report->remarks[i]));
  json_object_set_new (object, "remarks", remarks);
  json_object_set_new (object, "quarantine", *report->quarantine ? json_string (report->quarantine) : json_null ());
  return object;
}

static void print_report (const mns_import_report_t *report) {
  if (mns_globals.json) {
    json_t *object = mns_import_report_json (report);
    json_dumpf (object, stdout, JSON_INDENT (2));
    putchar ('\n');
    json_decref (object);
    return;
  }
  mns_buffer_t text = {0};
  mns_import_report_text (report, SHOWN, &text);
  fwrite (text.data, 1, text.size, stdout);
  mns_buffer_fini (&text);
}

int mns_import_and_print (mns_bus_t *bus, const mns_config_t *config, const char *path, bool dry_run, bool *complete) {
  mns_import_report_t report;
  mns_error_t error = {0};
  const mns_import_options_t options = {.show = true, .dry_run = dry_run};
  mns_rc_t rc = mns_import (bus, config, path, &options, &report, &error);
  if (report.kind)
    print_report (&report);
  int code = rc != MNS_OK ? mns_complain ("mns import", &error) : report.refused > 0 ? 1 : 0;
  mns_import_report_fini (&report);
  *complete = rc == MNS_OK;
  return code;
}

int mns_import_file (mns_bus_t *bus, const mns_config_t *config, const char *path, bool dry_run) {
  bool complete;
  return mns_import_and_print (bus, config, path, dry_run, &complete);
}
