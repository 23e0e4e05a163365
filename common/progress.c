/* A progress bar on stderr. Time is the monotonic clock of the clock table. */
#include "common/progress.h"
#include "common/buffer.h"
#include "common/clock.h"
#include "common/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define QUIET_MS  1000
#define REDRAW_MS 100
#define BAR_MAX   30

struct mns_progress {
  char what[64], unit[24];
  uint64_t total, done, units;
  int64_t started_ms, drawn_ms;
  unsigned tenths; /* of the whole, last shown off a terminal */
  bool terminal, shown;
};

mns_progress_t *mns_progress_new (const char *what, const char *unit, uint64_t total) {
  mns_progress_t *progress = mns_alloc (sizeof *progress);
  *progress = (mns_progress_t){.total = total, .started_ms = mns_clock.monotonic_ms ()};
  progress->terminal = isatty (STDERR_FILENO);
  mns_text_copy (progress->what, sizeof progress->what, what);
  mns_text_copy (progress->unit, sizeof progress->unit, unit);
  return progress;
}

static unsigned share (const mns_progress_t *progress, unsigned parts) {
  if (!progress->total || progress->done >= progress->total)
    return progress->total ? parts : 0;
  return (unsigned)((double)progress->done / (double)progress->total * parts);
}

/* 1234567 → "1,234,567" */
static const char *grouped (uint64_t number, char text[32]) {
  char plain[24];
  int length = snprintf (plain, sizeof plain, "%" PRIu64, number);
  char *out = text;
  for (int i = 0; i < length; i++) {
    if (i && (length - i) % 3 == 0)
      *out++ = ',';
    *out++ = plain[i];
  }
  *out = 0;
  return text;
}

static const char *duration (uint64_t seconds, char text[48]) {
  if (seconds < 60)
    snprintf (text, 48, "%" PRIu64 " s", seconds);
  else if (seconds < 3600)
    snprintf (text, 48, "%" PRIu64 " min %02" PRIu64 " s", seconds / 60, seconds % 60);
  else
    snprintf (text, 48, "%" PRIu64 " h %02" PRIu64 " min", seconds / 3600, seconds / 60 % 60);
  return text;
}

/* "450,000 rows  25,000/s  22 s left" */
static void print_numbers (const mns_progress_t *progress, int64_t elapsed_ms) {
  char units[32], rate[32], left[48];
  uint64_t elapsed = (uint64_t)(elapsed_ms > 0 ? elapsed_ms : 1);
  fprintf (stderr, "%s %s  %s/s", grouped (progress->units, units), progress->unit,
           grouped ((uint64_t)((double)progress->units * 1000 / (double)elapsed), rate));
  if (!progress->total || !progress->done || progress->done >= progress->total)
    return;
  double remaining = (double)(progress->total - progress->done) * (double)elapsed / (double)progress->done;
  fprintf (stderr, "  %s left", duration ((uint64_t)(remaining / 1000) + 1, left));
}

/* As wide as the terminal leaves room for; 0 when it does not. */
static unsigned bar_width (void) {
  struct winsize window;
  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col < 80)
    return 0;
  return window.ws_col - 70 < BAR_MAX ? (unsigned)window.ws_col - 70 : BAR_MAX;
}

static void draw (mns_progress_t *progress, int64_t now_ms) {
  unsigned width = progress->total ? bar_width () : 0;
  fprintf (stderr, "\r%s  ", progress->what);
  if (width) {
    unsigned filled = share (progress, width);
    fputc ('[', stderr);
    for (unsigned i = 0; i < width; i++)
      fputc (i < filled ? '=' : ' ', stderr);
    fputs ("]  ", stderr);
  }
  if (progress->total)
    fprintf (stderr, "%3u %%  ", share (progress, 100));
  print_numbers (progress, now_ms - progress->started_ms);
  fputs ("\x1b[K", stderr);
  progress->drawn_ms = now_ms;
  progress->shown = true;
}

static void print_line (mns_progress_t *progress, int64_t now_ms) {
  fprintf (stderr, "%s  %u %%  ", progress->what, share (progress, 100));
  print_numbers (progress, now_ms - progress->started_ms);
  fputc ('\n', stderr);
  progress->tenths = share (progress, 10);
  progress->shown = true;
}

void mns_progress_set (mns_progress_t *progress, uint64_t done, uint64_t units) {
  int64_t now_ms = mns_clock.monotonic_ms ();
  progress->done = done;
  progress->units = units;
  if (now_ms - progress->started_ms < QUIET_MS)
    return;
  if (progress->terminal && (!progress->shown || now_ms - progress->drawn_ms >= REDRAW_MS))
    draw (progress, now_ms);
  else if (!progress->terminal && share (progress, 10) > progress->tenths)
    print_line (progress, now_ms);
}

/* The last line says what it came to, and only where something was shown before. */
void mns_progress_destroy (mns_progress_t **owner) {
  mns_progress_t *progress = *owner;
  if (!progress)
    return;
  if (progress->shown) {
    int64_t elapsed_ms = mns_clock.monotonic_ms () - progress->started_ms;
    char took[48];
    fprintf (stderr, "%s%s  ", progress->terminal ? "\r" : "", progress->what);
    progress->total = 0;
    print_numbers (progress, elapsed_ms);
    fprintf (stderr, "  in %s%s\n", duration ((uint64_t)elapsed_ms / 1000, took), progress->terminal ? "\x1b[K" : "");
  }
  free (progress);
  *owner = NULL;
}
