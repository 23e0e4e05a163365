/* Two counties with a register each, and the letters between them. */
#include "tests/support/two_counties.h"

#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/registry.h"
#include "tests/support/test.h"

static const mns_place_t counties_of[2] = {WEST, EAST};
static const mns_date_t BIRTH = 19800101;

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static const mns_place_t places[2][6] = {{510000000000, 510300000000, WEST, 510322101000, WEST_ONE, WEST_TWO},
                                         {440000000000, 440300000000, EAST, 440305001000, EAST_ONE, EAST_TWO}};

static void load_places (harness_t *harness, int at) {
  mns_place_info_t rows[6];
  for (size_t i = 0; i < COUNT_OF (rows); i++) {
    mns_record_clear (&mns_place_info_type, &rows[i]);
    rows[i].code = places[at][i];
    rows[i].level = mns_place_level (places[at][i]);
    rows[i].registration = MNS_RURAL;
    strcpy (rows[i].name, "地");
  }
  assert_int_equal (county_bulk (harness, "registry.load-places", &mns_place_info_type, rows, COUNT_OF (rows)), MNS_OK);
}

static void write_partners (harness_t *harness, int at, bool answers) {
  char path[MNS_PATH_MAX * 2], text[256];
  mns_error_t error = {0};
  snprintf (path, sizeof path, "%s/partners.yaml", harness_config (harness)->data);
  snprintf (text, sizeof text, "partners:\n  - {county: '%lld', endpoint: 'tcp://127.0.0.1:9', answers: '%s'}\n",
            (long long)counties_of[1 - at], answers ? "yes" : "no");
  assert_int_equal (mns_dir_write_file (path, text, strlen (text), 0600, &error), MNS_OK);
}

void counties_open (counties_t *counties, bool answers) {
  memset (counties, 0, sizeof *counties);
  assert_int_equal (test_folder_make (counties->folder), 0);
  for (int at = 0; at < 2; at++) {
    mns_config_t config = {0};
    mns_config_defaults (&config);
    config.county = counties_of[at];
    counties->registers[at] = harness_new_with (&mns_registry_service, &config);
    write_partners (counties->registers[at], at, answers);
    harness_restart (counties->registers[at]);
    load_places (counties->registers[at], at);
  }
}

void counties_close (counties_t *counties) {
  for (int at = 0; at < 2; at++) {
    harness_destroy (&counties->registers[at]);
    free (counties->sent[at].rows);
  }
  test_folder_remove (counties->folder);
}

uint64_t counties_person (counties_t *counties, int at, mns_place_t village, const char *name, int serial) {
  char number[19];
  mns_person_query_t query;
  mns_person_info_t info;
  mns_person_row_t row =
      county_person (village, name, serial % 2 ? MNS_MALE : MNS_FEMALE, BIRTH, county_number (BIRTH, serial, number));
  county_load (counties->registers[at], &row);
  mns_record_clear (&mns_person_query_type, &query);
  strcpy (query.citizen_number, number);
  assert_int_equal (harness_call (counties->registers[at], "registry.person", &query, &info), MNS_OK);
  return info.person;
}

/* ---- letters ----------------------------------------------------------------------------------------------------- */

static void keep_letter (letters_t *letters, int from, const mns_letter_t *letter, const mns_event_t *event) {
  if (letters->count == letters->capacity) {
    letters->capacity = letters->capacity ? letters->capacity * 2 : 64;
    letters->rows = realloc (letters->rows, letters->capacity * sizeof *letters->rows);
    assert_non_null (letters->rows);
  }
  mns_delivery_t *row = &letters->rows[letters->count++];
  mns_record_clear (&mns_delivery_type, row);
  mns_record_copy_fields (&mns_delivery_type, row, &mns_letter_type, letter);
  row->county = counties_of[from];
  row->epoch = event->producer_epoch;
  row->number = event->number;
  row->log_epoch = 1;
  row->log_number = letters->count;
}

static void collect (counties_t *counties, int at) {
  mns_letter_t letter;
  char addressed[64];
  harness_t *harness = counties->registers[at];
  snprintf (addressed, sizeof addressed, "exchange.letter.%lld.", (long long)counties_of[1 - at]);
  for (size_t i = 0, count = harness_emitted_count (harness); i < count; i++) {
    const mns_event_t *event = harness_emitted (harness, i);
    if (strncmp (event->topic, addressed, strlen (addressed)) != 0)
      continue;
    harness_emitted_record (harness, i, 0, &mns_letter_type, &letter);
    keep_letter (&counties->sent[at], at, &letter, harness_emitted (harness, i));
  }
}

void counties_bring (counties_t *counties, int at, size_t most) {
  const letters_t *letters = &counties->sent[1 - at];
  size_t left = letters->count - counties->taken[at], count = left < most ? left : most;
  if (count == 0)
    return;
  mns_rc_t rc = county_bulk (counties->registers[at], "registry.exchange-deliver", &mns_delivery_type,
                             letters->rows + counties->taken[at], count);
  if (rc != MNS_OK)
    fail_msg ("delivery: %s", harness_error (counties->registers[at])->detail);
  counties->taken[at] += count;
  collect (counties, at);
}

void counties_settle (counties_t *counties) {
  for (int round = 0; round < 100; round++) {
    bool more = false;
    for (int at = 0; at < 2; at++) {
      more = more || counties->taken[at] < counties->sent[1 - at].count;
      counties_bring (counties, at, 100);
    }
    if (!more)
      return;
  }
  fail_msg ("the counties write to one another for ever");
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

mns_rc_t counties_open_matter (counties_t *counties, int at, const mns_matter_request_t *in, mns_matter_info_t *out) {
  mns_rc_t rc = harness_call (counties->registers[at], "registry.exchange-open", in, out);
  collect (counties, at);
  return rc;
}

mns_rc_t counties_act (counties_t *counties, int at, const mns_matter_action_t *in, mns_matter_info_t *out) {
  mns_rc_t rc = harness_call (counties->registers[at], "registry.exchange-act", in, out);
  collect (counties, at);
  return rc;
}

mns_rc_t counties_record (counties_t *counties, int at, const mns_life_return_t *in) {
  return harness_call (counties->registers[at], "registry.record", in, NULL);
}

void counties_pass (counties_t *counties, int at, mns_date_t today) {
  harness_set_now (counties->registers[at], mns_date_start (today, 28800) + 3600000000);
  assert_int_equal (harness_timer (counties->registers[at], "exchange"), MNS_OK);
  collect (counties, at);
}

void counties_backup (counties_t *counties, int at) {
  snprintf (counties->backups[at], MNS_PATH_MAX, "%.200s/backup-%d.db", counties->folder, at);
  remove (counties->backups[at]);
  harness_backup (counties->registers[at], counties->backups[at]);
  counties->taken_then[at] = counties->taken[at];
}

void counties_restore (counties_t *counties, int at) {
  harness_restore (counties->registers[at], counties->backups[at]);
  counties->taken[at] = counties->taken_then[at];
}

mns_matter_request_t counties_request (mns_code_t kind, int at) {
  mns_matter_request_t request;
  mns_record_clear (&mns_matter_request_type, &request);
  request.kind = kind;
  request.partner = counties_of[1 - at];
  return request;
}

mns_matter_action_t counties_action (uint64_t id, mns_code_t step) {
  mns_matter_action_t action;
  mns_record_clear (&mns_matter_action_type, &action);
  action.id = id;
  action.step = step;
  return action;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

mns_matter_info_t counties_matter (counties_t *counties, int at, const mns_matter_info_t *other) {
  mns_matter_query_t query;
  mns_matter_info_t matter;
  mns_record_clear (&mns_matter_query_type, &query);
  query.limit = 1000;
  assert_int_equal (harness_call (counties->registers[at], "registry.exchange", &query, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (counties->registers[at], i, &mns_matter_info_type, &matter); i++)
    if (memcmp (&matter.matter, &other->matter, sizeof matter.matter) == 0)
      return matter;
  mns_record_clear (&mns_matter_info_type, &matter);
  return matter;
}

static int count_persons (counties_t *counties, int at, int serial, bool registered) {
  char number[19];
  int count = 0;
  mns_person_query_t query;
  mns_person_info_t info;
  mns_record_clear (&mns_person_query_type, &query);
  strcpy (query.citizen_number, county_number (BIRTH, serial, number));
  if (harness_call (counties->registers[at], "registry.person", &query, NULL) != MNS_OK)
    return 0;
  for (size_t i = 0; harness_reply (counties->registers[at], i, &mns_person_info_type, &info); i++)
    count += info.status == MNS_PRESENT && (!registered || mns_place_covers (counties_of[at], info.place));
  return count;
}

int counties_registered (counties_t *counties, int at, int serial) {
  return count_persons (counties, at, serial, true);
}

int counties_present (counties_t *counties, int at, int serial) {
  return count_persons (counties, at, serial, false);
}
