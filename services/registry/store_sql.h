/* Statements over whole rows, made from the records that describe them. */
#ifndef MNS_REGISTRY_STORE_SQL_H
#define MNS_REGISTRY_STORE_SQL_H

#include "common/db.h"

/* INSERT of every column; parameters 1… in the order of the fields. */
sqlite3_stmt *registry_prepare_insert (mns_db_t *db, const char *table, const mns_record_type_t *type);
/* SELECT of every column; `rest` follows the table's name: "WHERE person = ?1 ORDER BY id". */
sqlite3_stmt *registry_prepare_select (mns_db_t *db, const char *table, const mns_record_type_t *type,
                                       const char *rest);
/* UPDATE of every column of the row whose id is the first parameter. */
sqlite3_stmt *registry_prepare_update (mns_db_t *db, const char *table, const mns_record_type_t *type);

#endif
