/* Spans of places. */
#include "services/registry/rules_place.h"

#include "common/records/place.h"
#include <string.h>

bool registry_place_valid_on (const mns_place_info_t *place, mns_date_t day) {
  return place->valid_from <= day && (!place->valid_to || day < place->valid_to);
}

mns_rc_t registry_place_check (mns_place_info_t *row, mns_error_t *error) {
  char text[MNS_PLACE_TEXT];
  mns_place_format (row->code, text);
  int level = mns_place_level (row->code);
  mns_place_t parent = mns_place_parent (row->code);
  if (level == MNS_COUNTRY || row->level != level)
    return mns_fail (error, MNS_INVALID, "level", "the code %s is one of level %d", text, level);
  if (row->parent && row->parent != parent)
    return mns_fail (error, MNS_INVALID, "parent", "the division above %s has another code", text);
  if (row->valid_from && row->valid_to && row->valid_to <= row->valid_from)
    return mns_fail (error, MNS_DATE_ORDER, "valid_to", "%s ends before it begins", text);
  row->parent = parent;
  return MNS_OK;
}

static bool lies_before (const mns_place_info_t *row, const mns_place_info_t *current) {
  return row->valid_to && current->valid_from && row->valid_to <= current->valid_from;
}

/* Behind the end of the current span, or inside it with another beginning: then the current one ends where the row
 * begins. A span whose beginning is not known only gets one when the name is the same. */
static bool lies_behind (const mns_place_info_t *row, const mns_place_info_t *current) {
  if (!row->valid_from)
    return false;
  if (current->valid_to)
    return row->valid_from >= current->valid_to;
  return row->valid_from > current->valid_from && (current->valid_from || strcmp (row->name, current->name) != 0);
}

static void take_over (const mns_place_info_t *row, mns_place_info_t *place) {
  memcpy (place->name, row->name, sizeof place->name);
  if (row->registration)
    place->registration = row->registration;
  if (row->sentinel)
    place->sentinel = row->sentinel;
  if (row->stratum)
    place->stratum = row->stratum;
  if (row->valid_from)
    place->valid_from = row->valid_from;
  if (row->valid_to)
    place->valid_to = row->valid_to;
}

static mns_rc_t overlaps (const mns_place_info_t *row, const mns_place_info_t *current, mns_error_t *error) {
  char code[MNS_PLACE_TEXT], from[MNS_DATE_TEXT], to[MNS_DATE_TEXT];
  mns_place_format (row->code, code);
  mns_date_format (current->valid_from, from);
  mns_date_format (current->valid_to, to);
  return mns_fail (error, MNS_DATE_ORDER, "valid_from",
                   "%s is %s from %s to %s: another name needs a span of its own, with valid_to before or valid_from "
                   "behind it",
                   code, current->name, *from ? from : "the beginning", *to ? to : "now");
}

static bool is_same_span (const mns_place_info_t *row, const mns_place_info_t *current) {
  return !row->valid_from || row->valid_from == current->valid_from || strcmp (row->name, current->name) == 0;
}

mns_rc_t registry_place_decide (const mns_place_info_t *row, const mns_place_info_t *current,
                                registry_place_decision_t *decision, mns_error_t *error) {
  decision->place = *row;
  decision->step = REGISTRY_PLACE_CURRENT;
  if (!current)
    return MNS_OK;
  if (lies_before (row, current)) {
    decision->step = REGISTRY_PLACE_PAST;
    return MNS_OK;
  }
  if (lies_behind (row, current)) {
    decision->step = REGISTRY_PLACE_FOLLOWS;
    decision->closed = *current;
    if (!current->valid_to)
      decision->closed.valid_to = row->valid_from;
    return MNS_OK;
  }
  if (!is_same_span (row, current))
    return overlaps (row, current, error);
  decision->place = *current;
  take_over (row, &decision->place);
  if (mns_record_equal (&mns_place_info_type, &decision->place, current))
    decision->step = REGISTRY_PLACE_SAME;
  if (decision->place.valid_from && decision->place.valid_to && decision->place.valid_to <= decision->place.valid_from)
    return mns_fail (error, MNS_DATE_ORDER, "valid_to", "the place would end before it begins");
  return MNS_OK;
}
