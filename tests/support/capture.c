/* What a program writes to standard output or error, as text. */
#include "tests/support/capture.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int captured, kept, hidden;

static void must (int ok) {
  if (!ok)
    abort ();
}

void capture_begin (int descriptor) {
  fflush (NULL);
  captured = descriptor;
  kept = dup (descriptor);
  hidden = memfd_create ("captured", 0);
  must (kept >= 0 && hidden >= 0 && dup2 (hidden, descriptor) >= 0);
}

const char *capture_end (char *text, size_t size) {
  fflush (NULL);
  ssize_t got = pread (hidden, text, size - 1, 0);
  must (got >= 0 && dup2 (kept, captured) >= 0);
  text[got] = 0;
  close (hidden);
  close (kept);
  return text;
}
