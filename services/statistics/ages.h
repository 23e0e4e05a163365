/* Counts by age, beside the cube: for a place and basis, what each month changed.
 *
 * Nobody needs an event to grow older: persons are counted by the month of their birth, and the ages on any first of a
 * month follow. Who is born on the first of a month belongs to the month before, so that all of a month of birth have
 * their birthday between the same two firsts (29 February included, whose birthday is the last of February).
 *
 *   kind        group           number                 summed over all months gives
 *   people      sex             month of birth         the registered population
 *   apart       sex             month of birth         residents less registered: incomers − away
 *   deaths_age  sex             age in full years      –
 *   births_age  order 0 … 3     age of the mother,     –
 *                               0 when it is not known
 *
 * A month's counts are a list by key; one of many people also has a table by sex and month of birth, which is smaller
 * then and costs a load nothing but an addition. */
#ifndef MNS_STATISTICS_AGES_H
#define MNS_STATISTICS_AGES_H

#include "common/buffer.h"
#include "common/date.h"
#include "common/records/statistics_records.h"

typedef enum {
  STATISTICS_PEOPLE,
  STATISTICS_APART,
  STATISTICS_DEATHS_AGE,
  STATISTICS_BIRTHS_AGE,
  STATISTICS_AGE_KINDS
} statistics_age_kind_t;

#define STATISTICS_AGE_TOP 100 /* and over */

typedef struct {
  uint32_t key; /* statistics_age_key */
  int32_t value;
} statistics_age_count_t;

typedef struct {
  int month;
  bool touched; /* in this turn */
  uint32_t count, capacity;
  statistics_age_count_t *counts; /* by key */
  int32_t *table;                 /* people, men then women, by months from the birth to this month; NULL: few */
} statistics_age_month_t;

/* What all months before one add up to: kept once it was asked for, so that a question about a late year of a large
 * place need not go through all years before. */
typedef struct {
  int month;
  statistics_age_month_t changes;
} statistics_age_stock_t;

typedef struct {
  int count, capacity, last;      /* last: where the last addition went */
  statistics_age_month_t *months; /* in their order */
  int stock_count;
  statistics_age_stock_t *stocks;
} statistics_ages_t;

uint32_t statistics_age_key (statistics_age_kind_t kind, unsigned group, int number);
statistics_age_kind_t statistics_age_kind (uint32_t key);
unsigned statistics_age_group (uint32_t key);
int statistics_age_number (uint32_t key);
/* The month of birth as it is counted: see above. */
int statistics_birth_month (mns_date_t birth);
/* In full years on the first day of `month`. */
int statistics_age_on (int birth_month, int month);

/* A count as a measure and its dimension: "people" "male.1984-03", "births_age" "1.27". */
const char *statistics_age_measure (statistics_age_kind_t kind);
void statistics_age_dimension (uint32_t key, char text[MNS_DIMENSION_MAX + 1]);

void statistics_ages_fini (statistics_ages_t *ages);
void statistics_age_month_fini (statistics_age_month_t *at);
statistics_age_month_t *statistics_ages_month (statistics_ages_t *ages, int month); /* made when it is not there */
/* Adds to a month, and gives it. */
statistics_age_month_t *statistics_ages_add (statistics_ages_t *ages, int month, uint32_t key, int32_t value);
/* The changes of people and apart of all months before `month`; NULL when they are so few that nothing was kept. */
const statistics_age_month_t *statistics_ages_stock (statistics_ages_t *ages, int month);
void statistics_age_add (statistics_age_month_t *at, uint32_t key, int32_t value);

/* Adds all of the months first ≤ m < end. */
void statistics_ages_sum (const statistics_ages_t *ages, int first, int end, statistics_age_month_t *sum);

/* Every count of a month that is not zero, by key. */
typedef void (*statistics_age_each_t) (void *context, uint32_t key, int32_t value);
void statistics_age_visit (const statistics_age_month_t *at, statistics_age_each_t each, void *context);
/* Those of people and apart, and the others. */
void statistics_age_visit_stock (const statistics_age_month_t *at, statistics_age_each_t each, void *context);
void statistics_age_visit_events (const statistics_age_month_t *at, statistics_age_each_t each, void *context);

/* The counts of a month as bytes and back: equal counts give equal bytes. False when the bytes are none of these. */
void statistics_age_pack (const statistics_age_month_t *at, mns_buffer_t *out);
bool statistics_age_unpack (statistics_age_month_t *at, const void *data, size_t size);

#endif
