/* The people of the county and what happens to them, in memory, before they are written.
 *
 * People of the baseline stand first, by village and household, a wife right behind her husband; those who come later
 * (newborns, moved in, omitted) stand behind them. A person of the baseline has at most one fate, so that nobody's
 * events can contradict each other. */
#ifndef MNS_SAMPLE_COUNTY_H
#define MNS_SAMPLE_COUNTY_H

#include "sample/data.h"
#include "sample/figures.h"
#include "sample/names.h"
#include "sample/random.h"

#define SAMPLE_NONE UINT32_MAX

typedef enum {
  SAMPLE_FREE,      /* nothing happens */
  SAMPLE_INCOMER,   /* registered elsewhere */
  SAMPLE_DUPLICATE, /* registered a second time */
  SAMPLE_PARENT,    /* of a child registered from 2025 on */
  SAMPLE_RECIPIENT, /* of the rural reward; may also leave it */
  SAMPLE_EXIT       /* dies or moves out */
} sample_fate_t;

typedef struct {
  mns_date_t birth, last_child; /* her youngest child in the register */
  uint32_t household;
  uint16_t village, given, serial; /* serial 0: no citizen number */
  uint8_t surname, sex, relation, marital, ethnic;
  uint8_t elsewhere;          /* index + 1: where a person away lives, an incomer or arrival comes from */
  uint8_t children, sons;     /* in the register, of her (and of her husband) */
  bool with_husband, arrived; /* he stands right before her; the number is of another county */
  uint8_t fate;
} sample_person_t;

typedef struct {
  uint32_t head; /* the person */
  uint32_t number;
  uint16_t village;
} sample_household_t;

typedef struct {
  mns_date_t occurred, registered;
  uint32_t person, mother; /* mother: SAMPLE_NONE when she is not in the register */
  uint32_t household;      /* that the person joins; SAMPLE_NONE: the mother's, or a new one */
  uint32_t certificate;    /* 0 none */
  uint8_t kind, cause;     /* cause: of a move or an adjustment */
  uint8_t mother_kind, order, plurality, rank;
  uint8_t elsewhere; /* index + 1 of the other place of a move */
} sample_event_t;

typedef struct {
  uint32_t person;
  mns_date_t from;
  mns_date_t exit_occurred, exit_registered; /* told in exits.csv; 0 when the register tells it, or none left */
  uint8_t tier, opening, children, sons, deceased, exit;
} sample_recipient_t;

typedef struct {
  sample_data_t *data;
  sample_figures_t figures;
  sample_random_t random;
  sample_names_t *names;
  sample_person_t *persons;
  uint32_t count, capacity, baseline; /* persons; how many of them were there at the start */
  sample_household_t *households;
  uint32_t household_count;
  sample_event_t *events;
  uint32_t event_count, event_capacity;
  sample_recipient_t *recipients;
  uint32_t recipient_count;
  uint32_t certificates; /* given out */
} sample_county_t;

/* The people of 2025-01-01, and what happened from then on. */
sample_county_t *sample_county_new (uint32_t ppm, uint64_t seed);
void sample_county_destroy (sample_county_t **county);

/* Appends a person with a number (unless newborn) and, from its parts, a name that no one of the same village and
 * birth date has. `surname` as in the data, or SAMPLE_NONE for any. The other facts are in `facts`. */
uint32_t sample_person_add (sample_county_t *county, const sample_person_t *facts, uint32_t surname, bool numbered);
sample_event_t *sample_event_add (sample_county_t *county, uint8_t kind, uint32_t person, mns_date_t occurred,
                                  mns_date_t registered);

/* Where people come from and go to, index + 1. */
uint8_t sample_elsewhere_any (sample_county_t *county);
/* A relation to the head that fits the ages (`joins_by_marriage`: of a child's spouse). */
uint8_t sample_relation_fit (const sample_county_t *county, uint32_t household, mns_date_t birth, mns_code_t sex,
                             bool joins_by_marriage);
bool sample_is_rural (const sample_county_t *county, const sample_person_t *person);
mns_date_t sample_day_in_year (sample_random_t *random, int year);
mns_date_t sample_day_between (sample_random_t *random, mns_date_t first, mns_date_t last);

/* The steps of sample_county_new, in this order; one file each. */
void sample_people_make (sample_county_t *county); /* people.c, with villages of household.c */
void sample_births_make (sample_county_t *county); /* births.c */
void sample_recipients_make (
    sample_county_t *county);                      /* recipients.c: who, and the exits that the register cannot tell */
void sample_deaths_make (sample_county_t *county); /* deaths.c */
void sample_moves_make (sample_county_t *county);  /* moves.c: moves and adjustments */
void sample_away_make (sample_county_t *county);   /* away.c: who lives elsewhere */

#endif
