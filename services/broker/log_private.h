/* What the source files of the log share; nobody else includes it. */
#ifndef MNS_BROKER_LOG_PRIVATE_H
#define MNS_BROKER_LOG_PRIVATE_H

#include "services/broker/log.h"

struct broker_log {
  mns_db_t *db;
  char path[512];
  broker_place_t place, draft; /* as committed; of the running append */
  uint64_t keep;               /* streams that are never trimmed: a row is of them, or of none of them */
  uint64_t loose;              /* bytes of the rows that may be trimmed; UINT64_MAX: not counted yet */
  mns_buffer_t bytes;          /* of the running append */
  broker_row_t *rows;
  size_t row_count, row_capacity;
  sqlite3_stmt *insert, *producer, *stream, *scan, *bury, *drop; /* writer */
  sqlite3_stmt *read, *row_at, *chain_before;
};

/* The functions that the migrations use. */
mns_rc_t broker_log_add_functions (broker_log_t *log, mns_error_t *error);
/* PRAGMA quick_check, and the chain of the rows at the end, more of them when the last stop was not a clean one. */
mns_rc_t broker_log_examine (broker_log_t *log, bool unclean, mns_error_t *error);
/* The value of a statement without parameters; 0 without a row. */
mns_rc_t broker_log_number (broker_log_t *log, const char *sql, uint64_t *value);
/* Does the row hold `count` whole records that lead from `chain` to its own? A trimmed one always does. */
bool broker_row_sound (const broker_row_t *row, uint64_t chain);
/* Columns first, count, chain, streams, recorded, size; and records where `bytes`. */
void broker_row_read (sqlite3_stmt *statement, broker_row_t *row, bool bytes);
void broker_log_prepare_reading (broker_log_t *log);
void broker_log_prepare_appending (broker_log_t *log);
void broker_log_prepare_trimming (broker_log_t *log);

#define BROKER_ROW_COLUMNS "first, count, chain, streams, recorded, length (records)"

#endif
