/* The tables of the service: commands, topics, timers; and how its state is made and follows the turns. */
#include "services/statistics/statistics.h"

#include <stdlib.h>

#include "services/statistics/state.h"

#define EVERYONE MNS_ROLES_ALL
#define DECIDERS (MNS_ROLE_BIT (MNS_ADMINISTRATOR) | MNS_ROLE_BIT (MNS_APPROVER))

#define CALENDAR_MS 1000

static const mns_command_t commands[] = {
    {"statistics.figures", MNS_QUERY, EVERYONE, &mns_figures_query_type, &mns_figures_type, statistics_handle_figures,
     "All counts of a place and period", "查询一地一期的全部计数"},
    {"statistics.indicators", MNS_QUERY, EVERYONE, &mns_indicators_query_type, &mns_indicator_value_type,
     statistics_handle_indicators, "Indicators of a place and period, with the year before", "查询指标及同比"},
    {"statistics.catalogue", MNS_QUERY, EVERYONE, &mns_catalogue_query_type, &mns_indicator_type,
     statistics_handle_catalogue, "How indicators are made", "查询指标定义"},
    {"statistics.rehearse-indicators", MNS_QUERY, EVERYONE, &mns_rehearsal_type, &mns_indicator_value_type,
     statistics_handle_rehearse, "What the indicators of another catalogue would be", "试算指标"},
    {"statistics.pyramid", MNS_QUERY, EVERYONE, &mns_pyramid_query_type, &mns_pyramid_row_type,
     statistics_handle_pyramid, "The people of a place by sex and age", "人口金字塔"},
    {"statistics.life-table", MNS_QUERY, EVERYONE, &mns_life_query_type, &mns_life_row_type,
     statistics_handle_life_table, "The abridged life table of a place and period", "简略寿命表"},
    {"statistics.places", MNS_QUERY, EVERYONE, &mns_places_query_type, &mns_place_figures_type,
     statistics_handle_places, "The balance of a place and of its parts", "查询一地及其下级的平衡表"},
    {"statistics.check-reported", MNS_QUERY, EVERYONE, &mns_reported_figures_type, &mns_reported_finding_type,
     statistics_handle_check_reported, "Checks printed rates against one another and the counts", "核对上报的率"},
    {"statistics.snapshot", MNS_QUERY, EVERYONE, &mns_snapshot_query_type, &mns_snapshot_info_type,
     statistics_handle_snapshot, "Takes a snapshot of all figures of a division", "生成快照"},
    {"statistics.snapshot-read", MNS_QUERY, EVERYONE, &mns_snapshot_read_type, &mns_figures_type,
     statistics_handle_snapshot_read, "Reads a page of the snapshot", "读取快照页"},
    {"statistics.export", MNS_QUERY, MNS_ROLE_BIT (MNS_ADMINISTRATOR) | MNS_ROLE_BIT (MNS_OPERATOR),
     &mns_export_query_type, &mns_export_page_type, statistics_handle_export, "The state as text, for comparison",
     "导出状态文本"},
    {"statistics.close", 0, DECIDERS, &mns_closing_request_type, &mns_closing_info_type, statistics_handle_close,
     "Closes a month", "结账"},
    {"statistics.reopen", 0, DECIDERS, &mns_closing_request_type, &mns_closing_info_type, statistics_handle_reopen,
     "Opens the last closed month again", "重新开放"},
    {"statistics.closings", MNS_QUERY, EVERYONE, NULL, &mns_closing_info_type, statistics_handle_closings,
     "What was closed and opened again, the latest first", "查询结账记录"},
    {"statistics.release", 0, DECIDERS, &mns_release_request_type, &mns_release_info_type, statistics_handle_release,
     "Publishes the open figures of what is closed", "发布公开数字"},
    {"statistics.releases", MNS_QUERY, EVERYONE, NULL, &mns_release_info_type, statistics_handle_releases,
     "The ledger of releases, the latest first", "查询发布台账"},
    {"statistics.released", MNS_QUERY, EVERYONE, &mns_released_query_type, &mns_released_figure_type,
     statistics_handle_released, "Released figures", "查询已发布数字"},
    {"statistics.diff", MNS_QUERY, EVERYONE, &mns_diff_query_type, &mns_difference_type, statistics_handle_diff,
     "Why figures moved between two days, down to the events", "查询修订原因"},
    {0}};

static const mns_topic_t topics[] = {
    {"registry.baseline.", &mns_baseline_type, statistics_on_baseline},
    {"registry.birth.", &mns_birth_type, statistics_on_birth},
    {"registry.death.", &mns_death_type, statistics_on_death},
    {"registry.move-in.", &mns_move_in_type, statistics_on_move_in},
    {"registry.move-out.", &mns_move_out_type, statistics_on_move_out},
    {"registry.move-within.", &mns_move_within_type, statistics_on_move_within},
    {"registry.adjustment.", &mns_adjustment_type, statistics_on_adjustment},
    {"registry.marriage.", &mns_marriage_type, statistics_on_marriage},
    {"registry.divorce.", &mns_divorce_type, statistics_on_divorce},
    {"registry.restatement.", &mns_restatement_type, statistics_on_restatement},
    {"assistance.entitlement.", &mns_entitlement_change_type, statistics_on_entitlement},
    {"assistance.fund.", &mns_funded_type, statistics_on_funded},
    {"assistance.batch.", &mns_batch_posted_type, statistics_on_posted},
    {"assistance.recovery.", &mns_recovery_type, statistics_on_recovery},
    {"places.", &mns_place_info_type, statistics_on_place},
    {"places.", &mns_reform_type, statistics_on_reform},
    /* One prefix for both: a subscription has at most MNS_PREFIXES_MAX. */
    {"catalogue.", &mns_period_closing_type, statistics_on_period},
    {"catalogue.", &mns_release_type, statistics_on_release},
    {0}};

static const mns_snapshot_t snapshots[] = {{"statistics", statistics_dump_told}, {0}};

static const mns_timer_t timers[] = {
    {"publish", STATISTICS_PUBLISH_MS, statistics_publish}, {"calendar", CALENDAR_MS, statistics_keep_calendar}, {0}};

static void close_state (void **self) {
  statistics_t *state = *self;
  if (!state)
    return;
  statistics_cube_destroy (&state->cube);
  statistics_catalogue_fini (&state->catalogue);
  statistics_publisher_fini (&state->publisher);
  statistics_dumps_fini (&state->dumps);
  statistics_figures_fini (&state->figures);
  statistics_store_fini (&state->store);
  statistics_revision_store_fini (&state->revisions);
  statistics_sums_fini (&state->now);
  statistics_sums_fini (&state->before);
  statistics_boundaries_fini (&state->boundaries);
  free (state);
  *self = NULL;
}

static mns_rc_t load_calendar (statistics_t *state) {
  mns_rc_t rc = statistics_release_store_closed (&state->releases, &state->closed);
  state->figures.closed = state->closed;
  if (rc == MNS_OK)
    rc = statistics_revision_store_journal (&state->revisions, &state->journal);
  return rc ? rc : statistics_release_store_released (&state->releases, &state->released);
}

static mns_rc_t open_state (void **self, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  statistics_t *state = mns_alloc (sizeof *state);
  *self = state;
  state->config = config;
  state->cube = statistics_cube_new ();
  statistics_sums_init (&state->now);
  statistics_sums_init (&state->before);
  statistics_publisher_init (&state->publisher);
  statistics_store_init (&state->store, db);
  statistics_place_store_init (&state->places, db);
  statistics_release_store_init (&state->releases, db);
  statistics_revision_store_init (&state->revisions, db);
  statistics_boundary_store_init (&state->boundary_store, db);
  mns_rc_t rc = statistics_catalogue_load (&state->catalogue, config->data, error);
  if (rc == MNS_OK)
    rc = statistics_plan_load (&state->plan, config->data, error);
  if (rc == MNS_OK)
    rc = statistics_secret_load (&state->secret, db, config->data, error);
  if (rc == MNS_OK)
    rc = statistics_boundary_store_load (&state->boundary_store, &state->boundaries);
  if (rc == MNS_OK)
    rc = statistics_store_county (&state->store, config->county, error);
  if (rc == MNS_OK)
    rc = statistics_store_load (&state->store, state->cube, error);
  if (rc == MNS_OK && (rc = load_calendar (state)) != MNS_OK)
    mns_fail (error, rc, "statistics.db", "%s", mns_db_message (db));
  if (rc)
    close_state (self);
  else
    statistics_publisher_queue_all (&state->publisher, state->cube);
  return rc;
}

static mns_rc_t finish (void *self, mns_turn_t *turn) {
  statistics_t *state = self;
  (void)turn;
  statistics_publisher_queue_changes (&state->publisher, state->cube);
  return statistics_store_save (&state->store, state->cube);
}

static void committed (void *self) {
  statistics_t *state = self;
  statistics_cube_keep (state->cube);
  statistics_publisher_keep (&state->publisher);
}

static void rolled_back (void *self) {
  statistics_t *state = self;
  statistics_cube_restore (state->cube);
  statistics_publisher_restore (&state->publisher, state->cube);
  state->closing = state->releasing = 0;
  load_calendar (state);
  statistics_boundary_store_load (&state->boundary_store, &state->boundaries);
}

const mns_service_t mns_statistics_service = {.name = "statistics",
                                              .files = mns_embedded_statistics,
                                              .commands = commands,
                                              .topics = topics,
                                              .timers = timers,
                                              .snapshots = snapshots,
                                              .stops_the_line = true,
                                              .open = open_state,
                                              .close = close_state,
                                              .finish = finish,
                                              .committed = committed,
                                              .rolled_back = rolled_back};
