/* A fresh directory of a test's own. */
#include "tests/support/folder.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

int test_folder_make (char folder[MNS_PATH_MAX]) {
  const char *base = getenv ("TMPDIR");
  snprintf (folder, MNS_PATH_MAX, "%s/mns-test-XXXXXX", base && *base ? base : P_tmpdir);
  return mkdtemp (folder) ? 0 : -1;
}

static int remove_one (const char *path, const struct stat *found, int kind, struct FTW *where) {
  (void)found;
  (void)kind;
  (void)where;
  return remove (path);
}

int test_folder_remove (const char *folder) {
  return nftw (folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
