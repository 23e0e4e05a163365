/* Who takes part in a soak. */
#include "tests/fault/soak/cast.h"
#include "common/accounts.h"
#include "common/clock.h"
#include "common/keys.h"
#include "common/text.h"
#include "tests/support/folder.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT_FIRST = 20000, PORTS = 10000 }; /* below those that the kernel gives out while the broker is down */

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

static void need (bool done, const char *what) {
  if (done)
    return;
  fprintf (stderr, "soak: %s failed\n", what);
  exit (2);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int free_port (void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  for (int port = PORT_FIRST + (int)getpid () % PORTS;; port++) {
    int file = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_port = htons ((uint16_t)port);
    bool mine = bind (file, (struct sockaddr *)&address, sizeof address) == 0;
    close (file);
    if (mine)
      return port;
  }
}

static void write_key (soak_cast_t *cast, const char *name, mns_keys_t *keys) {
  char path[MNS_PATH_MAX + 64];
  snprintf (path, sizeof path, "%s/keys/%s.key", cast->folder, name);
  need (mns_keys_make (keys, NULL) == MNS_OK && mns_keys_save (keys, path, NULL) == MNS_OK, "making keys");
}

static void add_account (soak_cast_t *cast, mns_accounts_t *accounts, const char *name, mns_code_t role, bool keyed) {
  mns_account_t account;
  mns_keys_t keys;
  mns_record_clear (&mns_account_type, &account);
  mns_text_copy (account.name, sizeof account.name, name);
  account.role = role;
  if (keyed) {
    write_key (cast, name, &keys);
    mns_text_copy (account.key, sizeof account.key, keys.public_key);
  }
  need (mns_accounts_add (accounts, &account, NULL) == MNS_OK, "writing accounts");
}

static void write_files (soak_cast_t *cast, char broker_key[MNS_KEY_TEXT], char endpoint[64]) {
  char path[MNS_PATH_MAX], text[256];
  mns_accounts_t accounts;
  mns_keys_t broker;
  snprintf (endpoint, 64, "tcp://127.0.0.1:%d", free_port ());
  need (mns_dir_join (path, cast->folder, "keys", NULL) == MNS_OK && mns_dir_make (path, 0700, NULL) == MNS_OK,
        "making a folder");
  write_key (cast, "broker", &broker);
  memcpy (broker_key, broker.public_key, MNS_KEY_TEXT);
  need (mns_accounts_open (&accounts, cast->folder, NULL) == MNS_OK, "opening accounts");
  add_account (cast, &accounts, "toy", MNS_SERVICE, false);
  add_account (cast, &accounts, "tally", MNS_SERVICE, false);
  add_account (cast, &accounts, "echo", MNS_SERVICE, true);
  add_account (cast, &accounts, "asker-2", MNS_OPERATOR, true);
  add_account (cast, &accounts, "reader", MNS_OPERATOR, true);
  mns_accounts_fini (&accounts);
  int size = snprintf (text, sizeof text, "bus_listen: '%s'\nfeed_listen: 'off'\n", endpoint);
  need (mns_dir_join (path, cast->folder, "mns.yaml", NULL) == MNS_OK &&
            mns_dir_write_file (path, text, (size_t)size, 0600, NULL) == MNS_OK,
        "writing mns.yaml");
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static const struct {
  const char *kind, *argument;
  int line; /* −1: straight to the broker */
} roles[SOAK_PARTS] = {{"broker", NULL, -1},
                       {"toy", NULL, SOAK_LINE_TOY},
                       {"tally", NULL, SOAK_LINE_TALLY},
                       {"echo", NULL, SOAK_LINE_ECHO},
                       {"asker", "1", -1},
                       {"asker", "2", SOAK_LINE_ASKER},
                       {"reader", NULL, SOAK_LINE_READER}};

static void open_line (soak_cast_t *cast, int line, const char *endpoint) {
  char from[MNS_PATH_MAX + 32], to[MNS_PATH_MAX + 32];
  bool local = line <= SOAK_LINE_TALLY;
  snprintf (from, sizeof from, "ipc://%s/line-%d", cast->folder, line);
  snprintf (to, sizeof to, "ipc://%s/run/bus", cast->folder);
  cast->lines[line] = proxy_new (local ? from : "tcp://127.0.0.1:0", local ? to : endpoint);
  need (cast->lines[line] != NULL, "opening a line");
}

static void describe (soak_cast_t *cast, int who, const char *broker_key) {
  soak_member_t *member = &cast->members[who];
  char key_file[MNS_PATH_MAX + 32];
  int line = roles[who].line;
  member->part.kind = roles[who].kind;
  member->part.argument = roles[who].argument;
  if (line < 0)
    return;
  snprintf (member->environment[0], sizeof member->environment[0], "MNS_BUS=%s", proxy_endpoint (cast->lines[line]));
  snprintf (member->environment[1], sizeof member->environment[1], "MNS_BROKER_KEY=%s", broker_key);
  snprintf (key_file, sizeof key_file, "%s/keys/%s.key", cast->folder, soak_part_names[who]);
  snprintf (member->environment[2], sizeof member->environment[2], "MNS_KEY_FILE=%s", key_file);
  for (int i = 0; i < (line <= SOAK_LINE_TALLY ? 1 : 3); i++)
    member->part.environment[i] = member->environment[i];
}

void soak_cast_begin (soak_cast_t *cast) {
  char broker_key[MNS_KEY_TEXT], endpoint[64];
  memset (cast, 0, sizeof *cast);
  need (test_folder_make (cast->folder) == 0, "making a folder");
  write_files (cast, broker_key, endpoint);
  need (mns_config_load (&cast->config, cast->folder, false, NULL, NULL) == MNS_OK, "reading mns.yaml");
  for (int line = 0; line < SOAK_LINES; line++)
    open_line (cast, line, endpoint);
  for (int who = 0; who < SOAK_PARTS; who++) {
    describe (cast, who, broker_key);
    part_start (&cast->members[who].part, cast->folder);
  }
}

/* ---- faults ------------------------------------------------------------------------------------------------------ */

/* A process that is started again has none of its faults. */
static void forget (soak_member_t *member) {
  member->go_ms = member->free_ms = 0;
  member->dies = false;
}

static void kill_member (soak_member_t *member, int lasts_ms) {
  part_stop (&member->part, SIGKILL);
  forget (member);
  member->start_ms = now_ms () + lasts_ms;
}

static void cut_power (soak_cast_t *cast, soak_member_t *member, int lasts_ms) {
  if (member->part.pid == 0)
    return;
  cast->counts.powers++;
  part_signal (&member->part, PART_POWER_OFF);
  part_signal (&member->part, SIGCONT);
  member->dies = true;
  member->go_ms = 0;
  member->start_ms = now_ms () + lasts_ms + 1000; /* by then it has ended, or is killed */
}

static void stop_member (soak_cast_t *cast, soak_member_t *member, int lasts_ms) {
  cast->counts.stops++;
  part_signal (&member->part, SIGSTOP);
  member->go_ms = now_ms () + lasts_ms;
}

static void fill_disk (soak_cast_t *cast, soak_member_t *member, int lasts_ms) {
  cast->counts.fulls++;
  part_signal (&member->part, PART_DISK_FULL);
  member->free_ms = now_ms () + lasts_ms;
}

static void strike_line (soak_cast_t *cast, const soak_fault_t *fault) {
  proxy_t *line = cast->lines[fault->target];
  if (fault->kind == SOAK_RESET) {
    cast->counts.resets++;
    proxy_reset (line);
  } else if (fault->kind == SOAK_NET) {
    cast->counts.nets++;
    proxy_set (line, fault->mode, fault->value);
    cast->pass_ms[fault->target] = now_ms () + fault->lasts_ms;
  } else {
    proxy_lose (line, fault->way, fault->message, (uint64_t)fault->value, UINT64_MAX);
    cast->keep_ms[fault->target] = now_ms () + fault->lasts_ms;
  }
}

void soak_cast_strike (soak_cast_t *cast, const soak_fault_t *fault) {
  soak_member_t *member = &cast->members[fault->target];
  switch (fault->kind) {
  case SOAK_KILL:
    cast->counts.kills += member->part.pid > 0;
    kill_member (member, fault->lasts_ms);
    break;
  case SOAK_POWER:
    cut_power (cast, member, fault->lasts_ms);
    break;
  case SOAK_STOP:
    stop_member (cast, member, fault->lasts_ms);
    break;
  case SOAK_FULL:
    fill_disk (cast, member, fault->lasts_ms);
    break;
  case SOAK_NET:
  case SOAK_RESET:
  case SOAK_LOSE:
    strike_line (cast, fault);
    break;
  }
}

/* ---- time passes ------------------------------------------------------------------------------------------------- */

static bool due (int64_t *at_ms, int64_t now) {
  if (*at_ms == 0 || now < *at_ms)
    return false;
  *at_ms = 0;
  return true;
}

/* Whoever ends without having been told to is looked at: a disk that was full may keep it from starting. */
static void notice_end (soak_cast_t *cast, int who, int64_t now) {
  soak_member_t *member = &cast->members[who];
  int status;
  if (!part_has_ended (&member->part, &status))
    return;
  if (!member->dies) {
    cast->counts.ended++;
    fprintf (stderr, "soak: %s ended by itself, status %x\n", soak_part_names[who], (unsigned)status);
  }
  forget (member);
  if (member->start_ms == 0)
    member->start_ms = now + 200;
}

static void tend_member (soak_cast_t *cast, int who, int64_t now) {
  soak_member_t *member = &cast->members[who];
  notice_end (cast, who, now);
  if (due (&member->go_ms, now))
    part_signal (&member->part, SIGCONT);
  if (due (&member->free_ms, now))
    part_signal (&member->part, PART_DISK_FREE);
  if (!due (&member->start_ms, now))
    return;
  part_stop (&member->part, SIGKILL);
  forget (member);
  part_start (&member->part, cast->folder);
}

void soak_cast_tend (soak_cast_t *cast) {
  int64_t now = now_ms ();
  for (int who = 0; who < SOAK_PARTS; who++)
    tend_member (cast, who, now);
  for (int line = 0; line < SOAK_LINES; line++) {
    if (due (&cast->pass_ms[line], now))
      proxy_set (cast->lines[line], PROXY_PASS, 0);
    if (due (&cast->keep_ms[line], now))
      proxy_lose (cast->lines[line], PROXY_UP, MNS_HELLO, 0, 0),
          proxy_lose (cast->lines[line], PROXY_DOWN, MNS_HELLO, 0, 0);
  }
}

void soak_cast_heal (soak_cast_t *cast) {
  for (int who = 0; who < SOAK_PARTS; who++) {
    soak_member_t *member = &cast->members[who];
    member->go_ms = member->go_ms ? 1 : 0;
    member->free_ms = member->free_ms ? 1 : 0;
    member->start_ms = member->start_ms ? 1 : 0;
  }
  for (int line = 0; line < SOAK_LINES; line++)
    cast->pass_ms[line] = cast->keep_ms[line] = 1;
  soak_cast_tend (cast);
}

void soak_cast_end (soak_cast_t *cast) {
  for (int line = 0; line < SOAK_LINES; line++)
    cast->counts.losses += proxy_lost (cast->lines[line]);
  for (int who = SOAK_PARTS; who-- > 0;)
    part_stop (&cast->members[who].part, SIGKILL);
  for (int line = 0; line < SOAK_LINES; line++)
    proxy_destroy (&cast->lines[line]);
}
