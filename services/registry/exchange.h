/* A matter with another county on its way through one turn: loaded or opened, changed, written, told. */
#ifndef MNS_REGISTRY_EXCHANGE_H
#define MNS_REGISTRY_EXCHANGE_H

#include "services/registry/registry_state.h"
#include "services/registry/rules_exchange.h"

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  const mns_caller_t *caller;
  mns_date_t today;
  mns_time_t now;
  const mns_partner_t *partner;
  mns_matter_info_t matter;
  mns_code_t before; /* the state that is in the store; 0: it is new */
  bool sent;         /* a letter went out */
  mns_error_t error;
} registry_exchange_t;

void registry_exchange_begin (registry_exchange_t *it, registry_t *self, mns_turn_t *turn, const mns_caller_t *caller);

/* The partner county; MNS_NOT_FOUND with what to do. */
mns_rc_t registry_exchange_partner (registry_exchange_t *it, mns_place_t county);
/* Where the matter belongs in this county: the village known, else the county. */
mns_place_t registry_exchange_place (const registry_exchange_t *it);
/* Takes the step, when the matter's state and side allow it. */
mns_rc_t registry_exchange_step (registry_exchange_t *it, mns_code_t step);
/* Gives it the day to look at it again. */
void registry_exchange_plan (registry_exchange_t *it);
/* Something stands in the way that a clerk has to mend; the text replaces that of before. */
void registry_exchange_trouble (registry_exchange_t *it, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));

/* Writes the matter, and tells the county when its state has changed. */
mns_rc_t registry_exchange_save (registry_exchange_t *it);
/* The same, and sends the partner a letter with all of it. */
mns_rc_t registry_exchange_send (registry_exchange_t *it);

/* ---- what a matter does to the register: exchange_effect.c ------------------------------------------------------- */
/* Each is one or no event of life, as registry.record would write it. A refusal is in it->error, nothing is written
 * then; anything else is a failure of the store. */
mns_rc_t registry_exchange_release (registry_exchange_t *it);
mns_rc_t registry_exchange_arrive (registry_exchange_t *it);
mns_rc_t registry_exchange_bury (registry_exchange_t *it);
mns_rc_t registry_exchange_settle (registry_exchange_t *it); /* stay: the incomer comes */
mns_rc_t registry_exchange_leave (registry_exchange_t *it);  /* stay: and goes */

/* ---- whom a matter is about: exchange_person.c ------------------------------------------------------------------- */
/* Whoever in this register its facts fit best: by number, the present and the name first; else by village, birth and
 * name. id 0: nobody. */
mns_rc_t registry_exchange_find (registry_exchange_t *it, mns_person_entry_t *person);
/* The answer of the register to a verification, into result, differs and person. `chosen` 0: whoever fits best. */
mns_rc_t registry_exchange_verify (registry_exchange_t *it, uint64_t chosen);
/* Facts of a person into the matter. */
void registry_exchange_describe (registry_exchange_t *it, const mns_person_entry_t *person);

#endif
