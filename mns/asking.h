/* Subcommands that are one request each, as tables: options are fields of the request, the answer is printed. */
#ifndef MNS_ASKING_H
#define MNS_ASKING_H

#include "mns/mns.h"

typedef struct {
  const char *usage, *summary, *epilogue;
  const char *command;
  const mns_record_type_t *in_type; /* NULL: no request record */
  const char *const *fields;        /* of it as options, NULL-ended; NULL: all */
  const char *positional;           /* field that a first argument sets, or NULL */
  bool required;                    /* the argument must be given */
  const mns_record_type_t *out_type;
  const char *const *columns; /* on the screen; JSON and CSV have all fields */
} mns_asking_t;

/* Parses, asks, prints. Returns the exit code. */
int mns_run_asking (const mns_asking_t *asking, int argc, char **argv);

/* Reads the command line into `in`; −1 to go on, else the exit code. `more` (may be NULL): further options. */
int mns_parse_asking (const mns_asking_t *asking, const mns_option_t *more, void *in, int *argc, char **argv);
/* Asks and prints: on the screen the columns, with amounts in yuan; else everything, with amounts in fen. */
int mns_print_asking (const mns_asking_t *asking, const void *in);

/* A command without an answer but done or not; says `done`. Returns the exit code. */
int mns_change (const char *command, const mns_record_type_t *type, const void *in);

#endif
