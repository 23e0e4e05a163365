/* registry.check-quality: the whole register, a slice a request, so that others are answered in between. Whoever asks
 * gives back what the answer says comes next; a check that was cut off is begun anew, and finds what it found before.
 */
#include "services/registry/handle.h"

#include "common/records/registry_quality.h"
#include "services/registry/find_pairs.h"
#include "services/registry/publish.h"
#include "services/registry/quality.h"

#define PERSONS_A_SLICE    1000
#define HOUSEHOLDS_A_SLICE 1000
#define MONTHS_A_SLICE     24
#define PLACES_A_SLICE     50
#define RATES_A_SLICE      10

typedef struct {
  registry_t *self;
  mns_turn_t *turn;
  registry_review_t review;
  uint64_t after; /* where the slice begins, then where it ended */
  uint64_t total;
  uint64_t checked;
  bool more;
} slice_t;

/* ---- the parts --------------------------------------------------------------------------------------------------- */

static mns_rc_t check_person (void *context, const mns_person_entry_t *person) {
  slice_t *slice = context;
  slice->after = person->id;
  slice->checked++;
  return registry_review_person (&slice->review, person);
}

static mns_rc_t check_persons (slice_t *slice) {
  mns_rc_t rc = registry_check_persons (&slice->self->check, slice->after, PERSONS_A_SLICE, check_person, slice);
  slice->more = slice->checked == PERSONS_A_SLICE;
  return rc == MNS_OK ? mns_db_taken (slice->self->db, "person", &slice->total) : rc;
}

static mns_rc_t check_household (void *context, int64_t household) {
  slice_t *slice = context;
  slice->after = (uint64_t)household;
  slice->checked++;
  return registry_review_household (&slice->review, slice->after);
}

static mns_rc_t check_households (slice_t *slice) {
  mns_rc_t rc =
      registry_check_households (&slice->self->check, slice->after, HOUSEHOLDS_A_SLICE, check_household, slice);
  slice->more = slice->checked == HOUSEHOLDS_A_SLICE;
  return rc == MNS_OK ? mns_db_taken (slice->self->db, "household", &slice->total) : rc;
}

static mns_rc_t check_place (void *context, int64_t code) {
  slice_t *slice = context;
  registry_t *self = slice->self;
  mns_place_info_t place;
  registry_breaches_t breaches;
  registry_subject_t about = {.place = code};
  int64_t persons = 0;
  bool found;
  slice->after = (uint64_t)code;
  slice->checked++;
  mns_rc_t rc = registry_place_get (&self->places, code, &place, &found);
  if (rc != MNS_OK || !found)
    return rc;
  rc = registry_check_population (&self->check, code, &persons);
  if (rc != MNS_OK)
    return rc;
  breaches.count =
      registry_place_quality (&self->catalogue.quality, place.valid_to, slice->review.today, persons, breaches.items);
  return registry_review (&slice->review, &about, 0, &breaches);
}

static mns_rc_t check_places (slice_t *slice) {
  mns_rc_t rc =
      registry_check_places (&slice->self->check, (mns_place_t)slice->after, PLACES_A_SLICE, check_place, slice);
  slice->more = slice->checked == PLACES_A_SLICE;
  slice->total = slice->after;
  return rc;
}

static mns_rc_t check_month (slice_t *slice, mns_month_t month) {
  uint64_t checked = 0, found = 0;
  mns_rc_t rc = registry_find_pairs (slice->self, month, slice->review.today, &checked, &found);
  slice->after = (uint64_t)month;
  slice->checked += checked;
  slice->review.opened += found;
  return rc;
}

/* As many months as make a slice of persons; `after` is the last one that was done. */
static mns_rc_t check_duplicates (slice_t *slice) {
  mns_date_t first, last;
  mns_rc_t rc = registry_check_months (&slice->self->check, &first, &last);
  mns_month_t month = slice->after ? mns_month_add ((mns_month_t)slice->after, 1) : first / 100;
  for (int i = 0; i < MONTHS_A_SLICE && rc == MNS_OK && first && month <= last / 100; i++) {
    rc = check_month (slice, month);
    month = mns_month_add (month, 1);
    if (slice->checked >= PERSONS_A_SLICE)
      break;
  }
  slice->total = (uint64_t)(last / 100);
  slice->more = first && month <= last / 100;
  return rc;
}

static mns_rc_t tell_rate (void *context, int64_t place) {
  slice_t *slice = context;
  mns_quality_rate_t rate;
  bool is_new;
  slice->after = (uint64_t)place;
  slice->checked++;
  if (!registry_is_local (slice->self, place))
    return MNS_OK;
  mns_rc_t rc = registry_rate_count (&slice->self->findings, place, slice->review.today, &rate);
  if (rc == MNS_OK)
    rc = registry_rate_tell (&slice->self->findings, &rate, &is_new);
  return rc == MNS_OK && is_new ? registry_publish_rate (slice->turn, &rate) : rc;
}

static mns_rc_t tell_rates (slice_t *slice) {
  mns_rc_t rc = registry_check_places (&slice->self->check, (mns_place_t)slice->after, RATES_A_SLICE, tell_rate, slice);
  slice->more = slice->checked == RATES_A_SLICE;
  slice->total = slice->after;
  return rc;
}

static mns_rc_t (*const parts[]) (slice_t *slice) = {
    [MNS_CHECK_PERSONS] = check_persons, [MNS_CHECK_HOUSEHOLDS] = check_households,
    [MNS_CHECK_PLACES] = check_places,   [MNS_CHECK_DUPLICATES] = check_duplicates,
    [MNS_CHECK_RATES] = tell_rates,
};

/* ---- the command ------------------------------------------------------------------------------------------------- */

static void reply (const slice_t *slice, mns_code_t phase) {
  mns_quality_checked_t checked;
  mns_record_clear (&mns_quality_checked_type, &checked);
  checked.phase = slice->more ? phase : phase < MNS_CHECK_RATES ? phase + 1 : 0;
  checked.after = slice->more ? slice->after : 0;
  checked.total = (int64_t)slice->total;
  checked.checked = (int64_t)slice->checked;
  checked.opened = (int64_t)slice->review.opened;
  checked.corrected = (int64_t)slice->review.corrected;
  mns_turn_reply (slice->turn, &mns_quality_checked_type, &checked);
}

mns_rc_t registry_handle_check_quality (void *state, mns_turn_t *turn, const mns_request_t *request) {
  const mns_quality_check_t *asked = request->record;
  mns_code_t phase = asked->phase ? asked->phase : MNS_CHECK_PERSONS;
  slice_t slice = {.self = state,
                   .turn = turn,
                   .review = {.self = state,
                              .today = mns_turn_today (turn),
                              .now = mns_turn_now (turn),
                              .account = request->caller.account},
                   .after = asked->after};
  mns_rc_t rc = parts[phase](&slice);
  if (rc == MNS_OK)
    reply (&slice, phase);
  return rc;
}
