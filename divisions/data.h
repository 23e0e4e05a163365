/* The lists of the folder data, compressed: from the name up to, not including, its end. */
#ifndef MNS_DIVISIONS_DATA_H
#define MNS_DIVISIONS_DATA_H

extern const unsigned char divisions_counties[], divisions_counties_end[];
extern const unsigned char divisions_villages[], divisions_villages_end[];

#endif
