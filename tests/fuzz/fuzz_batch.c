/* Any bytes as the records of a PUB, in pieces as a group has them: what the broker would accept is appended, and comes
 * back from the log record by record, stamped and otherwise the same. */
#include "services/broker/log.h"
#include "tests/support/folder.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPENDS_PER_LOG = 2000, RECORDED = 1782835200 };

static broker_log_t *log_;
static char folder[MNS_PATH_MAX];

static void close_log (void) {
  broker_log_destroy (&log_);
  if (folder[0])
    test_folder_remove (folder);
  folder[0] = 0;
}

static void open_log (void) {
  char path[MNS_PATH_MAX + 16];
  mns_error_t error;
  if (folder[0] == 0)
    atexit (close_log);
  close_log ();
  if (test_folder_make (folder) != 0)
    abort ();
  snprintf (path, sizeof path, "%s/log.db", folder);
  if (broker_log_open (&log_, path, NULL, false, &error) != MNS_OK)
    abort ();
}

/* The records at the beginning of the bytes that the broker accepts; their bytes. */
static size_t accept (const uint8_t *data, size_t size, uint64_t *count) {
  const uint8_t *at = data, *end = data + size;
  mns_event_t event;
  mns_error_t error;
  size_t used;
  while (at < end && mns_event_unpack (&event, at, (size_t)(end - at), &used, &error) == MNS_OK) {
    const uint8_t *next = at;
    assert (broker_record_next (&next, end) == used && next == at + used);
    at += used;
    ++*count;
  }
  return (size_t)(at - data);
}

typedef struct {
  const uint8_t *expected; /* not stamped */
  size_t left;
  uint64_t number, chain;
} reading_t;

static bool compare_row (void *self, const broker_row_t *row) {
  reading_t *reading = self;
  const uint8_t *at = row->records, *end = at + row->size;
  for (size_t size; (size = broker_record_next (&at, end)) > 0; reading->expected += size, reading->left -= size) {
    assert (size <= reading->left && mns_event_log_number (at - size) == ++reading->number);
    assert (mns_chain (0, at - size, size) == mns_chain (0, reading->expected, size));
    reading->chain = mns_log_chain (reading->chain, at - size, size);
  }
  assert (at == end && reading->chain == row->chain);
  return true;
}

static void append (const uint8_t *data, size_t size, uint64_t count, size_t cut) {
  broker_part_t parts[2] = {{data, cut}, {data + cut, size - cut}};
  broker_place_of_t producer = {.name = "p", .epoch = 1, .number = 1, .log_number = count};
  const broker_row_t *rows;
  size_t row_count;
  uint64_t last = broker_log_place (log_)->last;
  reading_t reading = {data, size, last, broker_log_place (log_)->chain};
  assert (broker_log_append (log_, parts, 2, &producer, 1, RECORDED, &rows, &row_count) == MNS_OK);
  assert (broker_log_place (log_)->last == last + count && producer.log_number == last + count);
  assert (broker_log_read (log_, last, last + count, UINT64_MAX, compare_row, &reading) == MNS_OK);
  assert (reading.left == 0 && reading.number == last + count);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  static unsigned appends;
  uint64_t count = 0, first = 0;
  if (log_ == NULL || ++appends % APPENDS_PER_LOG == 0)
    open_log ();
  size_t accepted = accept (data, size, &count);
  if (count == 0)
    return 0;
  size_t half = accept (data, accepted / 2, &first); /* parts end where records end */
  append (data, accepted, count, half);
  return 0;
}
