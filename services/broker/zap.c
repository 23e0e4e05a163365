/* The authenticator (ZeroMQ RFC 27): a thread that answers for every CURVE connection whose key is in accounts.yaml
 * with the account's name as User-Id, and refuses all others for good. (A temporary refusal would leave some clients
 * dead.)
 *
 * Started and proved before a socket is bound; when it ends, the broker ends. */
#include "common/dir.h"
#include "common/log.h"
#include "common/text.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"
#include <string.h>

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define SELF_TEST    "self-test" /* the address of our own question; ZeroMQ gives the peer's */

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
  LOG_EVERY_MS = 1000
};

typedef struct {
  mns_accounts_t accounts;
  void *socket, *pipe;
  int64_t logged_ms;
  uint64_t unlogged;
} zap_t;

static bool frame_is (zmq_msg_t *frame, const char *text) {
  size_t size = strlen (text);
  return zmq_msg_size (frame) == size && memcmp (zmq_msg_data (frame), text, size) == 0;
}

/* At most a line a second, so that a stranger cannot fill the disk with refusals. */
static void log_refusal (zap_t *zap, zmq_msg_t *address, const char *key) {
  char text[64], quoted[128];
  int64_t now = mns_clock.monotonic_ms ();
  zap->unlogged++;
  if (zap->logged_ms != 0 && now - zap->logged_ms < LOG_EVERY_MS)
    return;
  snprintf (text, sizeof text, "%.*s", (int)(zmq_msg_size (address) < 60 ? zmq_msg_size (address) : 60),
            (const char *)zmq_msg_data (address));
  mns_text_repair (text);
  mns_log (MNS_LOG_WARN, "broker", "key.refused", "address=%s key=%s count=%llu",
           mns_log_quote (text, quoted, sizeof quoted), key, (unsigned long long)zap->unlogged);
  zap->logged_ms = now;
  zap->unlogged = 0;
}

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
  if (account == NULL && !frame_is (&frames[ZAP_ADDRESS], SELF_TEST))
    log_refusal (zap, &frames[ZAP_ADDRESS], key);
  return account;
}

static void answer (zap_t *zap) {
  zmq_msg_t frames[ZAP_FRAMES];
  size_t count;
  if (!broker_frames_receive (zap->socket, frames, ZAP_FRAMES, &count, false))
    return;
  const mns_account_t *account = find_account (zap, frames, count);
  const char *name = account != NULL ? account->name : "";
  broker_frame_send_bytes (zap->socket, "1.0", 3, true);
  if (count > ZAP_REQUEST)
    broker_frame_send (zap->socket, &frames[ZAP_REQUEST], true);
  broker_frame_send_bytes (zap->socket, account != NULL ? "200" : "400", 3, true);
  broker_frame_send_bytes (zap->socket, account != NULL ? "OK" : "NO", 2, true);
  broker_frame_send_bytes (zap->socket, name, strlen (name), true);
  broker_frame_send_bytes (zap->socket, NULL, 0, false);
  for (size_t i = 0; i < count && i < ZAP_FRAMES; i++)
    if (i != ZAP_REQUEST)
      zmq_msg_close (&frames[i]);
}

static void run (zap_t *zap) {
  for (;;) {
    zmq_pollitem_t items[] = {{zap->pipe, 0, ZMQ_POLLIN, 0}, {zap->socket, 0, ZMQ_POLLIN, 0}};
    if (zmq_poll (items, 2, -1) < 0 && errno != EINTR)
      return;
    if (items[0].revents)
      return; /* $TERM */
    if (items[1].revents)
      answer (zap);
  }
}

static void zap_actor (zsock_t *pipe, void *args) {
  broker_t *broker = args; /* only until the signal: configuration and context */
  zap_t zap = {.pipe = zsock_resolve (pipe)};
  mns_error_t error;
  const int linger = 0;
  bool good = mns_accounts_open (&zap.accounts, broker->config->data, &error) == MNS_OK;
  zap.socket = zmq_socket (broker->context, ZMQ_REP);
  good = good && zap.socket != NULL && zmq_setsockopt (zap.socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
         zmq_bind (zap.socket, ZAP_ENDPOINT) == 0;
  zsock_signal (pipe, good ? 0 : 1);
  if (good)
    run (&zap);
  if (zap.socket != NULL)
    zmq_close (zap.socket);
  mns_accounts_fini (&zap.accounts);
}

/* Asks as ZeroMQ would, with a key that nobody has: the answer must be 400. */
static bool ask_as_stranger (void *socket) {
  static const char *const question[ZAP_KEY] = {"1.0", "1", "minsheng", SELF_TEST, "", "CURVE"};
  uint8_t stranger[KEY_BYTES] = {0};
  zmq_msg_t frames[ZAP_FRAMES];
  size_t count;
  bool sent = true;
  for (int i = 0; sent && i < ZAP_KEY; i++)
    sent = broker_frame_send_bytes (socket, question[i], strlen (question[i]), true);
  sent = sent && broker_frame_send_bytes (socket, stranger, sizeof stranger, false);
  zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
  if (!sent || zmq_poll (&item, 1, PROOF_TIMEOUT_MS) != 1 ||
      !broker_frames_receive (socket, frames, ZAP_FRAMES, &count, false))
    return false;
  bool refused = count > 2 && frame_is (&frames[2], "400");
  for (size_t i = 0; i < count && i < ZAP_FRAMES; i++)
    zmq_msg_close (&frames[i]);
  return refused;
}

static bool prove (broker_t *broker) {
  const int linger = 0;
  void *socket = zmq_socket (broker->context, ZMQ_REQ);
  bool proved = socket != NULL && zmq_setsockopt (socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
                zmq_connect (socket, ZAP_ENDPOINT) == 0 && ask_as_stranger (socket);
  if (socket != NULL)
    zmq_close (socket);
  return proved;
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
  if (rc != MNS_OK)
    return rc;
  broker->zap_actor = zactor_new (zap_actor, broker);
  if (broker->zap_actor != NULL && prove (broker))
    return MNS_OK;
  return mns_fail (error, MNS_INTERNAL, "zap",
                   "the authenticator did not start, or let a stranger in: the bus stays closed");
}

void broker_zap_stop (broker_t *broker) {
  zactor_destroy (&broker->zap_actor);
  mns_keys_clear (&broker->keys);
}

bool broker_zap_alive (broker_t *broker) {
  if (broker->zap_actor == NULL)
    return true;
  zmq_pollitem_t item = {zsock_resolve (broker->zap_actor), 0, ZMQ_POLLIN, 0};
  return zmq_poll (&item, 1, 0) == 0; /* its pipe speaks only when its thread has ended */
}
