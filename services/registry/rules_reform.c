/* Planning a boundary reform. */
#include "services/registry/rules_reform.h"

#include "common/buffer.h"
#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/rules_place.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const registry_reform_facts_t *facts;
  registry_reform_plan_t *plan;
  mns_date_t day;
} planning_t;

void registry_reform_fini (registry_reform_plan_t *plan) {
  free (plan->steps);
  free (plan->mistakes);
  *plan = (registry_reform_plan_t){0};
}

void registry_reform_mistake (registry_reform_plan_t *plan, size_t row, mns_rc_t rc, const char *field,
                              const char *format, ...) {
  if (plan->mistake_count == plan->mistake_capacity) {
    plan->mistake_capacity = plan->mistake_capacity ? plan->mistake_capacity * 2 : 16;
    plan->mistakes = mns_realloc (plan->mistakes, plan->mistake_capacity * sizeof *plan->mistakes);
  }
  registry_reform_mistake_t *mistake = &plan->mistakes[plan->mistake_count++];
  *mistake = (registry_reform_mistake_t){.row = row, .rc = rc};
  mns_text_copy (mistake->field, sizeof mistake->field, field);
  va_list args;
  va_start (args, format);
  vsnprintf (mistake->detail, sizeof mistake->detail, format, args);
  va_end (args);
}

/* ---- looking up -------------------------------------------------------------------------------------------------- */

static int compare_code (const void *code, const void *place) {
  const mns_place_t *one = code;
  const mns_place_info_t *other = place;
  return (*one > other->code) - (*one < other->code);
}

static const mns_place_info_t *find (const planning_t *it, mns_place_t code) {
  return bsearch (&code, it->facts->places, it->facts->place_count, sizeof (mns_place_info_t), compare_code);
}

/* Valid on the day before, and not to end by then: it is still there when the reform comes. */
static const mns_place_info_t *find_before (const planning_t *it, mns_place_t code) {
  const mns_place_info_t *place = find (it, code);
  return place && place->valid_from < it->day && (!place->valid_to || place->valid_to > it->day) ? place : NULL;
}

static bool gives_a_part (const mns_reform_row_t *row) {
  return row->operation == MNS_SPLIT && *row->household;
}

/* The row that says what becomes of the place as a whole; NULL none. */
static const mns_reform_row_t *row_of (const planning_t *it, mns_place_t code) {
  for (size_t i = 0; i < it->facts->row_count; i++)
    if (it->facts->rows[i].code == code && !gives_a_part (&it->facts->rows[i]))
      return &it->facts->rows[i];
  return NULL;
}

static bool ends_here (const planning_t *it, mns_place_t code) {
  for (size_t i = 0; i < it->plan->step_count; i++) {
    const mns_reform_t *link = &it->plan->steps[i].link;
    if (link->code == code && link->operation != MNS_RENAME && link->part != MNS_YES)
      return true;
  }
  return false;
}

static bool begins_here (const planning_t *it, mns_place_t code) {
  for (size_t i = 0; i < it->plan->step_count; i++)
    if (it->plan->steps[i].begins && it->plan->steps[i].link.successor == code)
      return true;
  return false;
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */

static void add_step (planning_t *it, size_t row, const mns_place_info_t *place, mns_place_t successor,
                      const char *name) {
  registry_reform_plan_t *plan = it->plan;
  const mns_reform_row_t *said = &it->facts->rows[row];
  if (plan->step_count == plan->step_capacity) {
    plan->step_capacity = plan->step_capacity ? plan->step_capacity * 2 : 64;
    plan->steps = mns_realloc (plan->steps, plan->step_capacity * sizeof *plan->steps);
  }
  registry_reform_step_t *step = &plan->steps[plan->step_count++];
  *step = (registry_reform_step_t){.row = row};
  mns_record_clear (&mns_reform_type, &step->link);
  step->link.code = place->code;
  step->link.successor = successor;
  step->link.operation = said->operation;
  step->link.day = it->day;
  step->link.part = gives_a_part (said) ? MNS_YES : 0;
  const mns_place_info_t *there = find_before (it, successor);
  step->begins = said->operation == MNS_RENAME || (said->operation != MNS_JOIN && !there);
  mns_text_copy (step->name, sizeof step->name, *name ? name : there ? there->name : place->name);
}

/* All that lies below a place that moves moves with it, unless something nearer has a row. */
static void move_below (planning_t *it, size_t row) {
  const mns_reform_row_t *moved = &it->facts->rows[row];
  for (size_t i = 0; i < it->facts->place_count; i++) {
    const mns_place_info_t *place = &it->facts->places[i];
    if (place->code == moved->code || !mns_place_covers (moved->code, place->code) || !find_before (it, place->code))
      continue;
    mns_place_t nearest = place->code;
    while (nearest != moved->code && !row_of (it, nearest))
      nearest = mns_place_parent (nearest);
    if (nearest == moved->code)
      add_step (it, row, place, moved->successor + (place->code - moved->code), "");
  }
}

/* What lies straight below a place that ends otherwise needs a row of its own. */
static void ask_below (planning_t *it, size_t row) {
  const mns_reform_row_t *ended = &it->facts->rows[row];
  for (size_t i = 0; i < it->facts->place_count; i++) {
    const mns_place_info_t *place = &it->facts->places[i];
    if (place->parent == ended->code && find_before (it, place->code) && !row_of (it, place->code))
      registry_reform_mistake (it->plan, row, MNS_MISSING, "code",
                               "%s (%012lld) lies below: a row must say what becomes of it", place->name,
                               (long long)place->code);
  }
}

/* ---- the rows ---------------------------------------------------------------------------------------------------- */

static bool has_successor (planning_t *it, size_t row) {
  const mns_reform_row_t *said = &it->facts->rows[row];
  if (said->operation == MNS_RENAME) {
    if (said->successor && said->successor != said->code)
      registry_reform_mistake (it->plan, row, MNS_INVALID, "successor",
                               "a rename keeps the code; another code is a move");
    if (!*said->name)
      registry_reform_mistake (it->plan, row, MNS_MISSING, "name", "a rename needs the new name");
    return *said->name && (!said->successor || said->successor == said->code);
  }
  if (!said->successor)
    registry_reform_mistake (it->plan, row, MNS_MISSING, "successor", "say where its land lies from then on");
  else if (said->successor == said->code)
    registry_reform_mistake (it->plan, row, MNS_INVALID, "successor",
                             "the code itself: what stays needs no row, a new name is a rename");
  else if (mns_place_level (said->successor) != mns_place_level (said->code))
    registry_reform_mistake (it->plan, row, MNS_INVALID, "successor", "a place is succeeded by one of its own level");
  else
    return true;
  return false;
}

static void check_repeated (planning_t *it, size_t row) {
  const mns_reform_row_t *said = &it->facts->rows[row];
  for (size_t i = 0; i < row; i++) {
    const mns_reform_row_t *other = &it->facts->rows[i];
    bool same = other->code == said->code && gives_a_part (other) == gives_a_part (said);
    if (same && (!gives_a_part (said) || strcmp (other->household, said->household) == 0)) {
      registry_reform_mistake (it->plan, row, MNS_CONFLICT, gives_a_part (said) ? "household" : "code",
                               "row %zu has already said what becomes of it", i + 1);
      return;
    }
  }
}

static void check_successor (planning_t *it, size_t row) {
  const mns_reform_row_t *said = &it->facts->rows[row];
  const mns_place_info_t *there = find_before (it, said->successor);
  if (said->operation == MNS_RECODE && there)
    registry_reform_mistake (it->plan, row, MNS_CONFLICT, "successor", "%s (%012lld) is there already: that is a merge",
                             there->name, (long long)there->code);
  if (said->operation == MNS_SPLIT && !there && !*said->name && !begins_here (it, said->successor))
    registry_reform_mistake (it->plan, row, MNS_MISSING, "name", "%012lld is new: it needs a name",
                             (long long)said->successor);
}

static void plan_row (planning_t *it, size_t row) {
  const mns_reform_row_t *said = &it->facts->rows[row];
  const mns_place_info_t *place = find_before (it, said->code);
  if (said->day != it->day)
    registry_reform_mistake (it->plan, row, MNS_INVALID, "day", "all rows of a reform are of one day");
  if (*said->household && (said->operation != MNS_SPLIT || mns_place_level (said->code) != MNS_VILLAGE))
    registry_reform_mistake (it->plan, row, MNS_INVALID, "household", "only a village that is split gives households");
  check_repeated (it, row);
  if (!place)
    registry_reform_mistake (it->plan, row, MNS_NOT_FOUND, "code",
                             "%012lld is no place on the day before; mns place history %012lld", (long long)said->code,
                             (long long)said->code);
  if (!has_successor (it, row) || !place)
    return;
  if (said->operation != MNS_RENAME)
    check_successor (it, row);
  add_step (it, row, place, said->operation == MNS_RENAME ? said->code : said->successor, said->name);
  if (said->operation == MNS_RECODE)
    move_below (it, row);
  else if (said->operation != MNS_RENAME && place->level < MNS_VILLAGE)
    ask_below (it, row);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void check_day (planning_t *it) {
  if (it->day > it->facts->today)
    registry_reform_mistake (it->plan, 0, MNS_OUT_OF_RANGE, "day", "a reform is entered on its day or later");
}

/* The places that follow stand on something: the division above is there, no code ends and begins at once, and no two
 * places move to one code. */
static void check_step (planning_t *it, const registry_reform_step_t *step) {
  mns_place_t successor = step->link.successor, above = mns_place_parent (successor);
  if (step->link.operation == MNS_RENAME)
    return;
  if (ends_here (it, successor))
    registry_reform_mistake (it->plan, step->row, MNS_CONFLICT, "successor",
                             "%012lld ends on the same day; one of the two needs another day", (long long)successor);
  if (step->link.operation == MNS_JOIN && !find_before (it, successor) && !begins_here (it, successor))
    registry_reform_mistake (it->plan, step->row, MNS_NOT_FOUND, "successor", "%012lld is no place on that day",
                             (long long)successor);
  if (above && !begins_here (it, above) && (!find_before (it, above) || ends_here (it, above)))
    registry_reform_mistake (it->plan, step->row, MNS_NOT_FOUND, "successor",
                             "the division above it, %012lld, is not there on that day", (long long)above);
}

static int compare_steps (const void *a, const void *b) {
  const registry_reform_step_t *const *one = a, *const *other = b;
  return ((*one)->link.successor > (*other)->link.successor) - ((*one)->link.successor < (*other)->link.successor);
}

static void check_shared_targets (planning_t *it) {
  size_t count = it->plan->step_count;
  const registry_reform_step_t **steps = mns_alloc ((count + 1) * sizeof *steps);
  for (size_t i = 0; i < count; i++)
    steps[i] = &it->plan->steps[i];
  qsort (steps, count, sizeof *steps, compare_steps);
  for (size_t i = 1; i < count; i++)
    if (steps[i]->link.successor == steps[i - 1]->link.successor && steps[i]->link.operation == MNS_RECODE &&
        steps[i - 1]->link.operation == MNS_RECODE)
      registry_reform_mistake (it->plan, steps[i]->row, MNS_CONFLICT, "successor",
                               "two places move to %012lld: one of them is a merge",
                               (long long)steps[i]->link.successor);
  free (steps);
}

void registry_reform_make (const registry_reform_facts_t *facts, registry_reform_plan_t *plan) {
  planning_t it = {.facts = facts, .plan = plan, .day = facts->row_count ? facts->rows[0].day : 0};
  check_day (&it);
  for (size_t i = 0; i < facts->row_count; i++)
    plan_row (&it, i);
  for (size_t i = 0; i < plan->step_count; i++)
    check_step (&it, &plan->steps[i]);
  check_shared_targets (&it);
}
