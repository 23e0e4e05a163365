/* Places, persons, recipients and exits of a sample county; its returns are read by sample_returns.c. */
#include "tests/support/sample_recount.h"

#include "common/csv.h"
#include "common/records/assistance_records.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/sample_reader.h"
#include "tests/support/test.h"

#define COUNTY INT64_C (510322000000)
#define SHOWN  10 /* problems */

void sample_check (sample_reader_t *reader, bool good, const char *what) {
  if (good)
    return;
  if (reader->out->problems++ < SHOWN)
    fprintf (stderr, "%s:%llu: %s\n", reader->file, (unsigned long long)reader->line, what);
}

void *sample_grow (void *items, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity)
    return items;
  *capacity = *capacity ? *capacity * 2 : 1024;
  return mns_realloc (items, *capacity * size);
}

uint64_t sample_identity (mns_place_t village, mns_date_t birth, const char *name) {
  char text[96];
  snprintf (text, sizeof text, "%012lld %08d %s", (long long)village, birth, name);
  return key_set_text (text);
}

static void check_unique (sample_reader_t *reader, key_set_t *keys, const char *what) {
  reader->file = "all files";
  reader->line = 0;
  key_set_sort (keys);
  sample_check (reader, key_set_is_unique (keys), what);
}

/* ---- places and persons ------------------------------------------------------------------------------------------ */

bool sample_is_local (mns_place_t place) {
  return mns_place_covers (COUNTY, place);
}

bool sample_has_place (const sample_reader_t *reader, mns_place_t place) {
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

static void read_place (sample_reader_t *reader, const void *record) {
  const mns_place_info_t *row = record;
  sample_check (reader, reader->place_count == 0 || reader->places[reader->place_count - 1] < row->code,
                "places not by code");
  reader->places = sample_grow (reader->places, reader->place_count, &reader->place_capacity, sizeof *reader->places);
  reader->places[reader->place_count++] = row->code;
  sample_check (reader, row->parent == 0 || sample_has_place (reader, row->parent), "parent missing");
  reader->out->villages += row->level == MNS_VILLAGE;
}

bool sample_number_fits (const char *number, mns_date_t birth, mns_code_t sex) {
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

static void check_order (sample_reader_t *reader, const sample_resident_t *person, const char *relation) {
  const sample_resident_t *last = &reader->last;
  bool first = strcmp (last->household, person->household) != 0;
  sample_check (reader, first == (strcmp (relation, "02") == 0), "a household begins with its head and has one");
  sample_check (reader, !first || mns_date_age (person->birth, SAMPLE_EFFECTIVE) >= 18, "a head under age");
  if (!first)
    return;
  sample_check (reader,
                last->village < person->village ||
                    (last->village == person->village && strcmp (last->household, person->household) < 0),
                "not by village and household");
  key_set_add (&reader->households, key_set_text (person->household));
}

static void count_village (sample_reader_t *reader, const sample_resident_t *person) {
  if (person->village != reader->last.village) {
    if (reader->last.village != 0 && reader->in_village < reader->out->people_of_smallest)
      reader->out->people_of_smallest = reader->in_village;
    reader->in_village = 0;
  }
  reader->in_village += sample_is_local (person->place);
}

static void count_baseline (sample_reader_t *reader, const sample_resident_t *person) {
  bool local = sample_is_local (person->place);
  counters_add (&reader->out->counters, local ? "baseline" : "incomers_change", 20241231, 20241231, 1);
  if (local && person->residence != 0)
    counters_add (&reader->out->counters, "away_change", 20241231, 20241231, 1);
}

static void read_person (sample_reader_t *reader, const void *record) {
  const mns_person_row_t *row = record;
  reader->persons =
      sample_grow (reader->persons, reader->person_count, &reader->person_capacity, sizeof *reader->persons);
  sample_resident_t *person = &reader->persons[reader->person_count++];
  *person = (sample_resident_t){.birth = row->birth,
                                .place = row->place,
                                .residence = row->residence,
                                .village = sample_is_local (row->place) ? row->place : row->residence,
                                .sex = (uint8_t)row->sex,
                                .registration = (uint8_t)row->registration};
  strcpy (person->number, row->citizen_number);
  sample_check (reader, mns_text_copy (person->name, sizeof person->name, row->name), "a long name");
  mns_text_copy (person->household, sizeof person->household, row->household);
  sample_check (reader, sample_number_fits (person->number, person->birth, person->sex), "citizen number");
  sample_check (reader, row->birth < row->effective && row->effective == SAMPLE_EFFECTIVE, "dates");
  sample_check (reader,
                sample_has_place (reader, row->place) && (!row->residence || sample_has_place (reader, row->residence)),
                "place");
  sample_check (reader,
                sample_is_local (person->village) &&
                    (!row->residence || sample_is_local (row->place) != sample_is_local (row->residence)),
                "one end of the two must be here");
  check_order (reader, person, mns_code_word (&mns_relation, row->relation));
  key_set_add (&reader->identities, sample_identity (person->village, person->birth, person->name));
  key_set_add (&reader->numbers, key_set_text (person->number));
  count_village (reader, person);
  count_baseline (reader, person);
  reader->last = *person;
}

static int compare_persons (const void *a, const void *b) {
  return strcmp (((const sample_resident_t *)a)->number, ((const sample_resident_t *)b)->number);
}

/* NULL, and a problem, when nobody has that number and name. */
sample_resident_t *sample_resident_of (sample_reader_t *reader, const char *number, const char *name) {
  sample_resident_t key;
  mns_text_copy (key.number, sizeof key.number, number);
  sample_resident_t *person =
      bsearch (&key, reader->persons, reader->person_count, sizeof *reader->persons, compare_persons);
  bool found = person != NULL && strcmp (person->name, name) == 0;
  sample_check (reader, found, "nobody has that number and name");
  return found ? person : NULL;
}

/* ---- recipients -------------------------------------------------------------------------------------------------- */

static const char *const tiers[] = {"", "national", "provincial"};

static void count_recipient (sample_reader_t *reader, const char *what, const char *more, mns_date_t registered,
                             mns_date_t occurred) {
  char name[COUNTERS_NAME];
  snprintf (name, sizeof name, "rural_reward_%s%s%s", what, *more ? "_" : "", more);
  counters_add (&reader->out->counters, name, registered, occurred, 1);
}

static void read_recipient (sample_reader_t *reader, const void *record) {
  const mns_recipient_row_t *row = record;
  bool opening = row->opening == MNS_YES;
  mns_date_t day = opening ? mns_date_add_days (row->from_day, -1) : row->from_day;
  sample_resident_t *person = sample_resident_of (reader, row->citizen_number, row->name);
  bool one_child = row->children_living == 1, none_left = row->children_living == 0 && row->children_deceased > 0;
  bool two_daughters = row->children_living == 2 && row->sons_living == 0;
  if (person == NULL)
    return;
  sample_check (reader, person->tier == 0, "a recipient twice");
  person->tier = strcmp (row->tier, tiers[1]) == 0 ? 1 : 2;
  sample_check (reader, strcmp (row->tier, tiers[person->tier]) == 0 && strcmp (row->scheme, "rural-reward") == 0,
                "scheme");
  sample_check (reader,
                opening ? row->from_day == SAMPLE_OPENING
                        : row->from_day > SAMPLE_OPENING && row->from_day <= SAMPLE_LAST,
                "first day");
  sample_check (reader, person->birth >= 19330101 && mns_date_age (person->birth, row->from_day) >= 60, "age");
  sample_check (reader, person->registration == MNS_RURAL && sample_is_local (person->place), "not rural");
  sample_check (reader, one_child || two_daughters || none_left, "children");
  sample_check (reader, row->sons_living <= row->children_living, "more sons than children");
  key_set_add (&reader->accounts, key_set_text (row->bank_account));
  count_recipient (reader, opening ? "begun" : "entrants", "", day, day);
  count_recipient (reader, opening ? "begun" : "entrants", tiers[person->tier], day, day);
}

void sample_count_leaver (sample_reader_t *reader, const sample_resident_t *person, const char *reason,
                          mns_date_t registered, mns_date_t occurred) {
  sample_check (reader, occurred > SAMPLE_OPENING, "left before it began");
  count_recipient (reader, "leavers", "", registered, occurred);
  count_recipient (reader, "leavers", tiers[person->tier], registered, occurred);
  count_recipient (reader, "leavers", reason, registered, occurred);
}

static void read_exit (sample_reader_t *reader, const void *record) {
  const mns_exit_row_t *row = record;
  sample_resident_t *person = sample_resident_of (reader, row->citizen_number, row->name);
  if (person == NULL)
    return;
  sample_check (reader, person->tier != 0 && person->gone == 0, "leaves without being a recipient");
  sample_check (reader, row->occurred <= row->registered && row->registered <= SAMPLE_LAST, "dates");
  sample_check (reader, row->reason > MNS_EXIT_MOVED, "the register tells this itself");
  sample_count_leaver (reader, person, mns_code_word (&mns_exit_reason, row->reason), row->registered, row->occurred);
  person->tier = 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void read_file (sample_reader_t *reader, const char *folder, const char *name, const mns_record_type_t *type,
                       void (*read) (sample_reader_t *reader, const void *record)) {
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
    sample_check (reader, rc == MNS_OK, error.detail);
    if (rc == MNS_OK)
      read (reader, record);
    reader->out->rows++;
  }
  mns_csv_destroy (&csv);
  free (record);
}

static void destroy (sample_reader_t *reader) {
  key_set_t *keys[] = {&reader->identities, &reader->numbers, &reader->households, &reader->certificates,
                       &reader->accounts};
  for (size_t i = 0; i < COUNT_OF (keys); i++)
    key_set_fini (keys[i]);
  free (reader->places);
  free (reader->persons);
  free (reader->newborns);
}

void sample_recount (sample_recount_t *recount, const char *folder) {
  sample_reader_t reader = {.out = recount};
  memset (recount, 0, sizeof *recount);
  recount->people_of_smallest = SIZE_MAX;
  read_file (&reader, folder, "places.csv", &mns_place_info_type, read_place);
  read_file (&reader, folder, "persons.csv", &mns_person_row_type, read_person);
  count_village (&reader, &(sample_resident_t){.village = -1});
  qsort (reader.persons, reader.person_count, sizeof *reader.persons, compare_persons);
  check_unique (&reader, &reader.households, "a household in two parts");
  read_file (&reader, folder, "recipients.csv", &mns_recipient_row_type, read_recipient);
  read_file (&reader, folder, "returns.csv", &mns_life_return_type, sample_read_return);
  read_file (&reader, folder, "exits.csv", &mns_exit_row_type, read_exit);
  check_unique (&reader, &reader.identities, "two people with name, birth date and village in common");
  check_unique (&reader, &reader.numbers, "a citizen number twice");
  check_unique (&reader, &reader.certificates, "a certificate twice");
  check_unique (&reader, &reader.accounts, "an account twice");
  destroy (&reader);
}
