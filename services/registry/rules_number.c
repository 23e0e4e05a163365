/* Citizen numbers: reading, check character, and what they say about a person. */
#include "services/registry/rules_number.h"

#include "common/records/codes.h"
#include "services/registry/rules_birth.h"
#include <stdio.h>
#include <string.h>

static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
static const char checks[11] = {'1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'};

typedef struct {
  const char *prefix;
  registry_number_kind_t kind;
} kind_row_t;

static const kind_row_t kinds[] = {
    {"810000", REGISTRY_NUMBER_PERMIT},
    {"820000", REGISTRY_NUMBER_PERMIT},
    {"830000", REGISTRY_NUMBER_PERMIT},
    {"9", REGISTRY_NUMBER_FOREIGNER},
};

char registry_number_check (const char digits[17]) {
  int sum = 0;
  for (size_t i = 0; i < 17; i++)
    sum += (digits[i] - '0') * weights[i];
  return checks[sum % 11];
}

static bool all_digits (const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  return true;
}

static int digits_value (const char *text, size_t size) {
  int value = 0;
  for (size_t i = 0; i < size; i++)
    value = value * 10 + (text[i] - '0');
  return value;
}

/* Numbers of 15 digits were given to people born in the twentieth century only, and had no check character. */
static void lengthen (const char *old, char text[REGISTRY_NUMBER_TEXT]) {
  memcpy (text, old, 6);
  memcpy (text + 6, "19", 2);
  memcpy (text + 8, old + 6, 9);
  text[17] = registry_number_check (text);
  text[18] = 0;
}

static registry_number_kind_t kind_of (const char *text) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strncmp (text, kinds[i].prefix, strlen (kinds[i].prefix)) == 0)
      return kinds[i].kind;
  return REGISTRY_NUMBER_CITIZEN;
}

static mns_rc_t normalise (const char *given, char text[REGISTRY_NUMBER_TEXT], mns_error_t *error) {
  size_t size = strlen (given);
  if (size == 15 && all_digits (given, 15)) {
    lengthen (given, text);
    return MNS_OK;
  }
  if (size != 18)
    return mns_fail (error, MNS_INVALID, "citizen_number",
                     "a citizen number has 18 characters, or 15 digits on old papers; this one has %zu", size);
  memcpy (text, given, 19);
  if (text[17] == 'x')
    text[17] = 'X';
  if (!all_digits (text, 17) || !(text[17] == 'X' || all_digits (text + 17, 1)))
    return mns_fail (error, MNS_INVALID, "citizen_number",
                     "a citizen number is 17 digits and a check character 0 to 9 or X");
  if (text[17] != registry_number_check (text))
    return mns_fail (error, MNS_BAD_CHECK, "citizen_number",
                     "the check character does not fit the 17 digits before it, for which it would be %c: a digit is "
                     "wrong or two are swapped; compare with the card",
                     registry_number_check (text));
  return MNS_OK;
}

mns_rc_t registry_number_read (const char *given, registry_number_t *number, mns_error_t *error) {
  memset (number, 0, sizeof *number);
  mns_rc_t rc = normalise (given, number->text, error);
  if (rc != MNS_OK)
    return rc;
  const char *text = number->text;
  number->kind = kind_of (text);
  number->birth = mns_date_make (digits_value (text + 6, 4), digits_value (text + 10, 2), digits_value (text + 12, 2));
  number->sex = (text[16] - '0') % 2 ? MNS_MALE : MNS_FEMALE;
  return MNS_OK;
}
