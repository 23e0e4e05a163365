/* The same with a stream of NATS JetStream, its text protocol written by hand.
 *
 *   bench_nats publish PORT SIZE DEPTH SECONDS   a message with a reply subject each, acknowledged by the stream
 *   bench_nats fill    PORT SIZE COUNT           1,000 unacknowledged
 *   bench_nats replay  PORT COUNT                a push consumer without acknowledgements, from the first message */
#include "tests/bench/meter.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 65536, FILL_DEPTH = 1000, READ_BYTES = 1 << 20 };

typedef struct {
  int file;
  char *in; /* READ_BYTES + 1 */
  size_t begin, end;
  char *out;
  size_t out_size, out_capacity;
  uint8_t bytes[BODY_MAX];
  size_t size;
  uint64_t acked;
} client_t;

static meter_t meter;

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void add (client_t *client, const void *data, size_t size) {
  if (client->out_size + size > client->out_capacity) {
    client->out_capacity = 2 * (client->out_size + size);
    client->out = realloc (client->out, client->out_capacity);
    meter_require (client->out != NULL, "nats", "no memory");
  }
  memcpy (client->out + client->out_size, data, size);
  client->out_size += size;
}

static void add_text (client_t *client, const char *text) {
  add (client, text, strlen (text));
}

static void send_out (client_t *client) {
  for (size_t at = 0; at < client->out_size;) {
    ssize_t sent = send (client->file, client->out + at, client->out_size - at, MSG_NOSIGNAL);
    meter_require (sent > 0, "nats", "the connection is gone");
    at += (size_t)sent;
  }
  client->out_size = 0;
}

static bool has_come (const client_t *client) {
  return memchr (client->in + client->begin, '\n', client->end - client->begin) != NULL;
}

static void receive (client_t *client) {
  memmove (client->in, client->in + client->begin, client->end - client->begin);
  client->end -= client->begin;
  client->begin = 0;
  ssize_t got = recv (client->file, client->in + client->end, READ_BYTES - client->end, 0);
  meter_require (got > 0, "nats", "the connection is gone");
  client->end += (size_t)got;
}

/* The next line, without its end, in place. */
static char *read_line (client_t *client) {
  while (!has_come (client))
    receive (client);
  char *line = client->in + client->begin;
  char *end = memchr (line, '\n', client->end - client->begin);
  client->begin = (size_t)(end - client->in) + 1;
  end[end > line && end[-1] == '\r' ? -1 : 0] = 0;
  return line;
}

/* The bytes behind a MSG line, with their end of line. */
static const char *read_body (client_t *client, size_t size) {
  while (client->end - client->begin < size + 2)
    receive (client);
  const char *body = client->in + client->begin;
  client->begin += size + 2;
  return body;
}

/* The next message; PINGs are answered. */
static const char *read_message (client_t *client, size_t *size) {
  for (;;) {
    char *line = read_line (client);
    meter_require (strncmp (line, "-ERR", 4) != 0, "nats", line);
    if (strncmp (line, "PING", 4) == 0) {
      add_text (client, "PONG\r\n");
      send_out (client);
    }
    if (strncmp (line, "MSG ", 4) != 0)
      continue;
    *size = (size_t)strtoul (strrchr (line, ' ') + 1, NULL, 10);
    return read_body (client, *size);
  }
}

/* ---- JetStream --------------------------------------------------------------------------------------------------- */

static void add_message (client_t *client, const char *subject, const char *reply, const void *body, size_t size) {
  char line[256];
  snprintf (line, sizeof line, "PUB %s %s %zu\r\n", subject, reply, size);
  add_text (client, line);
  add (client, body, size);
  add_text (client, "\r\n");
}

static void ask (client_t *client, const char *subject, const char *body) {
  size_t size;
  add_message (client, subject, "answer.api", body, strlen (body));
  send_out (client);
  const char *answer = read_message (client, &size);
  if (memmem (answer, size, "\"error\"", 7) != NULL && memmem (answer, size, "already in use", 14) == NULL)
    meter_require (false, subject, "was refused");
}

static void enter (client_t *client, const char *port) {
  const int yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  address.sin_port = htons ((uint16_t)meter_number (port));
  client->in = malloc (READ_BYTES + 1);
  client->file = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt (client->file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  meter_require (client->in && connect (client->file, (struct sockaddr *)&address, sizeof address) == 0, port,
                 "no connection");
  read_line (client); /* INFO */
  add_text (client, "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"1\",\"protocol\":1}\r\n"
                    "SUB answer.* 1\r\nSUB replay 2\r\n");
}

static void publish (void *self, uint64_t first, uint64_t count) {
  client_t *client = self;
  (void)first;
  for (uint64_t i = 0; i < count; i++)
    add_message (client, "bench.note", "answer.ack", client->bytes, client->size);
  send_out (client);
}

static uint64_t wait_acked (void *self) {
  client_t *client = self;
  do {
    size_t size;
    const char *answer = read_message (client, &size);
    meter_require (memmem (answer, size, "\"seq\":", 6) != NULL, "nats", "a publication was refused");
    client->acked++;
  } while (has_come (client));
  return client->acked;
}

static void run_publish (client_t *client, const char *size, uint64_t depth, uint64_t count, double seconds) {
  ask (client, "$JS.API.STREAM.CREATE.BENCH",
       "{\"name\":\"BENCH\",\"subjects\":[\"bench.>\"],\"retention\":\"limits\",\"storage\":\"file\",\"num_replicas\":"
       "1}");
  client->size = meter_number (size);
  meter_require (client->size <= BODY_MAX, size, "too large");
  meter_fill (client->bytes, client->size);
  meter_peer_t peer = {client, publish, wait_acked};
  double taken = meter_publish (&meter, &peer, depth, count, seconds);
  meter_print (&meter, taken);
}

static void run_replay (client_t *client, uint64_t count) {
  static const char consumer[] = "{\"stream_name\":\"BENCH\",\"config\":{\"deliver_policy\":\"all\","
                                 "\"ack_policy\":\"none\",\"deliver_subject\":\"replay\"}}";
  size_t size;
  int64_t begin = meter_now_ns ();
  add_message (client, "$JS.API.CONSUMER.CREATE.BENCH", "answer.api", consumer, strlen (consumer));
  send_out (client);
  for (uint64_t seen = 0; seen < count + 1; seen++) /* and the answer to the request */
    read_message (client, &size);
  meter.count = count;
  meter_print (&meter, (double)(meter_now_ns () - begin) / 1e9);
}

int main (int argc, char **argv) {
  static client_t client;
  meter_require (argc >= 4, "usage", "bench_nats publish|fill|replay PORT …");
  enter (&client, argv[2]);
  if (strcmp (argv[1], "publish") == 0 && argc == 6)
    run_publish (&client, argv[3], meter_number (argv[4]), 0, (double)meter_number (argv[5]));
  else if (strcmp (argv[1], "fill") == 0 && argc == 5)
    run_publish (&client, argv[3], FILL_DEPTH, meter_number (argv[4]), 0);
  else if (strcmp (argv[1], "replay") == 0)
    run_replay (&client, meter_number (argv[3]));
  else
    meter_require (false, argv[1], "is not publish, fill or replay");
  close (client.file);
  free (client.in);
  free (client.out);
  return 0;
}
