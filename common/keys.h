/* CURVE key pairs in files: Z85 text, mode 0600, one pair per file.
 *
 *   # Minsheng key pair. The secret stays on this machine; the public key may go to anyone.
 *   public rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7
 *   secret … */
#ifndef MNS_COMMON_KEYS_H
#define MNS_COMMON_KEYS_H

#include "mns/error.h"

#define MNS_KEY_TEXT 41

typedef struct {
  char public_key[MNS_KEY_TEXT], secret_key[MNS_KEY_TEXT];
} mns_keys_t;

/* A new pair. MNS_INTERNAL when this libzmq has no CURVE. */
mns_rc_t mns_keys_make (mns_keys_t *keys, mns_error_t *error);
/* Writes a new file; MNS_EXISTS when there is one already: a key is never overwritten. */
mns_rc_t mns_keys_save (const mns_keys_t *keys, const char *path, mns_error_t *error);
/* Reads a pair. Refuses a file that others can read, and a public key that does not belong to the secret. */
mns_rc_t mns_keys_load (mns_keys_t *keys, const char *path, mns_error_t *error);
/* Sets the CURVE options of a ZeroMQ socket that will connect: the broker's public key, this program's pair. */
mns_rc_t mns_keys_secure (void *socket, const char *broker_key, const char *key_file, mns_error_t *error);
/* Overwrites the memory. */
void mns_keys_clear (mns_keys_t *keys);

/* A public key in Z85: 40 characters of its alphabet. */
bool mns_keys_public_valid (const char *text);

#endif
