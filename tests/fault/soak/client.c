/* Askers and the reader. */
#include "tests/fault/soak/client.h"
#include "common/bus.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/text.h"
#include "tests/support/toy.h"
#include <czmq.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
  IN_FLIGHT = 8,
  DEADLINE_MS = 4000,
  PACE_MS = 40,
  JOURNAL_MAX = 1 << 29,
  CONNECT_MS = 1000,
  WAIT_MS = 20,
  PAUSE_MS = 100
};

static volatile sig_atomic_t ends;

static void end (int number) {
  (void)number;
  ends = 1;
}

static int64_t now_us (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void complain (const mns_error_t *error) {
  fprintf (stderr, "%" PRId64 " %s: %s: %s\n", now_us (), mns_error_word (error->rc), error->where, error->detail);
}

/* Opens the journal behind its last whole line and gives what is in it. */
static int open_journal (const char *folder, const char *name, mns_buffer_t *content) {
  char path[MNS_PATH_MAX];
  mns_error_t error;
  if (mns_dir_join (path, folder, name, &error) != MNS_OK)
    return -1;
  int file = open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0 || mns_dir_read_file (path, JOURNAL_MAX, content, &error) != MNS_OK)
    return -1;
  while (content->size > 0 && content->data[content->size - 1] != '\n')
    content->size--;
  mns_buffer_add (content, "", 1);
  return ftruncate (file, (off_t)content->size - 1) == 0 ? file : -1;
}

static bool begin (mns_config_t *config, const char *folder) {
  mns_error_t error = {0};
  signal (SIGTERM, end);
  if (mns_config_load (config, folder, true, NULL, &error) == MNS_OK)
    return true;
  complain (&error);
  return false;
}

/* ---- the asker --------------------------------------------------------------------------------------------------- */

typedef struct {
  uint64_t request, n; /* request 0: free */
} flight_t;

typedef struct {
  mns_bus_t *bus;
  int journal;
  uint64_t client, last; /* the last n attempted */
  uint64_t *undone;      /* attempted and not answered, not on their way */
  size_t count, capacity;
  flight_t flights[IN_FLIGHT];
  size_t flying;
  int64_t again_ms; /* after an error: not before */
  int64_t paced_ms; /* when the last new one went */
  mns_buffer_t body, reply;
  mns_head_t head;
} asker_t;

static void add_undone (asker_t *asker, uint64_t n) {
  if (asker->count == asker->capacity) {
    asker->capacity = asker->capacity ? 2 * asker->capacity : 64;
    asker->undone = mns_realloc (asker->undone, asker->capacity * sizeof *asker->undone);
  }
  asker->undone[asker->count++] = n;
}

static void take_undone (asker_t *asker, uint64_t n) {
  size_t at = 0;
  while (at < asker->count && asker->undone[at] != n)
    at++;
  if (at < asker->count)
    asker->undone[at] = asker->undone[--asker->count];
}

static void read_journal (asker_t *asker, const char *text) {
  uint64_t client, n;
  for (; text && *text; text = strchr (text, '\n') + 1) {
    if (sscanf (text, "a %" SCNu64 " %" SCNu64, &client, &n) == 2 && n > asker->last) {
      add_undone (asker, n);
      asker->last = n;
    } else if (sscanf (text, "k %" SCNu64 " %" SCNu64, &client, &n) == 2) {
      take_undone (asker, n);
    }
  }
}

/* The same (client, n), the same key and the same words. */
static void ask (asker_t *asker, uint64_t n) {
  const uint8_t digest[32] = {(uint8_t)asker->client};
  mns_uuid_t key = mns_uuid_derive (digest, n);
  mns_toy_entry_t entry;
  mns_error_t error = {0};
  flight_t *flight = asker->flights;
  while (flight->request != 0)
    flight++;
  mns_record_clear (&mns_toy_entry_type, &entry);
  snprintf (entry.name, sizeof entry.name, "%" PRIu64 "/%" PRIu64, asker->client, n);
  entry.amount = 1;
  mns_buffer_clear (&asker->body);
  mns_record_pack (&mns_toy_entry_type, &entry, &asker->body);
  flight->n = n;
  if (mns_bus_send (asker->bus, "toy.add", &key, asker->body.data, asker->body.size, DEADLINE_MS, &flight->request,
                    &error) == MNS_OK) {
    asker->flying++;
    return;
  }
  flight->request = 0;
  complain (&error);
  add_undone (asker, n);
}

static void ask_more (asker_t *asker) {
  int64_t now = mns_clock.monotonic_ms ();
  while (asker->flying < IN_FLIGHT && asker->count > 0 && now >= asker->again_ms)
    ask (asker, asker->undone[--asker->count]);
  if (ends || asker->flying == IN_FLIGHT || now - asker->paced_ms < PACE_MS)
    return;
  asker->paced_ms = now;
  dprintf (asker->journal, "a %" PRIu64 " %" PRIu64 " %" PRId64 "\n", asker->client, ++asker->last, now_us ());
  ask (asker, asker->last);
}

static void take_answer (asker_t *asker, uint64_t request) {
  flight_t *flight = asker->flights;
  while (flight < asker->flights + IN_FLIGHT && flight->request != request)
    flight++;
  if (flight == asker->flights + IN_FLIGHT)
    return;
  flight->request = 0;
  asker->flying--;
  if (asker->head.rc == MNS_OK) {
    dprintf (asker->journal, "k %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 "\n", asker->client, flight->n,
             asker->head.number, now_us ());
    return;
  }
  fprintf (stderr, "%" PRId64 " %" PRIu64 ": %s: %s\n", now_us (), flight->n, mns_error_word ((mns_rc_t)asker->head.rc),
           asker->head.detail);
  add_undone (asker, flight->n);
  asker->again_ms = mns_clock.monotonic_ms () + PAUSE_MS;
}

int soak_asker_run (const char *folder, const char *argument) {
  mns_config_t config;
  mns_buffer_t content = {0};
  mns_error_t error = {0};
  char name[64];
  uint64_t request;
  asker_t asker = {.client = strtoull (argument, NULL, 10)};
  snprintf (name, sizeof name, SOAK_ASKER_FILE, argument);
  if (!begin (&config, folder) || (asker.journal = open_journal (folder, name, &content)) < 0)
    return 1;
  read_journal (&asker, (const char *)content.data);
  while (!asker.bus && (!ends || asker.count > 0))
    if (mns_bus_new (&asker.bus, &config, "local", CONNECT_MS, &error) != MNS_OK)
      complain (&error);
  while (asker.bus && (!ends || asker.flying > 0 || asker.count > 0)) {
    ask_more (&asker);
    if (mns_bus_take (asker.bus, WAIT_MS, &request, &asker.reply, &asker.head, &error) == MNS_OK)
      take_answer (&asker, request);
  }
  mns_bus_destroy (&asker.bus);
  mns_buffer_fini (&content);
  mns_buffer_fini (&asker.body);
  mns_buffer_fini (&asker.reply);
  free (asker.undone);
  return 0;
}

/* ---- the reader -------------------------------------------------------------------------------------------------- */

/* The log number at the end of the last line. */
static uint64_t last_number (const mns_buffer_t *content) {
  const char *text = (const char *)content->data, *end = text + content->size - 1;
  while (end > text && end[-1] != ' ')
    end--;
  return end > text ? strtoull (end, NULL, 10) : 0;
}

static void write_down (int journal, const mns_event_t *event) {
  mns_toy_entry_t entry;
  uint64_t client = 0, n = 0;
  if (mns_record_unpack (&mns_toy_entry_type, &entry, event->body, event->body_size, NULL, NULL) == MNS_OK)
    sscanf (entry.name, "%" SCNu64 "/%" SCNu64, &client, &n);
  dprintf (journal, "r outside-%s %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu64 "\n", event->producer,
           event->producer, event->number, client, n, now_us (), event->log_number);
}

/* Reads until the subscription ends; the number to go on from. */
static uint64_t read_events (mns_bus_t *bus, int journal, uint64_t from) {
  static const char *const prefixes[] = {"toy.", "echo."};
  mns_error_t error = {0};
  mns_event_t event;
  mns_rc_t rc = mns_bus_subscribe (bus, prefixes, 2, from, "outside", &error);
  while (!ends && (rc == MNS_OK || rc == MNS_TIMEOUT)) {
    rc = mns_bus_next (bus, 100, &event, &error);
    if (rc != MNS_OK)
      continue;
    write_down (journal, &event);
    from = event.log_number;
  }
  if (!ends)
    complain (&error);
  return from;
}

int soak_reader_run (const char *folder, const char *argument) {
  mns_config_t config;
  mns_buffer_t content = {0};
  (void)argument;
  int journal = open_journal (folder, SOAK_READER_FILE, &content);
  if (journal < 0 || !begin (&config, folder))
    return 1;
  if (content.size == 1)
    dprintf (journal, "s outside-toy\ns outside-echo\n");
  uint64_t from = content.size == 1 ? 0 : last_number (&content);
  while (!ends) {
    mns_bus_t *bus = NULL;
    mns_error_t error = {0};
    if (mns_bus_new (&bus, &config, "local", CONNECT_MS, &error) == MNS_OK)
      from = read_events (bus, journal, from);
    else
      complain (&error);
    mns_bus_destroy (&bus);
  }
  mns_buffer_fini (&content);
  return 0;
}
