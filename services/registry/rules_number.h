/* Citizen numbers (GB 11643-1999): 6 digits of the county of first registration, 8 of the birth date, 3 serial (odd
 * male, even female), 1 check character by ISO 7064 MOD 11-2.
 *
 * The check character is the only thing that refuses a number. What a number says about birth and sex may be wrong
 * (numbers were issued with impossible dates, and twice): that is a finding. County codes are not looked up: many no
 * longer exist. */
#ifndef MNS_REGISTRY_RULES_NUMBER_H
#define MNS_REGISTRY_RULES_NUMBER_H

#include "common/record.h"

#define REGISTRY_NUMBER_TEXT 19

typedef enum {
  REGISTRY_NUMBER_CITIZEN,
  REGISTRY_NUMBER_PERMIT,   /* residence permit of Hong Kong, Macao, Taiwan: 810000, 820000, 830000 */
  REGISTRY_NUMBER_FOREIGNER /* permanent residence card: begins with 9 */
} registry_number_kind_t;

typedef struct {
  registry_number_kind_t kind;
  char text[REGISTRY_NUMBER_TEXT]; /* 18 characters, X in upper case */
  mns_date_t birth;                /* 0: the number holds no possible date */
  mns_code_t sex;                  /* mns_sex */
} registry_number_t;

/* Reads 18 characters, or 15 digits which become 18. MNS_INVALID: another length or character; MNS_BAD_CHECK. The error
 * does not repeat the number. */
mns_rc_t registry_number_read (const char *text, registry_number_t *number, mns_error_t *error);

/* The check character of 17 digits. */
char registry_number_check (const char digits[17]);

#endif
