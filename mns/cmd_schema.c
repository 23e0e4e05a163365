/* `mns schema`: the records, events and commands of the contract, as reference text or JSON Schema. */
#include "common/records/events.h"
#include "common/service_metrics.h"
#include "mns/mns.h"
#include "mns/services.h"
#include "services/broker/metrics.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void visit_fn (void *context, const mns_record_type_t *type);

static void visit_list (const mns_record_type_t *type, visit_fn *visit, void *context) {
  for (uint16_t i = 0; i < type->field_count; i++)
    if (type->fields[i].item)
      visit (context, type->fields[i].item);
}

static void visit_all (visit_fn *visit, void *context) {
  visit (context, &mns_config_type);
  for (const mns_event_row_t *row = mns_events; row->topic; row++) {
    visit (context, row->type);
    visit_list (row->type, visit, context);
  }
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++) {
      if (command->request)
        visit (context, command->request);
      if (command->reply)
        visit (context, command->reply);
    }
}

typedef struct {
  const mns_record_type_t *seen[256];
  size_t count;
} types_t;

static void collect (void *context, const mns_record_type_t *type) {
  types_t *types = context;
  for (size_t i = 0; i < types->count; i++)
    if (types->seen[i] == type)
      return;
  if (types->count < sizeof types->seen / sizeof *types->seen)
    types->seen[types->count++] = type;
}

static int by_name (const void *a, const void *b) {
  return strcmp ((*(const mns_record_type_t *const *)a)->name, (*(const mns_record_type_t *const *)b)->name);
}

static types_t all_types (void) {
  types_t types = {.count = 0};
  visit_all (collect, &types);
  qsort (types.seen, types.count, sizeof *types.seen, by_name);
  return types;
}

static void print_records (const types_t *types, const char *name) {
  mns_buffer_t text = {0};
  json_t *object = json_object ();
  for (size_t i = 0; i < types->count; i++) {
    if (name && strcmp (name, types->seen[i]->name) != 0)
      continue;
    if (mns_globals.json)
      json_object_set_new (object, types->seen[i]->name, mns_record_json_schema (types->seen[i]));
    else
      mns_record_markdown (types->seen[i], &text);
  }
  if (mns_globals.json) {
    json_dumpf (object, stdout, JSON_INDENT (2));
    putchar ('\n');
  } else if (text.size > 0)
    fwrite (text.data, 1, text.size, stdout);
  json_decref (object);
  mns_buffer_fini (&text);
}

static void print_events (void) {
  static const mns_column_t columns[] = {
      {"topic", NULL, false}, {"record", NULL, false}, {"says", NULL, false}, {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (const mns_event_row_t *row = mns_events; row->topic; row++)
    mns_table_addf (table, "%s\t%s\t%s", row->topic, row->type->name, row->type->en);
  mns_table_print (&table, stdout, mns_form ());
}

static void print_commands (void) {
  static const mns_column_t columns[] = {{"command", NULL, false}, {"request", NULL, false}, {"reply", NULL, false},
                                         {"kind", NULL, false},    {"does", NULL, false},    {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (const mns_service_t *const *service = mns_services; *service; service++)
    for (const mns_command_t *command = (*service)->commands; command->name; command++)
      mns_table_addf (table, "%s\t%s\t%s\t%s\t%s", command->name, command->request ? command->request->name : "",
                      command->reply ? command->reply->name : "",
                      command->flags & MNS_QUERY  ? "query"
                      : command->flags & MNS_BULK ? "bulk"
                                                  : "command",
                      command->en);
  mns_table_print (&table, stdout, mns_form ());
}

static void print_metrics (void) {
  static const struct {
    const mns_metric_set_t *set;
    const char *title;
  } sets[] = {{&mns_broker_metrics, "Broker"},
              {&mns_consumer_metrics, "Consumers"},
              {&mns_service_metrics, "Services"},
              {&mns_process_metrics, "Process"}};
  mns_buffer_t text = {0};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
    mns_metrics_markdown (sets[i].set, sets[i].title, &text);
  fwrite (text.data, 1, text.size, stdout);
  mns_buffer_fini (&text);
}

/* ---- code tables ------------------------------------------------------------------------------------------------- */

typedef struct {
  const mns_code_table_t *seen[128];
  size_t count;
} tables_t;

static void collect_tables (const mns_record_type_t *type, tables_t *tables) {
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_code_table_t *codes = type->fields[i].codes;
    size_t at = 0;
    while (at < tables->count && tables->seen[at] != codes)
      at++;
    if (codes && at == tables->count && at < sizeof tables->seen / sizeof *tables->seen)
      tables->seen[tables->count++] = codes;
  }
}

static int by_table (const void *a, const void *b) {
  return strcmp ((*(const mns_code_table_t *const *)a)->name, (*(const mns_code_table_t *const *)b)->name);
}

static tables_t all_tables (const types_t *types) {
  tables_t tables = {.count = 0};
  for (size_t i = 0; i < types->count; i++)
    collect_tables (types->seen[i], &tables);
  qsort (tables.seen, tables.count, sizeof *tables.seen, by_table);
  return tables;
}

static const mns_code_table_t *find_table (const tables_t *tables, const char *name) {
  for (size_t i = 0; i < tables->count; i++)
    if (strcmp (tables->seen[i]->name, name) == 0)
      return tables->seen[i];
  return NULL;
}

static void print_codes (const tables_t *tables, const mns_code_table_t *only) {
  static const mns_column_t columns[] = {{"table", NULL, false},   {"code", NULL, false}, {"national", NULL, false},
                                         {"en", "English", false}, {"zh", "中文", false}, {0, 0, false}};
  mns_table_t *table = mns_table_new (columns);
  for (size_t i = 0; i < tables->count; i++)
    for (uint16_t j = 0; (!only || only == tables->seen[i]) && j < tables->seen[i]->count; j++) {
      const mns_code_row_t *row = &tables->seen[i]->rows[j];
      mns_table_addf (table, "%s\t%s\t%s\t%s\t%s", tables->seen[i]->name, row->word, row->national, row->en, row->zh);
    }
  mns_table_print (&table, stdout, mns_form ());
}

static const mns_record_type_t *find_type (const types_t *types, const char *name) {
  for (size_t i = 0; i < types->count; i++)
    if (strcmp (types->seen[i]->name, name) == 0)
      return types->seen[i];
  return NULL;
}

int mns_cmd_schema (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {
      .usage = "mns schema [events | commands | records | codes | metrics | NAME] [options]",
      .summary = "What travels on the bus: the events by topic, the commands, the records and their code tables,\n"
                 "or the record or code table NAME; and the metrics that the programs show.",
      .epilogue = "With --json, records are printed as JSON Schema 2020-12.\n"
                  "Examples: mns schema birth    mns schema ethnic    mns schema commands --csv",
      .options = options,
      .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  const char *what = argc > 1 ? argv[1] : "events";
  types_t types = all_types ();
  tables_t tables = all_tables (&types);
  if (strcmp (what, "events") == 0)
    print_events ();
  else if (strcmp (what, "commands") == 0)
    print_commands ();
  else if (strcmp (what, "records") == 0)
    print_records (&types, NULL);
  else if (strcmp (what, "codes") == 0)
    print_codes (&tables, NULL);
  else if (strcmp (what, "metrics") == 0)
    print_metrics ();
  else if (find_type (&types, what))
    print_records (&types, what);
  else if (find_table (&tables, what))
    print_codes (&tables, find_table (&tables, what));
  else {
    mns_error_t error = {0};
    mns_fail (&error, MNS_NOT_FOUND, what, "no such record or code table; `mns schema records` and `codes` name them");
    return mns_complain ("mns schema", &error);
  }
  return 0;
}
