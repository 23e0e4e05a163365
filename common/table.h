/* Rows for people and programs: one call sequence gives an aligned table, CSV, or a JSON array of objects. */
#ifndef MNS_COMMON_TABLE_H
#define MNS_COMMON_TABLE_H

#include "common/record.h"
#include <stdio.h>

typedef enum { MNS_TABLE_TEXT, MNS_TABLE_CSV, MNS_TABLE_JSON } mns_table_form_t;

typedef struct {
  const char *key;   /* JSON member and CSV column */
  const char *title; /* heading on the screen; NULL: the key */
  bool right;        /* numbers: right-aligned on the screen, numbers in JSON when the cell is one */
} mns_column_t;

typedef struct mns_table mns_table_t;

/* `columns` is ended by a NULL key and must outlive the table. */
mns_table_t *mns_table_new (const mns_column_t *columns);
/* One row: as many texts as columns (NULL: empty / null), copied. */
void mns_table_add (mns_table_t *table, const char *const *cells);
/* The same from printf: cells separated by '\t'. */
void mns_table_addf (mns_table_t *table, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* Rows of records: columns are the type's fields (or those of the NULL-ended list; a name that is no field asserts).
 * Personal fields masked unless `reveal`. */
mns_table_t *mns_table_of_records (const mns_record_type_t *type, const char *const *fields);
void mns_table_add_record (mns_table_t *table, const void *record, bool reveal);
size_t mns_table_rows (const mns_table_t *table);
/* Prints (out NULL: not) and destroys. On the screen: titles, aligned by terminal columns (wide characters are two),
 * money of records in yuan, "(none)" when there is no row. */
void mns_table_print (mns_table_t **table, FILE *out, mns_table_form_t form);

#endif
