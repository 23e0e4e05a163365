/* The table plan of the open audience: catalogue/release.yaml, or DATA/catalogue/release.yaml in its place. */
#ifndef MNS_STATISTICS_PLAN_H
#define MNS_STATISTICS_PLAN_H

#include "common/records/release_records.h"
#include "services/statistics/measure.h"
#include "services/statistics/rules_period.h"

/* Behind the measures: the registered population at the end, which is made of several. */
#define STATISTICS_POPULATION STATISTICS_MEASURES

typedef enum { STATISTICS_BY_NONE, STATISTICS_BY_SEX, STATISTICS_BY_ORDER } statistics_by_t;

typedef struct {
  char name[33];
  mns_code_t level; /* MNS_TOWNSHIP or MNS_VILLAGE */
  statistics_period_kind_t every;
  int years;         /* pooled; 0 the period alone */
  uint64_t measures; /* bit set by measure */
  statistics_by_t by;
} statistics_table_t;

typedef struct {
  size_t count;
  statistics_table_t tables[MNS_RELEASE_TABLES_MAX]; /* those below the county, the most important first */
  mns_release_table_t rows[MNS_RELEASE_TABLES_MAX];  /* the same as they are written */
  uint64_t county;                                   /* measures of the county that are open */
  int64_t flagged, withheld;                         /* rates on fewer events */
  uint64_t version;                                  /* of the tables below the county */
} statistics_plan_t;

/* Every mistake is told in the error's detail as far as it fits. `data` "": the built-in plan. */
mns_rc_t statistics_plan_load (statistics_plan_t *plan, const char *data, mns_error_t *error);
/* The plan that a release went by: only its tables. */
mns_rc_t statistics_plan_from_release (statistics_plan_t *plan, const mns_release_t *release, mns_error_t *error);
/* "births", or "population". */
const char *statistics_plan_measure (int measure);
bool statistics_plan_find_measure (const char *word, size_t size, int *measure);

#endif
