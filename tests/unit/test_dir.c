/* Directories, small files and the lock on a data directory. */
#include "common/lock.h"
#include "tests/support/folder.h"
#include "tests/support/test.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[MNS_PATH_MAX], path[MNS_PATH_MAX];

static int make_folder (void **state) {
  (void)state;
  return test_folder_make (folder) == 0 && mns_dir_join (path, folder, "file", NULL) == MNS_OK ? 0 : -1;
}

static int remove_folder (void **state) {
  (void)state;
  return test_folder_remove (folder);
}

static void test_make (void **state) {
  (void)state;
  char deep[MNS_PATH_MAX], middle[MNS_PATH_MAX];
  struct stat found;
  mns_error_t error = {0};
  mns_dir_join (middle, folder, "a", NULL);
  mns_dir_join (deep, folder, "a/b", NULL);
  assert_int_equal (mns_dir_make (deep, 0700, &error), MNS_OK);
  assert_int_equal (mns_dir_make (deep, 0755, &error), MNS_OK);
  assert_int_equal (stat (deep, &found), 0);
  assert_int_equal (found.st_mode & 0777, 0700);
  rmdir (deep);
  rmdir (middle);
  assert_int_equal (mns_dir_write_file (middle, "x", 1, 0600, &error), MNS_OK);
  assert_int_equal (mns_dir_make (deep, 0700, &error), MNS_IO);
  assert_string_equal (error.where, middle);
  unlink (middle);
}

static void test_write_and_read (void **state) {
  (void)state;
  mns_buffer_t content = {0};
  struct stat found;
  assert_int_equal (mns_dir_write_file (path, "first", 5, 0644, NULL), MNS_OK);
  assert_int_equal (mns_dir_write_file (path, "two", 3, 0600, NULL), MNS_OK);
  assert_int_equal (stat (path, &found), 0);
  assert_int_equal (found.st_mode & 0777, 0600);
  assert_int_equal (mns_dir_read_file (path, 3, &content, NULL), MNS_OK);
  assert_int_equal (content.size, 3);
  assert_string_equal ((char *)content.data, "two");
  mns_buffer_clear (&content);
  assert_int_equal (mns_dir_read_file (path, 2, &content, NULL), MNS_TOO_LARGE);
  mns_buffer_fini (&content);
}

static void test_what_cannot_be_done (void **state) {
  (void)state;
  mns_error_t error = {0};
  mns_buffer_t content = {0};
  char nowhere[MNS_PATH_MAX];
  mns_dir_join (nowhere, folder, "none/file", NULL);
  assert_int_equal (mns_dir_write_file (nowhere, "x", 1, 0600, &error), MNS_NOT_FOUND);
  assert_int_equal (mns_dir_read_file (path, 10, &content, &error), MNS_NOT_FOUND);
  assert_string_equal (error.where, path);
  assert_int_equal (mns_dir_read_file (folder, 10, &content, &error), MNS_IO);
  assert_int_equal (mns_dir_write_file ("/dev/full/x", "x", 1, 0600, &error), MNS_IO);
  mns_buffer_fini (&content);
}

/* A file that cannot be replaced leaves neither damage nor litter. */
static void test_failed_write_leaves_the_old (void **state) {
  (void)state;
  char beside[MNS_PATH_MAX];
  struct stat found;
  mns_dir_join (beside, folder, "file.new", NULL);
  assert_int_equal (mkdir (path, 0700), 0);
  assert_int_equal (mns_dir_write_file (path, "x", 1, 0600, NULL), MNS_IO);
  assert_int_equal (stat (path, &found), 0);
  assert_int_not_equal (stat (beside, &found), 0);
  rmdir (path);
}

static void test_second_lock_names_the_first (void **state) {
  (void)state;
  mns_lock_t *lock = NULL, *second = NULL;
  mns_error_t error = {0};
  char owner[32];
  snprintf (owner, sizeof owner, "process %ld", (long)getpid ());
  assert_int_equal (mns_lock_new (&lock, folder, &error), MNS_OK);
  assert_int_equal (mns_lock_new (&second, folder, &error), MNS_IN_USE);
  assert_null (second);
  assert_non_null (strstr (error.detail, owner));
  mns_lock_destroy (&lock);
  assert_int_equal (mns_lock_new (&lock, folder, &error), MNS_OK);
  mns_lock_destroy (&lock);
  mns_lock_destroy (&lock);
  assert_int_equal (mns_lock_new (&lock, "no-such-folder", &error), MNS_NOT_FOUND);
}

/* The lock goes with its process, also when that is killed. */
static void test_lock_of_a_killed_process (void **state) {
  (void)state;
  mns_lock_t *lock = NULL;
  int ready[2];
  char byte;
  assert_int_equal (pipe (ready), 0);
  pid_t child = fork ();
  if (child == 0) {
    mns_lock_t *own = NULL;
    if (mns_lock_new (&own, folder, NULL) == MNS_OK && write (ready[1], "x", 1) == 1)
      pause ();
    _exit (1);
  }
  assert_int_equal (read (ready[0], &byte, 1), 1);
  assert_int_equal (mns_lock_new (&lock, folder, NULL), MNS_IN_USE);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  assert_int_equal (mns_lock_new (&lock, folder, NULL), MNS_OK);
  mns_lock_destroy (&lock);
  close (ready[0]);
  close (ready[1]);
}

int main (void) {
  const struct CMUnitTest tests[] = {
#define DIR_TEST(name) cmocka_unit_test_setup_teardown (name, make_folder, remove_folder)
      DIR_TEST (test_make),
      DIR_TEST (test_write_and_read),
      DIR_TEST (test_what_cannot_be_done),
      DIR_TEST (test_failed_write_leaves_the_old),
      DIR_TEST (test_second_lock_names_the_first),
      DIR_TEST (test_lock_of_a_killed_process),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
