/* Figures: the vocabulary of counts, and the event that carries them.
 *
 * A count is (measure, dimension) at a place, in a period, on a basis. Dimensions are words joined by dots:
 *   baseline           <sex>                                persons there at the start; the stock before any flow
 *   births             <sex>.<order>                        order 1, 2, 3 (third and over), 0 (not stated)
 *   deaths             <sex>
 *   moves_in, moves_out <sex>                               crossing the border of this place
 *   adjustments        <cause>.<sex>                        signed
 *   births_delay, deaths_delay  30 | 365 | over             occurrence to registration in days: ≤ 30, 31–365, over
 *   deliveries         single | twins | triplets | more     counted at rank 1
 *   births_mother      registered | elsewhere | foundling
 *   infant_deaths      -                                    under one year of age
 *   away               <sex>                                change of registered persons living outside the county
 *   incomers           <sex>                                change of persons living here, registered outside
 *   entitlements_opening, entitlements_started  <scheme>.<tier>
 *   entitlements_ended <scheme>.<tier>.<exit reason>
 *   funds              <source>                             money paid in for assistance, in fen
 *   payments, paid     <scheme>                             lines and fen of batches posted, at the county
 *   recoveries, overpaid -                                  overpayments found, and their fen
 *   marriages, divorces -                                   couples
 *   stock_days         <sex>                                days: of each change of the population, those of its month
 *                                                           that come behind its day
 * and, only when they are asked for (figures_query, `ages`):
 *   people             <sex>.<month of birth>               change of the registered population
 *   apart              <sex>.<month of birth>               change of the residents less the registered
 *   deaths_age         <sex>.<age>                          in full years, 100 and over as 100
 *   births_age         <order>.<age of the mother>          0: not known, she is not in the register
 * Who is born on the first of a month is counted with the month before, so that the age of each group on the first of a
 * month is one number.
 * Population closing = opening + births − deaths + moves_in − moves_out + adjustments; baseline, away, incomers and the
 * entitlement measures are summed over all months up to the period to give stocks. A baseline effective on day D
 * belongs to the month of the day before D, so that it is in the opening stock of D. Above the county a place's figures
 * are those of this county; a move within the county counts in and out only at places that do not hold both ends;
 * persons registered outside the county count in no measure but incomers (by their residence). */
#ifndef MNS_RECORDS_STATISTICS_H
#define MNS_RECORDS_STATISTICS_H

#include "common/records/codes.h"
#include "common/records/place.h"

extern const mns_code_table_t mns_figure_status; /* release_records.h */

#define MNS_MEASURE_MAX   32
#define MNS_DIMENSION_MAX 64

/* clang-format off */
#define MNS_COUNT_FIELDS(F, T)                                                                                             \
  F (T, TEXT,  measure,        MNS_MEASURE_MAX,  MNS_REQUIRED, "What is counted", "指标")                                  \
  F (T, TEXT,  dimension,      MNS_DIMENSION_MAX, 0, "Of which kind", "分组")                                             \
  F (T, INT,   value,          (-1000000000000, 1000000000000), MNS_REQUIRED, "The count", "数值")                         \
  F (T, INT,   previous,       (-1000000000000, 1000000000000), 0, "The count last published; absent at the first time", "上次发布数值")
MNS_RECORD_DECLARE (count, MNS_COUNT_FIELDS)

/* statistics.figures.<place>.<period> (exact, by right) and open.figures.<county>.<period> (what may leave the house).
 * All counts of the period that changed since the event before; more than 64 go on in a second record of the same event. */
#define MNS_FIGURES_FIELDS(F, T)                                                                                           \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place", "区划代码")                                        \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "SDMX period: 2026-06, 2026-Q2, 2026-S1, 2026", "期间")      \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "First day of the period", "起日")                          \
  F (T, DATE,  to_day,         0,                MNS_REQUIRED, "First day after the period", "止日（不含）")                \
  F (T, CODE,  basis,          mns_basis,        MNS_REQUIRED, "By date of registration or of occurrence", "日期口径")      \
  F (T, CODE,  base,           mns_population_base, MNS_REQUIRED, "Population base", "人口口径")                           \
  F (T, ID,    revision,       0,                MNS_REQUIRED, "Log number of the last event that changed this figure", "修订号") \
  F (T, ID,    cutoff,         0,                MNS_REQUIRED, "Log number up to which all events are counted", "截止号")   \
  F (T, INT,   opening,        (-1000000000000, 1000000000000), MNS_REQUIRED, "Population at the beginning", "期初人口")    \
  F (T, INT,   closing,        (-1000000000000, 1000000000000), MNS_REQUIRED, "Population at the end, or now", "期末人口")  \
  F (T, ID,    log_epoch,      0,                0, "Epoch of the log in which revision and cutoff count; a higher one is later", "日志世代") \
  F (T, LIST,  counts,         (count, 64),      0, "Counts that changed", "变动的数") \
  F (T, CODE,  status,         mns_figure_status, 0, "running until the period is closed, provisional, final a year after", "状态")
MNS_RECORD_DECLARE (figures, MNS_FIGURES_FIELDS)
/* clang-format on */

#endif
