/* Division codes (GB/T 2260, GB/T 10114): 12 digits, of which the first 2, 4, 6, 9 or 12 name the level, so that a
 * prefix is a geography. Level 0 is the country (code 0), 1 province … 5 village. */
#ifndef MNS_RECORDS_PLACE_H
#define MNS_RECORDS_PLACE_H

#include "common/record.h"

#define MNS_LEVELS 6
enum { MNS_COUNTRY, MNS_PROVINCE, MNS_CITY, MNS_COUNTY, MNS_TOWNSHIP, MNS_VILLAGE };

int mns_place_level (mns_place_t place);                     /* 0 … 5 */
mns_place_t mns_place_at (mns_place_t place, int level);     /* its ancestor (or itself) at that level; 0 for level 0 */
mns_place_t mns_place_parent (mns_place_t place);            /* 0 above a province */
bool mns_place_covers (mns_place_t area, mns_place_t place); /* 0 covers all */
mns_place_t mns_place_last (mns_place_t area); /* the highest code inside: for SQL BETWEEN area AND last */
bool mns_place_parse (const char *text, mns_place_t *place); /* 2, 4, 6, 9 or 12 digits */
#define MNS_PLACE_TEXT 13
void mns_place_format (mns_place_t place, char text[MNS_PLACE_TEXT]); /* 12 digits */

#endif
