/* The rules of a life in the register: which event may follow in which state, and which dates fit. Pure.
 *
 *              birth, move_in, omitted               death
 *   (nobody) ──────────────────────────► present ──────────────► dead
 *                                        │ ▲ │ ▲                  │
 *   move_within, marriage, … : stays ────┘ │ │ └──── omitted ─────┤   undoes a wrong death report or removal
 *                              move_in ────┘ │                    │
 *   moved_out ◄────────────────── move_out ──┴── duplicate, ──► removed
 *                                                annulment
 */
#ifndef MNS_REGISTRY_RULES_LIFE_H
#define MNS_REGISTRY_RULES_LIFE_H

#include "common/machine.h"
#include "common/records/registry_records.h"

#define REGISTRY_NOBODY 0 /* the state of a person who is not in the register */

/* States mns_person_status, events mns_life_event; guarded by the cause of an adjustment (mns_code_t as facts). */
extern const mns_machine_t registry_life_machine;

/* +1, −1, or 0 for a cause that returns cannot give. */
int registry_adjustment_delta (mns_code_t adjustment);

/* Whether an event of this kind may be told after later events of the same person: it does not change who is in the
 * register. The others may be told after what happened to husband, wife or head only. */
bool registry_may_come_late (mns_code_t kind);

/* The state after the event; MNS_WRONG_STATE with the reason when there is none. `adjustment` of an adjustment. */
mns_rc_t registry_life_next (mns_code_t state, mns_code_t kind, mns_code_t adjustment, mns_code_t *next,
                             mns_error_t *error);

/* The dates of an event. `birth` and `since` (day of the person's last event) may be 0: not known, none. */
typedef struct {
  mns_code_t kind;
  mns_date_t occurred, registered, birth, since, today;
} registry_dates_t;

/* MNS_OUT_OF_RANGE: after today; MNS_DATE_ORDER: names the two dates that contradict each other. */
mns_rc_t registry_dates_check (const registry_dates_t *dates, mns_error_t *error);

/* The dates of a baseline row. */
mns_rc_t registry_baseline_dates_check (mns_date_t birth, mns_date_t effective, mns_date_t today, mns_error_t *error);

#endif
