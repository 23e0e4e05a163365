/* What every cmocka program begins with: cmocka.h wants the others before it. */
#ifndef MNS_TESTS_SUPPORT_TEST_H
#define MNS_TESTS_SUPPORT_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

/* With MNS_CASE only the cases of that name (with * and ?) run. */
__attribute__ ((constructor)) static inline void test_choose_case (void) {
  if (getenv ("MNS_CASE"))
    cmocka_set_test_filter (getenv ("MNS_CASE"));
}

#define COUNT_OF(array) (sizeof (array) / sizeof ((array)[0]))

#endif
