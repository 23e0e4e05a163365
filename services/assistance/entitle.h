/* What begins and ends an entitlement, whoever asks for it: applications, files, and the register's events. */
#ifndef MNS_ASSISTANCE_ENTITLE_H
#define MNS_ASSISTANCE_ENTITLE_H

#include "services/assistance/state.h"

/* An entitlement that is asked for. */
typedef struct {
  const mns_application_request_t *claim; /* scheme, tier, from_day, facts, bank account */
  mns_assisted_person_t person;
  mns_code_t opening; /* MNS_YES: in the opening stock */
  mns_date_t registered;
} entitle_t;

/* Who it is: by register number, or by citizen number and name, in the caller's division. */
mns_rc_t assistance_claimant (assistance_t *self, mns_turn_t *turn, const mns_caller_t *caller,
                              const mns_application_request_t *claim, mns_assisted_person_t *person);

/* Whether it may begin; writes nothing. Checks in this order: scheme and tier (MNS_NOT_FOUND), scheme closed
 * (MNS_PERIOD_CLOSED), bank account (MNS_INVALID), days in the future (MNS_DATE_ORDER), person no longer present on the
 * day of the decision (MNS_WRONG_STATE), registered in another county (MNS_NOT_ELIGIBLE), entitled already: the same
 * (MNS_EXISTS) or another (MNS_CONFLICT), conditions of the catalogue (MNS_NOT_ELIGIBLE). */
mns_rc_t assistance_may_begin (assistance_t *self, mns_turn_t *turn, const entitle_t *asked);

/* Begins it and tells so. A person who has left the register after the day of the decision (known already, because
 * files came in another order) is ended at once. */
mns_rc_t assistance_begin (assistance_t *self, mns_turn_t *turn, const entitle_t *asked, const char *by,
                           uint64_t *entitlement);

/* How it ends. */
typedef struct {
  mns_code_t reason;
  mns_date_t last_day, registered;
  const char *by;           /* the account behind it */
  const mns_event_t *cause; /* the register's event, or NULL */
} exit_t;

/* Whether it may end; writes nothing. MNS_WRONG_STATE when it has, MNS_DATE_ORDER for days in the future. */
mns_rc_t assistance_may_end (mns_turn_t *turn, const mns_entitlement_t *entitlement, const exit_t *exit);
/* Ends it and tells so; what was paid for a time after its last day becomes a recovery item.
 * `entitlement` is updated. */
mns_rc_t assistance_end (assistance_t *self, mns_turn_t *turn, mns_entitlement_t *entitlement, const exit_t *exit);
/* Every active entitlement of a person. */
mns_rc_t assistance_end_all (assistance_t *self, mns_turn_t *turn, uint64_t person, const exit_t *exit);
/* The day on which `person` died or left was `before` in the register and is status_day now: the entitlements that it
 * ended get that last day, and what was paid for a time after it becomes a recovery item. An item that is there already
 * stays. */
mns_rc_t assistance_correct_end (assistance_t *self, mns_turn_t *turn, const mns_assisted_person_t *person,
                                 mns_date_t before, exit_t *exit);

/* An error of the store, told to the turn. */
mns_rc_t assistance_store_failed (mns_turn_t *turn, mns_rc_t rc);

#endif
