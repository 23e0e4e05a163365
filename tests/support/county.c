/* A county of three villages and rows to put into its register. */
#include "tests/support/county.h"

#include "common/text.h"
#include "services/registry/registry.h"
#include "tests/support/test.h"

static const struct {
  mns_place_t code;
  const char *name;
  int level;
} places[] = {
    {510000000000, "四川省", 1}, {510300000000, "自贡市", 2}, {COUNTY, "富顺县", 3}, {TOWN, "山镇", 4},
    {TOWN_TWO, "田镇", 4},       {HILL, "山村", 5},           {LAKE, "湖村", 5},     {FIELD, "田村", 5},
};

static void load_places (harness_t *harness) {
  mns_place_info_t rows[COUNT_OF (places)];
  for (size_t i = 0; i < COUNT_OF (places); i++) {
    mns_record_clear (&mns_place_info_type, &rows[i]);
    rows[i].code = places[i].code;
    rows[i].level = places[i].level;
    rows[i].registration = MNS_RURAL;
    mns_text_copy (rows[i].name, sizeof rows[i].name, places[i].name);
  }
  size_t size;
  assert_int_equal (county_bulk (harness, "registry.load-places", &mns_place_info_type, rows, COUNT_OF (places)),
                    MNS_OK);
  harness_reply_body (harness, &size);
  assert_int_equal (size, 0);
}

harness_t *county_new (const mns_service_t *registry) {
  mns_config_t config = {0};
  mns_config_defaults (&config);
  config.county = COUNTY;
  harness_t *harness = harness_new_with (registry, &config);
  load_places (harness);
  return harness;
}

static void make_old (const char *path, const char *first, const char *rows) {
  mns_db_options_t options = {.path = path};
  mns_embedded_t files[64] = {0};
  mns_db_t *db;
  size_t count = 0;
  for (const mns_embedded_t *file = mns_embedded_registry; file->path; file++)
    if (strncmp (file->path, "schema/", 7) == 0 && strcmp (file->path, first) < 0)
      files[count++] = *file;
  assert_true (count > 0 && count < 63);
  assert_int_equal (mns_db_open (&db, &options, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "common", mns_embedded_common, NULL), MNS_OK);
  assert_int_equal (mns_db_migrate (db, "registry", files, NULL), MNS_OK);
  assert_int_equal (mns_db_exec (db, rows, NULL), MNS_OK);
  mns_db_destroy (&db);
}

void county_restart_old (harness_t *harness, const char *first, const char *rows) {
  char path[512], more[520];
  snprintf (path, sizeof path, "%s/registry/registry.db", harness_config (harness)->data);
  harness_stop (harness);
  for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end; end++) {
    snprintf (more, sizeof more, "%s%s", path, *end);
    remove (more);
  }
  make_old (path, first, rows);
  harness_start (harness);
}

const char *county_number (mns_date_t birth, int serial, char number[19]) {
  static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  snprintf (number, 19, "519999%08d%03d", birth, serial);
  for (int i = 0; i < 17; i++)
    sum += (number[i] - '0') * weights[i];
  number[17] = "10X98765432"[sum % 11];
  number[18] = 0;
  return number;
}

mns_person_row_t county_person (mns_place_t place, const char *name, mns_code_t sex, mns_date_t birth,
                                const char *number) {
  mns_person_row_t row;
  mns_record_clear (&mns_person_row_type, &row);
  row.place = place;
  row.sex = sex;
  row.birth = birth;
  row.effective = 20250101;
  mns_text_copy (row.name, sizeof row.name, name);
  mns_text_copy (row.citizen_number, sizeof row.citizen_number, number);
  return row;
}

mns_life_return_t county_return (mns_code_t event, mns_date_t occurred, mns_place_t place) {
  mns_life_return_t row;
  mns_record_clear (&mns_life_return_type, &row);
  row.event = event;
  row.occurred = row.registered = occurred;
  row.place = place;
  return row;
}

mns_life_return_t county_birth (mns_date_t occurred, mns_place_t place, const char *name, mns_code_t sex,
                                uint64_t mother) {
  mns_life_return_t row = county_return (MNS_BIRTH, occurred, place);
  mns_text_copy (row.name, sizeof row.name, name);
  row.sex = sex;
  row.mother_person = mother;
  row.mother = mother ? MNS_MOTHER_REGISTERED : MNS_MOTHER_ELSEWHERE;
  row.birth_order = 1;
  return row;
}

mns_rc_t county_bulk (harness_t *harness, const char *command, const mns_record_type_t *type, const void *rows,
                      size_t count) {
  mns_buffer_t body = {0};
  mns_uuid_t key = mns_uuid_new ();
  for (size_t i = 0; i < count; i++)
    mns_record_pack (type, (const char *)rows + i * type->size, &body);
  mns_rc_t rc = harness_call_body (harness, command, &key, body.data, body.size);
  mns_buffer_fini (&body);
  return rc;
}

void county_load (harness_t *harness, const mns_person_row_t *row) {
  size_t size;
  assert_int_equal (county_bulk (harness, "registry.load", &mns_person_row_type, row, 1), MNS_OK);
  harness_reply_body (harness, &size);
  assert_int_equal (size, 0);
}

int64_t county_count (harness_t *harness, mns_place_t place, int64_t from_month, int64_t to_month, mns_code_t basis,
                      const char *measure, const char *dimension) {
  mns_recount_request_t request;
  mns_count_t count;
  mns_record_clear (&mns_recount_request_type, &request);
  request.place = place;
  request.from_month = from_month;
  request.to_month = to_month;
  request.basis = basis;
  assert_int_equal (harness_call (harness, "registry.recount", &request, NULL), MNS_OK);
  for (size_t i = 0; harness_reply (harness, i, &mns_count_type, &count); i++)
    if (strcmp (count.measure, measure) == 0 && strcmp (count.dimension, dimension) == 0)
      return count.value;
  return 0;
}
