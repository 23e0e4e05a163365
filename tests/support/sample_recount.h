/* Reads the files of a sample county back, row by row, counts them anew, and looks for anything in them that
 * contradicts itself. Shares no code with the generator. */
#ifndef MNS_TESTS_SUPPORT_SAMPLE_RECOUNT_H
#define MNS_TESTS_SUPPORT_SAMPLE_RECOUNT_H

#include "tests/support/counters.h"

typedef struct {
  counters_t counters;
  size_t rows;                         /* of all files */
  size_t villages, people_of_smallest; /* villages of the county with a registered person */
  size_t problems;                     /* contradictions; the first ones are printed on stderr */
} sample_recount_t;

void sample_recount (sample_recount_t *recount, const char *folder);

#endif
