/* The sender: a thread of its own that speaks SMTP, so that a slow mail server never holds up the service.
 *
 * It owns nothing: a mail is handed to it as bytes and its result comes back as a message. What it holds when it ends
 * is lost and handed over again at the next start. */
#ifndef MNS_NOTIFICATIONS_SENDER_H
#define MNS_NOTIFICATIONS_SENDER_H

#include "common/buffer.h"
#include "common/config.h"

typedef struct sender sender_t;

/* Needs config->smtp_url, smtp_from, smtp_user, smtp_password_file; they are copied. */
mns_rc_t sender_new (sender_t **sender, const mns_config_t *config, mns_error_t *error);
/* Breaks off what is being sent. */
void sender_destroy (sender_t **sender);

/* Hands over a mail; false when the sender's queue is full (nothing was taken). */
bool sender_give (sender_t *sender, uint64_t message, const char *address, const mns_buffer_t *mail);

/* What became of a mail. `refused`: the server will never take it. */
typedef struct {
  uint64_t message;
  bool went, refused;
  char reason[201];
} sender_result_t;
/* The next result, without waiting; false when there is none. */
bool sender_take (sender_t *sender, sender_result_t *result);

#endif
