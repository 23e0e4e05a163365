/* `mns duplicate`: entries of the register that may be one person. */
#include "common/records/registry_duplicates.h"
#include "common/records/registry_requests.h"
#include "common/text.h"
#include "mns/asking.h"
#include <stdio.h>

static const char *const pair_columns[] = {"pair",        "points", "first", "first_name", "second",
                                           "second_name", "place",  "why",   "state",      NULL};
static const char *const fact_columns[] = {"field", "first", "second", "text", "points", NULL};

static int list (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns duplicate list [PLACE] [options]",
      .summary = "Lists pairs of entries that may be one person, the likeliest first, each with the facts that speak\n"
                 "for and against it and what they weigh.",
      .command = "registry.duplicates",
      .in_type = &mns_duplicate_query_type,
      .positional = "place",
      .out_type = &mns_duplicate_info_type,
      .columns = pair_columns};
  return mns_run_asking (&asking, argc, argv);
}

/* ---- side by side ------------------------------------------------------------------------------------------------ */

/* What is personal of a person or an event is so here: masked line by line. */
static void mask (const char *name, char *value, size_t size) {
  char masked[256];
  const mns_field_t *field = mns_record_field (&mns_person_info_type, name);
  if (!field)
    field = mns_record_field (&mns_event_info_type, name);
  if (!field || !(field->flags & MNS_PERSONAL))
    return;
  mns_field_mask (field, value, masked, sizeof masked);
  mns_text_copy (value, size, masked);
}

static void add_fact (void *table, const void *record) {
  mns_duplicate_fact_info_t fact = *(const mns_duplicate_fact_info_t *)record;
  if (!mns_globals.reveal) {
    mask (fact.field, fact.first, sizeof fact.first);
    mask (fact.field, fact.second, sizeof fact.second);
  }
  mns_table_add_record (table, &fact, true);
}

static int show_pair (const char *program, const mns_duplicate_select_t *select) {
  mns_config_t config;
  mns_error_t error = {0};
  mns_duplicate_fact_info_t fact;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_table_t *table =
      mns_table_of_records (&mns_duplicate_fact_info_type, mns_form () == MNS_TABLE_TEXT ? fact_columns : NULL);
  mns_rc_t rc = mns_ask (bus, "registry.duplicate", &mns_duplicate_select_type, select, &mns_duplicate_fact_info_type,
                         &fact, add_fact, table, &error);
  mns_table_print (&table, rc == MNS_OK ? stdout : NULL, mns_form ());
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain (program, &error);
}

static int show (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns duplicate show [PAIR] [options]",
      .summary = "Shows the two entries of a pair side by side; or any two, with --first and --second.",
      .epilogue = "Example:\n  mns duplicate show 12 --reveal\n  mns duplicate show --first 1042 --second 2210",
      .in_type = &mns_duplicate_select_type,
      .positional = "pair"};
  mns_duplicate_select_t select;
  mns_record_clear (&mns_duplicate_select_type, &select);
  int done = mns_parse_asking (&asking, NULL, &select, &argc, argv);
  return done >= 0 ? done : show_pair (argv[0], &select);
}

/* ---- the decision that they are two ------------------------------------------------------------------------------ */

static int dismiss (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns duplicate dismiss PAIR --reason TEXT [options]",
      .summary = "Says that the entries of a pair are two persons: it leaves the list and does not come back.",
      .command = "registry.dismiss-duplicate",
      .in_type = &mns_duplicate_dismiss_type,
      .positional = "pair",
      .required = true,
      .out_type = &mns_duplicate_info_type,
      .columns = pair_columns};
  return mns_run_asking (&asking, argc, argv);
}

/* ---- merges ------------------------------------------------------------------------------------------------------ */

static const char *const merge_columns[] = {"merge",      "state", "survivor", "merged",  "place", "asked_by",
                                            "decided_by", "moved", "reason",   "finding", NULL};

static bool register_number (const char *text, uint64_t *number) {
  int64_t value;
  if (!mns_text_parse_int (text, &value) || value <= 0)
    return false;
  *number = (uint64_t)value;
  return true;
}

static int merge (int argc, char **argv) {
  static const mns_option_t *const options[] = {mns_common_options, NULL};
  static const char *const fields[] = {"reason", NULL};
  static const mns_asking_t asking = {.command = "registry.merge",
                                      .in_type = &mns_merge_request_type,
                                      .out_type = &mns_merge_info_type,
                                      .columns = merge_columns};
  mns_merge_request_t request;
  mns_error_t error = {0};
  mns_cli_t cli = {.usage = "mns duplicate merge SURVIVOR MERGED --reason TEXT [options]",
                   .summary =
                       "Asks that two entries be merged: SURVIVOR stays, MERGED stands for it from then on. Another\n"
                       "account decides (mns duplicate decide). Both entries are kept, so that it can be undone.",
                   .epilogue = "Example:\n  mns duplicate merge 1042 2210 --reason 'both cards seen, one person'",
                   .options = options,
                   .type = &mns_merge_request_type,
                   .fields = fields,
                   .record = &request,
                   .positional_min = 2,
                   .positional_max = 2};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (register_number (argv[1], &request.survivor) && register_number (argv[2], &request.merged))
    return mns_print_asking (&asking, &request);
  mns_fail (&error, MNS_USAGE, "SURVIVOR MERGED", "give two register numbers");
  return mns_complain (argv[0], &error);
}

static int decide (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns duplicate decide MERGE --approved yes|no [--reason TEXT] [options]",
      .summary =
          "Decides on a merge that somebody else asked for. With yes, references, entitlements and figures move to\n"
          "the entry that stays; with no, say why.",
      .command = "registry.decide-merge",
      .in_type = &mns_merge_decision_type,
      .positional = "merge",
      .required = true,
      .out_type = &mns_merge_info_type,
      .columns = merge_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int unmerge (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns duplicate unmerge MERGE --reason TEXT [options]",
                                      .summary = "Undoes a merge: what was moved goes back where it was.",
                                      .command = "registry.unmerge",
                                      .in_type = &mns_unmerge_request_type,
                                      .positional = "merge",
                                      .required = true,
                                      .out_type = &mns_merge_info_type,
                                      .columns = merge_columns};
  return mns_run_asking (&asking, argc, argv);
}

static int merges (int argc, char **argv) {
  static const mns_asking_t asking = {.usage = "mns duplicate merges [PERSON] [options]",
                                      .summary = "Lists merges, the newest first: asked for, merged, refused, undone.",
                                      .command = "registry.merges",
                                      .in_type = &mns_merge_query_type,
                                      .positional = "person",
                                      .out_type = &mns_merge_info_type,
                                      .columns = merge_columns};
  return mns_run_asking (&asking, argc, argv);
}

int mns_cmd_duplicate (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "pairs that may be one person, the likeliest first", list},
                                           {"show", "two entries side by side", show},
                                           {"dismiss", "they are two persons, and why", dismiss},
                                           {"merge", "ask that two entries be merged", merge},
                                           {"decide", "approve or refuse a merge that another asked for", decide},
                                           {"unmerge", "undo a merge", unmerge},
                                           {"merges", "what was asked for, and what came of it", merges},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns duplicate", "Entries of the register that may be one person.", table, argc, argv);
}
