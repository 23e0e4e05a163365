/* The statistics service in real turns: counts at every level, equality with a naive recount, replay to the byte,
 * restarts and lost turns, what is published and who may ask. */
#include "tests/support/test.h"

#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "common/records/statistics_requests.h"
#include "services/statistics/rules_period.h"
#include "services/statistics/statistics.h"
#include "tests/support/turn_harness.h"

#define COUNTY   510322000000
#define TOWNSHIP 510322101000
#define VILLAGE  510322101203
#define SISTER   510322101204 /* in the same township */
#define FAR      510322102201 /* in another */
#define ABROAD   440300000000 /* another county */
#define START    ((mns_time_t)1782864000 * 1000000)

static harness_t *new_harness (void) {
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  config.utc_offset_s = 28800;
  config.figures_every_ms = 1000;
  return harness_new_with (&mns_statistics_service, &config);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */
static mns_restatement_t fact (mns_code_t kind, mns_place_t place, mns_date_t occurred, mns_date_t registered) {
  mns_restatement_t event;
  mns_record_clear (&mns_restatement_type, &event);
  event.sign = 1;
  event.event_kind = kind;
  event.event = 1;
  event.sex = MNS_FEMALE;
  event.birth = 19700101;
  event.place = place;
  event.occurred = occurred;
  event.registered = registered;
  return event;
}

static mns_restatement_t birth (mns_place_t place, mns_date_t occurred, mns_date_t registered) {
  mns_restatement_t event = fact (MNS_BIRTH, place, occurred, registered);
  event.birth = occurred;
  event.mother = MNS_MOTHER_REGISTERED;
  event.birth_order = 1;
  event.plurality = event.rank = 1;
  return event;
}

static void tell (harness_t *h, const mns_restatement_t *event) {
  mns_rc_t rc = harness_event (h, "registry.restatement.510322000000.registered", &mns_restatement_type, event);
  if (rc)
    fail_msg ("%s: %s", harness_error (h)->where, harness_error (h)->detail);
}

/* The same facts as the registry's own event of that kind. */
static void tell_birth (harness_t *h, mns_place_t place, mns_date_t day) {
  mns_birth_t event;
  mns_record_clear (&mns_birth_type, &event);
  event.event = event.person = 7;
  strcpy (event.name, "A");
  event.sex = MNS_MALE;
  event.birth = event.occurred = event.registered = day;
  event.place = place;
  event.mother = MNS_MOTHER_ELSEWHERE;
  event.birth_order = 2;
  event.plurality = event.rank = 1;
  assert_int_equal (harness_event (h, "registry.birth.510322101203.registered", &mns_birth_type, &event), MNS_OK);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */
static mns_figures_t figures; /* large */

static mns_rc_t ask (harness_t *h, mns_place_t place, const char *period, mns_code_t basis) {
  mns_figures_query_t query;
  mns_record_clear (&mns_figures_query_type, &query);
  query.place = place;
  strcpy (query.period, period);
  query.basis = basis;
  return harness_call (h, "statistics.figures", &query, &figures);
}

static int64_t counted (const char *measure, const char *dimension) {
  int64_t sum = 0;
  for (int i = 0; i < figures.counts_count; i++)
    if (strcmp (figures.counts[i].measure, measure) == 0 &&
        (!dimension || strcmp (figures.counts[i].dimension, dimension) == 0))
      sum += figures.counts[i].value;
  return sum;
}

static void test_every_level (void **unused) {
  (void)unused;
  static const mns_place_t above[] = {VILLAGE, TOWNSHIP, COUNTY, 510300000000, 510000000000};
  harness_t *h = new_harness ();
  tell_birth (h, VILLAGE, 20260601);
  mns_restatement_t late = birth (VILLAGE, 20251231, 20260601);
  tell (h, &late);
  for (size_t i = 0; i < COUNT_OF (above); i++) {
    assert_int_equal (ask (h, above[i], "2026-S1", 0), MNS_OK);
    assert_int_equal (counted ("births", NULL), 2);
    assert_int_equal (counted ("births", "male.2"), 1);
    assert_int_equal (counted ("births_delay", "365"), 1);
    assert_int_equal (figures.closing, 2);
    assert_int_equal (figures.revision, 2);
    assert_int_equal (figures.cutoff, 2);
    assert_int_equal (figures.from_day, 20260101);
    assert_int_equal (figures.to_day, 20260701);
    assert_int_equal (ask (h, above[i], "2026-06", MNS_BY_OCCURRENCE), MNS_OK);
    assert_int_equal (counted ("births", NULL), 1);
    assert_int_equal (figures.opening, 1);
  }
  harness_destroy (&h);
}

static void test_entitlements (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_entitlement_change_t change;
  mns_record_clear (&mns_entitlement_change_type, &change);
  change.entitlement = change.person = 1;
  strcpy (change.scheme, "rural-reward");
  strcpy (change.tier, "national");
  change.place = VILLAGE;
  change.happening = MNS_ENTITLEMENT_OPENING;
  change.occurred = change.registered = 20260101;
  assert_int_equal (
      harness_event (h, "assistance.entitlement.510322101203.opening", &mns_entitlement_change_type, &change), MNS_OK);
  change.happening = MNS_ENTITLEMENT_ENDED;
  change.reason = MNS_EXIT_DEATH;
  change.occurred = change.registered = 20260301;
  assert_int_equal (
      harness_event (h, "assistance.entitlement.510322101203.ended", &mns_entitlement_change_type, &change), MNS_OK);
  mns_indicators_query_t query;
  mns_indicator_value_t value;
  mns_record_clear (&mns_indicators_query_type, &query);
  query.place = COUNTY;
  strcpy (query.period, "2026-S1");
  strcpy (query.indicator, "rural_reward_opening");
  assert_int_equal (harness_call (h, "statistics.indicators", &query, &value), MNS_OK);
  assert_int_equal (value.value, 1);
  strcpy (query.indicator, "rural_reward_leavers_death");
  assert_int_equal (harness_call (h, "statistics.indicators", &query, &value), MNS_OK);
  assert_int_equal (value.value, 1);
  strcpy (query.indicator, "rural_reward_closing");
  assert_int_equal (harness_call (h, "statistics.indicators", &query, &value), MNS_OK);
  assert_int_equal (value.value, 0);
  harness_destroy (&h);
}

/* ---- a naive recount --------------------------------------------------------------------------------------------- */
#define EVENTS 400
static uint64_t seed;

static unsigned any (unsigned n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % n;
}

static mns_date_t any_day (void) {
  return mns_date_add_days (20250101, (int32_t)any (540));
}

static mns_restatement_t any_event (void) {
  static const mns_place_t places[] = {VILLAGE, SISTER, FAR};
  mns_code_t kind = (mns_code_t)(1 + any (7));
  mns_date_t day = any_day ();
  mns_restatement_t event = fact (kind, places[any (3)], day, mns_date_add_days (day, (int32_t)any (40)));
  event.sex = any (2) ? MNS_MALE : MNS_FEMALE;
  event.mother = MNS_MOTHER_REGISTERED;
  event.plurality = event.rank = 1;
  event.other_place = kind == MNS_MOVE_WITHIN ? places[any (3)] : ABROAD;
  event.residence = any (4) ? 0 : ABROAD;
  event.adjustment = MNS_OMITTED;
  event.delta = 1;
  if (kind == MNS_BASELINE)
    event.occurred = event.registered = 20250101;
  if (kind == MNS_BASELINE && any (3) == 0) {
    event.residence = event.place;
    event.place = ABROAD;
  }
  return event;
}

static bool inside (mns_place_t area, mns_place_t place) {
  return mns_place_covers (area, place);
}

/* The change of an area's registered population by one event, from its meaning alone. */
static int naive_change (const mns_restatement_t *event, mns_place_t area) {
  static const int change[] = {0, 1, 1, -1, 1, -1, 0, 1};
  if (event->event_kind == MNS_MOVE_WITHIN)
    return inside (area, event->place) - inside (area, event->other_place);
  return inside (area, event->place) && event->place != ABROAD ? change[event->event_kind] : 0;
}

static void recount (harness_t *h, const mns_restatement_t *events, mns_place_t area, const char *text,
                     mns_code_t basis) {
  statistics_period_t period;
  int64_t opening = 0, closing = 0, births = 0, deaths = 0, incomers = 0;
  assert_true (statistics_period_parse (text, &period));
  for (int i = 0; i < EVENTS; i++) {
    mns_date_t day = basis == MNS_BY_OCCURRENCE ? events[i].occurred : events[i].registered;
    day = events[i].event_kind == MNS_BASELINE ? mns_date_add_days (day, -1) : day;
    bool before = day < statistics_period_from (period), in = !before && day < statistics_period_to (period);
    opening += before ? naive_change (&events[i], area) : 0;
    closing += before || in ? naive_change (&events[i], area) : 0;
    births += in && events[i].event_kind == MNS_BIRTH && inside (area, events[i].place);
    deaths += in && events[i].event_kind == MNS_DEATH && inside (area, events[i].place);
    incomers += in && events[i].place == ABROAD && inside (area, events[i].residence);
  }
  assert_int_equal (ask (h, area, text, basis), MNS_OK);
  assert_int_equal (figures.opening, opening);
  assert_int_equal (figures.closing, closing);
  assert_int_equal (counted ("births", NULL), births);
  assert_int_equal (counted ("births_delay", NULL), births);
  assert_int_equal (counted ("deaths", NULL), deaths);
  assert_int_equal (counted ("incomers", NULL), incomers);
}

static void test_recount (void **unused) {
  (void)unused;
  static const mns_place_t areas[] = {VILLAGE, SISTER, FAR, TOWNSHIP, 510322102000, COUNTY, 510000000000};
  static const char *const periods[] = {"2024-12", "2025", "2025-S1", "2025-Q3", "2026-02", "2026"};
  static mns_restatement_t events[EVENTS];
  harness_t *h = new_harness ();
  seed = 20260701;
  for (int i = 0; i < EVENTS; i++) {
    events[i] = any_event ();
    tell (h, &events[i]);
  }
  for (size_t a = 0; a < COUNT_OF (areas); a++)
    for (size_t p = 0; p < COUNT_OF (periods); p++)
      for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++)
        recount (h, events, areas[a], periods[p], basis);
  harness_destroy (&h);
}

/* A restatement takes back all that an event had counted. */
static void test_taken_back (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t events[2] = {birth (VILLAGE, 20260301, 20260302), birth (VILLAGE, 20260301, 20260302)};
  tell (h, &events[0]);
  events[0].sign = -1;
  events[1].sex = MNS_MALE;
  assert_int_equal (harness_event_with (h, "registry.restatement.510322101203.registered", &mns_restatement_type,
                                        events, 2, 20260302, 20260302),
                    MNS_OK);
  assert_int_equal (ask (h, VILLAGE, "2026-03", 0), MNS_OK);
  assert_int_equal (counted ("births", "female.1"), 0);
  assert_int_equal (counted ("births", "male.1"), 1);
  assert_int_equal (counted ("deliveries", "single"), 1);
  assert_int_equal (figures.closing, 1);
  harness_destroy (&h);
}

/* Money paid counts at the county, in the month its batch was posted; what was paid too much at its village. */
static void test_payments (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_batch_posted_t posted;
  mns_recovery_t recovery;
  mns_record_clear (&mns_batch_posted_type, &posted);
  mns_record_clear (&mns_recovery_type, &recovery);
  posted.batch = recovery.recovery = recovery.entitlement = 1;
  strcpy (posted.scheme, "rural-reward");
  strcpy (posted.period, "2025");
  posted.lines = 3844;
  posted.total_fen = 369024000;
  posted.registered = recovery.registered = 20260615;
  recovery.place = VILLAGE;
  recovery.amount_fen = 8000;
  recovery.since = 20260501;
  assert_int_equal (harness_event (h, "assistance.batch.510322000000.2025", &mns_batch_posted_type, &posted), MNS_OK);
  assert_int_equal (harness_event (h, "assistance.recovery.510322101203.opened", &mns_recovery_type, &recovery),
                    MNS_OK);
  assert_int_equal (ask (h, COUNTY, "2026-06", 0), MNS_OK);
  assert_int_equal (counted ("payments", "rural-reward"), 3844);
  assert_int_equal (counted ("paid", "rural-reward"), 369024000);
  assert_int_equal (counted ("overpaid", NULL), 8000);
  assert_int_equal (ask (h, VILLAGE, "2026", 0), MNS_OK);
  assert_int_equal (counted ("recoveries", NULL), 1);
  assert_int_equal (counted ("paid", NULL), 0);
  harness_destroy (&h);
}

/* ---- replay, restart, lost turns --------------------------------------------------------------------------------- */
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

static void tell_places (harness_t *h) {
  static const mns_place_t codes[] = {COUNTY, TOWNSHIP, VILLAGE};
  for (size_t i = 0; i < COUNT_OF (codes); i++) {
    mns_place_info_t place;
    mns_record_clear (&mns_place_info_type, &place);
    place.code = codes[i];
    strcpy (place.name, "某地");
    place.level = mns_place_level (codes[i]);
    place.parent = mns_place_parent (codes[i]);
    assert_int_equal (harness_event (h, "places.place.510322000000.valid", &mns_place_info_type, &place), MNS_OK);
  }
}

/* The same log gives the same bytes, whatever was published between, and wherever the service was restarted. */
static void test_replay (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  seed = 7;
  tell_places (h);
  for (int i = 0; i < EVENTS; i++) {
    mns_restatement_t event = any_event ();
    tell (h, &event);
    if (i % 50 == 0)
      assert_int_equal (harness_timer (h, "publish"), MNS_OK);
    if (i % 130 == 0)
      harness_restart (h);
  }
  char *first = export_text (h);
  harness_destroy (&h);
  h = new_harness ();
  seed = 7;
  tell_places (h);
  for (int i = 0; i < EVENTS; i++) {
    mns_restatement_t event = any_event ();
    tell (h, &event);
  }
  char *second = export_text (h);
  assert_true (strlen (first) > 65536); /* more than one page */
  assert_string_equal (first, second);
  assert_non_null (strstr (first, "place\t510322101000\t某地\t4\t510322000000\t"));
  free (first);
  free (second);
  harness_destroy (&h);
}

/* An impossible record behind a good one in one event: nothing of it counts, and the line stops. */
static void test_stopped_line (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t good = birth (VILLAGE, 20260301, 20260301);
  tell (h, &good);
  char *before = export_text (h);
  mns_restatement_t events[2] = {birth (SISTER, 20260401, 20260401), birth (SISTER, 20260401, 20260401)};
  events[1].registered = 20260331;
  assert_int_equal (harness_event_with (h, "registry.restatement.510322101204.registered", &mns_restatement_type,
                                        events, 2, 20260401, 20260401),
                    MNS_DATE_ORDER);
  char *after = export_text (h);
  assert_string_equal (before, after);
  assert_int_equal (ask (h, COUNTY, "2026-S1", 0), MNS_OK);
  assert_int_equal (counted ("births", NULL), 1);
  free (before);
  free (after);
  harness_destroy (&h);
}

/* A full disk: the turn is lost whole, memory goes back with it, and the same event counts once there is room. */
static void test_full_disk (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260301, 20260301);
  tell (h, &event);
  char *before = export_text (h);
  mns_rc_t rc = MNS_OK;
  assert_int_equal (mns_db_exec (harness_db (h), "PRAGMA max_page_count = 1", NULL), MNS_OK); /* as many as there are */
  for (int i = 0; i < 2000 && rc == MNS_OK; i++) {
    event = birth (510322101100 + i, 20260301, 20260301);
    rc = harness_event (h, "registry.restatement.510322101203.registered", &mns_restatement_type, &event);
    if (rc == MNS_OK) {
      free (before);
      before = export_text (h);
    }
  }
  assert_int_equal (rc, MNS_DISK_FULL);
  char *after = export_text (h);
  assert_string_equal (before, after);
  free (before);
  assert_int_equal (mns_db_exec (harness_db (h), "PRAGMA max_page_count = 100000", NULL), MNS_OK);
  tell (h, &event);
  before = export_text (h);
  assert_true (strlen (before) > strlen (after));
  harness_restart (h);
  free (after);
  after = export_text (h);
  assert_string_equal (before, after);
  free (before);
  free (after);
  harness_destroy (&h);
}

/* A store of before the counts by age forgets its counts and where it stands, and so reads the log anew. */
static void test_older_store (void **unused) {
  (void)unused;
  bool row;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260301, 20260301);
  tell (h, &event);
  assert_int_equal (mns_db_exec (harness_db (h),
                                 "DROP TABLE age; DROP TABLE open_figure; DROP TABLE release; DROP TABLE closing;"
                                 "DROP TABLE open_knowledge; DROP TABLE record_secret; DROP TABLE revision; DROP TABLE "
                                 "reform; DROP TABLE crossing; ALTER TABLE cell DROP COLUMN key;"
                                 "UPDATE migration SET number = 2 WHERE files = 'statistics'",
                                 NULL),
                    MNS_OK);
  harness_restart (h);
  assert_int_equal (ask (h, COUNTY, "2026-S1", 0), MNS_NOT_FOUND);
  sqlite3_stmt *read = mns_db_prepare (harness_db (h), "SELECT 1 FROM consumer");
  assert_int_equal (mns_db_step (harness_db (h), read, &row), MNS_OK);
  assert_false (row);
  tell (h, &event);
  assert_int_equal (ask (h, COUNTY, "2026-S1", 0), MNS_OK);
  assert_int_equal (counted ("births", NULL), 1);
  harness_destroy (&h);
}

/* ---- publication ------------------------------------------------------------------------------------------------- */
/* Finds the event of a topic's end and basis among those just emitted, into `figures`. */
static bool told (harness_t *h, const char *topic, mns_code_t basis) {
  size_t count = harness_emitted_count (h);
  for (size_t i = 0; i < count; i++) {
    const mns_event_t *event = harness_emitted (h, i);
    if (event->topic_size != strlen (topic) || memcmp (event->topic, topic, event->topic_size) != 0)
      continue;
    harness_emitted_record (h, i, 0, &mns_figures_type, &figures);
    if (figures.basis == basis)
      return true;
  }
  return false;
}

static int64_t previously (const char *measure) {
  for (int i = 0; i < figures.counts_count; i++)
    if (strcmp (figures.counts[i].measure, measure) == 0)
      return figures.counts[i].previous;
  return -1;
}

static void test_published (void **unused) {
  (void)unused;
  static const char *const periods[] = {"2026-07", "2026-Q3", "2026-S2", "2026"};
  static const char *const places[] = {"510000000000", "510300000000", "510322000000", "510322101000", "510322101203"};
  char topic[80];
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260701, 20260701);
  tell (h, &event);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 2 * 4 * (5 + 1)); /* bases × periods × (levels + open county) */
  for (size_t place = 0; place < COUNT_OF (places); place++)
    for (size_t period = 0; period < COUNT_OF (periods); period++) {
      snprintf (topic, sizeof topic, "statistics.figures.%s.%s", places[place], periods[period]);
      assert_true (told (h, topic, MNS_BY_REGISTRATION));
      assert_true (told (h, topic, MNS_BY_OCCURRENCE));
      assert_int_equal (counted ("births", "female.1"), 1);
      assert_true (previously ("births") == MNS_NONE);
    }
  assert_true (told (h, "open.figures.510322000000.2026-07", MNS_BY_REGISTRATION));
  assert_int_equal (figures.closing, 1);
  assert_false (told (h, "open.figures.510322101000.2026-07", MNS_BY_REGISTRATION));
  harness_destroy (&h);
}

/* At most one event a second for a key; the latest state wins; nothing when nothing changed. */
static void test_rate (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260701, 20260701);
  tell (h, &event);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  tell (h, &event);
  harness_set_now (h, START + 900000);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 0);
  tell (h, &event);
  harness_set_now (h, START + 1000000);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_true (told (h, "statistics.figures.510322101203.2026-07", MNS_BY_REGISTRATION));
  assert_int_equal (counted ("births", NULL), 3);
  assert_int_equal (previously ("births"), 1);
  harness_set_now (h, START + 5000000);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 0);
  harness_destroy (&h);
}

/* A late birth moves the stocks of later months, which are told without counts. */
static void test_later_stocks (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260415, 20260701);
  tell (h, &event);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_true (told (h, "statistics.figures.510322101203.2026-05", MNS_BY_OCCURRENCE));
  assert_int_equal (figures.counts_count, 0);
  assert_int_equal (figures.opening, 1);
  assert_true (told (h, "statistics.figures.510322101203.2026-Q3", MNS_BY_OCCURRENCE));
  assert_false (told (h, "statistics.figures.510322101203.2026-05", MNS_BY_REGISTRATION));
  assert_false (told (h, "statistics.figures.510322101203.2026-08", MNS_BY_OCCURRENCE));
  harness_destroy (&h);
}

/* What was counted but not told before a stop is told after it, and `previous` is what was told. */
static void test_told_after_restart (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260701, 20260701);
  tell (h, &event);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  tell (h, &event);
  harness_restart (h);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_true (told (h, "statistics.figures.510322101203.2026", MNS_BY_OCCURRENCE));
  assert_int_equal (counted ("births", NULL), 2);
  assert_int_equal (previously ("births"), 1);
  harness_restart (h);
  assert_int_equal (harness_timer (h, "publish"), MNS_OK);
  assert_int_equal (harness_emitted_count (h), 0);
  harness_destroy (&h);
}

/* ---- snapshot and rights ----------------------------------------------------------------------------------------- */
static void test_snapshot (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260701, 20260701);
  tell (h, &event);
  mns_snapshot_query_t query = {.place = TOWNSHIP};
  mns_snapshot_info_t info;
  assert_int_equal (harness_call (h, "statistics.snapshot", &query, &info), MNS_OK);
  assert_int_equal (info.cutoff, 1);
  assert_int_equal (info.pages, 1);
  tell (h, &event); /* later: not in it */
  mns_snapshot_read_t read = {.page = 1};
  assert_int_equal (harness_call (h, "statistics.snapshot-read", &read, NULL), MNS_OK);
  size_t count = 0;
  while (harness_reply (h, count, &mns_figures_type, &figures)) {
    assert_true (figures.place == TOWNSHIP || figures.place == VILLAGE);
    assert_int_equal (figures.closing, 1);
    assert_int_equal (counted ("births", NULL), 1);
    count++;
  }
  assert_int_equal (count, 2 * 2 * 4); /* places × bases × kinds of period */
  read.page = 2;
  assert_int_equal (harness_call (h, "statistics.snapshot-read", &read, NULL), MNS_NOT_FOUND);
  harness_destroy (&h);
}

static void test_refused (void **unused) {
  (void)unused;
  harness_t *h = new_harness ();
  mns_restatement_t event = birth (VILLAGE, 20260701, 20260701);
  tell (h, &event);
  assert_int_equal (ask (h, VILLAGE, "2026-H1", 0), MNS_INVALID);
  assert_int_equal (ask (h, FAR, "2026-S1", 0), MNS_NOT_FOUND);
  harness_set_caller (h, MNS_OFFICIAL, 510322102000);
  assert_int_equal (ask (h, VILLAGE, "2026-S1", 0), MNS_FORBIDDEN);
  mns_snapshot_query_t query = {.place = COUNTY};
  assert_int_equal (harness_call (h, "statistics.snapshot", &query, NULL), MNS_FORBIDDEN);
  harness_set_caller (h, MNS_OFFICIAL, TOWNSHIP);
  assert_int_equal (ask (h, VILLAGE, "2026-S1", 0), MNS_OK);
  assert_int_equal (ask (h, COUNTY, "2026-S1", 0), MNS_FORBIDDEN);
  mns_export_query_t export = {0};
  assert_int_equal (harness_call (h, "statistics.export", &export, NULL), MNS_FORBIDDEN);
  harness_destroy (&h);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_every_level),
                                     cmocka_unit_test (test_entitlements),
                                     cmocka_unit_test (test_payments),
                                     cmocka_unit_test (test_recount),
                                     cmocka_unit_test (test_taken_back),
                                     cmocka_unit_test (test_replay),
                                     cmocka_unit_test (test_stopped_line),
                                     cmocka_unit_test (test_full_disk),
                                     cmocka_unit_test (test_older_store),
                                     cmocka_unit_test (test_published),
                                     cmocka_unit_test (test_rate),
                                     cmocka_unit_test (test_later_stocks),
                                     cmocka_unit_test (test_told_after_restart),
                                     cmocka_unit_test (test_snapshot),
                                     cmocka_unit_test (test_refused)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
