/* The SQL of closings and releases. */
#include "services/statistics/store_release.h"

#include <string.h>

#define KEY "place = ?1 AND measure = ?2 AND kind = ?3 AND code = ?4 AND first = ?5 AND behind = ?6"
#define FIGURE                                                                                                         \
  "SELECT f.place, f.measure, f.kind, f.code, f.first, f.behind, f.tab, f.value, r.number, r.month, r.day, r.plan"     \
  " FROM open_figure f JOIN release r ON r.number = f.release WHERE f.place BETWEEN ?1 AND ?2 "
#define IN_ORDER " ORDER BY f.place, f.behind, f.first, f.measure, f.kind, f.code"

void statistics_release_store_init (statistics_release_store_t *store, mns_db_t *db) {
  store->db = db;
  store->closed = mns_db_prepare (db, "SELECT month, reopened FROM closing ORDER BY number DESC LIMIT 1");
  store->released = mns_db_prepare (db, "SELECT max (month) FROM release");
  store->save_closing =
      mns_db_prepare (db, "INSERT INTO closing (number, month, reopened, day, reason) VALUES (?1, ?2, ?3, ?4, ?5)");
  store->closings =
      mns_db_prepare (db, "SELECT number, month, reopened, day, reason FROM closing ORDER BY number DESC");
  store->save_release =
      mns_db_prepare (db, "INSERT INTO release (number, month, day, plan, figures, revised, withheld, held)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  store->releases = mns_db_prepare (
      db, "SELECT number, month, day, plan, figures, revised, withheld, held FROM release ORDER BY number DESC");
  store->last_figure = mns_db_prepare (db, "SELECT value FROM open_figure WHERE " KEY " ORDER BY release DESC LIMIT 1");
  store->save_figure =
      mns_db_prepare (db, "INSERT INTO open_figure (place, measure, kind, code, first, behind, release, tab, value)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  store->read_known =
      mns_db_prepare (db, "SELECT place, measure, kind, code, first, behind, low, high, whole, first_low, first_high,"
                          " rise, fall FROM open_knowledge");
  store->save_known = mns_db_prepare (
      db, "INSERT INTO open_knowledge (place, measure, kind, code, first, behind, low, high, whole, first_low,"
          " first_high, rise, fall) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
          " ON CONFLICT (place, measure, kind, code, first, behind) DO UPDATE SET low = excluded.low,"
          " high = excluded.high, whole = excluded.whole, first_low = excluded.first_low,"
          " first_high = excluded.first_high, rise = excluded.rise, fall = excluded.fall"
          " WHERE low <> excluded.low OR high <> excluded.high OR whole <> excluded.whole"
          " OR first_low <> excluded.first_low OR first_high <> excluded.first_high");
  store->figures_of = mns_db_prepare (db, FIGURE "AND r.month = ?3" IN_ORDER);
  store->figures = mns_db_prepare (
      db, FIGURE "AND f.release = (SELECT max (g.release) FROM open_figure g JOIN release s ON s.number = g.release"
                 " WHERE g.place = f.place AND g.measure = f.measure AND g.kind = f.kind AND g.code = f.code"
                 " AND g.first = f.first AND g.behind = f.behind AND s.day <= ?3)" IN_ORDER);
  store->value_at = mns_db_prepare (db, "SELECT value FROM open_figure JOIN release ON number = release WHERE " KEY
                                        " AND day <= ?7 ORDER BY release DESC LIMIT 1");
  store->export = mns_db_prepare (
      db, "SELECT line FROM ("
          "SELECT 1 part, number a, 0 b, '' c, '' d, 0 e, 0 f, 0 g, 'closing' || char(9) || number || char(9) || month"
          " || char(9) || reopened || char(9) || day || char(9) || reason || char(10) line FROM closing UNION ALL "
          "SELECT 2, number, 0, '', '', 0, 0, 0, 'release' || char(9) || number || char(9) || month || char(9) || day"
          " || char(9) || plan || char(9) || figures || char(9) || revised || char(9) || withheld || char(9) || held"
          " || char(10) FROM release UNION ALL "
          "SELECT 3, release, place, measure, kind, code, first, behind, 'released' || char(9) || release || char(9)"
          " || place || char(9) || measure || char(9) || kind || char(9) || code || char(9) || first || char(9)"
          " || behind || char(9) || tab || char(9) || coalesce (value, '') || char(10) FROM open_figure UNION ALL "
          "SELECT 4, 0, place, measure, kind, code, first, behind, 'known' || char(9) || place || char(9) || measure"
          " || char(9) || kind || char(9) || code || char(9) || first || char(9) || behind || char(9) || low || char(9)"
          " || high || char(9) || whole || char(9) || first_low || char(9) || first_high || char(9) || rise || char(9)"
          " || fall || char(10) FROM open_knowledge) ORDER BY part, a, b, c, d, e, f, g");
}

/* ---- months and keys --------------------------------------------------------------------------------------------- */
static int to_number (int month) {
  return month / 12 * 100 + month % 12 + 1;
}

static int from_number (int number) {
  return number / 100 * 12 + number % 100 - 1;
}

static const char *kind_word (statistics_by_t by) {
  return mns_code_word (&mns_release_by, (mns_code_t)(by + 1));
}

/* Columns 0 … 5. */
static mns_rc_t read_key (sqlite3_stmt *statement, statistics_figure_key_t *key) {
  char measure[MNS_MEASURE_MAX + 1], kind[16];
  int first, behind;
  mns_db_read (statement, "pttnnn", &key->place, measure, sizeof measure, kind, sizeof kind, &key->code, &first,
               &behind);
  mns_code_t by = mns_code_find (&mns_release_by, kind);
  key->first = from_number (first);
  key->end = from_number (behind);
  key->by = (statistics_by_t)(by - 1);
  return by && statistics_plan_find_measure (measure, strlen (measure), &key->measure) ? MNS_OK : MNS_CORRUPT;
}

/* ---- closings ---------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_release_store_closed (statistics_release_store_t *store, int *closed) {
  bool row;
  int month, reopened;
  *closed = 0;
  mns_rc_t rc = mns_db_step (store->db, store->closed, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (store->closed, "nn", &month, &reopened);
    *closed = from_number (month) + (reopened ? 0 : 1);
    sqlite3_reset (store->closed);
  }
  return rc;
}

mns_rc_t statistics_release_store_released (statistics_release_store_t *store, int *released) {
  bool row;
  int month;
  mns_rc_t rc = mns_db_step (store->db, store->released, &row);
  mns_db_read (store->released, "n", &month);
  sqlite3_reset (store->released);
  *released = month ? from_number (month) + 1 : 0;
  return rc;
}

mns_rc_t statistics_release_store_close (statistics_release_store_t *store, const statistics_closing_t *closing) {
  mns_db_bind (store->save_closing, "unndt", closing->number, to_number (closing->month), (int)closing->reopened,
               closing->day, closing->reason);
  return mns_db_run (store->db, store->save_closing);
}

mns_rc_t statistics_release_store_closings (statistics_release_store_t *store,
                                            void (*row) (void *context, const statistics_closing_t *closing),
                                            void *context) {
  bool more;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->closings, &more)) == MNS_OK && more) {
    char reason[MNS_REASON_MAX + 1];
    int month, reopened;
    statistics_closing_t closing = {.reason = reason};
    mns_db_read (store->closings, "unndt", &closing.number, &month, &reopened, &closing.day, reason, sizeof reason);
    closing.month = from_number (month);
    closing.reopened = reopened != 0;
    row (context, &closing);
  }
  return rc;
}

/* ---- a release --------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_release_store_last (statistics_release_store_t *store, const statistics_figure_key_t *key,
                                        int64_t *value, bool *known) {
  mns_db_bind (store->last_figure, "pttnnn", key->place, statistics_plan_measure (key->measure), kind_word (key->by),
               key->code, to_number (key->first), to_number (key->end));
  *value = MNS_NONE;
  mns_rc_t rc = mns_db_step (store->db, store->last_figure, known);
  if (rc == MNS_OK && *known) {
    mns_db_read (store->last_figure, "i", value);
    sqlite3_reset (store->last_figure);
  }
  return rc;
}

mns_rc_t statistics_release_store_known (statistics_release_store_t *store, statistics_release_t *release) {
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->read_known, &row)) == MNS_OK && row) {
    statistics_knowledge_t known;
    rc = read_key (store->read_known, &known.key);
    mns_db_read (store->read_known, "------iiiiiii", &known.interval.low, &known.interval.high, &known.whole,
                 &known.first.low, &known.first.high, &known.rise, &known.fall);
    if (rc) {
      sqlite3_reset (store->read_known);
      return rc;
    }
    statistics_release_recall (release, &known);
  }
  return rc;
}

static bool is_told (const statistics_open_figure_t *figure) {
  bool withheld = figure->fate == STATISTICS_FIGURE_NEW && figure->figure == MNS_NONE;
  return figure->fate == STATISTICS_FIGURE_REVISED ||
         (figure->fate == STATISTICS_FIGURE_NEW && !(withheld && figure->known));
}

static mns_rc_t save_figure (statistics_release_store_t *store, uint64_t number, const statistics_release_t *release,
                             const statistics_open_figure_t *figure) {
  const char *tab = figure->table < 0 ? "county" : release->plan->tables[figure->table].name;
  const statistics_figure_key_t *key = &figure->key;
  mns_db_bind (store->save_figure, "pttnnnuti", key->place, statistics_plan_measure (key->measure), kind_word (key->by),
               key->code, to_number (key->first), to_number (key->end), number, tab, (int64_t)figure->figure);
  return mns_db_run (store->db, store->save_figure);
}

static mns_rc_t save_known (statistics_release_store_t *store, const statistics_knowledge_t *known) {
  const statistics_figure_key_t *key = &known->key;
  mns_db_bind (store->save_known, "pttnnniiiiiii", key->place, statistics_plan_measure (key->measure),
               kind_word (key->by), key->code, to_number (key->first), to_number (key->end),
               (int64_t)known->interval.low, (int64_t)known->interval.high, (int64_t)known->whole,
               (int64_t)known->first.low, (int64_t)known->first.high, (int64_t)known->rise, (int64_t)known->fall);
  return mns_db_run (store->db, store->save_known);
}

mns_rc_t statistics_release_store_save (statistics_release_store_t *store, const statistics_release_row_t *row,
                                        const statistics_release_t *release) {
  mns_db_bind (store->save_release, "undiiiii", row->number, to_number (row->month), row->day, (int64_t)row->plan,
               (int64_t)row->figures, (int64_t)row->revised, (int64_t)row->withheld, (int64_t)row->held);
  mns_rc_t rc = mns_db_run (store->db, store->save_release);
  for (size_t i = 0; rc == MNS_OK && i < release->count; i++)
    if (is_told (&release->figures[i]))
      rc = save_figure (store, row->number, release, &release->figures[i]);
  for (size_t i = 0; rc == MNS_OK && i < release->known_count; i++)
    rc = save_known (store, &release->known[i]);
  return rc;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_release_store_releases (statistics_release_store_t *store,
                                            void (*row) (void *context, const statistics_release_row_t *release),
                                            void *context) {
  bool more;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->releases, &more)) == MNS_OK && more) {
    statistics_release_row_t release;
    int month;
    mns_db_read (store->releases, "unduiiii", &release.number, &month, &release.day, &release.plan, &release.figures,
                 &release.revised, &release.withheld, &release.held);
    release.month = from_number (month);
    row (context, &release);
  }
  return rc;
}

mns_rc_t statistics_release_store_figures (statistics_release_store_t *store, mns_place_t place, int only,
                                           mns_date_t day,
                                           void (*row) (void *context, const statistics_told_figure_t *figure),
                                           void *context) {
  sqlite3_stmt *read = only ? store->figures_of : store->figures;
  bool more;
  mns_rc_t rc;
  mns_db_bind (read, "ppn", place, mns_place_last (place), only ? to_number (only) : day ? (int)day : 99991231);
  while ((rc = mns_db_step (store->db, read, &more)) == MNS_OK && more) {
    statistics_told_figure_t figure = {0};
    int month;
    rc = read_key (read, &figure.key);
    mns_db_read (read, "------tiundu", figure.tab, sizeof figure.tab, &figure.value, &figure.release.number, &month,
                 &figure.release.day, &figure.release.plan);
    figure.release.month = from_number (month);
    if (rc) {
      sqlite3_reset (read);
      return rc;
    }
    row (context, &figure);
  }
  return rc;
}

mns_rc_t statistics_release_store_value (statistics_release_store_t *store, const statistics_figure_key_t *key,
                                         mns_date_t day, int64_t *value) {
  bool row;
  mns_db_bind (store->value_at, "pttnnnn", key->place, statistics_plan_measure (key->measure), kind_word (key->by),
               key->code, to_number (key->first), to_number (key->end), day ? (int)day : 99991231);
  *value = MNS_NONE;
  mns_rc_t rc = mns_db_step (store->db, store->value_at, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (store->value_at, "i", value);
    sqlite3_reset (store->value_at);
  }
  return rc;
}

mns_rc_t statistics_release_store_export (statistics_release_store_t *store,
                                          mns_rc_t (*line) (void *to, const char *text, size_t size), void *to) {
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->export, &row)) == MNS_OK && row) {
    rc = line (to, (const char *)sqlite3_column_text (store->export, 0),
               (size_t)sqlite3_column_bytes (store->export, 0));
    if (rc) {
      sqlite3_reset (store->export);
      return rc;
    }
  }
  return rc;
}
