/* What the source files of the bus client share; nobody else includes it. */
#ifndef MNS_COMMON_BUS_PRIVATE_H
#define MNS_COMMON_BUS_PRIVATE_H

#include "common/bus.h"
#include "common/clock.h"
#include "common/link.h"
#include "common/subscription.h"

#define MNS_BUS_DELIVERIES (MNS_CREDIT_MESSAGES * 2)
enum { MNS_BUS_CALL_MS = 10000 };

/* One request on its way, or its answer. */
typedef struct {
  uint64_t number; /* of the caller's; 0: free */
  char command[MNS_NAME_MAX + 1];
  const mns_head_t *snap; /* a SNAP: what it says besides; borrowed. NULL: a REQUEST */
  mns_uuid_t key;
  zmq_msg_t body;                /* kept for asking again */
  int64_t deadline_ms, again_ms; /* again_ms 0: an answer is awaited */
  int pause_ms;
  bool answered;
  mns_head_t *answer; /* also the last error that may pass */
  zmq_msg_t reply;
} mns_bus_pending_t;

/* An EVT that has not been read to its end, or a GAP that has not been told. */
typedef struct {
  mns_error_t gap;     /* MNS_OK: it is none */
  mns_offset_t behind; /* the offset once it is read */
  zmq_msg_t body;
  size_t at;
  uint64_t after; /* records up to this number are old */
} mns_bus_delivery_t;

struct mns_bus {
  const mns_config_t *config;
  mns_link_t link;
  uint64_t welcomes;
  mns_bus_pending_t *pending;
  size_t pending_count, pending_capacity;
  uint64_t last_number;
  mns_subscription_t subscription;
  mns_bus_delivery_t deliveries[MNS_BUS_DELIVERIES];
  size_t first_delivery, delivery_count;
  mns_offset_t given; /* behind what the caller was given */
  uint64_t durable;   /* number to which the caller says it is durable */
  uint64_t durable_told;
  int64_t durable_ms; /* when */
  uint64_t credit_messages, credit_bytes;
  mns_error_t ended; /* why the subscription is over */
  mns_head_t head;
  zmq_msg_t body;
};

/* A refusal that time does not heal. (bus.c) */
bool mns_bus_refused (const mns_bus_t *bus);
/* Waits up to `wait_ms` for something to happen, and takes all that came. (bus.c) */
void mns_bus_pump (mns_bus_t *bus, int64_t wait_ms);

/* bus_request.c: asks again what is due, ends what is late; the milliseconds until it must be called again, at most
 * `wait_ms`. */
int64_t mns_bus_tend (mns_bus_t *bus, int64_t wait_ms);
void mns_bus_ask_again (mns_bus_t *bus); /* everything unanswered: the connection is a new one */
void mns_bus_take_answer (mns_bus_t *bus, mns_frame_kind_t kind);
void mns_bus_forget (mns_bus_pending_t *pending);
/* bus_event.c */
void mns_bus_take_event (mns_bus_t *bus, mns_frame_kind_t kind);
void mns_bus_drop_delivery (mns_bus_t *bus); /* the first */
void mns_bus_ask_subscription (mns_bus_t *bus);
void mns_bus_give_credit (mns_bus_t *bus);

#endif
