/* A fresh directory of a test's own, for one test case. */
#ifndef MNS_TESTS_SUPPORT_FOLDER_H
#define MNS_TESTS_SUPPORT_FOLDER_H

#include "common/dir.h"

/* Makes it below TMPDIR; 0 or −1, as cmocka's set-up wants. */
int test_folder_make (char folder[MNS_PATH_MAX]);
/* Removes it with all it holds; 0 or −1. */
int test_folder_remove (const char *folder);

#endif
