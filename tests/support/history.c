/* The history checker: a table of operations, filled in any order, looked through once. */
#include "tests/support/history.h"
#include "common/buffer.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 8, NAME_SIZE = 24 };

typedef struct {
  uint64_t client, n, number; /* client 0: this place is free */
  int64_t attempted, acked;   /* time + 1; 0: not */
  uint32_t reads[NAMES];      /* by reader */
  int64_t seen[NAMES];
} operation_t;

struct history {
  operation_t *table; /* open addressing; its size is a power of 2 */
  size_t count, size;
  char readers[NAMES][NAME_SIZE], producers[NAMES][NAME_SIZE];
  uint64_t highest[NAMES][NAMES]; /* by reader and producer */
  uint64_t reads;
  history_fault_t duplicated, reordered;
};

/* ---- the table --------------------------------------------------------------------------------------------------- */

static operation_t *place (operation_t *table, size_t size, uint64_t client, uint64_t n) {
  size_t at = (size_t)((client * 0x9e3779b97f4a7c15u) ^ (n * 0xc2b2ae3d27d4eb4fu)) & (size - 1);
  while (table[at].client != 0 && (table[at].client != client || table[at].n != n))
    at = (at + 1) & (size - 1);
  return &table[at];
}

static void grow (history_t *history) {
  size_t size = history->size * 2;
  operation_t *table = mns_alloc (size * sizeof *table);
  memset (table, 0, size * sizeof *table);
  for (size_t i = 0; i < history->size; i++)
    if (history->table[i].client != 0)
      *place (table, size, history->table[i].client, history->table[i].n) = history->table[i];
  free (history->table);
  history->table = table;
  history->size = size;
}

static operation_t *find (history_t *history, uint64_t client, uint64_t n) {
  if (history->count * 2 >= history->size)
    grow (history);
  operation_t *operation = place (history->table, history->size, client, n);
  if (operation->client == 0) {
    operation->client = client;
    operation->n = n;
    history->count++;
  }
  return operation;
}

static size_t name_index (char names[NAMES][NAME_SIZE], const char *name) {
  size_t i = 0;
  while (names[i][0] && strcmp (names[i], name) != 0)
    if (++i == NAMES)
      abort (); /* a test names its readers itself */
  snprintf (names[i], NAME_SIZE, "%s", name);
  return i;
}

history_t *history_new (void) {
  history_t *history = mns_alloc (sizeof *history);
  memset (history, 0, sizeof *history);
  history->size = 1024;
  history->table = mns_alloc (history->size * sizeof *history->table);
  memset (history->table, 0, history->size * sizeof *history->table);
  return history;
}

void history_destroy (history_t **owner) {
  if (*owner)
    free ((*owner)->table);
  free (*owner);
  *owner = NULL;
}

/* ---- what happened ----------------------------------------------------------------------------------------------- */

static void note (history_fault_t *fault, const operation_t *operation, const char *who, const char *what) {
  if (fault->count++ == 0)
    snprintf (fault->first, sizeof fault->first, "%" PRIu64 "/%" PRIu64 " (number %" PRIu64 "): %s %s",
              operation->client, operation->n, operation->number, who, what);
}

void history_reader (history_t *history, const char *reader) {
  name_index (history->readers, reader);
}

void history_attempt (history_t *history, uint64_t client, uint64_t n, int64_t time) {
  find (history, client, n)->attempted = time + 1;
}

void history_ack (history_t *history, uint64_t client, uint64_t n, uint64_t number, int64_t time) {
  operation_t *operation = find (history, client, n);
  if (operation->number != 0 && number != 0 && operation->number != number)
    note (&history->duplicated, operation, "the producer", "acknowledged it under another number too");
  if (operation->number == 0)
    operation->number = number;
  if (operation->acked == 0)
    operation->acked = time + 1;
}

void history_read (history_t *history, const char *reader, const char *producer, uint64_t number, uint64_t client,
                   uint64_t n, int64_t time) {
  operation_t *operation = find (history, client, n);
  size_t by = name_index (history->readers, reader);
  uint64_t *highest = &history->highest[by][name_index (history->producers, producer)];
  history->reads++;
  if (operation->reads[by]++ > 0)
    note (&history->duplicated, operation, reader, "read it again");
  else if (number != 0 && number < *highest)
    note (&history->reordered, operation, reader, "read it behind a higher number");
  if (operation->seen[by] == 0)
    operation->seen[by] = time;
  *highest = number > *highest ? number : *highest;
}

/* One line; false when it is none of ours. */
static bool take_line (history_t *history, const char *line) {
  char reader[NAME_SIZE], producer[NAME_SIZE];
  uint64_t client, n, number;
  int64_t time;
  if (sscanf (line, "s %23s", reader) == 1)
    history_reader (history, reader);
  else if (sscanf (line, "a %" SCNu64 " %" SCNu64 " %" SCNd64, &client, &n, &time) == 3)
    history_attempt (history, client, n, time);
  else if (sscanf (line, "k %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNd64, &client, &n, &number, &time) == 4)
    history_ack (history, client, n, number, time);
  else if (sscanf (line, "r %23s %23s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNd64, reader, producer, &number, &client,
                   &n, &time) == 6)
    history_read (history, reader, producer, number, client, n, time);
  else
    return false;
  return true;
}

bool history_text (history_t *history, const char *text) {
  char line[160];
  for (const char *end; (end = strchr (text, '\n')) != NULL; text = end + 1) {
    if ((size_t)(end - text) >= sizeof line)
      return false;
    memcpy (line, text, (size_t)(end - text));
    line[end - text] = 0;
    if (line[0] && !take_line (history, line))
      return false;
  }
  return true;
}

/* ---- what is wrong with it --------------------------------------------------------------------------------------- */

static void check_reader (const history_t *history, const operation_t *operation, size_t by, history_report_t *report) {
  const char *reader = history->readers[by];
  if (operation->reads[by] > 0) {
    int64_t wait = operation->acked > 0 ? (operation->seen[by] - operation->acked + 1) / 1000 : 0;
    report->unseen_ms = wait > report->unseen_ms ? wait : report->unseen_ms;
    if (operation->attempted == 0)
      note (&report->phantom, operation, reader, "read what nobody attempted");
    return;
  }
  if (operation->acked == 0)
    return;
  bool passed = operation->number == 0;
  for (size_t i = 0; i < NAMES; i++)
    passed = passed || history->highest[by][i] > operation->number;
  note (passed ? &report->lost : &report->stuck, operation, reader, "never read it");
}

bool history_check (history_t *history, history_report_t *report) {
  memset (report, 0, sizeof *report);
  report->duplicated = history->duplicated;
  report->reordered = history->reordered;
  report->reads = history->reads;
  for (size_t i = 0; i < history->size; i++) {
    const operation_t *operation = &history->table[i];
    if (operation->client == 0)
      continue;
    report->attempts += operation->attempted > 0;
    report->acks += operation->acked > 0;
    if (operation->attempted > 0 && operation->acked == 0)
      note (&report->stuck, operation, "the producer", "never answered it");
    for (size_t by = 0; by < NAMES && history->readers[by][0]; by++)
      check_reader (history, operation, by, report);
  }
  return report->lost.count + report->duplicated.count + report->phantom.count + report->reordered.count +
             report->stuck.count ==
         0;
}
