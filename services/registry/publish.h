/* What the registry tells the others: its rows as records of stream `registry`. */
#ifndef MNS_REGISTRY_PUBLISH_H
#define MNS_REGISTRY_PUBLISH_H

#include "services/registry/standing.h"

/* The common part of every life event, for a person of the baseline. */
void registry_fill_baseline (const mns_person_entry_t *person, mns_baseline_t *baseline);

/* One event of the outbox for one row of table event. */
mns_rc_t registry_publish_event (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                 const mns_event_entry_t *event);

/* A move within the county; `current` 0: it is the last event of the person. */
mns_rc_t registry_publish_move_within (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                       const mns_event_entry_t *event, mns_place_t current);

/* A marriage or divorce; `partner` NULL: not in the register. */
mns_rc_t registry_publish_couple (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                  const mns_event_entry_t *event, const mns_person_entry_t *partner);

/* A split, join or change of head, with all whose household or relation it changes. */
mns_rc_t registry_publish_membership (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                      const mns_event_entry_t *event, const registry_change_t *others, size_t count);

/* registry.baseline.<village>.loaded with `count` records, all effective from the same day or not. */
mns_rc_t registry_publish_baselines (mns_turn_t *turn, mns_place_t village, const mns_baseline_t *baselines,
                                     size_t count);

/* registry.merge.<village>.registered */
mns_rc_t registry_publish_merge (mns_turn_t *turn, mns_place_t area, const mns_merge_t *merge);

/* registry.quality.<village>.<yyyy-mm> */
mns_rc_t registry_publish_rate (mns_turn_t *turn, const mns_quality_rate_t *rate);

/* A correction, and what it changes in the figures (count may be 0). */
mns_rc_t registry_publish_correction (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                      const mns_correction_entry_t *correction, const mns_restatement_t *restatements,
                                      size_t count);

/* Earlier events of the person that count otherwise now. */
mns_rc_t registry_publish_restatements (registry_t *self, mns_turn_t *turn, const mns_person_entry_t *person,
                                        const mns_restatement_t *restatements, size_t count);

mns_rc_t registry_publish_reform (mns_turn_t *turn, const mns_reform_t *reform);

#endif
