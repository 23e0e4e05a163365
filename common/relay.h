/* The relay: which records of the outbox are sent when, and what an acknowledgement changes. Knows no socket and no
 * clock.
 *
 * After WELCOME the broker's (number, chain) is compared with the outbox before anything is sent; where they differ the
 * outbox has forked: it is a copy, or was restored, and sending would lose records. A PUB holds 256 KiB, or one outbox
 * row more; 2 MiB are in flight, or one PUB; after PNAK or two seconds without an answer it begins again behind the
 * last acknowledgement. (With 256 KiB in flight a load got ahead of the relay.) */
#ifndef MNS_COMMON_RELAY_H
#define MNS_COMMON_RELAY_H

#include "common/outbox.h"

#define MNS_RELAY_PUB        (256 * 1024)
#define MNS_RELAY_WINDOW     (2 * 1024 * 1024)
#define MNS_RELAY_FLIGHT     64
#define MNS_RELAY_SILENCE_MS 2000

typedef struct {
  uint64_t last;
  size_t size;
} mns_relay_flight_t;

typedef struct {
  mns_outbox_t *outbox;
  bool open;                      /* compared: PUBs may go */
  uint64_t sent, sent_chain;      /* last record sent, the chain after it */
  uint64_t log_epoch, log_number; /* every record not known to be acknowledged lies behind it in the log */
  mns_relay_flight_t flight[MNS_RELAY_FLIGHT];
  size_t first, count, bytes; /* of the flight */
  int64_t heard_ms, again_ms; /* last progress; not before */
  mns_buffer_t records;
} mns_relay_t;

void mns_relay_init (mns_relay_t *relay, mns_outbox_t *outbox);
void mns_relay_fini (mns_relay_t *relay);
void mns_relay_close (mns_relay_t *relay); /* the connection is gone */

/* MNS_OUTBOX_FORKED (final): the error says how. Otherwise PUBs may go. */
mns_rc_t mns_relay_welcome (mns_relay_t *relay, const mns_head_t *welcome, mns_error_t *error);
/* Begins again behind the last acknowledgement, after the refused record was replaced. */
void mns_relay_reopen (mns_relay_t *relay);
/* The next PUB: its head and its body in relay->records. MNS_NOT_FOUND: nothing to send now. It counts as sent. */
mns_rc_t mns_relay_next (mns_relay_t *relay, int64_t now_ms, mns_head_t *head);
void mns_relay_unsend (mns_relay_t *relay, const mns_head_t *head); /* that PUB could not be handed over */
void mns_relay_pack (mns_relay_t *relay, const mns_head_t *head, int64_t now_ms);
/* MNS_OK: it will begin again. Otherwise the relay stops for good: the broker's error, or MNS_OUTBOX_FORKED. */
mns_rc_t mns_relay_pnak (mns_relay_t *relay, const mns_head_t *head, int64_t now_ms, mns_error_t *error);
/* Milliseconds until mns_relay_next may have something to do by itself; −1: only after a turn or an answer. */
int64_t mns_relay_wait_ms (const mns_relay_t *relay, int64_t now_ms);
bool mns_relay_drained (const mns_relay_t *relay); /* everything is acknowledged */

#endif
