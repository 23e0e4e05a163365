/* Metrics as Prometheus text (version 0.0.4) and as a reference page. */
#include "common/metrics.h"

#include "common/clock.h"
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const struct {
  const char *type, *tail;
} kinds[] = {[MNS_METRIC_COUNTER] = {"counter", "_total"},
             [MNS_METRIC_GAUGE] = {"gauge", ""},
             [MNS_METRIC_DURATIONS] = {"histogram", ""}};
static const char *const units[] = {[MNS_UNIT_NONE] = "", [MNS_UNIT_BYTES] = "_bytes", [MNS_UNIT_SECONDS] = "_seconds"};

/* ---- durations --------------------------------------------------------------------------------------------------- */

static const struct {
  int64_t us;
  const char *text;
} bounds[MNS_DURATIONS] = {{100, "0.0001"},  {250, "0.00025"}, {500, "0.0005"},  {1000, "0.001"}, {2500, "0.0025"},
                           {5000, "0.005"},  {10000, "0.01"},  {25000, "0.025"}, {50000, "0.05"}, {100000, "0.1"},
                           {250000, "0.25"}, {500000, "0.5"},  {1000000, "1"},   {5000000, "5"}};

void mns_durations_add (mns_durations_t *durations, int64_t us) {
  size_t i = 0;
  while (i < MNS_DURATIONS && us > bounds[i].us)
    i++;
  durations->counts[i]++;
  durations->sum_us += us > 0 ? (uint64_t)us : 0;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

void mns_metric_name (const mns_metric_set_t *set, const mns_metric_t *metric, char name[MNS_METRIC_NAME]) {
  snprintf (name, MNS_METRIC_NAME, "mns_%s_%s%s%s", set->name, metric->name, units[metric->unit],
            kinds[metric->kind].tail);
}

void mns_metric_print_head (const mns_metric_set_t *set, const mns_metric_t *metric, mns_buffer_t *out) {
  char name[MNS_METRIC_NAME];
  mns_metric_name (set, metric, name);
  mns_buffer_printf (out, "# HELP %s %s\n# TYPE %s %s\n", name, metric->help, name, kinds[metric->kind].type);
}

/* name="value", with what the format wants escaped. */
static void print_label (const char *name, const char *value, mns_buffer_t *out) {
  mns_buffer_printf (out, "%s=\"", name);
  for (; *value; value++) {
    if (*value == '\\' || *value == '"')
      mns_buffer_add (out, "\\", 1);
    mns_buffer_add (out, *value == '\n' ? " " : value, 1);
  }
  mns_buffer_add (out, "\"", 1);
}

static void print_labels (const mns_metric_set_t *set, const char *value, const char *bound, mns_buffer_t *out) {
  if (!set->label && !bound)
    return;
  mns_buffer_add (out, "{", 1);
  if (set->label)
    print_label (set->label, value, out);
  if (bound)
    mns_buffer_printf (out, "%sle=\"%s\"", set->label ? "," : "", bound);
  mns_buffer_add (out, "}", 1);
}

static void print_line (const mns_metric_set_t *set, const char *name, const char *tail, const char *label,
                        const char *bound, mns_buffer_t *out) {
  mns_buffer_printf (out, "%s%s", name, tail);
  print_labels (set, label, bound, out);
  mns_buffer_add (out, " ", 1);
}

static void print_seconds (uint64_t us, mns_buffer_t *out) {
  mns_buffer_printf (out, "%" PRIu64 ".%06" PRIu64 "\n", us / 1000000, us % 1000000);
}

static void print_durations (const mns_metric_set_t *set, const char *name, const char *label,
                             const mns_durations_t *durations, mns_buffer_t *out) {
  uint64_t count = 0;
  for (size_t i = 0; i <= MNS_DURATIONS; i++) {
    count += durations->counts[i];
    print_line (set, name, "_bucket", label, i < MNS_DURATIONS ? bounds[i].text : "+Inf", out);
    mns_buffer_printf (out, "%" PRIu64 "\n", count);
  }
  print_line (set, name, "_sum", label, NULL, out);
  print_seconds (durations->sum_us, out);
  print_line (set, name, "_count", label, NULL, out);
  mns_buffer_printf (out, "%" PRIu64 "\n", count);
}

static void print_number (const mns_metric_set_t *set, const mns_metric_t *metric, const char *name, const char *label,
                          uint64_t value, mns_buffer_t *out) {
  print_line (set, name, "", label, NULL, out);
  if (metric->unit == MNS_UNIT_SECONDS)
    print_seconds (value, out);
  else
    mns_buffer_printf (out, "%" PRIu64 "\n", value);
}

void mns_metric_print (const mns_metric_set_t *set, const mns_metric_t *metric, const void *rows, size_t count,
                       mns_buffer_t *out) {
  char name[MNS_METRIC_NAME];
  const char *row = rows;
  uint64_t value;
  mns_metric_name (set, metric, name);
  for (size_t i = 0; i < count; i++, row += set->row_size) {
    if (metric->kind == MNS_METRIC_DURATIONS) {
      mns_durations_t durations;
      memcpy (&durations, row + metric->offset, sizeof durations);
      print_durations (set, name, row, &durations, out);
      continue;
    }
    memcpy (&value, row + metric->offset, sizeof value);
    print_number (set, metric, name, row, value, out);
  }
}

void mns_metrics_markdown (const mns_metric_set_t *set, const char *title, mns_buffer_t *out) {
  char name[MNS_METRIC_NAME];
  mns_buffer_printf (out, "## %s\n\n", title);
  if (set->label)
    mns_buffer_printf (out, "Label: `%s`.\n\n", set->label);
  mns_buffer_printf (out, "| metric | type | meaning |\n|---|---|---|\n");
  for (size_t i = 0; i < set->count; i++) {
    mns_metric_name (set, &set->metrics[i], name);
    mns_buffer_printf (out, "| `%s` | %s | %s |\n", name, kinds[set->metrics[i].kind].type, set->metrics[i].help);
  }
  mns_buffer_printf (out, "\n");
}

/* ---- the process ------------------------------------------------------------------------------------------------- */

MNS_METRICS_DEFINE (process, NULL, MNS_PROCESS_METRICS)

static uint64_t count_entries (const char *folder) {
  uint64_t count = 0;
  DIR *entries = opendir (folder);
  while (entries && readdir (entries))
    count++;
  if (entries)
    closedir (entries);
  return count > 2 ? count - 2 : 0;
}

static uint64_t resident_bytes (void) {
  unsigned long long whole = 0, resident = 0;
  FILE *file = fopen ("/proc/self/statm", "r");
  if (file && fscanf (file, "%llu %llu", &whole, &resident) != 2)
    resident = 0;
  if (file)
    fclose (file);
  return resident * (uint64_t)sysconf (_SC_PAGESIZE);
}

void mns_process_metrics_read (mns_process_metrics_t *metrics) {
  struct rlimit limit = {0};
  struct timespec used = {0};
  memset (metrics, 0, sizeof *metrics);
  getrlimit (RLIMIT_NOFILE, &limit);
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
  metrics->resident = resident_bytes ();
  uint64_t open = count_entries ("/proc/self/fd");
  metrics->open_fds = open > 0 ? open - 1 : 0; /* without the one that looks */
  metrics->max_fds = limit.rlim_cur;
  metrics->threads = count_entries ("/proc/self/task");
  metrics->cpu = (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}
