/* A person as it was: what stood in its row at the end of a day, told from the row of today, its past intervals and the
 * dated changes of its facts. A correction without a day says that the old value had never been right: it does not
 * count as having been so. */
#ifndef MNS_REGISTRY_VIEW_H
#define MNS_REGISTRY_VIEW_H

#include "common/records/registry_requests.h"
#include "services/registry/registry_state.h"

/* Turns the row of today into that of the day; *from and *to is the interval in which it was so, *to 0: it is so still.
 * MNS_NOT_FOUND: the person was not in the register yet. */
mns_rc_t registry_view_as_of (registry_t *self, mns_date_t day, mns_person_entry_t *person, mns_date_t *from,
                              mns_date_t *to, mns_error_t *error);

/* A row as it is shown; the finding is not part of the row. */
void registry_view_fill (const mns_person_entry_t *person, mns_person_info_t *info);

#endif
