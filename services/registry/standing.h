/* What may change in the course of a life, read and written as of a day: the row of today and the closed intervals of
 * the past together. */
#ifndef MNS_REGISTRY_STANDING_H
#define MNS_REGISTRY_STANDING_H

#include "services/registry/registry_state.h"

/* A person before an event and after it. */
typedef struct {
  mns_person_entry_t old, person;
  bool back; /* the event lies before the last one of this person: `old` is as of its day */
} registry_change_t;

/* Makes a change of nothing out of a row of today: `old` and `person` as of that day. MNS_DATE_ORDER: the person was
 * not in the register yet. */
mns_rc_t registry_change_begin (registry_t *self, mns_date_t day, registry_change_t *change, mns_error_t *error);

/* Whether a change that went back fits what is in the register already (rules_timeline.h). MNS_DATE_ORDER. */
mns_rc_t registry_change_check (registry_t *self, const registry_change_t *change, mns_date_t day, mns_error_t *error);

/* From that day on, by that event, the person stands as `person` says and no longer as `old`. When it went back, what
 * is so now follows as far as no later event says otherwise; `person` becomes the row as it is written. */
mns_rc_t registry_change_write (registry_t *self, registry_change_t *change, mns_date_t day, uint64_t event,
                                mns_error_t *error);

#endif
