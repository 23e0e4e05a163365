/* Rural reward: who is in the opening of 2026-01-01, who enters in the half-year after it, and who leaves.
 *
 * All meet the conditions on their first day: 60 and over, born 1933 or later, rural, with one child or two daughters,
 * or none left. Those who leave are of the opening; deaths and moves are given days by deaths.c and moves.c. */
#include "common/records/assistance_records.h"
#include "sample/pool.h"

#define BORN_FROM   19330101
#define FULL_AGE    60
#define YOUNGEST    57 /* on the baseline's day, of someone who is 60 by the middle of 2026 */
#define REPORT_DAYS 10 /* at most, from the last day to the decision */

static bool is_eligible (const sample_county_t *county, const sample_person_t *person, const void *context) {
  const mns_date_t day = *(const mns_date_t *)context;
  return sample_is_rural (county, person) && person->birth >= BORN_FROM &&
         mns_date_age (person->birth, day) >= FULL_AGE &&
         (person->children <= 1 || (person->children == 2 && person->sons == 0));
}

/* What the file says of the children; not all live in the parents' household, some have died. */
static void tell_children (sample_county_t *county, sample_recipient_t *recipient) {
  const sample_person_t *person = &county->persons[recipient->person];
  uint32_t draw = sample_below (&county->random, 100);
  recipient->children = person->children;
  recipient->sons = person->sons;
  if (person->children > 0)
    return;
  recipient->deceased = draw < 5;
  recipient->children = draw < 5 ? 0 : draw < 25 ? 2 : 1;
  recipient->sons = recipient->children == 1 && draw < 70;
}

static void add (sample_county_t *county, sample_pool_t *pool, uint8_t tier, bool opening, mns_date_t from) {
  uint32_t age = YOUNGEST + (opening ? 2u : 0u) + sample_below (&county->random, opening ? 18 : 4);
  uint32_t person = sample_pool_take (pool, 0, age, is_eligible, &from, SAMPLE_RECIPIENT);
  if (person == SAMPLE_NONE)
    return;
  sample_recipient_t *recipient = &county->recipients[county->recipient_count++];
  *recipient =
      (sample_recipient_t){.person = person, .from = from, .tier = tier, .opening = opening ? MNS_YES : MNS_NO};
  tell_children (county, recipient);
}

static void tell_exit (sample_county_t *county, sample_recipient_t *recipient) {
  mns_date_t latest = mns_date_add_days (SAMPLE_LAST, -REPORT_DAYS);
  mns_date_t day = sample_day_between (&county->random, mns_date_add_days (recipient->from, 1), latest);
  recipient->exit_occurred = day;
  recipient->exit_registered = mns_date_add_days (day, (int32_t)sample_below (&county->random, REPORT_DAYS + 1));
}

/* The first of a tier are the leavers: who is first is chance already. */
static void mark_leavers (sample_county_t *county, uint8_t tier) {
  const uint32_t *leavers = county->figures.leavers[tier];
  uint32_t next = 0;
  for (uint8_t reason = MNS_EXIT_DEATH; reason <= MNS_EXIT_OTHER; reason++) {
    for (uint32_t i = 0; i < leavers[reason - 1] && next < county->recipient_count; next++) {
      sample_recipient_t *recipient = &county->recipients[next];
      if (recipient->tier != tier || recipient->opening != MNS_YES)
        continue;
      recipient->exit = reason;
      if (reason != MNS_EXIT_DEATH && reason != MNS_EXIT_MOVED)
        tell_exit (county, recipient);
      i++;
    }
  }
}

void sample_recipients_make (sample_county_t *county) {
  const sample_figures_t *figures = &county->figures;
  sample_pool_t pool;
  uint32_t most = 0;
  for (uint8_t tier = 0; tier < SAMPLE_TIERS; tier++)
    most += figures->recipients[tier] + figures->entrants[tier];
  county->recipients = mns_alloc (most * sizeof *county->recipients);
  sample_pool_init (&pool, county, sample_anybody, NULL);
  for (uint8_t tier = 0; tier < SAMPLE_TIERS; tier++)
    for (uint32_t i = 0; i < figures->recipients[tier]; i++)
      add (county, &pool, tier, true, SAMPLE_OPENING);
  for (uint8_t tier = 0; tier < SAMPLE_TIERS; tier++)
    for (uint32_t i = 0; i < figures->entrants[tier]; i++)
      add (county, &pool, tier, false,
           sample_day_between (&county->random, mns_date_add_days (SAMPLE_OPENING, 1), SAMPLE_LAST));
  sample_pool_fini (&pool);
  for (uint8_t tier = 0; tier < SAMPLE_TIERS; tier++)
    mark_leavers (county, tier);
}
