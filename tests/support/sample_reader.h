/* What the readers of the sample's files share. Private to tests/support/sample_*.c. */
#ifndef MNS_TESTS_SUPPORT_SAMPLE_READER_H
#define MNS_TESTS_SUPPORT_SAMPLE_READER_H

#include "common/records/registry_records.h"
#include "tests/support/key_set.h"
#include "tests/support/sample_recount.h"

#define SAMPLE_EFFECTIVE 20250101
#define SAMPLE_OPENING   20260101
#define SAMPLE_LAST      20260630

typedef struct {
  char number[19], name[32], household[33];
  mns_date_t birth, gone, delivery; /* gone: day of the registered death, move out or removal */
  mns_place_t village, place, residence;
  uint8_t sex, registration, tier; /* tier: 0 no recipient */
} sample_resident_t;

typedef struct {
  char name[32];
  mns_date_t birth, registered;
  mns_place_t village;
  uint8_t sex;
  bool dead;
} sample_newborn_t;

typedef struct {
  sample_recount_t *out;
  const char *file;
  uint64_t line;
  mns_place_t *places;
  size_t place_count, place_capacity;
  sample_resident_t *persons; /* by number, once all are read */
  size_t person_count, person_capacity;
  sample_newborn_t *newborns;
  size_t newborn_count, newborn_capacity;
  key_set_t identities, numbers, households, certificates, accounts;
  sample_resident_t last; /* the row before */
  mns_date_t day;         /* of the return before */
  size_t in_village;      /* registered persons since the village began */
} sample_reader_t;

/* A problem unless `good`. */
void sample_check (sample_reader_t *reader, bool good, const char *what);
/* Room for one item more. */
void *sample_grow (void *items, size_t count, size_t *capacity, size_t size);

bool sample_is_local (mns_place_t place);
bool sample_has_place (const sample_reader_t *reader, mns_place_t place);
bool sample_number_fits (const char *number, mns_date_t birth, mns_code_t sex);
uint64_t sample_identity (mns_place_t village, mns_date_t birth, const char *name);
/* NULL, and a problem, when nobody of the baseline has that number and name. */
sample_resident_t *sample_resident_of (sample_reader_t *reader, const char *number, const char *name);
void sample_count_leaver (sample_reader_t *reader, const sample_resident_t *person, const char *reason,
                          mns_date_t registered, mns_date_t occurred);

void sample_read_return (sample_reader_t *reader, const void *record); /* a mns_life_return_t */

#endif
