/* Names and citizen numbers, such that no two people are taken for one.
 *
 * Numbers begin with 519999 (people of the county) or 519998 (others), county codes that were never assigned. */
#ifndef MNS_SAMPLE_NAMES_H
#define MNS_SAMPLE_NAMES_H

#include "sample/data.h"
#include "sample/random.h"

#define SAMPLE_NAME_TEXT   32
#define SAMPLE_NUMBER_TEXT 19

typedef struct sample_names sample_names_t;

sample_names_t *sample_names_new (const sample_data_t *data, uint32_t people);
void sample_names_destroy (sample_names_t **names);

/* A given name of the sex and time which, with the surname, nobody in the village born that day has yet. */
uint16_t sample_given_pick (sample_names_t *names, sample_random_t *random, uint16_t village, mns_date_t birth,
                            mns_code_t sex, uint8_t surname);
uint8_t sample_surname_pick (const sample_names_t *names, sample_random_t *random);

/* Marks the name as taken; false when it was. */
bool sample_name_take (sample_names_t *names, uint16_t village, mns_date_t birth, uint8_t surname, uint16_t given);

/* The next serial of that birth date and sex: odd male, even female. */
uint16_t sample_serial_next (sample_names_t *names, bool arrived, mns_date_t birth, mns_code_t sex);

void sample_name_format (const sample_data_t *data, uint8_t surname, uint16_t given, char text[SAMPLE_NAME_TEXT]);
void sample_number_format (bool arrived, mns_date_t birth, uint16_t serial, char text[SAMPLE_NUMBER_TEXT]);

#endif
