/* A data directory that did not exist before. */
#ifndef MNS_SETUP_H
#define MNS_SETUP_H

#include "common/config.h"

/* Makes DATA (0700) with its folders, mns.yaml, the broker's keys and an empty accounts.yaml; leaves what exists as it
 * is. A directory that had no mns.yaml yet gets `county` (0: none) and lets its clock begin at `clock` (0:
 * as it is). */
mns_rc_t mns_setup (const char *data, mns_place_t county, mns_time_t clock, mns_error_t *error);

#endif
