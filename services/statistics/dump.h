/* Pages made in one go and read at the reader's pace: snapshots and exports.
 *
 * The pages of one moment stand in an unlinked temporary file in the data directory. An account has one dump of each
 * kind; a new one takes the place of the old, and the longest unread one goes when all slots are taken or after ten
 * minutes. */
#ifndef MNS_STATISTICS_DUMP_H
#define MNS_STATISTICS_DUMP_H

#include "common/buffer.h"
#include "common/date.h"
#include "common/wire.h"
#include "services/statistics/figures.h"

#define STATISTICS_DUMPS 8

typedef enum { STATISTICS_SNAPSHOT = 1, STATISTICS_EXPORT } statistics_dump_kind_t;

typedef struct {
  statistics_dump_kind_t kind; /* 0: the slot is free */
  char account[MNS_NAME_MAX + 1];
  int file;
  mns_time_t used;
  statistics_cutoff_t cutoff;
  uint64_t bytes, page_count, page_capacity;
  uint64_t *ends;    /* offset of the end of each page */
  mns_buffer_t page; /* being filled */
  size_t page_max;
} statistics_dump_t;

typedef struct {
  statistics_dump_t slots[STATISTICS_DUMPS];
} statistics_dumps_t;

void statistics_dumps_fini (statistics_dumps_t *dumps);
/* A fresh dump with pages of at most `page_max` bytes (a single larger piece is a page of its own); the file is made in
 * directory `folder`. */
mns_rc_t statistics_dump_begin (statistics_dumps_t *dumps, statistics_dump_kind_t kind, const char *account,
                                const char *folder, size_t page_max, mns_time_t now, statistics_dump_t **dump,
                                mns_error_t *error);
mns_rc_t statistics_dump_add (statistics_dump_t *dump, const void *piece, size_t size);
/* A dump of nothing has one empty page. */
mns_rc_t statistics_dump_end (statistics_dump_t *dump);
void statistics_dump_drop (statistics_dump_t *dump);
/* NULL when the account has none. */
statistics_dump_t *statistics_dump_find (statistics_dumps_t *dumps, statistics_dump_kind_t kind, const char *account,
                                         mns_time_t now);
/* Page 1 … page_count into `out` (cleared first). MNS_NOT_FOUND for another number. */
mns_rc_t statistics_dump_read (const statistics_dump_t *dump, uint64_t page, mns_buffer_t *out);

#endif
