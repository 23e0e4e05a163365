/* Snapshots, pulled page by page (docs/protocol.md §10). */
#include "client/client_private.h"
#include "common/text.h"
#include <poll.h>
#include <string.h>

enum { PAUSE_MAX_MS = 1000 };

/* Where the rows go. */
typedef struct {
  mns_client_row_t *row;
  void *context;
} target_t;

static mns_rc_t give_rows (mns_client_t *client, const mns_buffer_t *rows, const target_t *target, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  size_t used;
  for (size_t at = 0; rc == MNS_OK && at < rows->size; at += used) {
    rc = mns_event_unpack (&client->receiver.raw, rows->data + at, rows->size - at, &used, error);
    if (rc != MNS_OK)
      return rc;
    rc = target->row (mns_receiver_show (&client->receiver), target->context);
    if (rc != MNS_OK)
      mns_fail (error, rc, "row", "the program took no more rows: %s", mns_error_en (rc));
  }
  return rc;
}

static void take_end (const mns_head_t *head, char offset[MNS_OFFSET_SIZE]) {
  mns_from_t from = {.offset = {head->log_epoch, head->log_number, 0},
                     .contained = {.epoch = head->producer_epoch, .number = head->number}};
  mns_text_copy (from.contained.producer, sizeof from.contained.producer, head->producer);
  mns_offset_format (&from, offset);
}

static mns_rc_t pull (mns_client_t *client, const char *stream, mns_head_t *snap, int timeout_ms,
                      const target_t *target, char offset[MNS_OFFSET_SIZE], mns_error_t *error) {
  mns_head_t *head = &client->reply_head;
  for (;;) {
    mns_rc_t rc = mns_bus_snap (client->bus, stream, snap, timeout_ms, &client->reply_body, head, error);
    if (rc == MNS_OK && head->producer[0]) {
      take_end (head, offset);
      return rc;
    }
    if (rc == MNS_OK)
      rc = give_rows (client, &client->reply_body, target, error);
    if (rc != MNS_OK)
      return rc;
    snap->number = head->number;
    snap->previous = head->last;
    if (head->retry_after_ms > 0)
      poll (NULL, 0, head->retry_after_ms < PAUSE_MAX_MS ? (int)head->retry_after_ms : PAUSE_MAX_MS);
  }
}

mns_rc_t mns_client_snapshot (mns_client_t *client, const char *stream, const char *const *prefixes, size_t count,
                              int timeout_ms, mns_client_row_t *row, void *context, char offset[MNS_OFFSET_SIZE],
                              mns_error_t *error) {
  mns_head_t snap;
  target_t target = {row, context};
  mns_rc_t rc = mns_client_ready (client, error);
  if (rc == MNS_OK && count > MNS_PREFIXES_MAX)
    rc = mns_fail (error, MNS_INVALID, "prefixes", "at most %d prefixes", MNS_PREFIXES_MAX);
  mns_head_clear (&snap);
  for (size_t i = 0; rc == MNS_OK && i < count; i++) {
    rc = mns_prefix_check (prefixes[i], error);
    if (rc == MNS_OK)
      mns_text_copy (snap.prefixes[snap.prefix_count++], MNS_TOPIC_MAX + 1, prefixes[i]);
  }
  if (rc == MNS_OK)
    rc = pull (client, stream, &snap, mns_client_timeout (timeout_ms), &target, offset, error);
  return mns_client_done (client, rc);
}
