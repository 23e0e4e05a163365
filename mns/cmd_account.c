/* `mns account`: who may speak on the bus. The broker takes up a change within a second. */
#include "common/accounts.h"
#include "common/text.h"
#include "mns/mns.h"
#include <stdio.h>
#include <string.h>

static mns_rc_t open_accounts (mns_accounts_t *accounts, mns_error_t *error) {
  char data[256];
  mns_config_data (mns_globals.data, data);
  return mns_accounts_open (accounts, data, error);
}

static int account_list (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account list [options]",
                   .summary = "Lists the accounts of the data directory.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  if (open_accounts (&accounts, &error) != MNS_OK)
    return mns_complain ("mns account list", &error);
  mns_table_t *table = mns_table_of_records (&mns_account_type, NULL);
  for (size_t i = 0; i < accounts.count; i++)
    mns_table_add_record (table, &accounts.rows[i], true);
  mns_table_print (&table, stdout, mns_form ());
  mns_accounts_fini (&accounts);
  return 0;
}

static int account_add (int argc, char **argv) {
  mns_account_t account;
  static const char *const fields[] = {"role", "division", "key", "uid", NULL};
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account add NAME --role ROLE [options]",
                   .summary = "Adds an account: a person with a role and a division, or another system with a key.",
                   .epilogue = "Roles: clerk, approver, official, operator, administrator, system, service.\n"
                               "Example: mns account add clerk.shizi --role clerk --division 510322101",
                   .options = options,
                   .type = &mns_account_type,
                   .fields = fields,
                   .record = &account,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  mns_rc_t rc = open_accounts (&accounts, &error);
  if (rc != MNS_OK)
    return mns_complain ("mns account add", &error);
  if (!mns_text_copy (account.name, sizeof account.name, argv[1]))
    rc = mns_fail (&error, MNS_TOO_LONG, "NAME", "an account name has at most %d characters", MNS_NAME_MAX);
  else
    rc = mns_accounts_add (&accounts, &account, &error);
  mns_accounts_fini (&accounts);
  if (rc != MNS_OK)
    return mns_complain ("mns account add", &error);
  printf ("account %s added\n", argv[1]);
  return 0;
}

static int account_remove (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account remove NAME [options]",
                   .summary = "Removes an account; open connections of it are refused from then on.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  mns_rc_t rc = open_accounts (&accounts, &error);
  if (rc == MNS_OK) {
    rc = mns_accounts_revoke (&accounts, argv[1], &error);
    mns_accounts_fini (&accounts);
  }
  if (rc != MNS_OK)
    return mns_complain ("mns account remove", &error);
  printf ("account %s removed\n", argv[1]);
  return 0;
}

int mns_cmd_account (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "list the accounts", account_list},
                                           {"add", "add an account", account_add},
                                           {"remove", "remove an account", account_remove},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns account", "Who may speak on the bus: name, role, division, key.", table, argc, argv);
}
