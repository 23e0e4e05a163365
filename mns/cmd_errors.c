/* `mns errors`: the error table. */
#include "mns/mns.h"
#include <stdio.h>
#include <string.h>

static const mns_column_t columns[] = {{"number", NULL, true},   {"word", NULL, false}, {"retry", NULL, false},
                                       {"en", "English", false}, {"zh", "中文", false}, {0, 0, false}};

int mns_cmd_errors (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns errors [WORD or NUMBER] [options]",
                   .summary = "The errors of Minsheng: stable numbers and words, and whether trying again may help.",
                   .options = options,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_table_t *table = mns_table_new (columns);
  mns_rc_t rc;
  for (size_t i = 0; mns_error_at (i, &rc); i++) {
    char number[16];
    snprintf (number, sizeof number, "%d", rc);
    if (argc > 1 && strcmp (argv[1], number) != 0 && strcmp (argv[1], mns_error_word (rc)) != 0)
      continue;
    mns_table_addf (table, "%s\t%s\t%s\t%s\t%s", number, mns_error_word (rc), mns_error_retry (rc) ? "yes" : "no",
                    mns_error_en (rc), mns_error_zh (rc));
  }
  size_t rows = mns_table_rows (table);
  mns_error_t error = {0};
  if (rows == 0)
    mns_fail (&error, MNS_NOT_FOUND, argv[1], "no error has this word or number; `mns errors` shows them all");
  mns_table_print (&table, rows ? stdout : NULL, mns_form ());
  return rows ? 0 : mns_complain ("mns errors", &error);
}
