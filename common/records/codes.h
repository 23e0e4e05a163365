/* Code tables that services share. The enums are index + 1, in the order of codes.c; tests/unit/test_codes.c holds them
 * together. */
#ifndef MNS_RECORDS_CODES_H
#define MNS_RECORDS_CODES_H

#include "common/record.h"

extern const mns_code_table_t mns_sex, mns_marital, mns_ethnic, mns_relation, mns_registration, mns_life_event,
    mns_origin, mns_evidence, mns_death_cause, mns_death_site, mns_precision, mns_calendar, mns_lateness,
    mns_adjustment, mns_mother, mns_person_status, mns_move_reason, mns_role, mns_basis, mns_population_base,
    mns_exit_reason, mns_entitlement_event, mns_yes_no, mns_verb, mns_name_match, mns_stratum, mns_reform_operation,
    mns_place_change;
extern const mns_code_table_t *const mns_code_tables[]; /* all of them, ended by NULL */

enum { MNS_MALE = 1, MNS_FEMALE, MNS_SEX_UNKNOWN, MNS_SEX_UNSTATED };
enum { MNS_RURAL = 1, MNS_URBAN };
enum {
  MNS_BASELINE = 1,
  MNS_BIRTH,
  MNS_DEATH,
  MNS_MOVE_IN,
  MNS_MOVE_OUT,
  MNS_MOVE_WITHIN,
  MNS_ADJUSTMENT,
  MNS_MARRIAGE, /* from here on: no change of any stock */
  MNS_DIVORCE,
  MNS_ADOPTION,
  MNS_ADOPTION_END,
  MNS_HOUSEHOLD_SPLIT,
  MNS_HOUSEHOLD_JOIN,
  MNS_HEAD_CHANGE
};
enum {
  MNS_NEVER_MARRIED = 1,
  MNS_MARRIED,
  MNS_FIRST_MARRIAGE,
  MNS_REMARRIED,
  MNS_MARRIAGE_RESTORED,
  MNS_WIDOWED,
  MNS_DIVORCED
};
enum { MNS_OWN = 1, MNS_BUSINESS, MNS_SHARED };
enum { MNS_DAY_KNOWN = 1, MNS_MONTH_KNOWN, MNS_YEAR_KNOWN, MNS_ESTIMATED };
enum { MNS_SOLAR = 1, MNS_LUNAR };
enum { MNS_ON_TIME = 1, MNS_LATE, MNS_VERY_LATE };
enum { MNS_OMITTED = 1, MNS_DUPLICATE, MNS_ANNULMENT, MNS_MERGE, MNS_BOUNDARY, MNS_ADJUSTMENT_OTHER };
enum { MNS_MOTHER_REGISTERED = 1, MNS_MOTHER_ELSEWHERE, MNS_FOUNDLING };
enum { MNS_PRESENT = 1, MNS_DEAD, MNS_MOVED_OUT, MNS_REMOVED };
enum { MNS_CLERK = 1, MNS_APPROVER, MNS_OFFICIAL, MNS_OPERATOR, MNS_ADMINISTRATOR, MNS_SYSTEM, MNS_SERVICE };
#define MNS_ROLE_BIT(role) (1u << (role))
#define MNS_ROLES_ALL      0xffffffffu
enum { MNS_BY_REGISTRATION = 1, MNS_BY_OCCURRENCE };
enum { MNS_BASE_REGISTERED = 1, MNS_BASE_RESIDENT };
enum { MNS_EXIT_DEATH = 1, MNS_EXIT_MOVED, MNS_EXIT_CONDITION_ENDED, MNS_EXIT_WRONG_FINDING, MNS_EXIT_OTHER };
enum { MNS_ENTITLEMENT_OPENING = 1, MNS_ENTITLEMENT_STARTED, MNS_ENTITLEMENT_ENDED };
enum { MNS_NO = 1, MNS_YES };
enum { MNS_NAME_BEGINS = 1, MNS_NAME_EXACT, MNS_NAME_PART };
enum { MNS_STREET = 1, MNS_NEAR_TOWN, MNS_HILL_TOWN };
enum { MNS_RENAME = 1, MNS_RECODE, MNS_JOIN, MNS_SPLIT };
enum { MNS_PLACE_BEGINS = 1, MNS_PLACE_ENDS, MNS_PLACE_PREDECESSOR, MNS_PLACE_SUCCESSOR };
enum { MNS_MAY_PUBLISH = 1, MNS_MAY_SUBSCRIBE, MNS_MAY_REQUEST, MNS_MAY_SERVE, MNS_MAY_SNAPSHOT, MNS_MAY_ADMIN };

#endif
