/* The returns of a sample county: who they speak of must be there, and nobody twice or after the end. */
#include "common/text.h"
#include "tests/support/sample_reader.h"

#include "tests/support/test.h"

#define SPACING_DAYS 270

/* ---- counting -------------------------------------------------------------------------------------------------- */

__attribute__ ((format (printf, 3, 4))) static void count (sample_reader_t *reader, const mns_life_return_t *row,
                                                           const char *format, ...) {
  char name[COUNTERS_NAME];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (name, sizeof name, format, arguments);
  va_end (arguments);
  int sign = row->adjustment == MNS_DUPLICATE ? -1 : 1;
  counters_add (&reader->out->counters, name, row->registered, row->occurred, sign);
}

static void count_delay (sample_reader_t *reader, const mns_life_return_t *row, const char *what) {
  int days = mns_date_days_between (row->occurred, row->registered);
  count (reader, row, "%s", what);
  count (reader, row, "%s_delay_%s", what, days <= 30 ? "30" : days <= 365 ? "365" : "over");
  count (reader, row, "%s:%s", what, counters_periods[counters_period (row->occurred)]);
}

static void count_birth (sample_reader_t *reader, const mns_life_return_t *row) {
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

static void check_mother (sample_reader_t *reader, const mns_life_return_t *row) {
  sample_resident_t *mother = sample_resident_of (reader, row->mother_number, row->mother_name);
  if (mother == NULL)
    return;
  int age = mns_date_age (mother->birth, row->occurred);
  sample_check (reader, mother->sex == MNS_FEMALE && age >= 18 && age < 46, "no woman of 18 to 45");
  sample_check (reader, mother->gone == 0 && mother->place == row->place && mother->residence == 0,
                "not the mother's place");
  sample_check (reader,
                mother->delivery == 0 || mother->delivery == row->occurred ||
                    abs (mns_date_days_between (mother->delivery, row->occurred)) >= SPACING_DAYS,
                "less than nine months between deliveries");
  mother->delivery = row->occurred;
}

static void read_birth (sample_reader_t *reader, const mns_life_return_t *row) {
  reader->newborns =
      sample_grow (reader->newborns, reader->newborn_count, &reader->newborn_capacity, sizeof *reader->newborns);
  sample_newborn_t *child = &reader->newborns[reader->newborn_count++];
  *child = (sample_newborn_t){
      .birth = row->birth, .registered = row->registered, .village = row->place, .sex = (uint8_t)row->sex};
  mns_text_copy (child->name, sizeof child->name, row->name);
  sample_check (reader, row->birth == row->occurred && row->rank >= 1 && row->rank <= row->plurality, "birth");
  sample_check (reader, *row->citizen_number == '\0' && row->birth_order >= 1, "a newborn with a number, or no order");
  sample_check (reader, (*row->mother_number != '\0') == (row->mother == MNS_MOTHER_REGISTERED), "mother");
  if (row->mother == MNS_MOTHER_REGISTERED)
    check_mother (reader, row);
  key_set_add (&reader->identities, sample_identity (row->place, row->birth, row->name));
  count_birth (reader, row);
}

static void read_newcomer (sample_reader_t *reader, const mns_life_return_t *row) {
  sample_check (reader, sample_number_fits (row->citizen_number, row->birth, row->sex), "citizen number");
  sample_check (reader, row->birth <= row->occurred, "not born yet");
  key_set_add (&reader->identities, sample_identity (row->place, row->birth, row->name));
  key_set_add (&reader->numbers, key_set_text (row->citizen_number));
}

static void count_death (sample_reader_t *reader, const mns_life_return_t *row, mns_date_t birth, uint8_t sex) {
  sample_check (reader, birth <= row->occurred, "dead before born");
  count_delay (reader, row, "deaths");
  count (reader, row, "deaths_%s", mns_code_word (&mns_sex, sex));
  if (mns_date_age (birth, row->occurred) < 1)
    count (reader, row, "infant_deaths");
}

/* A child without a number is named by name, birth and place. */
static void read_child_death (sample_reader_t *reader, const mns_life_return_t *row) {
  sample_newborn_t *child = NULL;
  for (size_t i = 0; i < reader->newborn_count && child == NULL; i++) {
    sample_newborn_t *at = &reader->newborns[i];
    if (at->birth == row->birth && at->village == row->place && strcmp (at->name, row->name) == 0)
      child = at;
  }
  sample_check (reader, child != NULL && !child->dead && row->event == MNS_DEATH, "no such child, or dead already");
  if (child == NULL)
    return;
  child->dead = true;
  count_death (reader, row, child->birth, child->sex);
}

static void read_leaving (sample_reader_t *reader, const mns_life_return_t *row) {
  sample_resident_t *person = sample_resident_of (reader, row->citizen_number, row->name);
  if (person == NULL)
    return;
  sample_check (reader, person->gone == 0, "gone already");
  sample_check (reader, person->delivery == 0, "a mother of a newborn leaves");
  sample_check (reader, person->place == row->place, "not the person's village");
  person->gone = row->registered;
  if (row->event == MNS_DEATH)
    count_death (reader, row, person->birth, person->sex);
  if (person->residence != 0)
    counters_add (&reader->out->counters, "away_change", row->registered, row->occurred, -1);
  if (person->tier != 0)
    sample_count_leaver (reader, person, row->event == MNS_DEATH ? "death" : "moved", row->registered, row->occurred);
}

static void count_other (sample_reader_t *reader, const mns_life_return_t *row) {
  if (row->event == MNS_MOVE_IN)
    count (reader, row, "moves_in");
  if (row->event == MNS_MOVE_OUT)
    count (reader, row, "moves_out");
  if (row->event != MNS_ADJUSTMENT)
    return;
  count (reader, row, "adjustments");
  count (reader, row, "adjustments_%s", mns_code_word (&mns_adjustment, row->adjustment));
}

void sample_read_return (sample_reader_t *reader, const void *record) {
  const mns_life_return_t *row = record;
  bool away = row->event == MNS_MOVE_IN || row->event == MNS_MOVE_OUT;
  sample_check (
      reader, row->occurred <= row->registered && row->registered <= SAMPLE_LAST && row->registered >= SAMPLE_EFFECTIVE,
      "dates");
  sample_check (reader, reader->day <= row->registered, "not by day of registration");
  reader->day = row->registered;
  sample_check (reader, sample_is_local (row->place) && sample_has_place (reader, row->place), "place");
  sample_check (reader, away == (row->other_place != 0) && !sample_is_local (row->other_place), "other place");
  sample_check (reader, *row->household == '\0' || key_set_has (&reader->households, key_set_text (row->household)),
                "household");
  if (*row->certificate != '\0')
    key_set_add (&reader->certificates, key_set_text (row->certificate));
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
