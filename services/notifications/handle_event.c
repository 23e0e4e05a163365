/* An event becomes messages: one for each rule that holds and each of its recipients. */
#include "common/log.h"
#include "common/records/place.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include "services/notifications/handlers.h"
#include "services/notifications/rules_notice.h"
#include <stdio.h>
#include <string.h>

mns_rc_t notifications_on_place (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  const mns_place_info_t *place = record;
  notifications_t *state = self;
  (void)turn;
  (void)event;
  return message_store_put_place (&state->messages, place->code, place->name, place->valid_to != 0);
}

/* The third part of a topic. */
static mns_place_t place_of (const char *topic) {
  char text[MNS_PLACE_TEXT];
  mns_place_t place = 0;
  const char *subject = strchr (topic, '.');
  const char *at = subject ? strchr (subject + 1, '.') : NULL;
  snprintf (text, sizeof text, "%.12s", at ? at + 1 : "");
  return mns_place_parse (text, &place) ? place : 0;
}

/* What an event is about, as the rules see it. */
typedef struct {
  notifications_t *self;
  mns_turn_t *turn;
  const mns_event_t *event;
  const mns_record_type_t *type;
  const void *record;
  mns_place_t place;
  char place_name[133];
} happening_t;

static void render (const happening_t *happening, const char *text, const char *office, char *out, size_t size) {
  notifications_words_t words = {happening->place_name, office, happening->self->language};
  mns_buffer_t rendered = {0};
  notifications_render (text, happening->type, happening->record, &words, &rendered);
  mns_buffer_add (&rendered, "", 1);
  mns_text_copy (out, size, (const char *)rendered.data);
  mns_buffer_fini (&rendered);
}

/* Nothing goes out for what was recorded before this store began, or registered too long before it was recorded. */
static bool is_history (const happening_t *happening, const mns_notice_rule_t *rule) {
  mns_date_t today = mns_turn_today (happening->turn), registered = happening->event->registered;
  if (happening->event->recorded < happening->self->began)
    return true;
  return rule->within_days != MNS_NONE && registered && registered < today &&
         mns_date_days_between (registered, today) > rule->within_days;
}

static void fill (const happening_t *happening, const mns_notice_rule_t *rule, mns_place_t place,
                  const mns_notice_recipient_t *recipient, mns_message_t *message) {
  const mns_notice_template_t *template =
      notifications_template (&happening->self->catalogue, rule->template, happening->self->language);
  mns_record_clear (&mns_message_type, message);
  mns_code_t step = is_history (happening, rule) ? NOTIFICATIONS_KEEP : NOTIFICATIONS_MAKE;
  mns_machine_next (&notifications_machine, 0, step, NULL, NULL, &message->state, NULL);
  mns_text_copy (message->rule, sizeof message->rule, rule->id);
  notifications_key (rule, happening->type, happening->record, message->key);
  message->place = place;
  mns_text_copy (message->address, sizeof message->address, recipient->address);
  message->channel = rule->channel;
  message->created = happening->event->recorded;
  message->attempts = 0;
  if (message->state == MNS_MESSAGE_HISTORY)
    return;
  message->due = happening->event->recorded;
  render (happening, template->subject, recipient->name, message->subject, sizeof message->subject);
  render (happening, template->body, recipient->name, message->body, sizeof message->body);
}

static mns_rc_t write_messages (const happening_t *happening, const mns_notice_rule_t *rule) {
  notifications_t *self = happening->self;
  mns_place_t place = notifications_place_at (happening->place, rule->level);
  const mns_notice_recipient_t *recipient;
  size_t at = 0;
  while ((recipient = notifications_recipient (&self->catalogue, place, rule->role, &at))) {
    mns_message_t message;
    bool exists;
    fill (happening, rule, place, recipient, &message);
    mns_rc_t rc = message_store_exists (&self->messages, message.key, message.address, &exists);
    if (rc == MNS_OK && !exists)
      rc = message_store_insert (&self->messages, &message, recipient->name);
    if (rc != MNS_OK)
      return rc;
  }
  if (!at)
    mns_log (MNS_LOG_WARN, "notifications", "recipient.none", "rule=%s role=%s place=%012lld", rule->id, rule->role,
             (long long)place);
  return MNS_OK;
}

mns_rc_t notifications_on_event (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record) {
  notifications_t *state = self;
  char topic[MNS_TOPIC_MAX + 1];
  snprintf (topic, sizeof topic, "%.*s", (int)event->topic_size, event->topic);
  const notifications_source_t *source = notifications_source_of (topic);
  if (!source)
    return MNS_OK;
  happening_t happening = {state, turn, event, source->type, record, place_of (topic), ""};
  mns_rc_t rc =
      message_store_place_name (&state->messages, happening.place, happening.place_name, sizeof happening.place_name);
  for (size_t i = 0; rc == MNS_OK && i < state->catalogue.rule_count; i++) {
    const mns_notice_rule_t *rule = &state->catalogue.rules[i];
    if (mns_topic_matches (event->topic, event->topic_size, rule->topic) &&
        notifications_rule_holds (rule, source->type, record))
      rc = write_messages (&happening, rule);
  }
  return rc == MNS_OK ? rc : mns_fail (mns_turn_error (turn), rc, "store", "%s", mns_error_en (rc));
}
