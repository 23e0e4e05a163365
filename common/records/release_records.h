/* Closing days, revisions, releases: the calendar of the figures. What is decided is an event on stream `catalogue`, by
 * which the statistics service itself lives as well: it takes effect where it stands in the log.
 *
 *   catalogue.period.<county>.closed     period_closing   a month is closed, or `reopened`
 *   catalogue.release.<county>.published release          what ended up to a month leaves the house, by these tables
 *   open.released.<place>.<period>       released         its figures
 *   statistics.close, statistics.reopen  closing_request  → closing_info
 *   statistics.closings                                   → closing_info, the latest first
 *   statistics.release                   release_request  → release_info, as asked for: its number is not known yet
 *   statistics.releases                                   → release_info, the latest first
 *   statistics.released                  released_query   → released_figure
 *   statistics.diff                      diff_query       → difference */
#ifndef MNS_RECORDS_RELEASE_H
#define MNS_RECORDS_RELEASE_H

#include "common/records/statistics_records.h"

extern const mns_code_table_t mns_release_level, mns_release_every, mns_release_by, mns_revision_cause;
enum { MNS_RELEASE_COUNTY = 1, MNS_RELEASE_TOWNSHIP, MNS_RELEASE_VILLAGE };
enum { MNS_EVERY_QUARTER = 1, MNS_EVERY_YEAR };
enum { MNS_BY_NONE = 1, MNS_BY_SEX, MNS_BY_ORDER };
enum { MNS_CAUSE_LATE = 1, MNS_CAUSE_CORRECTION, MNS_CAUSE_REFORM, MNS_CAUSE_RETROACTIVE };
enum { MNS_FIGURE_RUNNING = 1, MNS_FIGURE_PROVISIONAL, MNS_FIGURE_FINAL, MNS_FIGURE_WITHDRAWN };

#define MNS_RELEASE_TABLES_MAX 32
#define MNS_REASON_MAX         300

/* clang-format off */
#define MNS_PERIOD_CLOSING_FIELDS(F, T)                                                                                    \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "County", "县代码")                                         \
  F (T, TEXT,  period,         16,                MNS_REQUIRED, "Month: 2026-06", "月份")                                   \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "When it was decided", "日期")                              \
  F (T, CODE,  reopened,       mns_yes_no,       0, "yes: it is open again", "是否重新开放")                               \
  F (T, TEXT,  reason,         MNS_REASON_MAX,   0, "Why, for anyone to read", "原因")
MNS_RECORD_DECLARE (period_closing, MNS_PERIOD_CLOSING_FIELDS)

#define MNS_RELEASE_TABLE_FIELDS(F, T)                                                                                     \
  F (T, TEXT,  name,           32,               MNS_REQUIRED, "Stable name", "名称")                                      \
  F (T, CODE,  level,          mns_release_level, MNS_REQUIRED, "county, township or village", "级别")                     \
  F (T, CODE,  every,          mns_release_every, 0, "quarter or year", "周期")                                            \
  F (T, INT,   years,          (0, 10),          0, "Years pooled", "合并年数")                                            \
  F (T, TEXT,  measures,       240,              MNS_REQUIRED, "What is counted", "指标")                                  \
  F (T, CODE,  by,             mns_release_by,   0, "none, sex or order", "分组")                                          \
  F (T, TEXT,  en,             80,               0, "English name", "英文名称")                                            \
  F (T, TEXT,  zh,             80,               0, "Chinese name", "中文名称")
MNS_RECORD_DECLARE (release_table, MNS_RELEASE_TABLE_FIELDS)

#define MNS_RELEASE_FIELDS(F, T)                                                                                           \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "County", "县代码")                                         \
  F (T, TEXT,  period,         16,                MNS_REQUIRED, "The last month it covers", "截至月份")                      \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "When it was published", "发布日期")                        \
  F (T, ID,    mark,           0,                MNS_REQUIRED, "Of the secret of the record keys, which cannot be found from it", "密钥标识") \
  F (T, ID,    plan,           0,                MNS_REQUIRED, "Version of the table plan", "表目版本")                    \
  F (T, LIST,  tables,         (release_table, MNS_RELEASE_TABLES_MAX), 0, "The table plan below the county", "公开表")
MNS_RECORD_DECLARE (release, MNS_RELEASE_FIELDS)

/* Below the county figures are rounded (`rounding`): parts need not add up. Pooled years
 * are a range of months: 2024-01/P36M. */
#define MNS_RELEASED_FIELDS(F, T)                                                                                          \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place", "区划代码")                                        \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-Q2, 2026, 2024-01/P36M", "期间")                          \
  F (T, DATE,  from_day,       0,                MNS_REQUIRED, "First day of the period", "起日")                          \
  F (T, DATE,  to_day,         0,                MNS_REQUIRED, "First day after the period", "止日（不含）")                \
  F (T, CODE,  basis,          mns_basis,        MNS_REQUIRED, "By date of registration", "日期口径")                      \
  F (T, CODE,  status,         mns_figure_status, MNS_REQUIRED, "provisional or final", "状态")                            \
  F (T, TEXT,  release,        16,                MNS_REQUIRED, "Month of the release", "发布期")                           \
  F (T, ID,    cutoff,         0,                MNS_REQUIRED, "Log number up to which all events are counted", "截止号")   \
  F (T, DATE,  published,      0,                MNS_REQUIRED, "When it was published", "发布日期")                        \
  F (T, INT,   rounding,       (1, 100),         MNS_REQUIRED, "1: exact; 5: rounded to 5 by cell keys", "舍入基数")        \
  F (T, LIST,  counts,         (count, 64),      0, "Figures that are new or revised", "数")
MNS_RECORD_DECLARE (released, MNS_RELEASED_FIELDS)

#define MNS_CLOSING_REQUEST_FIELDS(F, T)                                                                                   \
  F (T, TEXT,  period,         16,                0, "Month: 2026-06; absent: the one whose turn it is", "月份")            \
  F (T, TEXT,  reason,         MNS_REASON_MAX,   0, "Why; to reopen it must be given, and anyone may read it", "原因")
MNS_RECORD_DECLARE (closing_request, MNS_CLOSING_REQUEST_FIELDS)

#define MNS_CLOSING_INFO_FIELDS(F, T)                                                                                      \
  F (T, TEXT,  period,         16,                MNS_REQUIRED, "Month", "月份")                                            \
  F (T, CODE,  reopened,       mns_yes_no,       0, "yes: it is open again", "是否重新开放")                               \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "When it was decided", "日期")                              \
  F (T, ID,    cutoff,         0,                0, "Log number of the decision: everything before it was counted", "截止号") \
  F (T, TEXT,  reason,         MNS_REASON_MAX,   0, "Why", "原因")
MNS_RECORD_DECLARE (closing_info, MNS_CLOSING_INFO_FIELDS)

#define MNS_RELEASE_REQUEST_FIELDS(F, T)                                                                                   \
  F (T, TEXT,  period,         16,                0, "The last month it covers; absent: the last one closed", "截至月份")
MNS_RECORD_DECLARE (release_request, MNS_RELEASE_REQUEST_FIELDS)

#define MNS_RELEASE_INFO_FIELDS(F, T)                                                                                      \
  F (T, TEXT,  period,         16,                MNS_REQUIRED, "The last month it covers", "截至月份")                      \
  F (T, DATE,  day,            0,                MNS_REQUIRED, "When it was published", "发布日期")                        \
  F (T, ID,    cutoff,         0,                0, "Log number up to which all events are counted", "截止号")              \
  F (T, INT,   figures,        (0, 1000000000),  0, "New figures", "新数")                                                 \
  F (T, INT,   revised,        (0, 1000000000),  0, "Revised figures", "修订数")                                           \
  F (T, INT,   withheld,       (0, 1000000000),  0, "Figures that would have told too much", "未发布数")                    \
  F (T, INT,   held,           (0, 1000000000),  0, "Revisions that would have told too much", "未修订数")                  \
  F (T, ID,    plan,           0,                0, "Version of the table plan", "表目版本")
MNS_RECORD_DECLARE (release_info, MNS_RELEASE_INFO_FIELDS)

#define MNS_RELEASED_QUERY_FIELDS(F, T)                                                                                    \
  F (T, TEXT,  release,        16,                0, "Only what this release told; absent: what stands", "发布期")           \
  F (T, PLACE, place,          0,                0, "A place and all below it; absent: the county", "区划代码")            \
  F (T, TEXT,  tab,            32,               0, "Only this table", "表")                                               \
  F (T, DATE,  as_published,   0,                0, "As it stood on that day", "发布截至日")
MNS_RECORD_DECLARE (released_query, MNS_RELEASED_QUERY_FIELDS)

#define MNS_RELEASED_FIGURE_FIELDS(F, T)                                                                                   \
  F (T, TEXT,  tab,            32,               MNS_REQUIRED, "Table of the plan", "表")                                  \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place", "区划代码")                                        \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-Q2, 2026, 2024-01/P36M", "期间")                          \
  F (T, TEXT,  measure,        MNS_MEASURE_MAX,  MNS_REQUIRED, "What is counted", "指标")                                  \
  F (T, TEXT,  dimension,      MNS_DIMENSION_MAX, 0, "Of which kind", "分组")                                             \
  F (T, INT,   value,          (-1000000000000, 1000000000000), 0, "The figure; absent: withheld", "数值")                  \
  F (T, CODE,  status,         mns_figure_status, MNS_REQUIRED, "provisional or final", "状态")                            \
  F (T, INT,   rate,           (0, 1000000000),  0, "Events for 1,000 of the population and a year, two decimals; absent: fewer than 10 events", "率（‰，两位小数）") \
  F (T, CODE,  few,            mns_yes_no,       0, "yes: the rate is of fewer than 20 events and swings", "少事件")        \
  F (T, TEXT,  release,        16,                MNS_REQUIRED, "Month of the release that told it", "发布期")               \
  F (T, DATE,  published,      0,                MNS_REQUIRED, "When that was", "发布日期")                                \
  F (T, ID,    cutoff,         0,                MNS_REQUIRED, "Log number up to which it is counted", "截止号")
MNS_RECORD_DECLARE (released_figure, MNS_RELEASED_FIGURE_FIELDS)

#define MNS_DIFF_QUERY_FIELDS(F, T)                                                                                        \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place of any level", "区划代码")                           \
  F (T, TEXT,  period,         16,               MNS_REQUIRED, "2026-06, 2026-Q2, 2026-S1, 2026 or 2025-07/P12M", "期间")  \
  F (T, CODE,  basis,          mns_basis,        0, "By registration (default) or by occurrence", "日期口径")              \
  F (T, DATE,  from,           0,                MNS_REQUIRED, "From what stood on that day", "起始发布日")                 \
  F (T, DATE,  to,             0,                0, "To what stood on that day; absent: to now", "截止发布日")
MNS_RECORD_DECLARE (diff_query, MNS_DIFF_QUERY_FIELDS)

#define MNS_DIFFERENCE_FIELDS(F, T)                                                                                        \
  F (T, TEXT,  measure,        MNS_MEASURE_MAX,  MNS_REQUIRED, "Which count moved; `opening`: the population at the beginning", "指标") \
  F (T, TEXT,  dimension,      MNS_DIMENSION_MAX, 0, "Of which kind", "分组")                                             \
  F (T, INT,   change,         (-1000000000000, 1000000000000), MNS_REQUIRED, "By how much", "增减")                        \
  F (T, CODE,  cause,          mns_revision_cause, MNS_REQUIRED, "Why", "原因")                                           \
  F (T, ID,    event,          0,                MNS_REQUIRED, "The event of the register", "事件编号")                     \
  F (T, CODE,  event_kind,     mns_life_event,   MNS_REQUIRED, "Its kind", "事件类型")                                     \
  F (T, DATE,  occurred,       0,                0, "When it happened", "发生日期")                                        \
  F (T, DATE,  registered,     0,                0, "When it was registered", "登记日期")                                  \
  F (T, ID,    number,         0,                MNS_REQUIRED, "Log number that brought the change", "日志号")
MNS_RECORD_DECLARE (difference, MNS_DIFFERENCE_FIELDS)
/* clang-format on */

#endif
