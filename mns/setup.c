/* A data directory that did not exist before. */
#include "mns/setup.h"

#include "common/clock.h"
#include "common/dir.h"
#include "common/keys.h"
#include "common/text.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = {"run",           "keys", "catalogue", "inbox",  "inbox/done",
                                      "inbox/refused", "bank", "spool",     "backup", "quarantine"};

static mns_rc_t make_folders (const char *data, mns_error_t *error) {
  mns_rc_t rc = mns_dir_make (data, 0700, error);
  for (size_t i = 0; i < sizeof folders / sizeof *folders && rc == MNS_OK; i++) {
    char path[MNS_PATH_MAX];
    rc = mns_dir_join (path, data, folders[i], error);
    if (rc == MNS_OK)
      rc = mns_dir_make (path, 0700, error);
  }
  return rc;
}

/* The broker's own key pair: without one it opens nothing over TCP. */
static mns_rc_t make_broker_key (const char *data, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_keys_t keys = {0};
  mns_rc_t rc = mns_dir_join (path, data, "keys/broker.key", error);
  if (rc != MNS_OK || access (path, F_OK) == 0)
    return rc;
  rc = mns_keys_make (&keys, error);
  if (rc == MNS_OK)
    rc = mns_keys_save (&keys, path, error);
  mns_keys_clear (&keys);
  return rc;
}

mns_rc_t mns_setup (const char *data, mns_place_t county, mns_time_t clock, mns_error_t *error) {
  char file[MNS_PATH_MAX];
  struct stat status;
  mns_rc_t rc = make_folders (data, error);
  if (rc == MNS_OK)
    rc = make_broker_key (data, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (file, data, "mns.yaml", error);
  if (rc != MNS_OK || stat (file, &status) == 0)
    return rc;
  mns_config_t config;
  rc = mns_config_load (&config, data, false, NULL, error);
  if (rc != MNS_OK)
    return rc;
  if (county)
    config.county = county;
  if (clock)
    config.clock_offset_s = (clock - mns_clock.wall ()) / 1000000;
  return mns_config_save (&config, error);
}
