/* Random histories against a simple model: the register accepts what the model says is possible, refuses the rest, and
 * its recount equals the model's counts at every place, by both dates. The seed is printed. */
#include "common/records/place.h"
#include "services/registry/registry.h"
#include "tests/support/county.h"
#include "tests/support/test.h"
#include <time.h>

#define PERSONS_MAX 800
#define EVENTS_MAX  2000
#define STEPS       600

typedef struct {
  mns_code_t sex, status; /* status 0: dead or otherwise over for good */
  mns_date_t since;
  mns_place_t place;
} model_person_t;

typedef struct {
  mns_code_t kind, sex;
  mns_date_t occurred, registered;
  mns_place_t place, other_place;
  uint64_t person;
  int64_t order;
} model_event_t;

typedef struct {
  harness_t *h;
  uint64_t seed;
  size_t person_count, event_count;
  model_person_t persons[PERSONS_MAX + 1]; /* by register number */
  model_event_t events[EVENTS_MAX];
} model_t;

static const mns_place_t villages[] = {HILL, LAKE, FIELD};
static const mns_place_t areas[] = {HILL, LAKE, FIELD, TOWN, TOWN_TWO, COUNTY};

static unsigned dice (model_t *model, unsigned sides) {
  model->seed = model->seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(model->seed >> 33) % sides;
}

static mns_date_t day (model_t *model, mns_date_t from) {
  int32_t first = mns_date_day_number (from), last = mns_date_day_number (20260630);
  return mns_date_from_day_number (first + (int32_t)dice (model, (unsigned)(last - first + 1)));
}

static void note (model_t *model, mns_code_t kind, uint64_t person, const mns_life_return_t *row, mns_place_t other) {
  assert_true (model->event_count < EVENTS_MAX);
  model->events[model->event_count++] =
      (model_event_t){kind,          model->persons[person].sex,
                      row->occurred, row->registered,
                      row->place,    other,
                      person,        row->birth_order == MNS_NONE ? 0 : row->birth_order};
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

static void load (model_t *model, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char name[32], number[19];
    uint64_t id = ++model->person_count;
    mns_code_t sex = dice (model, 2) ? MNS_MALE : MNS_FEMALE;
    mns_place_t place = villages[dice (model, 3)];
    snprintf (name, sizeof name, "人%u", (unsigned)id);
    mns_person_row_t row =
        county_person (place, name, sex, 19800101, county_number (19800101, (int)(2 * i + (sex == MNS_MALE)), number));
    county_load (model->h, &row);
    model->persons[id] = (model_person_t){sex, MNS_PRESENT, 0, place};
    model->events[model->event_count++] = (model_event_t){
        .kind = MNS_BASELINE, .sex = sex, .occurred = 20241231, .registered = 20241231, .place = place, .person = id};
  }
}

static void arrive (model_t *model) {
  static const mns_code_t kinds[] = {MNS_BIRTH, MNS_MOVE_IN, MNS_ADJUSTMENT};
  mns_code_t kind = kinds[dice (model, 3)];
  mns_record_outcome_t outcome;
  mns_life_return_t row = county_return (kind, day (model, 20250101), villages[dice (model, 3)]);
  row.registered = day (model, row.occurred);
  row.sex = dice (model, 2) ? MNS_MALE : MNS_FEMALE;
  row.birth = kind == MNS_BIRTH ? 0 : 19700101;
  snprintf (row.name, sizeof row.name, "新%u", (unsigned)model->event_count);
  if (kind == MNS_BIRTH) {
    row.mother = MNS_MOTHER_ELSEWHERE;
    row.birth_order = 1 + dice (model, 5);
  }
  if (kind == MNS_ADJUSTMENT)
    row.adjustment = MNS_OMITTED;
  assert_int_equal (harness_call (model->h, "registry.record", &row, &outcome), MNS_OK);
  assert_int_equal (outcome.person, ++model->person_count);
  assert_true (model->person_count <= PERSONS_MAX);
  model->persons[outcome.person] = (model_person_t){row.sex, MNS_PRESENT, row.occurred, row.place};
  note (model, kind, outcome.person, &row, 0);
}

/* Something happens to somebody, who may be gone already. */
static void change (model_t *model) {
  static const mns_code_t kinds[] = {MNS_DEATH, MNS_MOVE_OUT, MNS_MOVE_WITHIN, MNS_ADJUSTMENT};
  mns_code_t kind = kinds[dice (model, 4)];
  uint64_t id = 1 + dice (model, (unsigned)model->person_count);
  model_person_t *person = &model->persons[id];
  mns_record_outcome_t outcome;
  mns_place_t before = person->place;
  mns_life_return_t row = county_return (kind, day (model, 20250101), before);
  row.registered = day (model, row.occurred);
  row.person = id;
  if (kind == MNS_MOVE_WITHIN) {
    row.place = villages[dice (model, 3)];
    row.occurred = day (model, person->since ? person->since : 20250101);
    row.registered = day (model, row.occurred);
  }
  if (kind == MNS_ADJUSTMENT)
    row.adjustment = MNS_DUPLICATE;
  bool possible = person->status == MNS_PRESENT && row.occurred >= person->since &&
                  (kind != MNS_MOVE_WITHIN || row.place != before);
  mns_rc_t rc = harness_call (model->h, "registry.record", &row, &outcome);
  if (rc == MNS_OK && outcome.result == MNS_ROW_EXISTS)
    return; /* by chance the same event again */
  assert_int_equal (rc == MNS_OK, possible);
  if (!possible)
    return;
  person->since = row.occurred;
  person->place = row.place;
  person->status = kind == MNS_MOVE_WITHIN ? MNS_PRESENT : 0;
  note (model, kind, id, &row, before);
}

static void correct_sex (model_t *model) {
  uint64_t id = 1 + dice (model, (unsigned)model->person_count);
  mns_correct_request_t request;
  mns_code_t sex = model->persons[id].sex == MNS_MALE ? MNS_FEMALE : MNS_MALE;
  mns_record_clear (&mns_correct_request_type, &request);
  request.person = id;
  strcpy (request.field, "sex");
  strcpy (request.value, mns_code_word (&mns_sex, sex));
  strcpy (request.reason, "test");
  assert_int_equal (harness_call (model->h, "registry.correct", &request, NULL), MNS_OK);
  model->persons[id].sex = sex;
  for (size_t i = 0; i < model->event_count; i++)
    if (model->events[i].person == id)
      model->events[i].sex = sex;
}

/* ---- counting --------------------------------------------------------------------------------------------------- */

typedef struct {
  int64_t baseline, births, third, deaths, in, out, adjustments;
} tally_t;

/* Days from the event to its registration: at most 30, at most 365, more. */
static const char *const delays[] = {"30", "365", "over"};

static void add (tally_t *tally, const model_event_t *event, mns_place_t area) {
  bool here = mns_place_covers (area, event->place);
  bool before = event->other_place && mns_place_covers (area, event->other_place);
  tally->baseline += event->kind == MNS_BASELINE && here;
  tally->births += event->kind == MNS_BIRTH && here;
  tally->third += event->kind == MNS_BIRTH && here && event->order >= 3;
  tally->deaths += event->kind == MNS_DEATH && here;
  tally->in += (event->kind == MNS_MOVE_IN && here) || (event->kind == MNS_MOVE_WITHIN && here && !before);
  tally->out += (event->kind == MNS_MOVE_OUT && here) || (event->kind == MNS_MOVE_WITHIN && before && !here);
  tally->adjustments += event->kind == MNS_ADJUSTMENT && here ? (event->other_place ? -1 : 1) : 0;
}

static tally_t tally_of (const model_t *model, mns_place_t area, mns_code_t sex, int from, int to, mns_code_t basis) {
  tally_t tally = {0};
  for (size_t i = 0; i < model->event_count; i++) {
    const model_event_t *event = &model->events[i];
    int month = (basis == MNS_BY_REGISTRATION ? event->registered : event->occurred) / 100;
    if (event->sex == sex && month >= from && month <= to)
      add (&tally, event, area);
  }
  return tally;
}

static tally_t recount (model_t *model, mns_place_t area, mns_code_t sex, int from, int to, mns_code_t basis) {
  harness_t *h = model->h;
  tally_t tally = {0};
  char third[16], omitted[32], duplicate[32], dimension[16];
  const char *word = mns_code_word (&mns_sex, sex);
  snprintf (third, sizeof third, "%s.3", word);
  snprintf (omitted, sizeof omitted, "omitted.%s", word);
  snprintf (duplicate, sizeof duplicate, "duplicate.%s", word);
  tally.baseline = county_count (h, area, from, to, basis, "baseline", word);
  tally.third = county_count (h, area, from, to, basis, "births", third);
  for (int order = 0; order <= 3; order++) {
    snprintf (dimension, sizeof dimension, "%s.%d", word, order);
    tally.births += county_count (h, area, from, to, basis, "births", dimension);
  }
  tally.deaths = county_count (h, area, from, to, basis, "deaths", word);
  tally.in = county_count (h, area, from, to, basis, "moves_in", word);
  tally.out = county_count (h, area, from, to, basis, "moves_out", word);
  tally.adjustments = county_count (h, area, from, to, basis, "adjustments", omitted) +
                      county_count (h, area, from, to, basis, "adjustments", duplicate);
  return tally;
}

static void compare (model_t *model, int from, int to) {
  for (size_t i = 0; i < COUNT_OF (areas); i++)
    for (mns_code_t basis = MNS_BY_REGISTRATION; basis <= MNS_BY_OCCURRENCE; basis++)
      for (mns_code_t sex = MNS_MALE; sex <= MNS_FEMALE; sex++) {
        tally_t expected = tally_of (model, areas[i], sex, from, to, basis);
        tally_t counted = recount (model, areas[i], sex, from, to, basis);
        assert_memory_equal (&counted, &expected, sizeof counted);
      }
}

static void count_delays (const model_t *model, mns_place_t area, mns_code_t kind, int64_t counted[3]) {
  for (size_t i = 0; i < model->event_count; i++) {
    const model_event_t *event = &model->events[i];
    int32_t days = mns_date_days_between (event->occurred, event->registered);
    if (event->kind == kind && mns_place_covers (area, event->place))
      counted[days <= 30 ? 0 : days <= 365 ? 1 : 2]++;
  }
}

static void compare_delays (model_t *model) {
  for (size_t i = 0; i < COUNT_OF (areas); i++) {
    int64_t births[3] = {0}, deaths[3] = {0};
    count_delays (model, areas[i], MNS_BIRTH, births);
    count_delays (model, areas[i], MNS_DEATH, deaths);
    for (size_t j = 0; j < COUNT_OF (delays); j++) {
      assert_int_equal (births[j], county_count (model->h, areas[i], MNS_NONE, MNS_NONE, MNS_BY_OCCURRENCE,
                                                 "births_delay", delays[j]));
      assert_int_equal (deaths[j], county_count (model->h, areas[i], MNS_NONE, MNS_NONE, MNS_BY_REGISTRATION,
                                                 "deaths_delay", delays[j]));
    }
  }
}

static void test_random_histories (void **state) {
  (void)state;
  const char *given = getenv ("MNS_SEED");
  uint64_t seed = given ? strtoull (given, NULL, 10) : (uint64_t)time (NULL);
  print_message ("seed %llu\n", (unsigned long long)seed);
  model_t *model = calloc (1, sizeof *model);
  model->seed = seed;
  model->h = county_new (&mns_registry_service);
  load (model, 60);
  for (int i = 0; i < STEPS; i++) {
    unsigned what = dice (model, 10);
    what < 3 ? arrive (model) : what < 9 ? change (model) : correct_sex (model);
  }
  compare (model, 202412, 202606);
  compare (model, 202412, 202412);
  compare (model, 202505, 202505);
  compare (model, 202601, 202603);
  compare_delays (model);
  harness_destroy (&model->h);
  free (model);
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_random_histories)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
