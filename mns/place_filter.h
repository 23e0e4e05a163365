/* Which events concern a place: itself, all beneath it, or all above it. */
#ifndef MNS_PLACE_FILTER_H
#define MNS_PLACE_FILTER_H

#include "common/wire.h"

typedef enum { MNS_SCOPE_DOWN, MNS_SCOPE_SELF, MNS_SCOPE_UP } mns_scope_t;

typedef struct {
  bool on;
  mns_place_t place;
  mns_scope_t scope;
} mns_place_filter_t;

/* From the options: `place` NULL is no filter; `scope` is down, self or up. */
mns_rc_t mns_place_filter_parse (mns_place_filter_t *filter, const char *place, const char *scope, mns_error_t *error);
bool mns_place_filter_takes (const mns_place_filter_t *filter, const mns_event_t *event);
/* The prefix to subscribe to for `prefix`: with the digits of the place where it ends right before the division, so
 * that the broker filters; else as it is. */
void mns_place_filter_narrow (const mns_place_filter_t *filter, const char *prefix, char narrow[MNS_TOPIC_MAX + 1]);

#endif
