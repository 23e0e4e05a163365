/* What is asked of the entries of the register. Pure: facts in, the rules that do not hold out. */
#ifndef MNS_REGISTRY_RULES_QUALITY_H
#define MNS_REGISTRY_RULES_QUALITY_H

#include "common/records/registry_quality.h"
#include "services/registry/rules_number.h"

#define REGISTRY_DETAIL_MAX  200
#define REGISTRY_HISTORY_MAX 65 /* a baseline and the events of a person */
#define REGISTRY_MINOR_AGE   14

typedef struct {
  bool asked;
  mns_code_t severity;
  int64_t days, from, to; /* from and to: MNS_NONE when there is no bound */
  bool restricted;
} registry_rule_t;
typedef struct {
  registry_rule_t rules[MNS_RULE_COUNT + 1]; /* by mns_quality_rule */
} registry_quality_t;

/* One event as the rules see it; a baseline is its first. */
typedef struct {
  mns_code_t kind;
  mns_date_t occurred, registered;
  mns_place_t place, other_place;
  int64_t delta; /* of an adjustment */
} registry_happening_t;

typedef struct {
  mns_date_t today, birth;
  mns_code_t sex, marital, status, precision; /* `precision` of the birth date */
  mns_place_t place;
  registry_number_t number; /* text "" when there is none */
  uint64_t sharer;          /* another person with this number; 0: none */
  uint64_t mother;          /* as named; 0: none */
  bool mother_there;        /* she has an entry, and it was not taken out */
  bool mother_expected;     /* the birth says that she is in the register */
  mns_date_t mother_birth;
  registry_happening_t history[REGISTRY_HISTORY_MAX];
  size_t count;
} registry_person_facts_t;

typedef struct {
  mns_code_t rule;
  char detail[REGISTRY_DETAIL_MAX + 1];
} registry_breach_t;

/* Each gives the rules that are asked and do not hold, at most MNS_RULE_COUNT; how many. */
size_t registry_person_quality (const registry_quality_t *quality, const registry_person_facts_t *facts,
                                registry_breach_t breaches[MNS_RULE_COUNT]);
/* Of those who are present. One person alone needs no head. */
size_t registry_household_quality (const registry_quality_t *quality, int64_t members, int64_t heads,
                                   registry_breach_t breaches[MNS_RULE_COUNT]);
/* `ended`: first day the place is no longer valid, 0 when it is. */
size_t registry_place_quality (const registry_quality_t *quality, mns_date_t ended, mns_date_t today, int64_t persons,
                               registry_breach_t breaches[MNS_RULE_COUNT]);

/* The day from which a finding about somebody born then may be seen by clerks: 0 at once. */
mns_date_t registry_restricted_until (const registry_rule_t *rule, mns_date_t birth, mns_date_t today);
#define REGISTRY_FOR_EVER 99991231

#endif
