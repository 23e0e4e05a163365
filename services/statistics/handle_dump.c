/* statistics.snapshot and statistics.export: the state of one moment, made in one go, read page by page.
 *
 * A snapshot holds the figures of every place of the division for every period that has any. Its cutoff joins it to the
 * stream: every event behind that log number tells something newer, or the same again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/statistics/state.h"

#define SNAPSHOT_PAGE (192 * 1024)

static void folder_of (const statistics_t *state, char folder[300]) {
  snprintf (folder, 300, "%s/statistics", state->config->data);
}

static mns_rc_t dump_failed (mns_turn_t *turn, statistics_dump_t *dump, mns_rc_t rc) {
  statistics_dump_drop (dump);
  return mns_fail (mns_turn_error (turn), rc, "statistics", "the temporary file cannot be written: %s",
                   mns_error_en (rc));
}

/* ---- snapshot ---------------------------------------------------------------------------------------------------- */
static mns_rc_t dump_figures (statistics_t *state, statistics_dump_t *dump, int place, int basis,
                              statistics_period_t period) {
  mns_rc_t rc = MNS_OK;
  mns_buffer_t packed = {0};
  statistics_sums_make (&state->now, state->cube, place, basis, period);
  statistics_figures_begin (&state->figures, state->cube->places[place].code, basis, period, &state->now, dump->cutoff);
  statistics_figures_add_all (&state->figures, &state->now);
  for (size_t i = 0; rc == MNS_OK && i < state->figures.count; i++) {
    mns_buffer_clear (&packed);
    mns_record_pack (&mns_figures_type, &state->figures.records[i], &packed);
    rc = statistics_dump_add (dump, packed.data, packed.size);
  }
  mns_buffer_fini (&packed);
  return rc;
}

static mns_rc_t dump_place (statistics_t *state, statistics_dump_t *dump, int place, int this_month) {
  mns_rc_t rc = MNS_OK;
  for (int basis = 0; basis < STATISTICS_BASES; basis++) {
    int first, end;
    if (!statistics_cube_span (state->cube, place, basis, &first, &end))
      continue;
    end = this_month + 1 > end ? this_month + 1 : end;
    for (int kind = 0; kind < STATISTICS_PERIOD_KINDS; kind++)
      for (statistics_period_t period = statistics_period_containing (first, (statistics_period_kind_t)kind);
           rc == MNS_OK && period.first < end; period = statistics_period_after (period))
        rc = dump_figures (state, dump, place, basis, period);
  }
  return rc;
}

mns_rc_t statistics_handle_snapshot (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_snapshot_query_t *asked = request->record;
  statistics_dump_t *dump;
  char folder[300];
  if (!mns_caller_covers (&request->caller, asked->place))
    return mns_fail (mns_turn_error (turn), MNS_FORBIDDEN, "place", "%012lld lies outside the division of the account",
                     (long long)asked->place);
  folder_of (state, folder);
  mns_rc_t rc = statistics_dump_begin (&state->dumps, STATISTICS_SNAPSHOT, request->caller.account, folder,
                                       SNAPSHOT_PAGE, mns_turn_now (turn), &dump, mns_turn_error (turn));
  if (rc)
    return rc;
  dump->cutoff = statistics_cutoff (turn);
  int this_month = statistics_month_index (mns_turn_today (turn));
  for (int i = 0; rc == MNS_OK && i < state->cube->place_count; i++)
    if (mns_place_covers (asked->place, state->cube->places[i].code))
      rc = dump_place (state, dump, i, this_month);
  if (rc == MNS_OK)
    rc = statistics_dump_end (dump);
  if (rc)
    return dump_failed (turn, dump, rc);
  mns_snapshot_info_t info = {.cutoff = dump->cutoff.number, .pages = dump->page_count, .bytes = dump->bytes};
  mns_turn_reply (turn, &mns_snapshot_info_type, &info);
  return MNS_OK;
}

static mns_rc_t no_page (mns_turn_t *turn, uint64_t page, uint64_t count) {
  return mns_fail (mns_turn_error (turn), MNS_NOT_FOUND, "page",
                   "there is no page %llu of %llu; a dump unread for ten minutes goes away: ask for a new one",
                   (unsigned long long)page, (unsigned long long)count);
}

static mns_rc_t read_page (statistics_t *state, mns_turn_t *turn, const mns_request_t *request,
                           statistics_dump_kind_t kind, uint64_t number, mns_buffer_t *page,
                           statistics_dump_t **found) {
  *found = statistics_dump_find (&state->dumps, kind, request->caller.account, mns_turn_now (turn));
  mns_rc_t rc = *found ? statistics_dump_read (*found, number, page) : MNS_NOT_FOUND;
  return rc == MNS_NOT_FOUND ? no_page (turn, number, *found ? (*found)->page_count : 0) : rc;
}

mns_rc_t statistics_handle_snapshot_read (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_snapshot_read_t *asked = request->record;
  statistics_dump_t *dump;
  mns_buffer_t page = {0};
  mns_figures_t *figures = mns_alloc (sizeof *figures);
  mns_rc_t rc = read_page (state, turn, request, STATISTICS_SNAPSHOT, asked->page, &page, &dump);
  const uint8_t *data = page.data;
  size_t size = page.size;
  while (rc == MNS_OK &&
         (rc = mns_sequence_next (&mns_figures_type, figures, &data, &size, mns_turn_error (turn))) == MNS_OK)
    mns_turn_reply (turn, &mns_figures_type, figures);
  free (figures);
  mns_buffer_fini (&page);
  return rc == MNS_GONE ? MNS_OK : rc;
}

/* ---- export ------------------------------------------------------------------------------------------------------ */
static mns_rc_t add_line (void *dump, const char *text, size_t size) {
  return statistics_dump_add (dump, text, size);
}

static mns_rc_t make_export (statistics_t *state, mns_turn_t *turn, const mns_request_t *request) {
  statistics_dump_t *dump;
  char folder[300];
  folder_of (state, folder);
  mns_rc_t rc = statistics_dump_begin (&state->dumps, STATISTICS_EXPORT, request->caller.account, folder,
                                       MNS_EXPORT_TEXT_MAX, mns_turn_now (turn), &dump, mns_turn_error (turn));
  if (rc)
    return rc;
  dump->cutoff = statistics_cutoff (turn);
  rc = statistics_store_save (&state->store, state->cube); /* what this turn has counted so far belongs to it */
  if (rc == MNS_OK)
    rc = statistics_store_export (&state->store, add_line, dump);
  if (rc == MNS_OK)
    rc = statistics_release_store_export (&state->releases, add_line, dump);
  if (rc == MNS_OK)
    rc = statistics_revision_store_export (&state->revisions, add_line, dump);
  if (rc == MNS_OK)
    rc = statistics_dump_end (dump);
  return rc ? dump_failed (turn, dump, rc) : MNS_OK;
}

mns_rc_t statistics_handle_export (void *self, mns_turn_t *turn, const mns_request_t *request) {
  statistics_t *state = self;
  const mns_export_query_t *asked = request->record;
  statistics_dump_t *dump;
  mns_buffer_t page = {0};
  mns_rc_t rc = asked->after ? MNS_OK : make_export (state, turn, request);
  if (rc)
    return rc;
  uint64_t number = asked->after ? asked->after : 1;
  rc = read_page (state, turn, request, STATISTICS_EXPORT, number, &page, &dump);
  if (rc == MNS_OK) {
    mns_export_page_t *reply = mns_alloc (sizeof *reply);
    mns_record_clear (&mns_export_page_type, reply);
    if (page.size)
      memcpy (reply->text, page.data, page.size);
    reply->cutoff = dump->cutoff.number;
    reply->next = number < dump->page_count ? number + 1 : 0;
    mns_turn_reply (turn, &mns_export_page_type, reply);
    free (reply);
  }
  mns_buffer_fini (&page);
  return rc;
}
