/* The registry's state: its store, its county, and the questions that several handlers ask. */
#ifndef MNS_REGISTRY_STATE_H
#define MNS_REGISTRY_STATE_H

#include "common/calendar.h"
#include "common/partners.h"
#include "common/service.h"
#include "services/registry/catalogue.h"
#include "services/registry/reading.h"
#include "services/registry/rules_number.h"
#include "services/registry/store_check.h"
#include "services/registry/store_duplicate.h"
#include "services/registry/store_event.h"
#include "services/registry/store_exchange.h"
#include "services/registry/store_finding.h"
#include "services/registry/store_history.h"
#include "services/registry/store_merge.h"
#include "services/registry/store_pending.h"
#include "services/registry/store_person.h"
#include "services/registry/store_place.h"
#include "services/registry/store_recount.h"
#include "services/registry/store_reform.h"
#include "services/registry/store_search.h"

#define REGISTRY_ROWS_MAX     1000 /* rows of a bulk request */
#define REGISTRY_FINDING_TEXT 400
#define REGISTRY_COUNTIES_MAX 16

typedef struct {
  mns_db_t *db;
  mns_place_t county;                          /* 0: every place is of this county */
  mns_place_t counties[REGISTRY_COUNTIES_MAX]; /* it, and what it was called before and after */
  size_t county_count;
  registry_reforms_t reforms;
  registry_people_t people;
  registry_finder_t finder;
  registry_readings_t readings; /* of the turn */
  registry_past_t past;
  registry_events_t events;
  registry_pendings_t pendings;
  registry_places_t places;
  registry_recount_t recount;
  registry_duplicates_t duplicates;
  registry_findings_t findings;
  registry_check_t check;
  registry_merges_t merges;
  registry_catalogue_t catalogue;
  registry_matters_t matters;
  mns_partners_t partners;
  mns_calendar_t calendar;
  bool in_chinese;                     /* texts for people */
  mns_place_info_t village;            /* the one asked for last; code 0: none */
  mns_baseline_t *baselines, *grouped; /* REGISTRY_ROWS_MAX each, for the load of one batch */
  mns_place_info_t *loaded;            /* the same, of places */
} registry_t;

/* Forgets what is remembered of the store. */
void registry_forget (registry_t *self);

/* The codes of the county through time, from the store. */
mns_rc_t registry_counties_load (registry_t *self);

/* Where the land of a place, as it was on `day`, lies today: `toward` when a part of it lies there, else where the
 * whole of it went; the place itself when it is as it was. */
mns_rc_t registry_place_today (registry_t *self, mns_place_t place, mns_date_t day, mns_place_t toward,
                               mns_place_t *now);

/* What a place in which somebody of a household lies was called on `day`. Of a village that was split since, the whole
 * of it. */
mns_rc_t registry_place_then (registry_t *self, uint64_t household, mns_date_t day, mns_place_t *place);

/* A person is dealt with where it is registered, an incomer (registered outside the county) where it lives. */
bool registry_is_local (const registry_t *self, mns_place_t place);
mns_place_t registry_area (const registry_t *self, mns_place_t place, mns_place_t residence);
/* The smallest division that holds both. */
mns_place_t registry_common_area (mns_place_t one, mns_place_t other);

/* MNS_FORBIDDEN, naming both places. */
mns_rc_t registry_covers (const mns_caller_t *caller, mns_place_t place, mns_error_t *error);

/* A village of this county that is loaded and valid on that day. MNS_INVALID: no village, not of this county, or no
 * longer valid; MNS_NOT_FOUND: not loaded. */
mns_rc_t registry_village_check (registry_t *self, const char *field, mns_place_t place, mns_date_t day,
                                 mns_error_t *error);

/* Appends one remark to a finding of REGISTRY_FINDING_TEXT bytes. */
void registry_finding_add (char *finding, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* A refusal is the asker's to mend; anything else is a failure of the store, which fails the whole message. */
bool registry_is_refusal (mns_rc_t rc);

#endif
