/* The sockets of the bus. inproc and ipc are always open; TCP when configured, with CURVE and our authenticator, never
 * without. */
#include "common/dir.h"
#include "common/failpoint.h"
#include "common/log.h"
#include "services/broker/core.h"
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum {
  LINGER_MS = 500,
  QUEUE_MESSAGES = 1000, /* per peer and direction */
  HANDSHAKE_MS = 5000,
  HEARTBEAT_MS = 5000,
  HEARTBEAT_TIMEOUT_MS = 15000,
  BACKLOG = 512,
  ZAP_ENFORCE_DOMAIN = 93 /* not in zmq.h of 4.3.4, where it is a draft, but there */
};

#define ZAP_DOMAIN "minsheng"
#define INPROC_BUS "inproc://bus"

typedef struct {
  int option, value;
} setting_t;

static const setting_t settings[] = {
    {ZMQ_LINGER, LINGER_MS},
    {ZMQ_SNDTIMEO, 0},
    {ZMQ_SNDHWM, QUEUE_MESSAGES},
    {ZMQ_RCVHWM, QUEUE_MESSAGES},
    {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
    {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
    {ZMQ_BACKLOG, BACKLOG},
    {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
};

static mns_rc_t failed (const char *where, mns_error_t *error) {
  return mns_fail (error, errno == EADDRINUSE ? MNS_IN_USE : MNS_IO, where, "the socket cannot be opened: %s",
                   zmq_strerror (errno));
}

void *broker_socket (broker_t *broker, int type, mns_error_t *error) {
  const int64_t largest = 2 * (int64_t)MNS_BODY_MAX + MNS_HEAD_MAX;
  const int mandatory = 1;
  void *socket = zmq_socket (broker->context, type);
  bool set = socket != NULL && zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) == 0;
  for (size_t i = 0; set && i < sizeof settings / sizeof *settings; i++)
    set = zmq_setsockopt (socket, settings[i].option, &settings[i].value, sizeof (int)) == 0;
  if (set && type == ZMQ_ROUTER)
    set = zmq_setsockopt (socket, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof mandatory) == 0;
  if (set)
    return socket;
  failed ("bus", error);
  if (socket != NULL)
    zmq_close (socket);
  return NULL;
}

mns_rc_t broker_socket_secure (broker_t *broker, void *socket, mns_error_t *error) {
  const int yes = 1;
  const int enforced = !mns_mutant ("zap_not_enforced");
  if (zmq_setsockopt (socket, ZAP_ENFORCE_DOMAIN, &enforced, sizeof enforced) == 0 &&
      zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen (ZAP_DOMAIN)) == 0 &&
      zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &yes, sizeof yes) == 0 &&
      zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, broker->keys.secret_key, MNS_KEY_TEXT) == 0)
    return MNS_OK;
  return mns_fail (error, MNS_INTERNAL, "curve", "this build of ZeroMQ cannot close a socket to strangers: %s",
                   zmq_strerror (errno));
}

static mns_rc_t open_door (broker_t *broker, broker_door_t door, const char *endpoint, mns_error_t *error) {
  void *socket = broker_socket (broker, ZMQ_ROUTER, error);
  if (socket == NULL)
    return error->rc;
  broker->doors[door] = socket;
  mns_rc_t rc = door == BROKER_TCP ? broker_socket_secure (broker, socket, error) : MNS_OK;
  if (rc == MNS_OK && zmq_bind (socket, endpoint) != 0)
    rc = failed (endpoint, error);
  return rc;
}

/* The folder of the local socket is what keeps others of this machine out. */
static mns_rc_t make_run (const broker_t *broker, char endpoint[MNS_PATH_MAX], mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (path, broker->config->data, "run", error);
  if (rc == MNS_OK)
    rc = mns_dir_make (path, 0700, error);
  if (rc == MNS_OK && chmod (path, 0700) != 0)
    rc = mns_fail (error, mns_dir_errno (errno), path, "the folder cannot be closed to others: %s", strerror (errno));
  if (rc == MNS_OK && snprintf (endpoint, MNS_PATH_MAX, "ipc://%s/bus", path) >= MNS_PATH_MAX)
    rc = mns_fail (error, MNS_TOO_LONG, path, "the path of the data directory is too long for a local socket");
  return rc;
}

static bool is_on (const char *endpoint) {
  return endpoint[0] && strcmp (endpoint, "off") != 0;
}

/* Each connection is a file. Out of files, libzmq would try to accept without end: all that may be had is taken. */
static void raise_files (void) {
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

mns_rc_t broker_doors_open (broker_t *broker, mns_error_t *error) {
  char endpoint[MNS_PATH_MAX];
  bool tcp = is_on (broker->config->bus_listen), feed = is_on (broker->config->feed_listen);
  bool curve = tcp || (feed && strcmp (broker->config->feed_curve, "yes") == 0);
  raise_files ();
  mns_rc_t rc = make_run (broker, endpoint, error);
  if (rc == MNS_OK && curve)
    rc = broker_zap_start (broker, error);
  if (rc == MNS_OK)
    rc = open_door (broker, BROKER_INPROC, INPROC_BUS, error);
  if (rc == MNS_OK)
    rc = open_door (broker, BROKER_IPC, endpoint, error);
  if (rc == MNS_OK && tcp)
    rc = open_door (broker, BROKER_TCP, broker->config->bus_listen, error);
  if (rc == MNS_OK && feed)
    rc = broker_feed_open (broker, error);
  return rc;
}

/* A socket gives up its name some time after it is closed; the next broker of this process must not find it taken. */
void broker_doors_close (broker_t *broker) {
  broker_feed_close (broker);
  if (broker->doors[BROKER_INPROC] != NULL)
    zmq_unbind (broker->doors[BROKER_INPROC], INPROC_BUS);
  for (int door = 0; door < BROKER_DOORS; door++) {
    if (broker->doors[door] != NULL)
      zmq_close (broker->doors[door]);
    broker->doors[door] = NULL;
  }
  broker_zap_stop (broker);
}
