/* All the SQL of the cube. */
#include "services/statistics/store_cube.h"

#include <stdio.h>
#include <string.h>

static mns_month_t month_number (int month) {
  return month / 12 * 100 + month % 12 + 1;
}

void statistics_store_init (statistics_store_t *store, mns_db_t *db) {
  store->db = db;
  store->save_series = mns_db_prepare (db, "INSERT INTO series (id, measure, dimension) VALUES (?1, ?2, ?3)");
  store->save_cell = mns_db_prepare (
      db, "INSERT INTO cell (id, place, month, basis, series, value, revision, key)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
          " ON CONFLICT (id) DO UPDATE SET value = excluded.value, revision = excluded.revision, key = excluded.key");
  store->save_published = mns_db_prepare (db, "INSERT INTO published (cell, value) VALUES (?1, ?2)"
                                              " ON CONFLICT (cell) DO UPDATE SET value = excluded.value");
  store->save_age = mns_db_prepare (db, "INSERT INTO age (place, month, basis, counts) VALUES (?1, ?2, ?3, ?4)"
                                        " ON CONFLICT (place, month, basis) DO UPDATE SET counts = excluded.counts");
  store->export_ages = mns_db_prepare (db, "SELECT place, month, basis, counts FROM age ORDER BY place, month, basis");
  store->counts = (mns_buffer_t){0};
  store->export = mns_db_prepare (
      db,
      "SELECT line FROM ("
      "SELECT 1 part, code a, 0 b, '' c, '' d, '' e, 'place' || char(9) || code || char(9) || name || char(9) || level"
      " || char(9) || coalesce(parent, '') || char(9) || coalesce(registration, '') || char(9)"
      " || coalesce(sentinel, '') || char(9) || coalesce(valid_from, '') || char(9) || coalesce(valid_to, '') || "
      "char(10) line"
      " FROM place UNION ALL "
      "SELECT 2, place, month, basis, measure, dimension, 'cell' || char(9) || place || char(9) || month || char(9)"
      " || basis || char(9) || measure || char(9) || dimension || char(9) || value || char(9) || revision || char(10)"
      " FROM figure) ORDER BY part, a, b, c, d, e");
}

void statistics_store_fini (statistics_store_t *store) {
  mns_buffer_fini (&store->counts);
}

/* ---- at open ----------------------------------------------------------------------------------------------------- */
static mns_rc_t load_series (statistics_store_t *store, statistics_cube_t *cube, mns_error_t *error) {
  sqlite3_stmt *read = mns_db_prepare (store->db, "SELECT id, measure, dimension FROM series ORDER BY id");
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, read, &row)) == MNS_OK && row) {
    int id;
    char name[MNS_MEASURE_MAX + 1], dimension[MNS_DIMENSION_MAX + 1];
    statistics_measure_t measure;
    mns_db_read (read, "ntt", &id, name, sizeof name, dimension, sizeof dimension);
    if (!statistics_measure_find (name, strlen (name), &measure) ||
        statistics_cube_series (cube, measure, dimension) != id - 1) {
      sqlite3_reset (read);
      return mns_fail (error, MNS_CORRUPT, "table series", "row %d (%s %s) is out of order or unknown", id, name,
                       dimension);
    }
  }
  cube->series_stored = cube->series_writing = cube->series_count;
  return rc;
}

static bool is_month (int month) {
  return month % 100 >= 1 && month % 100 <= 12 && month >= 180001 && month <= 220112;
}

static bool load_cell (statistics_cube_t *cube, sqlite3_stmt *read, int64_t *id) {
  mns_place_t place;
  int month, series;
  char basis[16];
  int64_t value, published, key;
  uint64_t revision;
  mns_db_read (read, "ipntniuii", id, &place, &month, basis, sizeof basis, &series, &value, &revision, &published,
               &key);
  mns_code_t code = mns_code_find (&mns_basis, basis);
  if (!code || series < 1 || series > cube->series_count || place <= 0 || !is_month (month) || value == MNS_NONE ||
      *id < 1 || *id >= INT32_MAX || key < 0 || key > UINT32_MAX)
    return false;
  statistics_cell_t cell = {.value = value,
                            .published = published,
                            .revision = revision,
                            .key = (uint32_t)key,
                            .id = (uint32_t)*id & INT32_MAX};
  statistics_cube_load (cube, statistics_cube_place (cube, place), code - 1, series - 1,
                        statistics_month_index (month * 100 + 1), cell);
  return true;
}

/* One row of table age into `at`, which is empty. */
static bool read_ages (sqlite3_stmt *read, mns_place_t *place, mns_code_t *basis, statistics_age_month_t *at) {
  int month;
  char word[16];
  const void *counts;
  size_t size;
  mns_db_read (read, "pntb", place, &month, word, sizeof word, &counts, &size);
  *basis = mns_code_find (&mns_basis, word);
  at->month = is_month (month) ? statistics_month_index (month * 100 + 1) : 0;
  return *basis && *place > 0 && at->month && statistics_age_unpack (at, counts, size);
}

static mns_rc_t load_ages (statistics_store_t *store, statistics_cube_t *cube, mns_error_t *error) {
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->export_ages, &row)) == MNS_OK && row) {
    mns_place_t place;
    mns_code_t basis;
    statistics_age_month_t at = {0};
    if (!read_ages (store->export_ages, &place, &basis, &at)) {
      sqlite3_reset (store->export_ages);
      return mns_fail (error, MNS_CORRUPT, "table age", "the counts of place %012lld are damaged", (long long)place);
    }
    statistics_ages_t *ages = &cube->places[statistics_cube_place (cube, place)].basis[basis - 1].ages;
    *statistics_ages_month (ages, at.month) = at;
  }
  return rc;
}

mns_rc_t statistics_store_load (statistics_store_t *store, statistics_cube_t *cube, mns_error_t *error) {
  mns_rc_t rc = load_series (store, cube, error);
  if (rc)
    return rc;
  sqlite3_stmt *read =
      mns_db_prepare (store->db, "SELECT c.id, c.place, c.month, c.basis, c.series, c.value, c.revision, p.value, c.key"
                                 " FROM cell c LEFT JOIN published p ON p.cell = c.id ORDER BY c.id");
  bool row;
  while ((rc = mns_db_step (store->db, read, &row)) == MNS_OK && row) {
    int64_t id;
    if (!load_cell (cube, read, &id)) {
      sqlite3_reset (read);
      return mns_fail (error, MNS_CORRUPT, "table cell", "row %lld is damaged", (long long)id);
    }
  }
  if (rc == MNS_OK)
    rc = load_ages (store, cube, error);
  return rc == MNS_CORRUPT || rc == MNS_OK ? rc
                                           : mns_fail (error, rc, "statistics.db", "%s", mns_db_message (store->db));
}

mns_rc_t statistics_store_county (statistics_store_t *store, mns_place_t county, mns_error_t *error) {
  sqlite3_stmt *read = mns_db_prepare (store->db, "SELECT code FROM own_county");
  bool row;
  int64_t code = county;
  mns_rc_t rc = mns_db_step (store->db, read, &row);
  if (rc == MNS_OK && row) {
    mns_db_read (read, "i", &code);
    sqlite3_reset (read);
  } else if (rc == MNS_OK) {
    sqlite3_stmt *save = mns_db_prepare (store->db, "INSERT INTO own_county (id, code) VALUES (1, ?1)");
    sqlite3_bind_int64 (save, 1, county);
    rc = mns_db_run (store->db, save);
  }
  if (rc)
    return mns_fail (error, rc, "statistics.db", "%s", mns_db_message (store->db));
  if (code != county)
    return mns_fail (error, MNS_CONFLICT, "county",
                     "the figures were made for county %012lld, the configuration says %012lld: set it back, or remove "
                     "statistics/statistics.db to count the log anew",
                     (long long)code, (long long)county);
  return MNS_OK;
}

mns_rc_t statistics_store_cutoff (statistics_store_t *store, statistics_cutoff_t *cutoff, mns_error_t *error) {
  sqlite3_stmt *read = mns_db_prepare (store->db, "SELECT epoch, number FROM consumer WHERE name = 'statistics'");
  bool row;
  mns_rc_t rc = mns_db_step (store->db, read, &row);
  *cutoff = (statistics_cutoff_t){0};
  if (rc == MNS_OK && row) {
    mns_db_read (read, "uu", &cutoff->epoch, &cutoff->number);
    sqlite3_reset (read);
  }
  return rc ? mns_fail (error, rc, "statistics.db", "%s", mns_db_message (store->db)) : MNS_OK;
}

/* ---- at the end of a turn ---------------------------------------------------------------------------------------- */
static mns_rc_t save_series (statistics_store_t *store, statistics_cube_t *cube) {
  mns_rc_t rc = MNS_OK;
  for (int i = cube->series_writing; rc == MNS_OK && i < cube->series_count; i++) {
    const statistics_series_t *series = &cube->series[i];
    mns_db_bind (store->save_series, "ntt", i + 1, statistics_measure_name (series->measure), series->dimension);
    rc = mns_db_run (store->db, store->save_series);
  }
  cube->series_writing = cube->series_count;
  return rc;
}

static mns_rc_t save_cell (statistics_store_t *store, const statistics_cube_t *cube,
                           const statistics_change_t *change) {
  const statistics_strip_t *strip = statistics_cube_strip (cube, change->place, change->basis, change->series);
  const statistics_cell_t *cell = &strip->cells[change->month - strip->first];
  mns_rc_t rc = MNS_OK;
  if (cell->revision != change->before.revision || cell->value != change->before.value) {
    mns_db_bind (store->save_cell, "ipntniui", (int64_t)cell->id, cube->places[change->place].code,
                 (int)month_number (change->month), mns_code_word (&mns_basis, (mns_code_t)(change->basis + 1)),
                 change->series + 1, (int64_t)cell->value, cell->revision, (int64_t)cell->key);
    rc = mns_db_run (store->db, store->save_cell);
  }
  if (rc == MNS_OK && cell->published != change->before.published) {
    mns_db_bind (store->save_published, "ii", (int64_t)cell->id, (int64_t)cell->published);
    rc = mns_db_run (store->db, store->save_published);
  }
  return rc;
}

static mns_rc_t save_age (statistics_store_t *store, statistics_cube_t *cube, const statistics_age_touch_t *touched) {
  statistics_place_t *place = &cube->places[touched->place];
  mns_buffer_clear (&store->counts);
  statistics_age_pack (statistics_ages_month (&place->basis[touched->basis].ages, touched->month), &store->counts);
  mns_db_bind (store->save_age, "pntb", place->code, (int)month_number (touched->month),
               mns_code_word (&mns_basis, (mns_code_t)(touched->basis + 1)), (const void *)store->counts.data,
               store->counts.size);
  return mns_db_run (store->db, store->save_age);
}

mns_rc_t statistics_store_save (statistics_store_t *store, statistics_cube_t *cube) {
  mns_rc_t rc = save_series (store, cube);
  for (size_t i = 0; rc == MNS_OK && i < cube->change_count; i++)
    rc = save_cell (store, cube, &cube->changes[i]);
  for (size_t i = 0; rc == MNS_OK && i < cube->age_touch_count; i++)
    rc = save_age (store, cube, &cube->age_touches[i]);
  return rc;
}

/* ---- export ------------------------------------------------------------------------------------------------------ */
/* A month by age is a line for each kind and group: those of a whole county would be too long in one. */
typedef struct {
  mns_rc_t (*line) (void *to, const char *text, size_t size);
  void *to;
  mns_rc_t rc;
  char head[64];
  uint32_t key; /* of the line being written */
  mns_buffer_t text;
} age_lines_t;

static void end_line (age_lines_t *lines) {
  if (lines->text.size && lines->rc == MNS_OK) {
    mns_buffer_add (&lines->text, "\n", 1);
    lines->rc = lines->line (lines->to, (const char *)lines->text.data, lines->text.size);
  }
  mns_buffer_clear (&lines->text);
}

static void add_to_line (void *context, uint32_t key, int32_t value) {
  age_lines_t *lines = context;
  char dimension[MNS_DIMENSION_MAX + 1];
  if (key >> 16 != lines->key >> 16)
    end_line (lines);
  lines->key = key;
  statistics_age_dimension (key, dimension);
  size_t group = strcspn (dimension, ".");
  if (!lines->text.size)
    mns_buffer_printf (&lines->text, "%s\t%s\t%.*s", lines->head, statistics_age_measure (statistics_age_kind (key)),
                       (int)group, dimension);
  mns_buffer_printf (&lines->text, "\t%s=%d", dimension + group + 1, value);
}

static mns_rc_t export_ages (statistics_store_t *store, age_lines_t *lines) {
  bool row;
  mns_rc_t rc;
  while ((rc = mns_db_step (store->db, store->export_ages, &row)) == MNS_OK && row && lines->rc == MNS_OK) {
    mns_place_t place;
    mns_code_t basis;
    statistics_age_month_t at = {0};
    if (!read_ages (store->export_ages, &place, &basis, &at))
      lines->rc = MNS_CORRUPT;
    snprintf (lines->head, sizeof lines->head, "age\t%lld\t%d\t%s", (long long)place, month_number (at.month),
              mns_code_word (&mns_basis, basis));
    statistics_age_visit (&at, add_to_line, lines);
    end_line (lines);
    statistics_age_month_fini (&at);
  }
  sqlite3_reset (store->export_ages);
  mns_buffer_fini (&lines->text);
  return rc ? rc : lines->rc;
}

mns_rc_t statistics_store_export (statistics_store_t *store, mns_rc_t (*line) (void *to, const char *text, size_t size),
                                  void *to) {
  mns_db_bind (store->export, "");
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
  age_lines_t lines = {.line = line, .to = to};
  return rc ? rc : export_ages (store, &lines);
}
