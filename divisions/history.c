/* Spans and successors out of lists that are years apart. */
#include "divisions/divisions.h"

#include "common/buffer.h"
#include "common/records/place.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

#define DISTRICT "区"

typedef struct {
  const divisions_entry_t *entries;
  size_t count;
} list_t;

typedef struct {
  list_t lists[32];
  size_t count;
  const divisions_to_t *to;
} history_t;

static int compare_code (const void *code, const void *entry) {
  const mns_place_t *one = code;
  const divisions_entry_t *other = entry;
  return (*one > other->code) - (*one < other->code);
}

static const char *name_in (const list_t *list, mns_place_t code) {
  const divisions_entry_t *found =
      bsearch (&code, list->entries, list->count, sizeof (divisions_entry_t), compare_code);
  return found ? found->name : NULL;
}

static mns_rc_t cut_into_lists (history_t *history, const divisions_entry_t *entries, size_t count) {
  for (size_t i = 0; i < count; i++) {
    bool begins = i == 0 || entries[i].day != entries[i - 1].day;
    if (begins && history->count == sizeof history->lists / sizeof history->lists[0])
      return MNS_TOO_LARGE;
    if (begins)
      history->lists[history->count++].entries = &entries[i];
    history->lists[history->count - 1].count++;
  }
  return MNS_OK;
}

/* ---- spans ------------------------------------------------------------------------------------------------------- */

/* Of the codes that stand in the last list alone: those of the statistics office for what is no county of its own
 * (level 2, and numbers 71 to 79, its zones) are older than the list. */
static bool began_unseen (const history_t *history, size_t list, mns_place_t code) {
  int number = (int)(code / 1000000 % 100);
  return list == 0 || (list + 1 == history->count && (number == 0 || (number >= 71 && number <= 79)));
}

/* Taiwan, Hong Kong and Macao stand in the lists of the ministry and not in that of the statistics office. */
static bool is_left_out (mns_place_t code) {
  mns_place_t province = code / 10000000000;
  return province == 71 || province == 81 || province == 82;
}

/* The span of a code that begins in list `first` with that name. */
static mns_rc_t tell_span (const history_t *history, size_t first, mns_place_t code, const char *name) {
  mns_place_info_t place;
  size_t end = first + 1;
  while (end < history->count && (name_in (&history->lists[end], code) != NULL) &&
         strcmp (name_in (&history->lists[end], code), name) == 0)
    end++;
  mns_record_clear (&mns_place_info_type, &place);
  place.code = code;
  place.level = mns_place_level (code);
  place.parent = mns_place_parent (code);
  mns_text_copy (place.name, sizeof place.name, name);
  place.valid_from = began_unseen (history, first, code) ? 0 : history->lists[first].entries->day;
  if (end < history->count && !(end + 1 == history->count && is_left_out (code)))
    place.valid_to = history->lists[end].entries->day;
  return history->to->place (history->to->context, &place);
}

static mns_rc_t tell_spans_of (const history_t *history, mns_place_t code) {
  mns_rc_t rc = MNS_OK;
  const char *before = NULL;
  for (size_t i = 0; rc == MNS_OK && i < history->count; i++) {
    const char *name = name_in (&history->lists[i], code);
    if (name && (!before || strcmp (before, name) != 0))
      rc = tell_span (history, i, code, name);
    before = name;
  }
  return rc;
}

static int compare_places (const void *a, const void *b) {
  const mns_place_t *one = a, *other = b;
  return (*one > *other) - (*one < *other);
}

static mns_rc_t tell_spans (const history_t *history, const divisions_entry_t *entries, size_t count) {
  mns_rc_t rc = MNS_OK;
  mns_place_t *codes = mns_alloc (count * sizeof *codes);
  for (size_t i = 0; i < count; i++)
    codes[i] = entries[i].code;
  qsort (codes, count, sizeof *codes, compare_places);
  for (size_t i = 0; rc == MNS_OK && i < count; i++)
    if (i == 0 || codes[i] != codes[i - 1])
      rc = tell_spans_of (history, codes[i]);
  free (codes);
  return rc;
}

/* ---- successors -------------------------------------------------------------------------------------------------- */

static bool is_district (const char *name) {
  size_t size = strlen (name), end = strlen (DISTRICT);
  return size > end && strcmp (name + size - end, DISTRICT) == 0;
}

static bool above_is_named_alike (const list_t *old, mns_place_t code, const list_t *new, mns_place_t other) {
  const char *one = name_in (old, mns_place_parent (code)), *two = name_in (new, mns_place_parent (other));
  return one && two && strcmp (one, two) == 0;
}

/* Those of the same province, level and name in a list; of districts only those below a division of the same name.
 * *only is the last of them. */
static size_t count_namesakes (const list_t *old, const divisions_entry_t *gone, const list_t *list,
                               mns_place_t *only) {
  size_t count = 0;
  mns_place_t province = mns_place_at (gone->code, MNS_PROVINCE);
  for (size_t i = 0; i < list->count; i++) {
    const divisions_entry_t *entry = &list->entries[i];
    if (!mns_place_covers (province, entry->code) || strcmp (entry->name, gone->name) != 0 ||
        mns_place_level (entry->code) != mns_place_level (gone->code) ||
        (is_district (gone->name) && !above_is_named_alike (old, gone->code, list, entry->code)))
      continue;
    *only = entry->code;
    count++;
  }
  return count;
}

static mns_rc_t tell_successor (const history_t *history, const list_t *old, const list_t *new,
                                const divisions_entry_t *gone) {
  mns_place_t itself, successor;
  mns_reform_t reform;
  if (count_namesakes (old, gone, old, &itself) != 1 || count_namesakes (old, gone, new, &successor) != 1 ||
      name_in (old, successor))
    return MNS_OK;
  mns_record_clear (&mns_reform_type, &reform);
  reform.code = gone->code;
  reform.successor = successor;
  reform.operation = MNS_RECODE;
  reform.day = new->entries->day;
  return history->to->reform (history->to->context, &reform);
}

static mns_rc_t tell_successors (const history_t *history) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 1; rc == MNS_OK && i < history->count; i++) {
    const list_t *old = &history->lists[i - 1], *new = &history->lists[i];
    for (size_t j = 0; rc == MNS_OK && j < old->count; j++)
      if (!name_in (new, old->entries[j].code))
        rc = tell_successor (history, old, new, &old->entries[j]);
  }
  return rc;
}

mns_rc_t divisions_history (const divisions_entry_t *entries, size_t count, const divisions_to_t *to) {
  history_t history = {.to = to};
  mns_rc_t rc = cut_into_lists (&history, entries, count);
  if (rc == MNS_OK)
    rc = tell_spans (&history, entries, count);
  return rc == MNS_OK ? tell_successors (&history) : rc;
}
