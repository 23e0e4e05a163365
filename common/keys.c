/* CURVE key pairs in files. */
#include "common/keys.h"
#include "common/dir.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

enum { KEY_FILE_MAX = 1024, KEY_BYTES = 32 };

mns_rc_t mns_keys_make (mns_keys_t *keys, mns_error_t *error) {
  if (zmq_curve_keypair (keys->public_key, keys->secret_key) != 0)
    return mns_fail (error, MNS_INTERNAL, "", "this build of ZeroMQ has no CURVE encryption");
  return MNS_OK;
}

void mns_keys_clear (mns_keys_t *keys) {
  sodium_memzero (keys, sizeof *keys);
}

bool mns_keys_public_valid (const char *text) {
  uint8_t bytes[KEY_BYTES];
  return strlen (text) == MNS_KEY_TEXT - 1 && zmq_z85_decode (bytes, text) != NULL;
}

/* The content goes into a file that did not exist before; a half-written one is removed. */
static mns_rc_t write_new (const char *path, const char *text, size_t size, mns_error_t *error) {
  int file = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0 && errno == EEXIST)
    return mns_fail (error, MNS_EXISTS, path, "there is a key file already: a key is never overwritten");
  if (file < 0)
    return mns_fail (error, mns_dir_errno (errno), path, "the key file cannot be made: %s", strerror (errno));
  bool written = write (file, text, size) == (ssize_t)size && fsync (file) == 0;
  int reason = errno;
  close (file);
  if (written)
    return mns_dir_sync_parent (path, error);
  unlink (path);
  return mns_fail (error, mns_dir_errno (reason), path, "the key file cannot be written: %s", strerror (reason));
}

mns_rc_t mns_keys_save (const mns_keys_t *keys, const char *path, mns_error_t *error) {
  char text[KEY_FILE_MAX];
  int size = snprintf (text, sizeof text,
                       "# Minsheng key pair. The secret stays on this machine; the public key may go to anyone.\n"
                       "public %s\nsecret %s\n",
                       keys->public_key, keys->secret_key);
  mns_rc_t rc = write_new (path, text, (size_t)size, error);
  sodium_memzero (text, sizeof text);
  return rc;
}

/* The key behind "public " or "secret " at the start of a line. */
static bool find_key (const char *text, const char *word, char key[MNS_KEY_TEXT]) {
  size_t size = strlen (word);
  for (const char *line = text; *line; line += strcspn (line, "\n"), line += *line == '\n') {
    if (strncmp (line, word, size) != 0 || strcspn (line + size, "\r\n") != MNS_KEY_TEXT - 1)
      continue;
    memcpy (key, line + size, MNS_KEY_TEXT - 1);
    key[MNS_KEY_TEXT - 1] = 0;
    return mns_keys_public_valid (key);
  }
  return false;
}

static mns_rc_t read_keys (mns_keys_t *keys, const char *text, const char *path, mns_error_t *error) {
  char computed[MNS_KEY_TEXT];
  if (!find_key (text, "public ", keys->public_key) || !find_key (text, "secret ", keys->secret_key))
    return mns_fail (error, MNS_MALFORMED, path, "not a key file: it needs a line 'public …' and a line 'secret …'");
  if (zmq_curve_public (computed, keys->secret_key) != 0 || strcmp (computed, keys->public_key) != 0)
    return mns_fail (error, MNS_MALFORMED, path, "the public key does not belong to the secret one");
  return MNS_OK;
}

mns_rc_t mns_keys_load (mns_keys_t *keys, const char *path, mns_error_t *error) {
  struct stat status;
  mns_buffer_t content = {0};
  if (stat (path, &status) != 0)
    return mns_fail (error, mns_dir_errno (errno), path,
                     "the key file cannot be read: %s; make it with 'mns keys make'", strerror (errno));
  if ((status.st_mode & 077) != 0)
    return mns_fail (error, MNS_FORBIDDEN, path, "others can read this key file: chmod 600 it, and change the key");
  mns_rc_t rc = mns_dir_read_file (path, KEY_FILE_MAX, &content, error);
  if (rc == MNS_OK)
    rc = read_keys (keys, (const char *)content.data, path, error);
  if (content.data != NULL)
    sodium_memzero (content.data, content.size);
  mns_buffer_fini (&content);
  if (rc != MNS_OK)
    mns_keys_clear (keys);
  return rc;
}

mns_rc_t mns_keys_secure (void *socket, const char *broker_key, const char *key_file, mns_error_t *error) {
  mns_keys_t keys;
  if (!broker_key[0] || !key_file[0])
    return mns_fail (error, MNS_UNAUTHENTICATED, "broker_key",
                     "over TCP broker_key and key_file are needed: set both (mns keys make, mns keys show)");
  if (!mns_keys_public_valid (broker_key))
    return mns_fail (error, MNS_INVALID, "broker_key", "this is no public key (40 characters of Z85)");
  mns_rc_t rc = mns_keys_load (&keys, key_file, error);
  if (rc != MNS_OK)
    return rc;
  bool done = zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, broker_key, MNS_KEY_TEXT) == 0 &&
              zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, keys.public_key, MNS_KEY_TEXT) == 0 &&
              zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, keys.secret_key, MNS_KEY_TEXT) == 0;
  mns_keys_clear (&keys);
  return done ? MNS_OK : mns_fail (error, MNS_INTERNAL, key_file, "the keys are not taken by libzmq");
}
