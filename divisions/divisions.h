/* The divisions of the whole country, compiled into the program: provinces to villages of the edition of 2023, and the
 * county level by lists of 1980 to 2019 (data/README.md). */
#ifndef MNS_DIVISIONS_H
#define MNS_DIVISIONS_H

#include "common/records/registry_records.h"

#define DIVISIONS_TOWNSHIPS_AND_VILLAGES 661923

/* Whoever walks gets the spans of provinces, cities and counties (by code, the oldest of a code first), then what
 * became of which, then townships and villages by code. An error ends the walk and is returned. */
typedef struct {
  mns_rc_t (*place) (void *context, const mns_place_info_t *place);
  mns_rc_t (*reform) (void *context, const mns_reform_t *reform);
  void *context;
} divisions_to_t;

/* `under`: of townships and villages only those in it; 0: all. MNS_CORRUPT when the data cannot be read. */
mns_rc_t divisions_walk (const divisions_to_t *to, mns_place_t under, mns_error_t *error);

/* ---- the county level by lists (history.c) ----------------------------------------------------------------------- */
typedef struct {
  mns_date_t day; /* of the list in which it stands */
  mns_place_t code;
  const char *name;
} divisions_entry_t;

/* Spans and successors of entries that stand by day and code. Lists are years apart: what changed between two of them
 * is dated to the later one. The first list's places have no known beginning.
 *
 * A code that went is succeeded by one that came with the same name, level and province when neither list has another
 * of that name: a district, whose name is common, also needs the division above to have the same name. What was
 * renamed, merged or split at the same time is not derived. */
mns_rc_t divisions_history (const divisions_entry_t *entries, size_t count, const divisions_to_t *to);

/* ---- lines of a compressed text (lines.c) ------------------------------------------------------------------------ */
typedef struct divisions_lines divisions_lines_t;
divisions_lines_t *divisions_lines_new (const unsigned char *data, size_t size);
void divisions_lines_destroy (divisions_lines_t **lines);
/* The next line without its end, valid until the next call; MNS_GONE at the end, MNS_CORRUPT. */
mns_rc_t divisions_lines_next (divisions_lines_t *lines, char **line);

#endif
