/* One file, one request: its rows are done together. */
#include "mns/reform.h"

#include "common/csv.h"
#include "common/records/registry_requests.h"
#include "common/records/service_records.h"
#include "common/service.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>

#define COMMAND   "registry.reform"
#define ANSWER_MS 300000 /* a county of a million people takes a quarter of a minute */

typedef struct {
  const char *path;
  mns_csv_reader_t *reader;
  mns_csv_map_t map;
  uint64_t *lines; /* of the rows */
  size_t rows, capacity, mistakes;
  mns_buffer_t body, reply;
} reform_t;

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void tell_mistake (reform_t *it, uint64_t line, const char *field, const char *detail) {
  it->mistakes++;
  fprintf (stderr, "%s:%llu: %s%s%s\n", it->path, (unsigned long long)line, field, *field ? ": " : "", detail);
}

static void add_row (reform_t *it, const mns_csv_row_t *row) {
  mns_reform_row_t record;
  mns_error_t error = {0};
  if (it->rows == it->capacity) {
    it->capacity = it->capacity ? it->capacity * 2 : 64;
    it->lines = mns_realloc (it->lines, it->capacity * sizeof *it->lines);
  }
  it->lines[it->rows++] = row->line;
  if (mns_csv_read (&it->map, row, &record, &error) == MNS_OK)
    mns_record_pack (&mns_reform_row_type, &record, &it->body);
  else
    tell_mistake (it, row->line, error.where, error.detail);
}

static mns_rc_t read_file (reform_t *it, mns_error_t *error) {
  mns_csv_row_t row;
  mns_error_t broken = {0};
  mns_rc_t rc = mns_csv_open (&it->reader, it->path, error);
  if (rc == MNS_OK)
    rc = mns_csv_map (&it->map, &mns_reform_row_type, mns_csv_header (it->reader), error);
  if (rc != MNS_OK)
    return rc;
  while ((rc = mns_csv_next (it->reader, &row, &broken)) != MNS_GONE)
    if (rc == MNS_OK)
      add_row (it, &row);
    else
      tell_mistake (it, row.line, broken.where, broken.detail);
  return MNS_OK;
}

/* ---- the request ------------------------------------------------------------------------------------------------- */

static mns_rc_t ask (reform_t *it, mns_bus_t *bus, bool dry_run, mns_error_t *error) {
  mns_buffer_t body = {0};
  mns_uuid_t key = mns_uuid_new (), none = {0};
  mns_service_rehearse_t rehearse;
  mns_record_clear (&mns_service_rehearse_type, &rehearse);
  mns_text_copy (rehearse.command, sizeof rehearse.command, COMMAND);
  if (dry_run)
    mns_record_pack (&mns_service_rehearse_type, &rehearse, &body);
  mns_buffer_add (&body, it->body.data, it->body.size);
  mns_rc_t rc = mns_bus_request (bus, dry_run ? "registry.rehearse" : COMMAND, dry_run ? &none : &key, body.data,
                                 body.size, ANSWER_MS, &it->reply, NULL, error);
  mns_buffer_fini (&body);
  return rc;
}

static mns_rc_t print (reform_t *it, bool dry_run, mns_error_t *error) {
  static const char *const shown[] = {"operation",  "code",    "successor", "name",
                                      "households", "persons", "result",    NULL};
  mns_reform_outcome_t outcome;
  const uint8_t *data = it->reply.data;
  size_t size = it->reply.size, done = 0, known = 0;
  mns_table_t *table = mns_table_of_records (&mns_reform_outcome_type, shown);
  mns_rc_t rc;
  while ((rc = mns_sequence_next (&mns_reform_outcome_type, &outcome, &data, &size, error)) == MNS_OK) {
    if (outcome.result == MNS_ROW_REFUSED) {
      tell_mistake (it, it->lines[outcome.row - 1 < it->rows ? outcome.row - 1 : 0], outcome.field, outcome.detail);
      continue;
    }
    done += outcome.result == MNS_ROW_CREATED;
    known += outcome.result == MNS_ROW_EXISTS;
    mns_table_add_record (table, &outcome, false);
  }
  rc = rc == MNS_GONE ? MNS_OK : rc;
  mns_table_print (&table, rc == MNS_OK && !it->mistakes ? stdout : NULL, mns_form ());
  if (rc == MNS_OK && !it->mistakes && mns_form () == MNS_TABLE_TEXT)
    printf (known     ? "was done before: nothing changed\n"
            : dry_run ? "%zu rows could be carried out; nothing was changed\n"
                      : "%zu rows carried out\n",
            done);
  return rc;
}

static mns_rc_t run (reform_t *it, mns_bus_t *bus, bool dry_run, mns_error_t *error) {
  mns_rc_t rc = read_file (it, error);
  if (rc != MNS_OK || it->mistakes)
    return rc;
  rc = ask (it, bus, dry_run, error);
  return rc == MNS_OK ? print (it, dry_run, error) : rc;
}

int mns_run_reform (const char *path, bool dry_run) {
  reform_t it = {.path = path};
  mns_config_t config;
  mns_error_t error = {0};
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = run (&it, bus, dry_run, &error);
  if (it.mistakes)
    fprintf (stderr, "%zu mistakes; nothing was changed\n", it.mistakes);
  mns_csv_destroy (&it.reader);
  mns_buffer_fini (&it.body);
  mns_buffer_fini (&it.reply);
  free (it.lines);
  mns_bus_destroy (&bus);
  return rc != MNS_OK ? mns_cli_fail ("mns place reform", &error) : it.mistakes ? 1 : 0;
}
