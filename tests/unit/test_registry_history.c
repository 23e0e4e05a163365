/* Random histories against a simple model (tests/support/life_play.h). The seed is printed; MNS_SEED and MNS_STEPS set
 * others. A history that fails is shortened and written to tests/fixtures/histories, where it is played again by each
 * later run. */
#include "tests/support/life_play.h"
#include "tests/support/test.h"
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FOLDER       MNS_SOURCE_DIR "/tests/fixtures/histories"
#define STEPS        10000
#define PERSONS_MAX  1500
#define SHRINK_PLAYS 600

/* ---- making one up ----------------------------------------------------------------------------------------------- */

static uint64_t seed;

static unsigned dice (unsigned sides) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % sides;
}

static mns_date_t day_between (mns_date_t from, mns_date_t to) {
  int32_t days = mns_date_days_between (from, to);
  return days <= 0 ? to : mns_date_add_days (from, (int32_t)dice ((unsigned)days + 1));
}

static const life_person_t *anybody (const life_model_t *model) {
  return &model->persons[dice ((unsigned)model->count)];
}

/* Somebody of the same place and day where that helps, so that not everything is refused. */
static const life_person_t *companion (const life_model_t *model, const life_person_t *who, mns_date_t day, bool near) {
  const life_person_t *other = anybody (model);
  mns_place_t place = life_state_at (who, day).place;
  for (int i = 0; near && i < 20 && (other == who || life_state_at (other, day).place != place); i++)
    other = anybody (model);
  return other;
}

static life_kind_t any_kind (const life_model_t *model) {
  static const uint8_t weights[LIFE_KINDS] = {
      [LIFE_BIRTH] = 6,         [LIFE_MOVE_IN] = 6,       [LIFE_OMITTED] = 3,   [LIFE_RETURN] = 5,
      [LIFE_REINSTATE] = 4,     [LIFE_DEATH] = 7,         [LIFE_MOVE_OUT] = 7,  [LIFE_REMOVE] = 3,
      [LIFE_MOVE_WITHIN] = 14,  [LIFE_MOVE_TOGETHER] = 6, [LIFE_MARRIAGE] = 12, [LIFE_DIVORCE] = 8,
      [LIFE_ADOPTION] = 4,      [LIFE_ADOPTION_END] = 3,  [LIFE_SPLIT] = 6,     [LIFE_JOIN] = 8,
      [LIFE_JOIN_TOGETHER] = 3, [LIFE_HEAD] = 6,          [LIFE_SEX] = 1,       [LIFE_REDATE] = 6};
  unsigned sum = 0;
  life_kind_t kind = model->count >= PERSONS_MAX ? LIFE_RETURN : 0;
  for (size_t i = kind; i < LIFE_KINDS; i++)
    sum += weights[i];
  for (unsigned at = dice (sum); at >= weights[kind]; kind++)
    at -= weights[kind];
  return kind;
}

static life_step_t any_step (const life_model_t *model, int number) {
  const life_person_t *who = anybody (model);
  while (who->count > LIFE_CHANGES_MAX - 20)
    who = anybody (model);
  mns_date_t last = life_last_day (who, false);
  mns_date_t soon = mns_date_add_days (last ? last : LIFE_FIRST, 40);
  mns_date_t day = dice (3) ? day_between (last ? last : LIFE_FIRST, soon < LIFE_LAST ? soon : LIFE_LAST)
                            : day_between (LIFE_FIRST, LIFE_LAST);
  life_kind_t kind = any_kind (model);
  const life_person_t *other =
      companion (model, who, day, kind == LIFE_JOIN || kind == LIFE_JOIN_TOGETHER || kind == LIFE_ADOPTION);
  return (life_step_t){.kind = kind,
                       .number = number,
                       .who = who->number,
                       .other = dice (8) && other != who ? other->number : 0,
                       .village = (int)dice (3),
                       .delay = dice (3) ? (int)dice (20) : (int)dice (400),
                       .value = (int)dice (1000),
                       .day = day};
}

/* ---- playing ----------------------------------------------------------------------------------------------------- */

/* What the two disagree about, in `why`; the number of steps until then. */
static size_t play (const life_step_t *steps, size_t count, char why[512]) {
  life_play_t it;
  size_t played = 0;
  life_play_begin (&it);
  while (played < count && life_play_step (&it, &steps[played]))
    played++;
  if (played == count)
    life_play_compare (&it);
  strcpy (why, it.why);
  life_play_end (&it);
  return played < count ? played + 1 : count;
}

/* Takes out as much as can be taken out while the two still disagree: halves, quarters, …, single steps. */
static size_t shrink (life_step_t *steps, size_t count, char why[512]) {
  life_step_t *fewer = malloc (count * sizeof *fewer);
  size_t plays = 0;
  for (size_t part = count / 2; part > 0 && plays < SHRINK_PLAYS; part /= 2)
    for (size_t at = 0; at < count && plays < SHRINK_PLAYS; plays++) {
      char still[512];
      size_t gone = part < count - at ? part : count - at, left = count - gone;
      memcpy (fewer, steps, at * sizeof *fewer);
      memcpy (fewer + at, steps + at + gone, (left - at) * sizeof *fewer);
      left = play (fewer, left, still);
      if (*still) {
        memcpy (steps, fewer, left * sizeof *steps);
        count = left;
        strcpy (why, still);
      } else {
        at += part;
      }
    }
  free (fewer);
  return count;
}

static void keep (life_step_t *steps, size_t count, uint64_t from, char why[512]) {
  char path[512];
  print_message ("%zu steps: %s\nshortening…\n", count, why);
  count = shrink (steps, count, why);
  snprintf (path, sizeof path, "%s/%" PRIu64 ".history", FOLDER, from);
  life_history_write (path, steps, count, why);
  fail_msg ("%s (%zu steps, kept in %s)", why, count, path);
}

static void test_random_history (void **state) {
  (void)state;
  const char *given = getenv ("MNS_SEED"), *long_as = getenv ("MNS_STEPS");
  uint64_t from = seed = given ? strtoull (given, NULL, 10) : (uint64_t)time (NULL);
  size_t count = long_as ? strtoul (long_as, NULL, 10) : STEPS, played = 0;
  life_step_t *steps = malloc (count * sizeof *steps);
  life_play_t it;
  char why[512];
  print_message ("MNS_SEED=%" PRIu64 "\n", from);
  life_play_begin (&it);
  do
    steps[played] = any_step (&it.model, (int)played + 1);
  while (life_play_step (&it, &steps[played++]) && played < count);
  if (!*it.why)
    life_play_compare (&it);
  print_message ("%zu of %zu steps accepted, %zu persons\n", it.accepted, played, it.model.count);
  strcpy (why, it.why);
  life_play_end (&it);
  if (*why)
    keep (steps, played, from, why);
  free (steps);
}

/* ---- those that failed once -------------------------------------------------------------------------------------- */

static void test_histories_kept (void **state) {
  (void)state;
  DIR *folder = opendir (FOLDER);
  assert_non_null (folder);
  for (struct dirent *entry = readdir (folder); entry; entry = readdir (folder)) {
    char path[512], why[512];
    size_t count;
    if (entry->d_name[0] == '.')
      continue;
    snprintf (path, sizeof path, "%s/%.200s", FOLDER, entry->d_name);
    life_step_t *steps = life_history_read (path, &count);
    play (steps, count, why);
    free (steps);
    if (*why)
      fail_msg ("%s: %s", path, why);
  }
  closedir (folder);
}

/* What the disk keeps is asked elsewhere: in memory a history takes seconds on a busy machine too. */
static void use_memory (void) {
  if (access ("/dev/shm", W_OK) == 0)
    setenv ("TMPDIR", "/dev/shm", 1);
}

int main (void) {
  use_memory ();
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_histories_kept), cmocka_unit_test (test_random_history)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
