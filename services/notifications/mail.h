/* A mail as bytes (RFC 5322, 2045, 2047). Pure. */
#ifndef MNS_NOTIFICATIONS_MAIL_H
#define MNS_NOTIFICATIONS_MAIL_H

#include "common/buffer.h"
#include "common/date.h"

typedef struct {
  const char *from;           /* address; also gives the domain of the Message-ID */
  const char *name, *address; /* who gets it */
  const char *key;            /* the same key and address give the same Message-ID */
  const char *subject, *body; /* UTF-8; lines end with \n */
  mns_time_t date;
  int32_t utc_offset_s;
} mail_t;

/* Appends the mail, lines ended by CR LF. A subject or name that is not ASCII is encoded in words of at most 75
 * characters, a body that is not ASCII in base64. Control characters in headers become blanks. */
void mail_write (const mail_t *mail, mns_buffer_t *out);

/* "<64 hex digits>@<domain of from>", as the header has it. */
#define MAIL_ID_MAX 200
void mail_id (const mail_t *mail, char id[MAIL_ID_MAX]);

#endif
