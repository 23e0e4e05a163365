/* What the files of `mns stats` share. */
#ifndef MNS_STATS_H
#define MNS_STATS_H

#include "common/records/statistics_requests.h"
#include "mns/mns.h"
#include "services/statistics/rules_period.h"

/* clang-format off */
#define STATS_OPTIONS_FIELDS(F, T)                                                                                         \
  F (T, PLACE, place,          0,                0, "Division code, 12 digits; default is the county", "区划代码")          \
  F (T, TEXT,  period,         16,               0, "2026-06, 2026-Q2, 2026-S1, 2026, 2025-07..2026-06, `moving` or `to-date`; default is the last complete half-year", "期间") \
  F (T, TEXT,  against,        16,               0, "Period it is compared with; default the same one a year before", "对比期间") \
  F (T, DATE,  as_published,   0,                0, "As it stood on that day, after the last closing or release", "发布截至日") \
  F (T, CODE,  base,           mns_population_base, 0, "registered (default) or resident", "人口口径")                     \
  F (T, CODE,  sex,            mns_sex,          0, "male or female; default both together", "性别")                       \
  F (T, CODE,  basis,          mns_basis,        0, "By date of registration (default) or of occurrence", "日期口径")       \
  F (T, TEXT,  indicator,      48,               0, "Name of one indicator", "指标")                                         \
  F (T, DATE,  boundaries,     0,                0, "In the boundaries of this day; default: as they were when it was counted", "区划口径日期")
/* clang-format on */
MNS_RECORD_DECLARE (stats_options, STATS_OPTIONS_FIELDS)

/* Place, period and basis as options, filled with what is usual: the county, the last
 * complete half-year, registration. */
typedef struct {
  mns_config_t config;
  mns_bus_t *bus;
  mns_stats_options_t options;
  mns_indicators_query_t query; /* the options with their defaults */
  statistics_period_t period;
} stats_t;

/* Parses the options named in `fields` and `own` (may be NULL), then opens. −1 to go on, else the exit code. */
int stats_begin (stats_t *stats, mns_cli_t *cli, const mns_option_t *own, const char *const *fields, int argc,
                 char **argv);
/* Closes and prints the table, or the error. Returns the exit code. */
int stats_finish (stats_t *stats, mns_table_t **table, mns_rc_t rc, const mns_error_t *error);

/* "moving": the twelve months that ended last; "to-date": the complete months of this year; or as
 * statistics_period_parse. */
bool stats_period (const stats_t *stats, const char *text, statistics_period_t *period);

/* Connects and fills what was not given. Returns −1 to go on, else the exit code; the mistake has been told. */
int stats_open (stats_t *stats, const char *command);
void stats_close (stats_t *stats);
bool stats_in_chinese (const stats_t *stats);

/* All indicators of one period, in the order of the catalogue. */
typedef struct {
  size_t count, capacity;
  mns_indicator_value_t *values;
} stats_indicators_t;

mns_rc_t stats_indicators (stats_t *stats, statistics_period_t period, stats_indicators_t *indicators,
                           mns_error_t *error);
void stats_indicators_fini (stats_indicators_t *indicators);
const mns_indicator_value_t *stats_find (const stats_indicators_t *indicators, const char *name); /* NULL: not there */

/* "a,b,c" as words. False when there are too many or one is too long. */
#define STATS_WORDS_MAX 64
typedef struct {
  size_t count;
  char words[STATS_WORDS_MAX][MNS_NAME_MAX + 1];
} stats_words_t;
bool stats_words (const char *text, stats_words_t *words);

/* A place with its name, and those right below it. */
typedef struct {
  size_t count;
  mns_place_figures_t *places;
} stats_places_t;
mns_rc_t stats_places (stats_t *stats, stats_places_t *places, mns_error_t *error);
void stats_places_fini (stats_places_t *places);

#define STATS_TEXT 64
/* Decimals as shown: money, which is in fen, is shown in yuan. */
int stats_decimals (const mns_indicator_value_t *value);
/* "1,044,420", "4.65", "–" for MNS_NONE. Returns `text`. */
const char *stats_format (int64_t value, int decimals, char text[STATS_TEXT]);
/* "1044420", NULL for MNS_NONE: for programs. */
const char *stats_plain (int64_t value, int decimals, char text[STATS_TEXT]);
/* "+294 (+6.44 %)", "+0.11", "" when there is none. */
const char *stats_format_change (const mns_indicator_value_t *value, char text[STATS_TEXT]);

/* `mns stats report`: the text of a period beside the one before and that of the year before; or JSON. `brief` leaves
 * out the tables behind the balance. */
int stats_report (stats_t *stats, bool brief);
int stats_report_json (stats_t *stats);
int stats_report_csv (stats_t *stats); /* a row for each indicator and period */
/* The subcommands of stats_table.c, stats_drawing.c and stats_indicator.c. */
int stats_run_table (int argc, char **argv);
int stats_run_rank (int argc, char **argv);
int stats_run_trend (int argc, char **argv);
int stats_run_pyramid (int argc, char **argv);
int stats_run_life_table (int argc, char **argv);
int stats_run_indicator (int argc, char **argv);

/* `mns stats verify`: every figure against the registry's own recount. */
typedef struct {
  bool villages, months;
} stats_verify_t;
int stats_verify (stats_t *stats, const stats_verify_t *how);

#endif
