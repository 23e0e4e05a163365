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

#define COUNT_OF(array) (sizeof (array) / sizeof ((array)[0]))

#endif
