/* What the files of the service share: its state, and the handlers that the tables of statistics.c name. */
#ifndef MNS_STATISTICS_STATE_H
#define MNS_STATISTICS_STATE_H

#include "common/service.h"
#include "services/statistics/catalogue.h"
#include "services/statistics/cube.h"
#include "services/statistics/dump.h"
#include "services/statistics/figures.h"
#include "services/statistics/plan.h"
#include "services/statistics/publish.h"
#include "services/statistics/rules_fold.h"
#include "services/statistics/secret.h"
#include "services/statistics/store_boundary.h"
#include "services/statistics/store_cube.h"
#include "services/statistics/store_place.h"
#include "services/statistics/store_release.h"
#include "services/statistics/store_revision.h"
#include "services/statistics/sums.h"

#define STATISTICS_DIMENSION_CODES 8 /* above every code of a dimension's word */

typedef struct {
  const mns_config_t *config;
  statistics_cube_t *cube;
  statistics_store_t store;
  statistics_place_store_t places;
  statistics_boundary_store_t boundary_store;
  statistics_boundaries_t boundaries;
  statistics_catalogue_t catalogue;
  statistics_plan_t plan;
  statistics_secret_t secret;
  statistics_release_store_t releases;
  statistics_revision_store_t revisions;
  int journal;            /* the first month that was never closed: a change before it is a revision */
  int closed, released;   /* the first month that is open, that is not released; 0: none ever was */
  int closing, releasing; /* what the calendar has asked for and not seen yet */
  statistics_publisher_t publisher;
  statistics_dumps_t dumps;
  statistics_sums_t now, before; /* scratch of the queries */
  statistics_figures_t figures;
  /* series index + 1 of the dimensions of life events */
  uint16_t series[STATISTICS_MEASURES][STATISTICS_DIMENSION_CODES][STATISTICS_DIMENSION_CODES];
} statistics_t;

/* ---- events (handle_event.c, handle_entitlement.c, handle_place.c) ----------------------------------------------- */
mns_rc_t statistics_on_baseline (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_birth (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_death (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_move_in (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_move_out (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_move_within (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_adjustment (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_marriage (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_divorce (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_restatement (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_funded (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_entitlement (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_posted (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_recovery (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_reform (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_place (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);

/* Decisions that come back through the log (handle_closing.c, handle_release.c). */
mns_rc_t statistics_on_period (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);
mns_rc_t statistics_on_release (void *self, mns_turn_t *turn, const mns_event_t *event, const void *record);

/* The code of our own county that holds the place or the residence: it may have had several. */
mns_place_t statistics_county_of (const statistics_t *state, const mns_restatement_t *fact);
bool statistics_county_holds (const statistics_t *state, mns_place_t place);

/* ---- requests ---------------------------------------------------------------------------------------------------- */
mns_rc_t statistics_handle_figures (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_indicators (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_catalogue (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_rehearse (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_pyramid (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_life_table (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_places (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_check_reported (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_snapshot (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_snapshot_read (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_export (void *self, mns_turn_t *turn, const mns_request_t *request);

/* ---- the snapshot (dump_told.c) ---------------------------------------------------------------------------------- */
mns_rc_t statistics_dump_told (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error);

/* ---- what several handlers need (query.c) ------------------------------------------------------------------------ */
typedef struct {
  int place; /* index in the cube, −1: known, but nothing was counted there */
  mns_place_t area;
  mns_code_t basis;
  statistics_period_t period;
} statistics_query_t;

/* Checks that the caller may see the place, that it is known, and that the period is one; basis 0
 * is by registration. */
mns_rc_t statistics_query_check (statistics_t *state, mns_turn_t *turn, const mns_caller_t *caller, mns_place_t place,
                                 const char *period, mns_code_t basis, statistics_query_t *query);
/* The text of a field as a period. */
mns_rc_t statistics_query_period (mns_turn_t *turn, const char *field, const char *text, statistics_period_t *period);

/* ---- closings and releases (handle_closing.c, handle_release.c) ---------------------------------------------------
 */
mns_rc_t statistics_handle_close (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_reopen (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_closings (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_release (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_releases (void *self, mns_turn_t *turn, const mns_request_t *request);
mns_rc_t statistics_handle_released (void *self, mns_turn_t *turn, const mns_request_t *request);
/* The timer: closes and releases what is due. */
mns_rc_t statistics_keep_calendar (void *self, mns_turn_t *turn);
mns_rc_t statistics_decide_release (statistics_t *state, mns_turn_t *turn, int month);
/* The month that is asked for, or the usual one. */
mns_rc_t statistics_month_asked (mns_turn_t *turn, const char *text, int usual, int *month);
/* There is a county, and the caller may decide for it. */
mns_rc_t statistics_county_needed (const statistics_t *state, mns_turn_t *turn, const mns_caller_t *caller);
/* A fact into the counts (sign −1: out of them); revision 0 leaves the revisions of the cells. */
mns_rc_t statistics_count_fact (statistics_t *state, const mns_restatement_t *fact, uint64_t revision,
                                mns_error_t *error);
/* Journals a fact that counts in a month closed before (handle_revision.c). */
mns_rc_t statistics_note_revision (statistics_t *state, const mns_event_t *event, const mns_restatement_t *fact,
                                   const statistics_fold_t *fold);
/* The cube as it stood on that day (0: now), when the period was closed then; *number is for the way back, which must
 * be gone in the same handler. */
mns_rc_t statistics_go_back (statistics_t *state, mns_turn_t *turn, mns_date_t day, statistics_period_t period,
                             uint64_t *number);
mns_rc_t statistics_come_back (statistics_t *state, uint64_t number);
mns_rc_t statistics_handle_diff (void *self, mns_turn_t *turn, const mns_request_t *request);
/* How an open figure is called. */
void statistics_open_period (const statistics_figure_key_t *key, statistics_period_t *period,
                             char text[STATISTICS_PERIOD_TEXT]);
void statistics_open_dimension (const statistics_figure_key_t *key, char text[MNS_DIMENSION_MAX + 1]);

/* The sums of a period of the query's place and basis, in the boundaries of a day (0: as it was counted).
 * MNS_WRONG_STATE: a place was divided or put together in between. */
mns_rc_t statistics_query_sums (statistics_t *state, mns_turn_t *turn, const statistics_query_t *query,
                                statistics_period_t period, mns_date_t boundaries, statistics_sums_t *sums);
/* (recast.c) */
mns_rc_t statistics_recast_sums (statistics_t *state, mns_place_t area, int basis, statistics_period_t period,
                                 mns_date_t day, statistics_sums_t *sums, mns_error_t *error);

#endif
