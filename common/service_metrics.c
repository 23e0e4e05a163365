/* A service's numbers onto the board. */
#include "common/service_metrics.h"

#include "common/board.h"
#include "common/clock.h"
#include "common/loop.h"
#include "common/text.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PUT_MS = 1000, SUFFIX = 8 };

MNS_METRICS_DEFINE (service, "service", MNS_SERVICE_METRICS)

/* Asked by name, never opened: an open and a close would drop SQLite's locks. */
static uint64_t file_bytes (const mns_turn_t *turn, const char *suffix) {
  char path[600];
  struct stat found;
  const char *store = sqlite3_db_filename (mns_db_handle (turn->db), "main");
  if (!store || strlen (store) + SUFFIX > sizeof path)
    return 0;
  snprintf (path, sizeof path, "%s%s", store, suffix);
  return stat (path, &found) == 0 ? (uint64_t)found.st_size : 0;
}

static uint64_t number (int64_t value) {
  return value > 0 ? (uint64_t)value : 0;
}

static void fill (const mns_loop_t *loop, mns_service_metrics_t *row) {
  const mns_turn_t *turn = loop->turn;
  const mns_service_status_t *status = &turn->status;
  memset (row, 0, sizeof *row);
  mns_text_copy (row->label_, sizeof row->label_, loop->service->name);
  row->connected = loop->control.state == MNS_LINK_UP;
  row->stopped = turn->stopped || turn->forked;
  row->turns = number (status->turns);
  row->redone = number (status->redone);
  row->requests = number (status->requests);
  row->refused = number (status->refused);
  row->events = number (status->events);
  row->skipped = number (status->skipped);
  row->waiting = loop->requests.count + loop->waiting.count;
  row->arrived = loop->arrivals.count;
  row->log_number = turn->offset.number;
  row->published = turn->outbox.stored.number;
  row->outbox_pending = mns_outbox_pending (&turn->outbox);
  row->outbox = turn->outbox.bytes;
  row->store = file_bytes (turn, "");
  row->store_wal = file_bytes (turn, "-wal");
}

void mns_loop_metrics (mns_loop_t *loop) {
  mns_service_metrics_t row;
  int64_t now = mns_clock.monotonic_ms ();
  if (now - loop->metrics_ms < PUT_MS && loop->metrics_ms > 0)
    return;
  loop->metrics_ms = now;
  fill (loop, &row);
  mns_board_put (loop->service->name, &mns_service_metrics, &row, 1);
  mns_board_health (loop->service->name, row.connected && !row.stopped,
                    loop->turn->forked    ? "its outbox has forked"
                    : loop->turn->stopped ? "its line is stopped"
                                          : "not connected");
}
