/* Those who behave. */
#include "tests/fault/hostile/good.h"
#include "common/clock.h"
#include "common/pack.h"
#include <czmq.h>

enum { WINDOW = 16, BODY = 200, CREDIT = 256, ASK_AGAIN_MS = 2000, PUSH_AGAIN_MS = 2000 };

#define ACCOUNT "good"
#define COMMAND "good.answer"
#define PREFIX  "good."
#define TOPIC   "good.note.510322000000.made"

/* ---- the producer, and worker ------------------------------------------------------------------------------------ */

/* Goes on behind record `number`: each sends the same bytes for a number again, so the chain is that of the first time.
 */
static void go_on_behind (good_t *good, uint64_t number, uint64_t chain) {
  good->sent = good->acked = number;
  good->sent_chain = chain;
}

static void send_record (good_t *good) {
  static const uint8_t body[BODY];
  mns_head_t *head = &good->head;
  mns_event_t event = {.topic = TOPIC, .topic_size = strlen (TOPIC), .type = "note", .version = 1, .items = 1};
  strcpy (event.producer, ACCOUNT);
  event.producer_epoch = 1;
  event.number = good->sent + 1;
  mns_buffer_clear (&good->record);
  mns_event_pack (&event, body, sizeof body, &good->record);
  mns_head_clear (head);
  strcpy (head->producer, ACCOUNT);
  head->producer_epoch = 1;
  head->number = event.number;
  head->chain = good->sent_chain;
  head->count = 1;
  if (mns_link_send (&good->producer, MNS_PUB, head, good->record.data, good->record.size) != MNS_OK)
    return;
  good->sent++;
  good->sent_chain = mns_chain (good->sent_chain, good->record.data, good->record.size);
  good->producer.hello.number = good->sent;
  good->producer.hello.chain = good->sent_chain;
}

static void announce (good_t *good) {
  mns_head_clear (&good->head);
  mns_buffer_clear (&good->record);
  mns_pack_array (&good->record, 1);
  mns_pack_text (&good->record, COMMAND, strlen (COMMAND));
  mns_link_send (&good->producer, MNS_READY, &good->head, good->record.data, good->record.size);
}

static void take_for_producer (good_t *good, mns_frame_kind_t kind) {
  const mns_head_t heard = good->head;
  if (kind == MNS_WELCOME) {
    go_on_behind (good, heard.number, heard.chain);
    announce (good);
  } else if (kind == MNS_PNAK) {
    go_on_behind (good, heard.number - 1, heard.chain);
  } else if (kind == MNS_PACK) {
    good->counts.acked += heard.number - good->acked;
    good->acked = heard.number;
  } else if (kind == MNS_REQUEST) {
    mns_head_clear (&good->head);
    good->head.request = heard.request;
    mns_link_send (&good->producer, MNS_REPLY, &good->head, NULL, 0);
  }
  good->pushed_ms = mns_clock.monotonic_ms ();
}

/* ---- the subscriber, and asker ----------------------------------------------------------------------------------- */

static void ask (good_t *good) {
  mns_head_clear (&good->head);
  strcpy (good->head.command, COMMAND);
  good->head.request = ++good->request;
  good->head.deadline_ms = ASK_AGAIN_MS;
  good->head.key.bytes[6] = 0x70; /* version 7; each a key of its own */
  memcpy (good->head.key.bytes + 8, &good->request, sizeof good->request);
  mns_link_send (&good->subscriber, MNS_REQUEST, &good->head, NULL, 0);
  good->asked_ms = mns_clock.monotonic_ms ();
}

static void subscribe (good_t *good) {
  mns_head_clear (&good->head);
  good->head.subscription = ++good->subscription;
  good->head.log_number = good->offset;
  good->head.credit_messages = CREDIT;
  good->head.credit_bytes = 1 << 20;
  good->head.prefix_count = 1;
  strcpy (good->head.prefixes[0], PREFIX);
  good->given = good->given_bytes = 0;
  mns_link_send (&good->subscriber, MNS_SUB, &good->head, NULL, 0);
}

static void give_credit (good_t *good) {
  mns_head_clear (&good->head);
  good->head.subscription = good->subscription;
  good->head.credit_messages = good->given;
  good->head.credit_bytes = good->given_bytes;
  if (mns_link_send (&good->subscriber, MNS_CREDIT, &good->head, NULL, 0) == MNS_OK)
    good->given = good->given_bytes = 0;
}

static void take_for_subscriber (good_t *good, mns_frame_kind_t kind) {
  if (kind == MNS_WELCOME) {
    subscribe (good);
    ask (good);
  } else if (kind == MNS_SUBOK || kind == MNS_IDLE || kind == MNS_GAP) {
    uint64_t last = kind == MNS_SUBOK ? good->head.log_number : good->head.last;
    good->offset = last != UINT64_MAX ? last : good->offset;
  } else if (kind == MNS_EVT) {
    good->offset = good->head.last;
    good->counts.delivered += good->head.count;
    good->given++;
    good->given_bytes += zmq_msg_size (&good->body);
    if (good->given >= CREDIT / 4)
      give_credit (good);
  } else if (kind == MNS_SUBEND) {
    subscribe (good);
  } else if ((kind == MNS_REPLY || kind == MNS_ERR) && good->head.request == good->request) {
    good->counts.answered += kind == MNS_REPLY;
    ask (good);
  }
}

/* ---- both -------------------------------------------------------------------------------------------------------- */

void good_init (good_t *good, const mns_config_t *config) {
  memset (good, 0, sizeof *good);
  good->config = config;
  good->offset = UINT64_MAX;
  zmq_msg_init (&good->body);
  mns_link_init (&good->producer, zsys_init (), config, "");
  mns_link_init (&good->subscriber, zsys_init (), config, "");
  strcpy (good->producer.hello.producer, ACCOUNT);
  good->producer.hello.producer_epoch = 1;
}

void good_fini (good_t *good) {
  mns_link_fini (&good->producer);
  mns_link_fini (&good->subscriber);
  zmq_msg_close (&good->body);
  mns_buffer_fini (&good->record);
}

/* What is due without anything having come. */
static void tend (good_t *good) {
  int64_t now = mns_clock.monotonic_ms ();
  mns_link_tick (&good->producer);
  mns_link_tick (&good->subscriber);
  if (good->producer.state == MNS_LINK_UP && good->sent > good->acked && now - good->pushed_ms > PUSH_AGAIN_MS)
    mns_link_greet_again (&good->producer);
  while (good->producer.state == MNS_LINK_UP && good->sent - good->acked < WINDOW) {
    uint64_t before = good->sent;
    send_record (good);
    if (good->sent == before)
      break;
  }
  if (good->subscriber.state == MNS_LINK_UP && now - good->asked_ms > ASK_AGAIN_MS)
    ask (good);
}

void good_work (good_t *good, int64_t until_ms) {
  mns_frame_kind_t kind;
  while (mns_clock.monotonic_ms () < until_ms) {
    zmq_pollitem_t items[] = {{good->producer.socket, -1, mns_link_poll (&good->producer), 0},
                              {good->subscriber.socket, -1, mns_link_poll (&good->subscriber), 0}};
    zmq_poll (items, good->producer.socket && good->subscriber.socket ? 2 : 0, 10);
    while ((kind = mns_link_receive (&good->producer, &good->head, &good->body)) != 0)
      take_for_producer (good, kind);
    while ((kind = mns_link_receive (&good->subscriber, &good->head, &good->body)) != 0)
      take_for_subscriber (good, kind);
    tend (good);
  }
}
