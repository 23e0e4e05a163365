/* Bank files are written by a timer after the posting is durable: a file never stands for a batch that was not posted,
 * and a crash in between only delays it. */
#include "services/assistance/bank_file.h"
#include "common/csv.h"
#include "common/dir.h"
#include "common/log.h"
#include "common/text.h"
#include "services/assistance/handlers.h"
#include "services/assistance/state.h"
#include <stdio.h>

static mns_rc_t write_lines (batch_store_t *store, const mns_batch_t *batch, mns_buffer_t *text) {
  batch_payment_t payment;
  bool more;
  mns_rc_t rc;
  mns_buffer_printf (text, "line,account,name,amount,reference\n");
  for (bool first = true; (rc = batch_store_payment (store, batch->batch, first, &payment, &more)) == MNS_OK && more;
       first = false) {
    char amount[MNS_FEN_TEXT], reference[96];
    mns_fen_format (payment.amount_fen, amount);
    snprintf (reference, sizeof reference, "%s-%s-%llu-%lld", batch->scheme, batch->period,
              (unsigned long long)batch->batch, (long long)payment.line);
    mns_buffer_printf (text, "%lld,", (long long)payment.line);
    mns_csv_write_cell (payment.account, false, text);
    mns_csv_write_cell (payment.name, false, text);
    mns_csv_write_cell (amount, false, text);
    mns_csv_write_cell (reference, true, text);
  }
  return rc;
}

static void hash_of (const mns_buffer_t *text, char hex[65]) {
  uint8_t digest[32];
  mns_sha256 (text->data, text->size, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf (hex + 2 * i, 3, "%02x", digest[i]);
}

static void write_totals (const mns_batch_t *batch, const char *name, mns_buffer_t *text) {
  char amount[MNS_FEN_TEXT];
  mns_fen_format (batch->total_fen, amount);
  mns_buffer_printf (text, "file: %s.csv\nlines: %lld\ntotal: %s\nsha256: %s\n", name, (long long)batch->lines, amount,
                     batch->sha256);
  for (uint16_t i = 0; i < batch->parts_count; i++) {
    const mns_batch_part_t *part = &batch->parts[i];
    mns_fen_format (part->amount_fen, amount);
    mns_buffer_printf (text, "%s from %s: %s (%lld lines)\n", part->tier, part->source, amount, (long long)part->lines);
  }
}

static mns_rc_t write_beside (const char *folder, const char *name, const char *suffix, const mns_buffer_t *text,
                              mns_error_t *error) {
  char file[128], path[MNS_PATH_MAX];
  snprintf (file, sizeof file, "%s%s", name, suffix);
  mns_rc_t rc = mns_dir_join (path, folder, file, error);
  return rc == MNS_OK ? mns_dir_write_file (path, text->data, text->size, 0600, error) : rc;
}

mns_rc_t bank_file_write (batch_store_t *store, const char *data, mns_batch_t *batch, mns_error_t *error) {
  char folder[MNS_PATH_MAX], name[96];
  mns_buffer_t lines = {0}, totals = {0};
  snprintf (name, sizeof name, "%s-%s-%llu", batch->scheme, batch->period, (unsigned long long)batch->batch);
  mns_rc_t rc = mns_dir_join (folder, data, "bank", error);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK && (rc = write_lines (store, batch, &lines)) != MNS_OK)
    mns_fail (error, rc, "batch", "%s", mns_error_en (rc));
  if (rc == MNS_OK) {
    hash_of (&lines, batch->sha256);
    write_totals (batch, name, &totals);
    rc = write_beside (folder, name, ".csv", &lines, error);
  }
  if (rc == MNS_OK)
    rc = write_beside (folder, name, ".txt", &totals, error);
  if (rc == MNS_OK)
    snprintf (batch->file, sizeof batch->file, "bank/%s.csv", name);
  mns_buffer_fini (&lines);
  mns_buffer_fini (&totals);
  return rc;
}

mns_rc_t assistance_export (void *self, mns_turn_t *turn) {
  assistance_t *state = self;
  mns_error_t *error = mns_turn_error (turn);
  mns_batch_t batch;
  uint64_t id;
  mns_rc_t rc = batch_store_unwritten (&state->batches, &id);
  if (rc != MNS_OK || !id)
    return rc;
  if ((rc = batch_store_find (&state->batches, id, &batch, error)) != MNS_OK ||
      (rc = bank_file_write (&state->batches, state->data, &batch, error)) != MNS_OK)
    return rc;
  if ((rc = batch_store_written (&state->batches, &batch)) == MNS_OK)
    mns_log (MNS_LOG_INFO, "assistance", "bank.written", "batch=%llu lines=%lld", (unsigned long long)id,
             (long long)batch.lines);
  return rc;
}
