/* A broker among enemies: each attack in turn, between quiet times; good peers keep at least half their rate, the
 * broker's memory stays within its bound, and it lives. docs/faults.md row 37.
 *
 *   hostile [--seconds N] [--connections N] [--memory MIB] [--least PERCENT] [--bin DIR] [ATTACK…]
 *
 * --least 50: what is to be kept of the quiet rate, by the median of the rounds. Beside other work of the machine less
 * can be asked; that everybody is served during and after each attack always is.
 *
 * The broker is a process of its own on loopback; attackers run at nice 19, as theirs would be other machines. Prints a
 * line for each attack. Exit code: 0 all held, 1 not, 2 wrong usage. */
#include "common/accounts.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/text.h"
#include "tests/fault/hostile/attacks.h"
#include "tests/fault/hostile/good.h"
#include "tests/support/folder.h"
#include <czmq.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { ATTACKS_MAX = 32, ROUNDS_MAX = 64, WAIT_MS = 20000, QUIET_SHARE = 3, OWN_FILES = 200 };

typedef struct {
  const attack_t *attack;
  double kept[3][ROUNDS_MAX]; /* share of the quiet rate: acknowledged, delivered, answered */
  size_t rounds;
  long most_kib;
} outcome_t;

typedef struct {
  char folder[MNS_PATH_MAX], program[MNS_PATH_MAX];
  mns_config_t client;
  attack_target_t target;
  pid_t broker;
  good_t good;
  int64_t seconds;
  long memory_kib, least_percent;
  outcome_t outcomes[ATTACKS_MAX];
  size_t count;
} hostile_t;

static void require (bool holds, const char *what) {
  if (holds)
    return;
  fprintf (stderr, "hostile: %s\n", what);
  exit (1);
}

/* ---- the broker -------------------------------------------------------------------------------------------------- */

static void add_account (mns_accounts_t *accounts, const char *name, const mns_keys_t *keys) {
  mns_account_t account;
  mns_record_clear (&mns_account_type, &account);
  strcpy (account.name, name);
  strcpy (account.key, keys->public_key);
  account.role = MNS_SERVICE;
  require (mns_accounts_add (accounts, &account, NULL) == MNS_OK, "no account");
}

static int free_port (void) {
  char endpoint[128];
  size_t size = sizeof endpoint;
  void *socket = zmq_socket (zsys_init (), ZMQ_REP);
  require (zmq_bind (socket, "tcp://127.0.0.1:*") == 0, "no port");
  zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
  zmq_unbind (socket, endpoint);
  zmq_close (socket);
  return atoi (strrchr (endpoint, ':') + 1);
}

static void make_folder (hostile_t *self) {
  char path[MNS_PATH_MAX + 32];
  mns_keys_t broker_keys, keys;
  mns_accounts_t accounts;
  require (test_folder_make (self->folder) == 0, "no folder");
  snprintf (path, sizeof path, "%s/keys", self->folder);
  require (mns_dir_make (path, 0700, NULL) == MNS_OK, "no folder");
  snprintf (path, sizeof path, "%s/keys/broker.key", self->folder);
  mns_keys_make (&broker_keys, NULL);
  mns_keys_make (&keys, NULL);
  mns_keys_make (&self->target.keys, NULL);
  require (mns_keys_save (&broker_keys, path, NULL) == MNS_OK, "no key");
  mns_record_clear (&mns_config_type, &self->client);
  mns_text_copy (self->client.data, sizeof self->client.data, self->folder);
  mns_config_defaults (&self->client);
  self->target.port = free_port ();
  strcpy (self->target.broker_key, broker_keys.public_key);
  strcpy (self->client.broker_key, broker_keys.public_key);
  snprintf (self->client.bus, sizeof self->client.bus, "tcp://127.0.0.1:%d", self->target.port);
  snprintf (path, sizeof path, "%s/keys/good.key", self->folder);
  require (mns_text_copy (self->client.key_file, sizeof self->client.key_file, path), "too long a folder");
  require (mns_keys_save (&keys, self->client.key_file, NULL) == MNS_OK, "no key");
  require (mns_accounts_open (&accounts, self->folder, NULL) == MNS_OK, "no accounts");
  add_account (&accounts, "good", &keys);
  add_account (&accounts, "mallory", &self->target.keys);
  mns_accounts_fini (&accounts);
}

static void start_broker (hostile_t *self) {
  char log[MNS_PATH_MAX + 16];
  snprintf (log, sizeof log, "%s/log.txt", self->folder);
  self->broker = fork ();
  if (self->broker == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    setenv ("MNS_BUS_LISTEN", self->client.bus, 1);
    setenv ("MNS_FEED_LISTEN", "off", 1);
    require (freopen (log, "w", stderr) != NULL, log);
    execl (self->program, self->program, "--data", self->folder, (char *)NULL);
    _exit (127);
  }
}

static void tell_log (const hostile_t *self) {
  char line[512], log[MNS_PATH_MAX + 16];
  snprintf (log, sizeof log, "%s/log.txt", self->folder);
  FILE *file = fopen (log, "r");
  for (int i = 0; file != NULL && i < 200 && fgets (line, sizeof line, file) != NULL; i++)
    fputs (line, stderr);
}

static bool broker_alive (const hostile_t *self) {
  return waitpid (self->broker, NULL, WNOHANG) == 0;
}

/* A line of /proc/PID/status in KiB. */
static long broker_kib (const hostile_t *self, const char *what) {
  char path[64], line[256];
  long kib = 0;
  snprintf (path, sizeof path, "/proc/%d/status", (int)self->broker);
  FILE *file = fopen (path, "r");
  while (file != NULL && kib == 0 && fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, what, strlen (what)) == 0)
      kib = atol (line + strlen (what) + 1);
  if (file != NULL)
    fclose (file);
  return kib;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

static pid_t start_attack (const hostile_t *self, const attack_t *attack) {
  pid_t child = fork ();
  if (child != 0)
    return child;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setpriority (PRIO_PROCESS, 0, 19);
  for (int file = 3; file < 64; file++) /* sockets of the parent */
    close (file);
  attack->run (&self->target);
  _exit (1);
}

/* What the good peers get done in `ms`, per second. */
static void work (hostile_t *self, int64_t ms, double rates[3], long *most_kib) {
  good_counts_t *counts = &self->good.counts;
  memset (counts, 0, sizeof *counts);
  int64_t begin = mns_clock.monotonic_ms ();
  for (int64_t now = begin; now < begin + ms; now = mns_clock.monotonic_ms ()) {
    good_work (&self->good, now + 100 < begin + ms ? now + 100 : begin + ms);
    long kib = broker_kib (self, "VmRSS:");
    if (most_kib != NULL && kib > *most_kib)
      *most_kib = kib;
  }
  const double seconds = (double)(mns_clock.monotonic_ms () - begin) / 1000;
  rates[0] = (double)counts->acked / seconds;
  rates[1] = (double)counts->delivered / seconds;
  rates[2] = (double)counts->answered / seconds;
}

/* Until the good peers work again. */
static void await_good (hostile_t *self, const char *what) {
  double rates[3] = {0};
  int64_t until = mns_clock.monotonic_ms () + WAIT_MS;
  while (rates[0] <= 0 || rates[1] <= 0 || rates[2] <= 0) {
    if (!broker_alive (self) || mns_clock.monotonic_ms () > until) {
      tell_log (self);
      require (false, what);
    }
    work (self, 200, rates, NULL);
  }
}

static void run_attack (hostile_t *self, outcome_t *outcome, int64_t ms) {
  double quiet[3], attacked[3];
  await_good (self, "the good peers are not served before an attack");
  work (self, ms / QUIET_SHARE, quiet, NULL);
  pid_t attacker = start_attack (self, outcome->attack);
  work (self, ms, attacked, &outcome->most_kib);
  kill (attacker, SIGKILL);
  waitpid (attacker, NULL, 0);
  for (int i = 0; i < 3; i++)
    outcome->kept[i][outcome->rounds] = quiet[i] > 0 ? attacked[i] / quiet[i] : 0;
  outcome->rounds++;
  await_good (self, "the good peers are not served after an attack, or the broker is gone");
}

static int compare (const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median (double *values, size_t count) {
  qsort (values, count, sizeof *values, compare);
  return values[count / 2];
}

static bool tell (hostile_t *self) {
  bool held = true;
  printf ("%-26s %10s %10s %10s %9s\n", "attack", "acked", "delivered", "answered", "RSS MiB");
  for (size_t i = 0; i < self->count; i++) {
    outcome_t *outcome = &self->outcomes[i];
    double kept[3], least = 1;
    for (int k = 0; k < 3; k++) {
      kept[k] = median (outcome->kept[k], outcome->rounds);
      least = kept[k] < least ? kept[k] : least;
    }
    bool good = 100 * least >= (double)self->least_percent && outcome->most_kib <= self->memory_kib;
    printf ("%-26s %9.0f%% %9.0f%% %9.0f%% %9ld  %s\n", outcome->attack->name, 100 * kept[0], 100 * kept[1],
            100 * kept[2], outcome->most_kib / 1024, good ? "held" : "NOT HELD");
    held = held && good;
  }
  printf ("RSS at the end %ld MiB; at most %ld were allowed\n", broker_kib (self, "VmRSS:") / 1024,
          self->memory_kib / 1024);
  return held;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

static void choose (hostile_t *self, const attack_t *attacks, char **names, int count) {
  for (; attacks->name != NULL; attacks++) {
    bool chosen = count == 0;
    for (int i = 0; i < count; i++)
      chosen = chosen || strcmp (names[i], attacks->name) == 0;
    if (chosen)
      self->outcomes[self->count++].attack = attacks;
  }
}

/* Room for the connections of both sides, where the machine allows it. */
static void raise_limit (hostile_t *self) {
  struct rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  if (self->target.connections + OWN_FILES > limit.rlim_cur) {
    self->target.connections = limit.rlim_cur - OWN_FILES;
    fprintf (stderr, "hostile: this machine allows %zu connections (ulimit -Hn)\n", self->target.connections);
  }
}

static int parse (hostile_t *self, int argc, char **argv) {
  int at = 1;
  const char *bin = ".";
  for (; at + 1 < argc && strncmp (argv[at], "--", 2) == 0; at += 2) {
    int64_t number = 0;
    bool numeric = mns_text_parse_int (argv[at + 1], &number) && number >= 0;
    if (strcmp (argv[at], "--bin") == 0)
      bin = argv[at + 1];
    else if (numeric && strcmp (argv[at], "--seconds") == 0)
      self->seconds = number;
    else if (numeric && strcmp (argv[at], "--connections") == 0)
      self->target.connections = (size_t)number;
    else if (numeric && strcmp (argv[at], "--least") == 0)
      self->least_percent = (long)number;
    else if (numeric && strcmp (argv[at], "--memory") == 0)
      self->memory_kib = (long)number * 1024;
    else
      return 2;
  }
  snprintf (self->program, sizeof self->program, "%s/mns-broker", bin);
  choose (self, attacks_keyless, argv + at, argc - at);
  choose (self, attacks_keyed, argv + at, argc - at);
  return self->count > 0 ? 0 : 2;
}

int main (int argc, char **argv) {
  static hostile_t self = {.seconds = 16, .memory_kib = 512 * 1024, .least_percent = 50};
  self.target.connections = 500;
  zsys_handler_set (NULL);
  signal (SIGPIPE, SIG_IGN);
  if (parse (&self, argc, argv) != 0) {
    fprintf (stderr, "usage: hostile [--seconds N] [--connections N] [--memory MIB] [--least PERCENT] [--bin DIR]"
                     " [ATTACK…]\n");
    return 2;
  }
  raise_limit (&self);
  make_folder (&self);
  start_broker (&self);
  good_init (&self.good, &self.client);
  int64_t slot = self.seconds * 1000 / (int64_t)self.count, ms = slot > 8000 ? 6000 : slot * QUIET_SHARE / 4;
  int64_t until = mns_clock.monotonic_ms () + self.seconds * 1000;
  do
    for (size_t i = 0; i < self.count; i++)
      run_attack (&self, &self.outcomes[i], ms);
  while (mns_clock.monotonic_ms () < until && self.outcomes[0].rounds < ROUNDS_MAX);
  bool held = tell (&self);
  good_fini (&self.good);
  kill (self.broker, SIGTERM);
  waitpid (self.broker, NULL, 0);
  test_folder_remove (self.folder);
  return held ? 0 : 1;
}
