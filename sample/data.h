/* The embedded data of the sample (sample/data/README.md tells where each file comes from), read into tables. */
#ifndef MNS_SAMPLE_DATA_H
#define MNS_SAMPLE_DATA_H

#include "common/records/registry_records.h"

#define SAMPLE_PLACES    400
#define SAMPLE_VILLAGES  300
#define SAMPLE_ELSEWHERE 40
#define SAMPLE_SURNAMES  200
#define SAMPLE_GIVEN     400
#define SAMPLE_AGES      101 /* full years, 100 and over together */
#define SAMPLE_COUNTY    INT64_C (510322000000)

typedef struct {
  mns_place_t code;
  bool rural;
  uint32_t weight; /* its share of the people */
} sample_village_t;

typedef enum { SAMPLE_OF_ANY_TIME, SAMPLE_OLD, SAMPLE_NEW } sample_era_t;

typedef struct {
  char name[13];
  mns_code_t sex;
  sample_era_t era;
} sample_given_t;

typedef struct {
  size_t place_count, village_count, elsewhere_count, surname_count, given_count;
  mns_place_info_t places[SAMPLE_PLACES]; /* by code */
  sample_village_t villages[SAMPLE_VILLAGES];
  mns_place_t elsewhere[SAMPLE_ELSEWHERE]; /* counties that people come from and go to */
  uint32_t elsewhere_weights[SAMPLE_ELSEWHERE];
  char surnames[SAMPLE_SURNAMES][13];
  uint32_t surname_weights[SAMPLE_SURNAMES];
  sample_given_t given[SAMPLE_GIVEN];
  uint32_t census[SAMPLE_AGES * 2]; /* 2010: males and females of each age in turn */
} sample_data_t;

/* A new set of tables; free with free (). */
sample_data_t *sample_data_new (void);

#endif
