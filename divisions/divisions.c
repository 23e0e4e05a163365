/* The walk over the compiled-in lists. */
#include "divisions/divisions.h"

#include "common/buffer.h"
#include "common/records/place.h"
#include "common/text.h"
#include "divisions/data.h"
#include <stdlib.h>
#include <string.h>

#define URBAN_BELOW 200 /* committees 001 to 199 are of residents, 200 to 399 of villagers (GB/T 10114) */
#define RURAL_BELOW 400

static mns_rc_t damaged (mns_rc_t rc, const char *list, mns_error_t *error) {
  return rc == MNS_CORRUPT ? mns_fail (error, rc, list, "the list in this program is damaged; install it anew") : rc;
}

/* ---- provinces, cities, counties --------------------------------------------------------------------------------- */

typedef struct {
  divisions_entry_t *entries;
  size_t count, capacity;
} entries_t;

/* "198012,512522,富顺县" */
static mns_rc_t add_entry (entries_t *entries, char *line) {
  char *code = strchr (line, ','), *name = code ? strchr (code + 1, ',') : NULL;
  int64_t month;
  if (!name)
    return MNS_CORRUPT;
  *code++ = *name++ = 0;
  if (entries->count == entries->capacity) {
    entries->capacity = entries->capacity ? entries->capacity * 2 : 4096;
    entries->entries = mns_realloc (entries->entries, entries->capacity * sizeof (divisions_entry_t));
  }
  divisions_entry_t *entry = &entries->entries[entries->count];
  if (!mns_text_parse_int (line, &month) || !mns_place_parse (code, &entry->code))
    return MNS_CORRUPT;
  entry->day = mns_date_last_of_month ((mns_month_t)month);
  entry->name = mns_strdup (name);
  entries->count++;
  return MNS_OK;
}

static void entries_fini (entries_t *entries) {
  for (size_t i = 0; i < entries->count; i++)
    free ((char *)entries->entries[i].name);
  free (entries->entries);
}

static mns_rc_t walk_counties (const divisions_to_t *to) {
  entries_t entries = {0};
  char *line;
  mns_rc_t rc = MNS_OK;
  divisions_lines_t *lines =
      divisions_lines_new (divisions_counties, (size_t)(divisions_counties_end - divisions_counties));
  while (rc == MNS_OK && (rc = divisions_lines_next (lines, &line)) == MNS_OK)
    rc = add_entry (&entries, line);
  if (rc == MNS_GONE)
    rc = divisions_history (entries.entries, entries.count, to);
  divisions_lines_destroy (&lines);
  entries_fini (&entries);
  return rc;
}

/* ---- townships and villages -------------------------------------------------------------------------------------- */

/* "510322101203,坪桥村村民委员会" */
static mns_rc_t read_place (char *line, mns_place_info_t *place) {
  char *name = strchr (line, ',');
  if (!name)
    return MNS_CORRUPT;
  *name++ = 0;
  if (!mns_place_parse (line, &place->code))
    return MNS_CORRUPT;
  place->level = mns_place_level (place->code);
  place->parent = mns_place_parent (place->code);
  place->registration = 0;
  if (place->level == MNS_VILLAGE && place->code % 1000 < RURAL_BELOW)
    place->registration = place->code % 1000 < URBAN_BELOW ? MNS_URBAN : MNS_RURAL;
  mns_text_copy (place->name, sizeof place->name, name);
  return MNS_OK;
}

static mns_rc_t walk_villages (const divisions_to_t *to, mns_place_t under) {
  mns_place_info_t place;
  char *line;
  mns_rc_t rc = MNS_OK;
  divisions_lines_t *lines =
      divisions_lines_new (divisions_villages, (size_t)(divisions_villages_end - divisions_villages));
  mns_record_clear (&mns_place_info_type, &place);
  while (rc == MNS_OK && (rc = divisions_lines_next (lines, &line)) == MNS_OK) {
    rc = read_place (line, &place);
    if (rc == MNS_OK && mns_place_covers (under, place.code))
      rc = to->place (to->context, &place);
  }
  divisions_lines_destroy (&lines);
  return rc == MNS_GONE ? MNS_OK : rc;
}

mns_rc_t divisions_walk (const divisions_to_t *to, mns_place_t under, mns_error_t *error) {
  mns_rc_t rc = walk_counties (to);
  if (rc != MNS_OK)
    return damaged (rc, "counties", error);
  return damaged (walk_villages (to, under), "villages", error);
}
