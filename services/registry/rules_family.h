/* The rules of marriage, adoption and kin. Pure. */
#ifndef MNS_REGISTRY_RULES_FAMILY_H
#define MNS_REGISTRY_RULES_FAMILY_H

#include "common/machine.h"
#include "services/registry/store_person.h"

/* Marital status (GB/T 2261.2) as states; marriage, divorce, and the death of husband or wife as events.
 *
 *   (not known), 90 ── marriage ──► 20 ─┐
 *   10 ──────────────  marriage ──► 21 ─┤ divorce     ┌─ marriage ──────────────► 22
 *   30, 40 ──────────  marriage ──► 22 ─┼──────► 40 ──┴─ with the former spouse ► 23
 *                                    23 ─┤ death
 *                                       └──────► 30 */
extern const mns_machine_t registry_marital_machine;

/* The marital status after it; MNS_WRONG_STATE when there is none. `again`: with the one divorced from before. */
mns_rc_t registry_marital_next (mns_code_t marital, mns_code_t event, bool again, mns_code_t *next, mns_error_t *error);
bool registry_is_married (mns_code_t marital);

/* Whether the two can marry: not one person, not parent and child, not of one sex as the register has them.
 * MNS_WRONG_STATE. */
mns_rc_t registry_couple_check (const mns_person_entry_t *person, const mns_person_entry_t *partner,
                                mns_error_t *error);

/* Whether `parent` can be the mother (field mother…) or father, also by adoption: of that sex, and born before the
 * child. MNS_WRONG_STATE. */
mns_rc_t registry_parent_check (const mns_person_entry_t *child, const mns_person_entry_t *parent, const char *field,
                                mns_error_t *error);

/* "02" of GB/T 4761. */
mns_code_t registry_head_relation (void);

/* Somebody of a household becomes its head: the relation to it of a member with that sex, from both their relations to
 * the head before (GB/T 4761). 0: it cannot be told from these; whoever knows must say. */
mns_code_t registry_relation_after (mns_code_t head, mns_code_t head_sex, mns_code_t member, mns_code_t member_sex);

#endif
