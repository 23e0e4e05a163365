/* The bus client: what is asked waits in a table until its answer comes or its time is over; it is asked again, under
 * the same key, after a lost connection and after an error that may pass. */
#include "common/bus_private.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static void take (mns_bus_t *bus, mns_frame_kind_t kind) {
  switch (kind) {
  case MNS_WELCOME:
    bus->welcomes++;
    mns_subscription_lost (&bus->subscription, now_ms ());
    mns_bus_ask_again (bus);
    break;
  case MNS_REPLY:
  case MNS_SNAPROW:
  case MNS_SNAPEND:
  case MNS_ERR:
    mns_bus_take_answer (bus, kind);
    break;
  case MNS_SUBOK:
  case MNS_EVT:
  case MNS_IDLE:
  case MNS_GAP:
  case MNS_SUBEND:
    mns_bus_take_event (bus, kind);
    break;
  default:
    break;
  }
}

static bool room (const mns_bus_t *bus) {
  return bus->delivery_count < MNS_BUS_DELIVERIES;
}

/* Milliseconds until something is due by itself, at most `wait`. */
static int64_t due (mns_bus_t *bus, int64_t wait) {
  int64_t link = mns_link_wait_ms (&bus->link), ask = mns_subscription_wait_ms (&bus->subscription, now_ms ());
  wait = link < wait ? link : wait;
  if (bus->link.state == MNS_LINK_UP && ask >= 0 && ask < wait)
    wait = ask;
  return mns_bus_tend (bus, wait);
}

void mns_bus_pump (mns_bus_t *bus, int64_t wait) {
  mns_frame_kind_t kind;
  wait = due (bus, wait);
  zmq_pollitem_t item = {bus->link.socket, 0, mns_link_poll (&bus->link), 0};
  zmq_poll (&item, bus->link.socket ? 1 : 0, wait);
  while (room (bus) && (kind = mns_link_receive (&bus->link, &bus->head, &bus->body)))
    take (bus, kind);
  mns_link_tick (&bus->link);
  mns_bus_ask_subscription (bus);
  mns_bus_give_credit (bus);
}

/* A refusal that time does not heal. */
bool mns_bus_refused (const mns_bus_t *bus) {
  mns_rc_t rc = bus->link.error.rc;
  return bus->link.state != MNS_LINK_UP && rc != MNS_OK && !mns_error_retry (rc);
}

static mns_rc_t wait_welcome (mns_bus_t *bus, int timeout_ms, mns_error_t *error) {
  int64_t until = now_ms () + timeout_ms;
  while (bus->link.state != MNS_LINK_UP && now_ms () < until && !mns_bus_refused (bus))
    mns_bus_pump (bus, until - now_ms ());
  if (bus->link.state == MNS_LINK_UP)
    return MNS_OK;
  if (mns_bus_refused (bus))
    return mns_fail (error, bus->link.error.rc, bus->link.error.where, "%s", bus->link.error.detail);
  bool over_tcp = !strncmp (bus->config->bus, "tcp://", 6);
  return mns_fail (error, MNS_UNAVAILABLE, bus->config->bus,
                   "nobody answers at the bus: start the stack (mns up), or set 'bus' to where it is%s",
                   over_tcp ? "; a broker is silent too when no account has this program's key" : "");
}

mns_rc_t mns_bus_open (mns_bus_t **out, const mns_config_t *config, const mns_bus_options_t *options, int timeout_ms,
                       mns_error_t *error) {
  mns_bus_t *bus = mns_alloc (sizeof *bus);
  memset (bus, 0, sizeof *bus);
  bus->config = config;
  zmq_msg_init (&bus->body);
  mns_link_init (&bus->link, options->context, config, options->who ? options->who : "");
  mns_text_copy (bus->link.hello.account, sizeof bus->link.hello.account, options->account ? options->account : "");
  if (options->software)
    mns_text_copy (bus->link.hello.software, sizeof bus->link.hello.software, options->software);
  mns_rc_t rc = wait_welcome (bus, timeout_ms, error);
  if (rc != MNS_OK)
    mns_bus_destroy (&bus);
  *out = bus;
  return rc;
}

void mns_bus_destroy (mns_bus_t **owner) {
  mns_bus_t *bus = *owner;
  if (!bus)
    return;
  mns_link_fini (&bus->link);
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number > 0)
      mns_bus_forget (&bus->pending[i]);
  while (bus->delivery_count > 0)
    mns_bus_drop_delivery (bus);
  zmq_msg_close (&bus->body);
  free (bus->pending);
  free (bus);
  *owner = NULL;
}

const mns_head_t *mns_bus_welcome (const mns_bus_t *bus) {
  return &bus->link.welcome;
}

/* ---- event loops ------------------------------------------------------------------------------------------------- */

void *mns_bus_socket (const mns_bus_t *bus) {
  return bus->link.socket;
}

int64_t mns_bus_wait_ms (mns_bus_t *bus) {
  return due (bus, 1000);
}

static bool readable (void *socket) {
  int events = 0;
  size_t size = sizeof events;
  return socket && zmq_getsockopt (socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLIN;
}

bool mns_bus_ready (const mns_bus_t *bus) {
  for (size_t i = 0; i < bus->pending_count; i++)
    if (bus->pending[i].number > 0 && bus->pending[i].answered)
      return true;
  return bus->delivery_count > 0 || readable (bus->link.socket);
}

void mns_bus_work (mns_bus_t *bus, int timeout_ms) {
  mns_bus_pump (bus, timeout_ms);
}

mns_rc_t mns_bus_state (const mns_bus_t *bus, mns_error_t *error) {
  const mns_error_t *why = &bus->link.error;
  if (bus->link.state == MNS_LINK_UP)
    return MNS_OK;
  if (why->rc == MNS_OK)
    return mns_fail (error, MNS_UNAVAILABLE, bus->config->bus, "the connection is being made");
  return mns_fail (error, why->rc, why->where, "%s", why->detail);
}
