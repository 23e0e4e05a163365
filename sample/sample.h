/* The sample county: the real places of Fushun (Sichuan) with made-up people, made anew from a scale and a seed.
 *
 * At scale 1 the register that comes from these files shows exactly the half-year figures of a real county's report;
 * smaller scales keep every identity (opening + flows = closing, parts = total), not the figures. The same scale and
 * seed give the same bytes on every machine: integer arithmetic and a generator of our own. */
#ifndef MNS_SAMPLE_H
#define MNS_SAMPLE_H

#include "mns/error.h"
#include <stdint.h>

#define MNS_SAMPLE_SCALE_MIN     0.001
#define MNS_SAMPLE_SCALE_DEFAULT 0.02 /* about 20,000 people */
#define MNS_SAMPLE_SCALE_MAX     1.0

/* Writes into `directory` (made when it is missing; files of the same names are replaced)
 *   places.csv      place_info     the tree, and the places that people come from and go to
 *   persons.csv     person_row     who was there on 2025-01-01, by village and household
 *   recipients.csv  recipient_row  rural reward: the opening of 2026-01-01 and the entrants after it
 *   returns.csv     life_return    births, deaths, moves and adjustments up to 2026-06-30, by day of registration
 *   funds.csv       fund_request   money paid in for assistance
 *   exits.csv       exit_row       recipients who left for a reason the register does not know
 *   README.md       what they are
 * to be loaded in this order. `scale` is rounded to a millionth. `progress` (may be NULL) is called with the part done,
 * 0 … 1, now and then. MNS_OUT_OF_RANGE for a scale outside the bounds; MNS_IO, MNS_DISK_FULL and the like with the
 * path when a file cannot be written. */
mns_rc_t mns_sample_write (const char *directory, double scale, uint64_t seed,
                           void (*progress) (void *context, double part), void *context, mns_error_t *error);

#endif
