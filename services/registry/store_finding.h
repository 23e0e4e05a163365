/* Findings in the store, and the rate that was told of each place and month. */
#ifndef MNS_REGISTRY_STORE_FINDING_H
#define MNS_REGISTRY_STORE_FINDING_H

#include "common/db.h"
#include "common/records/registry_quality.h"

/* What a finding is about: a person, a household, or with neither the place alone. */
typedef struct {
  uint64_t person, household;
  mns_place_t place;
} registry_subject_t;

typedef struct {
  uint64_t id;
  mns_code_t rule, state;
  registry_subject_t about;
  char detail[401];
  mns_date_t opened, deadline, restricted_until, closed;
  char account[49], reason[201];
} registry_finding_t;

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *insert, *remark, *remarks, *get, *close, *restate;
  sqlite3_stmt *of_person, *of_household, *of_place, *in_state;
  sqlite3_stmt *rate, *told, *tell;
} registry_findings_t;

void registry_findings_init (registry_findings_t *findings, mns_db_t *db);

mns_rc_t registry_finding_insert (registry_findings_t *findings, const registry_finding_t *finding, mns_time_t now);
/* MNS_NOT_FOUND when there is none. */
mns_rc_t registry_finding_get (registry_findings_t *findings, uint64_t id, registry_finding_t *finding,
                               mns_error_t *error);
/* Writes state, closed, account and reason. */
mns_rc_t registry_finding_close (registry_findings_t *findings, const registry_finding_t *finding);
/* Writes detail. */
mns_rc_t registry_finding_restate (registry_findings_t *findings, const registry_finding_t *finding);

/* A remark about a person: noted, nothing to do. */
mns_rc_t registry_remark (registry_findings_t *findings, uint64_t person, const char *field, const char *detail,
                          mns_time_t now);
/* The remarks and open findings of a person, joined by "; ". `today`: without those that are restricted still; 0: all.
 */
mns_rc_t registry_remarks (registry_findings_t *findings, uint64_t person, mns_date_t today, char *text, size_t size);

/* Calls `each`, which answers MNS_GONE to end, for the findings about a subject in any state, or for all in a state
 * behind `after`, in the order of their numbers. */
typedef mns_rc_t (*registry_each_finding_t) (void *context, const registry_finding_t *finding);
mns_rc_t registry_findings_about (registry_findings_t *findings, const registry_subject_t *about,
                                  registry_each_finding_t each, void *context);
mns_rc_t registry_findings_in_state (registry_findings_t *findings, mns_code_t state, uint64_t after,
                                     registry_each_finding_t each, void *context);

/* The rate of a village and month as of `today`. */
mns_rc_t registry_rate_count (registry_findings_t *findings, mns_place_t place, mns_date_t today,
                              mns_quality_rate_t *rate);
/* *is_new: it differs from what was told last, and is now what was told. */
mns_rc_t registry_rate_tell (registry_findings_t *findings, const mns_quality_rate_t *rate, bool *is_new);

#endif
