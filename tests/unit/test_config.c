/* The configuration: defaults, file, environment; every mistake told; written back without loss. */
#include "common/config.h"
#include "common/dir.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"

static char folder[MNS_PATH_MAX];

static int set_up (void **state) {
  (void)state;
  return test_folder_make (folder);
}

static int tear_down (void **state) {
  (void)state;
  unsetenv ("MNS_OUTBOX_MAX");
  unsetenv ("MNS_LOG_LEVEL");
  return test_folder_remove (folder);
}

static void write_file (const char *text) {
  char path[MNS_PATH_MAX];
  mns_error_t error;
  assert_int_equal (mns_dir_join (path, folder, "mns.yaml", &error), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, text, strlen (text), 0600, &error), MNS_OK);
}

static mns_rc_t load (mns_config_t *config, mns_buffer_t *mistakes, mns_error_t *error) {
  memset (error, 0, sizeof *error);
  return mns_config_load (config, folder, false, mistakes, error);
}

static void test_defaults (void **state) {
  (void)state;
  mns_config_t config;
  mns_error_t error;
  char bus[MNS_PATH_MAX + 16];
  assert_int_equal (load (&config, NULL, &error), MNS_OK);
  snprintf (bus, sizeof bus, "ipc://%s/run/bus", folder);
  assert_string_equal (config.bus, bus);
  assert_string_equal (config.data, folder);
  assert_int_equal (config.utc_offset_s, 28800);
  assert_int_equal (config.outbox_max, 100000);
  assert_string_equal (config.feed_curve, "no");
}

static void test_file_and_environment (void **state) {
  (void)state;
  mns_config_t config;
  mns_error_t error;
  write_file ("county: '510322000000'\nlanguage: zh\noutbox_max: 5000\n");
  setenv ("MNS_OUTBOX_MAX", "6000", 1);
  assert_int_equal (load (&config, NULL, &error), MNS_OK);
  assert_int_equal (config.county, 510322000000);
  assert_string_equal (config.language, "zh");
  assert_int_equal (config.outbox_max, 6000);
  assert_int_equal (config.import_batch, 1000);
}

static void test_all_mistakes_are_told (void **state) {
  (void)state;
  mns_config_t config;
  mns_error_t error;
  mns_buffer_t mistakes = {0};
  write_file ("language: french\noutbox_max: 5\nnonsense: 1\nbus: http://here\nutc_offset_s: 08\n");
  assert_int_not_equal (load (&config, &mistakes, &error), MNS_OK);
  mns_buffer_add (&mistakes, "", 1);
  const char *text = (const char *)mistakes.data;
  assert_non_null (strstr (text, "mns.yaml:1:"));
  assert_non_null (strstr (text, "mns.yaml:2:"));
  assert_non_null (strstr (text, "mns.yaml:3:"));
  assert_non_null (strstr (text, "mns.yaml:4:"));
  assert_non_null (strstr (text, "mns.yaml:5:"));
  assert_non_null (strstr (text, "one of en, zh"));
  mns_buffer_fini (&mistakes);
}

static void test_wrong_environment (void **state) {
  (void)state;
  mns_config_t config;
  mns_error_t error;
  mns_buffer_t mistakes = {0};
  setenv ("MNS_OUTBOX_MAX", "many", 1);
  assert_int_not_equal (load (&config, &mistakes, &error), MNS_OK);
  assert_string_equal (error.where, "MNS_OUTBOX_MAX");
  unsetenv ("MNS_OUTBOX_MAX");
  setenv ("MNS_LOG_LEVEL", "loud", 1);
  assert_int_equal (load (&config, &mistakes, &error), MNS_INVALID);
  assert_string_equal (error.where, "MNS_LOG_LEVEL");
  mns_buffer_fini (&mistakes);
}

static void test_saved_and_read_again (void **state) {
  (void)state;
  mns_config_t config, again;
  mns_error_t error;
  assert_int_equal (load (&config, NULL, &error), MNS_OK);
  config.county = 510322000000;
  config.clock_offset_s = -12345;
  mns_text_copy (config.smtp_from, sizeof config.smtp_from, "it's: #1 <民生@example.org>");
  assert_int_equal (mns_config_save (&config, &error), MNS_OK);
  assert_int_equal (load (&again, NULL, &error), MNS_OK);
  assert_true (mns_record_equal (&mns_config_type, &config, &again));
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_defaults, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_file_and_environment, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_all_mistakes_are_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_wrong_environment, set_up, tear_down),
      cmocka_unit_test_setup_teardown (test_saved_and_read_again, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
