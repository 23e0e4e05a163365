/* `mns keys`: CURVE key pairs in files. */
#include "common/dir.h"
#include "common/keys.h"
#include "mns/mns.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run (const char *usage, const char *summary, int argc, char **argv,
                mns_rc_t (*act) (mns_keys_t *keys, const char *path, mns_error_t *error)) {
  const mns_option_t *options[] = {mns_local_options, NULL};
  mns_cli_t cli = {.usage = usage, .summary = summary, .options = options, .positional_min = 1, .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_keys_t keys = {0};
  mns_error_t error = {0};
  mns_rc_t rc = act (&keys, argv[1], &error);
  if (rc == MNS_OK)
    printf (mns_globals.json ? "{\"public\": \"%s\"}\n" : "%s\n", keys.public_key);
  mns_keys_clear (&keys);
  return rc == MNS_OK ? 0 : mns_complain (argv[0], &error);
}

static mns_rc_t make (mns_keys_t *keys, const char *path, mns_error_t *error) {
  mns_rc_t rc = mns_keys_make (keys, error);
  return rc == MNS_OK ? mns_keys_save (keys, path, error) : rc;
}

static int keys_make (int argc, char **argv) {
  return run ("mns keys make FILE",
              "Makes a key pair, writes it to FILE (mode 0600), prints the public key.\n"
              "An existing file is never overwritten.",
              argc, argv, make);
}

static int keys_show (int argc, char **argv) {
  return run ("mns keys show FILE", "Prints the public key of the pair in FILE.", argc, argv, mns_keys_load);
}

/* FILE.next is made first and its public key given to whoever needs it; then it takes the place of FILE. */
static mns_rc_t next_path (const char *path, char next[MNS_PATH_MAX], mns_error_t *error) {
  if (snprintf (next, MNS_PATH_MAX, "%s.next", path) >= MNS_PATH_MAX)
    return mns_fail (error, MNS_TOO_LONG, path, "the path is too long");
  return MNS_OK;
}

static mns_rc_t prepare (mns_keys_t *keys, const char *path, mns_error_t *error) {
  char next[MNS_PATH_MAX];
  mns_rc_t rc = mns_keys_load (keys, path, error); /* there is one to be followed */
  if (rc == MNS_OK)
    rc = next_path (path, next, error);
  return rc == MNS_OK ? make (keys, next, error) : rc;
}

static mns_rc_t finish (mns_keys_t *keys, const char *path, mns_error_t *error) {
  char next[MNS_PATH_MAX];
  mns_rc_t rc = next_path (path, next, error);
  if (rc == MNS_OK && access (next, F_OK) != 0)
    rc = mns_fail (error, MNS_NOT_FOUND, next, "nothing is there to follow: make it with 'mns keys rotate %s'", path);
  if (rc == MNS_OK)
    rc = mns_keys_load (keys, next, error);
  if (rc == MNS_OK && rename (next, path) != 0)
    rc = mns_fail (error, mns_dir_errno (errno), path, "the key file cannot be replaced: %s", strerror (errno));
  return rc == MNS_OK ? mns_dir_sync_parent (path, error) : rc;
}

static int keys_rotate (int argc, char **argv) {
  return run ("mns keys rotate FILE",
              "Makes the key pair that will follow the one in FILE, in FILE.next, and prints its public key.\n"
              "Give it to the other side first (mns account change NAME --next-key KEY), then 'mns keys finish FILE'.",
              argc, argv, prepare);
}

static int keys_finish (int argc, char **argv) {
  return run ("mns keys finish FILE", "Puts FILE.next in the place of FILE, and prints its public key.", argc, argv,
              finish);
}

int mns_cmd_keys (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"make", "make a key pair in a new file", keys_make},
                                           {"show", "print the public key of a file", keys_show},
                                           {"rotate", "make the pair that will follow one", keys_rotate},
                                           {"finish", "put it in the place of the old one", keys_finish},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns keys", "CURVE key pairs for connections over TCP.", table, argc, argv);
}
