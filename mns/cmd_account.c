/* `mns account`: who may speak on the bus. The broker takes up a change within a second. */
#include "common/accounts.h"
#include "common/records/place.h"
#include "common/text.h"
#include "mns/mns.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof (array) / sizeof ((array)[0]))

static mns_rc_t open_accounts (mns_accounts_t *accounts, mns_error_t *error) {
  char data[256];
  mns_config_data (mns_globals.data, data);
  return mns_accounts_open (accounts, data, error);
}

static mns_rc_t edit_accounts (mns_accounts_t *accounts, mns_error_t *error) {
  char data[256];
  mns_config_data (mns_globals.data, data);
  return mns_accounts_edit (accounts, data, error);
}

/* ---- rights as text: "subscribe statistics. 510322101; request statistics." ------------------------------------ */

static mns_rc_t read_right (char *text, mns_account_t *account, mns_error_t *error) {
  char *word[3] = {0}, *rest = NULL;
  mns_account_right_t *right = &account->rights[account->rights_count];
  if (account->rights_count == COUNT_OF (account->rights))
    return mns_fail (error, MNS_USAGE, "--rights", "an account has at most %zu rights", COUNT_OF (account->rights));
  for (int i = 0; i < 3; i++)
    word[i] = strtok_r (i == 0 ? text : NULL, " ", &rest);
  if (word[0] == NULL)
    return MNS_OK;
  mns_record_clear (&mns_account_right_type, right);
  right->verb = mns_code_find (&mns_verb, word[0]);
  if (right->verb == 0 || strtok_r (NULL, " ", &rest) != NULL)
    return mns_fail (error, MNS_USAGE, "--rights", "'%s': a right is a verb, a prefix and a division", word[0]);
  if (word[1] != NULL && strcmp (word[1], "*") != 0 && !mns_text_copy (right->prefix, sizeof right->prefix, word[1]))
    return mns_fail (error, MNS_USAGE, "--rights", "a prefix has at most %zu characters", sizeof right->prefix - 1);
  if (word[2] != NULL && !mns_place_parse (word[2], &right->division))
    return mns_fail (error, MNS_USAGE, "--rights", "'%s' is no division", word[2]);
  account->rights_count++;
  return MNS_OK;
}

static mns_rc_t read_rights (const char *text, mns_account_t *account, mns_error_t *error) {
  char *copy = mns_strdup (text), *rest = NULL;
  mns_rc_t rc = MNS_OK;
  account->rights_count = 0;
  if (strcmp (text, "default") != 0)
    for (char *one = strtok_r (copy, ";", &rest); one != NULL && rc == MNS_OK; one = strtok_r (NULL, ";", &rest))
      rc = read_right (one, account, error);
  free (copy);
  return rc;
}

static void print_rights (const mns_account_t *account) {
  char division[MNS_PLACE_TEXT];
  for (int i = 0; i < account->rights_count; i++) {
    const mns_account_right_t *right = &account->rights[i];
    mns_place_format (right->division, division);
    printf ("%-18s%s %s%s%s\n", i == 0 ? "rights" : "", mns_code_word (&mns_verb, right->verb),
            right->prefix[0] ? right->prefix : "*", right->division ? " " : "", right->division ? division : "");
  }
  if (account->rights_count == 0)
    printf ("%-18sthose of the role %s\n", "rights", mns_code_word (&mns_role, account->role));
}

/* ---- list, show -------------------------------------------------------------------------------------------------- */

static void print_json (const mns_account_t *rows, size_t count, bool list) {
  json_t *all = json_array ();
  for (size_t i = 0; i < count; i++)
    json_array_append_new (all, mns_record_to_json (&mns_account_type, &rows[i], false));
  json_dumpf (list ? all : json_array_get (all, 0), stdout, JSON_INDENT (2));
  putchar ('\n');
  json_decref (all);
}

static int account_list (int argc, char **argv) {
  static const char *const columns[] = {"name", "role", "division", "uid", "key", NULL};
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account list [options]",
                   .summary = "Lists the accounts of the data directory; --json with rights and limits.",
                   .options = options};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  if (open_accounts (&accounts, &error) != MNS_OK)
    return mns_complain ("mns account list", &error);
  if (mns_globals.json) {
    print_json (accounts.rows, accounts.count, true);
  } else {
    mns_table_t *table = mns_table_of_records (&mns_account_type, columns);
    for (size_t i = 0; i < accounts.count; i++)
      mns_table_add_record (table, &accounts.rows[i], true);
    mns_table_print (&table, stdout, mns_form ());
  }
  mns_accounts_fini (&accounts);
  return 0;
}

static int account_show (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account show NAME [options]",
                   .summary = "Shows one account: key, rights, limits.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  if (open_accounts (&accounts, &error) != MNS_OK)
    return mns_complain ("mns account show", &error);
  const mns_account_t *account = mns_accounts_by_name (&accounts, argv[1]);
  if (account == NULL)
    mns_fail (&error, MNS_NOT_FOUND, argv[1], "there is no account of this name");
  else if (mns_globals.json)
    print_json (account, 1, false);
  for (uint16_t i = 0; account != NULL && !mns_globals.json && i < mns_account_type.field_count; i++) {
    char text[128];
    const mns_field_t *field = &mns_account_type.fields[i];
    if (field->kind == MNS_KIND_LIST)
      print_rights (account);
    else if (!mns_field_absent (field, account))
      printf ("%-18s%s\n", field->name, mns_field_format (field, account, text, sizeof text));
  }
  mns_accounts_fini (&accounts);
  return error.rc == MNS_OK ? 0 : mns_complain ("mns account show", &error);
}

/* ---- add, change, remove ----------------------------------------------------------------------------------------- */

static const char *rights, *clear;
static const mns_option_t account_options[] = {
    {"rights", 0, MNS_OPTION_TEXT, "LIST",
     "'VERB PREFIX [DIVISION]; …': publish, subscribe, request, serve, snapshot, admin; 'default': the role's",
     &rights},
    {"clear", 0, MNS_OPTION_TEXT, "FIELDS", "with change: fields to empty, separated by commas", &clear},
    {0}};
static const char *const account_fields[] = {
    "role", "division", "key", "next_key", "uid", "subscriptions", "connections", "bytes_per_second", NULL};

static int parse_account (mns_cli_t *cli, mns_account_t *given, int *argc, char **argv) {
  const mns_option_t *options[] = {account_options, mns_local_options, NULL};
  rights = clear = NULL;
  cli->options = options;
  cli->type = &mns_account_type;
  cli->fields = account_fields;
  cli->record = given;
  cli->positional_min = cli->positional_max = 1;
  return mns_parse (cli, argc, argv);
}

static int account_add (int argc, char **argv) {
  mns_account_t account;
  mns_cli_t cli = {.usage = "mns account add NAME --role ROLE [options]",
                   .summary = "Adds an account: a person with a role and a division, or another system with a key.",
                   .epilogue = "Roles: clerk, approver, official, operator, administrator, system, service.\n"
                               "Examples:\n"
                               "  mns account add clerk.shizi --role clerk --division 510322101\n"
                               "  mns account add office --role system --division 510322101 \\\n"
                               "      --rights 'subscribe statistics.' --key \"$(mns keys show office.key)\""};
  int done = parse_account (&cli, &account, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  mns_rc_t rc = edit_accounts (&accounts, &error);
  if (rc != MNS_OK)
    return mns_complain ("mns account add", &error);
  if (!mns_text_copy (account.name, sizeof account.name, argv[1]))
    rc = mns_fail (&error, MNS_TOO_LONG, "NAME", "an account name has at most %d characters", MNS_NAME_MAX);
  if (rc == MNS_OK && rights != NULL)
    rc = read_rights (rights, &account, &error);
  if (rc == MNS_OK)
    rc = mns_accounts_add (&accounts, &account, &error);
  mns_accounts_fini (&accounts);
  if (rc != MNS_OK)
    return mns_complain ("mns account add", &error);
  printf ("account %s added\n", argv[1]);
  return 0;
}

static bool says_something (const mns_account_t *given) {
  for (const char *const *name = account_fields; *name != NULL; name++)
    if (!mns_field_absent (mns_record_field (&mns_account_type, *name), given))
      return true;
  return false;
}

/* What was given goes over what stands there. */
static void overlay (mns_account_t *account, const mns_account_t *given) {
  char text[128];
  for (const char *const *name = account_fields; *name != NULL; name++) {
    const mns_field_t *field = mns_record_field (&mns_account_type, *name);
    if (!mns_field_absent (field, given))
      mns_field_parse (field, account, mns_field_format (field, given, text, sizeof text), NULL);
  }
}

static mns_rc_t clear_fields (mns_account_t *account, const char *names, mns_error_t *error) {
  char *copy = mns_strdup (names), *rest = NULL;
  mns_rc_t rc = MNS_OK;
  for (char *name = strtok_r (copy, ",", &rest); name != NULL && rc == MNS_OK; name = strtok_r (NULL, ",", &rest)) {
    const mns_field_t *field = mns_record_field (&mns_account_type, name);
    if (field == NULL || field->kind == MNS_KIND_LIST || (field->flags & MNS_REQUIRED))
      rc = mns_fail (error, MNS_USAGE, "--clear", "'%s' is not a field that may be empty", name);
    else
      mns_field_parse (field, account, "", NULL);
  }
  free (copy);
  return rc;
}

static int account_change (int argc, char **argv) {
  mns_account_t given, account;
  mns_cli_t cli = {.usage = "mns account change NAME [options]",
                   .summary =
                       "Changes role, division, key, rights or limits; what is not named stays. A running broker\n"
                       "takes it up within a second, for open connections too.",
                   .epilogue = "Examples:\n"
                               "  mns account change office --rights 'subscribe statistics. 510322101'\n"
                               "  mns account change office --next-key KEY      # both keys are good\n"
                               "  mns account change office --key KEY --clear next_key"};
  int done = parse_account (&cli, &given, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  mns_rc_t rc = rights || clear || says_something (&given)
                    ? edit_accounts (&accounts, &error)
                    : mns_fail (&error, MNS_USAGE, "", "say what is to change: --role, --rights, --key, …");
  if (rc != MNS_OK)
    return mns_complain ("mns account change", &error);
  const mns_account_t *found = mns_accounts_by_name (&accounts, argv[1]);
  if (found == NULL)
    rc = mns_fail (&error, MNS_NOT_FOUND, argv[1], "there is no account of this name");
  else
    account = *found;
  if (rc == MNS_OK && clear != NULL)
    rc = clear_fields (&account, clear, &error);
  if (rc == MNS_OK)
    overlay (&account, &given);
  if (rc == MNS_OK && rights != NULL)
    rc = read_rights (rights, &account, &error);
  if (rc == MNS_OK)
    rc = mns_accounts_change (&accounts, &account, &error);
  mns_accounts_fini (&accounts);
  if (rc != MNS_OK)
    return mns_complain ("mns account change", &error);
  printf ("account %s changed\n", argv[1]);
  return 0;
}

static int account_remove (int argc, char **argv) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = "mns account revoke NAME [options]",
                   .summary = "Takes an account away; its open connections are told and end within a second.",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_accounts_t accounts;
  mns_error_t error = {0};
  mns_rc_t rc = edit_accounts (&accounts, &error);
  if (rc == MNS_OK) {
    rc = mns_accounts_revoke (&accounts, argv[1], &error);
    mns_accounts_fini (&accounts);
  }
  if (rc != MNS_OK)
    return mns_complain ("mns account revoke", &error);
  printf ("account %s revoked\n", argv[1]);
  return 0;
}

int mns_cmd_account (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"list", "list the accounts", account_list},
                                           {"show", "show one: key, rights, limits", account_show},
                                           {"add", "add an account", account_add},
                                           {"change", "change rights, limits, division, key", account_change},
                                           {"revoke", "take it away, open connections too", account_remove},
                                           {"remove", "the same", account_remove},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns account", "Who may speak on the bus, and what each may.", table, argc, argv);
}
