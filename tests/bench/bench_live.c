/* The live path: one registry.record request per person, many in flight, against a running stack.
 *
 *   bench_live DATA VILLAGE COUNT IN_FLIGHT
 *
 * Each request adds an omitted person (validated, registered, logged, counted, stored durably before its answer).
 * Prints requests a second and the latency percentiles. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/records/registry_requests.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  mns_bus_t *bus;
  mns_place_t village;
  mns_date_t today;
  uint64_t sent, taken, count, first, run;
  int64_t *begun_us, *took_us;
} bench_t;

static int64_t now_us (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fill (const bench_t *bench, mns_life_return_t *line) {
  mns_record_clear (&mns_life_return_type, line);
  line->event = MNS_ADJUSTMENT;
  line->adjustment = MNS_OMITTED;
  line->occurred = line->registered = bench->today;
  line->place = bench->village;
  line->sex = bench->sent % 2 ? MNS_MALE : MNS_FEMALE;
  line->birth = mns_date_add_days (19260701, (int32_t)(bench->sent % 36500));
  snprintf (line->name, sizeof line->name, "测%" PRIx64 "n%" PRIx64, bench->run, bench->sent);
}

static void send_one (bench_t *bench) {
  mns_life_return_t line;
  mns_buffer_t body = {0};
  mns_error_t error = {0};
  uint64_t request;
  mns_uuid_t key = mns_uuid_new ();
  fill (bench, &line);
  mns_record_pack (&mns_life_return_type, &line, &body);
  if (mns_bus_send (bench->bus, "registry.record", &key, body.data, body.size, 60000, &request, &error) != MNS_OK) {
    fprintf (stderr, "send: %s %s\n", mns_error_word (error.rc), error.detail);
    exit (1);
  }
  if (bench->sent == 0)
    bench->first = request;
  bench->begun_us[bench->sent++] = now_us ();
  mns_buffer_fini (&body);
}

static void take_one (bench_t *bench) {
  mns_buffer_t reply = {0};
  mns_head_t head;
  mns_error_t error = {0};
  mns_record_outcome_t outcome;
  uint64_t request;
  if (mns_bus_take (bench->bus, 60000, &request, &reply, &head, &error) != MNS_OK || head.rc != 0) {
    fprintf (stderr, "answer %" PRIu64 ": %s %s %s\n", bench->taken, head.where, head.detail, error.detail);
    exit (1);
  }
  mns_rc_t rc = mns_record_unpack (&mns_record_outcome_type, &outcome, reply.data, reply.size, NULL, &error);
  if (rc != MNS_OK || outcome.result != MNS_ROW_CREATED) {
    fprintf (stderr, "answer %" PRIu64 ": nobody was added\n", bench->taken);
    exit (1);
  }
  bench->took_us[bench->taken++] = now_us () - bench->begun_us[request - bench->first];
  mns_buffer_fini (&reply);
}

static int compare (const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

int main (int argc, char **argv) {
  bench_t bench = {0};
  mns_config_t config;
  mns_error_t error = {0};
  if (argc != 5 || !mns_place_parse (argv[2], &bench.village)) {
    fprintf (stderr, "usage: %s DATA VILLAGE COUNT IN_FLIGHT\n", argv[0]);
    return 2;
  }
  bench.count = strtoull (argv[3], NULL, 10);
  uint64_t in_flight = strtoull (argv[4], NULL, 10);
  bench.begun_us = mns_alloc (bench.count * sizeof (int64_t));
  bench.took_us = mns_alloc (bench.count * sizeof (int64_t));
  if (mns_config_load (&config, argv[1], true, NULL, &error) != MNS_OK ||
      mns_bus_new (&bench.bus, &config, "", 5000, &error) != MNS_OK) {
    fprintf (stderr, "%s %s\n", mns_error_word (error.rc), error.detail);
    return 1;
  }
  bench.run = (uint64_t)now_us (); /* names of its own, so that nobody is there yet */
  bench.today = mns_clock_today ((int32_t)config.utc_offset_s);
  int64_t begun = now_us ();
  while (bench.taken < bench.count) {
    while (bench.sent < bench.count && bench.sent - bench.taken < in_flight)
      send_one (&bench);
    take_one (&bench);
  }
  double seconds = (double)(now_us () - begun) / 1e6;
  qsort (bench.took_us, bench.count, sizeof (int64_t), compare);
  printf ("%" PRIu64 " requests, %" PRIu64 " in flight: %.0f/s, p50 %.2f ms, p99 %.2f ms\n", bench.count, in_flight,
          (double)bench.count / seconds, (double)bench.took_us[bench.count / 2] / 1000,
          (double)bench.took_us[bench.count * 99 / 100] / 1000);
  mns_bus_destroy (&bench.bus);
  free (bench.begun_us);
  free (bench.took_us);
  return 0;
}
