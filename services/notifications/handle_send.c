/* Sending: a timer's turn marks what is due as `sending`; once that is durable the mails go to the sender's thread; its
 * results are noted by a later turn. A crash in between sends a mail again, with the same Message-ID. Without a mail
 * server the mails are written into DATA/spool. */
#include "common/dir.h"
#include "common/log.h"
#include "common/text.h"
#include "services/notifications/handlers.h"
#include "services/notifications/mail.h"
#include "services/notifications/rules_notice.h"
#include <stdio.h>
#include <string.h>

#define WHO "notifications"

/* ---- results ----------------------------------------------------------------------------------------------------- */

static void take_results (notifications_t *self) {
  while (self->sender && self->result_count < NOTIFICATIONS_ON_THE_WAY &&
         sender_take (self->sender, &self->results[self->result_count]))
    self->result_count++;
}

/* The message's next state: sent, waiting until the next attempt, or dead. */
static mns_rc_t note (mns_message_t *message, const sender_result_t *result, mns_time_t now, mns_error_t *error) {
  mns_code_t step = result->went ? NOTIFICATIONS_WENT : NOTIFICATIONS_FAILED;
  message->attempts++;
  if (!result->went && (result->refused || message->attempts >= NOTIFICATIONS_ATTEMPTS_MAX))
    step = NOTIFICATIONS_REFUSED;
  mns_text_copy (message->error, sizeof message->error, result->reason);
  message->sent = result->went ? now : 0;
  message->due = step == NOTIFICATIONS_FAILED ? now + notifications_delay_us (message->message, message->attempts) : 0;
  if (step != NOTIFICATIONS_WENT)
    mns_log (MNS_LOG_WARN, WHO, step == NOTIFICATIONS_FAILED ? "mail.failed" : "mail.dead",
             "message=%llu attempts=%lld", (unsigned long long)message->message, (long long)message->attempts);
  return mns_machine_next (&notifications_machine, message->state, step, NULL, NULL, &message->state, error);
}

static mns_rc_t note_result (notifications_t *self, mns_turn_t *turn, const sender_result_t *result) {
  mns_message_t message;
  mns_rc_t rc = message_store_find (&self->messages, result->message, &message, NULL, 0);
  if (rc == MNS_OK)
    rc = note (&message, result, mns_turn_now (turn), mns_turn_error (turn));
  return rc == MNS_OK ? message_store_update (&self->messages, &message) : rc;
}

static mns_rc_t note_results (notifications_t *self, mns_turn_t *turn) {
  mns_rc_t rc = MNS_OK;
  take_results (self);
  for (size_t i = 0; rc == MNS_OK && i < self->result_count; i++)
    rc = note_result (self, turn, &self->results[i]);
  self->noted = rc == MNS_OK;
  return rc;
}

/* ---- what is due ------------------------------------------------------------------------------------------------- */

static void write_mail (const notifications_t *self, const mns_message_t *message, const char *name, mns_time_t now,
                        mns_buffer_t *out) {
  const mail_t mail = {.from = self->from,
                       .name = name,
                       .address = message->address,
                       .key = message->key,
                       .subject = message->subject,
                       .body = message->body,
                       .date = now,
                       .utc_offset_s = self->utc_offset_s};
  mail_write (&mail, out);
}

/* The same message writes the same file, so that a turn that is done again does no harm. */
static mns_rc_t spool (const notifications_t *self, const mns_message_t *message, const mns_buffer_t *mail,
                       mns_error_t *error) {
  char folder[MNS_PATH_MAX], path[MNS_PATH_MAX], name[48];
  snprintf (name, sizeof name, "%012llu.eml", (unsigned long long)message->message);
  mns_rc_t rc = mns_dir_join (folder, self->data, "spool", error);
  if (rc == MNS_OK)
    rc = mns_dir_make (folder, 0700, error);
  if (rc == MNS_OK)
    rc = mns_dir_join (path, folder, name, error);
  return rc == MNS_OK ? mns_dir_write_file (path, mail->data, mail->size, 0600, error) : rc;
}

static mns_rc_t spool_due (notifications_t *self, mns_turn_t *turn, mns_message_t *message, const char *name) {
  const sender_result_t went = {.message = message->message, .went = true};
  mns_buffer_t mail = {0};
  write_mail (self, message, name, mns_turn_now (turn), &mail);
  mns_rc_t rc = spool (self, message, &mail, mns_turn_error (turn));
  mns_buffer_fini (&mail);
  return rc == MNS_OK ? note (message, &went, mns_turn_now (turn), mns_turn_error (turn)) : rc;
}

static void pack_due (notifications_t *self, mns_turn_t *turn, const mns_message_t *message, const char *name) {
  notifications_parcel_t *parcel = &self->parcels[self->parcel_count++];
  *parcel = (notifications_parcel_t){.message = message->message};
  mns_text_copy (parcel->address, sizeof parcel->address, message->address);
  write_mail (self, message, name, mns_turn_now (turn), &parcel->mail);
}

static mns_rc_t take_up (notifications_t *self, mns_turn_t *turn, uint64_t id) {
  char name[121];
  mns_message_t message;
  mns_rc_t rc = message_store_find (&self->messages, id, &message, name, sizeof name);
  if (rc == MNS_OK)
    rc = mns_machine_next (&notifications_machine, message.state, NOTIFICATIONS_HAND_OVER, NULL, NULL, &message.state,
                           mns_turn_error (turn));
  if (rc != MNS_OK)
    return rc;
  if (self->sender)
    pack_due (self, turn, &message, name);
  else if ((rc = spool_due (self, turn, &message, name)) != MNS_OK)
    return rc;
  return message_store_update (&self->messages, &message);
}

mns_rc_t notifications_send (void *self, mns_turn_t *turn) {
  notifications_t *state = self;
  mns_rc_t rc = note_results (state, turn);
  size_t room = NOTIFICATIONS_ON_THE_WAY - state->on_the_way;
  for (size_t i = 0; rc == MNS_OK && i < room; i++) {
    uint64_t id;
    rc = message_store_due (&state->messages, mns_turn_now (turn), &id);
    if (rc != MNS_OK || !id)
      break;
    rc = take_up (state, turn, id);
  }
  return rc;
}

/* ---- after the turn ---------------------------------------------------------------------------------------------- */

static void drop_parcels (notifications_t *self) {
  for (size_t i = 0; i < self->parcel_count; i++)
    mns_buffer_fini (&self->parcels[i].mail);
  self->parcel_count = 0;
}

/* The sender's queue has room for all that may be on the way. */
void notifications_committed (void *self) {
  notifications_t *state = self;
  if (state->noted) {
    state->on_the_way -= state->result_count;
    state->result_count = 0;
    state->noted = false;
  }
  for (size_t i = 0; i < state->parcel_count; i++) {
    const notifications_parcel_t *parcel = &state->parcels[i];
    if (sender_give (state->sender, parcel->message, parcel->address, &parcel->mail))
      state->on_the_way++;
    else
      mns_log (MNS_LOG_ERROR, WHO, "sender.full", "message=%llu", (unsigned long long)parcel->message);
  }
  drop_parcels (state);
}

void notifications_rolled_back (void *self) {
  ((notifications_t *)self)->noted = false;
  drop_parcels (self);
}
