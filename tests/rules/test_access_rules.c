/* Rights as a table: account, verb, what → yes or no. */
#include "common/text.h"
#include "services/broker/rights.h"
#include "tests/support/rules_table.h"
#include "tests/support/test.h"

#define COUNTY 510322000000

static mns_place_t place_of (const rules_table_t *table, const char *text) {
  mns_place_t place = 0;
  if (strcmp (text, "-") != 0 && !mns_place_parse (text, &place))
    rules_table_fail (table, "'%s' is no division", text);
  return place;
}

/* "verb:prefix:division;…" */
static void read_rights (const rules_table_t *table, char *text, mns_account_t *row) {
  for (char *more, *at = text; at != NULL; at = more) {
    char *part[3] = {at, "", "-"};
    mns_account_right_t *right = &row->rights[row->rights_count++];
    more = strchr (at, ';');
    if (more != NULL)
      *more++ = 0;
    for (int i = 1; i < 3 && (at = strchr (at, ':')) != NULL; i++) {
      *at++ = 0;
      part[i] = at;
    }
    right->verb = mns_code_find (&mns_verb, part[0]);
    right->division = place_of (table, part[2]);
    mns_text_copy (right->prefix, sizeof right->prefix, part[1]);
    if (right->verb == 0)
      rules_table_fail (table, "'%s' is no verb", part[0]);
  }
}

static void read_account (const rules_table_t *table, mns_account_t *row) {
  const char *name = rules_table_value (table, "name"), *rights = rules_table_value (table, "rights");
  char role[32], own[256];
  mns_text_copy (role, sizeof role, rules_table_value (table, "account"));
  char *comma = strchr (role, ',');
  if (comma == NULL)
    rules_table_fail (table, "account=ROLE,DIVISION");
  *comma = 0;
  mns_record_clear (&mns_account_type, row);
  mns_text_copy (row->name, sizeof row->name, name ? name : "office");
  row->role = mns_code_find (&mns_role, role);
  row->division = place_of (table, comma + 1);
  mns_text_copy (own, sizeof own, rights ? rights : "");
  if (rights)
    read_rights (table, own, row);
  if (row->role == 0)
    rules_table_fail (table, "'%s' is no role", role);
}

static bool answer (const rules_table_t *table, const broker_rights_t *rights, const char *verb, const char *what,
                    mns_place_t *division) {
  switch (mns_code_find (&mns_verb, verb)) {
  case MNS_MAY_PUBLISH:
    return broker_rights_publish (rights, what, strlen (what));
  case MNS_MAY_SUBSCRIBE:
    return broker_rights_subscribe (rights, what);
  case MNS_MAY_REQUEST:
    return broker_rights_request (rights, what, division);
  case MNS_MAY_SERVE:
    return broker_rights_serve (rights, what);
  case MNS_MAY_SNAPSHOT:
    return broker_rights_snapshot (rights, what);
  case MNS_MAY_ADMIN:
    return broker_rights_command (rights, what);
  default:
    rules_table_fail (table, "'%s' is no verb", verb);
    return false;
  }
}

static void check_row (const rules_table_t *table) {
  mns_account_t row;
  broker_rights_t rights;
  const char *words[3] = {0}, *told = rules_table_value (table, "division");
  size_t count = 0;
  for (int i = 0; i < table->count; i++)
    if (strchr (table->words[i], '=') == NULL && count < 3)
      words[count++] = table->words[i];
  if (count != 3)
    rules_table_fail (table, "a row has an account, a verb, what, and yes or no");
  mns_place_t division = 0;
  read_account (table, &row);
  broker_rights_init (&rights, row.name, row.role, row.division, &row, COUNTY);
  const char *what = strcmp (words[1], "\"\"") == 0 ? "" : words[1];
  bool may = answer (table, &rights, words[0], what, &division);
  if (may != (strcmp (words[2], "yes") == 0))
    rules_table_fail (table, "the answer is %s", may ? "yes" : "no");
  if (told && division != place_of (table, told))
    rules_table_fail (table, "the service is told division %lld", (long long)division);
  broker_rights_fini (&rights);
}

static void test_rights (void **state) {
  (void)state;
  rules_table_t table;
  int rows = 0;
  rules_table_open (&table, MNS_SOURCE_DIR "/tests/rules/access_rights.table");
  for (; rules_table_next (&table); rows++)
    check_row (&table);
  assert_true (rows > 80);
}

/* A bus command that nobody has classified changes something. */
static void test_unknown_commands_change (void **state) {
  (void)state;
  assert_true (broker_rights_changes ("bus.trim"));
  assert_true (broker_rights_changes ("bus.not-yet-invented"));
  assert_false (broker_rights_changes ("bus.status"));
  assert_false (broker_rights_changes ("bus.read"));
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_rights), cmocka_unit_test (test_unknown_commands_change)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
