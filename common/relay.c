/* The relay: window, go-back-N, and the comparison with the broker. */
#include "common/relay.h"
#include "common/text.h"
#include <string.h>

void mns_relay_init (mns_relay_t *relay, mns_outbox_t *outbox) {
  memset (relay, 0, sizeof *relay);
  relay->outbox = outbox;
}

void mns_relay_fini (mns_relay_t *relay) {
  mns_buffer_fini (&relay->records);
}

void mns_relay_close (mns_relay_t *relay) {
  relay->open = false;
  relay->first = relay->count = relay->bytes = 0;
}

/* Begins again behind record `number`, whose chain is known to both sides. */
static void begin_behind (mns_relay_t *relay, uint64_t number, uint64_t chain) {
  relay->first = relay->count = relay->bytes = 0;
  relay->sent = number;
  relay->sent_chain = chain;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */

static mns_rc_t forked (mns_error_t *error, const char *what, uint64_t theirs, uint64_t ours) {
  return mns_fail (
      error, MNS_OUTBOX_FORKED, "outbox",
      "%s (the log has %llu records of this service, the outbox gave out %llu): this store is a copy or an old "
      "backup; restore the store that belongs to the log, or the log that belongs to the store",
      what, (unsigned long long)theirs, (unsigned long long)ours);
}

/* The log was restored, and lacks what is no longer here either. */
static mns_rc_t lost (const mns_relay_t *relay, mns_error_t *error, uint64_t number, uint64_t first) {
  const mns_outbox_t *outbox = relay->outbox;
  uint64_t last = first > 0 ? first - 1 : outbox->stored.number;
  return mns_fail (error, MNS_OUTBOX_FORKED, "outbox",
                   "%llu events of %s, numbers %llu-%llu of epoch %llu, are lost: the log ends before them and the "
                   "outbox keeps from %llu on; restore a newer backup of the log, or every store from the backup that "
                   "the log is from",
                   (unsigned long long)(last - number), outbox->producer, (unsigned long long)number + 1,
                   (unsigned long long)last, (unsigned long long)outbox->stored.epoch,
                   (unsigned long long)(first > 0 ? first : outbox->stored.number + 1));
}

/* The broker says that after record `number` the chain is `chain`. */
static mns_rc_t compare (mns_relay_t *relay, uint64_t number, uint64_t chain, mns_error_t *error) {
  const mns_outbox_place_t *own = &relay->outbox->stored;
  uint64_t first;
  if (number > own->number)
    return forked (error, "the log is ahead of the outbox", number, own->number);
  mns_rc_t rc = mns_outbox_compare (relay->outbox, number, chain, &first);
  if (rc == MNS_NOT_FOUND)
    return lost (relay, error, number, first);
  if (rc == MNS_CONFLICT)
    return forked (error, "the same record number has another history", number, own->number);
  return rc == MNS_OK ? rc : mns_fail (error, rc, "outbox", "%s", mns_db_message (relay->outbox->db));
}

mns_rc_t mns_relay_welcome (mns_relay_t *relay, const mns_head_t *welcome, mns_error_t *error) {
  mns_relay_close (relay);
  mns_rc_t rc = compare (relay, welcome->number, welcome->chain, error);
  if (rc != MNS_OK)
    return rc;
  rc = mns_outbox_resume (relay->outbox, welcome->number);
  if (rc != MNS_OK)
    return mns_fail (error, rc, "outbox", "%s", mns_db_message (relay->outbox->db));
  begin_behind (relay, welcome->number, welcome->chain);
  relay->log_epoch = welcome->log_epoch;
  relay->log_number = welcome->log_number;
  relay->again_ms = 0;
  relay->open = true;
  mns_outbox_cover (relay->outbox, welcome->covered);
  return MNS_OK;
}

void mns_relay_reopen (mns_relay_t *relay) {
  uint64_t chain;
  if (relay->open || mns_outbox_chain_at (relay->outbox, relay->outbox->acked, &chain) != MNS_OK)
    return;
  begin_behind (relay, relay->outbox->acked, chain);
  relay->again_ms = 0;
  relay->open = true;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static void begin_again_after_silence (mns_relay_t *relay, int64_t now_ms) {
  uint64_t chain;
  if (relay->count == 0 || now_ms - relay->heard_ms < MNS_RELAY_SILENCE_MS)
    return;
  if (mns_outbox_chain_at (relay->outbox, relay->outbox->acked, &chain) != MNS_OK)
    return;
  begin_behind (relay, relay->outbox->acked, chain);
}

static void describe (const mns_relay_t *relay, const mns_outbox_batch_t *batch, mns_head_t *head) {
  mns_head_clear (head);
  mns_text_copy (head->producer, sizeof head->producer, relay->outbox->producer);
  head->producer_epoch = relay->outbox->stored.epoch;
  head->number = batch->first;
  head->count = batch->last - batch->first + 1;
  head->chain = relay->sent_chain;
}

mns_rc_t mns_relay_next (mns_relay_t *relay, int64_t now_ms, mns_head_t *head) {
  mns_outbox_batch_t batch;
  if (!relay->open || now_ms < relay->again_ms)
    return MNS_NOT_FOUND;
  begin_again_after_silence (relay, now_ms);
  if (relay->sent >= relay->outbox->stored.number || relay->count == MNS_RELAY_FLIGHT ||
      relay->bytes >= MNS_RELAY_WINDOW)
    return MNS_NOT_FOUND;
  mns_buffer_clear (&relay->records);
  mns_rc_t rc = mns_outbox_read (relay->outbox, relay->sent, MNS_RELAY_PUB, &relay->records, &batch);
  if (rc != MNS_OK)
    return rc;
  if (relay->count > 0 && relay->bytes + relay->records.size > MNS_RELAY_WINDOW)
    return MNS_NOT_FOUND;
  describe (relay, &batch, head);
  if (relay->count == 0)
    relay->heard_ms = now_ms;
  relay->flight[(relay->first + relay->count++) % MNS_RELAY_FLIGHT] =
      (mns_relay_flight_t){batch.last, relay->records.size};
  relay->bytes += relay->records.size;
  relay->sent = batch.last;
  relay->sent_chain = batch.chain;
  return MNS_OK;
}

void mns_relay_unsend (mns_relay_t *relay, const mns_head_t *head) {
  const mns_relay_flight_t *flight = &relay->flight[(relay->first + --relay->count) % MNS_RELAY_FLIGHT];
  relay->bytes -= flight->size;
  relay->sent = head->number - 1;
  relay->sent_chain = head->chain;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

void mns_relay_pack (mns_relay_t *relay, const mns_head_t *head, int64_t now_ms) {
  size_t size = 0;
  if (relay->open)
    mns_outbox_cover (relay->outbox, head->covered);
  if (!relay->open || head->number <= relay->outbox->acked || head->number > relay->sent)
    return;
  while (relay->count > 0 && relay->flight[relay->first].last <= head->number) {
    size += relay->flight[relay->first].size;
    relay->first = (relay->first + 1) % MNS_RELAY_FLIGHT;
    relay->count--;
  }
  relay->bytes -= size;
  relay->heard_ms = now_ms;
  relay->log_epoch = head->log_epoch;
  relay->log_number = head->log_number;
  mns_outbox_acknowledge (relay->outbox, head->number, size);
}

mns_rc_t mns_relay_pnak (mns_relay_t *relay, const mns_head_t *head, int64_t now_ms, mns_error_t *error) {
  if (!relay->open)
    return MNS_OK;
  if (head->retry_after_ms == 0) {
    mns_relay_close (relay);
    return mns_fail (error, (mns_rc_t)head->rc, head->where, "the broker refuses event %llu of this service: %s",
                     (unsigned long long)head->number, head->detail);
  }
  uint64_t behind = head->number > 0 ? head->number - 1 : 0;
  mns_rc_t rc = compare (relay, behind, head->chain, error);
  if (rc != MNS_OK) {
    mns_relay_close (relay);
    return rc;
  }
  begin_behind (relay, behind, head->chain);
  relay->again_ms = now_ms + (int64_t)(head->retry_after_ms < 10000 ? head->retry_after_ms : 10000);
  return MNS_OK;
}

int64_t mns_relay_wait_ms (const mns_relay_t *relay, int64_t now_ms) {
  int64_t due = -1;
  if (!relay->open)
    return -1;
  if (relay->again_ms > now_ms)
    due = relay->again_ms - now_ms;
  else if (relay->count > 0)
    due = relay->heard_ms + MNS_RELAY_SILENCE_MS - now_ms;
  return due < -1 ? 0 : due;
}

bool mns_relay_drained (const mns_relay_t *relay) {
  return mns_outbox_pending (relay->outbox) == 0;
}
