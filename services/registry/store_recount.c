/* Counting again: one statement, each measure a SELECT of its own, written from the vocabulary of statistics_records.h
 * and not from the statistics service, so that the two can disagree. It reads every event; a question for a check, not
 * for a screen. */
#include "services/registry/store_recount.h"

#include "common/records/place.h"

/* ?1–?2 the area, ?3–?4 the months, ?5 by registration, ?6–?7 the county. A place is 12 digits; its first six are the
 * county. Days between two dates by julianday, so that no date arithmetic of this program is used. */
#define DAY(column)                                                                                                    \
  "julianday (printf ('%04d-%02d-%02d', " column " / 10000, " column " / 100 % 100, " column " % 100))"
#define IN_AREA(column)   column " BETWEEN ?1 AND ?2"
#define IN_COUNTY(column) column " BETWEEN ?6 AND ?7"
/* Registered in one county and living in another. */
#define APART(residence, place) "coalesce (" residence " / 1000000 <> " place " / 1000000, 0)"
/* A baseline of the first of a month belongs to the month before. */
#define MONTH_BEFORE(day)                                                                                              \
  "CASE WHEN " day " % 100 > 1 THEN " day " / 100 WHEN " day " / 100 % 100 > 1 THEN " day " / 100 - 1 "                \
  "ELSE " day " / 100 - 89 END"
#define FIRST_OF_NEXT_MONTH(column)                                                                                    \
  "julianday (printf ('%04d-%02d-01', " column " / 10000, " column " / 100 % 100), '+1 month')"
/* Who is born on the first of a month is counted with the month before. */
#define BORN(birth)  "printf ('%04d-%02d', (" MONTH_BEFORE (birth) ") / 100, (" MONTH_BEFORE (birth) ") % 100)"
#define IS_LEAP(day) "(" day " / 10000 % 4 = 0 AND (" day " / 10000 % 100 <> 0 OR " day " / 10000 % 400 = 0))"
/* Whose birthday is 29 February has it on the 28th when there is no other. */
#define AGE(birth, day)                                                                                                \
  "max (0, min (100, (" day " - " birth " + (" birth " % 10000 = 229 AND NOT " IS_LEAP (day) ")) / 10000))"

/* clang-format off */
static const char happened[] =
    "WITH happened AS MATERIALIZED ("
    "  SELECT *, " IN_COUNTY ("place") " AS registered_here, " APART ("residence", "place") " AS apart,"
    "    coalesce (" IN_COUNTY ("residence") ", 0) AS lives_here,"
    "    CASE kind WHEN 'birth' THEN 1 WHEN 'move_in' THEN 1 WHEN 'death' THEN -1 WHEN 'move_out' THEN -1"
    "      WHEN 'adjustment' THEN delta ELSE 0 END AS stock,"
    "    " FIRST_OF_NEXT_MONTH ("iif (?5, registered, occurred)") " - " DAY ("iif (?5, registered, occurred)")
    "      - 1 AS days_left"
    "  FROM event WHERE iif (?5, registered, occurred) / 100 BETWEEN ?3 AND ?4),"
    " here AS (SELECT * FROM happened WHERE registered_here AND " IN_AREA ("place") "),"
    /* A move within the county crosses the area's border inwards or outwards. */
    " within AS (SELECT *, " IN_AREA ("place") " AS now_inside, " IN_AREA ("other_place") " AS inside_before"
    "   FROM happened WHERE registered_here AND kind = 'move_within'),"
    " inwards AS (SELECT * FROM within WHERE now_inside AND NOT inside_before),"
    " outwards AS (SELECT * FROM within WHERE inside_before AND NOT now_inside),"
;
static const char present[] =
    " present AS ("
    "  SELECT sex, birth, entry_day, " IN_COUNTY ("entry_place") " AND " IN_AREA ("entry_place") " AS inside,"
    "    coalesce (" IN_COUNTY ("entry_residence") " AND " IN_AREA ("entry_residence") ", 0) AS lives_inside,"
    "    " APART ("entry_residence", "entry_place") " AS apart"
    "  FROM person WHERE entry_day IS NOT NULL AND " MONTH_BEFORE ("entry_day") " BETWEEN ?3 AND ?4),"
    " baseline AS MATERIALIZED ("
    "  SELECT sex, sum (inside) AS persons, sum (inside AND apart) AS away, sum (lives_inside AND apart) AS incomers,"
    "    sum (iif (inside AND entry_day % 100 > 1, " FIRST_OF_NEXT_MONTH ("entry_day") " - " DAY ("entry_day") ", 0))"
    "      AS days FROM present GROUP BY sex),";
static const char counts[] =
    " one (measure, dimension, value) AS ("
    "  SELECT 'baseline', sex, persons FROM baseline"
    "  UNION ALL SELECT 'births', sex || '.' || min (coalesce (birth_order, 0), 3), 1 FROM here WHERE kind = 'birth'"
    "  UNION ALL SELECT 'deaths', sex, 1 FROM here WHERE kind = 'death'"
    "  UNION ALL SELECT 'moves_in', sex, 1 FROM here WHERE kind = 'move_in'"
    "  UNION ALL SELECT 'moves_in', sex, 1 FROM inwards"
    "  UNION ALL SELECT 'moves_out', sex, 1 FROM here WHERE kind = 'move_out'"
    "  UNION ALL SELECT 'moves_out', sex, 1 FROM outwards"
    "  UNION ALL SELECT 'adjustments', adjustment || '.' || sex, delta FROM here WHERE kind = 'adjustment'"
    "  UNION ALL SELECT kind || 's_delay', CASE WHEN delay <= 30 THEN '30' WHEN delay <= 365 THEN '365' ELSE 'over' END,"
    "    1 FROM (SELECT kind, " DAY ("registered") " - " DAY ("occurred") " AS delay FROM here"
    "      WHERE kind IN ('birth', 'death'))"
    "  UNION ALL SELECT 'deliveries', CASE plurality WHEN 1 THEN 'single' WHEN 2 THEN 'twins' WHEN 3 THEN 'triplets'"
    "    ELSE 'more' END, 1 FROM here WHERE kind = 'birth' AND rank = 1"
    "  UNION ALL SELECT 'births_mother', mother, 1 FROM here WHERE kind = 'birth'"
    /* Who is born on 29 February is one year old on 28 February. */
    "  UNION ALL SELECT 'infant_deaths', '', 1 FROM here WHERE kind = 'death' AND"
    "    occurred < iif (birth % 10000 = 229, birth + 9999, birth + 10000)"
    "  UNION ALL SELECT kind || 's', '', 1 FROM here WHERE kind IN ('marriage', 'divorce')"
    "  UNION ALL SELECT 'away', sex, away FROM baseline"
    "  UNION ALL SELECT 'away', sex, stock FROM here WHERE apart AND stock <> 0"
    "  UNION ALL SELECT 'away', sex, 1 FROM inwards WHERE apart"
    "  UNION ALL SELECT 'away', sex, -1 FROM outwards WHERE apart"
    "  UNION ALL SELECT 'incomers', sex, incomers FROM baseline"
    "  UNION ALL SELECT 'incomers', sex, stock FROM happened WHERE stock <> 0 AND lives_here AND apart AND " IN_AREA ("residence")
    "  UNION ALL SELECT 'stock_days', sex, days FROM baseline"
    "  UNION ALL SELECT 'stock_days', sex, stock * days_left FROM here"
    "  UNION ALL SELECT 'stock_days', sex, days_left FROM inwards"
    "  UNION ALL SELECT 'stock_days', sex, -days_left FROM outwards"
;
static const char ages[] =
    "  UNION ALL SELECT 'people', sex || '.' || " BORN ("birth") ", inside FROM present WHERE ?8"
    "  UNION ALL SELECT 'people', sex || '.' || " BORN ("birth") ", stock FROM here WHERE ?8"
    "  UNION ALL SELECT 'people', sex || '.' || " BORN ("birth") ", 1 FROM inwards WHERE ?8"
    "  UNION ALL SELECT 'people', sex || '.' || " BORN ("birth") ", -1 FROM outwards WHERE ?8"
    "  UNION ALL SELECT 'apart', sex || '.' || " BORN ("birth") ", lives_inside - inside FROM present WHERE ?8 AND apart"
    "  UNION ALL SELECT 'apart', sex || '.' || " BORN ("birth") ", -stock FROM here WHERE ?8 AND apart"
    "  UNION ALL SELECT 'apart', sex || '.' || " BORN ("birth") ", -1 FROM inwards WHERE ?8 AND apart"
    "  UNION ALL SELECT 'apart', sex || '.' || " BORN ("birth") ", 1 FROM outwards WHERE ?8 AND apart"
    "  UNION ALL SELECT 'apart', sex || '.' || " BORN ("birth") ", stock FROM happened"
    "    WHERE ?8 AND lives_here AND apart AND " IN_AREA ("residence")
    "  UNION ALL SELECT 'deaths_age', sex || '.' || " AGE ("birth", "occurred") ", 1 FROM here WHERE ?8 AND kind = 'death'"
    "  UNION ALL SELECT 'births_age', min (coalesce (here.birth_order, 0), 3) || '.' ||"
    "    coalesce (" AGE ("mother.birth", "here.occurred") ", 0), 1 FROM here"
    "    LEFT JOIN person AS mother ON mother.id = here.mother_person WHERE ?8 AND here.kind = 'birth'";
static const char summed[] =
    ") SELECT measure, dimension, cast (sum (value) AS INTEGER) FROM one GROUP BY measure, dimension HAVING sum (value) <> 0"
    " ORDER BY measure, dimension";
/* clang-format on */

void registry_recount_init (registry_recount_t *recount, mns_db_t *db) {
  mns_buffer_t sql = {0};
  mns_buffer_printf (&sql, "%s%s%s%s%s", happened, present, counts, ages, summed);
  *recount = (registry_recount_t){.db = db, .statement = mns_db_prepare (db, (const char *)sql.data)};
  mns_buffer_fini (&sql);
}

mns_rc_t registry_recount (registry_recount_t *recount, const mns_recount_request_t *request, mns_place_t county,
                           registry_each_count_t each, void *context) {
  mns_count_t count;
  bool row = true;
  mns_rc_t rc = MNS_OK;
  int64_t from = request->from_month == MNS_NONE ? 0 : request->from_month;
  int64_t to = request->to_month == MNS_NONE ? 999912 : request->to_month;
  mns_db_bind (recount->statement, "iiiiniin", request->place, mns_place_last (request->place), from, to,
               request->basis == MNS_BY_REGISTRATION, county, mns_place_last (county), request->ages == MNS_YES);
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
