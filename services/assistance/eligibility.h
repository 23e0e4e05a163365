/* Eligibility: the catalogue's conditions over the facts of a person on a day.
 *
 * The conditions are SQL expressions that an administrator writes. They are prepared in a database of their own that
 * has nothing but the facts, under an authorizer that lets through facts and listed functions, and under limits; so an
 * expression can say nothing but true or false. */
#ifndef MNS_ASSISTANCE_ELIGIBILITY_H
#define MNS_ASSISTANCE_ELIGIBILITY_H

#include "services/assistance/catalogue.h"

#define ASSISTANCE_UNKNOWN (-1)

/* Numbers that are not known are ASSISTANCE_UNKNOWN; sex and registration 0 then reads as 'unknown'. */
typedef struct {
  mns_date_t birth, day;
  mns_code_t sex, registration;
  int64_t children_living, sons_living, children_deceased, child_disability_grade;
} assistance_facts_t;

typedef struct assistance_eligibility assistance_eligibility_t;

/* MNS_OK when `sql` is one bare expression over the facts; else `error->detail` says what is wrong with it. */
mns_rc_t assistance_expression_check (const char *sql, mns_error_t *error);

/* The catalogue must outlive it. */
mns_rc_t assistance_eligibility_new (assistance_eligibility_t **eligibility, const assistance_catalogue_t *catalogue,
                                     mns_error_t *error);
void assistance_eligibility_destroy (assistance_eligibility_t **eligibility);

/* MNS_OK: every condition of the tier is met. MNS_NOT_ELIGIBLE names those that are not, in words ("a condition is
 * not met: …"). */
mns_rc_t assistance_eligible (assistance_eligibility_t *eligibility, const char *scheme, const char *tier,
                              const assistance_facts_t *facts, mns_error_t *error);

#endif
