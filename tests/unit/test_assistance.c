/* Assistance through its handlers: who is entitled, what ends it, and that every fen is accounted for. */
#include "tests/support/test.h"
/* cmocka needs its headers first */
#include "common/dir.h"
#include "common/records/registry_duplicates.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/assistance/assistance.h"
#include "services/assistance/state.h"
#include "tests/support/turn_harness.h"

#define VILLAGE INT64_C (510322101203)
#define COUNTY  INT64_C (510322000000)

static harness_t *h;

static int set_up (void **state) {
  (void)state;
  mns_config_t config;
  memset (&config, 0, sizeof config);
  mns_record_clear (&mns_config_type, &config);
  config.county = COUNTY;
  config.utc_offset_s = 28800;
  config.outbox_max = 1000000;
  h = harness_new_with (&mns_assistance_service, &config);
  harness_set_account (h, "maker");
  return 0;
}

static int tear_down (void **state) {
  (void)state;
  harness_destroy (&h);
  return 0;
}

/* ---- persons and recipients -------------------------------------------------------------------------------------- */

static void number_of (uint64_t id, char number[19]) {
  snprintf (number, 19, "5103221950%07lluX", (unsigned long long)id % 10000000);
}

static mns_baseline_t baseline_of (uint64_t id) {
  mns_baseline_t person;
  mns_record_clear (&mns_baseline_type, &person);
  person.event = person.person = person.household = id;
  snprintf (person.name, sizeof person.name, "王%llu", (unsigned long long)id);
  number_of (id, person.citizen_number);
  person.sex = MNS_FEMALE;
  person.birth = 19500101;
  person.registration = MNS_RURAL;
  person.place = VILLAGE;
  person.occurred = person.registered = 20250101;
  return person;
}

static void add_persons (uint64_t first, size_t count) {
  mns_baseline_t *persons = mns_alloc (count * sizeof *persons);
  for (size_t i = 0; i < count; i++)
    persons[i] = baseline_of (first + i);
  assert_int_equal (harness_event_with (h, "registry.baseline.510322101203.loaded", &mns_baseline_type, persons, count,
                                        20250101, 20250101),
                    MNS_OK);
  free (persons);
}

static mns_recipient_row_t row_of (uint64_t id, const char *scheme, const char *tier) {
  mns_recipient_row_t row;
  mns_record_clear (&mns_recipient_row_type, &row);
  mns_text_copy (row.scheme, sizeof row.scheme, scheme);
  mns_text_copy (row.tier, sizeof row.tier, tier);
  number_of (id, row.citizen_number);
  snprintf (row.name, sizeof row.name, "王%llu", (unsigned long long)id);
  row.opening = MNS_YES;
  row.from_day = 20260101;
  row.children_living = 1;
  row.sons_living = 0;
  row.children_deceased = 0;
  snprintf (row.bank_account, sizeof row.bank_account, "6217%012llu", (unsigned long long)id);
  return row;
}

static mns_rc_t load (const char *command, const mns_record_type_t *type, const void *rows, size_t count) {
  mns_buffer_t body = {0};
  mns_uuid_t key = mns_uuid_new ();
  for (size_t i = 0; i < count; i++)
    mns_record_pack (type, (const char *)rows + i * type->size, &body);
  mns_rc_t rc = harness_call_body (h, command, &key, body.data, body.size);
  mns_buffer_fini (&body);
  return rc;
}

static void add_recipients (uint64_t first, size_t count, const char *tier) {
  mns_recipient_row_t *rows = mns_alloc (count * sizeof *rows);
  mns_row_outcome_t outcome;
  for (size_t i = 0; i < count; i++)
    rows[i] = row_of (first + i, "rural-reward", tier);
  for (size_t at = 0; at < count; at += 1000) {
    size_t part = count - at < 1000 ? count - at : 1000;
    assert_int_equal (load ("assistance.load-recipients", &mns_recipient_row_type, rows + at, part), MNS_OK);
    if (harness_reply (h, 0, &mns_row_outcome_type, &outcome))
      fail_msg ("row %llu: %s %s", (unsigned long long)outcome.row, outcome.field, outcome.detail);
    assert_int_equal (harness_emitted_count (h), part);
  }
  free (rows);
}

static mns_row_outcome_t load_one (const mns_recipient_row_t *row) {
  mns_row_outcome_t outcome;
  assert_int_equal (load ("assistance.load-recipients", &mns_recipient_row_type, row, 1), MNS_OK);
  if (!harness_reply (h, 0, &mns_row_outcome_type, &outcome)) {
    mns_record_clear (&mns_row_outcome_type, &outcome);
    outcome.result = MNS_ROW_CREATED;
  }
  return outcome;
}

static mns_entitlement_t entitlement_of (uint64_t id) {
  mns_entitlement_query_t query;
  mns_entitlement_t entitlement;
  mns_record_clear (&mns_entitlement_query_type, &query);
  query.entitlement = id;
  assert_int_equal (harness_call (h, "assistance.entitlements", &query, &entitlement), MNS_OK);
  return entitlement;
}

static void die (uint64_t id, mns_date_t occurred, mns_date_t registered) {
  mns_baseline_t person = baseline_of (id);
  mns_death_t death;
  mns_record_clear (&mns_death_type, &death);
  memcpy (&death, &person, sizeof person);
  death.event = 100000 + id;
  death.occurred = occurred;
  death.registered = registered;
  assert_int_equal (harness_event_with (h, "registry.death.510322101203.registered", &mns_death_type, &death, 1,
                                        occurred, registered),
                    MNS_OK);
}

/* ---- money ------------------------------------------------------------------------------------------------------- */

static void pay_in (const char *source, mns_fen_t amount_fen) {
  mns_fund_request_t fund;
  mns_record_clear (&mns_fund_request_type, &fund);
  mns_text_copy (fund.source, sizeof fund.source, source);
  fund.amount_fen = amount_fen;
  assert_int_equal (harness_call (h, "assistance.fund", &fund, NULL), MNS_OK);
}

/* The balance of an account; checks by the way that all balances add up to zero and none is negative but `granted`. */
static mns_fen_t balance (const char *name) {
  mns_ledger_account_t account;
  mns_fen_t sum = 0, found = 0;
  assert_int_equal (harness_call (h, "assistance.ledger", NULL, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_ledger_account_type, &account); i++) {
    sum += account.balance_fen;
    assert_true (account.balance_fen >= 0 || !strncmp (account.account, "granted:", 8));
    found = strcmp (account.account, name) ? found : account.balance_fen;
  }
  assert_int_equal (sum, 0);
  return found;
}

static mns_rc_t prepare (const char *scheme, const char *period, mns_batch_t *batch) {
  mns_batch_request_t request;
  mns_record_clear (&mns_batch_request_type, &request);
  mns_text_copy (request.scheme, sizeof request.scheme, scheme);
  mns_text_copy (request.period, sizeof request.period, period);
  harness_set_account (h, "maker");
  return harness_call (h, "assistance.batch-prepare", &request, batch);
}

static mns_rc_t on_batch (const char *command, const char *account, uint64_t number, mns_batch_t *batch) {
  mns_batch_number_t request = {.batch = number};
  harness_set_account (h, account);
  mns_rc_t rc = harness_call (h, command, &request, batch);
  harness_set_account (h, "maker");
  return rc;
}

static mns_fen_t part_of (const mns_batch_t *batch, const char *tier, const char *source) {
  for (size_t i = 0; i < batch->parts_count; i++)
    if (!strcmp (batch->parts[i].tier, tier) && !strcmp (batch->parts[i].source, source))
      return batch->parts[i].amount_fen;
  return -1;
}

static void pay_in_all (void) {
  pay_in ("centre", 1000000000);
  pay_in ("province", 1000000000);
  pay_in ("county", 1000000000);
}

/* ---- the sample county's batch ----------------------------------------------------------------------------------- */

static void test_sample_batch (void **state) {
  (void)state;
  mns_batch_t batch;
  mns_batch_posted_t posted;
  mns_buffer_t file = {0}, totals = {0};
  char path[MNS_PATH_MAX], line[128];
  uint8_t digest[32];
  add_persons (1, 3844);
  add_recipients (1, 2641, "national");
  add_recipients (2642, 1203, "provincial");
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_FUND_EXHAUSTED);
  assert_non_null (strstr (harness_error (h)->detail, "2,028,288.00 yuan"));
  assert_int_equal (balance ("payable:rural-reward"), 0);
  pay_in_all ();
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  assert_int_equal (batch.lines, 3844);
  assert_int_equal (batch.total_fen, 369024000);
  assert_int_equal (part_of (&batch, "national", "centre"), 202828800);
  assert_int_equal (part_of (&batch, "national", "centre") + part_of (&batch, "national", "province") +
                        part_of (&batch, "national", "county"),
                    253536000);
  assert_int_equal (part_of (&batch, "provincial", "province") + part_of (&batch, "provincial", "county"), 115488000);
  assert_int_equal (balance ("payable:rural-reward"), 369024000);
  assert_int_equal (balance ("fund:centre"), 1000000000 - 202828800);

  assert_int_equal (on_batch ("assistance.batch-post", "maker", batch.batch, &batch), MNS_FORBIDDEN);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", 1, &batch), MNS_OK);
  harness_emitted_record (h, 0, 0, &mns_batch_posted_type, &posted);
  assert_memory_equal (harness_emitted (h, 0)->topic, "assistance.batch.510322000000.rural-reward-2026",
                       harness_emitted (h, 0)->topic_size);
  assert_int_equal (posted.total_fen, 369024000);
  assert_int_equal (balance ("paid:rural-reward"), 369024000);
  assert_int_equal (balance ("payable:rural-reward"), 0);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", 1, NULL), MNS_WRONG_STATE);
  assert_int_equal (prepare ("rural-reward", "2026", NULL), MNS_NOT_FOUND);

  assert_int_equal (harness_timer (h, "export"), MNS_OK);
  mns_batch_query_t query;
  mns_record_clear (&mns_batch_query_type, &query);
  assert_int_equal (harness_call (h, "assistance.batches", &query, &batch), MNS_OK);
  assert_string_equal (batch.file, "bank/rural-reward-2026-1.csv");
  assert_int_equal (mns_dir_join (path, harness_config (h)->data, batch.file, NULL), MNS_OK);
  assert_int_equal (mns_dir_read_file (path, 1 << 20, &file, NULL), MNS_OK);
  mns_sha256 (file.data, file.size, digest);
  for (size_t i = 0; i < 32; i++) {
    snprintf (line, sizeof line, "%02x", digest[i]);
    assert_memory_equal (batch.sha256 + 2 * i, line, 2);
  }
  size_t lines = 0;
  for (size_t i = 0; i < file.size; i++)
    lines += file.data[i] == '\n';
  assert_int_equal (lines, 3845);
  assert_non_null (
      strstr ((const char *)file.data, "\n3844,6217000000003844,王3844,960.00,rural-reward-2026-1-3844\n"));
  strcpy (path + strlen (path) - 3, "txt");
  assert_int_equal (mns_dir_read_file (path, 1 << 20, &totals, NULL), MNS_OK);
  assert_non_null (strstr ((const char *)totals.data, "lines: 3844\ntotal: 3690240.00\n"));
  assert_non_null (strstr ((const char *)totals.data, "national from centre: 2028288.00 (2641 lines)"));
  mns_buffer_fini (&file);
  mns_buffer_fini (&totals);
}

/* ---- a death --------------------------------------------------------------------------------------------------- */

static void test_death_ends_and_is_left_out (void **state) {
  (void)state;
  mns_entitlement_change_t change;
  mns_batch_t batch;
  add_persons (1, 3);
  add_recipients (1, 3, "national");
  pay_in_all ();
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  die (2, 20260620, 20260701);
  assert_int_equal (harness_emitted_count (h), 1);
  harness_emitted_record (h, 0, 0, &mns_entitlement_change_type, &change);
  assert_int_equal (change.happening, MNS_ENTITLEMENT_ENDED);
  assert_int_equal (change.reason, MNS_EXIT_DEATH);
  assert_int_equal (change.occurred, 20260620);
  assert_int_equal (change.registered, 20260701);
  assert_int_equal (entitlement_of (2).state, MNS_ENTITLEMENT_EXITED);
  /* the line that was prepared is taken out when the batch is posted, and its money goes back */
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, &batch), MNS_OK);
  assert_int_equal (batch.lines, 2);
  assert_int_equal (batch.left_out, 1);
  assert_int_equal (batch.total_fen, 192000);
  assert_int_equal (balance ("payable:rural-reward"), 0);
  assert_int_equal (balance ("fund:centre"), 1000000000 - 2 * 76800);
  assert_int_equal (entitlement_of (2).paid_fen, 0);
}

static void test_overpaid_after_death_is_recovered (void **state) {
  (void)state;
  mns_recovery_t recovery;
  mns_batch_t batch;
  add_persons (1, 2);
  add_recipients (1, 2, "national");
  pay_in_all ();
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  die (1, 20260301, 20260701);
  assert_int_equal (harness_emitted_count (h), 2);
  harness_emitted_record (h, 1, 0, &mns_recovery_type, &recovery);
  assert_int_equal (recovery.amount_fen, 96000);
  assert_int_equal (recovery.since, 20260302);
  assert_int_equal (balance ("recoverable:rural-reward"), 96000);
  assert_int_equal (balance ("paid:rural-reward"), 96000);
  assert_int_equal (entitlement_of (1).recoverable_fen, 96000);
  /* on the cut-off day itself it was due */
  die (2, 20260701, 20260701);
  assert_int_equal (harness_emitted_count (h), 1);
}

static void test_months_after_death_are_recovered (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "special-assistance", "child-deceased");
  mns_recovery_t recovery;
  mns_batch_t batch;
  add_persons (1, 1);
  row.children_living = 0;
  row.children_deceased = 1;
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  pay_in_all ();
  assert_int_equal (prepare ("special-assistance", "2026-S1", &batch), MNS_OK);
  assert_int_equal (batch.total_fen, 6 * 59000);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  die (1, 20260415, 20260701);
  harness_emitted_record (h, 1, 0, &mns_recovery_type, &recovery);
  assert_int_equal (recovery.amount_fen, 2 * 59000);
  assert_int_equal (recovery.since, 20260501);
}

/* ---- files ----------------------------------------------------------------------------------------------------- */

static void test_rows_are_judged_one_by_one (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  add_persons (1, 2);
  row.children_living = 3;
  mns_row_outcome_t outcome = load_one (&row);
  assert_int_equal (outcome.result, MNS_ROW_REFUSED);
  assert_string_equal (outcome.error, "not_eligible");
  assert_non_null (strstr (outcome.detail, "one child living or two daughters"));
  assert_null (strstr (outcome.detail, "60"));
  assert_int_equal (outcome.person, 1);
  row.children_living = 1;
  strcpy (row.tier, "golden");
  assert_non_null (strstr (load_one (&row).detail, "national, provincial"));
  strcpy (row.tier, "national");
  strcpy (row.name, "李四");
  assert_string_equal (load_one (&row).error, "conflict");
  strcpy (row.name, "王1");
  row.from_day = 20260702;
  assert_string_equal (load_one (&row).error, "date_order");
  row.from_day = 20260101;
  strcpy (row.bank_account, "=1+2345678");
  assert_string_equal (load_one (&row).field, "bank_account");
  strcpy (row.bank_account, "");
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (load_one (&row).result, MNS_ROW_EXISTS);
  strcpy (row.tier, "provincial");
  assert_string_equal (load_one (&row).error, "conflict");
  mns_record_clear (&mns_recipient_row_type, &row);
  assert_string_equal (load_one (&row).error, "missing");
}

static void test_the_same_file_after_the_exits (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  mns_exit_row_t exit;
  mns_row_outcome_t outcome;
  add_persons (1, 1);
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  mns_record_clear (&mns_exit_row_type, &exit);
  strcpy (exit.scheme, "rural-reward");
  strcpy (exit.citizen_number, row.citizen_number);
  strcpy (exit.name, row.name);
  exit.reason = MNS_EXIT_CONDITION_ENDED;
  exit.occurred = 20260401;
  exit.registered = 20260410;
  assert_int_equal (load ("assistance.load-exits", &mns_exit_row_type, &exit, 1), MNS_OK);
  assert_false (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (harness_emitted_count (h), 1);
  assert_int_equal (entitlement_of (1).last_day, 20260401);
  assert_int_equal (load ("assistance.load-exits", &mns_exit_row_type, &exit, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (load_one (&row).result, MNS_ROW_EXISTS);
  exit.reason = MNS_EXIT_DEATH;
  assert_int_equal (load ("assistance.load-exits", &mns_exit_row_type, &exit, 1), MNS_OK);
  assert_true (harness_reply (h, 0, &mns_row_outcome_type, &outcome));
  assert_string_equal (outcome.field, "reason");
}

/* ---- who leaves and comes back ----------------------------------------------------------------------------------- */

static mns_rc_t leave (uint64_t id, const char *scheme, mns_date_t last_day, mns_row_outcome_t *outcome) {
  mns_exit_row_t exit;
  mns_record_clear (&mns_exit_row_type, &exit);
  mns_text_copy (exit.scheme, sizeof exit.scheme, scheme);
  number_of (id, exit.citizen_number);
  snprintf (exit.name, sizeof exit.name, "王%llu", (unsigned long long)id);
  exit.reason = MNS_EXIT_CONDITION_ENDED;
  exit.occurred = exit.registered = last_day;
  mns_record_clear (&mns_row_outcome_type, outcome);
  mns_rc_t rc = load ("assistance.load-exits", &mns_exit_row_type, &exit, 1);
  harness_reply (h, 0, &mns_row_outcome_type, outcome);
  return rc;
}

static mns_rc_t prepare_on (const char *scheme, const char *period, mns_date_t cutoff, mns_batch_t *batch) {
  mns_batch_request_t request;
  mns_record_clear (&mns_batch_request_type, &request);
  mns_text_copy (request.scheme, sizeof request.scheme, scheme);
  mns_text_copy (request.period, sizeof request.period, period);
  request.cutoff = cutoff;
  return harness_call (h, "assistance.batch-prepare", &request, batch);
}

static void test_a_year_is_paid_once_to_who_comes_back (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national"), other = row_of (2, "rural-reward", "national");
  mns_row_outcome_t outcome;
  mns_batch_t batch;
  add_persons (1, 2);
  add_recipients (1, 2, "national");
  pay_in_all ();
  assert_int_equal (prepare_on ("rural-reward", "2026", 20260401, &batch), MNS_OK);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  /* the first left after the cut-off day and keeps the year, the second before it and has to give it back */
  assert_int_equal (leave (1, "rural-reward", 20260501, &outcome), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1);
  assert_int_equal (leave (2, "rural-reward", 20260301, &outcome), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 2);
  row.from_day = other.from_day = 20260601;
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (load_one (&other).result, MNS_ROW_CREATED);
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  assert_int_equal (batch.lines, 1);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  assert_int_equal (entitlement_of (3).paid_fen, 0);
  assert_int_equal (entitlement_of (4).paid_fen, 96000);
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_NOT_FOUND);
}

static void test_a_month_is_paid_once_to_who_comes_back (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "special-assistance", "child-deceased");
  mns_row_outcome_t outcome;
  mns_batch_t batch;
  add_persons (1, 1);
  row.children_living = 0;
  row.children_deceased = 1;
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  pay_in_all ();
  assert_int_equal (prepare ("special-assistance", "2026-S1", &batch), MNS_OK);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  assert_int_equal (leave (1, "special-assistance", 20260410, &outcome), MNS_OK); /* May and June are claimed back */
  row.from_day = 20260420;
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (prepare ("special-assistance", "2026-S1", &batch), MNS_OK);
  assert_int_equal (batch.total_fen, 2 * 59000);
}

static void test_the_exits_again_after_a_return (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  mns_row_outcome_t outcome;
  add_persons (1, 1);
  add_recipients (1, 1, "national");
  assert_int_equal (leave (1, "rural-reward", 20260401, &outcome), MNS_OK);
  row.from_day = 20260601;
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (leave (1, "rural-reward", 20260401, &outcome), MNS_OK);
  assert_int_equal (outcome.result, MNS_ROW_EXISTS);
  assert_int_equal (entitlement_of (2).state, MNS_ENTITLEMENT_ACTIVE);
}

/* Files may come after the deaths they do not know of. */
static void test_recipient_who_died_since (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  mns_entitlement_change_t change;
  add_persons (1, 2);
  die (1, 20260301, 20260401);
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (harness_emitted_count (h), 2);
  harness_emitted_record (h, 1, 0, &mns_entitlement_change_type, &change);
  assert_int_equal (change.occurred, 20260301);
  assert_int_equal (change.registered, 20260401);
  assert_int_equal (load_one (&row).result, MNS_ROW_EXISTS);
  row = row_of (2, "rural-reward", "national");
  die (2, 20251220, 20251230);
  assert_string_equal (load_one (&row).error, "wrong_state");
}

/* ---- applications ---------------------------------------------------------------------------------------------- */

static mns_rc_t decide (const char *account, uint64_t application, mns_code_t decision, const char *reason,
                        mns_application_t *answer) {
  mns_decision_request_t request;
  mns_record_clear (&mns_decision_request_type, &request);
  request.application = application;
  request.decision = decision;
  mns_text_copy (request.reason, sizeof request.reason, reason);
  harness_set_account (h, account);
  mns_rc_t rc = harness_call (h, "assistance.decide", &request, answer);
  harness_set_account (h, "maker");
  return rc;
}

static void test_application (void **state) {
  (void)state;
  mns_application_request_t request;
  mns_application_t application;
  mns_entitlement_change_t change;
  add_persons (1, 2);
  mns_record_clear (&mns_application_request_type, &request);
  strcpy (request.scheme, "rural-reward");
  strcpy (request.tier, "national");
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_MISSING);
  request.person = 1;
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_NOT_ELIGIBLE);
  request.children_living = 2;
  request.sons_living = 0;
  assert_int_equal (harness_call (h, "assistance.apply", &request, &application), MNS_OK);
  assert_int_equal (application.state, MNS_APPLICATION_APPLIED);
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_EXISTS);
  assert_int_equal (decide ("maker", 1, MNS_DECISION_APPROVE, "", NULL), MNS_FORBIDDEN);
  assert_int_equal (decide ("checker", 1, MNS_DECISION_REFUSE, "", NULL), MNS_MISSING);
  assert_int_equal (decide ("checker", 1, MNS_DECISION_APPROVE, "", &application), MNS_OK);
  assert_int_equal (application.state, MNS_APPLICATION_APPROVED);
  assert_string_equal (application.decided_by, "checker");
  harness_emitted_record (h, 0, 0, &mns_entitlement_change_type, &change);
  assert_int_equal (change.happening, MNS_ENTITLEMENT_STARTED);
  assert_int_equal (change.occurred, 20260701);
  assert_int_equal (decide ("checker", 1, MNS_DECISION_APPROVE, "", NULL), MNS_WRONG_STATE);
  request.person = 2;
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_OK);
  die (2, 20260630, 20260701);
  assert_int_equal (decide ("checker", 2, MNS_DECISION_APPROVE, "", NULL), MNS_WRONG_STATE);
  assert_int_equal (decide ("checker", 2, MNS_DECISION_REFUSE, "died", &application), MNS_OK);
  assert_int_equal (application.state, MNS_APPLICATION_REFUSED);
}

static void test_division (void **state) {
  (void)state;
  mns_application_request_t request;
  mns_batch_t batch;
  add_persons (1, 1);
  add_recipients (1, 1, "national");
  mns_record_clear (&mns_application_request_type, &request);
  strcpy (request.scheme, "rural-reward");
  strcpy (request.tier, "national");
  request.person = 1;
  request.children_living = 1;
  harness_set_caller (h, MNS_APPROVER, INT64_C (510322102000));
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_FORBIDDEN);
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_FORBIDDEN);
  assert_int_equal (entitlement_of (1).entitlement, 0);
  harness_set_caller (h, MNS_OFFICIAL, 0);
  assert_int_equal (harness_call (h, "assistance.apply", &request, NULL), MNS_FORBIDDEN);
}

/* ---- batches --------------------------------------------------------------------------------------------------- */

static void test_cancelled_batch_gives_back (void **state) {
  (void)state;
  mns_batch_t batch;
  add_persons (1, 1);
  add_recipients (1, 1, "provincial");
  pay_in_all ();
  assert_int_equal (prepare ("rural-reward", "2026-S1", NULL), MNS_INVALID);
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  assert_int_equal (prepare ("rural-reward", "2026", NULL), MNS_WRONG_STATE);
  assert_int_equal (on_batch ("assistance.batch-cancel", "maker", 1, &batch), MNS_OK);
  assert_int_equal (batch.state, MNS_BATCH_CANCELLED);
  assert_int_equal (balance ("fund:province"), 1000000000);
  assert_int_equal (balance ("payable:rural-reward"), 0);
  assert_int_equal (prepare ("rural-reward", "2026", &batch), MNS_OK);
  assert_int_equal (batch.total_fen, 96000);
}

/* Random operations: the books balance after each, and nothing is paid that was not granted. */
static void test_books_balance_whatever_happens (void **state) {
  (void)state;
  uint32_t seed = 20260701;
  uint64_t alive = 1, prepared = 0;
  add_persons (1, 120);
  add_recipients (1, 120, "national");
  for (int step = 0; step < 150; step++) {
    mns_batch_t batch;
    char period[5];
    seed = seed * 1664525 + 1013904223;
    snprintf (period, sizeof period, "%u", 2024 + (seed >> 24) % 3);
    switch ((seed >> 16) % 6) {
    case 0:
      pay_in ("centre", 1 + seed % 900000);
      break;
    case 1:
      pay_in ("county", 1 + seed % 200000);
      pay_in ("province", 1 + seed % 200000);
      break;
    case 2:
      if (prepare ("rural-reward", period, &batch) == MNS_OK)
        prepared = batch.batch;
      break;
    case 3:
      if (prepared && on_batch ("assistance.batch-post", "checker", prepared, NULL) == MNS_OK)
        prepared = 0;
      break;
    case 4:
      if (prepared && seed % 3 == 0 && on_batch ("assistance.batch-cancel", "maker", prepared, NULL) == MNS_OK)
        prepared = 0;
      break;
    default:
      if (alive <= 120)
        die (alive++, 20260101 + (mns_date_t)(seed % 27), 20260701);
    }
    assert_true (balance ("fund:centre") >= 0);
  }
  mns_fen_t granted = -balance ("granted:centre") - balance ("granted:province") - balance ("granted:county");
  mns_fen_t held = balance ("fund:centre") + balance ("fund:province") + balance ("fund:county");
  assert_int_equal (granted - held, balance ("payable:rural-reward") + balance ("paid:rural-reward") +
                                        balance ("recoverable:rural-reward"));
  assert_true (balance ("paid:rural-reward") + balance ("recoverable:rural-reward") > 0);
  /* the balances are what the entries say */
  sqlite3_stmt *sum = mns_db_prepare (harness_db (h), "SELECT count (*) FROM account a WHERE balance_fen <> (SELECT"
                                                      " sum (amount_fen) FROM entry e WHERE e.account = a.name)");
  bool row;
  int64_t wrong = -1;
  mns_db_bind (sum, "");
  assert_int_equal (mns_db_step (harness_db (h), sum, &row), MNS_OK);
  mns_db_read (sum, "i", &wrong);
  sqlite3_reset (sum);
  assert_int_equal (wrong, 0);
}

/* ---- the register's other events -------------------------------------------------------------------------------- */

static void test_moves_and_corrections (void **state) {
  (void)state;
  mns_move_out_t out;
  mns_correction_t correction;
  mns_entitlement_change_t change;
  mns_recipient_row_t row = row_of (2, "rural-reward", "national");
  mns_recipient_row_t unknown = row_of (3, "rural-reward", "national"); /* looked for: the table of numbers is built */
  add_persons (1, 2);
  add_recipients (1, 1, "national");
  mns_record_clear (&mns_move_out_type, &out);
  mns_baseline_t person = baseline_of (1);
  memcpy (&out, &person, sizeof person);
  out.occurred = out.registered = 20260601;
  assert_int_equal (harness_event (h, "registry.move-out.510322101203.registered", &mns_move_out_type, &out), MNS_OK);
  harness_emitted_record (h, 0, 0, &mns_entitlement_change_type, &change);
  assert_int_equal (change.reason, MNS_EXIT_MOVED);

  mns_record_clear (&mns_correction_type, &correction);
  correction.correction = 1;
  correction.person = 2;
  correction.place = VILLAGE;
  strcpy (correction.field, "citizen_number");
  strcpy (correction.new_value, "51032219500202001X");
  strcpy (correction.reason, "typing error");
  correction.registered = 20260701;
  assert_string_equal (load_one (&unknown).error, "not_found");
  assert_int_equal (harness_event (h, "registry.correction.510322101203.registered", &mns_correction_type, &correction),
                    MNS_OK);
  assert_string_equal (load_one (&row).error, "not_found");
  strcpy (row.citizen_number, "510322500202001");
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
}

/* Two entries of the register become one (and two again): the merge, and the adjustment behind it. */
static void become_one (uint64_t merge, uint64_t survivor, uint64_t merged, bool undone) {
  mns_merge_t told;
  mns_adjustment_t adjustment;
  mns_baseline_t person = baseline_of (merged);
  mns_record_clear (&mns_merge_type, &told);
  told.merge = merge;
  told.survivor = survivor;
  told.merged = merged;
  told.place = VILLAGE;
  told.undone = undone ? MNS_YES : 0;
  strcpy (told.reason, "one card");
  told.registered = 20260701;
  assert_int_equal (harness_event (h, "registry.merge.510322101203.registered", &mns_merge_type, &told), MNS_OK);
  mns_record_clear (&mns_adjustment_type, &adjustment);
  memcpy (&adjustment, &person, sizeof person);
  adjustment.event = 200000 + merge;
  adjustment.adjustment = MNS_MERGE;
  adjustment.delta = undone ? 1 : -1;
  adjustment.occurred = adjustment.registered = 20260701;
  assert_int_equal (harness_event (h, "registry.adjustment.510322101203.registered", &mns_adjustment_type, &adjustment),
                    MNS_OK);
}

static void test_entitlements_go_with_a_merge (void **state) {
  (void)state;
  add_persons (1, 4);
  add_recipients (1, 2, "national");
  become_one (1, 3, 1, false);
  assert_int_equal (entitlement_of (1).person, 3);
  assert_int_equal (entitlement_of (1).state, MNS_ENTITLEMENT_ACTIVE);
  become_one (1, 3, 1, true);
  assert_int_equal (entitlement_of (1).person, 1);
  assert_int_equal (entitlement_of (1).state, MNS_ENTITLEMENT_ACTIVE);
  become_one (2, 1, 2, false); /* both get the same: the one of the merged entry ends with it */
  assert_int_equal (entitlement_of (2).person, 2);
  assert_int_equal (entitlement_of (2).state, MNS_ENTITLEMENT_EXITED);
  assert_int_equal (entitlement_of (1).state, MNS_ENTITLEMENT_ACTIVE);
  die (4, 20260601, 20260602);
  become_one (3, 4, 1, false); /* who has died does not live on by the other entry */
  assert_int_equal (entitlement_of (1).person, 4);
  assert_int_equal (entitlement_of (1).reason, MNS_EXIT_DEATH);
  assert_int_equal (entitlement_of (1).last_day, 20260601);
}

/* The register first had the death after the payment. */
static void test_the_day_of_a_death_is_corrected (void **state) {
  (void)state;
  mns_correction_t correction;
  mns_recovery_t recovery;
  mns_batch_t batch;
  add_persons (1, 1);
  add_recipients (1, 1, "national");
  pay_in_all ();
  assert_int_equal (prepare_on ("rural-reward", "2026", 20260601, &batch), MNS_OK);
  assert_int_equal (on_batch ("assistance.batch-post", "checker", batch.batch, NULL), MNS_OK);
  die (1, 20260620, 20260625);
  assert_int_equal (harness_emitted_count (h), 1);
  mns_record_clear (&mns_correction_type, &correction);
  correction.correction = 1;
  correction.person = 1;
  correction.event = 100001;
  correction.place = VILLAGE;
  strcpy (correction.field, "occurred");
  strcpy (correction.old_value, "2026-06-20");
  strcpy (correction.new_value, "2026-03-20");
  strcpy (correction.reason, "certificate");
  correction.registered = 20260701;
  assert_int_equal (harness_event (h, "registry.correction.510322101203.registered", &mns_correction_type, &correction),
                    MNS_OK);
  assert_int_equal (harness_emitted_count (h), 1);
  harness_emitted_record (h, 0, 0, &mns_recovery_type, &recovery);
  assert_int_equal (recovery.amount_fen, 96000);
  assert_int_equal (recovery.since, 20260321);
  assert_int_equal (recovery.registered, 20260701);
  assert_int_equal (entitlement_of (1).last_day, 20260320);
  assert_int_equal (balance ("recoverable:rural-reward"), 96000);
}

/* Files decide many at once: they are not for an account that may only apply. */
static void test_files_of_decisions_need_one_who_decides (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  mns_row_outcome_t outcome;
  add_persons (1, 1);
  harness_set_caller (h, MNS_CLERK, 0);
  assert_int_equal (load ("assistance.load-recipients", &mns_recipient_row_type, &row, 1), MNS_FORBIDDEN);
  assert_int_equal (leave (1, "rural-reward", 20260401, &outcome), MNS_FORBIDDEN);
}

static void test_restart_keeps_everything (void **state) {
  (void)state;
  mns_recipient_row_t row = row_of (1, "rural-reward", "national");
  add_persons (1, 2);
  add_recipients (1, 1, "national");
  harness_restart (h);
  assert_int_equal (load_one (&row).result, MNS_ROW_EXISTS);
  row = row_of (2, "rural-reward", "national");
  assert_int_equal (load_one (&row).result, MNS_ROW_CREATED);
  assert_int_equal (entitlement_of (2).entitlement, 2);
}

/* The migration is the truth for the table; the record must have its columns, in their order. */
static void test_person_table_is_the_record (void **state) {
  (void)state;
  sqlite3_stmt *columns = mns_db_prepare (harness_db (h), "SELECT name FROM pragma_table_info ('person') ORDER BY cid");
  bool row;
  uint16_t at = 0;
  mns_db_bind (columns, "");
  for (; mns_db_step (harness_db (h), columns, &row) == MNS_OK && row; at++) {
    assert_true (at < mns_assisted_person_type.field_count);
    assert_string_equal ((const char *)sqlite3_column_text (columns, 0), mns_assisted_person_type.fields[at].name);
  }
  assert_int_equal (at, mns_assisted_person_type.field_count);
}

int main (void) {
#define CASE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE (test_sample_batch),
      CASE (test_death_ends_and_is_left_out),
      CASE (test_overpaid_after_death_is_recovered),
      CASE (test_months_after_death_are_recovered),
      CASE (test_rows_are_judged_one_by_one),
      CASE (test_the_same_file_after_the_exits),
      CASE (test_a_year_is_paid_once_to_who_comes_back),
      CASE (test_a_month_is_paid_once_to_who_comes_back),
      CASE (test_the_exits_again_after_a_return),
      CASE (test_recipient_who_died_since),
      CASE (test_application),
      CASE (test_division),
      CASE (test_cancelled_batch_gives_back),
      CASE (test_books_balance_whatever_happens),
      CASE (test_moves_and_corrections),
      CASE (test_entitlements_go_with_a_merge),
      CASE (test_the_day_of_a_death_is_corrected),
      CASE (test_files_of_decisions_need_one_who_decides),
      CASE (test_restart_keeps_everything),
      CASE (test_person_table_is_the_record),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
