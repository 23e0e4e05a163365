/* Closings and releases in real turns: what is decided comes back through the log, the ledger, what stood on a day, and
 * a store that is made again from the same log. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/dir.h"
#include "common/records/registry_records.h"
#include "common/records/release_records.h"
#include "common/records/statistics_requests.h"
#include "services/statistics/rules_closing.h"
#include "services/statistics/rules_revision.h"
#include "services/statistics/statistics.h"
#include "tests/support/turn_harness.h"

#define COUNTY  510322000000
#define VILLAGE 510322101201
#define LOG_MAX 2048

/* The log: every event that was delivered, so that it can be delivered again. */
static mns_buffer_t events[LOG_MAX];
static size_t event_count;
static uint64_t numbers;

static harness_t *new_harness (void) {
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  config.utc_offset_s = 28800;
  return harness_new_with (&mns_statistics_service, &config);
}

static void forget_log (void) {
  for (size_t i = 0; i < event_count; i++)
    mns_buffer_fini (&events[i]);
  event_count = 0;
  numbers = 0;
}

typedef struct {
  bool decision; /* a packed event; otherwise a fact */
  mns_restatement_t fact;
} entry_t;
static entry_t entries[LOG_MAX];

static void tell (harness_t *h, const mns_restatement_t *fact) {
  entries[event_count] = (entry_t){false, *fact};
  events[event_count++] = (mns_buffer_t){0};
  assert_int_equal (harness_event (h, "registry.restatement.510322000000.registered", &mns_restatement_type, fact),
                    MNS_OK);
}

/* A decision that was emitted goes into the log and comes back. */
static void come_back (harness_t *h) {
  assert_int_equal (harness_emitted_count (h), 1);
  const mns_event_t *event = harness_emitted (h, 0);
  entries[event_count].decision = true;
  mns_buffer_add (&events[event_count], event->bytes, event->size);
  event_count++;
  mns_rc_t rc = harness_deliver (h, event);
  if (rc)
    fail_msg ("%s: %s", harness_error (h)->where, harness_error (h)->detail);
}

static mns_rc_t again (harness_t *h) {
  mns_rc_t rc = MNS_OK;
  for (size_t i = 0; rc == MNS_OK && i < event_count; i++) {
    mns_event_t event;
    mns_error_t error;
    size_t used;
    if (!entries[i].decision) {
      rc = harness_event (h, "registry.restatement.510322000000.registered", &mns_restatement_type, &entries[i].fact);
      continue;
    }
    assert_int_equal (mns_event_unpack (&event, events[i].data, events[i].size, &used, &error), MNS_OK);
    event.bytes = events[i].data;
    event.size = events[i].size;
    rc = harness_deliver (h, &event);
  }
  return rc;
}

static mns_restatement_t birth (int number, mns_date_t day) {
  mns_restatement_t event;
  mns_record_clear (&mns_restatement_type, &event);
  event.sign = 1;
  event.event_kind = MNS_BIRTH;
  event.event = ++numbers;
  event.sex = number % 2 ? MNS_MALE : MNS_FEMALE;
  event.birth = event.occurred = event.registered = day;
  event.place = VILLAGE + (number % 3) * 1000 + number % 2;
  event.mother = MNS_MOTHER_REGISTERED;
  event.birth_order = 1 + number % 3;
  event.plurality = event.rank = 1;
  return event;
}

static void years_of_births (harness_t *h, int from, int to) {
  for (int month = from * 12; month < to * 12; month++)
    for (int i = 0; i < 8; i++) {
      mns_restatement_t event = birth (month * 7 + i * i, mns_date_make (month / 12, month % 12 + 1, 1 + i));
      tell (h, &event);
    }
}

static mns_rc_t ask_close (harness_t *h, const char *command, const char *period, const char *reason) {
  mns_closing_request_t request;
  mns_closing_info_t info;
  mns_record_clear (&mns_closing_request_type, &request);
  strcpy (request.period, period);
  strcpy (request.reason, reason);
  return harness_call (h, command, &request, &info);
}

static void close_month (harness_t *h, const char *period) {
  assert_int_equal (ask_close (h, "statistics.close", period, ""), MNS_OK);
  come_back (h);
}

static mns_rc_t ask_release (harness_t *h, const char *period) {
  mns_release_request_t request;
  mns_release_info_t info;
  mns_record_clear (&mns_release_request_type, &request);
  strcpy (request.period, period);
  return harness_call (h, "statistics.release", &request, &info);
}

static mns_release_info_t latest_release (harness_t *h) {
  mns_release_info_t info;
  assert_int_equal (harness_call (h, "statistics.releases", NULL, &info), MNS_OK);
  return info;
}

static char *export_text (harness_t *h) {
  mns_export_query_t query;
  mns_export_page_t *page = mns_alloc (sizeof *page);
  mns_buffer_t all = {0};
  mns_record_clear (&mns_export_query_type, &query);
  do {
    assert_int_equal (harness_call (h, "statistics.export", &query, page), MNS_OK);
    mns_buffer_add (&all, page->text, strlen (page->text));
    query.after = page->next;
  } while (query.after);
  free (page);
  mns_buffer_add (&all, "", 1);
  return (char *)all.data;
}

/* ---- closing ----------------------------------------------------------------------------------------------------- */
static void test_order (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  assert_int_equal (ask_close (h, "statistics.close", "2026-07", ""), MNS_CONFLICT); /* it is 1 July */
  assert_int_equal (ask_close (h, "statistics.close", "2026-Q2", ""), MNS_INVALID);
  assert_int_equal (ask_close (h, "statistics.reopen", "2026-06", "x"), MNS_CONFLICT);
  close_month (h, "2026-04");
  assert_int_equal (ask_close (h, "statistics.close", "2026-06", ""), MNS_CONFLICT);
  assert_int_equal (ask_close (h, "statistics.close", "2026-04", ""), MNS_CONFLICT);
  close_month (h, "");
  assert_int_equal (ask_close (h, "statistics.reopen", "2026-04", "x"), MNS_CONFLICT);
  assert_int_equal (ask_close (h, "statistics.reopen", "2026-05", ""), MNS_MISSING);
  assert_int_equal (ask_close (h, "statistics.reopen", "2026-05", "a return came late"), MNS_OK);
  come_back (h);
  harness_restart (h);
  mns_closing_info_t info;
  assert_int_equal (harness_call (h, "statistics.closings", NULL, &info), MNS_OK);
  assert_string_equal (info.period, "2026-05");
  assert_int_equal (info.reopened, MNS_YES);
  assert_string_equal (info.reason, "a return came late");
  assert_int_equal (ask_release (h, "2026-05"), MNS_CONFLICT);
  harness_set_caller (h, MNS_CLERK, 0);
  assert_int_equal (ask_close (h, "statistics.close", "2026-05", ""), MNS_FORBIDDEN);
  forget_log ();
  harness_destroy (&h);
}

/* Two that ask before either is back in the log: the second has no effect. */
static void test_asked_twice (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  close_month (h, "2026-05");
  mns_buffer_t first = {0};
  assert_int_equal (ask_close (h, "statistics.close", "2026-06", ""), MNS_OK);
  mns_buffer_add (&first, harness_emitted (h, 0)->bytes, harness_emitted (h, 0)->size);
  assert_int_equal (ask_close (h, "statistics.close", "2026-06", ""), MNS_OK);
  come_back (h);
  mns_event_t event = {.bytes = first.data, .size = first.size};
  assert_int_equal (harness_deliver (h, &event), MNS_OK);
  mns_closing_info_t info;
  size_t count = 0;
  harness_call (h, "statistics.closings", NULL, &info);
  while (harness_reply (h, count, &mns_closing_info_type, &info))
    count++;
  assert_int_equal (count, 2);
  mns_buffer_fini (&first);
  forget_log ();
  harness_destroy (&h);
}

static void test_calendar (void **unused) {
  (void)unused;
  assert_int_equal (statistics_closing_due (0, 20260801, 5), 0);
  assert_int_equal (statistics_closing_due (2026 * 12 + 5, 20260704, 5), 0);
  assert_int_equal (statistics_closing_due (2026 * 12 + 5, 20260705, 5), 2026 * 12 + 5);
  assert_int_equal (statistics_closing_due (2026 * 12 + 11, 20270105, 5), 2026 * 12 + 11);
  assert_int_equal (statistics_closing_due (2026 * 12 + 5, 20260801, 0), 0);
  assert_int_equal (statistics_release_due (2026 * 12 + 6, 0, 20260801, 15), 0);
  assert_int_equal (statistics_release_due (2026 * 12 + 6, 2026 * 12 + 5, 20260714, 15), 0);
  assert_int_equal (statistics_release_due (2026 * 12 + 6, 2026 * 12 + 5, 20260715, 15), 2026 * 12 + 5);
  assert_int_equal (statistics_release_due (2026 * 12 + 5, 2026 * 12 + 5, 20260715, 15), 0);
  assert_int_equal (statistics_figure_status (2026 * 12 + 5, 2026 * 12 + 6), MNS_FIGURE_RUNNING);
  assert_int_equal (statistics_figure_status (2026 * 12 + 6, 2026 * 12 + 6), MNS_FIGURE_PROVISIONAL);
  assert_int_equal (statistics_figure_status (2027 * 12 + 6, 2026 * 12 + 6), MNS_FIGURE_FINAL);
}

/* ---- releases ---------------------------------------------------------------------------------------------------- */
static int64_t stood (harness_t *h, mns_date_t day, const char *period, const char *tab, mns_place_t place) {
  mns_released_query_t query;
  mns_released_figure_t figure;
  mns_record_clear (&mns_released_query_type, &query);
  query.place = place;
  query.as_published = day;
  strcpy (query.tab, tab);
  assert_int_equal (harness_call (h, "statistics.released", &query, &figure), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_released_figure_type, &figure); i++)
    if (strcmp (figure.period, period) == 0 && strcmp (figure.measure, "births") == 0 && !*figure.dimension)
      return figure.value;
  return -1;
}

static int rounded_below_the_county (harness_t *h) {
  mns_released_query_t query;
  mns_released_figure_t figure;
  int count = 0;
  mns_record_clear (&mns_released_query_type, &query);
  assert_int_equal (harness_call (h, "statistics.released", &query, &figure), MNS_OK);
  for (size_t i = 0; harness_reply (h, i, &mns_released_figure_type, &figure); i++) {
    if (figure.place == COUNTY || figure.value == MNS_NONE)
      continue;
    assert_int_equal (figure.value % 5, 0);
    assert_true (figure.rate == MNS_NONE || figure.value >= 10);
    assert_int_equal (figure.few == MNS_YES, figure.rate != MNS_NONE && figure.value < 20);
    count++;
  }
  return count;
}

static void test_release (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  years_of_births (h, 2023, 2026);
  close_month (h, "2025-12");
  assert_int_equal (ask_release (h, ""), MNS_OK);
  come_back (h);
  size_t told = harness_emitted_count (h);
  assert_true (told > 10);
  mns_release_info_t info = latest_release (h);
  assert_string_equal (info.period, "2025-12");
  assert_int_equal (info.cutoff, event_count);
  assert_true (info.figures > 50);
  assert_int_equal (info.revised, 0);
  assert_int_equal (stood (h, 0, "2025-Q4", "county", COUNTY), 24);
  assert_true (rounded_below_the_county (h) > 20);
  assert_int_equal (stood (h, 20260630, "2025-Q4", "county", COUNTY), -1);
  assert_int_equal (ask_release (h, ""), MNS_CONFLICT);
  forget_log ();
  harness_destroy (&h);
}

/* A correction of what was released leaves it alone until the next release; what stood on a day can be seen after. */
static void test_revision (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  years_of_births (h, 2025, 2026);
  mns_restatement_t more = birth (3, 20260102);
  tell (h, &more);
  close_month (h, "2025-12");
  assert_int_equal (ask_release (h, ""), MNS_OK);
  come_back (h);
  mns_restatement_t late = birth (1, 20251203);
  tell (h, &late);
  assert_int_equal (stood (h, 0, "2025-Q4", "county", COUNTY), 24);
  harness_set_now (h, (mns_time_t)1782864000 * 1000000 + (mns_time_t)40 * 86400 * 1000000);
  close_month (h, "");
  assert_int_equal (ask_release (h, ""), MNS_OK);
  come_back (h);
  assert_int_equal (latest_release (h).revised > 0, true);
  assert_int_equal (stood (h, 0, "2025-Q4", "county", COUNTY), 25);
  assert_int_equal (stood (h, 20260801, "2025-Q4", "county", COUNTY), 24);
  forget_log ();
  harness_destroy (&h);
}

/* ---- revisions --------------------------------------------------------------------------------------------------- */
static int64_t births_of (harness_t *h, const char *period, mns_code_t basis, mns_date_t as_published) {
  mns_indicators_query_t query;
  mns_indicator_value_t value;
  mns_record_clear (&mns_indicators_query_type, &query);
  query.place = COUNTY;
  query.basis = basis;
  query.as_published = as_published;
  strcpy (query.period, period);
  strcpy (query.indicator, "births");
  mns_rc_t rc = harness_call (h, "statistics.indicators", &query, &value);
  return rc ? -(int64_t)rc : value.value;
}

static mns_time_t day_after (int days) {
  return (mns_time_t)1782864000 * 1000000 + (mns_time_t)days * 86400 * 1000000;
}

/* Told after the closing: a birth of before by occurrence, a sex corrected, a move that happened long ago. */
static void revise (harness_t *h) {
  mns_restatement_t late = birth (1, 20260512), wrong = birth (2, 20260513);
  late.registered = 20260705;
  tell (h, &late);
  wrong.event = 1;
  wrong.sign = -1;
  tell (h, &wrong);
  wrong.sign = 1;
  wrong.sex = MNS_MALE;
  tell (h, &wrong);
}

static void test_as_published (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t first = birth (2, 20260513);
  tell (h, &first);
  close_month (h, "2026-05");
  harness_set_now (h, day_after (9));
  revise (h);
  close_month (h, "2026-06");
  assert_int_equal (births_of (h, "2026-05", MNS_BY_OCCURRENCE, 0), 2);
  assert_int_equal (births_of (h, "2026-05", MNS_BY_OCCURRENCE, 20260703), 1);
  assert_int_equal (births_of (h, "2026-05", MNS_BY_OCCURRENCE, 20260711), 2);
  assert_int_equal (births_of (h, "2026-05", MNS_BY_REGISTRATION, 20260703), 1);
  assert_int_equal (births_of (h, "2026-05", MNS_BY_OCCURRENCE, 0), 2); /* the cube is as it was */
  assert_int_equal (births_of (h, "2026-05", MNS_BY_OCCURRENCE, 20260601), -MNS_NOT_FOUND);
  assert_int_equal (births_of (h, "2026-06", MNS_BY_OCCURRENCE, 20260703), -MNS_NOT_FOUND);
  forget_log ();
  harness_destroy (&h);
}

typedef struct {
  int count, late, corrections;
  int64_t births;
} causes_t;

static causes_t causes_between (harness_t *h, mns_code_t basis, mns_date_t from, mns_date_t to) {
  mns_diff_query_t query;
  mns_difference_t row;
  causes_t causes = {0};
  mns_record_clear (&mns_diff_query_type, &query);
  query.place = COUNTY;
  query.basis = basis;
  query.from = from;
  query.to = to;
  strcpy (query.period, "2026-05");
  assert_int_equal (harness_call (h, "statistics.diff", &query, &row), MNS_OK);
  for (; harness_reply (h, (size_t)causes.count, &mns_difference_type, &row); causes.count++) {
    causes.births += strcmp (row.measure, "births") == 0 ? row.change : 0;
    causes.late += row.cause == MNS_CAUSE_LATE;
    causes.corrections += row.cause == MNS_CAUSE_CORRECTION;
  }
  return causes;
}

static void test_diff (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t first = birth (2, 20260513);
  tell (h, &first);
  close_month (h, "2026-05");
  harness_set_now (h, day_after (9));
  revise (h);
  close_month (h, "2026-06");
  causes_t causes = causes_between (h, MNS_BY_OCCURRENCE, 20260703, 0);
  assert_int_equal (causes.births, 1);
  assert_true (causes.corrections > 4 && causes.corrections == causes.count); /* all came as restatements */
  assert_int_equal (causes_between (h, MNS_BY_REGISTRATION, 20260703, 0).births, 0);
  assert_int_equal (causes_between (h, MNS_BY_OCCURRENCE, 20260711, 0).count, 0);
  assert_int_equal (causes_between (h, MNS_BY_OCCURRENCE, 20260703, 20260711).births, 1);
  mns_birth_t late;
  mns_record_clear (&mns_birth_type, &late);
  late.event = late.person = 4711;
  strcpy (late.name, "A");
  late.sex = MNS_FEMALE;
  late.birth = late.occurred = 20260520;
  late.registered = 20260709;
  late.place = VILLAGE;
  late.mother = MNS_FOUNDLING;
  late.plurality = late.rank = 1;
  assert_int_equal (harness_event (h, "registry.birth.510322101201.registered", &mns_birth_type, &late), MNS_OK);
  assert_true (causes_between (h, MNS_BY_OCCURRENCE, 20260711, 0).late > 0);
  forget_log ();
  harness_destroy (&h);
}

/* Why a closed month changes. */
static void test_causes (void **unused) {
  (void)unused;
  mns_restatement_t fact = {.event_kind = MNS_DEATH};
  assert_int_equal (statistics_revision_cause (&fact, false), MNS_CAUSE_LATE);
  assert_int_equal (statistics_revision_cause (&fact, true), MNS_CAUSE_CORRECTION);
  fact.event_kind = MNS_MOVE_OUT;
  assert_int_equal (statistics_revision_cause (&fact, false), MNS_CAUSE_RETROACTIVE);
  fact.event_kind = MNS_ADJUSTMENT;
  fact.adjustment = MNS_BOUNDARY;
  assert_int_equal (statistics_revision_cause (&fact, true), MNS_CAUSE_REFORM);
  fact.adjustment = MNS_OMITTED;
  assert_int_equal (statistics_revision_cause (&fact, false), MNS_CAUSE_CORRECTION);
}

/* ---- made again from the log ------------------------------------------------------------------------------------- */
static void key_path (harness_t *h, char path[MNS_PATH_MAX]) {
  assert_int_equal (mns_dir_join (path, harness_config (h)->data, "statistics/record.key", NULL), MNS_OK);
}

static void copy_log (harness_t *h) {
  years_of_births (h, 2024, 2026);
  close_month (h, "2025-11");
  assert_int_equal (ask_release (h, ""), MNS_OK);
  come_back (h);
  mns_restatement_t late = birth (1, 20251203);
  tell (h, &late);
  late = birth (1, 20251009);
  late.registered = 20251204;
  tell (h, &late);
  close_month (h, "");
  assert_int_equal (ask_close (h, "statistics.reopen", "", "it was too early"), MNS_OK);
  come_back (h);
  close_month (h, "");
  assert_int_equal (ask_release (h, ""), MNS_OK);
  come_back (h);
}

static void test_made_again (void **unused) {
  (void)unused;
  char path[MNS_PATH_MAX];
  mns_buffer_t key = {0};
  harness_t *h = new_harness ();
  copy_log (h);
  char *first = export_text (h);
  assert_non_null (strstr (first, "closing\t"));
  assert_non_null (strstr (first, "\nreleased\t"));
  assert_non_null (strstr (first, "\nrevision\t"));
  key_path (h, path);
  assert_int_equal (mns_dir_read_file (path, 256, &key, NULL), MNS_OK);
  assert_null (strstr (first, (const char *)key.data));
  harness_destroy (&h);
  h = new_harness ();
  harness_stop (h);
  key_path (h, path);
  assert_int_equal (mns_dir_write_file (path, key.data, key.size, 0600, NULL), MNS_OK);
  char store[MNS_PATH_MAX];
  mns_dir_join (store, harness_config (h)->data, "statistics/statistics.db", NULL);
  assert_int_equal (remove (store), 0);
  harness_start (h);
  assert_int_equal (again (h), MNS_OK);
  char *second = export_text (h);
  assert_string_equal (first, second);
  free (first);
  free (second);
  mns_buffer_fini (&key);
  forget_log ();
  harness_destroy (&h);
}

/* With another secret the figures would be others: the line stops, and says which file is wanted. */
static void test_lost_secret (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  copy_log (h);
  harness_destroy (&h);
  h = new_harness ();
  assert_int_not_equal (again (h), MNS_OK);
  assert_non_null (strstr (harness_error (h)->detail, "another secret"));
  forget_log ();
  harness_destroy (&h);
}

/* The store knows its secret: a lost file is written again, a foreign one is refused. */
static void test_file_of_secret (void **unused) {
  (void)unused;
  char path[MNS_PATH_MAX];
  mns_buffer_t before = {0}, after = {0};
  harness_t *h = new_harness ();
  key_path (h, path);
  assert_int_equal (mns_dir_read_file (path, 256, &before, NULL), MNS_OK);
  harness_stop (h);
  assert_int_equal (remove (path), 0);
  harness_start (h);
  assert_int_equal (mns_dir_read_file (path, 256, &after, NULL), MNS_OK);
  assert_string_equal ((const char *)before.data, (const char *)after.data);
  mns_buffer_fini (&before);
  mns_buffer_fini (&after);
  harness_destroy (&h);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_as_published), cmocka_unit_test (test_diff),          cmocka_unit_test (test_causes),
      cmocka_unit_test (test_order),        cmocka_unit_test (test_asked_twice),   cmocka_unit_test (test_calendar),
      cmocka_unit_test (test_release),      cmocka_unit_test (test_revision),      cmocka_unit_test (test_made_again),
      cmocka_unit_test (test_lost_secret),  cmocka_unit_test (test_file_of_secret)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
