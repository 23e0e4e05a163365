/* What may be asked of the statistics service, and its answers. Command by command:
 *
 *   statistics.figures         figures_query    → figures, one or more (more than 64 counts go on in the next)
 *   statistics.indicators      indicators_query → indicator_value, one per indicator in the order of the catalogue
 *   statistics.catalogue       catalogue_query  → indicator, how each is made
 *   statistics.rehearse-indicators  rehearsal   → indicator_value, of a catalogue that does not count yet
 *   statistics.pyramid         pyramid_query    → pyramid_row, the people by sex and age
 *   statistics.life-table      life_query       → life_row
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

extern const mns_code_table_t mns_indicator_unit, mns_indicator_at, mns_indicator_method, mns_denominator,
    mns_indicator_flag, mns_change_kind, mns_finding;
enum {
  MNS_UNIT_COUNT = 1,
  MNS_UNIT_PER_MILLE,
  MNS_UNIT_PER_HUNDRED,
  MNS_UNIT_PERCENT,
  MNS_UNIT_FEN,
  MNS_UNIT_YEARS,
  MNS_UNIT_CHILDREN
};
enum {
  MNS_AT_FLOW = 1,
  MNS_AT_OPENING,
  MNS_AT_CLOSING,
  MNS_AT_MEAN,
  MNS_AT_MID_YEAR,
  MNS_AT_YEAR_END,
  MNS_AT_PERSON_YEARS
};
enum {
  MNS_METHOD_RATIO = 1,
  MNS_METHOD_TOTAL_FERTILITY,
  MNS_METHOD_MEAN_AGE_AT_BIRTH,
  MNS_METHOD_MEAN_AGE_OF_FERTILITY,
  MNS_METHOD_LIFE_EXPECTANCY,
  MNS_METHOD_MEDIAN_AGE
};
enum {
  MNS_DENOMINATOR_NONE = 1,
  MNS_DENOMINATOR_MEAN,
  MNS_DENOMINATOR_COUNTS,
  MNS_DENOMINATOR_OPENING,
  MNS_DENOMINATOR_CLOSING,
  MNS_DENOMINATOR_MID_YEAR,
  MNS_DENOMINATOR_YEAR_END,
  MNS_DENOMINATOR_PERSON_YEARS,
  MNS_DENOMINATOR_METHOD
};
enum { MNS_FLAG_FEW_EVENTS = 1, MNS_FLAG_BREAK, MNS_FLAG_NO_DENOMINATOR, MNS_FLAG_UNFINISHED };
enum { MNS_CHANGE_PERCENT = 1, MNS_CHANGE_POINTS, MNS_CHANGE_RATIO_POINTS };
enum { MNS_FINDING_RATES = 1, MNS_FINDING_CHANGES, MNS_FINDING_POPULATIONS, MNS_FINDING_COUNTS };

/* clang-format off */
#define MNS_FIGURES_QUERY_FIELDS(F, T)                                                                                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1, 2026 or 2025-07/P12M", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, CODE,  base,           mns_population_base, 0, "registered (default)", "人口口径")                                  \
  F (T, CODE,  ages,           mns_yes_no,       0, "Also the counts by month of birth and by age", "是否含年龄") \
  F (T, DATE,  boundaries,     0,                0, "In the boundaries of this day; absent: as they were when it was counted", "区划口径日期")
MNS_RECORD_DECLARE (figures_query, MNS_FIGURES_QUERY_FIELDS)

#define MNS_INDICATORS_QUERY_FIELDS(F, T)                                                                                  \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1, 2026 or 2025-07/P12M", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, TEXT,  indicator,      48,               0, "Only this one; empty: all of the catalogue", "指标")                  \
  F (T, TEXT,  against,        16,               0, "Period it is compared with; default the same one a year before", "对比期间") \
  F (T, DATE,  as_published,   0,                0, "As it stood on that day, after the last closing or release", "发布截至日")
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
  F (T, INT,   annualised,     (-1000000000000000, 1000000000000000), 0, "Rate x days of the year / days of the period, scaled", "年化值") \
  F (T, INT,   days,           (1, 100000),      0, "Days of the period", "天数")                                          \
  F (T, INT,   year_days,      (365, 366),       0, "Days of the year it is annualised to: more than its days, the period is a part of a year", "全年天数") \
  F (T, CODE,  unfinished,     mns_yes_no,       0, "yes: the period has not ended", "是否未结束")
MNS_RECORD_DECLARE (indicator_value, MNS_INDICATOR_VALUE_FIELDS)

/* An indicator of the catalogue, as its file has it (services/statistics/catalogue/indicators.yaml). */
#define MNS_INDICATOR_FIELDS(F, T)                                                                                         \
  F (T, TEXT,  name,           48,               MNS_REQUIRED, "Stable name", "名称")                                      \
  F (T, TEXT,  en,             80,               MNS_REQUIRED, "English name", "英文名称")                                 \
  F (T, TEXT,  zh,             80,               MNS_REQUIRED, "Chinese name", "中文名称")                                 \
  F (T, CODE,  method,         mns_indicator_method, 0, "ratio (default), or a method of its own", "方法")                  \
  F (T, CODE,  sex,            mns_sex,          0, "Of a method: of which sex; absent: both together", "性别")            \
  F (T, TEXT,  numerator,      240,              0, "Expression over measures; of a ratio", "分子")                        \
  F (T, CODE,  at,             mns_indicator_at, 0, "When it is taken: flow (default), opening, closing, mean, mid_year, year_end, person_years", "时点") \
  F (T, TEXT,  denominator,    240,              0, "A word such as mean_population, an expression, or empty: a count", "分母")                     \
  F (T, CODE,  denominator_at, mns_indicator_at, 0, "When an expression is taken, default flow", "分母时点")                 \
  F (T, INT,   minimum,        (0, 1000000),     0, "Made from fewer it is flagged, default few_events", "最少事件数")       \
  F (T, INT,   factor,         (1, 1000000),     0, "Multiplier, default 1", "乘数")                                       \
  F (T, INT,   decimals,       (0, 6),           0, "Decimals printed, default 0", "小数位数")                             \
  F (T, CODE,  unit,           mns_indicator_unit, 0, "count (default), per_mille, per_hundred or percent", "单位")        \
  F (T, CODE,  annualised,     mns_yes_no,       0, "Also print it for a whole year", "是否年化")
MNS_RECORD_DECLARE (indicator, MNS_INDICATOR_FIELDS)

#define MNS_CATALOGUE_QUERY_FIELDS(F, T)                                                                                   \
  F (T, TEXT,  indicator,      48,               0, "Only this one; empty: all of the catalogue", "指标")
MNS_RECORD_DECLARE (catalogue_query, MNS_CATALOGUE_QUERY_FIELDS)

/* What indicators of a catalogue that does not count yet would be. */
#define MNS_REHEARSAL_TEXT_MAX 65536
#define MNS_REHEARSAL_FIELDS(F, T)                                                                                         \
  F (T, TEXT,  catalogue,      MNS_REHEARSAL_TEXT_MAX, MNS_REQUIRED, "The file: indicators, and rules when they change", "指标文件") \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "As of an indicators_query", "期间")                        \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")
MNS_RECORD_DECLARE (rehearsal, MNS_REHEARSAL_FIELDS)

#define MNS_PYRAMID_QUERY_FIELDS(F, T)                                                                                     \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "At whose end, or now", "期间")                             \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, CODE,  base,           mns_population_base, 0, "registered (default) or resident", "人口口径")                     \
  F (T, INT,   years,          (1, 50),          0, "Years of age in a group, default 5", "组距")
MNS_RECORD_DECLARE (pyramid_query, MNS_PYRAMID_QUERY_FIELDS)

#define MNS_PYRAMID_ROW_FIELDS(F, T)                                                                                       \
  F (T, INT,   from_age,       (0, 100),         MNS_REQUIRED, "Youngest of the group, in full years", "起始年龄")         \
  F (T, INT,   to_age,         (0, 100),         0, "Oldest; absent: and over", "终止年龄")                                \
  F (T, INT,   male,           (-1000000000000, 1000000000000), MNS_REQUIRED, "Men", "男")                                \
  F (T, INT,   female,         (-1000000000000, 1000000000000), MNS_REQUIRED, "Women", "女")                              \
  F (T, INT,   other,          (-1000000000000, 1000000000000), MNS_REQUIRED, "Sex not known or not stated", "性别不详")    \
  F (T, INT,   male_before,    (-1000000000000, 1000000000000), 0, "Men a year before", "上年男")                         \
  F (T, INT,   female_before,  (-1000000000000, 1000000000000), 0, "Women a year before", "上年女")
MNS_RECORD_DECLARE (pyramid_row, MNS_PYRAMID_ROW_FIELDS)

#define MNS_LIFE_QUERY_FIELDS(F, T)                                                                                        \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "Whose deaths", "期间")                                     \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, CODE,  sex,            mns_sex,          0, "Of which sex; absent: both together", "性别")
MNS_RECORD_DECLARE (life_query, MNS_LIFE_QUERY_FIELDS)

/* A row of an abridged life table; how it is made: services/statistics/rules_life_table.h. */
#define MNS_LIFE_ROW_FIELDS(F, T)                                                                                          \
  F (T, INT,   age,            (0, 100),         MNS_REQUIRED, "x: youngest of the group, in full years", "年龄")           \
  F (T, INT,   years,          (1, 5),           0, "n: years of the group; absent: and over", "组距")                     \
  F (T, INT,   deaths,         (-1000000000, 1000000000), MNS_REQUIRED, "Deaths", "死亡人数")                              \
  F (T, INT,   person_years,   (-10000000000, 10000000000), MNS_REQUIRED, "Person-years lived there, in tenths", "人年数（十分之一）") \
  F (T, INT,   rate,           (0, 1000000000),  0, "m: death rate, in millionths", "死亡率（百万分之一）")                   \
  F (T, INT,   years_of_dying, (0, 1000000000),  0, "a: years lived in the group by those who die in it, in thousandths", "死者存活年数（千分之一）") \
  F (T, INT,   probability,    (0, 1000000),     0, "q: of dying in the group, in millionths", "死亡概率（百万分之一）")        \
  F (T, INT,   survivors,      (0, 100000),      0, "l: of 100,000 born", "尚存人数")                                      \
  F (T, INT,   dying,          (0, 100000),      0, "d", "表内死亡人数")                                                   \
  F (T, INT,   lived,          (0, 1000000000),  0, "L: years lived in the group", "生存人年数")                            \
  F (T, INT,   left,           (0, 1000000000),  0, "T: years lived from there on", "剩余人年数")                          \
  F (T, INT,   expected,       (0, 100000),      0, "e: years left on average, in hundredths", "平均预期寿命（百分之一岁）")
MNS_RECORD_DECLARE (life_row, MNS_LIFE_ROW_FIELDS)

#define MNS_PLACES_QUERY_FIELDS(F, T)                                                                                      \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "The place whose parts are asked for", "区划代码")          \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1, 2026 or 2025-07/P12M", "期间")                \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径") \
  F (T, DATE,  boundaries,     0,                0, "In the boundaries of this day; absent: as they were when it was counted", "区划口径日期")
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
  F (T, TEXT,  period,         16,               0, "Period whose counts are compared", "期间")                            \
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
