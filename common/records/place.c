/* Division codes: levels and ancestors by arithmetic. */
#include "common/records/place.h"

#include <stdio.h>
#include <string.h>

static const mns_place_t unit_of_level[MNS_LEVELS] = {1000000000000, 10000000000, 100000000, 1000000, 1000, 1};
static const size_t digits_of_level[MNS_LEVELS] = {0, 2, 4, 6, 9, 12};

int mns_place_level (mns_place_t place) {
  int level = MNS_VILLAGE;
  while (level > MNS_COUNTRY && place % unit_of_level[level - 1] == 0)
    level--;
  return place == 0 ? MNS_COUNTRY : level;
}

mns_place_t mns_place_at (mns_place_t place, int level) {
  return place - place % unit_of_level[level];
}

mns_place_t mns_place_parent (mns_place_t place) {
  int level = mns_place_level (place);
  return level == MNS_COUNTRY ? 0 : mns_place_at (place, level - 1);
}

mns_place_t mns_place_last (mns_place_t area) {
  return area + unit_of_level[mns_place_level (area)] - 1;
}

bool mns_place_covers (mns_place_t area, mns_place_t place) {
  return area <= place && place <= mns_place_last (area);
}

bool mns_place_parse (const char *text, mns_place_t *place) {
  size_t size = strlen (text);
  for (int level = MNS_PROVINCE; level <= MNS_VILLAGE; level++) {
    if (size != digits_of_level[level])
      continue;
    mns_place_t value = 0;
    for (size_t i = 0; i < size; i++) {
      if (text[i] < '0' || text[i] > '9')
        return false;
      value = value * 10 + (text[i] - '0');
    }
    *place = value * unit_of_level[level];
    return value != 0;
  }
  return false;
}

void mns_place_format (mns_place_t place, char text[MNS_PLACE_TEXT]) {
  snprintf (text, MNS_PLACE_TEXT, "%012llu", (unsigned long long)place % 1000000000000ull);
}
