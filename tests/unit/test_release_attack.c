/* The protection of small numbers under attack (tests/support/attacker.h): random histories of a small county with
 * corrections of what was released long ago, a release each quarter. MNS_HISTORIES and MNS_SEED choose how many, and
 * from where. A protection that is broken on purpose must be caught. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/statistics/rules_fold.h"
#include "services/statistics/rules_release.h"
#include "tests/support/attacker.h"
#include "tests/support/test.h"

#define COUNTY    ((mns_place_t)510322000000)
#define TOWNSHIPS 3
#define VILLAGES  3
#define YEARS     4
#define START     (2022 * 12)
#define RELEASES  (4 * YEARS + 2)
#define EVENTS    1200
#define TOLD_MAX  4096

typedef enum { SOUND, NO_AUDIT, NOISE, NEAREST, KINDS } protection_t;
static const int64_t spread[KINDS] = {4, 4, 4, 2};

typedef struct {
  statistics_figure_key_t key;
  int64_t figure;
  bool known;
} memory_t;

typedef struct {
  statistics_cube_t *cube;
  statistics_secret_t secret;
  mns_restatement_t events[EVENTS];
  int event_count;
  memory_t memory[TOLD_MAX];
  int memory_count;
  statistics_knowledge_t *known;
  size_t known_count;
  int released, withheld, held, revised;
} history_t;

static uint64_t seed;

static unsigned any (unsigned n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % n;
}

/* ---- a history --------------------------------------------------------------------------------------------------- */
static void count (history_t *history, const mns_restatement_t *event) {
  statistics_fold_t fold;
  mns_error_t error = {0};
  assert_int_equal (statistics_fold_life (event, COUNTY, &fold, &error), MNS_OK);
  history->cube->record_key = statistics_record_key (&history->secret, event->event);
  for (size_t i = 0; i < fold.count; i++) {
    const statistics_contribution_t *item = &fold.items[i];
    char dimension[MNS_DIMENSION_MAX + 1];
    statistics_dimension_format (item->measure, item->kind, item->part, dimension);
    int series = statistics_cube_series (history->cube, item->measure, dimension);
    int place = statistics_cube_place (history->cube, item->place);
    statistics_cube_add (history->cube, place, item->except, STATISTICS_RELEASE_BASIS, series,
                         fold.month[STATISTICS_RELEASE_BASIS], item->value, 1);
  }
  statistics_cube_keep (history->cube);
}

static mns_place_t any_village (unsigned townships) {
  return COUNTY + (101 + any (townships)) * 1000 + 201 + any (VILLAGES);
}

static mns_restatement_t any_event (history_t *history, mns_code_t kind, mns_date_t day) {
  mns_restatement_t event;
  mns_record_clear (&mns_restatement_type, &event);
  event.event = (uint64_t)history->event_count + 1;
  event.sign = 1;
  event.event_kind = kind;
  event.sex = any (2) ? MNS_MALE : MNS_FEMALE;
  event.birth = kind == MNS_BIRTH ? day : 19500101;
  event.place = any_village (any (3) ? TOWNSHIPS : 1);
  event.occurred = event.registered = day;
  event.mother = MNS_MOTHER_REGISTERED;
  event.birth_order = 1 + any (3);
  event.plurality = event.rank = 1;
  return event;
}

static void happen (history_t *history, mns_code_t kind, mns_date_t day) {
  if (history->event_count == EVENTS)
    return;
  mns_restatement_t event = any_event (history, kind, day);
  count (history, &event);
  history->events[history->event_count++] = event;
}

/* Takes an event back, and counts it again with another sex or at another place. */
static void correct (history_t *history) {
  mns_restatement_t *event = &history->events[any ((unsigned)history->event_count)];
  event->sign = -1;
  count (history, event);
  event->sign = 1;
  if (any (2))
    event->sex = event->sex == MNS_MALE ? MNS_FEMALE : MNS_MALE;
  else
    event->place = any_village (TOWNSHIPS);
  count (history, event);
}

static mns_date_t day_of (int month) {
  return mns_date_make (month / 12, month % 12 + 1, 1 + (int)any (28));
}

static void begin_history (history_t *history) {
  memset (history, 0, sizeof *history);
  history->cube = statistics_cube_new ();
  for (int i = 0; i < STATISTICS_SECRET_BYTES; i++)
    history->secret.bytes[i] = (uint8_t)any (256);
  for (int township = 0; township < TOWNSHIPS; township++)
    for (int village = 0; village < VILLAGES; village++)
      statistics_cube_place (history->cube, COUNTY + (101 + township) * 1000 + 201 + village);
  for (unsigned i = 40 + any (100); i > 0; i--)
    happen (history, MNS_BASELINE, mns_date_make (2022, 1, 1));
}

static void quarter (history_t *history, int number, unsigned births, unsigned deaths) {
  for (int month = START + 3 * number; month < START + 3 * number + 3; month++) {
    for (unsigned i = any (births + 1); i > 0; i--)
      happen (history, MNS_BIRTH, day_of (month));
    for (unsigned i = any (deaths + 1); i > 0; i--)
      happen (history, MNS_DEATH, day_of (month));
  }
  for (unsigned i = any (4); i > 0 && number > 0; i--)
    correct (history);
}

/* ---- a release --------------------------------------------------------------------------------------------------- */
static memory_t *memory_of (history_t *history, const statistics_figure_key_t *key) {
  for (int i = 0; i < history->memory_count; i++)
    if (statistics_figure_key_equal (&history->memory[i].key, key))
      return &history->memory[i];
  assert_true (history->memory_count < TOLD_MAX);
  memory_t *memory = &history->memory[history->memory_count++];
  memory->key = *key;
  return memory;
}

static void compare_all (history_t *history, statistics_release_t *release) {
  for (size_t i = 0; i < release->count; i++) {
    const memory_t *memory = memory_of (history, &release->figures[i].key);
    statistics_release_compare (&release->figures[i], memory->known ? memory->figure : MNS_NONE, memory->known);
  }
  for (size_t i = 0; i < history->known_count; i++)
    statistics_release_recall (release, &history->known[i]);
}

static void keep_all (history_t *history, const statistics_release_t *release) {
  for (size_t i = 0; i < release->count; i++) {
    const statistics_open_figure_t *figure = &release->figures[i];
    memory_t *memory = memory_of (history, &figure->key);
    memory->figure = figure->figure;
    memory->known = true;
    history->released += figure->table >= 0;
    history->withheld += figure->table >= 0 && figure->figure == MNS_NONE;
    history->held += figure->fate == STATISTICS_FIGURE_HELD;
    history->revised += figure->table >= 0 && figure->fate == STATISTICS_FIGURE_REVISED;
  }
  history->known_count = release->known_count;
  history->known = mns_realloc (history->known, release->known_count * sizeof (statistics_knowledge_t));
  memcpy (history->known, release->known, release->known_count * sizeof (statistics_knowledge_t));
}

/* The figures as a broken protection would give them. */
static void spoil (statistics_release_t *release, protection_t protection) {
  for (size_t i = 0; i < release->count; i++) {
    statistics_open_figure_t *figure = &release->figures[i];
    if (figure->table >= 0 && protection == NEAREST)
      figure->figure = (figure->count + 2) / 5 * 5;
    else if (figure->table >= 0 && protection == NOISE)
      figure->figure = statistics_protect (&release->secret, figure->count, any (1u << 30));
  }
}

static int attack (history_t *history, const statistics_plan_t *plan, protection_t protection, bool loud) {
  attacker_t *attacker = attacker_new (COUNTY, TOWNSHIPS, VILLAGES, START, YEARS);
  unsigned births = 3 + any (12), deaths = 1 + any (8);
  begin_history (history);
  for (int i = 0; i < RELEASES; i++) {
    int months = i < 4 * YEARS ? 3 * i + 3 : 12 * YEARS;
    statistics_release_t release;
    if (i < 4 * YEARS)
      quarter (history, i, births, deaths);
    else
      correct (history);
    statistics_release_init (&release, plan, history->cube, COUNTY, &history->secret);
    statistics_release_gather (&release, START + months);
    spoil (&release, protection);
    if (protection == SOUND) {
      compare_all (history, &release);
      statistics_release_audit (&release);
      keep_all (history, &release);
    }
    attacker_release (attacker, &release, months);
    statistics_release_fini (&release);
  }
  int pinned = attacker_attack (attacker, spread[protection], loud);
  attacker_destroy (&attacker);
  statistics_cube_destroy (&history->cube);
  free (history->known);
  return pinned;
}

static int number_from (const char *variable, int usual) {
  const char *text = getenv (variable);
  return text ? atoi (text) : usual;
}

static history_t history;
static statistics_plan_t plan;

static int load_plan (void **unused) {
  mns_error_t error = {0};
  (void)unused;
  return statistics_plan_load (&plan, "", &error);
}

static void test_nothing_is_pinned (void **unused) {
  (void)unused;
  int histories = number_from ("MNS_HISTORIES", 20), first = number_from ("MNS_SEED", 1), pinned = 0;
  long released = 0, withheld = 0, held = 0, revised = 0;
  for (int i = first; i < first + histories; i++) {
    seed = (uint64_t)i;
    int now = attack (&history, &plan, SOUND, true);
    if (now > 0)
      printf ("seed %d: %d pinned\n", i, now);
    pinned += now;
    released += history.released;
    withheld += history.withheld;
    held += history.held;
    revised += history.revised;
  }
  printf ("%d histories: %ld figures, %ld withheld, %ld revised, %ld held\n", histories, released, withheld, revised,
          held);
  assert_int_equal (pinned, 0);
  assert_true (released - withheld > 200 * histories);
}

/* What attacks the sound one in vain finds something in each of these. */
static void test_broken_ones_are_caught (void **unused) {
  (void)unused;
  for (protection_t protection = NO_AUDIT; protection < KINDS; protection++) {
    int pinned = 0;
    for (int i = 1; i <= 10 && pinned == 0; i++) {
      seed = (uint64_t)i;
      pinned = attack (&history, &plan, protection, false);
    }
    if (pinned == 0)
      fail_msg ("protection %d is broken, and the attacker found nothing", (int)protection);
  }
}

/* On average over the keys a figure is its count; it is a multiple of 5 less than 5 away; 0 stays 0. */
static void test_unbiased (void **unused) {
  (void)unused;
  statistics_secret_t secret = {{7}};
  for (int64_t value = 0; value < 30; value++) {
    int64_t sum = 0;
    for (uint32_t key = 0; key < 20000; key++) {
      int64_t figure = statistics_protect (&secret, value, key);
      assert_int_equal (figure % 5, 0);
      assert_true (figure > value - 5 && figure < value + 5);
      sum += figure;
    }
    assert_in_range (sum, (uint64_t)(value * 20000 - 2000 * (value > 0)), (uint64_t)(value * 20000 + 2000));
  }
  assert_int_equal (statistics_protect (&secret, 0, 12345), 0);
}

/* The same records have the same key, in whatever order they came and whatever was taken back between. */
static void test_same_records (void **unused) {
  (void)unused;
  seed = 5;
  statistics_secret_t secret = {{9}};
  statistics_cube_t *cubes[2] = {statistics_cube_new (), statistics_cube_new ()};
  for (int i = 0; i < 2; i++) {
    history.cube = cubes[i];
    history.secret = secret;
    for (int at = 0; at < 6; at++) {
      mns_restatement_t event = any_event (&history, MNS_BIRTH, 20220301);
      event.event = (uint64_t)(i ? 6 - at : at + 1);
      event.place = COUNTY + 101201;
      count (&history, &event);
      for (int k = 0; i && k < 2; k++) {
        event.event = 99;
        event.sign = k ? -1 : 1;
        count (&history, &event);
      }
    }
  }
  statistics_figure_key_t key = {
      .place = COUNTY + 101201, .first = START, .end = START + 12, .measure = STATISTICS_BIRTHS};
  uint32_t one, other;
  assert_int_equal (statistics_release_count (cubes[0], &key, &one), 6);
  assert_int_equal (statistics_release_count (cubes[1], &key, &other), 6);
  assert_int_equal (one, other);
  assert_int_not_equal (one, 0);
  statistics_cube_destroy (&cubes[0]);
  statistics_cube_destroy (&cubes[1]);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_unbiased),
      cmocka_unit_test (test_same_records),
      cmocka_unit_test_setup (test_nothing_is_pinned, load_plan),
      cmocka_unit_test_setup (test_broken_ones_are_caught, load_plan),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
