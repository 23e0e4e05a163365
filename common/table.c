/* Rows collected as text, printed once in one of three forms. A cell never reaches a terminal with a control character
 * in it. */
#include "common/table.h"
#include "common/csv.h"
#include "common/text.h"
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS_MAX 64
#define NO_TEXT     SIZE_MAX

typedef struct {
  const char *key, *title;
  bool right;
  const mns_field_t *field; /* of a record's column */
} column_t;

struct mns_table {
  const mns_record_type_t *type; /* of a table of records */
  size_t columns, cells, capacity;
  column_t column[COLUMNS_MAX];
  size_t *starts;     /* of each cell in `texts`, row by row; NO_TEXT for NULL */
  mns_buffer_t texts; /* terminated, one after another */
};

/* ---- filling ----------------------------------------------------------------------------------------------------- */

static mns_table_t *new_table (void) {
  mns_table_t *table = mns_alloc (sizeof *table);
  memset (table, 0, sizeof *table);
  return table;
}

static void add_column (mns_table_t *table, const column_t *column) {
  assert (table->columns < COLUMNS_MAX);
  table->column[table->columns] = *column;
  if (!column->title)
    table->column[table->columns].title = column->key;
  table->columns++;
}

mns_table_t *mns_table_new (const mns_column_t *columns) {
  mns_table_t *table = new_table ();
  for (; columns->key; columns++)
    add_column (table, &(column_t){columns->key, columns->title, columns->right, NULL});
  return table;
}

static void add_field (mns_table_t *table, const mns_field_t *field) {
  bool right = field->kind == MNS_KIND_ID || field->kind == MNS_KIND_INT || field->kind == MNS_KIND_FEN;
  add_column (table, &(column_t){field->name, NULL, right, field});
}

mns_table_t *mns_table_of_records (const mns_record_type_t *type, const char *const *fields) {
  mns_table_t *table = new_table ();
  table->type = type;
  for (size_t i = 0; !fields && i < type->field_count; i++)
    add_field (table, &type->fields[i]);
  for (; fields && *fields; fields++) {
    const mns_field_t *field = mns_record_field (type, *fields);
    assert (field);
    add_field (table, field);
  }
  return table;
}

static void add_cell (mns_table_t *table, const char *text, size_t size) {
  if (table->cells == table->capacity) {
    table->capacity = table->capacity ? 2 * table->capacity : 256;
    table->starts = mns_realloc (table->starts, table->capacity * sizeof *table->starts);
  }
  table->starts[table->cells++] = text ? table->texts.size : NO_TEXT;
  if (!text)
    return;
  mns_buffer_add (&table->texts, text, size);
  mns_buffer_add (&table->texts, "", 1);
}

void mns_table_add (mns_table_t *table, const char *const *cells) {
  for (size_t i = 0; i < table->columns; i++)
    add_cell (table, cells[i], cells[i] ? strlen (cells[i]) : 0);
}

void mns_table_addf (mns_table_t *table, const char *format, ...) {
  char *row = NULL;
  va_list args;
  va_start (args, format);
  int length = vasprintf (&row, format, args);
  va_end (args);
  const char *at = length >= 0 ? row : "";
  for (size_t i = 0; i < table->columns; i++) {
    bool last = i + 1 == table->columns;
    size_t size = last ? strlen (at) : strcspn (at, "\t");
    add_cell (table, at, size);
    at += size + (at[size] == '\t');
  }
  free (length >= 0 ? row : NULL);
}

void mns_table_add_record (mns_table_t *table, const void *record, bool reveal) {
  json_t *object = mns_record_to_json (table->type, record, !reveal);
  for (size_t i = 0; i < table->columns; i++) {
    const json_t *value = json_object_get (object, table->column[i].key);
    if (!value || json_is_string (value)) {
      const char *text = json_string_value (value);
      add_cell (table, text, text ? strlen (text) : 0);
      continue;
    }
    char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
    add_cell (table, text, text ? strlen (text) : 0);
    free (text);
  }
  json_decref (object);
}

size_t mns_table_rows (const mns_table_t *table) {
  return table->columns ? table->cells / table->columns : 0;
}

static const char *cell (const mns_table_t *table, size_t row, size_t column) {
  size_t start = table->starts[row * table->columns + column];
  return start == NO_TEXT ? NULL : (const char *)table->texts.data + start;
}

/* ---- on the screen ----------------------------------------------------------------------------------------------- */

/* The cell as people read it: money in yuan, control characters as '?'. Replaces `out`'s content; terminated. */
static const char *screen_text (const mns_table_t *table, size_t row, size_t column, mns_buffer_t *out) {
  const mns_field_t *field = table->column[column].field;
  const char *text = cell (table, row, column);
  char yuan[MNS_FEN_GROUPED];
  mns_fen_t fen;
  if (text && field && field->kind == MNS_KIND_FEN && mns_fen_parse (text, &fen)) {
    mns_fen_format_grouped (fen, yuan);
    text = yuan;
  }
  mns_buffer_clear (out);
  for (text = text ? text : ""; *text;) {
    size_t size = mns_text_step (text);
    unsigned char c = (unsigned char)*text;
    bool shown = size && c >= ' ' && c != 0x7f && !(c == 0xc2 && (unsigned char)text[1] < 0xa0);
    mns_buffer_add (out, shown ? text : "?", shown ? size : 1);
    text += size ? size : 1;
  }
  mns_buffer_add (out, "", 1);
  return (const char *)out->data;
}

static int column_width (const mns_table_t *table, size_t column, mns_buffer_t *scratch) {
  int width = mns_text_width (table->column[column].title);
  for (size_t row = 0; row < mns_table_rows (table); row++) {
    int wide = mns_text_width (screen_text (table, row, column, scratch));
    width = wide > width ? wide : width;
  }
  return width;
}

/* Two blanks stand between columns; none behind the last. */
static void print_cell (FILE *out, const char *text, int width, bool right, bool last) {
  int pad = width - mns_text_width (text);
  if (right)
    fprintf (out, "%*s%s", pad, "", text);
  else
    fprintf (out, "%s%*s", text, last ? 0 : pad, "");
  fputs (last ? "\n" : "  ", out);
}

static void print_rule (FILE *out, const int *widths, size_t columns) {
  for (size_t i = 0; i < columns; i++) {
    for (int dash = 0; dash < widths[i]; dash++)
      fputs ("─", out);
    fputs (i + 1 == columns ? "\n" : "  ", out);
  }
}

static void print_text (const mns_table_t *table, FILE *out) {
  int widths[COLUMNS_MAX];
  mns_buffer_t scratch = {0};
  size_t rows = mns_table_rows (table);
  bool bold = isatty (fileno (out)) && !getenv ("NO_COLOR");
  for (size_t i = 0; i < table->columns; i++)
    widths[i] = column_width (table, i, &scratch);
  fputs (bold ? "\x1b[1m" : "", out);
  for (size_t i = 0; i < table->columns; i++)
    print_cell (out, table->column[i].title, widths[i], table->column[i].right, i + 1 == table->columns);
  fputs (bold ? "\x1b[0m" : "", out);
  print_rule (out, widths, table->columns);
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < table->columns; i++)
      print_cell (out, screen_text (table, row, i, &scratch), widths[i], table->column[i].right,
                  i + 1 == table->columns);
  if (!rows)
    fputs ("(none)\n", out);
  mns_buffer_fini (&scratch);
}

/* ---- for programs ------------------------------------------------------------------------------------------------ */

static void print_csv (const mns_table_t *table, FILE *out) {
  mns_buffer_t text = {0};
  for (size_t i = 0; i < table->columns; i++)
    mns_csv_write_cell (table->column[i].key, i + 1 == table->columns, &text);
  for (size_t row = 0; row < mns_table_rows (table); row++)
    for (size_t i = 0; i < table->columns; i++) {
      const char *value = cell (table, row, i);
      mns_csv_write_cell (value ? value : "", i + 1 == table->columns, &text);
    }
  fwrite (text.data, 1, text.size, out);
  mns_buffer_fini (&text);
}

/* A JSON number in its plain form: "-12", "5.43"; not "012", "1e3". */
static bool is_number (const char *text) {
  text += *text == '-';
  size_t whole = strspn (text, "0123456789");
  if (!whole || (whole > 1 && *text == '0'))
    return false;
  text += whole;
  if (*text != '.')
    return !*text;
  size_t decimals = strspn (text + 1, "0123456789");
  return decimals && !text[1 + decimals];
}

static void print_json_string (const char *text, FILE *out) {
  char repaired[256];
  json_t *string = json_string (text);
  if (!string) { /* bytes that are no text */
    mns_text_copy (repaired, sizeof repaired, text);
    mns_text_repair (repaired);
    string = json_string (repaired);
  }
  json_dumpf (string, out, JSON_ENCODE_ANY);
  json_decref (string);
}

static void print_json_cell (const column_t *column, const char *text, FILE *out) {
  bool list = column->field && column->field->kind == MNS_KIND_LIST;
  if (!text)
    fputs ("null", out);
  else if (list || (column->right && is_number (text)))
    fputs (text, out);
  else
    print_json_string (text, out);
}

static void print_json (const mns_table_t *table, FILE *out) {
  size_t rows = mns_table_rows (table);
  fputs (rows ? "[\n" : "[", out);
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = 0; i < table->columns; i++) {
      fputs (i ? ", " : " {", out);
      print_json_string (table->column[i].key, out);
      fputs (": ", out);
      print_json_cell (&table->column[i], cell (table, row, i), out);
    }
    fputs (row + 1 < rows ? "},\n" : "}\n", out);
  }
  fputs ("]\n", out);
}

void mns_table_print (mns_table_t **owner, FILE *out, mns_table_form_t form) {
  static void (*const printers[]) (const mns_table_t *, FILE *) = {
      [MNS_TABLE_TEXT] = print_text, [MNS_TABLE_CSV] = print_csv, [MNS_TABLE_JSON] = print_json};
  mns_table_t *table = *owner;
  if (out)
    printers[form](table, out);
  mns_buffer_fini (&table->texts);
  free (table->starts);
  free (table);
  *owner = NULL;
}
