/* People of the baseline are kept sorted by citizen number; everything else that must be unique is a list of checksums
 * that is sorted at the end. */
#include "tests/support/sample_recount.h"

#include "common/csv.h"
#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

#define EFFECTIVE 20250101
#define OPENING   20260101
#define LAST      20260630
#define COUNTY    INT64_C (510322000000)
#define SHOWN     10 /* problems */
#define KEY_SIZE  33
#define SPACING   270

typedef struct {
  char number[19], name[32], household[KEY_SIZE];
  mns_date_t birth, gone, delivery; /* gone: day of the registered death, move out or removal */
  mns_place_t village, place, residence;
  uint8_t sex, registration, tier; /* tier: 0 no recipient */
} person_t;

typedef struct {
  char name[32];
  mns_date_t birth, registered;
  mns_place_t village;
  uint8_t sex;
  bool dead;
} newborn_t;

typedef struct {
  uint64_t *items;
  size_t count, capacity;
} keys_t;

typedef struct {
  sample_recount_t *out;
  const char *file;
  uint64_t line;
  mns_place_t *places;
  size_t place_count;
  person_t *persons; /* by number, once all are read */
  size_t person_count, person_capacity;
  newborn_t *newborns;
  size_t newborn_count, newborn_capacity;
  keys_t identities, numbers, households, certificates, accounts;
  person_t last;     /* the row before */
  mns_date_t day;    /* of the return before */
  size_t in_village; /* registered persons since the village began */
} reader_t;

/* ---- problems and keys ------------------------------------------------------------------------------------------- */

static void check (reader_t *reader, bool good, const char *what) {
  if (good)
    return;
  if (reader->out->problems++ < SHOWN)
    fprintf (stderr, "%s:%llu: %s\n", reader->file, (unsigned long long)reader->line, what);
}

static void *grow (void *items, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity)
    return items;
  *capacity = *capacity ? *capacity * 2 : 1024;
  return mns_realloc (items, *capacity * size);
}

static void add_key (keys_t *keys, uint64_t key) {
  keys->items = grow (keys->items, keys->count, &keys->capacity, sizeof *keys->items);
  keys->items[keys->count++] = key;
}

static uint64_t text_key (const char *text) {
  return mns_crc64 (0, text, strlen (text));
}

static uint64_t identity_key (mns_place_t village, mns_date_t birth, const char *name) {
  uint64_t key = mns_crc64 (0, &village, sizeof village);
  return mns_crc64 (mns_crc64 (key, &birth, sizeof birth), name, strlen (name));
}

static int compare_keys (const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static bool has_key (const keys_t *keys, uint64_t key) {
  return keys->count && bsearch (&key, keys->items, keys->count, sizeof key, compare_keys) != NULL;
}

static void sort_keys (keys_t *keys) {
  if (keys->count)
    qsort (keys->items, keys->count, sizeof *keys->items, compare_keys);
}

static void check_unique (reader_t *reader, keys_t *keys, const char *what) {
  reader->file = "all files";
  reader->line = 0;
  sort_keys (keys);
  for (size_t i = 1; i < keys->count; i++)
    check (reader, keys->items[i] != keys->items[i - 1], what);
}

/* ---- places and persons ------------------------------------------------------------------------------------------ */

static bool is_local (mns_place_t place) {
  return mns_place_covers (COUNTY, place);
}

static bool has_place (const reader_t *reader, mns_place_t place) {
  for (size_t low = 0, high = reader->place_count; low < high;) {
    size_t middle = (low + high) / 2;
    if (reader->places[middle] == place)
      return true;
    if (reader->places[middle] < place)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

static void read_place (reader_t *reader, const void *record) {
  const mns_place_info_t *row = record;
  static size_t capacity;
  if (reader->place_count == 0)
    capacity = 0;
  check (reader, reader->place_count == 0 || reader->places[reader->place_count - 1] < row->code, "places not by code");
  reader->places = grow (reader->places, reader->place_count, &capacity, sizeof *reader->places);
  reader->places[reader->place_count++] = row->code;
  check (reader, row->parent == 0 || has_place (reader, row->parent), "parent missing");
  reader->out->villages += row->level == MNS_VILLAGE;
}

static bool number_fits (const char *number, mns_date_t birth, mns_code_t sex) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  char date[9];
  int sum = 0;
  if (strlen (number) != 18 || strncmp (number, "51999", 5) != 0)
    return false;
  for (int i = 0; i < 17; i++)
    sum += (number[i] - '0') * weights[i];
  snprintf (date, sizeof date, "%08d", birth);
  return number[17] == "10X98765432"[sum % 11] && strncmp (number + 6, date, 8) == 0 &&
         (number[16] - '0') % 2 == (sex == MNS_MALE);
}

static void check_order (reader_t *reader, const person_t *person, const char *relation) {
  const person_t *last = &reader->last;
  bool first = strcmp (last->household, person->household) != 0;
  check (reader, first == (strcmp (relation, "02") == 0), "a household begins with its head and has one");
  check (reader, !first || mns_date_age (person->birth, EFFECTIVE) >= 18, "a head under age");
  if (!first)
    return;
  check (reader,
         last->village < person->village ||
             (last->village == person->village && strcmp (last->household, person->household) < 0),
         "not by village and household");
  add_key (&reader->households, text_key (person->household));
}

static void count_village (reader_t *reader, const person_t *person) {
  if (person->village != reader->last.village) {
    if (reader->last.village != 0 && reader->in_village < reader->out->people_of_smallest)
      reader->out->people_of_smallest = reader->in_village;
    reader->in_village = 0;
  }
  reader->in_village += is_local (person->place);
}

static void count_baseline (reader_t *reader, const person_t *person) {
  bool local = is_local (person->place);
  counters_add (&reader->out->counters, local ? "baseline" : "incomers_change", 20241231, 20241231, 1);
  if (local && person->residence != 0)
    counters_add (&reader->out->counters, "away_change", 20241231, 20241231, 1);
}

static void read_person (reader_t *reader, const void *record) {
  const mns_person_row_t *row = record;
  reader->persons = grow (reader->persons, reader->person_count, &reader->person_capacity, sizeof *reader->persons);
  person_t *person = &reader->persons[reader->person_count++];
  *person = (person_t){.birth = row->birth,
                       .place = row->place,
                       .residence = row->residence,
                       .village = is_local (row->place) ? row->place : row->residence,
                       .sex = (uint8_t)row->sex,
                       .registration = (uint8_t)row->registration};
  strcpy (person->number, row->citizen_number);
  check (reader, mns_text_copy (person->name, sizeof person->name, row->name), "a long name");
  mns_text_copy (person->household, sizeof person->household, row->household);
  check (reader, number_fits (person->number, person->birth, person->sex), "citizen number");
  check (reader, row->birth < row->effective && row->effective == EFFECTIVE, "dates");
  check (reader, has_place (reader, row->place) && (!row->residence || has_place (reader, row->residence)), "place");
  check (reader, is_local (person->village) && (!row->residence || is_local (row->place) != is_local (row->residence)),
         "one end of the two must be here");
  check_order (reader, person, mns_code_word (&mns_relation, row->relation));
  add_key (&reader->identities, identity_key (person->village, person->birth, person->name));
  add_key (&reader->numbers, text_key (person->number));
  count_village (reader, person);
  count_baseline (reader, person);
  reader->last = *person;
}

static int compare_persons (const void *a, const void *b) {
  return strcmp (((const person_t *)a)->number, ((const person_t *)b)->number);
}

/* NULL, and a problem, when nobody has that number and name. */
static person_t *person_of (reader_t *reader, const char *number, const char *name) {
  person_t key;
  mns_text_copy (key.number, sizeof key.number, number);
  person_t *person = bsearch (&key, reader->persons, reader->person_count, sizeof *reader->persons, compare_persons);
  bool found = person != NULL && strcmp (person->name, name) == 0;
  check (reader, found, "nobody has that number and name");
  return found ? person : NULL;
}

/* ---- recipients -------------------------------------------------------------------------------------------------- */

static const char *const tiers[] = {"", "national", "provincial"};

static void count_recipient (reader_t *reader, const char *what, const char *more, mns_date_t registered,
                             mns_date_t occurred) {
  char name[COUNTERS_NAME];
  snprintf (name, sizeof name, "rural_reward_%s%s%s", what, *more ? "_" : "", more);
  counters_add (&reader->out->counters, name, registered, occurred, 1);
}

static void read_recipient (reader_t *reader, const void *record) {
  const mns_recipient_row_t *row = record;
  bool opening = row->opening == MNS_YES;
  mns_date_t day = opening ? mns_date_add_days (row->from_day, -1) : row->from_day;
  person_t *person = person_of (reader, row->citizen_number, row->name);
  bool one_child = row->children_living == 1, none_left = row->children_living == 0 && row->children_deceased > 0;
  bool two_daughters = row->children_living == 2 && row->sons_living == 0;
  if (person == NULL)
    return;
  check (reader, person->tier == 0, "a recipient twice");
  person->tier = strcmp (row->tier, tiers[1]) == 0 ? 1 : 2;
  check (reader, strcmp (row->tier, tiers[person->tier]) == 0 && strcmp (row->scheme, "rural-reward") == 0, "scheme");
  check (reader, opening ? row->from_day == OPENING : row->from_day > OPENING && row->from_day <= LAST, "first day");
  check (reader, person->birth >= 19330101 && mns_date_age (person->birth, row->from_day) >= 60, "age");
  check (reader, person->registration == MNS_RURAL && is_local (person->place), "not rural");
  check (reader, one_child || two_daughters || none_left, "children");
  check (reader, row->sons_living <= row->children_living, "more sons than children");
  add_key (&reader->accounts, text_key (row->bank_account));
  count_recipient (reader, opening ? "begun" : "entrants", "", day, day);
  count_recipient (reader, opening ? "begun" : "entrants", tiers[person->tier], day, day);
}

static void count_leaver (reader_t *reader, const person_t *person, const char *reason, mns_date_t registered,
                          mns_date_t occurred) {
  check (reader, occurred > OPENING, "left before it began");
  count_recipient (reader, "leavers", "", registered, occurred);
  count_recipient (reader, "leavers", tiers[person->tier], registered, occurred);
  count_recipient (reader, "leavers", reason, registered, occurred);
}

static void read_exit (reader_t *reader, const void *record) {
  const mns_exit_row_t *row = record;
  person_t *person = person_of (reader, row->citizen_number, row->name);
  if (person == NULL)
    return;
  check (reader, person->tier != 0 && person->gone == 0, "leaves without being a recipient");
  check (reader, row->occurred <= row->registered && row->registered <= LAST, "dates");
  check (reader, row->reason > MNS_EXIT_MOVED, "the register tells this itself");
  count_leaver (reader, person, mns_code_word (&mns_exit_reason, row->reason), row->registered, row->occurred);
  person->tier = 0;
}

/* ---- returns ----------------------------------------------------------------------------------------------------- */

typedef struct {
  reader_t *reader;
  const mns_life_return_t *row;
} count_t;

__attribute__ ((format (printf, 3, 4))) static void count (reader_t *reader, const mns_life_return_t *row,
                                                           const char *format, ...) {
  char name[COUNTERS_NAME];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (name, sizeof name, format, arguments);
  va_end (arguments);
  int sign = row->adjustment == MNS_DUPLICATE ? -1 : 1;
  counters_add (&reader->out->counters, name, row->registered, row->occurred, sign);
}

static void count_delay (reader_t *reader, const mns_life_return_t *row, const char *what) {
  int days = mns_date_days_between (row->occurred, row->registered);
  count (reader, row, "%s", what);
  count (reader, row, "%s_delay_%s", what, days <= 30 ? "30" : days <= 365 ? "365" : "over");
  count (reader, row, "%s:%s", what, counters_periods[counters_period (row->occurred)]);
}

static void count_birth (reader_t *reader, const mns_life_return_t *row) {
  static const char *const deliveries[] = {"", "single", "twins", "triplets", "more"};
  const char *sex = mns_code_word (&mns_sex, row->sex);
  int order = row->birth_order > 3 ? 3 : (int)row->birth_order;
  count_delay (reader, row, "births");
  count (reader, row, "births_%s", sex);
  count (reader, row, "births_order_%d", order);
  count (reader, row, "births_order_%d_%s", order, sex);
  count (reader, row, "births_mother_%s", mns_code_word (&mns_mother, row->mother));
  if (row->rank != 1)
    return;
  count (reader, row, "deliveries");
  count (reader, row, "deliveries_%s", deliveries[row->plurality > 4 ? 4 : row->plurality]);
}

static void check_mother (reader_t *reader, const mns_life_return_t *row) {
  person_t *mother = person_of (reader, row->mother_number, row->mother_name);
  if (mother == NULL)
    return;
  int age = mns_date_age (mother->birth, row->occurred);
  check (reader, mother->sex == MNS_FEMALE && age >= 18 && age < 46, "no woman of 18 to 45");
  check (reader, mother->gone == 0 && mother->place == row->place && mother->residence == 0, "not the mother's place");
  check (reader,
         mother->delivery == 0 || mother->delivery == row->occurred ||
             abs (mns_date_days_between (mother->delivery, row->occurred)) >= SPACING,
         "less than nine months between deliveries");
  mother->delivery = row->occurred;
}

static void read_birth (reader_t *reader, const mns_life_return_t *row) {
  reader->newborns =
      grow (reader->newborns, reader->newborn_count, &reader->newborn_capacity, sizeof *reader->newborns);
  newborn_t *child = &reader->newborns[reader->newborn_count++];
  *child =
      (newborn_t){.birth = row->birth, .registered = row->registered, .village = row->place, .sex = (uint8_t)row->sex};
  mns_text_copy (child->name, sizeof child->name, row->name);
  check (reader, row->birth == row->occurred && row->rank >= 1 && row->rank <= row->plurality, "birth");
  check (reader, *row->citizen_number == '\0' && row->birth_order >= 1, "a newborn with a number, or no order");
  check (reader, (*row->mother_number != '\0') == (row->mother == MNS_MOTHER_REGISTERED), "mother");
  if (row->mother == MNS_MOTHER_REGISTERED)
    check_mother (reader, row);
  add_key (&reader->identities, identity_key (row->place, row->birth, row->name));
  count_birth (reader, row);
}

static void read_newcomer (reader_t *reader, const mns_life_return_t *row) {
  check (reader, number_fits (row->citizen_number, row->birth, row->sex), "citizen number");
  check (reader, row->birth <= row->occurred, "not born yet");
  add_key (&reader->identities, identity_key (row->place, row->birth, row->name));
  add_key (&reader->numbers, text_key (row->citizen_number));
}

static void count_death (reader_t *reader, const mns_life_return_t *row, mns_date_t birth, uint8_t sex) {
  check (reader, birth <= row->occurred, "dead before born");
  count_delay (reader, row, "deaths");
  count (reader, row, "deaths_%s", mns_code_word (&mns_sex, sex));
  if (mns_date_age (birth, row->occurred) < 1)
    count (reader, row, "infant_deaths");
}

/* A child without a number is named by name, birth and place. */
static void read_child_death (reader_t *reader, const mns_life_return_t *row) {
  newborn_t *child = NULL;
  for (size_t i = 0; i < reader->newborn_count && child == NULL; i++) {
    newborn_t *at = &reader->newborns[i];
    if (at->birth == row->birth && at->village == row->place && strcmp (at->name, row->name) == 0)
      child = at;
  }
  check (reader, child != NULL && !child->dead && row->event == MNS_DEATH, "no such child, or dead already");
  if (child == NULL)
    return;
  child->dead = true;
  count_death (reader, row, child->birth, child->sex);
}

static void read_leaving (reader_t *reader, const mns_life_return_t *row) {
  person_t *person = person_of (reader, row->citizen_number, row->name);
  if (person == NULL)
    return;
  check (reader, person->gone == 0, "gone already");
  check (reader, person->delivery == 0, "a mother of a newborn leaves");
  check (reader, person->place == row->place, "not the person's village");
  person->gone = row->registered;
  if (row->event == MNS_DEATH)
    count_death (reader, row, person->birth, person->sex);
  if (person->residence != 0)
    counters_add (&reader->out->counters, "away_change", row->registered, row->occurred, -1);
  if (person->tier != 0)
    count_leaver (reader, person, row->event == MNS_DEATH ? "death" : "moved", row->registered, row->occurred);
}

static void count_other (reader_t *reader, const mns_life_return_t *row) {
  if (row->event == MNS_MOVE_IN)
    count (reader, row, "moves_in");
  if (row->event == MNS_MOVE_OUT)
    count (reader, row, "moves_out");
  if (row->event != MNS_ADJUSTMENT)
    return;
  count (reader, row, "adjustments");
  count (reader, row, "adjustments_%s", mns_code_word (&mns_adjustment, row->adjustment));
}

static void read_return (reader_t *reader, const void *record) {
  const mns_life_return_t *row = record;
  bool away = row->event == MNS_MOVE_IN || row->event == MNS_MOVE_OUT;
  check (reader, row->occurred <= row->registered && row->registered <= LAST && row->registered >= EFFECTIVE, "dates");
  check (reader, reader->day <= row->registered, "not by day of registration");
  reader->day = row->registered;
  check (reader, is_local (row->place) && has_place (reader, row->place), "place");
  check (reader, away == (row->other_place != 0) && !is_local (row->other_place), "other place");
  check (reader, *row->household == '\0' || has_key (&reader->households, text_key (row->household)), "household");
  if (*row->certificate != '\0')
    add_key (&reader->certificates, text_key (row->certificate));
  if (row->event == MNS_BIRTH)
    read_birth (reader, row);
  else if (row->event == MNS_MOVE_IN || row->adjustment == MNS_OMITTED)
    read_newcomer (reader, row);
  else if (*row->citizen_number == '\0')
    read_child_death (reader, row);
  else
    read_leaving (reader, row);
  count_other (reader, row);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void read_file (reader_t *reader, const char *folder, const char *name, const mns_record_type_t *type,
                       void (*read) (reader_t *reader, const void *record)) {
  char path[MNS_PATH_MAX];
  mns_csv_reader_t *csv;
  mns_csv_row_t row;
  mns_csv_map_t map;
  mns_error_t error = {0};
  void *record = mns_alloc (type->size);
  mns_rc_t rc;
  assert_int_equal (mns_dir_join (path, folder, name, NULL), MNS_OK);
  assert_int_equal (mns_csv_open (&csv, path, NULL), MNS_OK);
  assert_int_equal (mns_csv_map (&map, type, mns_csv_header (csv), NULL), MNS_OK);
  reader->file = name;
  while ((rc = mns_csv_next (csv, &row, &error)) != MNS_GONE) {
    reader->line = row.line;
    if (rc == MNS_OK)
      rc = mns_csv_read (&map, &row, record, &error);
    check (reader, rc == MNS_OK, error.detail);
    if (rc == MNS_OK)
      read (reader, record);
    reader->out->rows++;
  }
  mns_csv_destroy (&csv);
  free (record);
}

static void destroy (reader_t *reader) {
  keys_t *keys[] = {&reader->identities, &reader->numbers, &reader->households, &reader->certificates,
                    &reader->accounts};
  for (size_t i = 0; i < COUNT_OF (keys); i++)
    free (keys[i]->items);
  free (reader->places);
  free (reader->persons);
  free (reader->newborns);
}

void sample_recount (sample_recount_t *recount, const char *folder) {
  reader_t reader = {.out = recount};
  memset (recount, 0, sizeof *recount);
  recount->people_of_smallest = SIZE_MAX;
  read_file (&reader, folder, "places.csv", &mns_place_info_type, read_place);
  read_file (&reader, folder, "persons.csv", &mns_person_row_type, read_person);
  count_village (&reader, &(person_t){.village = -1});
  qsort (reader.persons, reader.person_count, sizeof *reader.persons, compare_persons);
  check_unique (&reader, &reader.households, "a household in two parts");
  read_file (&reader, folder, "recipients.csv", &mns_recipient_row_type, read_recipient);
  read_file (&reader, folder, "returns.csv", &mns_life_return_type, read_return);
  read_file (&reader, folder, "exits.csv", &mns_exit_row_type, read_exit);
  check_unique (&reader, &reader.identities, "two people with name, birth date and village in common");
  check_unique (&reader, &reader.numbers, "a citizen number twice");
  check_unique (&reader, &reader.certificates, "a certificate twice");
  check_unique (&reader, &reader.accounts, "an account twice");
  destroy (&reader);
}
