/* The authenticator (ZeroMQ RFC 27): a thread that answers for every CURVE connection whose key is in accounts.yaml
 * with the account's name as User-Id, and refuses all others for good. (A temporary refusal would leave some clients
 * dead.)
 *
 * Started and proved before a socket is bound; when it ends, the broker ends. */
#include "common/dir.h"
#include "common/failpoint.h"
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

enum {
  ZAP_VERSION,
  ZAP_REQUEST,
  ZAP_DOMAIN,
  ZAP_ADDRESS,
  ZAP_ROUTE,
  ZAP_MECHANISM,
  ZAP_KEY,
  ZAP_FRAMES,
  KEY_BYTES = 32,
  PROOF_TIMEOUT_MS = 2000,
  STRANGERS_MAX = 16,
  TELL_EVERY_MS = 1000,
  SILENT_MAX = 10 /* questions without an answer, one a second */
};

/* What is said on the pipe of the actor. */
enum { ZAP_ALIVE = 'A', ZAP_REFUSED = 'R' };

/* Somebody whom nobody knows, and how often it knocked. */
typedef struct {
  char address[64], key[MNS_KEY_TEXT];
  uint64_t count;
} stranger_t;

typedef struct {
  mns_accounts_t accounts;
  void *socket, *pipe;
  char proof_key[MNS_KEY_TEXT];        /* of the stranger that proves us */
  bool leaving, hanging;               /* a test wants to see what happens when we end, or hang */
  stranger_t strangers[STRANGERS_MAX]; /* the last: all that found no place */
  size_t stranger_count;
  int64_t told_ms;
} zap_t;

static bool frame_is (zmq_msg_t *frame, const char *text) {
  size_t size = strlen (text);
  return zmq_msg_size (frame) == size && memcmp (zmq_msg_data (frame), text, size) == 0;
}

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

/* Counted here and told to the broker once a second, so that a stranger cannot fill the disk with refusals. */
static void note_refusal (zap_t *zap, zmq_msg_t *address, const char *key) {
  stranger_t stranger = {.count = 1};
  size_t at = 0, size = zmq_msg_size (address);
  snprintf (stranger.address, sizeof stranger.address, "%.*s", (int)(size < 60 ? size : 60),
            (const char *)zmq_msg_data (address));
  mns_text_repair (stranger.address);
  mns_text_copy (stranger.key, sizeof stranger.key, key);
  while (at < zap->stranger_count && at + 1 < STRANGERS_MAX &&
         (strcmp (zap->strangers[at].address, stranger.address) != 0 || strcmp (zap->strangers[at].key, key) != 0))
    at++;
  if (at == zap->stranger_count) {
    zap->strangers[zap->stranger_count++] = stranger;
    return;
  }
  zap->strangers[at].count++;
}

static void tell_refusals (zap_t *zap) {
  const char what = ZAP_REFUSED;
  zap->told_ms = mns_clock.monotonic_ms ();
  if (!broker_frame_send_bytes (zap->pipe, &what, 1, true))
    return; /* the broker is busy: it hears of them later */
  broker_frame_send_bytes (zap->pipe, zap->strangers, zap->stranger_count * sizeof *zap->strangers, false);
  zap->stranger_count = 0;
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

static const mns_account_t *find_account (zap_t *zap, zmq_msg_t *frames, size_t count) {
  char key[MNS_KEY_TEXT] = "";
  bool changed;
  mns_error_t error;
  if (count != ZAP_FRAMES || !frame_is (&frames[ZAP_VERSION], "1.0") || !frame_is (&frames[ZAP_MECHANISM], "CURVE") ||
      zmq_msg_size (&frames[ZAP_KEY]) != KEY_BYTES)
    return NULL;
  zmq_z85_encode (key, zmq_msg_data (&frames[ZAP_KEY]), KEY_BYTES);
  mns_accounts_refresh (&zap->accounts, &changed, &error);
  const mns_account_t *account = mns_accounts_by_key (&zap->accounts, key);
  bool proof = strcmp (key, zap->proof_key) == 0;
  zap->leaving = !proof && mns_mutant ("zap_leaves");
  if (account == NULL && !proof)
    note_refusal (zap, &frames[ZAP_ADDRESS], key);
  return account;
}

static void answer (zap_t *zap) {
  zmq_msg_t frames[ZAP_FRAMES];
  size_t count;
  if (!broker_frames_receive (zap->socket, frames, ZAP_FRAMES, &count, false))
    return;
  const mns_account_t *account = find_account (zap, frames, count);
  const char *name = account != NULL ? account->name : "";
  bool good = account != NULL || mns_mutant ("zap_lets_in");
  broker_frame_send_bytes (zap->socket, "1.0", 3, true);
  if (count > ZAP_REQUEST)
    broker_frame_send (zap->socket, &frames[ZAP_REQUEST], true);
  broker_frame_send_bytes (zap->socket, good ? "200" : "400", 3, true);
  broker_frame_send_bytes (zap->socket, good ? "OK" : "NO", 2, true);
  broker_frame_send_bytes (zap->socket, name, strlen (name), true);
  broker_frame_send_bytes (zap->socket, NULL, 0, false);
  for (size_t i = 0; i < count && i < ZAP_FRAMES; i++)
    if (i != ZAP_REQUEST)
      zmq_msg_close (&frames[i]);
}

/* The broker asks whether we live. False: $TERM. */
static bool answer_broker (zap_t *zap) {
  zmq_msg_t frame;
  size_t count;
  const char what = ZAP_ALIVE;
  if (!broker_frames_receive (zap->pipe, &frame, 1, &count, false))
    return true;
  bool asked = zmq_msg_size (&frame) == 1 && *(const char *)zmq_msg_data (&frame) == ZAP_ALIVE;
  zmq_msg_close (&frame);
  zap->hanging = mns_mutant ("zap_hangs");
  if (asked && !zap->hanging)
    broker_frame_send_bytes (zap->pipe, &what, 1, false);
  return asked;
}

static void run (zap_t *zap) {
  for (;;) {
    zmq_pollitem_t items[] = {{zap->pipe, 0, ZMQ_POLLIN, 0}, {zap->socket, 0, ZMQ_POLLIN, 0}};
    if (zmq_poll (items, zap->hanging ? 1 : 2, zap->stranger_count > 0 ? TELL_EVERY_MS : -1) < 0 && errno != EINTR)
      return;
    if (items[0].revents && !answer_broker (zap))
      return;
    if (items[1].revents)
      answer (zap);
    if (zap->stranger_count > 0 && mns_clock.monotonic_ms () - zap->told_ms >= TELL_EVERY_MS)
      tell_refusals (zap);
    if (zap->leaving)
      return;
  }
}

static void zap_actor (zsock_t *pipe, void *args) {
  broker_t *broker = args; /* only until the signal: configuration and context */
  zap_t zap = {.pipe = zsock_resolve (pipe)};
  mns_error_t error;
  memcpy (zap.proof_key, broker->stranger.public_key, sizeof zap.proof_key);
  const int linger = 0;
  bool good = mns_accounts_open (&zap.accounts, broker->config->data, &error) == MNS_OK;
  zap.socket = zmq_socket (broker->context, ZMQ_REP);
  good = good && zap.socket != NULL && zmq_setsockopt (zap.socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
         zmq_bind (zap.socket, ZAP_ENDPOINT) == 0;
  zsock_signal (pipe, good ? 0 : 1);
  if (good)
    run (&zap);
  if (zap.socket != NULL) {
    zmq_unbind (zap.socket, ZAP_ENDPOINT); /* the next broker of this process must not find the name taken */
    zmq_close (zap.socket);
  }
  mns_accounts_fini (&zap.accounts);
}

/* ---- the proof --------------------------------------------------------------------------------------------------- */

typedef struct {
  void *server, *client, *events;
  char monitor[64];
} proof_t;

static bool secure_client (const broker_t *broker, void *client) {
  const int none = 0, never = -1;
  return zmq_setsockopt (client, ZMQ_LINGER, &none, sizeof none) == 0 &&
         zmq_setsockopt (client, ZMQ_RECONNECT_IVL, &never, sizeof never) == 0 &&
         zmq_setsockopt (client, ZMQ_CURVE_SERVERKEY, broker->keys.public_key, MNS_KEY_TEXT) == 0 &&
         zmq_setsockopt (client, ZMQ_CURVE_PUBLICKEY, broker->stranger.public_key, MNS_KEY_TEXT) == 0 &&
         zmq_setsockopt (client, ZMQ_CURVE_SECRETKEY, broker->stranger.secret_key, MNS_KEY_TEXT) == 0;
}

/* A server like the bus over TCP, and a stranger who will connect to it, watched. */
static bool proof_open (proof_t *proof, broker_t *broker, const char *endpoint) {
  mns_error_t error;
  snprintf (proof->monitor, sizeof proof->monitor, "inproc://%p%s", (void *)broker, strrchr (endpoint, '/'));
  proof->server = broker_socket (broker, ZMQ_ROUTER, &error);
  proof->client = zmq_socket (broker->context, ZMQ_DEALER);
  proof->events = zmq_socket (broker->context, ZMQ_PAIR);
  return proof->server != NULL && proof->client != NULL && proof->events != NULL &&
         broker_socket_secure (broker, proof->server, &error) == MNS_OK && zmq_bind (proof->server, endpoint) == 0 &&
         secure_client (broker, proof->client) &&
         zmq_socket_monitor (proof->client, proof->monitor, ZMQ_EVENT_ALL) == 0 &&
         zmq_connect (proof->events, proof->monitor) == 0;
}

static void proof_close (proof_t *proof) {
  if (proof->client != NULL) {
    zmq_socket_monitor (proof->client, NULL, 0);
    zmq_close (proof->client);
  }
  if (proof->events != NULL)
    zmq_close (proof->events);
  if (proof->server != NULL)
    zmq_close (proof->server);
}

/* True when the connection was refused, false when it was accepted or nothing can be said. */
static bool watch (void *events) {
  const int refused = ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                      ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED;
  zmq_pollitem_t item = {events, 0, ZMQ_POLLIN, 0};
  while (zmq_poll (&item, 1, PROOF_TIMEOUT_MS) == 1) {
    zmq_msg_t frames[2];
    size_t count;
    uint16_t event = 0;
    if (!broker_frames_receive (events, frames, 2, &count, false))
      continue;
    memcpy (&event, zmq_msg_data (&frames[0]), zmq_msg_size (&frames[0]) < 2 ? 0 : 2);
    for (size_t i = 0; i < count && i < 2; i++)
      zmq_msg_close (&frames[i]);
    if (event & refused || event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
      return event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
  }
  return false;
}

/* Somebody with a key that nobody has really connects, and must be refused. Each time under a name of its own: the last
 * one's may not be free yet. */
static bool stranger_refused (broker_t *broker, const char *name) {
  char endpoint[MNS_PATH_MAX];
  proof_t proof = {0};
  if (snprintf (endpoint, sizeof endpoint, "ipc://%s/run/%s", broker->config->data, name) >= (int)sizeof endpoint)
    return false;
  bool refused =
      proof_open (&proof, broker, endpoint) && zmq_connect (proof.client, endpoint) == 0 && watch (proof.events);
  proof_close (&proof);
  return refused;
}

static mns_rc_t load_keys (broker_t *broker, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  if (broker->config->key_file[0])
    return mns_keys_load (&broker->keys, broker->config->key_file, error);
  if (snprintf (path, sizeof path, "%s/keys/broker.key", broker->config->data) >= (int)sizeof path)
    return mns_fail (error, MNS_TOO_LONG, broker->config->data, "the path of the data directory is too long");
  return mns_keys_load (&broker->keys, path, error);
}

mns_rc_t broker_zap_start (broker_t *broker, mns_error_t *error) {
  mns_rc_t rc = load_keys (broker, error);
  if (rc == MNS_OK)
    rc = mns_keys_make (&broker->stranger, error);
  if (rc != MNS_OK)
    return rc;
  if (!stranger_refused (broker, "unattended"))
    return mns_fail (
        error, MNS_INTERNAL, "zap",
        "without an authenticator a stranger is not refused (ZMQ_ZAP_ENFORCE_DOMAIN): the bus stays closed");
  broker->zap_actor = zactor_new (zap_actor, broker);
  if (broker->zap_actor != NULL && stranger_refused (broker, "attended"))
    return MNS_OK;
  return mns_fail (error, MNS_INTERNAL, "zap",
                   "the authenticator did not start, or let a stranger in: the bus stays closed");
}

void broker_zap_stop (broker_t *broker) {
  zactor_destroy (&broker->zap_actor);
  mns_keys_clear (&broker->keys);
  mns_keys_clear (&broker->stranger);
}

/* ---- the broker's side of the pipe ------------------------------------------------------------------------------- */

static void hear_refusals (broker_t *broker, const zmq_msg_t *frame) {
  stranger_t stranger;
  const uint8_t *at = zmq_msg_data ((zmq_msg_t *)frame);
  for (size_t left = zmq_msg_size (frame); left >= sizeof stranger; left -= sizeof stranger, at += sizeof stranger) {
    char quoted[128];
    mns_audit_refusal_t refusal;
    memcpy (&stranger, at, sizeof stranger);
    mns_record_clear (&mns_audit_refusal_type, &refusal);
    strcpy (refusal.door, "tcp");
    strcpy (refusal.verb, "connect");
    snprintf (refusal.address, sizeof refusal.address, "%s", stranger.address);
    snprintf (refusal.what, sizeof refusal.what, "key %.10s", stranger.key); /* enough to tell one from another */
    mns_text_copy (refusal.reason, sizeof refusal.reason, mns_error_word (MNS_UNAUTHENTICATED));
    refusal.count = stranger.count;
    broker_audit_refusal (broker, &refusal);
    mns_log (MNS_LOG_WARN, "broker", "key.refused", "address=%s key=%s count=%llu",
             mns_log_quote (stranger.address, quoted, sizeof quoted), stranger.key, (unsigned long long)stranger.count);
  }
}

void broker_zap_tick (broker_t *broker) {
  zmq_msg_t frames[2];
  size_t count;
  while (broker->zap_actor != NULL &&
         broker_frames_receive (zsock_resolve (broker->zap_actor), frames, 2, &count, false)) {
    char what = zmq_msg_size (&frames[0]) == 1 ? *(const char *)zmq_msg_data (&frames[0]) : 0;
    broker->zap_silence = 0;
    if (what == ZAP_REFUSED && count == 2)
      hear_refusals (broker, &frames[1]);
    else if (what != ZAP_ALIVE)
      mns_fail (&broker->failure, MNS_INTERNAL, "zap", "the authenticator has ended: nobody new may be let in");
    for (size_t i = 0; i < count && i < 2; i++)
      zmq_msg_close (&frames[i]);
  }
}

/* Seconds are counted, not measured: a process that was stopped for a while has not heard it either. */
void broker_zap_ask (broker_t *broker) {
  const char what = ZAP_ALIVE;
  if (broker->zap_actor == NULL)
    return;
  broker_frame_send_bytes (zsock_resolve (broker->zap_actor), &what, 1, false);
  if (++broker->zap_silence > SILENT_MAX)
    mns_fail (&broker->failure, MNS_INTERNAL, "zap", "the authenticator does not answer: nobody new may be let in");
}
