/* A bad network: one thread polls the listener and both ends of each connection. */
#include "tests/support/proxy.h"
#include "common/clock.h"
#include "common/text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  PAIRS = 128,
  CHUNK = 65536,
  QUEUE_MAX = 4 << 20, /* held back before it stops reading */
  TICK_MS = 5,
  GREETING = 64, /* of ZMTP 3 */
  FRAME_MORE = 1,
  FRAME_LONG = 2,
  FRAME_COMMAND = 4
};

/* Bytes that wait, and since when. */
typedef struct chunk {
  struct chunk *next;
  int64_t came_ms;
  size_t at, size;
  uint8_t bytes[];
} chunk_t;

/* One way of a connection. */
typedef struct {
  int from, to;
  chunk_t *first, **last;
  size_t queued;
  int64_t budget_ms; /* trickle: when the bytes that went are paid for */
  mns_buffer_t raw;  /* the beginning of a frame, while messages are looked at */
  uint64_t greeted;
  bool inside, losing; /* a message; one that is lost */
  bool ended, closed;  /* nothing more comes; it is broken */
} way_t;

typedef struct {
  way_t ways[2];
} pair_t;

typedef struct {
  mns_frame_kind_t kind;
  uint64_t every, times, seen, lost;
} loss_t;

struct proxy {
  char endpoint[128], target[128];
  int listener, wake[2];
  pthread_t thread;
  pthread_mutex_t mutex; /* of what follows */
  proxy_mode_t mode;
  int value;
  bool reset, ends;
  loss_t loss[2];
  uint64_t connections;
  pair_t pairs[PAIRS]; /* the thread's own */
  size_t count;
};

/* ---- sockets ----------------------------------------------------------------------------------------------------- */

typedef union {
  struct sockaddr any;
  struct sockaddr_in in;
  struct sockaddr_un un;
} address_t;

/* The address of tcp://127.0.0.1:PORT or ipc://PATH; its size. */
static socklen_t parse (const char *endpoint, address_t *address) {
  memset (address, 0, sizeof *address);
  if (!strncmp (endpoint, "ipc://", 6)) {
    address->un.sun_family = AF_UNIX;
    mns_text_copy (address->un.sun_path, sizeof address->un.sun_path, endpoint + 6);
    return sizeof address->un;
  }
  const char *colon = strrchr (endpoint, ':');
  address->in.sin_family = AF_INET;
  address->in.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  address->in.sin_port = htons ((uint16_t)strtoul (colon + 1, NULL, 10));
  return sizeof address->in;
}

static bool begin_listening (proxy_t *proxy, const char *listen_at) {
  address_t address;
  socklen_t size = parse (listen_at, &address);
  proxy->listener = socket (address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (proxy->listener < 0 || bind (proxy->listener, &address.any, size) != 0 || listen (proxy->listener, 64) != 0)
    return false;
  if (address.any.sa_family == AF_UNIX)
    return mns_text_copy (proxy->endpoint, sizeof proxy->endpoint, listen_at);
  getsockname (proxy->listener, &address.any, &size);
  snprintf (proxy->endpoint, sizeof proxy->endpoint, "tcp://127.0.0.1:%d", ntohs (address.in.sin_port));
  return true;
}

static int connect_target (const proxy_t *proxy) {
  address_t address;
  socklen_t size = parse (proxy->target, &address);
  int file = socket (address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0 || connect (file, &address.any, size) != 0) {
    if (file >= 0)
      close (file);
    return -1;
  }
  fcntl (file, F_SETFL, O_NONBLOCK);
  return file;
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static void way_init (way_t *way, int from, int to) {
  memset (way, 0, sizeof *way);
  way->from = from;
  way->to = to;
  way->last = &way->first;
}

static void drop_first (way_t *way) {
  chunk_t *chunk = way->first;
  way->first = chunk->next;
  if (way->first == NULL)
    way->last = &way->first;
  free (chunk);
}

static void way_fini (way_t *way) {
  while (way->first != NULL)
    drop_first (way);
  mns_buffer_fini (&way->raw);
}

static void close_pair (proxy_t *proxy, size_t i, bool reset) {
  pair_t *pair = &proxy->pairs[i];
  const struct linger hard = {1, 0};
  int files[2] = {pair->ways[PROXY_UP].from, pair->ways[PROXY_DOWN].from};
  for (int end = 0; end < 2; end++) {
    if (reset)
      setsockopt (files[end], SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close (files[end]);
    way_fini (&pair->ways[end]);
  }
  proxy->pairs[i] = proxy->pairs[--proxy->count];
  for (int way = 0; way < 2; way++) /* it has moved */
    if (proxy->pairs[i].ways[way].first == NULL)
      proxy->pairs[i].ways[way].last = &proxy->pairs[i].ways[way].first;
}

static void take_connections (proxy_t *proxy, proxy_mode_t mode) {
  int file;
  while ((file = accept4 (proxy->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
    int target = mode == PROXY_CUT || proxy->count == PAIRS ? -1 : connect_target (proxy);
    if (target < 0) {
      close (file);
      continue;
    }
    pair_t *pair = &proxy->pairs[proxy->count++];
    way_init (&pair->ways[PROXY_UP], file, target);
    way_init (&pair->ways[PROXY_DOWN], target, file);
    pthread_mutex_lock (&proxy->mutex);
    proxy->connections++;
    pthread_mutex_unlock (&proxy->mutex);
  }
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void queue (way_t *way, const uint8_t *bytes, size_t size) {
  chunk_t *chunk = mns_alloc (sizeof *chunk + size);
  chunk->next = NULL;
  chunk->came_ms = mns_clock.monotonic_ms ();
  chunk->at = 0;
  chunk->size = size;
  memcpy (chunk->bytes, bytes, size);
  *way->last = chunk;
  way->last = &chunk->next;
  way->queued += size;
}

/* Is this the first frame of a message that is to be lost? */
static bool is_lost (proxy_t *proxy, proxy_way_t which, const uint8_t *body, size_t size) {
  loss_t *loss = &proxy->loss[which];
  pthread_mutex_lock (&proxy->mutex);
  bool ours = size == 4 && body[0] == 'M' && body[1] == 'N' && body[3] == loss->kind;
  loss->seen += ours;
  bool lost = ours && loss->every > 0 && loss->times > 0 && loss->seen % loss->every == 0;
  loss->times -= lost;
  loss->lost += lost;
  pthread_mutex_unlock (&proxy->mutex);
  return lost;
}

/* The size of the frame at the beginning of `bytes`, with its head of *head bytes; 0: not all of it is there. */
static size_t frame_size (const uint8_t *bytes, size_t size, size_t *head) {
  uint64_t body = 0;
  if (size < 2)
    return 0;
  *head = bytes[0] & FRAME_LONG ? 9 : 2;
  if (size < *head)
    return 0;
  for (size_t i = 1; i < *head; i++)
    body = body << 8 | bytes[i];
  return size - *head < body ? 0 : *head + (size_t)body;
}

/* Passes whole frames on, but those of a message that is lost. */
static void pass_frames (proxy_t *proxy, way_t *way, proxy_way_t which) {
  const uint8_t *at = way->raw.data;
  size_t left = way->raw.size, head, size;
  while ((size = frame_size (at, left, &head)) > 0) {
    if (!(at[0] & FRAME_COMMAND)) {
      if (!way->inside)
        way->losing = is_lost (proxy, which, at + head, size - head);
      way->inside = at[0] & FRAME_MORE;
    }
    if (at[0] & FRAME_COMMAND || !way->losing)
      queue (way, at, size);
    at += size;
    left -= size;
  }
  memmove (way->raw.data, at, left);
  way->raw.size = left;
}

static void take_bytes (proxy_t *proxy, way_t *way, proxy_way_t which, bool looks, const uint8_t *bytes, size_t size) {
  if (!looks) {
    queue (way, bytes, size);
    return;
  }
  if (way->greeted < GREETING) {
    size_t part = size < GREETING - way->greeted ? size : (size_t)(GREETING - way->greeted);
    queue (way, bytes, part);
    way->greeted += part;
    bytes += part;
    size -= part;
  }
  if (size > 0) {
    mns_buffer_add (&way->raw, bytes, size);
    pass_frames (proxy, way, which);
  }
}

static void read_way (proxy_t *proxy, way_t *way, proxy_way_t which, bool looks) {
  uint8_t bytes[CHUNK];
  ssize_t size = read (way->from, bytes, sizeof bytes);
  if (size > 0)
    take_bytes (proxy, way, which, looks, bytes, (size_t)size);
  else if (size == 0)
    way->ended = true;
  else if (errno != EAGAIN && errno != EINTR)
    way->closed = true;
}

/* How much of the first chunk may go now. */
static size_t allowed (const way_t *way, proxy_mode_t mode, int value, int64_t now_ms) {
  size_t left = way->first->size - way->first->at;
  if (mode == PROXY_DELAY && now_ms - way->first->came_ms < value)
    return 0;
  if (mode != PROXY_TRICKLE)
    return left;
  if (way->budget_ms > now_ms)
    return 0;
  size_t slice = (size_t)value / 50 + 1;
  return left < slice ? left : slice;
}

static void write_way (way_t *way, proxy_mode_t mode, int value) {
  int64_t now_ms = mns_clock.monotonic_ms ();
  size_t size;
  while (way->first != NULL && (size = allowed (way, mode, value, now_ms)) > 0) {
    ssize_t sent = send (way->to, way->first->bytes + way->first->at, size, MSG_NOSIGNAL);
    if (sent <= 0) {
      way->closed = way->closed || (errno != EAGAIN && errno != EINTR);
      return;
    }
    way->queued -= (size_t)sent;
    way->first->at += (size_t)sent;
    if (mode == PROXY_TRICKLE)
      way->budget_ms = now_ms + sent * 1000 / value;
    if (way->first->at == way->first->size)
      drop_first (way);
  }
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

static bool stopped (proxy_mode_t mode, int way) {
  return mode == PROXY_STOP || mode == (way == PROXY_UP ? PROXY_STOP_UP : PROXY_STOP_DOWN);
}

/* What had come before the end still goes. */
static bool is_over (const way_t *way) {
  return way->closed || (way->ended && way->first == NULL);
}

static void move_bytes (proxy_t *proxy, const struct pollfd *polled, proxy_mode_t mode, int value, bool looks) {
  for (size_t i = proxy->count; i-- > 0;) {
    way_t *ways = proxy->pairs[i].ways;
    for (int way = 0; way < 2; way++) {
      if (polled[2 * i + (size_t)way].revents)
        read_way (proxy, &ways[way], (proxy_way_t)way, looks);
      if (!stopped (mode, way))
        write_way (&ways[way], mode, value);
    }
    if (is_over (&ways[PROXY_UP]) || is_over (&ways[PROXY_DOWN]))
      close_pair (proxy, i, false);
  }
}

/* One round; false at the end. Local sockets carry ZMTP in the clear and are looked into. */
static bool run_round (proxy_t *proxy) {
  struct pollfd polled[2 * PAIRS + 2];
  char drained[64];
  pthread_mutex_lock (&proxy->mutex);
  proxy_mode_t mode = proxy->mode;
  int value = proxy->value;
  bool reset = proxy->reset, ends = proxy->ends;
  proxy->reset = false;
  pthread_mutex_unlock (&proxy->mutex);
  while (proxy->count > 0 && (reset || ends || mode == PROXY_CUT))
    close_pair (proxy, proxy->count - 1, reset);
  bool waits = false;
  size_t at = 0;
  for (size_t i = 0; i < proxy->count; i++)
    for (int way = 0; way < 2; way++) {
      const way_t *one = &proxy->pairs[i].ways[way];
      bool rests = one->ended || one->queued >= QUEUE_MAX || stopped (mode, way);
      polled[at++] = (struct pollfd){rests ? -1 : one->from, POLLIN, 0};
      waits = waits || (one->first != NULL && !stopped (mode, way));
    }
  polled[at] = (struct pollfd){proxy->listener, POLLIN, 0};
  polled[at + 1] = (struct pollfd){proxy->wake[0], POLLIN, 0};
  poll (polled, at + 2, waits ? TICK_MS : 1000);
  if (!polled[at + 1].revents) /* what came with a new order is its own */
    move_bytes (proxy, polled, mode, value, proxy->target[0] == 'i');
  if (polled[at].revents)
    take_connections (proxy, mode);
  if (polled[at + 1].revents && read (proxy->wake[0], drained, sizeof drained) < 0)
    return false;
  return !ends;
}

static void *run (void *self) {
  while (run_round (self))
    continue;
  return NULL;
}

/* ---- for the others ---------------------------------------------------------------------------------------------- */

proxy_t *proxy_new (const char *listen_at, const char *target) {
  proxy_t *proxy = mns_alloc (sizeof *proxy);
  memset (proxy, 0, sizeof *proxy);
  mns_text_copy (proxy->target, sizeof proxy->target, target);
  pthread_mutex_init (&proxy->mutex, NULL);
  if (begin_listening (proxy, listen_at) && pipe2 (proxy->wake, O_CLOEXEC) == 0 &&
      pthread_create (&proxy->thread, NULL, run, proxy) == 0)
    return proxy;
  free (proxy);
  return NULL;
}

static void unlock_and_wake (proxy_t *proxy) {
  pthread_mutex_unlock (&proxy->mutex);
  while (write (proxy->wake[1], "", 1) < 0 && errno == EINTR)
    continue;
}

void proxy_destroy (proxy_t **owner) {
  proxy_t *proxy = *owner;
  if (proxy == NULL)
    return;
  pthread_mutex_lock (&proxy->mutex);
  proxy->ends = true;
  unlock_and_wake (proxy);
  pthread_join (proxy->thread, NULL);
  while (proxy->count > 0)
    close_pair (proxy, proxy->count - 1, false);
  close (proxy->listener);
  close (proxy->wake[0]);
  close (proxy->wake[1]);
  if (!strncmp (proxy->endpoint, "ipc://", 6))
    unlink (proxy->endpoint + 6);
  pthread_mutex_destroy (&proxy->mutex);
  free (proxy);
  *owner = NULL;
}

const char *proxy_endpoint (const proxy_t *proxy) {
  return proxy->endpoint;
}

void proxy_set (proxy_t *proxy, proxy_mode_t mode, int value) {
  pthread_mutex_lock (&proxy->mutex);
  proxy->mode = mode;
  proxy->value = value;
  unlock_and_wake (proxy);
}

void proxy_reset (proxy_t *proxy) {
  pthread_mutex_lock (&proxy->mutex);
  proxy->reset = true;
  unlock_and_wake (proxy);
}

void proxy_lose (proxy_t *proxy, proxy_way_t way, mns_frame_kind_t kind, uint64_t every, uint64_t times) {
  pthread_mutex_lock (&proxy->mutex);
  proxy->loss[way] = (loss_t){kind, every, times, 0, proxy->loss[way].lost};
  unlock_and_wake (proxy);
}

static uint64_t read_locked (proxy_t *proxy, const uint64_t *a, const uint64_t *b) {
  pthread_mutex_lock (&proxy->mutex);
  uint64_t value = *a + (b ? *b : 0);
  pthread_mutex_unlock (&proxy->mutex);
  return value;
}

uint64_t proxy_lost (proxy_t *proxy) {
  return read_locked (proxy, &proxy->loss[PROXY_UP].lost, &proxy->loss[PROXY_DOWN].lost);
}

uint64_t proxy_seen (proxy_t *proxy) {
  return read_locked (proxy, &proxy->loss[PROXY_UP].seen, &proxy->loss[PROXY_DOWN].seen);
}

uint64_t proxy_connections (proxy_t *proxy) {
  return read_locked (proxy, &proxy->connections, NULL);
}
