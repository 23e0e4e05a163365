/* Writes the county's files. Each is written whole and under its own name; a failure names the file. */
#include "sample/sample.h"

#include "common/csv.h"
#include "common/dir.h"
#include "common/embedded.h"
#include "common/records/assistance_requests.h"
#include "sample/county.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLUSH_AT 262144

/* Parts of the whole time, as measured: making the county, then each file. */
#define PART_MADE 0.3

typedef struct {
  const sample_county_t *county;
  FILE *file;
  mns_buffer_t buffer;
  void (*progress) (void *context, double part);
  void *context;
} writer_t;

static void tell (const writer_t *writer, double part) {
  if (writer->progress != NULL)
    writer->progress (writer->context, part);
}

/* Errors stay with the file until it is closed. */
static void flush (writer_t *writer) {
  fwrite (writer->buffer.data, 1, writer->buffer.size, writer->file);
  mns_buffer_clear (&writer->buffer);
}

static void write_row (writer_t *writer, const mns_record_type_t *type, const void *record) {
  mns_csv_write (type, record, &writer->buffer);
  if (writer->buffer.size >= FLUSH_AT)
    flush (writer);
}

/* ---- what a person is called ------------------------------------------------------------------------------------- */

static void name_of (const writer_t *writer, const sample_person_t *person, char *text) {
  sample_name_format (writer->county->data, person->surname, person->given, text);
}

static void number_of (const sample_person_t *person, char *text) {
  if (person->serial != 0)
    sample_number_format (person->arrived, person->birth, person->serial, text);
}

static mns_place_t village_of (const writer_t *writer, const sample_person_t *person) {
  return writer->county->data->villages[person->village].code;
}

static void key_of (const writer_t *writer, uint32_t household, char *text) {
  const sample_household_t *home = &writer->county->households[household];
  char village[MNS_PLACE_TEXT];
  mns_place_format (writer->county->data->villages[home->village].code, village);
  snprintf (text, 33, "%s-%05u", village, home->number);
}

/* ---- the files --------------------------------------------------------------------------------------------------- */

static void write_places (writer_t *writer) {
  const sample_data_t *data = writer->county->data;
  for (size_t i = 0; i < data->place_count; i++)
    write_row (writer, &mns_place_info_type, &data->places[i]);
}

static void write_person (writer_t *writer, const sample_person_t *person) {
  const sample_data_t *data = writer->county->data;
  mns_place_t village = village_of (writer, person),
              other = person->elsewhere ? data->elsewhere[person->elsewhere - 1] : 0;
  bool incomer = person->fate == SAMPLE_INCOMER;
  mns_person_row_t row;
  mns_record_clear (&mns_person_row_type, &row);
  row.place = incomer ? other : village;
  row.residence = incomer ? village : other;
  key_of (writer, person->household, row.household);
  row.relation = person->relation;
  name_of (writer, person, row.name);
  row.sex = person->sex;
  row.birth = person->birth;
  number_of (person, row.citizen_number);
  row.ethnic = person->ethnic;
  row.marital = person->marital;
  row.registration = sample_is_rural (writer->county, person) ? MNS_RURAL : MNS_URBAN;
  row.effective = SAMPLE_EFFECTIVE;
  write_row (writer, &mns_person_row_type, &row);
}

static void write_persons (writer_t *writer) {
  uint32_t count = writer->county->baseline;
  for (uint32_t i = 0; i < count; i++) {
    write_person (writer, &writer->county->persons[i]);
    if (i % 16384 == 0)
      tell (writer, PART_MADE + (0.95 - PART_MADE) * i / count);
  }
}

static void write_recipient (writer_t *writer, const sample_recipient_t *recipient) {
  static const char *const tiers[SAMPLE_TIERS] = {"national", "provincial"};
  const sample_person_t *person = &writer->county->persons[recipient->person];
  mns_recipient_row_t row;
  mns_record_clear (&mns_recipient_row_type, &row);
  strcpy (row.scheme, "rural-reward");
  strcpy (row.tier, tiers[recipient->tier]);
  number_of (person, row.citizen_number);
  name_of (writer, person, row.name);
  row.opening = recipient->opening;
  row.from_day = row.registered = recipient->from;
  row.children_living = recipient->children;
  row.sons_living = recipient->sons;
  row.children_deceased = recipient->deceased;
  snprintf (row.bank_account, sizeof row.bank_account, "999951%013u", recipient->person + 1);
  write_row (writer, &mns_recipient_row_type, &row);
}

static void write_recipients (writer_t *writer) {
  for (uint32_t i = 0; i < writer->county->recipient_count; i++)
    write_recipient (writer, &writer->county->recipients[i]);
}

/* The budget of 2026, 9,942,878.40 yuan; a made-up division by source. */
static void write_funds (writer_t *writer) {
  static const struct {
    const char *source;
    mns_fen_t fen;
  } funds[] = {{"centre", 420000000}, {"province", 290000000}, {"county", 284287840}};
  for (size_t i = 0; i < sizeof funds / sizeof *funds; i++) {
    mns_fund_request_t row;
    mns_record_clear (&mns_fund_request_type, &row);
    strcpy (row.source, funds[i].source);
    row.amount_fen = funds[i].fen * writer->county->figures.ppm / 1000000;
    row.day = 20260115;
    snprintf (row.document, sizeof row.document, "2026-%zu", i + 1);
    write_row (writer, &mns_fund_request_type, &row);
  }
}

static void write_exits (writer_t *writer) {
  for (uint32_t i = 0; i < writer->county->recipient_count; i++) {
    const sample_recipient_t *recipient = &writer->county->recipients[i];
    const sample_person_t *person = &writer->county->persons[recipient->person];
    mns_exit_row_t row;
    if (recipient->exit_occurred == 0)
      continue;
    mns_record_clear (&mns_exit_row_type, &row);
    strcpy (row.scheme, "rural-reward");
    number_of (person, row.citizen_number);
    name_of (writer, person, row.name);
    row.reason = recipient->exit;
    row.occurred = recipient->exit_occurred;
    row.registered = recipient->exit_registered;
    write_row (writer, &mns_exit_row_type, &row);
  }
}

/* ---- returns ----------------------------------------------------------------------------------------------------- */

static void tell_birth (const writer_t *writer, const sample_event_t *event, mns_life_return_t *row) {
  const sample_person_t *child = &writer->county->persons[event->person];
  row->birth = child->birth;
  row->mother = event->mother_kind;
  row->birth_order = event->order;
  row->plurality = event->plurality;
  row->rank = event->rank;
  if (event->mother != SAMPLE_NONE) {
    number_of (&writer->county->persons[event->mother], row->mother_number);
    name_of (writer, &writer->county->persons[event->mother], row->mother_name);
  }
}

/* Facts that only a row which adds a person tells. */
static void tell_new_person (const writer_t *writer, const sample_event_t *event, mns_life_return_t *row) {
  const sample_person_t *person = &writer->county->persons[event->person];
  row->sex = person->sex;
  row->birth = person->birth;
  row->ethnic = person->ethnic;
  row->registration = sample_is_rural (writer->county, person) ? MNS_RURAL : MNS_URBAN;
  row->relation = person->relation;
  if (event->household != SAMPLE_NONE)
    key_of (writer, event->household, row->household);
  if (event->kind == MNS_BIRTH)
    tell_birth (writer, event, row);
}

static void write_event (writer_t *writer, const sample_event_t *event) {
  const sample_county_t *county = writer->county;
  const sample_person_t *person = &county->persons[event->person];
  mns_life_return_t row;
  mns_record_clear (&mns_life_return_type, &row);
  row.event = event->kind;
  row.occurred = event->occurred;
  row.registered = event->registered;
  row.place = village_of (writer, person);
  name_of (writer, person, row.name);
  number_of (person, row.citizen_number);
  if (person->serial == 0)
    row.birth = person->birth;
  if (event->person >= county->baseline && event->kind != MNS_DEATH)
    tell_new_person (writer, event, &row);
  if (event->kind == MNS_ADJUSTMENT)
    row.adjustment = event->cause;
  else
    row.move_reason = event->cause;
  if (event->elsewhere != 0)
    row.other_place = county->data->elsewhere[event->elsewhere - 1];
  if (event->certificate != 0)
    snprintf (row.certificate, sizeof row.certificate, "%s%08u", event->kind == MNS_BIRTH ? "B5199" : "D5199",
              event->certificate);
  write_row (writer, &mns_life_return_type, &row);
}

/* By day of registration; on one day births first, so that a child is there before anything else of it is told. */
static int compare_events (const void *a, const void *b) {
  const sample_event_t *x = a, *y = b;
  if (x->registered != y->registered)
    return x->registered < y->registered ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return x->person < y->person ? -1 : x->person > y->person;
}

static void write_returns (writer_t *writer) {
  for (uint32_t i = 0; i < writer->county->event_count; i++)
    write_event (writer, &writer->county->events[i]);
}

static void write_readme (writer_t *writer) {
  const mns_embedded_t *text = mns_embedded_find (mns_embedded_sample, "data/folder.txt");
  assert (text != NULL);
  mns_buffer_add (&writer->buffer, text->text, text->size);
  mns_buffer_printf (&writer->buffer, "Here the scale is %u millionths: %u people, %u events.\n",
                     writer->county->figures.ppm, writer->county->baseline, writer->county->event_count);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const mns_record_type_t *type; /* NULL: no CSV */
  void (*write) (writer_t *writer);
} target_t;

static const target_t targets[] = {
    {"places.csv", &mns_place_info_type, write_places},
    {"persons.csv", &mns_person_row_type, write_persons},
    {"recipients.csv", &mns_recipient_row_type, write_recipients},
    {"returns.csv", &mns_life_return_type, write_returns},
    {"funds.csv", &mns_fund_request_type, write_funds},
    {"exits.csv", &mns_exit_row_type, write_exits},
    {"README.md", NULL, write_readme},
};

static mns_rc_t fail_errno (const char *path, mns_error_t *error) {
  int code = errno;
  return mns_fail (error, mns_dir_errno (code), path, "the file cannot be written: %s", strerror (code));
}

static mns_rc_t write_file (writer_t *writer, const char *directory, const target_t *target, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (path, directory, target->name, error);
  if (rc != MNS_OK)
    return rc;
  writer->file = fopen (path, "wb");
  if (writer->file == NULL)
    return fail_errno (path, error);
  setvbuf (writer->file, NULL, _IONBF, 0);
  if (target->type != NULL)
    mns_csv_write_header (target->type, &writer->buffer);
  target->write (writer);
  flush (writer);
  bool failed = ferror (writer->file) != 0;
  if (failed)
    rc = fail_errno (path, error);
  if (fclose (writer->file) != 0 && !failed)
    rc = fail_errno (path, error);
  return rc;
}

/* The scale in millionths; 0 when it is out of bounds (or no number). */
static uint32_t millionths (double scale) {
  bool fits = scale >= MNS_SAMPLE_SCALE_MIN && scale <= MNS_SAMPLE_SCALE_MAX;
  return fits ? (uint32_t)(scale * 1000000 + 0.5) : 0;
}

mns_rc_t mns_sample_write (const char *directory, double scale, uint64_t seed,
                           void (*progress) (void *context, double part), void *context, mns_error_t *error) {
  uint32_t ppm = millionths (scale);
  writer_t writer = {.progress = progress, .context = context};
  if (ppm == 0)
    return mns_fail (error, MNS_OUT_OF_RANGE, "scale", "the scale is from %g to %g", MNS_SAMPLE_SCALE_MIN,
                     MNS_SAMPLE_SCALE_MAX);
  mns_rc_t rc = mns_dir_make (directory, 0700, error);
  if (rc != MNS_OK)
    return rc;
  tell (&writer, 0);
  sample_county_t *county = sample_county_new (ppm, seed);
  qsort (county->events, county->event_count, sizeof *county->events, compare_events);
  writer.county = county;
  for (size_t i = 0; i < sizeof targets / sizeof targets[0] && rc == MNS_OK; i++)
    rc = write_file (&writer, directory, &targets[i], error);
  mns_buffer_fini (&writer.buffer);
  sample_county_destroy (&county);
  if (rc == MNS_OK)
    tell (&writer, 1);
  return rc;
}
