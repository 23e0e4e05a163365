/* The table of events. */
#include "common/records/events.h"

#include "common/records/assistance_records.h"
#include "common/records/audit_records.h"
#include "common/records/bus_records.h"
#include "common/records/exchange_records.h"
#include "common/records/registry_duplicates.h"
#include "common/records/registry_quality.h"
#include "common/records/registry_records.h"
#include "common/records/release_records.h"
#include "common/records/service_records.h"
#include "common/records/statistics_records.h"
#include <string.h>

const mns_event_row_t mns_events[] = {{"registry.baseline.<village>.loaded", &mns_baseline_type},
                                      {"registry.birth.<village>.registered", &mns_birth_type},
                                      {"registry.death.<village>.registered", &mns_death_type},
                                      {"registry.move-in.<village>.registered", &mns_move_in_type},
                                      {"registry.move-out.<village>.registered", &mns_move_out_type},
                                      {"registry.move-within.<village>.registered", &mns_move_within_type},
                                      {"registry.adjustment.<village>.registered", &mns_adjustment_type},
                                      {"registry.marriage.<village>.registered", &mns_marriage_type},
                                      {"registry.divorce.<village>.registered", &mns_divorce_type},
                                      {"registry.adoption.<village>.registered", &mns_adoption_type},
                                      {"registry.adoption-end.<village>.registered", &mns_adoption_end_type},
                                      {"registry.household.<village>.registered", &mns_membership_type},
                                      {"registry.correction.<village>.registered", &mns_correction_type},
                                      {"registry.restatement.<village>.registered", &mns_restatement_type},
                                      {"registry.merge.<village>.registered", &mns_merge_type},
                                      {"registry.quality.<village>.<yyyy-mm>", &mns_quality_rate_type},
                                      {"registry.matter.<village>.<kind>-<state>", &mns_matter_change_type},
                                      {"exchange.letter.<county addressed>.<kind>-<state>", &mns_letter_type},
                                      {"places.place.<code>.valid", &mns_place_info_type},
                                      {"places.reform.<code>.<operation>", &mns_reform_type},
                                      {"statistics.figures.<place>.<period>", &mns_figures_type},
                                      {"open.figures.<county>.<period>", &mns_figures_type},
                                      {"open.released.<place>.<period>", &mns_released_type},
                                      {"catalogue.period.<county>.<happening>", &mns_period_closing_type},
                                      {"catalogue.release.<county>.published", &mns_release_type},
                                      {"assistance.entitlement.<village>.<happening>", &mns_entitlement_change_type},
                                      {"assistance.recovery.<village>.opened", &mns_recovery_type},
                                      {"assistance.fund.<county>.received", &mns_funded_type},
                                      {"assistance.batch.<county>.<period>", &mns_batch_posted_type},
                                      {"system.feed.000000000000.tick", &mns_feed_tick_type},
                                      {"system.directory.<county>.<happening>", &mns_directory_change_type},
                                      {"audit.refusal.<county>.<verb>", &mns_audit_refusal_type},
                                      {"audit.action.<county>.<happening>", &mns_audit_action_type},
                                      {"audit.reading.<county>.read", &mns_audit_reading_type},
                                      {"audit.reading.<county>.exported", &mns_audit_export_type},
                                      {"<service>.line.<county>.<what>", &mns_intervention_type},
                                      {"system.buried.000000000000.<service>", &mns_buried_type},
                                      {0, 0}};

const mns_record_type_t *mns_event_type (const char *name) {
  for (const mns_event_row_t *row = mns_events; row->topic; row++)
    if (strcmp (row->type->name, name) == 0)
      return row->type;
  return NULL;
}
