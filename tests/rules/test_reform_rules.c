/* Boundary reforms from a text table: a tree, the rows of a file, what they do or what is wrong with them. */
#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/rules_reform.h"
#include "tests/support/rules_table.h"
#include "tests/support/test.h"
#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 64, ROWS_MAX = 32, LINES_MAX = 64, LINE_MAX = 200 };

typedef struct {
  mns_place_info_t places[PLACES_MAX];
  mns_reform_row_t rows[ROWS_MAX];
  size_t place_count, row_count, line_count;
  char lines[LINES_MAX][LINE_MAX]; /* as expected */
  char name[LINE_MAX];
} case_t;

static mns_place_t code_of (const rules_table_t *table, const char *text) {
  mns_place_t code = 0;
  if (strcmp (text, "-") != 0 && !mns_place_parse (text, &code))
    rules_table_fail (table, "'%s' is no code", text);
  return code;
}

static mns_date_t day_of (const rules_table_t *table, const char *text) {
  mns_date_t day = 0;
  if (text && !mns_date_parse (text, &day))
    rules_table_fail (table, "'%s' is no day", text);
  return day;
}

static void add_place (case_t *it, const rules_table_t *table) {
  mns_place_info_t *place = &it->places[it->place_count++];
  assert_true (it->place_count <= PLACES_MAX);
  mns_record_clear (&mns_place_info_type, place);
  place->code = code_of (table, table->words[1]);
  place->level = mns_place_level (place->code);
  place->parent = mns_place_parent (place->code);
  mns_text_copy (place->name, sizeof place->name, table->words[2]);
  place->valid_from = day_of (table, rules_table_value (table, "from"));
  place->valid_to = day_of (table, rules_table_value (table, "to"));
}

static void add_row (case_t *it, const rules_table_t *table) {
  mns_reform_row_t *row = &it->rows[it->row_count++];
  assert_true (it->row_count <= ROWS_MAX);
  mns_record_clear (&mns_reform_row_type, row);
  row->operation = mns_code_find (&mns_reform_operation, table->words[1]);
  row->code = code_of (table, table->words[2]);
  row->successor = code_of (table, table->words[3]);
  row->day = day_of (table, table->words[4]);
  const char *name = rules_table_value (table, "name"), *household = rules_table_value (table, "household");
  mns_text_copy (row->name, sizeof row->name, name ? name : "");
  mns_text_copy (row->household, sizeof row->household, household ? household : "");
}

static void add_line (case_t *it, const rules_table_t *table) {
  char *line = it->lines[it->line_count++];
  assert_true (it->line_count <= LINES_MAX);
  line[0] = 0;
  for (int i = 0; i < table->count; i++)
    snprintf (line + strlen (line), LINE_MAX - strlen (line), "%s%s", i ? " " : "", table->words[i]);
}

/* ---- one case ---------------------------------------------------------------------------------------------------- */

static int compare_places (const void *a, const void *b) {
  const mns_place_info_t *one = a, *other = b;
  return (one->code > other->code) - (one->code < other->code);
}

static int compare_steps (const void *a, const void *b) {
  const registry_reform_step_t *one = a, *other = b;
  if (one->link.code != other->link.code)
    return one->link.code < other->link.code ? -1 : 1;
  return (one->row > other->row) - (one->row < other->row);
}

static int compare_mistakes (const void *a, const void *b) {
  const registry_reform_mistake_t *one = a, *other = b;
  return one->row != other->row ? (one->row > other->row) - (one->row < other->row) : strcmp (one->field, other->field);
}

static void compare (const case_t *it, size_t line, const char *found) {
  const char *expected = line < it->line_count ? it->lines[line] : "(nothing)";
  if (strcmp (found, expected) != 0)
    fail_msg ("%s: found '%s', expected '%s'", it->name, found, expected);
}

static void check_mistakes (const case_t *it, registry_reform_plan_t *plan) {
  char text[LINE_MAX];
  qsort (plan->mistakes, plan->mistake_count, sizeof *plan->mistakes, compare_mistakes);
  for (size_t i = 0; i < plan->mistake_count; i++) {
    snprintf (text, sizeof text, "mistake %zu %s %s", plan->mistakes[i].row + 1, plan->mistakes[i].field,
              mns_error_word (plan->mistakes[i].rc));
    assert_true (*plan->mistakes[i].detail);
    compare (it, i, text);
  }
  assert_int_equal (plan->mistake_count, it->line_count);
}

static void check_steps (const case_t *it, registry_reform_plan_t *plan) {
  char text[LINE_MAX];
  qsort (plan->steps, plan->step_count, sizeof *plan->steps, compare_steps);
  for (size_t i = 0; i < plan->step_count; i++) {
    const registry_reform_step_t *step = &plan->steps[i];
    snprintf (text, sizeof text, "step %012lld %012lld%s%s %s", (long long)step->link.code,
              (long long)step->link.successor, step->begins ? " begins" : "", step->link.part == MNS_YES ? " part" : "",
              step->name);
    compare (it, i, text);
  }
  assert_int_equal (plan->step_count, it->line_count);
}

static void run (case_t *it) {
  registry_reform_plan_t plan = {0};
  registry_reform_facts_t facts = {.rows = it->rows,
                                   .row_count = it->row_count,
                                   .places = it->places,
                                   .place_count = it->place_count,
                                   .today = 20260701};
  if (it->row_count == 0)
    return;
  qsort (it->places, it->place_count, sizeof it->places[0], compare_places);
  registry_reform_make (&facts, &plan);
  if (plan.mistake_count)
    check_mistakes (it, &plan);
  else
    check_steps (it, &plan);
  registry_reform_fini (&plan);
}

static void test_reforms (void **state) {
  static case_t it;
  rules_table_t table;
  (void)state;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/registry_reform.table");
  while (rules_table_next (&table)) {
    if (strcmp (table.words[0], "place") == 0) {
      add_place (&it, &table);
    } else if (strcmp (table.words[0], "row") == 0) {
      add_row (&it, &table);
    } else if (strcmp (table.words[0], "case") == 0) {
      run (&it);
      it.row_count = it.line_count = 0;
      snprintf (it.name, sizeof it.name, "line %d", table.line);
    } else {
      add_line (&it, &table);
    }
  }
  run (&it);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_reforms)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
