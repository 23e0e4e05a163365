/* Any bytes as accounts.yaml: reading ends; a file without mistakes gives accounts that are unique and whose rights are
 * written and read again as the same. */
#include "common/accounts.h"
#include "common/yaml.h"
#include "tests/support/folder.h"
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[MNS_PATH_MAX], path[MNS_PATH_MAX + 16];

static void end (void) {
  test_folder_remove (folder);
}

static void write_file (const uint8_t *data, size_t size) {
  if (folder[0] == 0) {
    if (test_folder_make (folder) != 0)
      abort ();
    snprintf (path, sizeof path, "%s/accounts.yaml", folder);
    atexit (end);
  }
  int file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  assert (file >= 0 && write (file, data, size) == (ssize_t)size);
  close (file);
}

static void compare (const mns_accounts_t *accounts, const mns_accounts_t *again) {
  assert (again->count == accounts->count);
  for (size_t i = 0; i < accounts->count; i++) {
    const mns_account_t *row = &accounts->rows[i];
    assert (mns_record_validate (&mns_account_type, row, NULL) == MNS_OK);
    assert (mns_accounts_by_name (accounts, row->name) == row);
    assert (mns_record_equal (&mns_account_type, row, &again->rows[i]));
  }
}

/* Adding one and taking it out again writes the file anew. */
static void write_again (mns_accounts_t *accounts) {
  mns_account_t extra;
  mns_error_t error;
  mns_record_clear (&mns_account_type, &extra);
  strcpy (extra.name, "extra.of.the.test");
  extra.role = MNS_OPERATOR;
  if (mns_accounts_by_name (accounts, extra.name) != NULL)
    return;
  assert (mns_accounts_add (accounts, &extra, &error) == MNS_OK);
  assert (mns_accounts_revoke (accounts, extra.name, &error) == MNS_OK);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  mns_accounts_t accounts, again;
  mns_error_t error;
  write_file (data, size);
  if (mns_accounts_open (&accounts, folder, &error) != MNS_OK) {
    assert (error.detail[0] != 0);
    mns_accounts_fini (&accounts);
    return 0;
  }
  write_again (&accounts);
  assert (mns_accounts_open (&again, folder, &error) == MNS_OK);
  compare (&accounts, &again);
  mns_accounts_fini (&accounts);
  mns_accounts_fini (&again);
  return 0;
}
