/* The rules of a birth: who the mother can be, and how it fits her earlier deliveries. Pure.
 *
 * A birth is registered the same way whatever its order; these rules only find typing mistakes. */
#ifndef MNS_REGISTRY_RULES_BIRTH_H
#define MNS_REGISTRY_RULES_BIRTH_H

#include "common/records/registry_records.h"
#include <stdbool.h>

/* A birth date of which little is known: "1950", "1950-03", "1950年3月", or a whole date. False, and nothing changed,
 * when the text is none of these. The first day stands for a month or year. */
bool registry_birth_read (const char *text, mns_date_t *birth, mns_code_t *precision);

/* Whether two birth dates are the same as far as the first one is known. */
bool registry_birth_agrees (mns_date_t birth, mns_code_t precision, mns_date_t other);

/* The mother as the register has her. */
typedef struct {
  uint64_t person;
  mns_code_t sex, status;
  mns_date_t birth, since;
} registry_mother_t;

/* MNS_WRONG_STATE: not a woman, or not in the register on that day; MNS_DATE_ORDER: born after the child;
 * MNS_OUT_OF_RANGE: of an age that is likely a mistake, unless `confirmed`. */
mns_rc_t registry_mother_check (const registry_mother_t *mother, mns_date_t occurred, bool confirmed,
                                mns_error_t *error);

/* Another child of the mother, born on `other`: MNS_LIKELY_DUPLICATE when less than nine months lie between the two
 * deliveries, unless `confirmed`. Births within a day of each other are one delivery. */
mns_rc_t registry_spacing_check (mns_date_t occurred, mns_date_t other, uint64_t other_person, bool confirmed,
                                 mns_error_t *error);

/* MNS_INVALID: the rank is higher than the number of children of the delivery. */
mns_rc_t registry_rank_check (int64_t plurality, int64_t rank, mns_error_t *error);

#endif
