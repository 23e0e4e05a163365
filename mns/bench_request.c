/* Requests: so many in flight over one connection; a latency is from when one was due to its answer. */
#include "common/bus.h"
#include "common/clock.h"
#include "mns/bench.h"
#include "mns/json_body.h"
#include "mns/services.h"
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, ANSWER_MS = 10000 };

typedef struct {
  const mns_bench_t *bench;
  mns_bench_result_t *result;
  mns_bus_t *bus;
  mns_buffer_t body, reply;
  mns_head_t head;
  uint64_t sent, answered, first; /* first: number of the first request */
  int64_t due_us[MNS_BENCH_IN_FLIGHT_MAX];
} asker_t;

static mns_rc_t make_body (asker_t *asker, mns_error_t *error) {
  const mns_command_t *command = mns_service_command (asker->bench->command);
  json_t *json;
  if (!asker->bench->json)
    return MNS_OK;
  mns_rc_t rc = mns_json_read (asker->bench->json, &json, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_json_pack (command ? command->request : NULL, json, &asker->body, error);
  json_decref (json);
  return rc;
}

static mns_rc_t send_due (asker_t *asker, bool *room, mns_error_t *error) {
  const mns_bench_t *bench = asker->bench;
  int64_t began = asker->result->began_us;
  uint64_t number;
  *room = false;
  while (asker->sent - asker->answered < (uint64_t)bench->in_flight) {
    int64_t due = mns_bench_due_us (bench, began, asker->sent);
    *room = !mns_bench_goes_on (bench, began, asker->sent) || due > mns_clock_us ();
    if (*room)
      return MNS_OK;
    mns_rc_t rc =
        mns_bus_send (asker->bus, bench->command, NULL, asker->body.data, asker->body.size, ANSWER_MS, &number, error);
    if (rc != MNS_OK)
      return rc;
    asker->first = asker->first ? asker->first : number;
    asker->due_us[(number - asker->first) % MNS_BENCH_IN_FLIGHT_MAX] = due;
    asker->sent++;
  }
  return MNS_OK;
}

static mns_rc_t take_answers (asker_t *asker, int wait_ms, mns_error_t *error) {
  uint64_t number;
  mns_rc_t rc;
  while ((rc = mns_bus_take (asker->bus, wait_ms, &number, &asker->reply, &asker->head, error)) == MNS_OK) {
    if (asker->head.rc != MNS_OK)
      return mns_fail (error, (mns_rc_t)asker->head.rc, asker->head.where, "%s", asker->head.detail);
    mns_histogram_add (&asker->result->latency,
                       mns_clock_us () - asker->due_us[(number - asker->first) % MNS_BENCH_IN_FLIGHT_MAX]);
    asker->result->bytes += asker->body.size + asker->reply.size;
    asker->answered++;
    wait_ms = 0;
  }
  return rc == MNS_TIMEOUT || rc == MNS_NOT_FOUND ? MNS_OK : rc;
}

static mns_rc_t run (asker_t *asker, mns_bench_step_fn *each, void *self, mns_error_t *error) {
  mns_bench_result_t *result = asker->result;
  mns_rc_t rc = MNS_OK;
  bool room;
  result->began_us = mns_clock_us ();
  while (rc == MNS_OK &&
         (asker->answered < asker->sent || mns_bench_goes_on (asker->bench, result->began_us, asker->sent))) {
    rc = send_due (asker, &room, error);
    bool more = mns_bench_goes_on (asker->bench, result->began_us, asker->sent);
    int wait = more ? mns_bench_wait_ms (asker->bench, result->began_us, asker->sent, room) : ANSWER_MS;
    if (rc == MNS_OK)
      rc = take_answers (asker, wait, error);
    each (self, asker->answered);
  }
  result->ended_us = mns_clock_us ();
  result->messages = asker->answered;
  result->kept = asker->bench->rate == 0 ||
                 result->ended_us <= mns_bench_due_us (asker->bench, result->began_us, asker->sent) + 100000;
  return rc;
}

mns_rc_t mns_bench_request (const mns_bench_t *bench, const mns_config_t *config, mns_bench_result_t *result,
                            mns_bench_step_fn *each, void *self, mns_error_t *error) {
  asker_t *asker = mns_alloc (sizeof *asker);
  asker->bench = bench;
  asker->result = result;
  mns_rc_t rc = make_body (asker, error);
  if (rc == MNS_OK)
    rc = mns_bus_new (&asker->bus, config, bench->account, CONNECT_MS, error);
  if (rc == MNS_OK)
    rc = run (asker, each, self, error);
  mns_bus_destroy (&asker->bus);
  mns_buffer_fini (&asker->body);
  mns_buffer_fini (&asker->reply);
  free (asker);
  return rc;
}
