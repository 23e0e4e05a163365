/* When a row is somebody who is already there. Pure.
 *
 *   same number, name and birth date                       → the same person
 *   same number, another name or birth date                → likely
 *   no numbers; same village, birth date, name and sex     → the same person
 *   same village, birth date and name, otherwise           → likely: a number differs or is missing, or the sex
 *   same mother and rank, born within a day                → the same delivery: the same person when birth date, name
 *                                                            and sex agree, otherwise likely
 *   same mother and birth date, another rank               → twins, never each other's duplicate
 *
 * "Likely" is for a person to decide: the row is refused unless it says confirm = yes. */
#ifndef MNS_REGISTRY_RULES_DUPLICATE_H
#define MNS_REGISTRY_RULES_DUPLICATE_H

#include "common/records/registry_records.h"
#include <stdbool.h>

typedef enum { REGISTRY_OTHER, REGISTRY_LIKELY, REGISTRY_SAME } registry_verdict_t;

/* What identifies a person. Names are compared by mns_text_name_key. */
typedef struct {
  const char *number, *name; /* "" when there is none */
  mns_code_t sex;
  mns_date_t birth;
  mns_place_t place;
  uint64_t mother; /* 0: not known */
  int64_t rank;    /* of a newborn with its mother; MNS_NONE: not known */
} registry_identity_t;

registry_verdict_t registry_duplicate (const registry_identity_t *newcomer, const registry_identity_t *present);

bool registry_name_equal (const char *a, const char *b);
/* The name is what mns_text_name_key would make of it, for most; false when that is not seen at once. */
bool registry_name_is_key (const char *name);

#endif
