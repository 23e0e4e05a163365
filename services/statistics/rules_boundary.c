/* Links between codes, looked up both ways. */
#include "services/statistics/rules_boundary.h"

#include "common/buffer.h"
#include "common/records/place.h"
#include <stdlib.h>
#include <string.h>

#define HOPS_MAX 32

void statistics_boundaries_fini (statistics_boundaries_t *boundaries) {
  free (boundaries->links);
  free (boundaries->back);
  *boundaries = (statistics_boundaries_t){0};
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

static int compare (mns_place_t a, mns_date_t day, mns_place_t b, mns_date_t other) {
  return a != b ? (a > b) - (a < b) : (day > other) - (day < other);
}

static int compare_links (const statistics_link_t *one, const statistics_link_t *other) {
  int order = compare (one->code, one->day, other->code, other->day);
  return order ? order : (one->successor > other->successor) - (one->successor < other->successor);
}

static size_t first_of (const statistics_boundaries_t *boundaries, mns_place_t code) {
  size_t low = 0, high = boundaries->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (boundaries->links[middle].code < code)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const statistics_link_t *link_back (const statistics_boundaries_t *boundaries, size_t at) {
  return &boundaries->links[boundaries->back[at]];
}

static size_t first_back (const statistics_boundaries_t *boundaries, mns_place_t successor) {
  size_t low = 0, high = boundaries->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (link_back (boundaries, middle)->successor < successor)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void insert_back (statistics_boundaries_t *boundaries, size_t index) {
  const statistics_link_t *link = &boundaries->links[index];
  size_t at = boundaries->count - 1;
  for (size_t i = 0; i < boundaries->count - 1; i++)
    boundaries->back[i] += boundaries->back[i] >= index;
  for (; at > 0; at--) {
    const statistics_link_t *before = link_back (boundaries, at - 1);
    if (compare (before->successor, before->day, link->successor, link->day) <= 0)
      break;
    boundaries->back[at] = boundaries->back[at - 1];
  }
  boundaries->back[at] = index;
}

void statistics_boundaries_add (statistics_boundaries_t *boundaries, statistics_link_t link) {
  size_t at = first_of (boundaries, link.code);
  while (at < boundaries->count && compare_links (&boundaries->links[at], &link) < 0)
    at++;
  if (at < boundaries->count && compare_links (&boundaries->links[at], &link) == 0) {
    boundaries->links[at] = link;
    return;
  }
  if (boundaries->count == boundaries->capacity) {
    boundaries->capacity = boundaries->capacity ? boundaries->capacity * 2 : 64;
    boundaries->links = mns_realloc (boundaries->links, boundaries->capacity * sizeof *boundaries->links);
    boundaries->back = mns_realloc (boundaries->back, boundaries->capacity * sizeof *boundaries->back);
  }
  memmove (&boundaries->links[at + 1], &boundaries->links[at], (boundaries->count - at) * sizeof link);
  boundaries->links[at] = link;
  boundaries->count++;
  insert_back (boundaries, at);
}

/* ---- forwards ---------------------------------------------------------------------------------------------------- */

const statistics_link_t *statistics_boundaries_next (const statistics_boundaries_t *boundaries, mns_place_t place,
                                                     mns_date_t after, mns_date_t until, mns_place_t toward) {
  const statistics_link_t *found = NULL;
  for (size_t i = first_of (boundaries, place); i < boundaries->count && boundaries->links[i].code == place; i++) {
    const statistics_link_t *link = &boundaries->links[i];
    bool leads = toward && link->successor == toward;
    if (link->day <= after || link->day > until || (link->part && !leads))
      continue;
    if (found && link->day > found->day)
      break;
    if (!found || leads)
      found = link;
  }
  return found;
}

/* ---- sides ------------------------------------------------------------------------------------------------------- */

static statistics_side_t both (statistics_side_t one, statistics_side_t other) {
  return one == other ? one : STATISTICS_DIVIDED;
}

/* What was counted at the place before a reform of a day up to the edition's goes where its land went. Of a place that
 * only gave households, that is still itself. */
static statistics_side_t side_ahead (const statistics_boundaries_t *boundaries, const statistics_recast_t *recast,
                                     mns_place_t place, int hops) {
  const statistics_link_t *whole = statistics_boundaries_next (boundaries, place, 0, recast->day, 0);
  bool inside = mns_place_covers (recast->area, place);
  statistics_side_t side = inside ? STATISTICS_INSIDE : STATISTICS_OUTSIDE;
  if (whole && hops < HOPS_MAX)
    side = side_ahead (boundaries, recast, whole->successor, hops + 1);
  for (size_t i = first_of (boundaries, place); i < boundaries->count && boundaries->links[i].code == place; i++) {
    const statistics_link_t *link = &boundaries->links[i];
    if (link->part && link->day <= recast->day && recast->from < link->day && hops < HOPS_MAX)
      side = both (side, side_ahead (boundaries, recast, link->successor, hops + 1));
  }
  return side;
}

/* What was counted at the place since a reform behind the edition's day comes from the places that went into it. */
static statistics_side_t side_behind (const statistics_boundaries_t *boundaries, const statistics_recast_t *recast,
                                      mns_place_t place, int hops) {
  statistics_side_t side = mns_place_covers (recast->area, place) ? STATISTICS_INSIDE : STATISTICS_OUTSIDE;
  bool begins = false, first = true;
  size_t at = first_back (boundaries, place);
  for (size_t i = at; i < boundaries->count && link_back (boundaries, i)->successor == place; i++)
    begins |= link_back (boundaries, i)->begins && link_back (boundaries, i)->day > recast->day;
  for (size_t i = at; i < boundaries->count && link_back (boundaries, i)->successor == place; i++) {
    const statistics_link_t *link = link_back (boundaries, i);
    if (link->day <= recast->day || hops >= HOPS_MAX || (!begins && link->day >= recast->to))
      continue;
    statistics_side_t source = side_behind (boundaries, recast, link->code, hops + 1);
    side = begins && first ? source : both (side, source);
    first = false;
  }
  return side;
}

statistics_side_t statistics_boundaries_side (const statistics_boundaries_t *boundaries,
                                              const statistics_recast_t *recast, mns_place_t place) {
  if (statistics_boundaries_next (boundaries, place, 0, recast->day, 0))
    return side_ahead (boundaries, recast, place, 0);
  statistics_side_t behind = side_behind (boundaries, recast, place, 0);
  bool inside = mns_place_covers (recast->area, place);
  statistics_side_t ahead = side_ahead (boundaries, recast, place, 0);
  if (ahead == STATISTICS_DIVIDED)
    return ahead;
  return ahead == (inside ? STATISTICS_INSIDE : STATISTICS_OUTSIDE) ? behind : ahead;
}
