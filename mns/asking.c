/* One request, its fields as options, its answer as a table. */
#include "mns/asking.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 24

int mns_parse_asking (const mns_asking_t *asking, const mns_option_t *more, void *in, int *argc, char **argv) {
  const mns_option_t *options[] = {more ? more : mns_common_options, more ? mns_common_options : NULL, NULL};
  mns_cli_t cli = {.usage = asking->usage,
                   .summary = asking->summary,
                   .epilogue = asking->epilogue,
                   .options = options,
                   .type = asking->in_type,
                   .fields = asking->fields,
                   .record = in,
                   .positional_min = asking->required ? 1 : 0,
                   .positional_max = asking->positional ? 1 : 0};
  mns_error_t error = {0};
  int done = mns_parse (&cli, argc, argv);
  if (done >= 0 || *argc < 2)
    return done;
  if (mns_field_parse (mns_record_field (asking->in_type, asking->positional), in, argv[1], &error) == MNS_OK)
    return -1;
  error.rc = MNS_USAGE;
  return mns_complain (argv[0], &error);
}

/* ---- the screen -------------------------------------------------------------------------------------------------- */

typedef struct {
  const mns_asking_t *asking;
  mns_table_t *table;
  mns_column_t columns[COLUMNS_MAX + 1];
  char titles[COLUMNS_MAX][40];
  size_t count;
} screen_t;

static void begin (screen_t *screen, const mns_asking_t *asking) {
  memset (screen, 0, sizeof *screen);
  screen->asking = asking;
  for (const char *const *name = asking->columns; *name && screen->count < COLUMNS_MAX; name++) {
    const mns_field_t *field = mns_record_field (asking->out_type, *name);
    char *title = screen->titles[screen->count];
    mns_text_copy (title, sizeof screen->titles[0], *name);
    if (field->kind == MNS_KIND_FEN && strlen (title) > 4)
      strcpy (title + strlen (title) - 3, "yuan");
    screen->columns[screen->count++] =
        (mns_column_t){*name, title, field->kind == MNS_KIND_FEN || field->kind == MNS_KIND_INT};
  }
  screen->table = mns_table_new (screen->columns);
}

static char *cell (const screen_t *screen, size_t column, const json_t *object) {
  const mns_field_t *field = mns_record_field (screen->asking->out_type, screen->columns[column].key);
  const json_t *value = json_object_get (object, field->name);
  char yuan[MNS_FEN_GROUPED];
  if (!value)
    return mns_strdup ("");
  if (json_is_string (value))
    return mns_strdup (json_string_value (value));
  if (field->kind != MNS_KIND_FEN)
    return json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
  mns_fen_format_grouped (json_integer_value (value), yuan);
  return mns_strdup (yuan);
}

static void add_row (void *context, const void *record) {
  screen_t *screen = context;
  json_t *object = mns_record_to_json (screen->asking->out_type, record, !mns_globals.reveal);
  char *cells[COLUMNS_MAX + 1] = {0};
  for (size_t i = 0; i < screen->count; i++)
    cells[i] = cell (screen, i, object);
  mns_table_add (screen->table, (const char *const *)cells);
  for (size_t i = 0; i < screen->count; i++)
    free (cells[i]);
  json_decref (object);
}

int mns_print_asking (const mns_asking_t *asking, const void *in) {
  mns_config_t config;
  mns_error_t error = {0};
  screen_t screen;
  if (mns_form () != MNS_TABLE_TEXT)
    return mns_ask_and_print (asking->command, asking->in_type, in, asking->out_type, NULL);
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  void *record = mns_alloc (asking->out_type->size);
  begin (&screen, asking);
  mns_rc_t rc = mns_ask (bus, asking->command, asking->in_type, in, asking->out_type, record, add_row, &screen, &error);
  mns_table_print (&screen.table, rc == MNS_OK ? stdout : NULL, MNS_TABLE_TEXT);
  free (record);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_cli_fail ("mns", &error);
}

int mns_run_asking (const mns_asking_t *asking, int argc, char **argv) {
  void *in = asking->in_type ? mns_alloc (asking->in_type->size) : NULL;
  if (in)
    mns_record_clear (asking->in_type, in);
  int done = mns_parse_asking (asking, NULL, in, &argc, argv);
  if (done < 0)
    done = mns_print_asking (asking, in);
  free (in);
  return done;
}

int mns_change (const char *command, const mns_record_type_t *type, const void *in) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = mns_ask (bus, command, type, in, NULL, NULL, NULL, NULL, &error);
  mns_bus_destroy (&bus);
  if (rc != MNS_OK)
    return mns_cli_fail ("mns", &error);
  puts (mns_globals.json ? "{\"done\": true}" : "done");
  return 0;
}
