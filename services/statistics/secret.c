/* The secret in the store and in its file. */
#include "services/statistics/secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/dir.h"

typedef struct {
  bool known;
  statistics_secret_t secret;
} source_t;

static mns_rc_t read_store (source_t *source, mns_db_t *db, mns_error_t *error) {
  sqlite3_stmt *read = mns_db_prepare (db, "SELECT secret FROM record_secret");
  const void *bytes;
  size_t size;
  mns_rc_t rc = mns_db_step (db, read, &source->known);
  if (rc == MNS_OK && source->known) {
    mns_db_read (read, "b", &bytes, &size);
    if (size != sizeof source->secret.bytes)
      rc = mns_fail (error, MNS_CORRUPT, "table record_secret", "the secret of the record keys is damaged");
    else
      memcpy (source->secret.bytes, bytes, size);
    sqlite3_reset (read);
  } else if (rc) {
    mns_fail (error, rc, "statistics.db", "%s", mns_db_message (db));
  }
  return rc;
}

static mns_rc_t read_file (source_t *source, const char *path, mns_error_t *error) {
  mns_buffer_t text = {0};
  size_t size = 0;
  mns_rc_t rc = mns_dir_read_file (path, 256, &text, error);
  if (rc == MNS_OK && (sodium_hex2bin (source->secret.bytes, sizeof source->secret.bytes, (const char *)text.data,
                                       text.size, "\n", &size, NULL) != 0 ||
                       size != sizeof source->secret.bytes))
    rc = mns_fail (error, MNS_CORRUPT, path, "this is no secret of record keys: put the file back from a backup");
  source->known = rc == MNS_OK;
  mns_buffer_fini (&text);
  return rc == MNS_NOT_FOUND ? MNS_OK : rc;
}

static mns_rc_t write_file (const statistics_secret_t *secret, const char *path, mns_error_t *error) {
  char text[2 * STATISTICS_SECRET_BYTES + 2];
  sodium_bin2hex (text, sizeof text, secret->bytes, sizeof secret->bytes);
  text[sizeof text - 2] = '\n';
  return mns_dir_write_file (path, text, sizeof text - 1, 0600, error);
}

static mns_rc_t write_store (const statistics_secret_t *secret, mns_db_t *db, mns_error_t *error) {
  sqlite3_stmt *save = mns_db_prepare (db, "INSERT INTO record_secret (id, secret) VALUES (1, ?1)");
  mns_db_bind (save, "b", (const void *)secret->bytes, sizeof secret->bytes);
  mns_rc_t rc = mns_db_run (db, save);
  return rc ? mns_fail (error, rc, "statistics.db", "%s", mns_db_message (db)) : MNS_OK;
}

mns_rc_t statistics_secret_load (statistics_secret_t *secret, mns_db_t *db, const char *data, mns_error_t *error) {
  source_t store = {0}, file = {0};
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (path, data, "statistics/record.key", error);
  if (rc == MNS_OK)
    rc = read_store (&store, db, error);
  if (rc == MNS_OK)
    rc = read_file (&file, path, error);
  if (rc)
    return rc;
  if (store.known && file.known && sodium_memcmp (&store.secret, &file.secret, sizeof store.secret) != 0)
    return mns_fail (error, MNS_CONFLICT, path,
                     "this is not the secret that the figures of statistics.db were released with: put back the file "
                     "that belongs to it");
  *secret = store.known ? store.secret : file.secret;
  if (!store.known && !file.known)
    randombytes_buf (secret->bytes, sizeof secret->bytes);
  if (!file.known)
    rc = write_file (secret, path, error);
  if (rc == MNS_OK && !store.known)
    rc = write_store (secret, db, error);
  return rc;
}
