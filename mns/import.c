/* The import engine: reads rows, sends them in batches with up to eight requests on their way, and settles each batch
 * when its answer comes. A batch keeps its rows until then, so that whatever is refused can be told with its line and
 * kept. */
#include "mns/import.h"

#include "common/progress.h"
#include "common/records/service_records.h"
#include "common/service.h"
#include "common/text.h"
#include "mns/import_advice.h"
#include "mns/mns.h"
#include "mns/quarantine.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define IN_FLIGHT_MAX 8
#define BODY_FULL     (MNS_BODY_MAX * 3 / 4)
#define ANSWER_S      60 /* a stack that is being restarted is waited for */
#define TAKE_MS       500

/* A row of a batch: where its quarantine form is, and why it was refused, here or by the service. */
typedef struct {
  uint64_t line;
  size_t at, size, cells;     /* `cells` it had of its own */
  mns_row_outcome_t *refused; /* NULL: it was not */
} batch_row_t;

typedef struct {
  uint64_t request; /* 0: not on its way */
  mns_buffer_t body, forms;
  batch_row_t rows[1000];
  size_t count, sent, *of_sent; /* of_sent[i]: row of the i-th record sent */
} batch_t;

typedef struct {
  mns_bus_t *bus;
  const mns_config_t *config;
  mns_csv_reader_t *reader;
  const mns_import_kind_t *kind;
  mns_csv_map_t map;
  size_t problem_at;
  void *record;
  batch_t batches[IN_FLIGHT_MAX];
  mns_quarantine_t quarantine;
  mns_progress_t *progress;
  uint64_t sum; /* of the file's rows: names the quarantine file */
  mns_buffer_t reply;
  const mns_import_options_t *options;
  mns_import_report_t *report;
  mns_error_t *error;
} import_t;

static int answer_ms (void) {
  return (int)(mns_globals.timeout_s > ANSWER_S ? mns_globals.timeout_s : ANSWER_S) * 1000;
}

/* ---- settling a batch ------------------------------------------------------------------------------------------- */

static void remark (mns_import_report_t *report, uint64_t line, const mns_row_outcome_t *outcome, const char *advice) {
  if (report->remark_count == MNS_IMPORT_REMARKS_MAX)
    return;
  mns_import_remark_t *it = &report->remarks[report->remark_count++];
  *it = (mns_import_remark_t){.line = line, .result = outcome->result, .person = outcome->person};
  mns_text_copy (it->error, sizeof it->error, outcome->error);
  mns_text_copy (it->field, sizeof it->field, outcome->field);
  mns_text_copy (it->detail, sizeof it->detail, outcome->detail);
  mns_text_copy (it->advice, sizeof it->advice, advice);
}

/* What to do about it, from the row as it will stand in the quarantine. */
static void advise (const import_t *import, const batch_t *batch, const batch_row_t *row,
                    char advice[MNS_ADVICE_SIZE]) {
  mns_csv_row_t cells;
  char *room = mns_alloc (row->size + MNS_CSV_COLUMNS_MAX);
  mns_csv_cut ((const char *)batch->forms.data + row->at, row->size, room, &cells);
  cells.count = row->cells;
  mns_import_advice (&import->map, &cells, row->refused, strcmp (import->config->language, "zh") == 0, advice);
  free (room);
}

static void refuse (import_t *import, const batch_t *batch, const batch_row_t *row) {
  char problem[1000], advice[MNS_ADVICE_SIZE];
  const mns_row_outcome_t *outcome = row->refused;
  advise (import, batch, row, advice);
  snprintf (problem, sizeof problem, "%s%s%s%s%s", outcome->field, *outcome->field ? ": " : "", outcome->detail,
            *advice ? "; " : "", advice);
  import->report->refused++;
  remark (import->report, row->line, outcome, advice);
  if (!import->options->dry_run)
    mns_quarantine_add (&import->quarantine, batch->forms.data + row->at, row->size, problem);
}

static void mark_refused (batch_row_t *row, const mns_row_outcome_t *outcome) {
  if (!row->refused)
    row->refused = mns_alloc (sizeof *row->refused);
  *row->refused = *outcome;
}

static void settle_sent (import_t *import, batch_t *batch, const mns_row_outcome_t *outcome) {
  batch_row_t *row = &batch->rows[batch->of_sent[outcome->row - 1]];
  import->report->created--; /* counted as created unless the answer says otherwise */
  if (outcome->result == MNS_ROW_REFUSED) {
    mark_refused (row, outcome);
    return;
  }
  if (outcome->result == MNS_ROW_EXISTS)
    import->report->exists++;
  else
    import->report->created++;
  if (*outcome->detail)
    remark (import->report, row->line, outcome, "");
}

static mns_rc_t settle_answer (import_t *import, batch_t *batch) {
  mns_row_outcome_t outcome;
  const uint8_t *data = import->reply.data;
  size_t size = import->reply.size;
  mns_rc_t rc;
  import->report->created += batch->sent;
  while ((rc = mns_sequence_next (&mns_row_outcome_type, &outcome, &data, &size, import->error)) == MNS_OK) {
    if (outcome.row == 0 || outcome.row > batch->sent)
      return mns_fail (import->error, MNS_MALFORMED, import->kind->command,
                       "the answer speaks of a row that was not sent");
    settle_sent (import, batch, &outcome);
  }
  return rc == MNS_GONE ? MNS_OK : rc;
}

static void clear (batch_t *batch) {
  for (size_t i = 0; i < batch->count; i++)
    free (batch->rows[i].refused);
  batch->request = 0;
  batch->count = batch->sent = 0;
  mns_buffer_clear (&batch->body);
  mns_buffer_clear (&batch->forms);
}

static mns_rc_t settle (import_t *import, batch_t *batch) {
  mns_rc_t rc = batch->sent > 0 ? settle_answer (import, batch) : MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < batch->count; i++)
    if (batch->rows[i].refused)
      refuse (import, batch, &batch->rows[i]);
  if (rc == MNS_OK)
    import->report->rows += batch->count;
  clear (batch);
  if (import->progress)
    mns_progress_set (import->progress, mns_csv_position (import->reader), import->report->rows);
  return rc;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static batch_t *batch_of (import_t *import, uint64_t request) {
  for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
    if (import->batches[i].request == request)
      return &import->batches[i];
  return NULL;
}

static mns_rc_t batch_failed (import_t *import, const batch_t *batch, const mns_head_t *head) {
  return mns_fail (import->error, (mns_rc_t)head->rc, head->where,
                   "%s (rows from line %llu; what came before is done, and "
                   "importing the file again goes on from there)",
                   *head->detail ? head->detail : mns_error_en ((mns_rc_t)head->rc),
                   (unsigned long long)batch->rows[0].line);
}

static mns_rc_t check_stop (import_t *import) {
  const mns_import_options_t *options = import->options;
  if (!options->stop || !options->stop (options->context))
    return MNS_OK;
  return mns_fail (import->error, MNS_UNAVAILABLE, import->report->path, "the import was stopped");
}

/* A request that is never answered ends by its own deadline. */
static mns_rc_t take_one (import_t *import) {
  uint64_t request;
  mns_head_t head;
  mns_rc_t rc;
  do {
    rc = check_stop (import);
    if (rc == MNS_OK)
      rc = mns_bus_take (import->bus, TAKE_MS, &request, &import->reply, &head, import->error);
  } while (rc == MNS_TIMEOUT);
  if (rc != MNS_OK)
    return rc;
  batch_t *batch = batch_of (import, request);
  if (!batch)
    return MNS_OK; /* of an import before on this connection that ended early */
  return head.rc == MNS_OK ? settle (import, batch) : batch_failed (import, batch, &head);
}

static size_t on_their_way (const import_t *import) {
  size_t count = 0;
  for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
    count += import->batches[i].request != 0;
  return count;
}

static mns_rc_t send_rows (import_t *import, batch_t *batch) {
  mns_uuid_t key = mns_uuid_new ();
  return mns_bus_send (import->bus, import->kind->command, &key, batch->body.data, batch->body.size, answer_ms (),
                       &batch->request, import->error);
}

/* The same rows to be tried and taken back. */
static mns_rc_t send_rehearsal (import_t *import, batch_t *batch) {
  char command[MNS_NAME_MAX + 1];
  mns_service_rehearse_t rehearse;
  mns_uuid_t no_key = {0};
  mns_buffer_t body = {0};
  mns_record_clear (&mns_service_rehearse_type, &rehearse);
  mns_text_copy (rehearse.command, sizeof rehearse.command, import->kind->command);
  snprintf (command, sizeof command, "%.*s.rehearse", (int)strcspn (rehearse.command, "."), rehearse.command);
  mns_record_pack (&mns_service_rehearse_type, &rehearse, &body);
  mns_buffer_add (&body, batch->body.data, batch->body.size);
  mns_rc_t rc =
      mns_bus_send (import->bus, command, &no_key, body.data, body.size, answer_ms (), &batch->request, import->error);
  mns_buffer_fini (&body);
  return rc;
}

static mns_rc_t send_batch (import_t *import, batch_t *batch) {
  if (batch->sent == 0)
    return settle (import, batch);
  mns_rc_t rc = import->options->dry_run ? send_rehearsal (import, batch) : send_rows (import, batch);
  while (rc == MNS_OK && on_their_way (import) >= import->kind->in_flight)
    rc = take_one (import);
  return rc;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* A row that is wrong in itself is refused without asking. */
static void refuse_unsent (batch_row_t *row, const mns_error_t *error) {
  mns_row_outcome_t outcome;
  mns_record_clear (&mns_row_outcome_type, &outcome);
  outcome.result = MNS_ROW_REFUSED;
  mns_text_copy (outcome.error, sizeof outcome.error, mns_error_word (error->rc));
  mns_text_copy (outcome.field, sizeof outcome.field, error->where);
  mns_text_copy (outcome.detail, sizeof outcome.detail, error->detail);
  mark_refused (row, &outcome);
}

static void add_row (import_t *import, batch_t *batch, const mns_csv_row_t *row, size_t cells, mns_rc_t rc,
                     const mns_error_t *error) {
  batch_row_t *it = &batch->rows[batch->count];
  *it = (batch_row_t){.line = row->line, .at = batch->forms.size, .cells = cells};
  mns_quarantine_form (&import->quarantine, row, &batch->forms);
  it->size = batch->forms.size - it->at;
  if (rc == MNS_OK) {
    mns_record_pack (import->kind->type, import->record, &batch->body);
    batch->of_sent[batch->sent++] = batch->count;
  } else {
    refuse_unsent (it, error);
  }
  batch->count++;
}

/* Fills a batch; *more is false at the end of the file. */
static mns_rc_t fill (import_t *import, batch_t *batch, bool *more) {
  size_t full = (size_t)import->config->import_batch;
  while (batch->count < full && batch->body.size < BODY_FULL) {
    mns_csv_row_t row;
    mns_error_t error = {0};
    mns_rc_t rc = mns_csv_next (import->reader, &row, &error);
    *more = rc != MNS_GONE;
    if (!*more)
      return MNS_OK;
    if (rc == MNS_IO) {
      *import->error = error;
      return rc;
    }
    import->sum = mns_crc64 (import->sum, row.raw, row.raw_size);
    mns_csv_row_t cells = row;
    mns_import_drop_cell (&cells, import->problem_at);
    if (rc == MNS_OK)
      rc = mns_csv_read (&import->map, &cells, import->record, &error);
    add_row (import, batch, &row, cells.count, rc, &error);
  }
  return MNS_OK;
}

/* Persons entered just before are on their way to the service. When it cannot be found out how far they are (no right
 * to, a service that stands still), the rows themselves tell. */
static void wait_for_register (import_t *import) {
  mns_error_t error;
  if (import->kind->needs_register)
    mns_wait_applied (import->bus, answer_ms (), &error);
}

static mns_rc_t run (import_t *import) {
  bool more = true;
  mns_rc_t rc = MNS_OK;
  wait_for_register (import);
  while (rc == MNS_OK && more) {
    batch_t *batch = batch_of (import, 0);
    rc = fill (import, batch, &more);
    if (rc == MNS_OK && batch->count > 0)
      rc = send_batch (import, batch);
  }
  while (rc == MNS_OK && on_their_way (import) > 0)
    rc = take_one (import);
  return rc;
}

/* ---- one file --------------------------------------------------------------------------------------------------- */

static mns_rc_t begin (import_t *import, const char *path) {
  mns_rc_t rc = mns_csv_open (&import->reader, path, import->error);
  if (rc != MNS_OK)
    return rc;
  const mns_csv_row_t *header = mns_csv_header (import->reader);
  rc = mns_import_detect (header, &import->kind, &import->map, &import->problem_at, import->error);
  if (rc != MNS_OK) {
    mns_text_copy (import->error->where, sizeof import->error->where, path);
    return rc;
  }
  struct stat status = {0};
  stat (path, &status);
  import->report->kind = import->kind->name;
  import->report->dry_run = import->options->dry_run;
  import->sum = mns_crc64 (0, header->raw, header->raw_size);
  import->record = mns_alloc (import->kind->type->size);
  mns_quarantine_init (&import->quarantine, import->config, path, header, import->kind, import->problem_at);
  for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
    import->batches[i].of_sent = mns_alloc (sizeof (size_t) * sizeof import->batches[i].rows / sizeof (batch_row_t));
  if (import->options->show) {
    const char *slash = strrchr (path, '/');
    import->progress = mns_progress_new (slash ? slash + 1 : path, "rows", (uint64_t)status.st_size);
  }
  return MNS_OK;
}

static void end (import_t *import) {
  mns_progress_destroy (&import->progress);
  mns_csv_destroy (&import->reader);
  mns_quarantine_fini (&import->quarantine);
  for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
    clear (&import->batches[i]);
    mns_buffer_fini (&import->batches[i].body);
    mns_buffer_fini (&import->batches[i].forms);
    free (import->batches[i].of_sent);
  }
  mns_buffer_fini (&import->reply);
  free (import->record);
  free (import);
}

mns_rc_t mns_import (mns_bus_t *bus, const mns_config_t *config, const char *path, const mns_import_options_t *options,
                     mns_import_report_t *report, mns_error_t *error) {
  import_t *import = mns_alloc (sizeof *import);
  memset (import, 0, sizeof *import);
  memset (report, 0, sizeof *report);
  mns_text_copy (report->path, sizeof report->path, path);
  report->remarks = mns_alloc (MNS_IMPORT_REMARKS_MAX * sizeof *report->remarks);
  import->bus = bus;
  import->config = config;
  import->options = options;
  import->report = report;
  import->error = error;
  mns_rc_t rc = begin (import, path);
  if (rc == MNS_OK) {
    mns_error_t late = {0};
    rc = run (import);
    mns_rc_t kept = mns_quarantine_finish (&import->quarantine, import->sum, report->quarantine, &late);
    if (rc == MNS_OK && kept != MNS_OK) {
      *error = late;
      rc = kept;
    }
  }
  end (import);
  return rc;
}

void mns_import_report_fini (mns_import_report_t *report) {
  free (report->remarks);
  report->remarks = NULL;
  report->remark_count = 0;
}
