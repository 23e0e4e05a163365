/* What a release lets out: the figures of the table plan for every period that ended, protected, compared with what was
 * released before, and audited. Pure over the cube.
 *
 *   gather → count and figure of each place, period and measure of the plan
 *   compare → new │ as before │ revised
 *   audit → with all that is known it would give a small count away: withheld, or, of a revised one, held: the figure
 * of before stands
 */
#ifndef MNS_STATISTICS_RULES_RELEASE_H
#define MNS_STATISTICS_RULES_RELEASE_H

#include "services/statistics/cube.h"
#include "services/statistics/rules_audit.h"

#define STATISTICS_RELEASE_BASIS (MNS_BY_REGISTRATION - 1)

typedef enum {
  STATISTICS_FIGURE_NEW,
  STATISTICS_FIGURE_AS_BEFORE,
  STATISTICS_FIGURE_REVISED,
  STATISTICS_FIGURE_HELD
} statistics_figure_fate_t;

typedef struct {
  statistics_figure_key_t key;
  int table;      /* of the plan; −1: the county, exact */
  int64_t count;  /* exact */
  int64_t figure; /* to be published, MNS_NONE: withheld */
  int64_t before; /* as published before, MNS_NONE: never */
  bool known;     /* a release has it already, be it withheld */
  statistics_figure_fate_t fate;
  int withheld; /* in which round of the audit, from 1 */
} statistics_open_figure_t;

typedef struct {
  const statistics_plan_t *plan;
  const statistics_cube_t *cube;
  mns_place_t county;
  statistics_secret_t secret;
  mns_place_t *places; /* townships and villages of the county, by code */
  size_t place_count;
  statistics_open_figure_t *figures;
  size_t count, capacity;
  statistics_knowledge_t *known; /* what a reader can know: after the release before, and after this one */
  size_t known_count, known_capacity;
} statistics_release_t;

void statistics_release_init (statistics_release_t *release, const statistics_plan_t *plan,
                              const statistics_cube_t *cube, mns_place_t county, const statistics_secret_t *secret);
void statistics_release_fini (statistics_release_t *release);
/* The figures of all periods that ended before month `end`: first the county's exact ones that they are parts of, each
 * once, then those of the tables, in the order of the plan. */
void statistics_release_gather (statistics_release_t *release, int end);
/* One figure against what was published before, if anything was; MNS_NONE: it was withheld. */
void statistics_release_compare (statistics_open_figure_t *figure, int64_t before, bool known);
/* Adds what a reader can know before this release. */
void statistics_release_recall (statistics_release_t *release, const statistics_knowledge_t *known);
/* Withholds what gives away too much; `known` is then what a reader can know with this release. */
void statistics_release_audit (statistics_release_t *release);

/* The exact count of a figure, and the sum of its record keys. */
int64_t statistics_release_count (const statistics_cube_t *cube, const statistics_figure_key_t *key,
                                  uint32_t *cell_key);
/* Births or deaths for 1,000 of the population and a year, with two decimals, from figures as they are published.
 * MNS_NONE: too few events, or nobody there. *few: so few that it swings. */
int64_t statistics_release_rate (const statistics_plan_t *plan, int64_t events, int64_t opening, int64_t closing,
                                 int days, bool *few);

#endif
