/* Which kind of file a header belongs to. */
#include "common/records/assistance_requests.h"
#include "common/records/registry_records.h"
#include "mns/import.h"
#include <string.h>

/* Eight requests of persons: what has come while the registry writes one turn goes into the next together (two made a
 * turn of each request, three times the flushes). Seven fit in the 100 ms that bound a turn. */
const mns_import_kind_t mns_import_kinds[] = {
    {"places", &mns_place_info_type, "registry.load-places", 1, false},
    {"persons", &mns_person_row_type, "registry.load", 8, false},
    {"returns", &mns_life_return_type, "registry.record-batch", 1, false},
    {"recipients", &mns_recipient_row_type, "assistance.load-recipients", 1, true},
    {"funds", &mns_fund_request_type, "assistance.load-funds", 1, false},
    {"exits", &mns_exit_row_type, "assistance.load-exits", 1, true},
    {0, 0, 0, 0, false}};

static bool is_problem (const char *title) {
  return strcmp (title, "problem") == 0 || strcmp (title, "问题") == 0;
}

void mns_import_drop_cell (mns_csv_row_t *row, size_t at) {
  if (at >= row->count)
    return;
  row->count--;
  memmove (&row->cells[at], &row->cells[at + 1], (row->count - at) * sizeof row->cells[0]);
}

static bool has_column (const mns_csv_row_t *header, const mns_field_t *field) {
  for (size_t i = 0; i < header->count; i++)
    if (strcmp (header->cells[i], field->name) == 0 || strcmp (header->cells[i], field->zh) == 0)
      return true;
  return false;
}

/* Columns that are there, less the required ones that are not. */
static int fit (const mns_csv_row_t *header, const mns_record_type_t *type) {
  int fits = 0;
  for (uint16_t i = 0; i < type->field_count; i++) {
    bool there = has_column (header, &type->fields[i]);
    fits += there ? 1 : type->fields[i].flags & MNS_REQUIRED ? -1 : 0;
  }
  return fits;
}

static const mns_import_kind_t *nearest (const mns_csv_row_t *header) {
  const mns_import_kind_t *best = mns_import_kinds;
  for (const mns_import_kind_t *kind = mns_import_kinds; kind->name; kind++)
    if (fit (header, kind->type) > fit (header, best->type))
      best = kind;
  return best;
}

mns_rc_t mns_import_detect (const mns_csv_row_t *given, const mns_import_kind_t **kind, mns_csv_map_t *map,
                            size_t *problem_at, mns_error_t *error) {
  mns_csv_row_t header = *given;
  mns_error_t reason = {0};
  *problem_at = SIZE_MAX;
  for (size_t i = 0; i < header.count; i++)
    if (is_problem (header.cells[i]))
      *problem_at = i;
  mns_import_drop_cell (&header, *problem_at);
  *kind = nearest (&header);
  if (mns_csv_map (map, (*kind)->type, &header, &reason) == MNS_OK)
    return MNS_OK;
  return mns_fail (
      error, MNS_INVALID, "header",
      "the columns are those of no known file (places, persons, returns, recipients, exits); as a %s file: "
      "%s. docs/import.md has the templates",
      (*kind)->name, reason.detail);
}
