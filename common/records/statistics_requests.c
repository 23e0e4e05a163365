/* Descriptors and code tables of the requests of statistics. */
#include "common/records/statistics_requests.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_indicator_unit_rows[] = {
  { "count", "", "number", "数" },
  { "per_mille", "", "per 1,000", "‰" },
  { "per_hundred", "", "per 100", "每百" },
  { "percent", "", "percent", "%" },
  { "fen", "", "money in fen", "分" },
  { "years", "", "years", "岁" },
  { "children", "", "children a woman", "个孩子" },
};
TABLE (mns_indicator_unit, "indicator_unit")

static const mns_code_row_t mns_indicator_at_rows[] = {
  { "flow", "", "happened in the period", "期内" },
  { "opening", "", "stock at the beginning", "期初" },
  { "closing", "", "stock at the end, or now", "期末" },
  { "mean", "", "mean of opening and closing stock", "期平均" },
  { "mid_year", "", "stock on 1 July of the year", "年中" },
  { "year_end", "", "stock at the end of the year", "年末" },
  { "person_years", "", "mean of the stocks of all days", "逐日平均" },
};
TABLE (mns_indicator_at, "indicator_at")

static const mns_code_row_t mns_indicator_method_rows[] = {
  { "ratio", "", "numerator ÷ denominator × factor", "分子÷分母×乘数" },
  { "total_fertility", "", "5 × the sum of the fertility rates of the five-year groups 15–49", "15–49岁五岁组生育率之和×5" },
  { "mean_age_at_birth", "", "mean age of the mothers of the births of the period", "本期生育的平均年龄" },
  { "mean_age_of_fertility", "", "mean age by the fertility rates of the five-year groups", "按年龄别生育率的平均生育年龄" },
  { "life_expectancy", "", "at birth, of the abridged life table of the period", "简略寿命表出生时预期寿命" },
  { "median_age", "", "half of the people are younger", "年龄中位数" },
};
TABLE (mns_indicator_method, "indicator_method")

static const mns_code_row_t mns_denominator_rows[] = {
  { "none", "", "none", "无" },
  { "mean_population", "", "mean of opening and closing population", "期平均人口" },
  { "counts", "", "counts of the same period", "同期计数" },
  { "opening_population", "", "population at the beginning", "期初人口" },
  { "closing_population", "", "population at the end, or now", "期末人口" },
  { "mid_year_population", "", "population on 1 July of the year", "年中人口" },
  { "year_end_population", "", "population at the end of the year", "年末人口" },
  { "person_years", "", "mean of the population at the beginning of each day", "人年数（逐日平均人口）" },
  { "method", "", "by its method", "按方法计算" },
};
TABLE (mns_denominator, "denominator")

static const mns_code_row_t mns_indicator_flag_rows[] = {
  { "few_events", "", "few events: the rate swings", "事件数少，波动大" },
  { "break_in_series", "", "break in series: a register check in the period", "序列中断：期内有户口核查调整" },
  { "no_denominator", "", "nothing to divide by", "分母为零" },
  { "unfinished", "", "the period has not ended", "本期未结束" },
};
TABLE (mns_indicator_flag, "indicator_flag")

static const mns_code_row_t mns_change_kind_rows[] = {
  { "percent", "", "percent", "%" },
  { "points", "", "points", "个千分点" },
  { "ratio_points", "", "points of the ratio", "点" },
};
TABLE (mns_change_kind, "change_kind")

static const mns_code_row_t mns_finding_rows[] = {
  { "rates_do_not_add", "", "birth rate − death rate is not the natural rate", "出生率减死亡率不等于自然增长率" },
  { "changes_do_not_add", "", "the changes of the rates do not add up", "各率变化之间不相符" },
  { "populations_do_not_meet", "", "the populations behind the rates do not meet", "各率所依据的人口数不一致" },
  { "differs_from_counts", "", "the rate does not follow from the counts", "与计数不符" },
};
TABLE (mns_finding, "finding")
/* clang-format on */

MNS_RECORD_DEFINE (figures_query, 1, MNS_FIGURES_QUERY_FIELDS, "Asks for the counts of a place and period", "查询计数")
MNS_RECORD_DEFINE (indicators_query, 1, MNS_INDICATORS_QUERY_FIELDS, "Asks for indicators", "查询指标")
MNS_RECORD_DEFINE (indicator_value, 1, MNS_INDICATOR_VALUE_FIELDS, "An indicator of a place and period", "指标值")
MNS_RECORD_DEFINE (indicator, 1, MNS_INDICATOR_FIELDS, "An indicator of the catalogue", "指标定义")
MNS_RECORD_DEFINE (catalogue_query, 1, MNS_CATALOGUE_QUERY_FIELDS, "Asks how indicators are made", "查询指标定义")
MNS_RECORD_DEFINE (rehearsal, 1, MNS_REHEARSAL_FIELDS, "Indicators to be tried", "指标试算")
MNS_RECORD_DEFINE (pyramid_query, 1, MNS_PYRAMID_QUERY_FIELDS, "Asks for the people by sex and age", "查询人口金字塔")
MNS_RECORD_DEFINE (pyramid_row, 1, MNS_PYRAMID_ROW_FIELDS, "People of a group of ages", "年龄组人口")
MNS_RECORD_DEFINE (life_query, 1, MNS_LIFE_QUERY_FIELDS, "Asks for a life table", "查询寿命表")
MNS_RECORD_DEFINE (life_row, 1, MNS_LIFE_ROW_FIELDS, "A row of a life table", "寿命表行")
MNS_RECORD_DEFINE (places_query, 1, MNS_PLACES_QUERY_FIELDS, "Asks for the balance of a place and its parts",
                   "查询下级平衡表")
MNS_RECORD_DEFINE (place_figures, 1, MNS_PLACE_FIGURES_FIELDS, "The balance of a place", "人口平衡")
MNS_RECORD_DEFINE (reported_figures, 1, MNS_REPORTED_FIGURES_FIELDS, "Printed rates to be checked", "待核对的上报率")
MNS_RECORD_DEFINE (reported_finding, 1, MNS_REPORTED_FINDING_FIELDS, "Printed figures that do not agree", "核对发现")
MNS_RECORD_DEFINE (snapshot_query, 1, MNS_SNAPSHOT_QUERY_FIELDS, "Asks for all figures of a division", "请求快照")
MNS_RECORD_DEFINE (snapshot_info, 1, MNS_SNAPSHOT_INFO_FIELDS, "A snapshot", "快照")
MNS_RECORD_DEFINE (snapshot_read, 1, MNS_SNAPSHOT_READ_FIELDS, "Asks for a page of the snapshot", "读取快照页")
MNS_RECORD_DEFINE (export_query, 1, MNS_EXPORT_QUERY_FIELDS, "Asks for the state as text", "请求导出")
MNS_RECORD_DEFINE (export_page, 1, MNS_EXPORT_PAGE_FIELDS, "A page of the state as text", "导出页")
