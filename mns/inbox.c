/* The watched folder: one thread with a connection of its own, looking once a second.
 *
 * A file is taken when neither its size nor its time has changed between two looks. What is in it is imported like any
 * file; then it moves to inbox/done, or to inbox/refused when a row was refused, with `<file>.report.txt` beside it.
 * A file that could not be tried (nobody answers), or that was written to while it was read, stays and is tried again.
 */
#include "mns/inbox.h"

#include "common/log.h"
#include "mns/import.h"
#include <czmq.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS  1000
#define SEEN_MAX 256

typedef struct {
  char name[256];
  off_t size;
  struct timespec changed;
} seen_t;

typedef struct {
  const mns_config_t *config;
  zsock_t *pipe;
  mns_bus_t *bus;
  char folder[MNS_PATH_MAX];
  seen_t seen[SEEN_MAX];
  size_t seen_count;
} inbox_t;

static bool is_csv (const char *name) {
  size_t size = strlen (name);
  return name[0] != '.' && size > 4 && size < 200 && strcmp (name + size - 4, ".csv") == 0;
}

static bool is_same (const struct stat *a, const struct stat *b) {
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         memcmp (&a->st_mtim, &b->st_mtim, sizeof a->st_mtim) == 0;
}

/* What has been taken away meanwhile leaves its place to others. */
static void forget_gone (inbox_t *inbox) {
  size_t kept = 0;
  for (size_t i = 0; i < inbox->seen_count; i++) {
    char path[MNS_PATH_MAX * 2];
    snprintf (path, sizeof path, "%s/%s", inbox->folder, inbox->seen[i].name);
    if (access (path, F_OK) == 0)
      inbox->seen[kept++] = inbox->seen[i];
  }
  inbox->seen_count = kept;
}

/* True when the file was seen before exactly as it is now; remembers how it is. */
static bool at_rest (inbox_t *inbox, const char *name, const struct stat *status) {
  size_t i = 0;
  while (i < inbox->seen_count && strcmp (inbox->seen[i].name, name) != 0)
    i++;
  if (i == inbox->seen_count) {
    if (i == SEEN_MAX)
      return false;
    inbox->seen_count++;
    snprintf (inbox->seen[i].name, sizeof inbox->seen[i].name, "%s", name);
  } else if (inbox->seen[i].size == status->st_size &&
             memcmp (&inbox->seen[i].changed, &status->st_mtim, sizeof status->st_mtim) == 0) {
    inbox->seen[i] = inbox->seen[--inbox->seen_count];
    return true;
  }
  inbox->seen[i].size = status->st_size;
  inbox->seen[i].changed = status->st_mtim;
  return false;
}

static mns_rc_t connect_bus (inbox_t *inbox, mns_error_t *error) {
  return inbox->bus ? MNS_OK : mns_bus_new (&inbox->bus, inbox->config, "", 5000, error);
}

static void write_report (const char *path, const mns_import_report_t *report, const mns_error_t *error) {
  mns_buffer_t text = {0};
  mns_import_report_text (report, MNS_IMPORT_REMARKS_MAX, &text);
  if (error->rc != MNS_OK)
    mns_buffer_printf (&text, "%s: %s\n", error->where, error->detail);
  mns_dir_write_file (path, text.data, text.size, 0600, NULL);
  mns_buffer_fini (&text);
}

/* Moves the file aside; a name that is taken there gets a number. */
static void settle (inbox_t *inbox, const char *name, const char *folder, const mns_import_report_t *report,
                    const mns_error_t *error) {
  char from[MNS_PATH_MAX * 2], to[MNS_PATH_MAX * 2], beside[MNS_PATH_MAX * 2 + 16];
  snprintf (from, sizeof from, "%s/%s", inbox->folder, name);
  snprintf (to, sizeof to, "%s/%s/%s", inbox->folder, folder, name);
  for (int i = 2; access (to, F_OK) == 0 && i < 10000; i++)
    snprintf (to, sizeof to, "%s/%s/%.*s-%d.csv", inbox->folder, folder, (int)strlen (name) - 4, name, i);
  snprintf (beside, sizeof beside, "%s.report.txt", to);
  write_report (beside, report, error);
  if (rename (from, to) != 0)
    mns_log (MNS_LOG_ERROR, "inbox", "file.not_moved", "errno=%d", errno);
}

/* The parent has something to say: a long import waits for the next start. */
static bool is_called (void *context) {
  const inbox_t *inbox = context;
  return (zsock_events (inbox->pipe) & ZMQ_POLLIN) != 0;
}

static void take (inbox_t *inbox, const char *name, const struct stat *status) {
  struct stat after;
  char path[MNS_PATH_MAX * 2];
  mns_import_report_t report = {0};
  mns_error_t error = {0};
  const mns_import_options_t options = {.stop = is_called, .context = inbox};
  snprintf (path, sizeof path, "%s/%s", inbox->folder, name);
  mns_rc_t rc = connect_bus (inbox, &error);
  if (rc == MNS_OK)
    rc = mns_import (inbox->bus, inbox->config, path, &options, &report, &error);
  if (rc != MNS_OK && mns_error_retry (rc)) {
    mns_log (MNS_LOG_WARN, "inbox", "file.put_off", "error=%s", mns_error_word (rc));
    mns_bus_destroy (&inbox->bus);
  } else if (stat (path, &after) == 0 && !is_same (status, &after)) {
    mns_log (MNS_LOG_WARN, "inbox", "file.changed", "rows=%llu", (unsigned long long)report.rows);
  } else {
    settle (inbox, name, rc == MNS_OK && report.refused == 0 ? "done" : "refused", &report, &error);
    mns_log (MNS_LOG_INFO, "inbox", "file.imported", "rows=%llu created=%llu exists=%llu refused=%llu error=%s",
             (unsigned long long)report.rows, (unsigned long long)report.created, (unsigned long long)report.exists,
             (unsigned long long)report.refused, mns_error_word (rc));
  }
  mns_import_report_fini (&report);
}

static void look (inbox_t *inbox) {
  DIR *folder = opendir (inbox->folder);
  forget_gone (inbox);
  for (struct dirent *entry = folder ? readdir (folder) : NULL; entry; entry = readdir (folder)) {
    char path[MNS_PATH_MAX * 2];
    struct stat status;
    snprintf (path, sizeof path, "%s/%s", inbox->folder, entry->d_name);
    if (is_csv (entry->d_name) && stat (path, &status) == 0 && S_ISREG (status.st_mode) &&
        at_rest (inbox, entry->d_name, &status))
      take (inbox, entry->d_name, &status);
  }
  if (folder)
    closedir (folder);
}

void mns_inbox_actor (void *pipe_zsock, void *args) {
  zsock_t *pipe = pipe_zsock;
  inbox_t *inbox = mns_alloc (sizeof *inbox);
  inbox->config = args;
  inbox->pipe = pipe;
  mns_dir_join (inbox->folder, inbox->config->data, "inbox", NULL);
  zsock_signal (pipe, 0);
  zstr_send (pipe, "READY");
  zpoller_t *poller = zpoller_new (pipe, NULL);
  while (zpoller_wait (poller, LOOK_MS) != pipe)
    look (inbox);
  zpoller_destroy (&poller);
  mns_bus_destroy (&inbox->bus);
  free (inbox);
}
