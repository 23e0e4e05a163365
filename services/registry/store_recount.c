/* Counting again: one statement, each measure a SELECT of its own, written from the vocabulary of statistics_records.h
 * and not from the statistics service, so that the two can disagree. It reads every event; a question for a check, not
 * for a screen. */
#include "services/registry/store_recount.h"

#include "common/records/place.h"

/* ?1–?2 the area, ?3–?4 the months, ?5 by registration, ?6–?7 the county. A place is 12 digits; its first six are the
 * county. Days between two dates by julianday, so that no date arithmetic of this program is used. */
#define ISO(column) "printf ('%04d-%02d-%02d', " column " / 10000, " column " / 100 % 100, " column " % 100)"

static const char sql[] =
    "WITH dated AS ("
    "  SELECT *, iif (?5, registered, occurred) / 100 AS month,"
    "    julianday (" ISO ("registered") ") - julianday (" ISO (
        "occurred") ") AS delay,"
                    "    place BETWEEN ?6 AND ?7 AS registered_here,"
                    "    coalesce (residence BETWEEN ?6 AND ?7, 0) AS lives_here,"
                    "    coalesce (residence / 1000000 <> place / 1000000, 0) AS apart,"
                    "    CASE kind WHEN 'birth' THEN 1 WHEN 'move_in' THEN 1 WHEN 'death' THEN -1 WHEN 'move_out' THEN "
                    "-1"
                    "      WHEN 'adjustment' THEN delta ELSE 0 END AS stock"
                    "  FROM event),"
                    " happened AS (SELECT * FROM dated WHERE month BETWEEN ?3 AND ?4),"
                    " here AS (SELECT * FROM happened WHERE registered_here AND place BETWEEN ?1 AND ?2),"
                    /* A move within the county crosses the area's border inwards or outwards. */
                    " inwards AS (SELECT * FROM happened WHERE registered_here AND kind = 'move_within' AND place "
                    "BETWEEN ?1 AND ?2"
                    "   AND other_place NOT BETWEEN ?1 AND ?2),"
                    " outwards AS (SELECT * FROM happened WHERE registered_here AND kind = 'move_within' AND"
                    "   place NOT BETWEEN ?1 AND ?2 AND other_place BETWEEN ?1 AND ?2),"
                    /* A baseline of the first of a month belongs to the month before. */
                    " baseline AS (SELECT *, entry_place BETWEEN ?6 AND ?7 AS registered_here,"
                    "    coalesce (entry_residence BETWEEN ?6 AND ?7, 0) AS lives_here,"
                    "    coalesce (entry_residence / 1000000 <> entry_place / 1000000, 0) AS apart"
                    "  FROM person WHERE entry_day IS NOT NULL AND"
                    "    CASE WHEN entry_day % 100 > 1 THEN entry_day / 100 WHEN entry_day / 100 % 100 > 1 THEN "
                    "entry_day / 100 - 1"
                    "      ELSE entry_day / 100 - 89 END BETWEEN ?3 AND ?4),"
                    " one (measure, dimension, value) AS ("
                    "  SELECT 'baseline', sex, 1 FROM baseline WHERE registered_here AND entry_place BETWEEN ?1 AND ?2"
                    "  UNION ALL SELECT 'births', sex || '.' || min (coalesce (birth_order, 0), 3), 1 FROM here WHERE "
                    "kind = 'birth'"
                    "  UNION ALL SELECT 'deaths', sex, 1 FROM here WHERE kind = 'death'"
                    "  UNION ALL SELECT 'moves_in', sex, 1 FROM here WHERE kind = 'move_in'"
                    "  UNION ALL SELECT 'moves_in', sex, 1 FROM inwards"
                    "  UNION ALL SELECT 'moves_out', sex, 1 FROM here WHERE kind = 'move_out'"
                    "  UNION ALL SELECT 'moves_out', sex, 1 FROM outwards"
                    "  UNION ALL SELECT 'adjustments', adjustment || '.' || sex, delta FROM here WHERE kind = "
                    "'adjustment'"
                    "  UNION ALL SELECT kind || 's_delay', CASE WHEN delay <= 30 THEN '30' WHEN delay <= 365 THEN "
                    "'365' ELSE 'over' END,"
                    "    1 FROM here WHERE kind IN ('birth', 'death')"
                    "  UNION ALL SELECT 'deliveries', CASE plurality WHEN 1 THEN 'single' WHEN 2 THEN 'twins' WHEN 3 "
                    "THEN 'triplets'"
                    "    ELSE 'more' END, 1 FROM here WHERE kind = 'birth' AND rank = 1"
                    "  UNION ALL SELECT 'births_mother', mother, 1 FROM here WHERE kind = 'birth'"
                    /* Who is born on 29 February is one year old on 28 February. */
                    "  UNION ALL SELECT 'infant_deaths', '', 1 FROM here WHERE kind = 'death' AND"
                    "    occurred < iif (birth % 10000 = 229, birth + 9999, birth + 10000)"
                    "  UNION ALL SELECT 'away', sex, 1 FROM baseline WHERE registered_here AND apart AND entry_place "
                    "BETWEEN ?1 AND ?2"
                    "  UNION ALL SELECT 'away', sex, stock FROM here WHERE apart"
                    "  UNION ALL SELECT 'away', sex, 1 FROM inwards WHERE apart"
                    "  UNION ALL SELECT 'away', sex, -1 FROM outwards WHERE apart"
                    "  UNION ALL SELECT 'incomers', sex, 1 FROM baseline WHERE lives_here AND apart AND"
                    "    entry_residence BETWEEN ?1 AND ?2"
                    "  UNION ALL SELECT 'incomers', sex, stock FROM happened WHERE lives_here AND apart AND residence "
                    "BETWEEN ?1 AND ?2)"
                    " SELECT measure, dimension, sum (value) FROM one GROUP BY measure, dimension HAVING sum (value) "
                    "<> 0"
                    " ORDER BY measure, dimension";

void registry_recount_init (registry_recount_t *recount, mns_db_t *db) {
  *recount = (registry_recount_t){.db = db, .statement = mns_db_prepare (db, sql)};
}

mns_rc_t registry_recount (registry_recount_t *recount, const mns_recount_request_t *request, mns_place_t county,
                           registry_each_count_t each, void *context) {
  mns_count_t count;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  int64_t from = request->from_month == MNS_NONE ? 0 : request->from_month;
  int64_t to = request->to_month == MNS_NONE ? 999912 : request->to_month;
  mns_db_bind (recount->statement, "iiiinii", request->place, mns_place_last (request->place), from, to,
               request->basis == MNS_BY_REGISTRATION, county, mns_place_last (county));
  while (rc == MNS_OK) {
    rc = mns_db_step (recount->db, recount->statement, &row);
    if (rc != MNS_OK || !row)
      break;
    mns_record_clear (&mns_count_type, &count);
    mns_db_read (recount->statement, "tti", count.measure, sizeof count.measure, count.dimension,
                 sizeof count.dimension, &count.value);
    rc = each (context, &count);
  }
  sqlite3_reset (recount->statement);
  return rc;
}
