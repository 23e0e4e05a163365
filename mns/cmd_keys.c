/* `mns keys`: CURVE key pairs in files. */
#include "common/keys.h"
#include "mns/mns.h"
#include <stdio.h>

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

int mns_cmd_keys (int argc, char **argv) {
  static const mns_subcommand_t table[] = {{"make", "make a key pair in a new file", keys_make},
                                           {"show", "print the public key of a file", keys_show},
                                           {0, 0, 0}};
  return mns_run_subcommand ("mns keys", "CURVE key pairs for connections over TCP.", table, argc, argv);
}
