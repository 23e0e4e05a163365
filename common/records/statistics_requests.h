/* What may be asked of the statistics service, and its answers. Command by command:
 *
 *   statistics.figures         figures_query    → figures, one or more (more than 64 counts go on in the next)
 *   statistics.indicators      indicators_query → indicator_value, one per indicator in the order of the catalogue
 *   statistics.places          places_query     → place_figures, the place itself and then those right below it
 *   statistics.check-reported  reported_figures → reported_finding, none when all agree
 *   statistics.snapshot        snapshot_query   → snapshot_info: all figures of a division, of one moment
 *   statistics.snapshot-read   snapshot_read    → figures, those of a page of the account's snapshot
 *   statistics.export          export_query     → export_page; again with its `next` until that is absent
 *
 * Values with decimals are integers scaled by a power of ten: 465 with 2 decimals is 4.65. */
#ifndef MNS_RECORDS_STATISTICS_REQUESTS_H
#define MNS_RECORDS_STATISTICS_REQUESTS_H

#include "common/records/statistics_records.h"

extern const mns_code_table_t mns_indicator_unit, mns_indicator_at, mns_denominator, mns_indicator_flag,
    mns_change_kind, mns_finding;
enum { MNS_UNIT_COUNT = 1, MNS_UNIT_PER_MILLE, MNS_UNIT_PER_HUNDRED, MNS_UNIT_PERCENT, MNS_UNIT_FEN };
enum { MNS_AT_FLOW = 1, MNS_AT_OPENING, MNS_AT_CLOSING, MNS_AT_MEAN };
enum { MNS_DENOMINATOR_NONE = 1, MNS_DENOMINATOR_MEAN, MNS_DENOMINATOR_COUNTS, MNS_DENOMINATOR_OPENING };
enum { MNS_FLAG_FEW_EVENTS = 1, MNS_FLAG_BREAK, MNS_FLAG_NO_DENOMINATOR, MNS_FLAG_UNFINISHED };
enum { MNS_CHANGE_PERCENT = 1, MNS_CHANGE_POINTS, MNS_CHANGE_RATIO_POINTS };
enum { MNS_FINDING_RATES = 1, MNS_FINDING_CHANGES, MNS_FINDING_POPULATIONS, MNS_FINDING_COUNTS };

/* clang-format off */
#define MNS_FIGURES_QUERY_FIELDS(F, T)                                                                                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1 or 2026", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, CODE,  base,           mns_population_base, 0, "registered (default)", "人口口径")                                  \
  F (T, CODE,  ages,           mns_yes_no,       0, "Also the counts by month of birth and by age", "是否含年龄")
MNS_RECORD_DECLARE (figures_query, MNS_FIGURES_QUERY_FIELDS)

#define MNS_INDICATORS_QUERY_FIELDS(F, T)                                                                                  \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1 or 2026", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, TEXT,  indicator,      48,               0, "Only this one; empty: all of the catalogue", "指标")
MNS_RECORD_DECLARE (indicators_query, MNS_INDICATORS_QUERY_FIELDS)

#define MNS_INDICATOR_VALUE_FIELDS(F, T)                                                                                   \
  F (T, TEXT,  indicator,      48,               MNS_REQUIRED, "Name in the catalogue", "指标")                            \
  F (T, TEXT,  en,             80,               0, "English name", "英文名称")                                            \
  F (T, TEXT,  zh,             80,               0, "Chinese name", "中文名称")                                            \
  F (T, CODE,  unit,           mns_indicator_unit, MNS_REQUIRED, "Unit", "单位")                                          \
  F (T, INT,   decimals,       (0, 6),           MNS_REQUIRED, "Decimals of value, annualised and their year before", "小数位数") \
  F (T, INT,   value,          (-1000000000000000, 1000000000000000), 0, "The value, scaled; absent when there is none: see flag", "数值") \
  F (T, INT,   numerator,      (-1000000000000, 1000000000000), MNS_REQUIRED, "The count it is made from", "分子")          \
  F (T, INT,   denominator,    (-10000000000000, 10000000000000), 0, "What it is divided by, scaled by denominator_decimals", "分母") \
  F (T, INT,   denominator_decimals, (0, 1),     0, "1 when the denominator is a mean: 10052865 is 1005286.5", "分母小数位数") \
  F (T, CODE,  denominator_kind, mns_denominator, MNS_REQUIRED, "none, mean of opening and closing stock, counts, or opening stock", "分母类型") \
  F (T, CODE,  flag,           mns_indicator_flag, 0, "Why there is no value, or how to read it", "标记")                  \
  F (T, INT,   before,         (-1000000000000000, 1000000000000000), 0, "The same of the year before, scaled", "上年同期") \
  F (T, INT,   before_numerator, (-1000000000000, 1000000000000), 0, "Its count", "上年同期分子")                          \
  F (T, CODE,  before_flag,    mns_indicator_flag, 0, "Its flag", "上年同期标记")                                          \
  F (T, INT,   change,         (-1000000000000000, 1000000000000000), 0, "Change from the year before, always two decimals", "同比变化") \
  F (T, CODE,  change_kind,    mns_change_kind,  0, "in percent, in points of a rate, or in points of a ratio", "变化类型")  \
  F (T, INT,   annualised,     (-1000000000000000, 1000000000000000), 0, "Rate x days of the year / days of the period, scaled", "年化值")
MNS_RECORD_DECLARE (indicator_value, MNS_INDICATOR_VALUE_FIELDS)

#define MNS_PLACES_QUERY_FIELDS(F, T)                                                                                      \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "The place whose parts are asked for", "区划代码")          \
  F (T, TEXT,  period,         8,                MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1 or 2026", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")
MNS_RECORD_DECLARE (places_query, MNS_PLACES_QUERY_FIELDS)

#define MNS_PLACE_FIGURES_FIELDS(F, T)                                                                                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place", "区划代码")                                        \
  F (T, TEXT,  name,           132,              0, "Name", "名称")                                                       \
  F (T, INT,   opening,        (-1000000000000, 1000000000000), MNS_REQUIRED, "Population at the beginning", "期初人口")    \
  F (T, INT,   births,         (-1000000000000, 1000000000000), MNS_REQUIRED, "Live births", "出生")                       \
  F (T, INT,   deaths,         (-1000000000000, 1000000000000), MNS_REQUIRED, "Deaths", "死亡")                            \
  F (T, INT,   moves_in,       (-1000000000000, 1000000000000), MNS_REQUIRED, "Moved in", "迁入")                          \
  F (T, INT,   moves_out,      (-1000000000000, 1000000000000), MNS_REQUIRED, "Moved out", "迁出")                         \
  F (T, INT,   adjustments,    (-1000000000000, 1000000000000), MNS_REQUIRED, "Adjustments, net", "调整净额")              \
  F (T, INT,   closing,        (-1000000000000, 1000000000000), MNS_REQUIRED, "Population at the end, or now", "期末人口")
MNS_RECORD_DECLARE (place_figures, MNS_PLACE_FIGURES_FIELDS)

/* Printed rates per 1,000 and their changes in points, in hundredths (468 is 4.68). With place and period they are also
 * compared with the register's counts; births and deaths given here stand in for those. */
#define MNS_REPORTED_FIGURES_FIELDS(F, T)                                                                                  \
  F (T, INT,   birth_rate,     (-100000, 100000), 0, "Printed birth rate, in hundredths", "出生率")                        \
  F (T, INT,   death_rate,     (-100000, 100000), 0, "Printed death rate, in hundredths", "死亡率")                        \
  F (T, INT,   natural_rate,   (-100000, 100000), 0, "Printed rate of natural increase, in hundredths", "自然增长率")       \
  F (T, INT,   birth_change,   (-100000, 100000), 0, "Printed change of the birth rate, in hundredths of a point", "出生率变化") \
  F (T, INT,   death_change,   (-100000, 100000), 0, "Printed change of the death rate", "死亡率变化")                     \
  F (T, INT,   natural_change, (-100000, 100000), 0, "Printed change of the rate of natural increase", "自然增长率变化")    \
  F (T, INT,   births,         (0, 1000000000),  0, "Births behind the rates", "出生人数")                                 \
  F (T, INT,   deaths,         (0, 1000000000),  0, "Deaths behind the rates", "死亡人数")                                 \
  F (T, PLACE, place,          0,                0, "Place whose counts are compared", "区划代码")                         \
  F (T, TEXT,  period,         8,                0, "Period whose counts are compared", "期间")                            \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")
MNS_RECORD_DECLARE (reported_figures, MNS_REPORTED_FIGURES_FIELDS)

#define MNS_REPORTED_FINDING_FIELDS(F, T)                                                                                  \
  F (T, CODE,  finding,        mns_finding,      MNS_REQUIRED, "What does not agree", "发现")                              \
  F (T, TEXT,  detail,         200,              MNS_REQUIRED, "The figures that do not agree", "说明")                     \
  F (T, TEXT,  field,          32,               0, "The printed figure most likely wrong", "疑错项")                       \
  F (T, INT,   printed,        (-100000, 100000), 0, "As printed, in hundredths", "原数值")                                \
  F (T, INT,   suggestion,     (-100000, 100000), 0, "What it likely should be, in hundredths", "建议数值")
MNS_RECORD_DECLARE (reported_finding, MNS_REPORTED_FINDING_FIELDS)

/* A snapshot is taken once and then read page by page; an account has one at a time, kept for ten minutes after it was
 * last read. */
#define MNS_SNAPSHOT_QUERY_FIELDS(F, T)                                                                                    \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "The place and all below it", "区划代码")
MNS_RECORD_DECLARE (snapshot_query, MNS_SNAPSHOT_QUERY_FIELDS)

#define MNS_SNAPSHOT_INFO_FIELDS(F, T)                                                                                     \
  F (T, ID,    cutoff,         0,                0, "Log number up to which all events are counted: subscribe from it", "截止号") \
  F (T, ID,    pages,          0,                0, "Pages, the first is 1", "页数")                   \
  F (T, ID,    bytes,          0,                0, "Bytes of all pages", "总字节数")
MNS_RECORD_DECLARE (snapshot_info, MNS_SNAPSHOT_INFO_FIELDS)

#define MNS_SNAPSHOT_READ_FIELDS(F, T)                                                                                     \
  F (T, ID,    page,           0,                MNS_REQUIRED, "Number of the page", "页码")
MNS_RECORD_DECLARE (snapshot_read, MNS_SNAPSHOT_READ_FIELDS)

#define MNS_EXPORT_QUERY_FIELDS(F, T)                                                                                      \
  F (T, ID,    after,          0,                0, "`next` of the page before; absent: from the beginning", "续读位置")
MNS_RECORD_DECLARE (export_query, MNS_EXPORT_QUERY_FIELDS)

#define MNS_EXPORT_TEXT_MAX 65536
#define MNS_EXPORT_PAGE_FIELDS(F, T)                                                                                       \
  F (T, TEXT,  text,           MNS_EXPORT_TEXT_MAX, 0, "Whole lines, tab-separated", "文本")                               \
  F (T, ID,    cutoff,         0,                0, "Log number up to which all events are counted", "截止号")              \
  F (T, ID,    next,           0,                0, "Ask for the next page with this as `after`; absent: the end", "下页位置")
MNS_RECORD_DECLARE (export_page, MNS_EXPORT_PAGE_FIELDS)
/* clang-format on */

#endif
