/* The embedded files are ours and well formed: a slip in them is a mistake of this program and meets an assert. Plain
 * comma-separated cells, no quotes. */
#include "sample/data.h"

#include "common/embedded.h"
#include "common/text.h"
#include "sample/random.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CELLS     3
#define CELL_SIZE 64

typedef struct {
  const char *at;
  char cells[CELLS][CELL_SIZE];
} rows_t;

/* Stands before the first row behind the header. */
static rows_t rows_of (const char *path) {
  const mns_embedded_t *file = mns_embedded_find (mns_embedded_sample, path);
  assert (file != NULL);
  const char *line_end = strchr (file->text, '\n');
  assert (line_end != NULL);
  return (rows_t){.at = line_end + 1};
}

static bool next_row (rows_t *rows) {
  if (*rows->at == '\0')
    return false;
  for (size_t i = 0; i < CELLS; i++) {
    size_t size = strcspn (rows->at, ",\n");
    assert (size < CELL_SIZE);
    memcpy (rows->cells[i], rows->at, size);
    rows->cells[i][size] = '\0';
    rows->at += size + (rows->at[size] == ',');
  }
  assert (*rows->at == '\n');
  rows->at++;
  return true;
}

static uint32_t number_of (const char *cell) {
  int64_t number = 0;
  bool read = mns_text_parse_int (cell, &number);
  assert (read && number >= 0 && number <= UINT32_MAX);
  return read ? (uint32_t)number : 0;
}

static mns_place_t place_of (const char *cell) {
  mns_place_t place = 0;
  bool read = mns_place_parse (cell, &place);
  assert (read);
  return read ? place : 0;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

/* Committees 001 to 199 are of residents, the others of villagers (GB/T 10114). */
static bool is_rural (mns_place_t village) {
  return village % 1000 >= 200;
}

/* Sizes differ as they do, and stay the same whatever the seed. */
static void add_village (sample_data_t *data, mns_place_t code) {
  assert (data->village_count < SAMPLE_VILLAGES);
  uint32_t spread = (uint32_t)(sample_mix ((uint64_t)code) % 2800);
  data->villages[data->village_count++] = (sample_village_t){code, is_rural (code), 2200 + spread};
}

static void add_place (sample_data_t *data, const rows_t *row) {
  assert (data->place_count < SAMPLE_PLACES);
  mns_place_info_t *place = &data->places[data->place_count++];
  mns_record_clear (&mns_place_info_type, place);
  place->code = place_of (row->cells[0]);
  mns_text_copy (place->name, sizeof place->name, row->cells[1]);
  place->level = mns_place_level (place->code);
  place->parent = mns_place_parent (place->code);
  if (place->level == MNS_VILLAGE) {
    place->registration = is_rural (place->code) ? MNS_RURAL : MNS_URBAN;
    add_village (data, place->code);
  }
  if (place->level == MNS_TOWNSHIP)
    place->sentinel = strcmp (row->cells[2], "yes") == 0 ? MNS_YES : MNS_NO;
}

static void read_places (sample_data_t *data) {
  for (rows_t rows = rows_of ("data/places.csv"); next_row (&rows);)
    add_place (data, &rows);
  for (rows_t rows = rows_of ("data/elsewhere.csv"); next_row (&rows); data->elsewhere_count++) {
    assert (data->elsewhere_count < SAMPLE_ELSEWHERE);
    data->elsewhere[data->elsewhere_count] = place_of (rows.cells[0]);
    data->elsewhere_weights[data->elsewhere_count] = number_of (rows.cells[1]);
  }
}

/* ---- names and ages ---------------------------------------------------------------------------------------------- */

static sample_era_t era_of (const char *cell) {
  return strcmp (cell, "old") == 0 ? SAMPLE_OLD : strcmp (cell, "new") == 0 ? SAMPLE_NEW : SAMPLE_OF_ANY_TIME;
}

static void read_names (sample_data_t *data) {
  for (rows_t rows = rows_of ("data/surnames.csv"); next_row (&rows); data->surname_count++) {
    assert (data->surname_count < SAMPLE_SURNAMES);
    mns_text_copy (data->surnames[data->surname_count], sizeof data->surnames[0], rows.cells[0]);
    data->surname_weights[data->surname_count] = number_of (rows.cells[1]);
  }
  for (rows_t rows = rows_of ("data/given.csv"); next_row (&rows); data->given_count++) {
    assert (data->given_count < SAMPLE_GIVEN);
    sample_given_t *given = &data->given[data->given_count];
    mns_text_copy (given->name, sizeof given->name, rows.cells[0]);
    given->sex = mns_code_find (&mns_sex, rows.cells[1]);
    given->era = era_of (rows.cells[2]);
  }
}

static void read_census (sample_data_t *data) {
  for (rows_t rows = rows_of ("data/census_2010.csv"); next_row (&rows);) {
    uint32_t age = number_of (rows.cells[0]);
    assert (age < SAMPLE_AGES);
    data->census[age * 2] = number_of (rows.cells[1]);
    data->census[age * 2 + 1] = number_of (rows.cells[2]);
  }
}

sample_data_t *sample_data_new (void) {
  sample_data_t *data = mns_alloc (sizeof *data);
  memset (data, 0, sizeof *data);
  read_places (data);
  read_names (data);
  read_census (data);
  return data;
}
