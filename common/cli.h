/* Commands and options of programs, as tables.
 *
 * One table row is one option; --help, parsing and the "did you mean" come from it. A record's fields can be options
 * too:
 * `--birth-order 2` sets field birth_order. Mistakes are told in one sentence and end with exit code 2. */
#ifndef MNS_COMMON_CLI_H
#define MNS_COMMON_CLI_H

#include "common/record.h"

typedef enum { MNS_OPTION_FLAG, MNS_OPTION_TEXT, MNS_OPTION_INT } mns_option_kind_t;

typedef struct {
  const char *name; /* "json" for --json; NULL ends a table */
  char letter;      /* 'j' for -j, or 0 */
  mns_option_kind_t kind;
  const char *argument; /* "FILE" in the help; NULL for a flag */
  const char *help;
  void *target; /* bool *, const char **, int64_t * */
} mns_option_t;

/* What a command line consists of. `record` (may be NULL) adds an option for each field of `type` (or, when `fields` is
 * not NULL, for those named in the NULL-ended list); values are parsed by mns_field_parse into
 * `record`, cleared first. */
typedef struct {
  const char *usage;                  /* "mns event birth [options]" */
  const char *summary;                /* one or more lines of what it does */
  const char *epilogue;               /* examples and notes under the options, or NULL */
  const mns_option_t *const *options; /* NULL-ended list of option tables; the last has what many commands share */
  const mns_record_type_t *type;
  const char *const *fields;
  void *record;
  int positional_min, positional_max;
} mns_cli_t;

/* Parses argv[1…]. Returns MNS_OK with positional arguments moved to argv[1] … argv[*argc − 1]; MNS_GONE when --help
 * was asked for and printed on stdout (exit 0); MNS_USAGE with the sentence in `error` (unknown option with the nearest
 * name, missing argument, value refused with the option's name and why, too many or too few arguments). */
mns_rc_t mns_cli_parse (const mns_cli_t *cli, int *argc, char **argv, mns_error_t *error);

/* The nearest of a NULL-ended list of names by edit distance, or NULL when none is near: for "did you mean". */
const char *mns_cli_nearest (const char *name, const char *const *names);

/* "error: <sentence> (<where>): <detail>" on stderr and what to do where the error table knows; returns
 * the exit code. */
int mns_cli_fail (const char *program, const mns_error_t *error);

#endif
