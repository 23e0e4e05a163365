/* Accounts and key files: what is written is read back, what is wrong is told and changes nothing. */
#include "common/accounts.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/keys.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char data[MNS_PATH_MAX];
  mns_accounts_t accounts;
} fixture_t;

static int setup (void **state) {
  fixture_t *fixture = calloc (1, sizeof *fixture);
  assert_int_equal (test_folder_make (fixture->data), 0);
  assert_int_equal (mns_accounts_open (&fixture->accounts, fixture->data, NULL), MNS_OK);
  *state = fixture;
  return 0;
}

static int teardown (void **state) {
  fixture_t *fixture = *state;
  mns_accounts_fini (&fixture->accounts);
  assert_int_equal (test_folder_remove (fixture->data), 0);
  free (fixture);
  return 0;
}

static mns_account_t make_account (const char *name, mns_code_t role, int64_t uid) {
  mns_account_t account;
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, name);
  account.role = role;
  account.uid = uid;
  return account;
}

static void test_add_and_find (void **state) {
  fixture_t *fixture = *state;
  mns_error_t error;
  mns_keys_t keys;
  mns_accounts_t again;
  mns_account_t clerk = make_account ("clerk-1", MNS_CLERK, MNS_NONE);
  mns_account_t admin = make_account ("admin", MNS_ADMINISTRATOR, 0);
  assert_int_equal (mns_keys_make (&keys, &error), MNS_OK);
  strcpy (clerk.key, keys.public_key);
  clerk.division = 510322101000;
  assert_int_equal (mns_accounts_add (&fixture->accounts, &clerk, &error), MNS_OK);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &admin, &error), MNS_OK);
  assert_int_equal (mns_accounts_open (&again, fixture->data, &error), MNS_OK);
  assert_int_equal (again.count, 2);
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_name (&again, "clerk-1"), &clerk));
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_key (&again, keys.public_key), &clerk));
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_uid (&again, 0), &admin));
  assert_null (mns_accounts_by_name (&again, "clerk"));
  assert_null (mns_accounts_by_key (&again, ""));
  assert_null (mns_accounts_by_uid (&again, MNS_NONE));
  mns_accounts_fini (&again);
}

static void test_refused (void **state) {
  fixture_t *fixture = *state;
  mns_error_t error;
  mns_account_t account = make_account ("clerk-1", MNS_CLERK, 1000);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_OK);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_EXISTS);
  assert_string_equal (error.where, "name");
  strcpy (account.name, "clerk-2");
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_EXISTS);
  assert_string_equal (error.where, "uid");
  account = make_account ("Clerk 2", MNS_CLERK, MNS_NONE);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_INVALID);
  account = make_account ("clerk-2", 0, MNS_NONE);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_MISSING);
  account = make_account ("clerk-2", MNS_CLERK, MNS_NONE);
  strcpy (account.key, "too short");
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_INVALID);
  assert_string_equal (error.where, "key");
  assert_int_equal (fixture->accounts.count, 1);
}

/* Rights and limits are written and read back; a right that could not be meant is refused with its place. */
static void test_rights_and_change (void **state) {
  static const struct {
    mns_code_t verb;
    const char *prefix;
  } wrong[] = {{MNS_MAY_PUBLISH, ""},       {MNS_MAY_PUBLISH, "registry."},     {MNS_MAY_PUBLISH, "audit."},
               {MNS_MAY_SUBSCRIBE, "open"}, {MNS_MAY_SUBSCRIBE, "Statistics."}, {MNS_MAY_REQUEST, "registry"},
               {MNS_MAY_SERVE, "a b."}};
  fixture_t *fixture = *state;
  mns_error_t error;
  mns_keys_t keys, next;
  mns_accounts_t again;
  mns_account_t office = make_account ("office", MNS_SYSTEM, MNS_NONE);
  assert_int_equal (mns_accounts_change (&fixture->accounts, &office, &error), MNS_NOT_FOUND);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &office, &error), MNS_OK);
  assert_int_equal (mns_keys_make (&keys, &error), MNS_OK);
  assert_int_equal (mns_keys_make (&next, &error), MNS_OK);
  strcpy (office.key, keys.public_key);
  strcpy (office.next_key, next.public_key);
  office.bytes_per_second = 10000;
  office.rights_count = 2;
  office.rights[0] = (mns_account_right_t){MNS_MAY_SUBSCRIBE, "statistics.", 510322101000};
  office.rights[1] = (mns_account_right_t){MNS_MAY_REQUEST, "", 0};
  assert_int_equal (mns_accounts_change (&fixture->accounts, &office, &error), MNS_OK);
  assert_int_equal (mns_accounts_open (&again, fixture->data, &error), MNS_OK);
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_key (&again, next.public_key), &office));
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_key (&again, keys.public_key), &office));
  mns_accounts_fini (&again);
  for (size_t i = 0; i < COUNT_OF (wrong); i++) {
    mns_account_t bad = office;
    bad.rights[1].verb = wrong[i].verb;
    strcpy (bad.rights[1].prefix, wrong[i].prefix);
    assert_int_equal (mns_accounts_change (&fixture->accounts, &bad, &error), MNS_INVALID);
    assert_string_equal (error.where, "rights[1].prefix");
  }
  assert_true (mns_record_equal (&mns_account_type, mns_accounts_by_name (&fixture->accounts, "office"), &office));
  office = make_account ("other", MNS_SYSTEM, MNS_NONE);
  strcpy (office.key, next.public_key); /* the next key of another */
  assert_int_equal (mns_accounts_add (&fixture->accounts, &office, &error), MNS_EXISTS);
  office = make_account ("broker", MNS_SERVICE, MNS_NONE);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &office, &error), MNS_INVALID);
}

static void test_revoke_is_seen (void **state) {
  fixture_t *fixture = *state;
  bool changed;
  mns_error_t error;
  mns_accounts_t other;
  mns_account_t account = make_account ("clerk-1", MNS_CLERK, MNS_NONE);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_OK);
  assert_int_equal (mns_accounts_open (&other, fixture->data, &error), MNS_OK);
  assert_int_equal (mns_accounts_refresh (&other, &changed, &error), MNS_OK);
  assert_false (changed);
  assert_int_equal (mns_accounts_revoke (&fixture->accounts, "nobody", &error), MNS_NOT_FOUND);
  assert_int_equal (mns_accounts_revoke (&fixture->accounts, "clerk-1", &error), MNS_OK);
  assert_int_equal (mns_accounts_refresh (&other, &changed, &error), MNS_OK);
  assert_true (changed);
  assert_int_equal (other.count, 0);
  mns_accounts_fini (&other);
}

enum { HEAD_START_MS = 200 };

static bool has_ended (pid_t child, int64_t within_ms) {
  int64_t until = mns_clock.monotonic_ms () + within_ms;
  while (mns_clock.monotonic_ms () < until)
    if (waitpid (child, NULL, WNOHANG) == child)
      return true;
  return false;
}

static void add_by_another (const char *data, int inherited) {
  mns_accounts_t other;
  mns_account_t account = make_account ("clerk-2", MNS_CLERK, MNS_NONE);
  close (inherited);
  alarm (10);
  bool done = mns_accounts_edit (&other, data, NULL) == MNS_OK && mns_accounts_add (&other, &account, NULL) == MNS_OK;
  _exit (done ? 0 : 1);
}

/* Two at once: the second waits, and has what the first added. */
static void test_two_editors (void **state) {
  fixture_t *fixture = *state;
  mns_accounts_t mine;
  mns_account_t account = make_account ("clerk-1", MNS_CLERK, MNS_NONE);
  assert_int_equal (mns_accounts_edit (&mine, fixture->data, NULL), MNS_OK);
  pid_t child = fork ();
  if (child == 0)
    add_by_another (fixture->data, mine.lock);
  assert_false (has_ended (child, HEAD_START_MS));
  assert_int_equal (mns_accounts_add (&mine, &account, NULL), MNS_OK);
  mns_accounts_fini (&mine);
  assert_true (has_ended (child, 5000));
  assert_int_equal (mns_accounts_open (&mine, fixture->data, NULL), MNS_OK);
  assert_int_equal (mine.count, 2);
  mns_accounts_fini (&mine);
}

static void test_a_broken_file_changes_nothing (void **state) {
  fixture_t *fixture = *state;
  bool changed;
  mns_error_t error;
  static const char broken[] = "accounts:\n  - {name: clerk-1, role: king}\n  - {name: clerk-1, rol: clerk}\n";
  mns_account_t account = make_account ("clerk-1", MNS_CLERK, MNS_NONE);
  assert_int_equal (mns_accounts_add (&fixture->accounts, &account, &error), MNS_OK);
  assert_int_equal (mns_dir_write_file (fixture->accounts.path, broken, sizeof broken - 1, 0600, &error), MNS_OK);
  assert_int_not_equal (mns_accounts_refresh (&fixture->accounts, &changed, &error), MNS_OK);
  assert_non_null (strstr (error.where, "accounts.yaml:2"));
  assert_non_null (mns_accounts_by_name (&fixture->accounts, "clerk-1"));
}

static void test_key_files (void **state) {
  fixture_t *fixture = *state;
  char path[MNS_PATH_MAX + 8];
  struct stat status;
  mns_error_t error;
  mns_keys_t keys, back;
  snprintf (path, sizeof path, "%s/a.key", fixture->data);
  assert_int_equal (mns_keys_make (&keys, &error), MNS_OK);
  assert_true (mns_keys_public_valid (keys.public_key));
  assert_int_equal (mns_keys_save (&keys, path, &error), MNS_OK);
  assert_int_equal (stat (path, &status), 0);
  assert_int_equal (status.st_mode & 0777, 0600);
  assert_int_equal (mns_keys_load (&back, path, &error), MNS_OK);
  assert_memory_equal (&keys, &back, sizeof keys);
  assert_int_equal (mns_keys_save (&keys, path, &error), MNS_EXISTS);
  assert_int_equal (chmod (path, 0644), 0);
  assert_int_equal (mns_keys_load (&back, path, &error), MNS_FORBIDDEN);
  unlink (path);
  assert_int_not_equal (mns_keys_load (&back, path, &error), MNS_OK);
  keys.public_key[0] = keys.public_key[0] == 'a' ? 'b' : 'a';
  assert_int_equal (mns_keys_save (&keys, path, &error), MNS_OK);
  assert_int_equal (mns_keys_load (&back, path, &error), MNS_MALFORMED);
}

int main (void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown (test_add_and_find, setup, teardown),
      cmocka_unit_test_setup_teardown (test_refused, setup, teardown),
      cmocka_unit_test_setup_teardown (test_rights_and_change, setup, teardown),
      cmocka_unit_test_setup_teardown (test_revoke_is_seen, setup, teardown),
      cmocka_unit_test_setup_teardown (test_two_editors, setup, teardown),
      cmocka_unit_test_setup_teardown (test_a_broken_file_changes_nothing, setup, teardown),
      cmocka_unit_test_setup_teardown (test_key_files, setup, teardown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
