/* Accounts: DATA/accounts.yaml. */
#include "common/accounts.h"
#include "common/dir.h"
#include "common/keys.h"
#include "common/records/streams.h"
#include "common/wire.h"
#include "common/yaml.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

MNS_RECORD_DEFINE (account_right, 1, MNS_ACCOUNT_RIGHT_FIELDS, "Something an account may do", "账户权限")
MNS_RECORD_DEFINE (account, 1, MNS_ACCOUNT_FIELDS, "An account of the bus", "总线账户")

/* ---- what may be in it ------------------------------------------------------------------------------------------- */

typedef struct {
  char field[32];
  const char *reason; /* NULL: nothing is wrong */
  bool taken;         /* another account has it */
} fault_t;

static fault_t fault (const char *field, const char *reason) {
  fault_t found = {.reason = reason};
  snprintf (found.field, sizeof found.field, "%s", field);
  return found;
}

static bool name_valid (const char *name) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  return *name && name[strspn (name, allowed)] == 0 && strcmp (name, "broker") != 0;
}

static bool has_key (const mns_account_t *row, const char *key) {
  return *key && (strcmp (row->key, key) == 0 || strcmp (row->next_key, key) == 0);
}

/* Topics end at a grammatical place, behind a stream's name at least: "open" would be the beginning of others, too. */
static const char *find_prefix_fault (const mns_account_t *row, const mns_account_right_t *right) {
  bool topics = right->verb != MNS_MAY_REQUEST && right->verb != MNS_MAY_SERVE && right->verb != MNS_MAY_ADMIN;
  const char *prefix = right->prefix;
  if (!*prefix)
    return right->verb == MNS_MAY_PUBLISH ? "publishing takes a stream, such as 'weather.'" : NULL;
  if (strchr (prefix, '.') == NULL)
    return "ends behind a dot, or later: 'statistics.'";
  if (topics ? mns_prefix_check (prefix, NULL) != MNS_OK
             : prefix[strspn (prefix, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != 0)
    return topics ? "not the beginning of a topic (docs/protocol.md, section 3)" : "not the beginning of a command";
  const mns_stream_t *stream = topics ? mns_stream_find (prefix, strlen (prefix)) : NULL;
  if (right->verb == MNS_MAY_PUBLISH && stream != NULL && !stream->on_feed && strcmp (stream->producer, row->name) != 0)
    return "this stream belongs to its service";
  return NULL;
}

static fault_t find_right_fault (const mns_account_t *row) {
  char field[32];
  for (int i = 0; i < row->rights_count; i++) {
    const char *reason = find_prefix_fault (row, &row->rights[i]);
    snprintf (field, sizeof field, "rights[%d].prefix", i);
    if (reason != NULL)
      return fault (field, reason);
  }
  return fault ("", NULL);
}

static const char *find_clash (const mns_account_t *row, const mns_account_t *other) {
  if (strcmp (other->name, row->name) == 0)
    return "name";
  if (has_key (other, row->key))
    return "key";
  if (has_key (other, row->next_key))
    return "next_key";
  return row->uid != MNS_NONE && other->uid == row->uid ? "uid" : NULL;
}

/* What is wrong with row `index`, also beside the first `others` rows. */
static fault_t find_fault (const mns_account_t *rows, size_t index, size_t others) {
  const mns_account_t *row = &rows[index];
  if (!name_valid (row->name))
    return fault ("name", "use lower-case letters, digits, '-' and '.'; 'broker' is the broker's own");
  if (row->key[0] && !mns_keys_public_valid (row->key))
    return fault ("key", "not a public key: 40 characters of Z85, as 'mns keys' prints it");
  if (row->next_key[0] && !mns_keys_public_valid (row->next_key))
    return fault ("next_key", "not a public key: 40 characters of Z85, as 'mns keys' prints it");
  for (size_t i = 0; i < others; i++) {
    const char *field = i != index ? find_clash (row, &rows[i]) : NULL;
    if (field != NULL) {
      fault_t found = fault (field, "another account has it already");
      found.taken = true;
      return found;
    }
  }
  return find_right_fault (row);
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
  *rows = NULL;
  *count = 0;
  mns_yaml_t *yaml = mns_yaml_open (path, error);
  if (yaml == NULL)
    return error->rc;
  mns_yaml_records (yaml, "accounts", &mns_account_type, rows, count);
  for (size_t i = 0; i < *count; i++) {
    fault_t found = find_fault (*rows, i, i);
    if (found.reason != NULL)
      mns_yaml_mistake (yaml, "accounts", i, found.field, "%s", found.reason);
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

/* A file of its own: accounts.yaml is replaced by each change. */
static int take_lock (const char *data, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  if (mns_dir_join (path, data, "accounts.lock", error) != MNS_OK)
    return -1;
  int file = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), rc = -1;
  while (file >= 0 && (rc = flock (file, LOCK_EX)) != 0 && errno == EINTR)
    continue;
  if (rc == 0)
    return file;
  mns_fail (error, mns_dir_errno (errno), path, "the lock on the accounts cannot be taken: %s", strerror (errno));
  if (file >= 0)
    close (file);
  return -1;
}

mns_rc_t mns_accounts_edit (mns_accounts_t *accounts, const char *data, mns_error_t *error) {
  mns_error_t local;
  error = error != NULL ? error : &local;
  memset (accounts, 0, sizeof *accounts);
  int lock = take_lock (data, error);
  if (lock < 0)
    return error->rc;
  mns_rc_t rc = mns_accounts_open (accounts, data, error);
  accounts->lock = lock;
  if (rc != MNS_OK)
    mns_accounts_fini (accounts);
  return rc;
}

void mns_accounts_fini (mns_accounts_t *accounts) {
  if (accounts->lock > 0)
    close (accounts->lock);
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
    if (has_key (&accounts->rows[i], key))
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

/* One value as YAML. Neither Z85 nor a prefix has an apostrophe, so that single quotes suffice. */
static void write_value (const mns_field_t *field, const void *record, mns_buffer_t *out) {
  char text[128];
  mns_field_format (field, record, text, sizeof text);
  mns_buffer_printf (out, "%s: '%s'", field->name, text);
}

static void write_right (const mns_account_right_t *right, mns_buffer_t *out) {
  mns_buffer_printf (out, "      - {");
  for (uint16_t i = 0; i < mns_account_right_type.field_count; i++)
    if (!mns_field_absent (&mns_account_right_type.fields[i], right)) {
      mns_buffer_printf (out, i > 0 ? ", " : "");
      write_value (&mns_account_right_type.fields[i], right, out);
    }
  mns_buffer_printf (out, "}\n");
}

static void write_row (const mns_account_t *row, mns_buffer_t *out) {
  for (uint16_t i = 0; i < mns_account_type.field_count; i++) {
    const mns_field_t *field = &mns_account_type.fields[i];
    if (mns_field_absent (field, row))
      continue;
    mns_buffer_printf (out, "  %s ", i == 0 ? "-" : " ");
    if (field->kind == MNS_KIND_LIST)
      mns_buffer_printf (out, "%s:", field->name);
    else
      write_value (field, row, out);
    mns_buffer_printf (out, "\n");
    for (int j = 0; field->kind == MNS_KIND_LIST && j < row->rights_count; j++)
      write_right (&row->rights[j], out);
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

static mns_rc_t refuse (const fault_t *found, mns_error_t *error) {
  return mns_fail (error, found->taken ? MNS_EXISTS : MNS_INVALID, found->field, "%s", found->reason);
}

mns_rc_t mns_accounts_add (mns_accounts_t *accounts, const mns_account_t *account, mns_error_t *error) {
  mns_rc_t rc = mns_record_validate (&mns_account_type, account, error);
  if (rc != MNS_OK)
    return rc;
  accounts->rows = mns_realloc (accounts->rows, (accounts->count + 1) * sizeof *accounts->rows);
  accounts->rows[accounts->count] = *account;
  fault_t found = find_fault (accounts->rows, accounts->count, accounts->count);
  if (found.reason != NULL)
    return refuse (&found, error);
  accounts->count++;
  rc = save (accounts, error);
  if (rc != MNS_OK)
    accounts->count--;
  return rc;
}

mns_rc_t mns_accounts_change (mns_accounts_t *accounts, const mns_account_t *account, mns_error_t *error) {
  mns_account_t *row = (mns_account_t *)mns_accounts_by_name (accounts, account->name);
  mns_rc_t rc = mns_record_validate (&mns_account_type, account, error);
  if (row == NULL)
    return mns_fail (error, MNS_NOT_FOUND, account->name, "there is no account of this name");
  if (rc != MNS_OK)
    return rc;
  mns_account_t before = *row;
  *row = *account;
  fault_t found = find_fault (accounts->rows, (size_t)(row - accounts->rows), accounts->count);
  rc = found.reason != NULL ? refuse (&found, error) : save (accounts, error);
  if (rc != MNS_OK)
    *row = before;
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
