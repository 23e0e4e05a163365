/* Accounts: DATA/accounts.yaml. */
#include "common/accounts.h"
#include "common/dir.h"
#include "common/keys.h"
#include "common/yaml.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

MNS_RECORD_DEFINE (account, 1, MNS_ACCOUNT_FIELDS, "An account of the bus", "总线账户")

/* ---- what may be in it ------------------------------------------------------------------------------------------- */

static bool name_valid (const char *name) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  return *name && name[strspn (name, allowed)] == 0;
}

/* What is wrong with row `index`, looked at together with those before it: the field, NULL for nothing. */
static const char *find_fault (const mns_account_t *rows, size_t index, const char **reason) {
  const mns_account_t *row = &rows[index];
  *reason = "use lower-case letters, digits, '-' and '.'";
  if (!name_valid (row->name))
    return "name";
  *reason = "not a public key: 40 characters of Z85, as 'mns keys' prints it";
  if (row->key[0] && !mns_keys_public_valid (row->key))
    return "key";
  *reason = "another account has it already";
  for (size_t i = 0; i < index; i++) {
    if (strcmp (rows[i].name, row->name) == 0)
      return "name";
    if (row->key[0] && strcmp (rows[i].key, row->key) == 0)
      return "key";
    if (row->uid != MNS_NONE && rows[i].uid == row->uid)
      return "uid";
  }
  return NULL;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void stamp_of (const char *path, int64_t stamp[4]) {
  struct stat status;
  memset (stamp, 0, 4 * sizeof *stamp);
  if (stat (path, &status) != 0)
    return;
  stamp[0] = (int64_t)status.st_ino;
  stamp[1] = (int64_t)status.st_size;
  stamp[2] = (int64_t)status.st_mtim.tv_sec;
  stamp[3] = (int64_t)status.st_mtim.tv_nsec;
}

static mns_rc_t read_file (const char *path, void **rows, size_t *count, mns_error_t *error) {
  const char *reason;
  *rows = NULL;
  *count = 0;
  mns_yaml_t *yaml = mns_yaml_open (path, error);
  if (yaml == NULL)
    return error->rc;
  mns_yaml_records (yaml, "accounts", &mns_account_type, rows, count);
  for (size_t i = 0; i < *count; i++) {
    const char *field = find_fault (*rows, i, &reason);
    if (field != NULL)
      mns_yaml_mistake (yaml, "accounts", i, field, "%s", reason);
  }
  mns_rc_t rc = mns_yaml_finish (yaml, error);
  mns_yaml_destroy (&yaml);
  if (rc == MNS_OK)
    return rc;
  free (*rows);
  *rows = NULL;
  *count = 0;
  return rc;
}

static mns_rc_t load (mns_accounts_t *accounts, mns_error_t *error) {
  mns_error_t local;
  void *rows = NULL;
  size_t count = 0;
  int64_t stamp[4];
  stamp_of (accounts->path, stamp);
  memcpy (accounts->stamp, stamp, sizeof stamp);
  mns_rc_t rc = stamp[0] == 0 ? MNS_OK : read_file (accounts->path, &rows, &count, error != NULL ? error : &local);
  if (rc != MNS_OK)
    return rc;
  free (accounts->rows);
  accounts->rows = rows;
  accounts->count = count;
  return MNS_OK;
}

mns_rc_t mns_accounts_open (mns_accounts_t *accounts, const char *data, mns_error_t *error) {
  memset (accounts, 0, sizeof *accounts);
  mns_rc_t rc = mns_dir_join (accounts->path, data, "accounts.yaml", error);
  return rc == MNS_OK ? load (accounts, error) : rc;
}

void mns_accounts_fini (mns_accounts_t *accounts) {
  free (accounts->rows);
  memset (accounts, 0, sizeof *accounts);
}

mns_rc_t mns_accounts_refresh (mns_accounts_t *accounts, bool *changed, mns_error_t *error) {
  int64_t stamp[4];
  stamp_of (accounts->path, stamp);
  *changed = memcmp (stamp, accounts->stamp, sizeof stamp) != 0;
  return *changed ? load (accounts, error) : MNS_OK;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

const mns_account_t *mns_accounts_by_name (const mns_accounts_t *accounts, const char *name) {
  for (size_t i = 0; i < accounts->count; i++)
    if (strcmp (accounts->rows[i].name, name) == 0)
      return &accounts->rows[i];
  return NULL;
}

const mns_account_t *mns_accounts_by_key (const mns_accounts_t *accounts, const char *key) {
  for (size_t i = 0; i < accounts->count; i++)
    if (accounts->rows[i].key[0] && strcmp (accounts->rows[i].key, key) == 0)
      return &accounts->rows[i];
  return NULL;
}

const mns_account_t *mns_accounts_by_uid (const mns_accounts_t *accounts, int64_t uid) {
  for (size_t i = 0; i < accounts->count; i++)
    if (accounts->rows[i].uid != MNS_NONE && accounts->rows[i].uid == uid)
      return &accounts->rows[i];
  return NULL;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

/* One account as YAML. Z85 has no apostrophe, so that single quotes suffice. */
static void write_row (const mns_account_t *row, mns_buffer_t *out) {
  for (uint16_t i = 0; i < mns_account_type.field_count; i++) {
    const mns_field_t *field = &mns_account_type.fields[i];
    char text[64];
    if (mns_field_absent (field, row))
      continue;
    mns_field_format (field, row, text, sizeof text);
    mns_buffer_printf (out, "  %s %s: '%s'\n", i == 0 ? "-" : " ", field->name, text);
  }
}

static mns_rc_t save (const mns_accounts_t *accounts, mns_error_t *error) {
  mns_buffer_t out = {0};
  mns_buffer_printf (&out,
                     "# Accounts of the bus; written by 'mns account'. A running broker reads changes by itself.\n");
  mns_buffer_printf (&out, accounts->count == 0 ? "accounts: []\n" : "accounts:\n");
  for (size_t i = 0; i < accounts->count; i++)
    write_row (&accounts->rows[i], &out);
  mns_rc_t rc = mns_dir_write_file (accounts->path, out.data, out.size, 0600, error);
  mns_buffer_fini (&out);
  return rc;
}

mns_rc_t mns_accounts_add (mns_accounts_t *accounts, const mns_account_t *account, mns_error_t *error) {
  const char *reason;
  mns_rc_t rc = mns_record_validate (&mns_account_type, account, error);
  if (rc != MNS_OK)
    return rc;
  accounts->rows = mns_realloc (accounts->rows, (accounts->count + 1) * sizeof *accounts->rows);
  accounts->rows[accounts->count] = *account;
  const char *field = find_fault (accounts->rows, accounts->count, &reason);
  if (field != NULL)
    return mns_fail (error, strncmp (reason, "another", 7) == 0 ? MNS_EXISTS : MNS_INVALID, field, "%s", reason);
  accounts->count++;
  rc = save (accounts, error);
  if (rc != MNS_OK)
    accounts->count--;
  return rc;
}

mns_rc_t mns_accounts_revoke (mns_accounts_t *accounts, const char *name, mns_error_t *error) {
  const mns_account_t *found = mns_accounts_by_name (accounts, name);
  if (found == NULL)
    return mns_fail (error, MNS_NOT_FOUND, name, "there is no account of this name");
  size_t at = (size_t)(found - accounts->rows);
  mns_account_t row = *found;
  memmove (&accounts->rows[at], &accounts->rows[at + 1], (accounts->count - at - 1) * sizeof row);
  accounts->count--;
  mns_rc_t rc = save (accounts, error);
  if (rc == MNS_OK)
    return rc;
  memmove (&accounts->rows[at + 1], &accounts->rows[at], (accounts->count - at) * sizeof row);
  accounts->rows[at] = row;
  accounts->count++;
  return rc;
}
