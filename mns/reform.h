/* A boundary reform from a CSV file. */
#ifndef MNS_REFORM_H
#define MNS_REFORM_H

#include "mns/mns.h"

/* Carries out the rows of the file, all or none, or with `dry_run` says what they would do; prints that, or every
 * mistake with its line. Returns the exit code. */
int mns_run_reform (const char *path, bool dry_run);

#endif
