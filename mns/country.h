/* The divisions of the whole country into the register. */
#ifndef MNS_COUNTRY_H
#define MNS_COUNTRY_H

#include "common/bus.h"

/* Sends all that the program knows (of townships and villages those `under` a division, 0: all) in bulk requests, with
 * a progress bar, and prints what became of it. Sent again it changes nothing. Returns the exit code. */
int mns_load_country (mns_bus_t *bus, mns_place_t under);

#endif
