/* Each kind of search over a register, one at a time over the local socket, against a running stack.
 *
 *   bench_search DATA PERSONS.csv COUNT
 *
 * PERSONS.csv is what the register was filled from: names, numbers and places that are asked for are drawn from it by a
 * fixed seed. Prints the percentiles of each kind, the way there and back included, and how many persons a page had. */
#include "common/bus.h"
#include "common/csv.h"
#include "common/records/registry_requests.h"
#include "common/service.h"
#include "tests/bench/meter.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWN = 4096, EVERY = 241, PLACE_TOWNSHIP = 1000, PLACE_COUNTY = 1000000, LAST_REGISTERED = 1000000 };

typedef struct {
  char name[201], number[19];
  mns_place_t place;
} drawn_t;

static drawn_t drawn[DRAWN];
static size_t drawn_count;
static uint32_t seed = 1;

static uint32_t random_below (uint32_t bound) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % bound;
}

/* ---- what is asked ----------------------------------------------------------------------------------------------- */

typedef void (*fill_t) (mns_person_search_t *search, const drawn_t *person);

static void keep_characters (char *name, size_t count) {
  char *at = name;
  for (size_t i = 0; i < count && *at; i++)
    do
      at++;
    while ((*at & 0xc0) == 0x80);
  *at = '\0';
}

static void by_number (mns_person_search_t *search, const drawn_t *person) {
  strcpy (search->citizen_number, person->number);
}

static void by_name (mns_person_search_t *search, const drawn_t *person) {
  strcpy (search->text, person->name);
  search->match = MNS_NAME_EXACT;
}

static void by_name_in_village (mns_person_search_t *search, const drawn_t *person) {
  by_name (search, person);
  search->place = person->place;
}

static void by_two_characters (mns_person_search_t *search, const drawn_t *person) {
  strcpy (search->text, person->name);
  keep_characters (search->text, 2);
}

static void by_surname (mns_person_search_t *search, const drawn_t *person) {
  strcpy (search->text, person->name);
  keep_characters (search->text, 1);
}

static void by_nobody (mns_person_search_t *search, const drawn_t *person) {
  (void)person;
  strcpy (search->text, "龘龘龘");
}

static void by_part_in_township (mns_person_search_t *search, const drawn_t *person) {
  by_two_characters (search, person);
  search->match = MNS_NAME_PART;
  search->place = person->place / PLACE_TOWNSHIP * PLACE_TOWNSHIP;
}

static void by_household (mns_person_search_t *search, const drawn_t *person) {
  (void)person;
  search->household = 1 + random_below (LAST_REGISTERED / 4);
}

static void by_village (mns_person_search_t *search, const drawn_t *person) {
  search->place = person->place;
}

static void by_township (mns_person_search_t *search, const drawn_t *person) {
  search->place = person->place / PLACE_TOWNSHIP * PLACE_TOWNSHIP;
}

static void deep_in_county (mns_person_search_t *search, const drawn_t *person) {
  search->place = person->place / PLACE_COUNTY * PLACE_COUNTY;
  search->after = 1 + random_below (LAST_REGISTERED);
}

static void by_age_in_township (mns_person_search_t *search, const drawn_t *person) {
  by_township (search, person);
  search->age_from = 60 + random_below (30);
  search->age_to = search->age_from + 4;
}

static void by_great_age (mns_person_search_t *search, const drawn_t *person) {
  deep_in_county (search, person);
  search->after = 0;
  search->age_from = 104 + random_below (30);
}

static void by_day_of_birth (mns_person_search_t *search, const drawn_t *person) {
  deep_in_county (search, person);
  search->after = 0;
  search->birth = mns_date_add_days (19300101, (int32_t)random_below (36500));
}

static void by_status (mns_person_search_t *search, const drawn_t *person) {
  deep_in_county (search, person);
  search->after = 0;
  search->status = (mns_code_t)(MNS_DEAD + random_below (3));
}

static const struct {
  const char *title;
  fill_t fill;
} kinds[] = {
    {"number", by_number},
    {"name, exact, county", by_name},
    {"name, exact, village", by_name_in_village},
    {"name, first two characters, county", by_two_characters},
    {"name, first character, county", by_surname},
    {"name that nobody has, county", by_nobody},
    {"part of a name, township", by_part_in_township},
    {"household", by_household},
    {"village", by_village},
    {"township", by_township},
    {"county, a page anywhere", deep_in_county},
    {"age span, township", by_age_in_township},
    {"104 and older, county", by_great_age},
    {"day of birth, county", by_day_of_birth},
    {"dead, moved out or removed, county", by_status},
};

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static uint64_t ask (mns_bus_t *bus, const mns_person_search_t *search) {
  mns_buffer_t body = {0}, reply = {0};
  mns_error_t error = {0};
  const mns_uuid_t no_key = {0};
  mns_person_info_t info;
  uint64_t persons = 0;
  mns_record_pack (&mns_person_search_type, search, &body);
  mns_rc_t rc = mns_bus_request (bus, "registry.search", &no_key, body.data, body.size, 10000, &reply, NULL, &error);
  meter_require (rc == MNS_OK || rc == MNS_NOT_FOUND, error.where, error.detail);
  const uint8_t *at = reply.data;
  size_t left = reply.size;
  while (rc == MNS_OK && mns_sequence_next (&mns_person_info_type, &info, &at, &left, &error) == MNS_OK)
    persons++;
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return persons;
}

static void measure (mns_bus_t *bus, size_t kind, uint64_t count) {
  meter_t meter = {0};
  uint64_t persons = 0;
  for (uint64_t i = 0; i < count; i++) {
    mns_person_search_t search;
    mns_record_clear (&mns_person_search_type, &search);
    kinds[kind].fill (&search, &drawn[random_below ((uint32_t)drawn_count)]);
    int64_t begun = meter_now_ns ();
    persons += ask (bus, &search);
    meter_add (&meter, meter_now_ns () - begun);
  }
  printf ("search: %-36s p50 %5.2f ms, p99 %5.2f ms, %4.1f persons\n", kinds[kind].title, meter_us (&meter, 0.5) / 1000,
          meter_us (&meter, 0.99) / 1000, (double)persons / (double)count);
}

static void draw (const char *path) {
  mns_csv_reader_t *reader;
  mns_csv_map_t map;
  mns_csv_row_t row;
  mns_person_row_t person;
  mns_error_t error = {0};
  mns_rc_t rc = mns_csv_open (&reader, path, &error);
  if (rc == MNS_OK)
    rc = mns_csv_map (&map, &mns_person_row_type, mns_csv_header (reader), &error);
  meter_require (rc == MNS_OK, error.where, error.detail);
  while (drawn_count < DRAWN && mns_csv_next (reader, &row, &error) != MNS_GONE)
    if (row.row % EVERY == 0 && mns_csv_read (&map, &row, &person, NULL) == MNS_OK && *person.citizen_number &&
        !person.residence) {
      drawn_t *it = &drawn[drawn_count++];
      strcpy (it->name, person.name);
      strcpy (it->number, person.citizen_number);
      it->place = person.place;
    }
  mns_csv_destroy (&reader);
}

int main (int argc, char **argv) {
  mns_config_t config;
  mns_bus_t *bus;
  mns_error_t error = {0};
  meter_require (argc == 4, "usage", "bench_search DATA PERSONS.csv COUNT");
  draw (argv[2]);
  bool ready = mns_config_load (&config, argv[1], true, NULL, &error) == MNS_OK &&
               mns_bus_new (&bus, &config, "", 5000, &error) == MNS_OK;
  meter_require (ready && drawn_count > 0, error.where, error.detail);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    measure (bus, i, meter_number (argv[3]));
  mns_bus_destroy (&bus);
  return 0;
}
