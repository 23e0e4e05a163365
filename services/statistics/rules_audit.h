/* What a reader could find out: every open figure is an interval of its count, sums of parts are equations between the
 * counts, and intervals are narrowed through the equations until nothing moves. Pure.
 *
 *   county (exact) = Σ townships      township = Σ villages      total = Σ sexes, = Σ orders
 *   pooled years = Σ years            year of a township = Σ quarters
 *
 * Counts that are in no table take part as well: they begin at 0 … without end. What is known is taken along from one
 * release to the next: a count is where it was, unless the county's exact one moved, and then it may have moved as far.
 */
#ifndef MNS_STATISTICS_RULES_AUDIT_H
#define MNS_STATISTICS_RULES_AUDIT_H

#include "services/statistics/plan.h"
#include "services/statistics/rules_protect.h"

typedef struct {
  mns_place_t place;
  int first, end; /* months first ≤ m < end; of the population, which is counted at the end, first = end */
  int measure;
  statistics_by_t by;
  int code; /* sex, or order + 1; 0: all */
} statistics_figure_key_t;

bool statistics_figure_key_equal (const statistics_figure_key_t *a, const statistics_figure_key_t *b);

typedef struct statistics_audit statistics_audit_t;

/* The county's exact count. */
typedef int64_t statistics_whole_t (void *context, const statistics_figure_key_t *key);

/* `places`: the townships and villages of the county, in the order of their codes; borrowed. */
statistics_audit_t *statistics_audit_new (const mns_place_t *places, size_t count, mns_place_t county,
                                          statistics_whole_t *whole, void *context);
void statistics_audit_destroy (statistics_audit_t **audit);
/* What is known after a release, beside the county's exact count then; and what is known of the count as it was at the
 * first release that told of it, beside how far the county's count rose and fell since. */
typedef struct {
  statistics_figure_key_t key;
  statistics_interval_t interval, first;
  int64_t whole, rise, fall;
} statistics_knowledge_t;

void statistics_audit_recall (statistics_audit_t *audit, const statistics_knowledge_t *known);
/* A count of a table, with the figure that this release is to tell; MNS_NONE: it tells none. */
void statistics_audit_figure (statistics_audit_t *audit, const statistics_figure_key_t *key, int64_t figure);
/* Narrows; then `given_away` is called for each count that is given away, now or as it was at the release before, and
 * of which the new figures tell more than was known. */
void statistics_audit_run (statistics_audit_t *audit,
                           void (*given_away) (void *context, const statistics_figure_key_t *key), void *context);
/* After a run: all that is known now. */
void statistics_audit_visit (statistics_audit_t *audit,
                             void (*visit) (void *context, const statistics_knowledge_t *known), void *context);

#endif
