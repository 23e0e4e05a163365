/* The passing of time: reminders, escalations, lapses. A turn of the timer does a few; the next one goes on. */
#include "services/registry/handle.h"

#include "services/registry/exchange.h"

#define AT_ONCE 100

static mns_rc_t do_due (registry_exchange_t *it) {
  registry_deadline_t deadline = {0};
  mns_date_t act_on;
  if (registry_exchange_partner (it, it->matter.partner) != MNS_OK)
    return registry_exchange_save (it);
  registry_terms_t terms = {it->partner->answer_days, it->partner->remind_days};
  deadline = registry_deadline (&it->self->calendar, it->matter.opened, &terms);
  mns_code_t step = registry_exchange_due (&it->matter, &deadline, it->today, &act_on);
  if (!step)
    return registry_exchange_save (it);
  mns_rc_t rc = registry_exchange_step (it, step);
  return rc == MNS_OK ? registry_exchange_send (it) : rc;
}

mns_rc_t registry_exchange_look (void *self, mns_turn_t *turn) {
  registry_exchange_t it;
  mns_rc_t rc = MNS_OK;
  for (int i = 0; rc == MNS_OK && i < AT_ONCE; i++) {
    registry_exchange_begin (&it, self, turn, NULL);
    rc = registry_matter_due (&it.self->matters, it.today, &it.matter);
    if (rc != MNS_OK || !it.matter.id)
      return rc;
    it.before = it.matter.state;
    rc = do_due (&it);
  }
  return rc;
}
