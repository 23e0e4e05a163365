/* What every command of `mns` has in common: the table of commands, the options each takes, the connection. */
#ifndef MNS_MNS_H
#define MNS_MNS_H

#include "common/bus.h"
#include "common/cli.h"
#include "common/table.h"

/* Options that every command takes; parsed with the command's own (put mns_common_options
 * first in mns_cli_t.options). */
typedef struct {
  const char *data;                  /* --data DIR */
  const char *connect;               /* --connect ENDPOINT instead of the data directory's own bus */
  const char *account;               /* --account NAME: whom to act for */
  const char *key_file, *broker_key; /* for tcp:// */
  int64_t timeout_s;                 /* --timeout, default 10 */
  bool json, csv, reveal;            /* --json, --csv, --reveal (persons unmasked, rights permitting) */
} mns_globals_t;
extern mns_globals_t mns_globals;
extern const mns_option_t mns_common_options[];
extern const mns_option_t mns_local_options[]; /* of commands that ask nobody: --data, --json, --csv */

typedef struct {
  const char *name;                   /* "stats" */
  const char *summary;                /* one line */
  int (*run) (int argc, char **argv); /* argv[0] is "mns stats"; returns the exit code 0, 1 or 2 */
} mns_subcommand_t;

/* Runs argv[1] of a table of subcommands ended by a NULL name ("mns event birth": a table within a command); prints the
 * table for --help, help or nothing. */
int mns_run_subcommand (const char *program, const char *summary, const mns_subcommand_t *table, int argc, char **argv);

/* Parses with the common options; returns −1 to go on, else the exit code (help printed, or mistake told). */
int mns_parse (const mns_cli_t *cli, int *argc, char **argv);

/* Loads the configuration, with --connect, --key-file and --broker-key in it; mistakes of the file are printed. */
mns_rc_t mns_configure (mns_config_t *config, mns_error_t *error);

/* Loads the configuration and connects. On failure prints why and what to do, and returns NULL; the exit code is 1. */
mns_bus_t *mns_connect (mns_config_t *config);

/* A time as --since takes it: a day, which begins at midnight of the county, or a time with its zone. */
mns_rc_t mns_parse_since (const mns_config_t *config, const char *text, mns_time_t *since, mns_error_t *error);

/* Prints an error for this command; returns the exit code. */
int mns_complain (const char *command, const mns_error_t *error);

mns_table_form_t mns_form (void); /* by --json, --csv */

/* The record of a request; one that can ask for persons in full does so with --reveal. */
void mns_pack_request (const mns_record_type_t *type, const void *in, mns_buffer_t *body);

/* One request, its whole answer as records: calls `each` (may be NULL) for every record of the reply. */
mns_rc_t mns_ask (mns_bus_t *bus, const char *command, const mns_record_type_t *in_type, const void *in,
                  const mns_record_type_t *out_type, void *out, void (*each) (void *context, const void *record),
                  void *context, mns_error_t *error);

/* The same, printed: a table of the reply's records (fields: NULL-ended list or NULL for all), or JSON or CSV. Returns
 * the exit code. */
int mns_ask_and_print (const char *command, const mns_record_type_t *in_type, const void *in,
                       const mns_record_type_t *out_type, const char *const *fields);

/* Waits until every service has applied what is in the register now. Needs the role operator or administrator. */
mns_rc_t mns_wait_applied (mns_bus_t *bus, int64_t timeout_ms, mns_error_t *error);

/* the commands, one file each: cmd_<name>.c */
int mns_cmd_up (int argc, char **argv);
int mns_cmd_sample (int argc, char **argv);
int mns_cmd_import (int argc, char **argv);
int mns_cmd_export (int argc, char **argv);
int mns_cmd_quarantine (int argc, char **argv);
int mns_cmd_person (int argc, char **argv);
int mns_cmd_event (int argc, char **argv);
int mns_cmd_duplicate (int argc, char **argv);
int mns_cmd_pending (int argc, char **argv);
int mns_cmd_quality (int argc, char **argv);
int mns_cmd_exchange (int argc, char **argv);
int mns_cmd_place (int argc, char **argv);
int mns_cmd_stats (int argc, char **argv);
int mns_cmd_scheme (int argc, char **argv);
int mns_cmd_apply (int argc, char **argv);
int mns_cmd_batch (int argc, char **argv);
int mns_cmd_notify (int argc, char **argv);
int mns_cmd_status (int argc, char **argv);
int mns_cmd_snapshot (int argc, char **argv);
int mns_cmd_sub (int argc, char **argv);
int mns_cmd_pub (int argc, char **argv);
int mns_cmd_req (int argc, char **argv);
int mns_cmd_serve (int argc, char **argv);
int mns_cmd_check (int argc, char **argv);
int mns_cmd_bench (int argc, char **argv);
int mns_cmd_completion (int argc, char **argv);
int mns_cmd_log (int argc, char **argv);
int mns_cmd_consumer (int argc, char **argv);
int mns_cmd_outbox (int argc, char **argv);
int mns_cmd_trace (int argc, char **argv);
int mns_cmd_schema (int argc, char **argv);
int mns_cmd_errors (int argc, char **argv);
int mns_cmd_backup (int argc, char **argv);
int mns_cmd_restore (int argc, char **argv);
int mns_cmd_account (int argc, char **argv);
int mns_cmd_keys (int argc, char **argv);

#endif
