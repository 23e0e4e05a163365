/* All the SQL of the journal of revisions: each fact that counts in a month that was closed before it came. */
#ifndef MNS_STATISTICS_STORE_REVISION_H
#define MNS_STATISTICS_STORE_REVISION_H

#include "common/buffer.h"
#include "common/db.h"
#include "common/records/registry_records.h"

typedef struct {
  mns_db_t *db;
  sqlite3_stmt *journal, *part, *save, *read, *cutoff, *export;
  mns_buffer_t packed;
  mns_restatement_t fact; /* of the row being read */
} statistics_revision_store_t;

typedef struct {
  uint64_t number; /* log number of the event that brought it */
  mns_code_t cause;
  const mns_restatement_t *fact;
} statistics_revision_t;

void statistics_revision_store_init (statistics_revision_store_t *store, mns_db_t *db);
void statistics_revision_store_fini (statistics_revision_store_t *store);
/* The first month that was never closed; 0 none was. */
mns_rc_t statistics_revision_store_journal (statistics_revision_store_t *store, int *journal);
mns_rc_t statistics_revision_store_save (statistics_revision_store_t *store, const statistics_revision_t *revision);
/* The facts that came after log number `after` up to `until`, the latest first when `backwards`. */
mns_rc_t statistics_revision_store_each (statistics_revision_store_t *store, uint64_t after, uint64_t until,
                                         mns_rc_t (*row) (void *context, const statistics_revision_t *revision),
                                         void *context);
/* The last closing or release on or before that day: its log number, and the first month that was open then. Number 0:
 * there was none. */
mns_rc_t statistics_revision_store_cutoff (statistics_revision_store_t *store, mns_date_t day, uint64_t *number,
                                           int *closed);
mns_rc_t statistics_revision_store_export (statistics_revision_store_t *store,
                                           mns_rc_t (*line) (void *to, const char *text, size_t size), void *to);

#endif
