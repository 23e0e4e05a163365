/* The newest groups of the log in a ring of frames. */
#include "services/broker/tail.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MAX = 2048, BYTES_MAX = 8 << 20 };

typedef struct {
  uint64_t first, last;
  zmq_msg_t rows, bytes;
} group_t;

struct broker_tail {
  broker_log_t *reader;
  broker_place_t place;
  group_t groups[GROUPS_MAX];
  size_t oldest, count, bytes;
};

static group_t *group_at (broker_tail_t *tail, size_t i) {
  return &tail->groups[(tail->oldest + i) % GROUPS_MAX];
}

broker_tail_t *broker_tail_new (broker_log_t *reader, const broker_place_t *place) {
  broker_tail_t *tail = mns_alloc (sizeof *tail);
  tail->reader = reader;
  tail->place = *place;
  return tail;
}

static void drop_oldest (broker_tail_t *tail) {
  group_t *group = group_at (tail, 0);
  tail->bytes -= zmq_msg_size (&group->bytes);
  zmq_msg_close (&group->rows);
  zmq_msg_close (&group->bytes);
  tail->oldest = (tail->oldest + 1) % GROUPS_MAX;
  tail->count--;
}

void broker_tail_clear (broker_tail_t *tail) {
  while (tail->count > 0)
    drop_oldest (tail);
}

void broker_tail_destroy (broker_tail_t **owner) {
  broker_tail_t *tail = *owner;
  if (tail == NULL)
    return;
  broker_tail_clear (tail);
  free (tail);
  *owner = NULL;
}

const broker_place_t *broker_tail_place (const broker_tail_t *tail) {
  return &tail->place;
}

void broker_tail_renew (broker_tail_t *tail, uint64_t epoch) {
  tail->place.epoch = epoch;
}

void broker_tail_add (broker_tail_t *tail, const broker_place_t *place, zmq_msg_t *rows, zmq_msg_t *bytes) {
  size_t size = zmq_msg_size (bytes);
  while (tail->count > 0 && (tail->count == GROUPS_MAX || tail->bytes + size > BYTES_MAX))
    drop_oldest (tail);
  group_t *group = group_at (tail, tail->count++);
  const broker_stored_t *stored = zmq_msg_data (rows);
  group->first = stored->first;
  group->last = place->last;
  zmq_msg_init (&group->rows);
  zmq_msg_init (&group->bytes);
  zmq_msg_move (&group->rows, rows);
  zmq_msg_move (&group->bytes, bytes);
  tail->bytes += size;
  tail->place = *place;
}

/* False when `each` wants no more. */
static bool visit (group_t *group, uint64_t after, broker_row_fn *each, void *self) {
  const broker_stored_t *stored = zmq_msg_data (&group->rows);
  size_t count = zmq_msg_size (&group->rows) / sizeof *stored;
  const uint8_t *at = zmq_msg_data (&group->bytes);
  for (size_t i = 0; i < count; at += stored[i++].size) {
    broker_row_t row = {.first = stored[i].first,
                        .count = stored[i].count,
                        .chain = stored[i].chain,
                        .streams = stored[i].streams,
                        .recorded = stored[i].recorded,
                        .records = at,
                        .size = (size_t)stored[i].size};
    if (row.first + row.count - 1 > after && !each (self, &row))
      return false;
  }
  return true;
}

void broker_tail_newest (broker_tail_t *tail, broker_row_fn *each, void *self) {
  assert (tail->count > 0);
  visit (group_at (tail, tail->count - 1), 0, each, self);
}

/* The first group in memory that ends behind `after`, which is not before the oldest. */
static size_t find_group (broker_tail_t *tail, uint64_t after) {
  size_t low = 0, high = tail->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (group_at (tail, middle)->last > after)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

mns_rc_t broker_tail_read (broker_tail_t *tail, uint64_t after, uint64_t streams, broker_row_fn *each, void *self) {
  if (after >= tail->place.last)
    return MNS_OK;
  if (tail->count == 0 || after + 1 < group_at (tail, 0)->first)
    return broker_log_read (tail->reader, after, tail->place.last, streams, each, self);
  for (size_t i = find_group (tail, after); i < tail->count; i++)
    if (!visit (group_at (tail, i), after, each, self))
      break;
  return MNS_OK;
}

mns_rc_t broker_tail_chain_at (broker_tail_t *tail, uint64_t number, uint64_t *chain) {
  *chain = tail->place.chain;
  return number == tail->place.last ? MNS_OK : broker_log_chain_at (tail->reader, number, chain);
}

mns_rc_t broker_tail_before_time (broker_tail_t *tail, mns_time_t time, uint64_t *number) {
  *number = tail->place.last;
  return tail->place.recorded < time ? MNS_OK : broker_log_before_time (tail->reader, time, tail->place.last, number);
}
