/* Conditions as SQL expressions over a row of facts.
 *
 * What "one bare expression" means is decided by SQLite's own parser, asked twice: an expression must stand as the only
 * result column of a SELECT and between CASE WHEN and THEN. `1) OR (1`, `1, 2`, `1 FROM x`, `1 THEN 0` and `1 UNION
 * SELECT 2` each fail one of the two. A subquery is one SELECT more than the frame has, which the authorizer counts.
 * The one table there is holds one row of facts. */
#include "services/assistance/eligibility.h"
#include "common/buffer.h"
#include <stdlib.h>
#include <string.h>

/* One row. WITHOUT ROWID: there is no name but those of the facts. */
#define FACTS_TABLE                                                                                                    \
  "CREATE TABLE facts (birth INTEGER NOT NULL, day INTEGER NOT NULL, sex TEXT NOT NULL, registration TEXT NOT NULL,"   \
  " children_living INTEGER NOT NULL, sons_living INTEGER NOT NULL, children_deceased INTEGER NOT NULL,"               \
  " child_disability_grade INTEGER NOT NULL, PRIMARY KEY (birth, day)) STRICT, WITHOUT ROWID;"                         \
  "INSERT INTO facts VALUES (0, 0, '', '', 0, 0, 0, 0)"
#define FACTS_UPDATE                                                                                                   \
  "UPDATE facts SET birth = ?1, day = ?2, sex = ?3, registration = ?4, children_living = ?5, sons_living = ?6,"        \
  " children_deceased = ?7, child_disability_grade = ?8"

typedef struct {
  const mns_catalogue_condition_t *condition;
  sqlite3_stmt *statement; /* one column: 1 met, 0 not */
} prepared_t;

struct assistance_eligibility {
  sqlite3 *handle;
  sqlite3_stmt *update;
  prepared_t *conditions;
  size_t count;
};

/* ---- the enclosure ----------------------------------------------------------------------------------------------- */

typedef struct {
  const char *denied; /* a function that is not listed, or NULL */
  int selects;
} guard_t;

static const char *const allowed_functions[] = {"age", "abs", "coalesce", "iif"};

static bool function_allowed (const char *name) {
  for (size_t i = 0; i < sizeof allowed_functions / sizeof allowed_functions[0]; i++)
    if (!strcmp (allowed_functions[i], name))
      return true;
  return false;
}

static int authorize (void *context, int action, const char *first, const char *second, const char *database,
                      const char *trigger) {
  guard_t *guard = context;
  (void)database;
  (void)trigger;
  if (action == SQLITE_READ)
    return strcmp (first, "facts") ? SQLITE_DENY : SQLITE_OK;
  if (action == SQLITE_SELECT)
    return ++guard->selects == 1 ? SQLITE_OK : SQLITE_DENY;
  if (action == SQLITE_FUNCTION && function_allowed (second))
    return SQLITE_OK;
  if (action == SQLITE_FUNCTION)
    guard->denied = second;
  return SQLITE_DENY;
}

static void age_of (sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  mns_date_t birth = (mns_date_t)sqlite3_value_int (values[0]), day = (mns_date_t)sqlite3_value_int (values[1]);
  if (!mns_date_valid (birth) || !mns_date_valid (day))
    sqlite3_result_int (context, ASSISTANCE_UNKNOWN);
  else
    sqlite3_result_int (context, mns_date_age (birth, day));
}

static void set_limits (sqlite3 *handle) {
  static const int limits[][2] = {{SQLITE_LIMIT_SQL_LENGTH, 4000},   {SQLITE_LIMIT_LENGTH, 4000},
                                  {SQLITE_LIMIT_EXPR_DEPTH, 40},     {SQLITE_LIMIT_VDBE_OP, 4000},
                                  {SQLITE_LIMIT_FUNCTION_ARG, 8},    {SQLITE_LIMIT_COLUMN, 16},
                                  {SQLITE_LIMIT_COMPOUND_SELECT, 1}, {SQLITE_LIMIT_ATTACHED, 0}};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
    sqlite3_limit (handle, limits[i][0], limits[i][1]);
}

static mns_rc_t open_enclosure (sqlite3 **handle, mns_error_t *error) {
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code = sqlite3_open_v2 (":memory:", handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_db_config (*handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_create_function (*handle, "age", 2, flags, NULL, age_of, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_exec (*handle, FACTS_TABLE, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    return mns_fail (error, MNS_MEMORY, "conditions", "no place to evaluate them: %s", sqlite3_errstr (code));
  set_limits (*handle);
  return MNS_OK;
}

/* Prepares the frame with the expression in it; the statement is NULL on an error, told in `error`. */
static mns_rc_t prepare_frame (sqlite3 *handle, const char *before, const char *sql, const char *after,
                               sqlite3_stmt **statement, mns_error_t *error) {
  mns_buffer_t text = {0};
  guard_t guard = {0};
  const char *tail = "";
  *statement = NULL;
  mns_buffer_printf (&text, "SELECT %s%s\n%s FROM facts", before, sql, after);
  mns_buffer_add (&text, "", 1);
  sqlite3_set_authorizer (handle, authorize, &guard);
  int code = sqlite3_prepare_v2 (handle, (const char *)text.data, -1, statement, &tail);
  sqlite3_set_authorizer (handle, NULL, NULL);
  mns_rc_t rc = MNS_OK;
  if (guard.denied)
    rc = mns_fail (error, MNS_INVALID, "sql", "the function %s is not allowed; allowed are age, abs, coalesce, iif",
                   guard.denied);
  else if (code == SQLITE_AUTH)
    rc = mns_fail (error, MNS_INVALID, "sql", "it may only speak of the facts: no queries, tables or settings");
  else if (code != SQLITE_OK)
    rc = mns_fail (error, MNS_INVALID, "sql", "it is not an expression over the facts: %s", sqlite3_errmsg (handle));
  else if (*tail || sqlite3_column_count (*statement) != 1 || sqlite3_bind_parameter_count (*statement) != 0)
    rc = mns_fail (error, MNS_INVALID, "sql", "it must be one expression and nothing else");
  if (rc != MNS_OK) {
    sqlite3_finalize (*statement);
    *statement = NULL;
  }
  mns_buffer_fini (&text);
  return rc;
}

static mns_rc_t prepare_condition (sqlite3 *handle, const char *sql, sqlite3_stmt **statement, mns_error_t *error) {
  mns_rc_t rc = prepare_frame (handle, "", sql, "", statement, error);
  sqlite3_finalize (*statement);
  *statement = NULL;
  return rc == MNS_OK ? prepare_frame (handle, "CASE WHEN ", sql, "THEN 1 ELSE 0 END", statement, error) : rc;
}

mns_rc_t assistance_expression_check (const char *sql, mns_error_t *error) {
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  mns_rc_t rc = open_enclosure (&handle, error);
  if (rc == MNS_OK)
    rc = prepare_condition (handle, sql, &statement, error);
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return rc;
}

/* ---- evaluating -------------------------------------------------------------------------------------------------- */

mns_rc_t assistance_eligibility_new (assistance_eligibility_t **out, const assistance_catalogue_t *catalogue,
                                     mns_error_t *error) {
  assistance_eligibility_t *eligibility = mns_alloc (sizeof *eligibility);
  *eligibility = (assistance_eligibility_t){0};
  eligibility->conditions = mns_alloc ((catalogue->condition_count + 1) * sizeof *eligibility->conditions);
  mns_rc_t rc = open_enclosure (&eligibility->handle, error);
  if (rc == MNS_OK &&
      sqlite3_prepare_v2 (eligibility->handle, FACTS_UPDATE, -1, &eligibility->update, NULL) != SQLITE_OK)
    rc = mns_fail (error, MNS_INTERNAL, "conditions", "%s", sqlite3_errmsg (eligibility->handle));
  for (size_t i = 0; rc == MNS_OK && i < catalogue->condition_count; i++) {
    prepared_t *prepared = &eligibility->conditions[eligibility->count++];
    prepared->condition = &catalogue->conditions[i];
    rc = prepare_condition (eligibility->handle, prepared->condition->sql, &prepared->statement, error);
  }
  if (rc != MNS_OK)
    assistance_eligibility_destroy (&eligibility);
  *out = eligibility;
  return rc;
}

void assistance_eligibility_destroy (assistance_eligibility_t **owner) {
  assistance_eligibility_t *eligibility = *owner;
  if (!eligibility)
    return;
  for (size_t i = 0; i < eligibility->count; i++)
    sqlite3_finalize (eligibility->conditions[i].statement);
  sqlite3_finalize (eligibility->update);
  sqlite3_close (eligibility->handle);
  free (eligibility->conditions);
  free (eligibility);
  *owner = NULL;
}

static void bind_word (sqlite3_stmt *statement, int at, const mns_code_table_t *table, mns_code_t code) {
  sqlite3_bind_text (statement, at, code ? mns_code_word (table, code) : "unknown", -1, SQLITE_STATIC);
}

static mns_rc_t set_facts (assistance_eligibility_t *eligibility, const assistance_facts_t *facts, mns_error_t *error) {
  const int64_t numbers[] = {facts->children_living, facts->sons_living, facts->children_deceased,
                             facts->child_disability_grade};
  sqlite3_stmt *update = eligibility->update;
  sqlite3_bind_int (update, 1, facts->birth);
  sqlite3_bind_int (update, 2, facts->day);
  bind_word (update, 3, &mns_sex, facts->sex);
  bind_word (update, 4, &mns_registration, facts->registration);
  for (int i = 0; i < 4; i++)
    sqlite3_bind_int64 (update, 5 + i, numbers[i] == MNS_NONE ? ASSISTANCE_UNKNOWN : numbers[i]);
  int code = sqlite3_step (update);
  sqlite3_reset (update);
  return code == SQLITE_DONE ? MNS_OK
                             : mns_fail (error, MNS_MEMORY, "conditions", "%s", sqlite3_errmsg (eligibility->handle));
}

static bool is_met (sqlite3_stmt *statement) {
  bool met = sqlite3_step (statement) == SQLITE_ROW && sqlite3_column_int (statement, 0) == 1;
  sqlite3_reset (statement);
  return met;
}

mns_rc_t assistance_eligible (assistance_eligibility_t *eligibility, const char *scheme, const char *tier,
                              const assistance_facts_t *facts, mns_error_t *error) {
  mns_buffer_t unmet = {0};
  mns_rc_t rc = set_facts (eligibility, facts, error);
  for (size_t i = 0; rc == MNS_OK && i < eligibility->count; i++) {
    const prepared_t *prepared = &eligibility->conditions[i];
    if (assistance_condition_holds_for (prepared->condition, scheme, tier) && !is_met (prepared->statement))
      mns_buffer_printf (&unmet, "%s%s (%s)", unmet.size ? "; " : "", prepared->condition->en, prepared->condition->zh);
  }
  if (unmet.size) {
    mns_buffer_add (&unmet, "", 1);
    rc = mns_fail (error, MNS_NOT_ELIGIBLE, scheme, "not met: %s", (const char *)unmet.data);
  }
  mns_buffer_fini (&unmet);
  return rc;
}
