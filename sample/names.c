/* A set of (village, birth date, surname, given name) by open addressing; serials by counting; check characters by
 * ISO 7064 MOD 11-2. */
#include "sample/names.h"

#include "common/text.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BIRTH 19200101
#define BIRTH_DAYS  40000
#define OLD_UNTIL   19800101 /* who was born before has an old name, or one of any time */

typedef struct {
  uint16_t count;
  uint16_t items[SAMPLE_GIVEN];
} choice_t;

struct sample_names {
  const sample_data_t *data;
  uint32_t surname_bounds[SAMPLE_SURNAMES]; /* running sums of the weights */
  choice_t choices[2][2];                   /* by sex and old/new */
  uint64_t *taken;                          /* 0: free */
  uint64_t mask;
  uint16_t serials[2][2][BIRTH_DAYS]; /* used so far, by arrived, sex and birth date */
};

static void add_choice (choice_t *choice, uint16_t given, int times) {
  for (int i = 0; i < times && choice->count < SAMPLE_GIVEN; i++)
    choice->items[choice->count++] = given;
}

/* An old name is three times as likely as one of any time among the old. */
static void collect_choices (sample_names_t *names) {
  for (uint16_t i = 0; i < names->data->given_count; i++) {
    const sample_given_t *given = &names->data->given[i];
    choice_t *choices = names->choices[given->sex - 1];
    if (given->era != SAMPLE_NEW)
      add_choice (&choices[0], i, given->era == SAMPLE_OLD ? 3 : 1);
    if (given->era != SAMPLE_OLD)
      add_choice (&choices[1], i, 1);
  }
}

sample_names_t *sample_names_new (const sample_data_t *data, uint32_t people) {
  sample_names_t *names = mns_alloc (sizeof *names);
  uint32_t sum = 0;
  uint64_t slots = 1024;
  memset (names, 0, sizeof *names);
  names->data = data;
  for (size_t i = 0; i < data->surname_count; i++)
    names->surname_bounds[i] = sum += data->surname_weights[i];
  collect_choices (names);
  while (slots < (uint64_t)people * 3 / 2)
    slots *= 2;
  names->mask = slots - 1;
  names->taken = mns_alloc (slots * sizeof *names->taken);
  memset (names->taken, 0, slots * sizeof *names->taken);
  return names;
}

void sample_names_destroy (sample_names_t **names) {
  if (*names == NULL)
    return;
  free ((*names)->taken);
  free (*names);
  *names = NULL;
}

static uint32_t birth_index (mns_date_t birth) {
  int32_t days = mns_date_days_between (FIRST_BIRTH, birth);
  assert (days >= 0 && days < BIRTH_DAYS);
  return (uint32_t)days;
}

bool sample_name_take (sample_names_t *names, uint16_t village, mns_date_t birth, uint8_t surname, uint16_t given) {
  uint64_t key = ((uint64_t)village << 48 | (uint64_t)birth_index (birth) << 32 | (uint64_t)surname << 16 | given) + 1;
  uint64_t at = sample_mix (key) & names->mask;
  for (; names->taken[at] != 0; at = (at + 1) & names->mask)
    if (names->taken[at] == key)
      return false;
  names->taken[at] = key;
  return true;
}

uint16_t sample_given_pick (sample_names_t *names, sample_random_t *random, uint16_t village, mns_date_t birth,
                            mns_code_t sex, uint8_t surname) {
  const choice_t *choice = &names->choices[sex - 1][birth >= OLD_UNTIL];
  uint16_t given;
  do
    given = choice->items[sample_below (random, choice->count)];
  while (!sample_name_take (names, village, birth, surname, given));
  return given;
}

uint8_t sample_surname_pick (const sample_names_t *names, sample_random_t *random) {
  size_t low = 0, high = names->data->surname_count - 1;
  uint32_t point = sample_below (random, names->surname_bounds[high]);
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (point < names->surname_bounds[middle])
      high = middle;
    else
      low = middle + 1;
  }
  return (uint8_t)low;
}

uint16_t sample_serial_next (sample_names_t *names, bool arrived, mns_date_t birth, mns_code_t sex) {
  bool female = sex == MNS_FEMALE;
  uint16_t used = names->serials[arrived][female][birth_index (birth)]++;
  assert (used < 499);
  return (uint16_t)(used * 2 + 1 + female);
}

void sample_name_format (const sample_data_t *data, uint8_t surname, uint16_t given, char text[SAMPLE_NAME_TEXT]) {
  size_t size = strlen (data->surnames[surname]);
  memcpy (text, data->surnames[surname], size);
  mns_text_copy (text + size, SAMPLE_NAME_TEXT - size, data->given[given].name);
}

static void put_digits (char *text, uint32_t number, int count) {
  for (int i = count - 1; i >= 0; i--, number /= 10)
    text[i] = (char)('0' + number % 10);
}

void sample_number_format (bool arrived, mns_date_t birth, uint16_t serial, char text[SAMPLE_NUMBER_TEXT]) {
  static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  memcpy (text, arrived ? "519998" : "519999", 6);
  put_digits (text + 6, (uint32_t)birth, 8);
  put_digits (text + 14, serial, 3);
  for (int i = 0; i < 17; i++)
    sum += (text[i] - '0') * weights[i];
  text[17] = "10X98765432"[sum % 11];
  text[18] = '\0';
}
