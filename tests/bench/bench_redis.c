/* The same with a stream of Redis, pipelined: a publication is an XADD, acknowledged by its reply.
 *
 *   bench_redis publish SOCKET SIZE DEPTH SECONDS
 *   bench_redis fill    SOCKET SIZE COUNT        1,000 unacknowledged
 *   bench_redis replay  SOCKET COUNT             XREAD, 1,000 at a time */
#include "tests/bench/meter.h"
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 65536, FILL_DEPTH = 1000, READ_COUNT = 1000 };

typedef struct {
  redisContext *redis;
  uint8_t bytes[BODY_MAX];
  size_t size;
  uint64_t acked;
} client_t;

static meter_t meter;

static void publish (void *self, uint64_t first, uint64_t count) {
  client_t *client = self;
  const char *words[] = {"XADD", "stream", "*", "d", (const char *)client->bytes};
  const size_t sizes[] = {4, 6, 1, 1, client->size};
  int done = 0;
  (void)first;
  for (uint64_t i = 0; i < count; i++)
    redisAppendCommandArgv (client->redis, 5, words, sizes);
  while (!done)
    meter_require (redisBufferWrite (client->redis, &done) == REDIS_OK, "redis", client->redis->errstr);
}

static void take (client_t *client, redisReply *reply) {
  meter_require (reply->type == REDIS_REPLY_STRING, "redis", reply->str);
  freeReplyObject (reply);
  client->acked++;
}

/* Waits for a reply, and takes what has come with it. */
static uint64_t wait_acked (void *self) {
  client_t *client = self;
  void *reply;
  meter_require (redisGetReply (client->redis, &reply) == REDIS_OK, "redis", client->redis->errstr);
  while (reply != NULL) {
    take (client, reply);
    meter_require (redisReaderGetReply (client->redis->reader, &reply) == REDIS_OK, "redis", client->redis->errstr);
  }
  return client->acked;
}

static void run_publish (client_t *client, const char *size, uint64_t depth, uint64_t count, double seconds) {
  client->size = meter_number (size);
  meter_require (client->size <= BODY_MAX, size, "too large");
  meter_fill (client->bytes, client->size);
  meter_peer_t peer = {client, publish, wait_acked};
  double taken = meter_publish (&meter, &peer, depth, count, seconds);
  meter_print (&meter, taken);
}

/* The entries of one reply; the id of the last goes to `last`. */
static uint64_t read_entries (const redisReply *reply, char last[64]) {
  meter_require (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1, "redis", "no entries");
  const redisReply *entries = reply->element[0]->element[1];
  meter_require (entries->elements > 0, "redis", "no entries");
  for (size_t i = 0; i < entries->elements; i++)
    meter_require (entries->element[i]->element[1]->elements == 2, "redis", "a strange entry");
  snprintf (last, 64, "%s", entries->element[entries->elements - 1]->element[0]->str);
  return entries->elements;
}

static void run_replay (client_t *client, uint64_t count) {
  char last[64] = "0";
  int64_t begin = meter_now_ns ();
  for (uint64_t seen = 0; seen < count;) {
    redisReply *reply = redisCommand (client->redis, "XREAD COUNT %d STREAMS stream %s", READ_COUNT, last);
    meter_require (reply != NULL, "redis", client->redis->errstr);
    seen += read_entries (reply, last);
    freeReplyObject (reply);
  }
  meter.count = count;
  meter_print (&meter, (double)(meter_now_ns () - begin) / 1e9);
}

int main (int argc, char **argv) {
  static client_t client;
  meter_require (argc >= 4, "usage", "bench_redis publish|fill|replay SOCKET …");
  client.redis = redisConnectUnix (argv[2]);
  meter_require (client.redis != NULL && client.redis->err == 0, argv[2], "no connection");
  if (strcmp (argv[1], "publish") == 0 && argc == 6)
    run_publish (&client, argv[3], meter_number (argv[4]), 0, (double)meter_number (argv[5]));
  else if (strcmp (argv[1], "fill") == 0 && argc == 5)
    run_publish (&client, argv[3], FILL_DEPTH, meter_number (argv[4]), 0);
  else if (strcmp (argv[1], "replay") == 0)
    run_replay (&client, meter_number (argv[3]));
  else
    meter_require (false, argv[1], "is not publish, fill or replay");
  redisFree (client.redis);
  return 0;
}
