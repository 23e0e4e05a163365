/* What parsing and help share: every option of a command line in one list. */
#ifndef MNS_COMMON_CLI_PRIVATE_H
#define MNS_COMMON_CLI_PRIVATE_H

#include "common/cli.h"

#define MNS_CLI_OPTIONS_MAX 128
#define MNS_CLI_HELP_NAME   "help"

/* Either a row of an option table or a field of the record; neither is --help. */
typedef struct {
  char name[48]; /* as typed after the two hyphens */
  const mns_option_t *option;
  const mns_field_t *field;
} mns_cli_entry_t;

typedef struct {
  size_t count, own; /* the first `own` are the command's own: the record's fields and all tables but the last */
  mns_cli_entry_t entries[MNS_CLI_OPTIONS_MAX];
} mns_cli_entries_t;

/* Prints usage, summary, the options aligned, epilogue. */
void mns_cli_help (const mns_cli_t *cli, const mns_cli_entries_t *entries);
/* Appends ": male, female" to the text, or of a long list its ends: ": 01 … 98". */
void mns_cli_list_codes (const mns_code_table_t *codes, char *text, size_t size);

#endif
