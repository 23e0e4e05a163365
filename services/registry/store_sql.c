/* Statements over whole rows. */
#include "services/registry/store_sql.h"

static sqlite3_stmt *prepare (mns_db_t *db, mns_buffer_t *sql) {
  mns_buffer_add (sql, "", 1);
  sqlite3_stmt *statement = mns_db_prepare (db, (const char *)sql->data);
  mns_buffer_fini (sql);
  return statement;
}

/* "(column, …)", what stands between, "(?1, …)" */
static void add_columns (mns_buffer_t *sql, const mns_record_type_t *type, const char *between) {
  mns_buffer_printf (sql, "(");
  mns_record_columns (type, sql);
  mns_buffer_printf (sql, ") %s (", between);
  mns_record_placeholders (type, 1, sql);
  mns_buffer_printf (sql, ")");
}

sqlite3_stmt *registry_prepare_insert (mns_db_t *db, const char *table, const mns_record_type_t *type) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "INSERT INTO %s ", table);
  add_columns (&sql, type, "VALUES");
  return prepare (db, &sql);
}

sqlite3_stmt *registry_prepare_select (mns_db_t *db, const char *table, const mns_record_type_t *type,
                                       const char *rest) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "SELECT ");
  mns_record_columns (type, &sql);
  mns_buffer_printf (&sql, " FROM %s %s", table, rest);
  return prepare (db, &sql);
}

sqlite3_stmt *registry_prepare_update (mns_db_t *db, const char *table, const mns_record_type_t *type) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "UPDATE %s SET ", table);
  add_columns (&sql, type, "=");
  mns_buffer_printf (&sql, " WHERE id = ?1");
  return prepare (db, &sql);
}
