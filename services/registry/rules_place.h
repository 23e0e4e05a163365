/* What a row of a places file does to the spans of its code that are there. Pure.
 *
 *   (nothing) ─ row ─► current span ─ row that begins later ─► the old one closed into the past, the row is current
 *                          │  ▲
 *                          └──┘ row of the same span: what it says is taken over, what it leaves out stays
 *
 * A row without `valid_from` speaks of the code's last span, unless it ended before that began. */
#ifndef MNS_REGISTRY_RULES_PLACE_H
#define MNS_REGISTRY_RULES_PLACE_H

#include "common/records/registry_records.h"

typedef enum {
  REGISTRY_PLACE_SAME,    /* nothing to do */
  REGISTRY_PLACE_CURRENT, /* `place` is the current span, new or changed */
  REGISTRY_PLACE_FOLLOWS, /* `place` is the current span, `closed` goes into the past */
  REGISTRY_PLACE_PAST     /* `place` is a span of the past */
} registry_place_step_t;

typedef struct {
  registry_place_step_t step;
  mns_place_info_t place, closed;
} registry_place_decision_t;

/* Is the place valid on that day? */
bool registry_place_valid_on (const mns_place_info_t *place, mns_date_t day);

/* The level and the parent of a row follow from its code: fills in the parent. MNS_INVALID, MNS_DATE_ORDER. */
mns_rc_t registry_place_check (mns_place_info_t *row, mns_error_t *error);

/* `current` NULL: the code is new. MNS_DATE_ORDER: the row's span overlaps the current one and names another place. */
mns_rc_t registry_place_decide (const mns_place_info_t *row, const mns_place_info_t *current,
                                registry_place_decision_t *decision, mns_error_t *error);

#endif
