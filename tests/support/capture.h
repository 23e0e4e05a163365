/* What a program writes to standard output or error, as text. */
#ifndef MNS_TESTS_SUPPORT_CAPTURE_H
#define MNS_TESTS_SUPPORT_CAPTURE_H

#include <stddef.h>

/* Turns a file descriptor (1 or 2) into a hidden file until `_end`, which gives back what was written, terminated and
 * cut at `size`. One at a time. */
void capture_begin (int descriptor);
const char *capture_end (char *text, size_t size);

#endif
