/* A boundary reform: what its rows do to the tree, or every mistake in them at once. Pure.
 *
 *   rename  the code stays, its name changes
 *   move    another code, with all that lies below, unless that has rows of its own
 *   merge   becomes part of a place that is there on the day; what lies below needs rows of its own
 *   split   a village gives households, or ends and gives the rest; what is higher only ends, and what lies below
 *           needs rows of its own
 */
#ifndef MNS_REGISTRY_RULES_REFORM_H
#define MNS_REGISTRY_RULES_REFORM_H

#include "common/records/registry_requests.h"

/* What the rules are given. `places`, by code: those below the rows' codes and the codes themselves, the successors and
 * the divisions above them, each as it was last. */
typedef struct {
  const mns_reform_row_t *rows;
  size_t row_count;
  const mns_place_info_t *places;
  size_t place_count;
  mns_date_t today;
} registry_reform_facts_t;

/* One place that ends, changes its name, or gives households. */
typedef struct {
  size_t row; /* index of the row that says so */
  mns_reform_t link;
  char name[133]; /* of the successor from then on */
  bool begins;    /* the successor is a code that was not valid before */
} registry_reform_step_t;

typedef struct {
  size_t row;
  mns_rc_t rc;
  char field[33], detail[401];
} registry_reform_mistake_t;

typedef struct {
  registry_reform_step_t *steps;
  size_t step_count, step_capacity;
  registry_reform_mistake_t *mistakes;
  size_t mistake_count, mistake_capacity;
} registry_reform_plan_t;

/* Fills the plan; it is to be carried out only when it holds no mistake. */
void registry_reform_make (const registry_reform_facts_t *facts, registry_reform_plan_t *plan);
void registry_reform_mistake (registry_reform_plan_t *plan, size_t row, mns_rc_t rc, const char *field,
                              const char *format, ...) __attribute__ ((format (printf, 5, 6)));
void registry_reform_fini (registry_reform_plan_t *plan);

#endif
