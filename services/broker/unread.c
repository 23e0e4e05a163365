/* What a connection has been handed and not shown to have read. */
#include "services/broker/unread.h"
#include <sodium.h>

bool broker_unread_bears (const broker_unread_t *unread, size_t size) {
  return size <= BROKER_UNREAD_SMALL || unread->handed - unread->read < BROKER_UNREAD_MAX;
}

void broker_unread_add (broker_unread_t *unread, size_t size) {
  unread->handed += size;
}

bool broker_unread_due (const broker_unread_t *unread) {
  return unread->token == 0 && unread->handed - unread->read >= BROKER_UNREAD_ASK;
}

uint64_t broker_unread_token (void) {
  uint64_t token;
  randombytes_buf (&token, sizeof token);
  return token | 1; /* never 0 */
}

void broker_unread_asked (broker_unread_t *unread, uint64_t token) {
  unread->token = token;
  unread->asked_at = unread->handed;
}

void broker_unread_answered (broker_unread_t *unread, uint64_t token) {
  if (unread->token == 0 || unread->token != token)
    return;
  unread->read = unread->asked_at;
  unread->token = 0;
}
