/* A matter with another county on its way through one turn. */
#include "services/registry/exchange.h"

#include "common/catalogue.h"
#include "common/records/place.h"
#include "common/text.h"
#include "services/registry/handle.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORKING_DAYS "catalogue/working_days.yaml"

mns_rc_t registry_exchange_load (registry_t *self, const char *data, mns_error_t *error) {
  mns_rc_t rc = mns_partners_load (&self->partners, data, self->county, error);
  mns_yaml_t *yaml = rc == MNS_OK ? mns_catalogue_open (data, mns_embedded_registry, WORKING_DAYS, error) : NULL;
  if (!yaml)
    return rc == MNS_OK ? error->rc : rc;
  rc = mns_calendar_read (&self->calendar, yaml, error);
  if (rc != MNS_OK)
    mns_catalogue_refused ("registry", yaml);
  mns_yaml_destroy (&yaml);
  return rc;
}

void registry_exchange_begin (registry_exchange_t *it, registry_t *self, mns_turn_t *turn, const mns_caller_t *caller) {
  *it = (registry_exchange_t){
      .self = self, .turn = turn, .caller = caller, .today = mns_turn_today (turn), .now = mns_turn_now (turn)};
  mns_record_clear (&mns_matter_info_type, &it->matter);
}

mns_rc_t registry_exchange_partner (registry_exchange_t *it, mns_place_t county) {
  char text[MNS_PLACE_TEXT];
  it->partner = mns_partners_find (&it->self->partners, county);
  if (it->partner)
    return MNS_OK;
  mns_place_format (county, text);
  return mns_fail (&it->error, MNS_NOT_FOUND, "partner",
                   "letters are not exchanged with %s: it is not in partners.yaml (docs/exchange.md)", text);
}

mns_place_t registry_exchange_place (const registry_exchange_t *it) {
  const mns_matter_info_t *matter = &it->matter;
  const registry_t *self = it->self;
  bool sent = matter->side == MNS_SIDE_SENT;
  mns_place_t first = sent ? matter->origin : matter->destination;
  mns_place_t second = sent ? matter->destination : matter->origin;
  if (first && registry_is_local (self, first))
    return first;
  return second && registry_is_local (self, second) ? second : self->county;
}

mns_rc_t registry_exchange_step (registry_exchange_t *it, mns_code_t step) {
  mns_error_t reason = {0};
  mns_code_t next;
  mns_rc_t rc = registry_exchange_next (&it->matter, step, &next, &reason);
  if (rc != MNS_OK)
    return mns_fail (&it->error, rc, "step", "matter %llu: %s", (unsigned long long)it->matter.id, reason.detail);
  it->matter.state = next;
  it->matter.revision++;
  if (registry_exchange_answers (next) && !it->matter.closed)
    it->matter.closed = it->today;
  return MNS_OK;
}

/* Without partner (it was taken out of the file) nothing is due any more. */
void registry_exchange_plan (registry_exchange_t *it) {
  registry_deadline_t deadline = {0};
  it->matter.act_on = 0;
  if (!it->partner)
    return;
  registry_terms_t terms = {it->partner->answer_days, it->partner->remind_days};
  deadline = registry_deadline (&it->self->calendar, it->matter.opened, &terms);
  if (registry_exchange_due (&it->matter, &deadline, it->today, &it->matter.act_on))
    it->matter.act_on = it->today;
}

void registry_exchange_trouble (registry_exchange_t *it, const char *format, ...) {
  va_list args;
  va_start (args, format);
  vsnprintf (it->matter.trouble, sizeof it->matter.trouble, format, args);
  va_end (args);
  mns_text_repair (it->matter.trouble);
}

/* ---- telling the county ------------------------------------------------------------------------------------------ */

static int64_t stays (mns_code_t state) {
  return state == MNS_MATTER_CURRENT;
}

static void fill_stock (const registry_exchange_t *it, mns_matter_change_t *change) {
  int64_t delta = stays (it->matter.state) - stays (it->before);
  if (it->matter.kind != MNS_MATTER_STAY || delta == 0)
    return;
  if (registry_is_local (it->self, it->matter.destination))
    change->incomers = delta;
  else
    change->away = delta;
}

static void fill_change (const registry_exchange_t *it, mns_matter_change_t *change) {
  const mns_matter_info_t *matter = &it->matter;
  mns_record_clear (&mns_matter_change_type, change);
  change->id = matter->id;
  change->kind = matter->kind;
  change->state = matter->state;
  change->before = it->before;
  change->side = matter->side;
  change->partner = matter->partner;
  change->person = matter->person;
  change->place = registry_exchange_place (it);
  change->purpose = matter->purpose;
  change->opened = matter->opened;
  change->due = matter->due;
  change->closed = matter->closed;
  if (matter->due && matter->closed && registry_exchange_answers (matter->state))
    change->in_time = matter->closed <= matter->due ? MNS_YES : MNS_NO;
  fill_stock (it, change);
}

static const char *happening (const mns_matter_info_t *matter, char text[64]) {
  snprintf (text, 64, "%s-%s", mns_code_word (&mns_matter_kind, matter->kind),
            mns_code_word (&mns_matter_state, matter->state));
  return text;
}

static mns_emit_t emission (const registry_exchange_t *it, char entity[32], char what[64]) {
  const mns_matter_info_t *matter = &it->matter;
  snprintf (entity, 32, "matter/%llu", (unsigned long long)matter->id);
  return (mns_emit_t){.happening = happening (matter, what),
                      .occurred = matter->day ? matter->day : matter->opened,
                      .registered = it->today,
                      .entity = entity};
}

static mns_rc_t publish_change (registry_exchange_t *it) {
  mns_matter_change_t change;
  char entity[32], what[64];
  mns_emit_t emit = emission (it, entity, what);
  fill_change (it, &change);
  emit.subject = "matter";
  emit.place = change.place;
  return mns_turn_emit (it->turn, &emit, &mns_matter_change_type, &change, 1);
}

/* ---- writing and sending ----------------------------------------------------------------------------------------- */

static void finish (registry_exchange_t *it) {
  mns_matter_info_t *matter = &it->matter;
  bool open = registry_exchange_is_open (matter->state) || *matter->trouble;
  matter->open = open ? MNS_YES : MNS_NO;
  mns_text_copy (matter->account, sizeof matter->account, it->caller ? it->caller->account : "registry");
  matter->changed = it->now;
  registry_exchange_plan (it);
}

mns_rc_t registry_exchange_save (registry_exchange_t *it) {
  mns_rc_t rc = MNS_OK;
  if (!it->matter.id)
    rc = mns_db_take (it->self->db, "matter", 1, &it->matter.id);
  finish (it);
  if (rc == MNS_OK)
    rc = registry_matter_put (&it->self->matters, &it->matter);
  if (rc == MNS_OK && it->matter.state != it->before)
    rc = publish_change (it);
  it->before = it->matter.state;
  return rc;
}

mns_rc_t registry_exchange_send (registry_exchange_t *it) {
  mns_letter_t letter;
  mns_letter_info_t row;
  char entity[32], what[64];
  mns_rc_t rc = registry_exchange_save (it);
  if (rc != MNS_OK)
    return rc;
  mns_emit_t emit = emission (it, entity, what);
  emit.stream = "exchange";
  emit.subject = "letter";
  emit.place = it->matter.partner;
  mns_record_clear (&mns_letter_type, &letter);
  mns_record_copy_fields (&mns_letter_type, &letter, &mns_matter_info_type, &it->matter);
  rc = mns_turn_emit (it->turn, &emit, &mns_letter_type, &letter, 1);
  if (rc != MNS_OK)
    return rc;
  mns_record_clear (&mns_letter_info_type, &row);
  row.state = it->matter.state;
  mns_turn_last_event (it->turn, &row.epoch, &row.number);
  mns_text_copy (row.account, sizeof row.account, it->matter.account);
  row.recorded = it->now;
  it->sent = true;
  return registry_letter_put (&it->self->matters, it->matter.id, 0, &row);
}
