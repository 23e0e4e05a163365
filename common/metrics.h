/* Metrics: numbers that a process shows to those who watch it, as Prometheus text.
 *
 * A set of metrics is described once, beside the counters: an X-macro list gives the struct and the table that names,
 * explains and prints it, and the reference docs/metrics.md. A row is a plain struct of numbers; a set with a label has
 * several, each with its label's value. The name that is shown is `mns_<set>_<name>`, with `_bytes` or `_seconds` by
 * unit and `_total` for a counter.
 *
 *   #define MNS_PET_METRICS(M, T)                                    \
 *     M (T, COUNTER,   meals,  NONE,    "Meals eaten")               \
 *     M (T, GAUGE,     weight, BYTES,   "What it weighs")            \
 *     M (T, DURATIONS, naps,   SECONDS, "How long its naps were")
 *   MNS_METRICS_DECLARE (pet, MNS_PET_METRICS)                       mns_pet_metrics_t, mns_pet_metrics
 *   MNS_METRICS_DEFINE (pet, "name", MNS_PET_METRICS)                label `name`; NULL: one row without one */
#ifndef MNS_COMMON_METRICS_H
#define MNS_COMMON_METRICS_H

#include "common/buffer.h"
#include <stddef.h>
#include <stdint.h>

typedef enum { MNS_METRIC_COUNTER, MNS_METRIC_GAUGE, MNS_METRIC_DURATIONS } mns_metric_kind_t;
typedef enum { MNS_UNIT_NONE, MNS_UNIT_BYTES, MNS_UNIT_SECONDS } mns_metric_unit_t; /* seconds: held in µs */

#define MNS_METRIC_LABEL 49 /* bytes of a label's value */
#define MNS_DURATIONS    14 /* upper bounds; one more count is for what lies above */

/* How often something took how long. */
typedef struct {
  uint64_t counts[MNS_DURATIONS + 1], sum_us;
} mns_durations_t;

void mns_durations_add (mns_durations_t *durations, int64_t us);

typedef struct {
  const char *name, *help;
  mns_metric_kind_t kind;
  mns_metric_unit_t unit;
  size_t offset;
} mns_metric_t;

typedef struct {
  const char *name, *label; /* "broker"; "consumer" or NULL */
  const mns_metric_t *metrics;
  size_t count, row_size; /* a row begins with its label's value */
} mns_metric_set_t;

/* clang-format off */
#define MNS_METRIC_TYPE_COUNTER   uint64_t
#define MNS_METRIC_TYPE_GAUGE     uint64_t
#define MNS_METRIC_TYPE_DURATIONS mns_durations_t
#define MNS_METRIC_MEMBER_(T, kind, name, unit, help) MNS_METRIC_TYPE_##kind name;
#define MNS_METRIC_ROW_(T, kind_, name_, unit_, help_) \
  { .name = #name_, .help = help_, .kind = MNS_METRIC_##kind_, .unit = MNS_UNIT_##unit_, .offset = offsetof (T, name_) },
#define MNS_METRICS_DECLARE(symbol, LIST) \
  typedef struct { char label_[MNS_METRIC_LABEL]; LIST (MNS_METRIC_MEMBER_, 0) } mns_##symbol##_metrics_t; \
  extern const mns_metric_set_t mns_##symbol##_metrics;
#define MNS_METRICS_DEFINE(symbol, label_, LIST) \
  static const mns_metric_t mns_##symbol##_metric_rows[] = { LIST (MNS_METRIC_ROW_, mns_##symbol##_metrics_t) }; \
  const mns_metric_set_t mns_##symbol##_metrics = { .name = #symbol, .label = label_, \
    .metrics = mns_##symbol##_metric_rows, .row_size = sizeof (mns_##symbol##_metrics_t), \
    .count = sizeof mns_##symbol##_metric_rows / sizeof (mns_metric_t) };
/* clang-format on */

/* The name as it is shown. */
#define MNS_METRIC_NAME 96
void mns_metric_name (const mns_metric_set_t *set, const mns_metric_t *metric, char name[MNS_METRIC_NAME]);

/* "# HELP" and "# TYPE" of a metric, and its lines for `count` rows. The rows of one metric must follow one another. */
void mns_metric_print_head (const mns_metric_set_t *set, const mns_metric_t *metric, mns_buffer_t *out);
void mns_metric_print (const mns_metric_set_t *set, const mns_metric_t *metric, const void *rows, size_t count,
                       mns_buffer_t *out);

/* A heading and a table, for the reference. */
void mns_metrics_markdown (const mns_metric_set_t *set, const char *title, mns_buffer_t *out);

/* ---- the process ------------------------------------------------------------------------------------------------- */
/* clang-format off */
#define MNS_PROCESS_METRICS(M, T)                                                              \
  M (T, GAUGE,   resident,  BYTES,   "Memory in use")                                          \
  M (T, GAUGE,   open_fds,  NONE,    "Open file descriptors")                                  \
  M (T, GAUGE,   max_fds,   NONE,    "File descriptors it may open")                           \
  M (T, GAUGE,   threads,   NONE,    "Threads")                                                \
  M (T, COUNTER, cpu,       SECONDS, "Processor time used")                                    \
  M (T, GAUGE,   up,        SECONDS, "Time since the process began to export")
/* clang-format on */
MNS_METRICS_DECLARE (process, MNS_PROCESS_METRICS)
void mns_process_metrics_read (mns_process_metrics_t *metrics);

#endif
