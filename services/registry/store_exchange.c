/* Matters with other counties in the store. */
#include "services/registry/store_exchange.h"

#include <string.h>

/* ---- statements -------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *prepare_matters (mns_db_t *db, const char *before, const char *behind) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "%s ", before);
  mns_record_columns (&mns_matter_info_type, &sql);
  mns_buffer_printf (&sql, " %s", behind);
  mns_buffer_add (&sql, "", 1);
  sqlite3_stmt *statement = mns_db_prepare (db, (const char *)sql.data);
  mns_buffer_fini (&sql);
  return statement;
}

static void add_updates (mns_buffer_t *sql) {
  const mns_field_t *field = mns_matter_info_type.fields;
  for (uint16_t i = 1; i < mns_matter_info_type.field_count; i++)
    mns_buffer_printf (sql, "%s%s = excluded.%s", i > 1 ? ", " : "", field[i].name, field[i].name);
  mns_buffer_add (sql, "", 1);
}

static sqlite3_stmt *prepare_put (mns_db_t *db) {
  mns_buffer_t behind = {0};
  mns_buffer_printf (&behind, ") VALUES (");
  mns_record_placeholders (&mns_matter_info_type, 1, &behind);
  mns_buffer_printf (&behind, ") ON CONFLICT (id) DO UPDATE SET ");
  add_updates (&behind);
  sqlite3_stmt *statement = prepare_matters (db, "INSERT INTO matter (", (const char *)behind.data);
  mns_buffer_fini (&behind);
  return statement;
}

#define LISTED                                                                                                         \
  "FROM matter WHERE id > ?1 AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR kind = ?3) AND "                           \
  "(?4 IS NULL OR state = ?4) AND (?5 IS NULL OR side = ?5) AND (?6 IS NULL OR partner = ?6) AND "                     \
  "(?7 IS NULL OR person = ?7) AND (?8 IS NULL OR open = ?8) ORDER BY id"

#define TALLY                                                                                                          \
  "SELECT l.connected, l.heard, l.log_epoch, l.log_number, l.chain, l.detail, "                                        \
  "(SELECT count (*) FROM matter WHERE partner = ?1 AND open = 'yes' AND side = 'sent'), "                             \
  "(SELECT count (*) FROM matter WHERE partner = ?1 AND open = 'yes' AND side = 'received'), "                         \
  "(SELECT count (*) FROM matter WHERE partner = ?1 AND open = 'yes' AND due < ?2), "                                  \
  "(SELECT count (*) FROM matter WHERE partner = ?1 AND open = 'yes' AND trouble IS NOT NULL), "                       \
  "v.asked, v.in_time, v.received, v.received_in_time "                                                                \
  "FROM (SELECT coalesce (sum (side = 'sent'), 0) AS asked, "                                                          \
  "coalesce (sum (side = 'sent' AND answered AND closed <= due), 0) AS in_time, "                                      \
  "coalesce (sum (side = 'received'), 0) AS received, "                                                                \
  "coalesce (sum (side = 'received' AND answered AND closed <= due), 0) AS received_in_time "                          \
  "FROM (SELECT side, closed, due, state = 'answered' AS answered FROM matter "                                        \
  "WHERE partner = ?1 AND kind = 'verification' AND (state = 'answered' OR (open = 'yes' AND due < ?2)))) AS v "       \
  "LEFT JOIN partner_line l ON l.county = ?1"

void registry_matters_init (registry_matters_t *matters, mns_db_t *db) {
  *matters = (registry_matters_t){
      .db = db,
      .put = prepare_put (db),
      .get = prepare_matters (db, "SELECT", "FROM matter WHERE id = ?1"),
      .by_identity = prepare_matters (db, "SELECT", "FROM matter WHERE matter = ?1"),
      .list = prepare_matters (db, "SELECT", LISTED),
      .of_person = prepare_matters (db, "SELECT",
                                    "FROM matter WHERE person = ?1 AND kind = ?2 AND (open = 'yes' OR state = "
                                    "'current') ORDER BY id LIMIT 1"),
      .due = prepare_matters (db, "SELECT", "FROM matter WHERE act_on <= ?1 ORDER BY act_on, id LIMIT 1"),
      .letter_put = mns_db_prepare (db, "INSERT INTO letter (matter, partner, state, epoch, number, account, recorded) "
                                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      .letter_known =
          mns_db_prepare (db, "SELECT 1 FROM letter WHERE partner = ?1 AND epoch = ?2 AND number = ?3 LIMIT 1"),
      .letters = mns_db_prepare (db, "SELECT letter, CASE WHEN partner IS NULL THEN 'sent' ELSE 'received' END, state, "
                                     "epoch, number, account, recorded FROM letter WHERE matter = ?1 ORDER BY letter"),
      .line_put = mns_db_prepare (
          db, "INSERT INTO partner_line (county, connected, heard, log_epoch, log_number, chain, detail) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (county) DO UPDATE SET connected = excluded.connected, "
              "heard = coalesce (excluded.heard, heard), "
              "log_epoch = CASE WHEN excluded.log_number IS NULL THEN log_epoch ELSE excluded.log_epoch END, "
              "chain = CASE WHEN excluded.log_number IS NULL THEN chain ELSE excluded.chain END, "
              "log_number = coalesce (excluded.log_number, log_number), detail = excluded.detail"),
      .tally = mns_db_prepare (db, TALLY),
  };
}

/* ---- matters ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_matter_put (registry_matters_t *matters, const mns_matter_info_t *matter) {
  mns_rc_t rc = mns_record_bind (&mns_matter_info_type, matter, matters->put, 1);
  return rc == MNS_OK ? mns_db_run (matters->db, matters->put) : rc;
}

/* Reads the one row of a bound statement; id 0 when there is none. */
static mns_rc_t read_one (registry_matters_t *matters, sqlite3_stmt *statement, mns_matter_info_t *matter) {
  bool row;
  mns_record_clear (&mns_matter_info_type, matter);
  mns_rc_t rc = mns_db_step (matters->db, statement, &row);
  if (rc == MNS_OK && row)
    rc = mns_record_read (&mns_matter_info_type, matter, statement, 0, NULL);
  sqlite3_reset (statement);
  return rc;
}

mns_rc_t registry_matter_get (registry_matters_t *matters, uint64_t id, mns_matter_info_t *matter, mns_error_t *error) {
  mns_db_bind (matters->get, "u", id);
  mns_rc_t rc = read_one (matters, matters->get, matter);
  if (rc == MNS_OK && !matter->id)
    rc = mns_fail (error, MNS_NOT_FOUND, "id", "there is no matter %llu (mns exchange list)", (unsigned long long)id);
  return rc;
}

mns_rc_t registry_matter_find (registry_matters_t *matters, const mns_uuid_t *identity, mns_matter_info_t *matter) {
  mns_db_bind (matters->by_identity, "g", identity);
  return read_one (matters, matters->by_identity, matter);
}

mns_rc_t registry_matter_of_person (registry_matters_t *matters, uint64_t person, mns_code_t kind,
                                    mns_matter_info_t *matter) {
  mns_db_bind (matters->of_person, "ut", person, mns_code_word (&mns_matter_kind, kind));
  return read_one (matters, matters->of_person, matter);
}

mns_rc_t registry_matter_due (registry_matters_t *matters, mns_date_t today, mns_matter_info_t *matter) {
  mns_db_bind (matters->due, "d", today);
  return read_one (matters, matters->due, matter);
}

mns_rc_t registry_matters_list (registry_matters_t *matters, const mns_matter_query_t *query,
                                registry_each_matter_t each, void *context) {
  mns_matter_info_t matter;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (matters->list, "iussspus", (int64_t)query->after, query->id,
               mns_code_word (&mns_matter_kind, query->kind), mns_code_word (&mns_matter_state, query->state),
               mns_code_word (&mns_matter_side, query->side), query->partner, query->person,
               mns_code_word (&mns_yes_no, query->open));
  while (rc == MNS_OK) {
    rc = mns_db_step (matters->db, matters->list, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_matter_info_type, &matter, matters->list, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &matter);
  }
  sqlite3_reset (matters->list);
  return rc == MNS_GONE ? MNS_OK : rc;
}

/* ---- letters ----------------------------------------------------------------------------------------------------- */

mns_rc_t registry_letter_put (registry_matters_t *matters, uint64_t matter, mns_place_t partner,
                              const mns_letter_info_t *letter) {
  mns_db_bind (matters->letter_put, "uptiitm", matter, partner, mns_code_word (&mns_matter_state, letter->state),
               (int64_t)letter->epoch, (int64_t)letter->number, letter->account, letter->recorded);
  return mns_db_run (matters->db, matters->letter_put);
}

mns_rc_t registry_letter_known (registry_matters_t *matters, mns_place_t partner, uint64_t epoch, uint64_t number,
                                bool *known) {
  mns_db_bind (matters->letter_known, "pii", partner, (int64_t)epoch, (int64_t)number);
  mns_rc_t rc = mns_db_step (matters->db, matters->letter_known, known);
  sqlite3_reset (matters->letter_known);
  return rc;
}

mns_rc_t registry_letters_of (registry_matters_t *matters, uint64_t matter, registry_each_letter_t each,
                              void *context) {
  mns_letter_info_t letter;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  mns_db_bind (matters->letters, "u", matter);
  while (rc == MNS_OK) {
    rc = mns_db_step (matters->db, matters->letters, &row);
    if (rc != MNS_OK || !row)
      break;
    rc = mns_record_read (&mns_letter_info_type, &letter, matters->letters, 0, NULL);
    if (rc == MNS_OK)
      rc = each (context, &letter);
  }
  sqlite3_reset (matters->letters);
  return rc;
}

/* ---- partners ---------------------------------------------------------------------------------------------------- */

mns_rc_t registry_line_put (registry_matters_t *matters, const mns_partner_report_t *report) {
  mns_db_bind (matters->line_put, "ptmuuis", report->county, mns_code_word (&mns_yes_no, report->connected),
               report->heard, report->log_epoch, report->log_number, report->chain, report->detail);
  return mns_db_run (matters->db, matters->line_put);
}

mns_rc_t registry_partner_tally (registry_matters_t *matters, mns_date_t today, mns_partner_info_t *partner) {
  bool row;
  char connected[4];
  mns_db_bind (matters->tally, "pd", partner->county, today);
  mns_rc_t rc = mns_db_step (matters->db, matters->tally, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (matters->tally, "tmuuitiiiiiiii", connected, sizeof connected, &partner->heard, &partner->log_epoch,
                 &partner->log_number, &partner->chain, partner->detail, sizeof partner->detail, &partner->open_sent,
                 &partner->open_received, &partner->overdue, &partner->trouble, &partner->asked, &partner->in_time,
                 &partner->received, &partner->received_in_time);
    partner->connected = strcmp (connected, "yes") == 0 ? MNS_YES : MNS_NO;
  }
  sqlite3_reset (matters->tally);
  return rc;
}
