/* The snapshot of `statistics`: every figure as it was last told, read from the store (docs/subscribing.md).
 *
 * What is counted but not told yet is left out: the events that tell it come behind the snapshot's number. */
#include <stdlib.h>

#include "common/clock.h"
#include "services/statistics/state.h"

typedef struct {
  statistics_cube_t *cube;
  statistics_sums_t told;
  statistics_figures_t figures;
  statistics_cutoff_t cutoff; /* what is counted behind it was not told */
  int this_month;
} told_t;

static mns_rc_t dump_period (told_t *told, mns_dump_t *dump, int place, int basis, statistics_period_t period,
                             mns_error_t *error) {
  char text[STATISTICS_PERIOD_TEXT];
  mns_place_t code = told->cube->places[place].code;
  mns_emit_t emit = {.subject = "figures", .place = code, .happening = text};
  statistics_sums_make (&told->told, told->cube, place, basis, period);
  uint64_t revision = told->told.revision;
  statistics_sums_make_told (&told->told, told->cube, place, basis, period);
  told->told.revision = revision;
  statistics_figures_begin (&told->figures, code, basis, period, &told->told, told->cutoff);
  statistics_figures_add_all (&told->figures, &told->told);
  const mns_figures_t *first = told->figures.records;
  if (first->counts_count == 0 && first->opening == 0 && first->closing == 0)
    return MNS_OK;
  statistics_period_format (period, text);
  return mns_dump_row (dump, &emit, &mns_figures_type, first, told->figures.count, error);
}

static mns_rc_t dump_place (told_t *told, mns_dump_t *dump, int place, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (int basis = 0; basis < STATISTICS_BASES; basis++) {
    int first, end;
    if (!statistics_cube_span (told->cube, place, basis, &first, &end))
      continue;
    end = told->this_month + 1 > end ? told->this_month + 1 : end;
    for (int kind = 0; kind < STATISTICS_PERIOD_KINDS; kind++)
      for (statistics_period_t period = statistics_period_containing (first, (statistics_period_kind_t)kind);
           rc == MNS_OK && period.first < end; period = statistics_period_after (period))
        rc = dump_period (told, dump, place, basis, period, error);
  }
  return rc;
}

mns_rc_t statistics_dump_told (mns_dump_t *dump, mns_db_t *db, const mns_config_t *config, mns_error_t *error) {
  statistics_store_t store;
  statistics_release_store_t calendar;
  mns_date_t today = mns_time_date (mns_clock.wall (), (int32_t)config->utc_offset_s);
  told_t told = {.cube = statistics_cube_new (), .this_month = statistics_month_index (today)};
  statistics_sums_init (&told.told);
  statistics_store_init (&store, db);
  statistics_release_store_init (&calendar, db);
  mns_rc_t rc = statistics_store_cutoff (&store, &told.cutoff, error);
  if (rc == MNS_OK && (rc = statistics_release_store_closed (&calendar, &told.figures.closed)) != MNS_OK)
    mns_fail (error, rc, "statistics.db", "%s", mns_db_message (db));
  if (rc == MNS_OK)
    rc = statistics_store_load (&store, told.cube, error);
  for (int i = 0; rc == MNS_OK && i < told.cube->place_count; i++)
    if (mns_dump_wants (dump, "statistics", "figures", told.cube->places[i].code))
      rc = dump_place (&told, dump, i, error);
  statistics_figures_fini (&told.figures);
  statistics_sums_fini (&told.told);
  statistics_store_fini (&store);
  statistics_cube_destroy (&told.cube);
  return rc;
}
