/* `mns batch`: money paid in, batches prepared and posted, the ledger. */
#include "common/records/assistance_requests.h"
#include "mns/asking.h"
#include <stdio.h>

static const char *const batch_columns[] = {"batch",     "state",    "scheme",      "period",    "cutoff", "lines",
                                            "total_fen", "left_out", "prepared_by", "posted_by", "file",   NULL};
static const char *const line_columns[] = {"line", "state", "entitlement",  "tier",       "person",
                                           "name", "place", "account_tail", "amount_fen", NULL};
static const char *const account_columns[] = {"account", "balance_fen", NULL};

static int prepare (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns batch prepare --scheme SCHEME --period PERIOD [--cutoff DAY] [options]",
      .summary = "Prepares a batch: everyone entitled on the cut-off day who has not been paid for the period.\n"
                 "The money is reserved; another account posts it.",
      .epilogue = "Example:\n  mns batch prepare --scheme rural-reward --period 2026",
      .command = "assistance.batch-prepare",
      .in_type = &mns_batch_request_type,
      .out_type = &mns_batch_type,
      .columns = batch_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int post (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns batch post BATCH [options]",
      .summary =
          "Posts a prepared batch, as another account than the one that prepared it. Who has died or left since\n"
          "is taken out. The bank's file is written within a second: mns batch show BATCH.",
      .epilogue = "Example:\n  mns batch post 1 --account checker",
      .command = "assistance.batch-post",
      .in_type = &mns_batch_number_type,
      .positional = "batch",
      .out_type = &mns_batch_type,
      .columns = batch_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int cancel (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns batch cancel BATCH [options]",
                                      .summary = "Cancels a prepared batch; the money goes back to its funds.",
                                      .command = "assistance.batch-cancel",
                                      .in_type = &mns_batch_number_type,
                                      .positional = "batch",
                                      .out_type = &mns_batch_type,
                                      .columns = batch_columns};
  return mns_run_asking (&asking, argc, argv);
}

static const mns_asking_t list_asking = {.usage = "mns batch list [options]",
                                         .summary = "Lists batches.",
                                         .command = "assistance.batches",
                                         .in_type = &mns_batch_query_type,
                                         .out_type = &mns_batch_type,
                                         .columns = batch_columns};

static int list (int argc, char **argv) {
  return mns_run_asking (&list_asking, argc, argv);
}

static int lines (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns batch lines BATCH [options]",
                                      .summary = "Lists the lines of a batch, 100 at a time: --after LINE, --limit N.",
                                      .command = "assistance.batch-lines",
                                      .in_type = &mns_line_query_type,
                                      .positional = "batch",
                                      .out_type = &mns_batch_line_type,
                                      .columns = line_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int ledger (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns batch ledger [options]",
                                      .summary = "The accounts of the ledger and their balances, which add up to zero.",
                                      .command = "assistance.ledger",
                                      .out_type = &mns_ledger_account_type,
                                      .columns = account_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int fund (int argc, char **argv) {
  static const char *const fields[] = {"source", "document", "day", "note", NULL};
  static const mns_asking_t asking = {
      .usage = "mns batch fund --source SOURCE --yuan AMOUNT [--document NUMBER] [options]",
      .summary = "Notes money that a source has paid into its fund. The same document of a source is booked once.",
      .epilogue = "Example:\n  mns batch fund --source centre --yuan 2028288.00 --document 2026-17",
      .command = "assistance.fund",
      .in_type = &mns_fund_request_type,
      .fields = fields,
      .out_type = &mns_ledger_account_type,
      .columns = account_columns};
  const char *yuan = NULL;
  const mns_option_t options[] = {{"yuan", 0, MNS_OPTION_TEXT, "AMOUNT", "amount in yuan: 960 or 960.50", &yuan},
                                  {0, 0, 0, 0, 0, 0}};
  mns_fund_request_t request;
  mns_error_t error = {0};
  mns_record_clear (&mns_fund_request_type, &request);
  int done = mns_parse_asking (&asking, options, &request, &argc, argv);
  if (done >= 0)
    return done;
  if (yuan && mns_fen_parse_yuan (yuan, &request.amount_fen))
    return mns_print_asking (&asking, &request);
  mns_fail (&error, MNS_USAGE, "--yuan", yuan ? "'%s' is no amount; write 960 or 960.50" : "how much is paid in?%s",
            yuan ? yuan : "");
  return mns_complain (argv[0], &error);
}

/* ---- one batch in full ------------------------------------------------------------------------------------------- */

static void print_batch (void *context, const void *record) {
  const mns_batch_t *batch = record;
  char yuan[MNS_FEN_GROUPED], day[MNS_DATE_TEXT];
  *(bool *)context = true;
  mns_fen_format_grouped (batch->total_fen, yuan);
  mns_date_format (batch->cutoff, day);
  printf ("batch %llu: %s %s, %s, cut-off %s\n", (unsigned long long)batch->batch, batch->scheme, batch->period,
          mns_code_word (&mns_batch_state, batch->state), day);
  printf ("  lines     %lld, left out %lld\n", (long long)batch->lines, (long long)batch->left_out);
  printf ("  total     %s yuan\n", yuan);
  mns_date_format (batch->prepared, day);
  printf ("  prepared  %s by %s\n", day, batch->prepared_by);
  mns_date_format (batch->posted, day);
  if (batch->posted)
    printf ("  posted    %s by %s\n", day, batch->posted_by);
  if (batch->file[0])
    printf ("  file      %s\n  sha256    %s\n", batch->file, batch->sha256);
  for (size_t i = 0; i < batch->parts_count; i++) {
    const mns_batch_part_t *part = &batch->parts[i];
    mns_fen_format_grouped (part->amount_fen, yuan);
    printf ("  %-12s %-10s %18s yuan (%lld lines)\n", part->tier, part->source, yuan, (long long)part->lines);
  }
}

static int print_one (const mns_asking_t *asking, const mns_batch_query_t *query) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_batch_t batch;
  bool any = false;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc =
      mns_ask (bus, asking->command, asking->in_type, query, asking->out_type, &batch, print_batch, &any, &error);
  mns_bus_destroy (&bus);
  if (rc == MNS_OK && !any)
    rc = mns_fail (&error, MNS_NOT_FOUND, "BATCH", "there is no batch %llu; `mns batch list` shows them",
                   (unsigned long long)query->batch);
  return rc == MNS_OK ? 0 : mns_cli_fail ("mns", &error);
}

static int show (int argc, char **argv) {
  static const char *const none[] = {NULL};
  mns_asking_t asking = list_asking;
  mns_batch_query_t query;
  asking.usage = "mns batch show BATCH [options]";
  asking.summary = "Shows a batch with its control totals, and what each source pays.";
  asking.fields = none;
  asking.positional = "batch";
  asking.required = true;
  mns_record_clear (&mns_batch_query_type, &query);
  int done = mns_parse_asking (&asking, NULL, &query, &argc, argv);
  if (done >= 0)
    return done;
  return mns_form () == MNS_TABLE_TEXT ? print_one (&asking, &query) : mns_print_asking (&asking, &query);
}

int mns_cmd_batch (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"fund", "note money paid in by a source", fund},
                                           {"prepare", "prepare a batch and reserve its money", prepare},
                                           {"post", "post it and write the bank's file", post},
                                           {"cancel", "give the money of a prepared batch back", cancel},
                                           {"list", "batches", list},
                                           {"show", "a batch with its control totals", show},
                                           {"lines", "the lines of a batch", lines},
                                           {"ledger", "accounts and balances", ledger},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns batch", "Payment batches, their money and the bank's files.", table, argc, argv);
}
