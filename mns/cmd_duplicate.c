/* `mns duplicate`: entries of the register that may be one person. */
#include "common/records/registry_duplicates.h"
#include "mns/asking.h"

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

static int show (int argc, char **argv) {
  static const mns_asking_t asking = {
      .usage = "mns duplicate show [PAIR] [options]",
      .summary = "Shows the two entries of a pair side by side; or any two, with --first and --second.",
      .epilogue = "Example:\n  mns duplicate show 12 --reveal\n  mns duplicate show --first 1042 --second 2210",
      .command = "registry.duplicate",
      .in_type = &mns_duplicate_select_type,
      .positional = "pair",
      .out_type = &mns_duplicate_fact_info_type,
      .columns = fact_columns};
  return mns_run_asking (&asking, argc, argv);
}

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

int mns_cmd_duplicate (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "pairs that may be one person, the likeliest first", list},
                                           {"show", "two entries side by side", show},
                                           {"dismiss", "they are two persons, and why", dismiss},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns duplicate", "Entries of the register that may be one person.", table, argc, argv);
}
