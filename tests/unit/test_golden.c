/* The bytes of every record that travels, frozen: tests/fixtures/golden/<record>.hex holds it with every field set and
 * with the required ones alone, values made up. A change of a record shows here; `test_golden --write` (from the build
 * folder, bin/test_golden --write) writes the files anew, and whoever reads the change decides whether old peers can
 * live with it. Each is read back and must give the same record. */
#include "common/dir.h"
#include "common/records/bus_records.h"
#include "common/records/events.h"
#include "common/records/service_records.h"
#include "common/text.h"
#include "services/assistance/assistance.h"
#include "services/notifications/notifications.h"
#include "services/registry/registry.h"
#include "services/statistics/statistics.h"
#include "tests/support/test.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER MNS_SOURCE_DIR "/tests/fixtures/golden"

enum { TYPES_MAX = 256, FILE_MAX = 1 << 20, BYTES_IN_LINE = 32 };

static const mns_service_t *const services[] = {&mns_registry_service, &mns_statistics_service, &mns_assistance_service,
                                                &mns_notifications_service};
static const mns_record_type_t *const others[] = {&mns_bus_status_type,
                                                  &mns_bus_entry_type,
                                                  &mns_bus_read_type,
                                                  &mns_bus_log_type,
                                                  &mns_bus_hold_type,
                                                  &mns_bus_backup_type,
                                                  &mns_service_status_type,
                                                  &mns_service_backup_type,
                                                  &mns_service_skip_type,
                                                  &mns_service_bury_type,
                                                  &mns_service_rehearse_type,
                                                  &mns_bus_durable_type,
                                                  &mns_bus_consumer_reset_type,
                                                  &mns_bus_consumer_remove_type,
                                                  &mns_bus_consumer_require_type};

static const mns_record_type_t *types[TYPES_MAX];
static size_t type_count;

static void collect (const mns_record_type_t *type) {
  for (size_t i = 0; i < type_count; i++)
    if (type == NULL || types[i] == type)
      return;
  assert_true (type_count < TYPES_MAX);
  if (type != NULL)
    types[type_count++] = type;
}

static void collect_all (void) {
  type_count = 0;
  for (const mns_event_row_t *row = mns_events; row->topic; row++)
    collect (row->type);
  for (size_t i = 0; i < COUNT_OF (services); i++)
    for (const mns_command_t *command = services[i]->commands; command->name; command++) {
      collect (command->request);
      collect (command->reply);
    }
  for (size_t i = 0; i < COUNT_OF (others); i++)
    collect (others[i]);
}

/* ---- made-up values ---------------------------------------------------------------------------------------------- */

static void fill (const mns_record_type_t *type, void *record, bool all);

static int64_t within (const mns_field_t *field, int64_t value) {
  return value < field->min ? field->min : value > field->max ? field->max : value;
}

static void fill_text (const mns_field_t *field, char *target) {
  size_t size = (size_t)field->max < field->name_size ? (size_t)field->max : field->name_size;
  memcpy (target, field->name, size);
}

static void fill_list (const mns_field_t *field, char *record) {
  uint16_t count = field->capacity < 2 ? 1 : 2;
  for (uint16_t i = 0; i < count; i++)
    fill (field->item, record + field->offset + i * field->item->size, i == 0);
  memcpy (record + field->count_offset, &count, sizeof count);
}

static void put (char *record, const mns_field_t *field, const void *value, size_t size) {
  assert_int_equal (size, field->size);
  memcpy (record + field->offset, value, size);
}

static void fill_field (const mns_field_t *field, char *record, int number) {
  switch (field->kind) {
  case MNS_KIND_TEXT:
    fill_text (field, record + field->offset);
    break;
  case MNS_KIND_ID:
    put (record, field, &(uint64_t){1000u + (unsigned)number}, sizeof (uint64_t));
    break;
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
    put (record, field, &(int64_t){within (field, 100 * number)}, sizeof (int64_t));
    break;
  case MNS_KIND_DATE:
    put (record, field, &(mns_date_t){20260701 + number % 28}, sizeof (mns_date_t));
    break;
  case MNS_KIND_TIME:
    put (record, field, &(mns_time_t){1782864000000000 + number}, sizeof (mns_time_t));
    break;
  case MNS_KIND_PLACE:
    put (record, field, &(mns_place_t){510322101203}, sizeof (mns_place_t));
    break;
  case MNS_KIND_CODE:
    put (record, field, &(mns_code_t){(mns_code_t)(1 + number % field->codes->count)}, sizeof (mns_code_t));
    break;
  case MNS_KIND_UUID:
    put (record, field, &(mns_uuid_t){{0x01, 0x9a, 0xb3, 0xc0, 0x5a, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1}},
         sizeof (mns_uuid_t));
    break;
  case MNS_KIND_LIST:
    fill_list (field, record);
  }
}

static void fill (const mns_record_type_t *type, void *record, bool all) {
  mns_record_clear (type, record);
  for (int i = 0; i < type->field_count; i++)
    if (all || type->fields[i].flags & MNS_REQUIRED)
      fill_field (&type->fields[i], record, i + 1);
}

/* ---- the files --------------------------------------------------------------------------------------------------- */

static void add_block (const mns_record_type_t *type, const char *what, bool all, mns_buffer_t *text) {
  mns_buffer_t bytes = {0};
  void *record = mns_alloc (type->size);
  fill (type, record, all);
  mns_record_pack (type, record, &bytes);
  mns_buffer_printf (text, "# %s %d, %s\n", type->name, type->version, what);
  for (size_t i = 0; i < bytes.size; i++)
    mns_buffer_printf (text, "%s%02x", i == 0 ? "" : i % BYTES_IN_LINE == 0 ? "\n" : " ", bytes.data[i]);
  mns_buffer_printf (text, "\n");
  mns_buffer_fini (&bytes);
  free (record);
}

static void make_file (const mns_record_type_t *type, mns_buffer_t *text) {
  add_block (type, "every field", true, text);
  add_block (type, "the required fields", false, text);
}

static void path_of (const mns_record_type_t *type, char path[MNS_PATH_MAX]) {
  snprintf (path, MNS_PATH_MAX, "%s/%s.hex", FOLDER, type->name);
}

static int write_all (void) {
  mns_error_t error;
  char path[MNS_PATH_MAX];
  collect_all ();
  if (mns_dir_make (FOLDER, 0755, &error) != MNS_OK)
    return 1;
  for (size_t i = 0; i < type_count; i++) {
    mns_buffer_t text = {0};
    make_file (types[i], &text);
    path_of (types[i], path);
    if (mns_dir_write_file (path, text.data, text.size, 0644, &error) != MNS_OK)
      return 1;
    mns_buffer_fini (&text);
  }
  printf ("%zu records in %s\n", type_count, FOLDER);
  return 0;
}

/* ---- the tests --------------------------------------------------------------------------------------------------- */

static void test_bytes_are_frozen (void **state) {
  (void)state;
  char path[MNS_PATH_MAX];
  size_t changed = 0;
  collect_all ();
  for (size_t i = 0; i < type_count; i++) {
    mns_error_t error = {0};
    mns_buffer_t made = {0}, kept = {0};
    make_file (types[i], &made);
    path_of (types[i], path);
    bool same = mns_dir_read_file (path, FILE_MAX, &kept, &error) == MNS_OK && kept.size == made.size &&
                memcmp (kept.data, made.data, made.size) == 0;
    if (!same)
      print_message ("record %s is not what %s says: can old peers read it? then write it anew (test_golden --write)\n",
                     types[i]->name, path);
    changed += !same;
    mns_buffer_fini (&made);
    mns_buffer_fini (&kept);
  }
  assert_int_equal (changed, 0);
}

/* A record that is no longer there must not leave its file behind. */
static void test_no_other_files (void **state) {
  (void)state;
  collect_all ();
  DIR *folder = opendir (FOLDER);
  assert_non_null (folder);
  size_t files = 0;
  for (struct dirent *entry; (entry = readdir (folder)) != NULL;)
    files += entry->d_name[0] != '.';
  closedir (folder);
  assert_int_equal (files, type_count);
}

static void read_back (const mns_record_type_t *type, bool all) {
  mns_error_t error = {0};
  mns_buffer_t bytes = {0};
  void *record = mns_alloc (type->size), *again = mns_alloc (type->size);
  fill (type, record, all);
  mns_record_pack (type, record, &bytes);
  mns_rc_t rc = mns_record_unpack (type, again, bytes.data, bytes.size, NULL, &error);
  if (rc != MNS_OK)
    fail_msg ("%s: %s: %s", type->name, error.where, error.detail);
  assert_true (mns_record_equal (type, record, again));
  mns_buffer_fini (&bytes);
  free (record);
  free (again);
}

static void test_reads_back (void **state) {
  (void)state;
  collect_all ();
  assert_true (type_count > 50);
  for (size_t i = 0; i < type_count; i++) {
    read_back (types[i], true);
    read_back (types[i], false);
  }
}

int main (int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test (test_bytes_are_frozen),
      cmocka_unit_test (test_no_other_files),
      cmocka_unit_test (test_reads_back),
  };
  if (argc == 2 && strcmp (argv[1], "--write") == 0)
    return write_all ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
