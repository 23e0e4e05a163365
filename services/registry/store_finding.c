/* Findings in the store. */
#include "services/registry/store_finding.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                                        \
  "id, rule, state, place, person, household, detail, opened, deadline, restricted_until, closed, account, reason"

/* A first finding of a place in a state is found by its index; what happened in a month by the place's. */
static const char rate_sql[] = "SELECT (SELECT count (*) FROM person WHERE place = ?1 AND status = 'present'),"
                               " count (*) FILTER (WHERE opened / 100 = ?2 / 100),"
                               " count (*) FILTER (WHERE state = 'corrected' AND closed / 100 = ?2 / 100),"
                               " count (*) FILTER (WHERE state = 'closed' AND closed / 100 = ?2 / 100),"
                               " count (*) FILTER (WHERE state = 'open'),"
                               " count (*) FILTER (WHERE state = 'open' AND deadline < ?2)"
                               " FROM finding WHERE place = ?1 AND state <> 'noted'";

void registry_findings_init (registry_findings_t *findings, mns_db_t *db) {
  *findings = (registry_findings_t){
      .db = db,
      .insert = mns_db_prepare (db, "INSERT INTO finding (rule, state, place, person, household, detail, opened, "
                                    "deadline, restricted_until, recorded) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                                    "?10)"),
      .remark = mns_db_prepare (db, "INSERT INTO finding (rule, state, place, person, field, detail, recorded) "
                                    "SELECT 'remark', 'noted', place, id, ?2, ?3, ?4 FROM person WHERE id = ?1"),
      .remarks = mns_db_prepare (db, "SELECT detail FROM finding WHERE person = ?1 AND state IN ('noted', 'open') "
                                     "AND (?2 IS NULL OR restricted_until IS NULL OR restricted_until <= ?2) "
                                     "ORDER BY id"),
      .get = mns_db_prepare (db, "SELECT " COLUMNS " FROM finding WHERE id = ?1"),
      .close = mns_db_prepare (db, "UPDATE finding SET state = ?2, closed = ?3, account = ?4, reason = ?5 WHERE id = "
                                   "?1"),
      .restate = mns_db_prepare (db, "UPDATE finding SET detail = ?2 WHERE id = ?1"),
      .of_person = mns_db_prepare (db, "SELECT " COLUMNS " FROM finding WHERE person = ?1 ORDER BY id"),
      .of_household = mns_db_prepare (db, "SELECT " COLUMNS " FROM finding WHERE household = ?1 ORDER BY id"),
      .of_place = mns_db_prepare (db, "SELECT " COLUMNS " FROM finding WHERE place = ?1 AND person IS NULL AND "
                                      "household IS NULL ORDER BY id"),
      .in_state = mns_db_prepare (db, "SELECT " COLUMNS " FROM finding WHERE state = ?1 AND id > ?2 ORDER BY id"),
      .rate = mns_db_prepare (db, rate_sql),
      .told = mns_db_prepare (db, "SELECT persons, opened, corrected, closed, standing, overdue FROM quality_told "
                                  "WHERE place = ?1 AND month = ?2"),
      .tell = mns_db_prepare (db, "INSERT INTO quality_told VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
                                  "ON CONFLICT (place, month) DO UPDATE SET persons = ?3, opened = ?4, corrected = ?5, "
                                  "closed = ?6, standing = ?7, overdue = ?8"),
  };
}

/* ---- one finding ------------------------------------------------------------------------------------------------- */

mns_rc_t registry_finding_insert (registry_findings_t *findings, const registry_finding_t *finding, mns_time_t now) {
  mns_db_bind (findings->insert, "ttpuutdddm", mns_code_word (&mns_quality_rule, finding->rule),
               mns_code_word (&mns_finding_state, finding->state), finding->about.place, finding->about.person,
               finding->about.household, finding->detail, finding->opened, finding->deadline, finding->restricted_until,
               now);
  return mns_db_run (findings->db, findings->insert);
}

static void read_finding (sqlite3_stmt *statement, registry_finding_t *finding) {
  char rule[32], state[16];
  mns_db_read (statement, "uttpuutddddtt", &finding->id, rule, sizeof rule, state, sizeof state, &finding->about.place,
               &finding->about.person, &finding->about.household, finding->detail, sizeof finding->detail,
               &finding->opened, &finding->deadline, &finding->restricted_until, &finding->closed, finding->account,
               sizeof finding->account, finding->reason, sizeof finding->reason);
  finding->rule = mns_code_find (&mns_quality_rule, rule);
  finding->state = mns_code_find (&mns_finding_state, state);
}

mns_rc_t registry_finding_get (registry_findings_t *findings, uint64_t id, registry_finding_t *finding,
                               mns_error_t *error) {
  bool row = false;
  mns_db_bind (findings->get, "u", id);
  mns_rc_t rc = mns_db_step (findings->db, findings->get, &row);
  if (rc == MNS_OK && row)
    read_finding (findings->get, finding);
  sqlite3_reset (findings->get);
  if (rc == MNS_OK && !row)
    return mns_fail (error, MNS_NOT_FOUND, "finding", "there is no finding %" PRIu64 "; see `mns quality list`", id);
  return rc;
}

mns_rc_t registry_finding_close (registry_findings_t *findings, const registry_finding_t *finding) {
  mns_db_bind (findings->close, "utdss", finding->id, mns_code_word (&mns_finding_state, finding->state),
               finding->closed, finding->account, finding->reason);
  return mns_db_run (findings->db, findings->close);
}

mns_rc_t registry_finding_restate (registry_findings_t *findings, const registry_finding_t *finding) {
  mns_db_bind (findings->restate, "ut", finding->id, finding->detail);
  return mns_db_run (findings->db, findings->restate);
}

/* ---- remarks ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_remark (registry_findings_t *findings, uint64_t person, const char *field, const char *detail,
                          mns_time_t now) {
  mns_db_bind (findings->remark, "uttm", person, field, detail, now);
  return mns_db_run (findings->db, findings->remark);
}

mns_rc_t registry_remarks (registry_findings_t *findings, uint64_t person, mns_date_t today, char *text, size_t size) {
  bool row = true;
  mns_rc_t rc = MNS_OK;
  size_t used = 0;
  text[0] = 0;
  mns_db_bind (findings->remarks, "ud", person, today);
  while (used + 1 < size && (rc = mns_db_step (findings->db, findings->remarks, &row)) == MNS_OK && row) {
    char detail[256];
    mns_db_read (findings->remarks, "t", detail, sizeof detail);
    int printed = snprintf (text + used, size - used, "%s%s", used ? "; " : "", detail);
    used += printed > 0 ? (size_t)printed : 0;
  }
  sqlite3_reset (findings->remarks);
  return rc;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static mns_rc_t walk (registry_findings_t *findings, sqlite3_stmt *statement, registry_each_finding_t each,
                      void *context) {
  registry_finding_t finding;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  while (rc == MNS_OK && (rc = mns_db_step (findings->db, statement, &row)) == MNS_OK && row) {
    read_finding (statement, &finding);
    rc = each (context, &finding);
  }
  sqlite3_reset (statement);
  return rc == MNS_GONE ? MNS_OK : rc;
}

mns_rc_t registry_findings_about (registry_findings_t *findings, const registry_subject_t *about,
                                  registry_each_finding_t each, void *context) {
  sqlite3_stmt *statement = about->person      ? findings->of_person
                            : about->household ? findings->of_household
                                               : findings->of_place;
  uint64_t id = about->person ? about->person : about->household ? about->household : (uint64_t)about->place;
  mns_db_bind (statement, "u", id);
  return walk (findings, statement, each, context);
}

mns_rc_t registry_findings_in_state (registry_findings_t *findings, mns_code_t state, uint64_t after,
                                     registry_each_finding_t each, void *context) {
  mns_db_bind (findings->in_state, "ti", mns_code_word (&mns_finding_state, state), (int64_t)after);
  return walk (findings, findings->in_state, each, context);
}

/* ---- rates ------------------------------------------------------------------------------------------------------- */

mns_rc_t registry_rate_count (registry_findings_t *findings, mns_place_t place, mns_date_t today,
                              mns_quality_rate_t *rate) {
  bool row;
  mns_record_clear (&mns_quality_rate_type, rate);
  rate->place = place;
  rate->month = today / 100;
  mns_db_bind (findings->rate, "pd", place, today);
  mns_rc_t rc = mns_db_step (findings->db, findings->rate, &row);
  if (rc == MNS_OK)
    mns_db_read (findings->rate, "iiiiii", &rate->persons, &rate->opened, &rate->corrected, &rate->closed,
                 &rate->standing, &rate->overdue);
  sqlite3_reset (findings->rate);
  return rc;
}

mns_rc_t registry_rate_tell (registry_findings_t *findings, const mns_quality_rate_t *rate, bool *is_new) {
  mns_quality_rate_t told = *rate;
  bool row = false;
  mns_db_bind (findings->told, "pi", rate->place, rate->month);
  mns_rc_t rc = mns_db_step (findings->db, findings->told, &row);
  if (rc == MNS_OK && row)
    mns_db_read (findings->told, "iiiiii", &told.persons, &told.opened, &told.corrected, &told.closed, &told.standing,
                 &told.overdue);
  sqlite3_reset (findings->told);
  *is_new = rc == MNS_OK && (!row || !mns_record_equal (&mns_quality_rate_type, rate, &told));
  if (!*is_new)
    return rc;
  mns_db_bind (findings->tell, "piiiiiii", rate->place, rate->month, rate->persons, rate->opened, rate->corrected,
               rate->closed, rate->standing, rate->overdue);
  return mns_db_run (findings->db, findings->tell);
}
