/* One life event on its way into the register: first decided (facts loaded, rules asked), then written. Deciding writes
 * nothing, so that a refused row leaves no trace between accepted ones. */
#ifndef MNS_REGISTRY_RECORD_CASE_H
#define MNS_REGISTRY_RECORD_CASE_H

#include "services/registry/match.h"
#include "services/registry/quality.h"
#include "services/registry/standing.h"

#define REGISTRY_OTHERS_MAX 31

typedef struct {
  registry_t *self;
  const mns_caller_t *caller;
  mns_life_return_t in;    /* with its defaults filled in */
  const char *approved_by; /* "" unless a second person has decided */
  mns_date_t today;
  mns_place_t land; /* where the land of in.place, as it was on the day of the event, lies today */
  mns_time_t now;

  registry_number_t number;  /* of the person; text "" when none was given */
  bool is_new;               /* the person is not in the register yet */
  mns_person_entry_t old;    /* unless is_new: as the register has it, or had it on that day */
  mns_person_entry_t person; /* as it will be; id 0 and household 0 as long as they are not given out */
  bool back;                 /* later events of the person are in the register already */
  mns_place_t current_place; /* of whom later events are known, when it is written */
  bool ends_stay;            /* an incomer settles: its stay ends by an event of its own */
  char household_key[33];    /* key of a household that is to be made, "" for one without a key */
  mns_event_entry_t event;   /* what will be written; id 0 until then */

  /* Whom else it changes: husband or wife, the members of the household. */
  registry_change_t others[REGISTRY_OTHERS_MAX];
  size_t other_count;
  uint64_t head; /* of the household, when another is */
  bool together; /* the same happens to the others: each has an event of its own */

  bool exists;                  /* the same event was recorded before: person and event say which */
  uint64_t likely;              /* register number of a likely duplicate */
  registry_match_t suspect;     /* whom a newcomer may be, unless REGISTRY_OTHER */
  uint64_t sharer;              /* of a newcomer: somebody else with its number; 0: nobody */
  registry_breaches_t breaches; /* rules of quality that will not hold */
  char finding[REGISTRY_FINDING_TEXT];
  mns_error_t error;
} registry_case_t;

/* One event from beginning to end, as registry.record has it: init, `in`, decide, and unless it exists, write. A
 * refusal of deciding is in it->error. handle_record.c */
void registry_case_init (registry_case_t *it, registry_t *self, mns_turn_t *turn, const mns_caller_t *caller);
mns_rc_t registry_case_decide (registry_case_t *it);
mns_rc_t registry_case_write (registry_case_t *it, mns_turn_t *turn);

/* A newcomer: birth, move in, omitted person added; also one who comes back. decide_arrival.c */
mns_rc_t registry_decide_birth (registry_case_t *it);
mns_rc_t registry_decide_move_in (registry_case_t *it);
mns_rc_t registry_decide_omitted (registry_case_t *it);

/* Somebody who is in the register: death, move out, move within, removal. decide_change.c */
mns_rc_t registry_decide_change (registry_case_t *it);

/* Marriage and divorce, and what a death, or that it was none, does to husband or wife. decide_couple.c */
mns_rc_t registry_decide_couple (registry_case_t *it);
mns_rc_t registry_decide_widowed (registry_case_t *it);
mns_rc_t registry_decide_alive (registry_case_t *it);

/* Adoption and its end. decide_adoption.c */
mns_rc_t registry_decide_adoption (registry_case_t *it);
mns_rc_t registry_decide_adoption_end (registry_case_t *it);

/* Split, join, change of head; everybody of the household does what the person does. decide_household.c */
mns_rc_t registry_decide_split (registry_case_t *it);
mns_rc_t registry_decide_join (registry_case_t *it);
mns_rc_t registry_decide_head_change (registry_case_t *it);
mns_rc_t registry_decide_together (registry_case_t *it);

/* ---- shared by all --------------------------------------------------------------------------------------------- */
/* The person named by register number, by number and name, or by name, birth date and place: into it->old and
 * it->person. MNS_NOT_FOUND, or MNS_CONFLICT when the ways to name it disagree or several answer. */
mns_rc_t registry_case_find_person (registry_case_t *it);
/* Marks the case as existing when the same event of this person is already there. */
mns_rc_t registry_case_find_same (registry_case_t *it, const mns_person_entry_t *person);
/* The state after the event into it->person.status. */
mns_rc_t registry_case_next_state (registry_case_t *it, mns_code_t state);
mns_rc_t registry_case_check_dates (registry_case_t *it, mns_date_t birth, mns_date_t since);
/* Which rules of quality will not hold with it->event; MNS_CONFLICT when one of them must. */
mns_rc_t registry_case_judge (registry_case_t *it);
/* A certificate number that another person's event of the same kind has: likely the same event. */
mns_rc_t registry_case_check_certificate (registry_case_t *it);
/* The household of it->person in `area`: the one asked for, else `usual` (0: a new one). */
mns_rc_t registry_case_find_household (registry_case_t *it, mns_place_t area, uint64_t usual);

/* The person of a change that may be told after later events: as of the day it happened. */
mns_rc_t registry_case_go_back (registry_case_t *it);
/* Whether what is told late fits what is in the register already, for everybody concerned. */
mns_rc_t registry_case_check_later (registry_case_t *it);
/* The relation to the head of whoever comes into it->person.household: as told; the head of a new one of which
 * nothing was told; or not known. */
mns_code_t registry_case_relation (const registry_case_t *it);
/* Whoever comes into a household that has a head does not come as its head: a contradiction when the return says so,
 * otherwise the relation is not known. */
mns_rc_t registry_case_check_head (registry_case_t *it);
/* One more whom the event changes, as of that day. MNS_TOO_LARGE. */
mns_rc_t registry_case_add_other (registry_case_t *it, uint64_t person, registry_change_t **other);

/* A further person that a return names: by register number, or by citizen number and name. */
typedef struct {
  const char *role; /* "mother": for field names and texts */
  uint64_t person;
  const char *number, *name;
  const char *otherwise; /* what to do when the person is not in the register */
} registry_named_t;
/* id 0: neither was given. */
mns_rc_t registry_case_find_named (registry_case_t *it, const registry_named_t *named, mns_person_entry_t *person);

/* What is put into the past of a person, or moves it, needs the places of that day to be those of today. */
mns_rc_t registry_case_check_boundaries (registry_case_t *it);
/* it->land as seen from somebody who is in `toward` today: of a village that was split it is there, if any of it is. */
mns_rc_t registry_case_look_toward (registry_case_t *it, mns_place_t toward);

#endif
