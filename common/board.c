/* The board of a process. */
#include "common/board.h"

#include "common/clock.h"
#include "common/text.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 16, SETS = 64, STUCK_MS = 10000 };

typedef struct {
  char part[MNS_METRIC_LABEL];
  const mns_metric_set_t *set; /* NULL: free */
  void *rows;
  size_t count;
} entry_t;

typedef struct {
  char name[MNS_METRIC_LABEL], why[80]; /* name "": free */
  bool well;
  int64_t heard_ms;
} part_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static entry_t entries[SETS];
static part_t parts[PARTS];

static part_t *part_of (const char *name) {
  part_t *free_part = NULL;
  for (size_t i = 0; i < PARTS; i++) {
    if (strcmp (parts[i].name, name) == 0)
      return &parts[i];
    if (!parts[i].name[0] && !free_part)
      free_part = &parts[i];
  }
  if (!free_part)
    return NULL;
  *free_part = (part_t){.well = true};
  mns_text_copy (free_part->name, sizeof free_part->name, name);
  return free_part;
}

static entry_t *entry_of (const char *part, const mns_metric_set_t *set) {
  entry_t *free_entry = NULL;
  for (size_t i = 0; i < SETS; i++) {
    if (entries[i].set == set && strcmp (entries[i].part, part) == 0)
      return &entries[i];
    if (!entries[i].set && !free_entry)
      free_entry = &entries[i];
  }
  if (!free_entry)
    return NULL;
  free_entry->set = set;
  free_entry->rows = mns_alloc (MNS_BOARD_ROWS * set->row_size);
  mns_text_copy (free_entry->part, sizeof free_entry->part, part);
  return free_entry;
}

void mns_board_put (const char *part, const mns_metric_set_t *set, const void *rows, size_t count) {
  pthread_mutex_lock (&lock);
  part_t *sayer = part_of (part);
  entry_t *entry = sayer ? entry_of (part, set) : NULL;
  if (entry) {
    sayer->heard_ms = mns_clock.monotonic_ms ();
    entry->count = count < MNS_BOARD_ROWS ? count : MNS_BOARD_ROWS;
    memcpy (entry->rows, rows, entry->count * set->row_size);
  }
  pthread_mutex_unlock (&lock);
}

void mns_board_health (const char *name, bool well, const char *why) {
  pthread_mutex_lock (&lock);
  part_t *part = part_of (name);
  if (part) {
    part->heard_ms = mns_clock.monotonic_ms ();
    part->well = well;
    mns_text_copy (part->why, sizeof part->why, why);
  }
  pthread_mutex_unlock (&lock);
}

void mns_board_remove (const char *name) {
  pthread_mutex_lock (&lock);
  for (size_t i = 0; i < SETS; i++)
    if (entries[i].set && strcmp (entries[i].part, name) == 0) {
      free (entries[i].rows);
      entries[i] = (entry_t){.set = NULL};
    }
  for (size_t i = 0; i < PARTS; i++)
    if (strcmp (parts[i].name, name) == 0)
      parts[i] = (part_t){.well = false};
  pthread_mutex_unlock (&lock);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static bool seen_before (size_t i) {
  for (size_t j = 0; j < i; j++)
    if (entries[j].set == entries[i].set)
      return true;
  return false;
}

static void print_set (const mns_metric_set_t *set, mns_buffer_t *out) {
  for (size_t m = 0; m < set->count; m++) {
    mns_metric_print_head (set, &set->metrics[m], out);
    for (size_t i = 0; i < SETS; i++)
      if (entries[i].set == set)
        mns_metric_print (set, &set->metrics[m], entries[i].rows, entries[i].count, out);
  }
}

void mns_board_print (mns_buffer_t *out) {
  pthread_mutex_lock (&lock);
  for (size_t i = 0; i < SETS; i++)
    if (entries[i].set && !seen_before (i))
      print_set (entries[i].set, out);
  pthread_mutex_unlock (&lock);
}

bool mns_board_well (mns_buffer_t *out) {
  bool well = true, any = false;
  int64_t now = mns_clock.monotonic_ms ();
  pthread_mutex_lock (&lock);
  for (size_t i = 0; i < PARTS; i++) {
    const part_t *part = &parts[i];
    if (!part->name[0])
      continue;
    bool stuck = now - part->heard_ms > STUCK_MS;
    mns_buffer_printf (out, "%s %s\n", part->name, stuck ? "stuck" : part->well ? "ok" : part->why);
    well = well && part->well && !stuck;
    any = true;
  }
  pthread_mutex_unlock (&lock);
  return well && any;
}
