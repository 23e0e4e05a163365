/* The cube. Strips grow to exactly the months they span; a county has some ten thousand of them. */
#include "services/statistics/cube.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

statistics_cube_t *statistics_cube_new (void) {
  statistics_cube_t *cube = mns_alloc (sizeof *cube);
  *cube = (statistics_cube_t){.next_id = 1, .next_id_committed = 1, .place_slot_count = 1024};
  cube->place_slots = mns_alloc ((size_t)cube->place_slot_count * sizeof (int));
  memset (cube->place_slots, 0, (size_t)cube->place_slot_count * sizeof (int));
  cube->series = mns_alloc (STATISTICS_SERIES_MAX * sizeof (statistics_series_t));
  return cube;
}

static void free_place (statistics_place_t *place) {
  for (int basis = 0; basis < STATISTICS_BASES; basis++) {
    for (int i = 0; i < place->basis[basis].count; i++)
      free (place->basis[basis].strips[i].cells);
    free (place->basis[basis].strips);
    statistics_ages_fini (&place->basis[basis].ages);
  }
}

void statistics_cube_destroy (statistics_cube_t **self) {
  statistics_cube_t *cube = *self;
  if (!cube)
    return;
  for (int i = 0; i < cube->place_count; i++)
    free_place (&cube->places[i]);
  free (cube->places);
  free (cube->place_slots);
  free (cube->series);
  free (cube->changes);
  free (cube->age_changes);
  free (cube->age_touches);
  free (cube);
  *self = NULL;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */
static int slot_of (const statistics_cube_t *cube, mns_place_t code) {
  uint64_t hash = (uint64_t)code * 0x9e3779b97f4a7c15u;
  int slot = (int)(hash >> 33) & (cube->place_slot_count - 1);
  while (cube->place_slots[slot] && cube->places[cube->place_slots[slot] - 1].code != code)
    slot = (slot + 1) & (cube->place_slot_count - 1);
  return slot;
}

int statistics_cube_find (const statistics_cube_t *cube, mns_place_t code) {
  return cube->place_slots[slot_of (cube, code)] - 1;
}

static void grow_places (statistics_cube_t *cube) {
  if (cube->place_count == cube->place_capacity) {
    cube->place_capacity = cube->place_capacity ? cube->place_capacity * 2 : 256;
    cube->places = mns_realloc (cube->places, (size_t)cube->place_capacity * sizeof (statistics_place_t));
  }
  if (cube->place_count * 2 < cube->place_slot_count)
    return;
  cube->place_slot_count *= 2;
  cube->place_slots = mns_realloc (cube->place_slots, (size_t)cube->place_slot_count * sizeof (int));
  memset (cube->place_slots, 0, (size_t)cube->place_slot_count * sizeof (int));
  for (int i = 0; i < cube->place_count; i++)
    cube->place_slots[slot_of (cube, cube->places[i].code)] = i + 1;
}

int statistics_cube_place (statistics_cube_t *cube, mns_place_t code) {
  int index = statistics_cube_find (cube, code);
  if (index >= 0)
    return index;
  mns_place_t parent = mns_place_parent (code);
  int up = parent ? statistics_cube_place (cube, parent) : -1;
  grow_places (cube);
  index = cube->place_count++;
  cube->places[index] = (statistics_place_t){.code = code, .up = up};
  cube->place_slots[slot_of (cube, code)] = index + 1;
  return index;
}

int statistics_cube_series (statistics_cube_t *cube, statistics_measure_t measure, const char *dimension) {
  for (int i = 0; i < cube->series_count; i++)
    if (cube->series[i].measure == measure && strcmp (cube->series[i].dimension, dimension) == 0)
      return i;
  if (cube->series_count == STATISTICS_SERIES_MAX)
    return -1;
  statistics_series_t *series = &cube->series[cube->series_count];
  *series = (statistics_series_t){.measure = measure};
  strncpy (series->dimension, dimension, MNS_DIMENSION_MAX);
  return cube->series_count++;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
const statistics_strip_t *statistics_cube_strip (const statistics_cube_t *cube, int place, int basis, int series) {
  static const statistics_strip_t none = {0};
  const statistics_place_t *at = &cube->places[place];
  return series < at->basis[basis].count ? &at->basis[basis].strips[series] : &none;
}

static statistics_strip_t *strip_for_writing (statistics_place_t *place, int basis, int series) {
  int count = place->basis[basis].count;
  if (series >= count) {
    statistics_strip_t *strips =
        mns_realloc (place->basis[basis].strips, (size_t)(series + 1) * sizeof (statistics_strip_t));
    memset (strips + count, 0, (size_t)(series + 1 - count) * sizeof (statistics_strip_t));
    place->basis[basis].strips = strips;
    place->basis[basis].count = series + 1;
  }
  return &place->basis[basis].strips[series];
}

/* Makes room for `month` before or behind the months there are. */
static void extend (statistics_strip_t *strip, int month) {
  int first = strip->count && strip->first < month ? strip->first : month;
  int end = strip->count && strip->first + strip->count > month + 1 ? strip->first + strip->count : month + 1;
  statistics_cell_t *cells = mns_alloc ((size_t)(end - first) * sizeof (statistics_cell_t));
  for (int i = 0; i < end - first; i++)
    cells[i] = (statistics_cell_t){.published = STATISTICS_UNPUBLISHED};
  if (strip->count)
    memcpy (cells + (strip->first - first), strip->cells, (size_t)strip->count * sizeof (statistics_cell_t));
  free (strip->cells);
  *strip = (statistics_strip_t){first, end - first, cells};
}

static statistics_cell_t *cell_at (statistics_cube_t *cube, int place, int basis, int series, int month) {
  statistics_strip_t *strip = strip_for_writing (&cube->places[place], basis, series);
  if (!strip->count || month < strip->first || month >= strip->first + strip->count)
    extend (strip, month);
  return &strip->cells[month - strip->first];
}

statistics_cell_t *statistics_cube_note (statistics_cube_t *cube, int place, int basis, int series, int month) {
  statistics_cell_t *cell = cell_at (cube, place, basis, series, month);
  if (cell->noted)
    return cell;
  if (cube->change_count == cube->change_capacity) {
    cube->change_capacity = cube->change_capacity ? cube->change_capacity * 2 : 1024;
    cube->changes = mns_realloc (cube->changes, cube->change_capacity * sizeof (statistics_change_t));
  }
  cube->changes[cube->change_count++] = (statistics_change_t){place, basis, series, month, *cell};
  cell->noted = true;
  if (!cell->id)
    cell->id = cube->next_id++ & INT32_MAX;
  return cell;
}

void statistics_cube_add (statistics_cube_t *cube, int place, mns_place_t except, int basis, int series, int month,
                          int64_t value, uint64_t revision) {
  for (; place >= 0; place = cube->places[place].up) {
    if (except && mns_place_covers (cube->places[place].code, except))
      return;
    statistics_cell_t *cell = statistics_cube_note (cube, place, basis, series, month);
    cell->value += value;
    cell->key += (uint32_t)value * cube->record_key;
    cell->revision = revision ? revision : cell->revision;
  }
}

/* ---- counts by age ----------------------------------------------------------------------------------------------- */
static void touch (statistics_cube_t *cube, int place, int basis, statistics_age_month_t *at) {
  if (at->touched)
    return;
  at->touched = true;
  if (cube->age_touch_count == cube->age_touch_capacity) {
    cube->age_touch_capacity += cube->age_touch_capacity / 2 + 256;
    cube->age_touches = mns_realloc (cube->age_touches, cube->age_touch_capacity * sizeof *cube->age_touches);
  }
  cube->age_touches[cube->age_touch_count++] = (statistics_age_touch_t){place, basis, at->month};
}

static bool is_above_county (const statistics_cube_t *cube, int place) {
  return mns_place_level (cube->places[place].code) < MNS_COUNTY;
}

bool statistics_cube_has_ages (const statistics_cube_t *cube, int place, int part) {
  if (place == part)
    return true;
  return is_above_county (cube, place) && mns_place_level (cube->places[part].code) <= MNS_COUNTY &&
         mns_place_covers (cube->places[place].code, cube->places[part].code);
}

static void add_age (statistics_cube_t *cube, const statistics_age_change_t *change, int32_t value) {
  for (int place = change->place; place >= 0; place = cube->places[place].up) {
    if (place != change->place && is_above_county (cube, place))
      return;
    if (change->except && mns_place_covers (cube->places[place].code, change->except))
      return;
    statistics_ages_t *ages = &cube->places[place].basis[change->basis].ages;
    touch (cube, place, change->basis, statistics_ages_add (ages, change->month, change->count.key, value));
  }
}

void statistics_cube_add_age (statistics_cube_t *cube, int place, mns_place_t except, int basis, int month,
                              statistics_age_count_t count) {
  if (cube->age_change_count == cube->age_change_capacity) {
    cube->age_change_capacity += cube->age_change_capacity / 2 + 1024;
    cube->age_changes = mns_realloc (cube->age_changes, cube->age_change_capacity * sizeof *cube->age_changes);
  }
  statistics_age_change_t *change = &cube->age_changes[cube->age_change_count++];
  *change = (statistics_age_change_t){place, basis, month, except, count};
  add_age (cube, change, count.value);
}

static void end_ages (statistics_cube_t *cube, bool keep) {
  for (size_t i = 0; !keep && i < cube->age_change_count; i++)
    add_age (cube, &cube->age_changes[i], -cube->age_changes[i].count.value);
  for (size_t i = 0; i < cube->age_touch_count; i++) {
    const statistics_age_touch_t *touched = &cube->age_touches[i];
    statistics_ages_month (&cube->places[touched->place].basis[touched->basis].ages, touched->month)->touched = false;
  }
  cube->age_change_count = cube->age_touch_count = 0;
}

void statistics_cube_load (statistics_cube_t *cube, int place, int basis, int series, int month,
                           statistics_cell_t cell) {
  *cell_at (cube, place, basis, series, month) = cell;
  if (cell.id >= cube->next_id)
    cube->next_id = cube->next_id_committed = cell.id + 1;
}

bool statistics_cube_span (const statistics_cube_t *cube, int place, int basis, int *first, int *end) {
  *first = INT32_MAX;
  *end = 0;
  for (int i = 0; i < cube->places[place].basis[basis].count; i++) {
    const statistics_strip_t *strip = &cube->places[place].basis[basis].strips[i];
    if (strip->count && strip->first < *first)
      *first = strip->first;
    if (strip->count && strip->first + strip->count > *end)
      *end = strip->first + strip->count;
  }
  return *end > 0;
}

/* ---- the end of a turn ------------------------------------------------------------------------------------------- */
static void end_turn (statistics_cube_t *cube, bool keep) {
  for (size_t i = 0; i < cube->change_count; i++) {
    const statistics_change_t *change = &cube->changes[i];
    statistics_cell_t *cell = cell_at (cube, change->place, change->basis, change->series, change->month);
    cell->noted = false;
    if (!keep)
      *cell = change->before;
  }
  cube->change_count = 0;
  end_ages (cube, keep);
}

void statistics_cube_keep (statistics_cube_t *cube) {
  end_turn (cube, true);
  cube->series_stored = cube->series_writing;
  cube->next_id_committed = cube->next_id;
}

void statistics_cube_restore (statistics_cube_t *cube) {
  end_turn (cube, false);
  cube->series_writing = cube->series_stored;
  cube->next_id = cube->next_id_committed;
}
