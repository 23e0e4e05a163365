/* The compressed lists, taken into the program as they are. */
#include "divisions/data.h"

/* clang-format off */
#define TAKE(name, file) \
  __asm__ (".section .rodata\n" \
           ".global " #name "\n" \
           ".global " #name "_end\n" \
           ".balign 16\n" \
           #name ":\n" \
           ".incbin \"" MNS_DIVISIONS_DATA "/" file "\"\n" \
           #name "_end:\n" \
           ".byte 0\n" \
           ".text\n")
/* clang-format on */

TAKE (divisions_counties, "counties.csv.xz");
TAKE (divisions_villages, "villages.csv.xz");
