/* Records from and to CSV rows. */
#include "common/csv.h"

#include "common/record_field.h"
#include "common/text.h"
#include <string.h>

/* ---- columns ----------------------------------------------------------------------------------------------------- */

static const mns_field_t *field_of (const mns_record_type_t *type, const char *title) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    if (field->kind != MNS_KIND_LIST && (strcmp (field->name, title) == 0 || strcmp (field->zh, title) == 0))
      return field;
  }
  return NULL;
}

static bool has (const mns_csv_map_t *map, const mns_field_t *field) {
  for (size_t i = 0; i < map->count; i++)
    if (map->fields[i] == field)
      return true;
  return false;
}

/* "unknown column: a, b" grown name by name; what follows another kind of complaint is set off by "; ". */
static void complain (mns_buffer_t *text, bool first, const char *what, const char *title) {
  if (first)
    mns_buffer_printf (text, "%s%s: ", text->size > 0 ? "; " : "", what);
  mns_buffer_printf (text, "%s%s", first ? "" : ", ", title[0] != '\0' ? title : "(no name)");
}

static void complain_missing (const mns_csv_map_t *map, mns_buffer_t *text) {
  bool first = true;
  for (uint16_t i = 0; i < map->type->field_count; i++) {
    const mns_field_t *field = &map->type->fields[i];
    if ((field->flags & MNS_REQUIRED) == 0 || has (map, field))
      continue;
    complain (text, first, "missing columns", field->name);
    mns_buffer_printf (text, " (%s)", field->zh);
    first = false;
  }
}

mns_rc_t mns_csv_map (mns_csv_map_t *map, const mns_record_type_t *type, const mns_csv_row_t *header,
                      mns_error_t *error) {
  mns_buffer_t unknown = {0}, repeated = {0}, all = {0};
  *map = (mns_csv_map_t){.type = type};
  for (size_t i = 0; i < header->count; i++) {
    const mns_field_t *field = field_of (type, header->cells[i]);
    if (field == NULL)
      complain (&unknown, unknown.size == 0, "unknown columns", header->cells[i]);
    else if (has (map, field))
      complain (&repeated, repeated.size == 0, "repeated columns", header->cells[i]);
    map->fields[map->count++] = field;
  }
  mns_buffer_add (&all, unknown.data, unknown.size);
  if (unknown.size > 0 && repeated.size > 0)
    mns_buffer_add (&all, "; ", 2);
  mns_buffer_add (&all, repeated.data, repeated.size);
  complain_missing (map, &all);
  mns_rc_t rc = MNS_OK;
  if (all.size > 0)
    rc = mns_fail (error, MNS_INVALID, "header", "%.*s", (int)all.size, (const char *)all.data);
  mns_buffer_fini (&unknown);
  mns_buffer_fini (&repeated);
  mns_buffer_fini (&all);
  return rc;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

#define SHORT_MAX 64 /* room for a number, a date, a code, a key */

/* Names and notes keep their characters as they are; numbers, dates, codes and keys are typed in any width. */
static bool keeps_characters (const mns_field_t *field) {
  return field->kind == MNS_KIND_TEXT && field->max > 40;
}

/* Full-width forms U+FF01 to U+FF5E as ASCII, and without the apostrophe by which a spreadsheet marks a text. */
static const char *plain (const char *cell, char room[SHORT_MAX]) {
  size_t used = 0;
  if (cell[0] == '\'' && cell[1] != '\0')
    cell++;
  if (strlen (cell) >= SHORT_MAX)
    return cell;
  for (const unsigned char *at = (const unsigned char *)cell; *at != '\0'; at++) {
    bool wide =
        at[0] == 0xef && ((at[1] == 0xbc && at[2] >= 0x81) || (at[1] == 0xbd && at[2] <= 0x9e && at[2] >= 0x80));
    room[used++] = wide ? (char)(at[1] == 0xbc ? at[2] - 0x60 : at[2] - 0x20) : (char)*at;
    at += wide ? 2 : 0;
  }
  room[used] = '\0';
  return room;
}

/* What a form for CSV puts before a cell that a spreadsheet would take for a formula. */
static const char *unguarded (const char *cell) {
  return cell[0] == '\'' && cell[1] != '\0' && strchr ("=+-@", cell[1]) != NULL ? cell + 1 : cell;
}

static mns_rc_t check_characters (const mns_field_t *field, const char *cell, mns_error_t *error) {
  const char *hidden = mns_text_hidden (cell);
  if (hidden == NULL && (field->flags & MNS_PERSONAL) != 0 && strchr (cell, '\n') != NULL)
    return mns_fail (error, MNS_INVALID, field->name, "there is a line break inside the cell");
  if (hidden == NULL)
    return MNS_OK;
  return mns_fail (error, MNS_INVALID, field->name, "there is a character in it that cannot be seen (U+%04X)",
                   (unsigned)mns_text_point (hidden));
}

static mns_rc_t read_cell (const mns_field_t *field, void *record, const char *cell, mns_error_t *error) {
  char room[SHORT_MAX];
  if (cell[0] == '\0')
    return MNS_OK;
  if (!keeps_characters (field))
    return mns_field_parse (field, record, plain (cell, room), error);
  mns_rc_t rc = check_characters (field, cell, error);
  return rc == MNS_OK ? mns_field_parse (field, record, unguarded (cell), error) : rc;
}

mns_rc_t mns_csv_read (const mns_csv_map_t *map, const mns_csv_row_t *row, void *record, mns_error_t *error) {
  mns_record_clear (map->type, record);
  if (row->count != map->count)
    return mns_fail (error, MNS_INVALID, "", "the row has %zu cells, the header has %zu", row->count, map->count);
  for (size_t i = 0; i < row->count; i++) {
    mns_rc_t rc = read_cell (map->fields[i], record, row->cells[i], error);
    if (rc != MNS_OK)
      return rc;
  }
  return mns_record_require (map->type, record, error);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

void mns_csv_write_cell (const char *text, bool last, mns_buffer_t *out) {
  size_t size = strlen (text);
  bool blanks = size > 0 && (text[0] == ' ' || text[0] == '\t' || text[size - 1] == ' ' || text[size - 1] == '\t');
  if (!blanks && text[strcspn (text, ",\"\r\n")] == '\0')
    mns_buffer_add (out, text, size);
  else {
    mns_buffer_add (out, "\"", 1);
    for (const char *at = text; *at != '\0'; at++)
      mns_buffer_add (out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    mns_buffer_add (out, "\"", 1);
  }
  mns_buffer_add (out, last ? "\n" : ",", 1);
}

/* The last field that has a column: lists have none. */
static uint16_t last_column (const mns_record_type_t *type) {
  uint16_t last = 0;
  for (uint16_t i = 0; i < type->field_count; i++)
    if (type->fields[i].kind != MNS_KIND_LIST)
      last = i;
  return last;
}

void mns_csv_write_header (const mns_record_type_t *type, mns_buffer_t *out) {
  for (uint16_t i = 0; i < type->field_count; i++)
    if (type->fields[i].kind != MNS_KIND_LIST)
      mns_csv_write_cell (type->fields[i].name, i == last_column (type), out);
}

void mns_csv_write (const mns_record_type_t *type, const void *record, mns_buffer_t *out) {
  uint16_t last = last_column (type);
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    char text[64];
    if (field->kind == MNS_KIND_TEXT)
      mns_csv_write_cell (mns_field_in (field, record), i == last, out);
    else if (field->kind != MNS_KIND_LIST)
      mns_csv_write_cell (mns_field_format (field, record, text, sizeof text), i == last, out);
  }
}
