/* A subscription: which message of the log is applied, dropped, or shows that something was lost. Knows no socket and
 * no clock; shared by services and bus clients.
 *
 * A message with a foreign id is dropped; one whose `last` is not above the offset as well; one whose `previous` is the
 * offset moves it; any other means loss: one SUB with a new id goes out, and no second before an answer or a second. */
#ifndef MNS_COMMON_SUBSCRIPTION_H
#define MNS_COMMON_SUBSCRIPTION_H

#include "common/wire.h"

#define MNS_CREDIT_MESSAGES 256
#define MNS_CREDIT_BYTES    (1 << 20)

/* Where a consumer stands in the log. */
typedef struct {
  uint64_t epoch, number, chain;
} mns_offset_t;

typedef enum {
  MNS_TAKE_DROP,
  MNS_TAKE_APPLY, /* EVT: its records above the offset before it are next */
  MNS_TAKE_MOVE,  /* IDLE: the offset moved, there is nothing to apply */
  MNS_TAKE_GAP,   /* the offset moved over records that are missing for ever; the error says which */
  MNS_TAKE_ENDED  /* for good; the error says why */
} mns_take_t;

#define MNS_SUBSCRIPTION_SILENCE_MS 20000 /* the broker says something every 5 s */

typedef struct {
  char consumer[MNS_NAME_MAX + 1];
  char prefixes[MNS_PREFIXES_MAX][MNS_TOPIC_MAX + 1];
  size_t prefix_count;
  mns_offset_t offset;  /* received so far; number UINT64_MAX: what comes from now on, or from that time */
  mns_time_t from_time; /* of records, in µs; 0 none */
  uint64_t id;          /* of the last SUB */
  bool asked, live, ended;
  int64_t asked_ms, again_ms, heard_ms;
  int pause_ms;
} mns_subscription_t;

void mns_subscription_init (mns_subscription_t *subscription, const char *consumer, mns_offset_t from);
/* Adds a prefix unless it is there; false when there are too many. */
bool mns_subscription_add (mns_subscription_t *subscription, const char *prefix);

/* True when a SUB should go out: it counts as sent, `head` is filled. */
bool mns_subscription_ask (mns_subscription_t *subscription, int64_t now_ms, mns_head_t *head);
int64_t mns_subscription_wait_ms (const mns_subscription_t *subscription, int64_t now_ms); /* −1: nothing due */
/* Another beginning: the next SUB asks for what comes after `from`, also when the subscription had ended. */
void mns_subscription_restart (mns_subscription_t *subscription, mns_offset_t from, int64_t now_ms);
/* The connection is gone: what is asked anew begins at the offset. */
void mns_subscription_lost (mns_subscription_t *subscription, int64_t now_ms);
/* SUBOK, EVT, IDLE, GAP or SUBEND. */
mns_take_t mns_subscription_take (mns_subscription_t *subscription, mns_frame_kind_t kind, const mns_head_t *head,
                                  int64_t now_ms, mns_error_t *error);

#endif
