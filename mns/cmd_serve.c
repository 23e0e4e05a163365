/* `mns serve`: answers commands by running a program for each request. For scripts and tests.
 *
 *   REQUEST ─► waiting ─► program (stdin: the body as JSON) ─► stdout: the answer as JSON ─► REPLY
 *                                                            └ exit code ≠ 0, too late, no JSON ─► ERR
 *
 * A request is run at least once: after a lost answer its asker sends it again under the same key, which the program
 * finds in MNS_KEY. */
#include "common/clock.h"
#include "common/link.h"
#include "common/pack.h"
#include "common/program.h"
#include "common/text.h"
#include "mns/child.h"
#include "mns/json_body.h"
#include "mns/mns.h"
#include "mns/services.h"
#include <czmq.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  WORKERS_MAX = 64,
  WAITING_MAX = 256,
  COMMANDS_MAX = 16,
  ENVIRONMENT = 6,
  LIMIT_S_MAX = 600,
  ROUND_MS = 500,
  AGAIN_MS = 1000, /* READY once more, when another still has the command */
  BUSY_MS = 200,
  OUTPUT_MAX = 4 * MNS_BODY_MAX
};

static int64_t workers = 1, limit_s = 30;

static const mns_option_t serve_options[] = {
    {"workers", 'w', MNS_OPTION_INT, "N", "programs that may run at the same time (default 1: one after another)",
     &workers},
    {"limit", 0, MNS_OPTION_INT, "SECONDS", "a program that takes longer is killed (default 30)", &limit_s},
    {0, 0, 0, 0, 0, 0}};

typedef struct {
  mns_head_t head; /* of the REQUEST */
  zmq_msg_t body;
  int64_t deadline_ms;
} job_t;

typedef struct {
  job_t job;
  mns_child_t child; /* pid 0: free */
} worker_t;

typedef struct {
  mns_link_t link;
  char *const *words;
  char *const *commands;
  size_t command_count;
  worker_t workers[WORKERS_MAX];
  job_t waiting[WAITING_MAX];
  size_t first, waiting_count;
  mns_head_t head;
  zmq_msg_t body;
  bool ready, told;
  int64_t announce_ms; /* 0: not to be announced */
  uint64_t announced;
  mns_error_t failure;
} server_t;

static int64_t now_ms (void) {
  return mns_clock.monotonic_ms ();
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void answer_error (server_t *server, uint64_t request, const mns_error_t *error) {
  mns_head_t head;
  mns_head_clear (&head);
  head.request = request;
  head.rc = error->rc;
  head.retry_after_ms = mns_error_retry (error->rc) ? BUSY_MS : 0;
  mns_text_copy (head.where, sizeof head.where, error->where);
  mns_text_copy (head.detail, sizeof head.detail, error->detail);
  mns_link_send (&server->link, MNS_ERR, &head, NULL, 0);
}

/* {"error": "not_found", "detail": "…"}: a program that fails may say with which error. */
static bool own_error (const mns_child_t *child, mns_error_t *error) {
  const char *word = "", *where = "", *detail = "";
  json_t *json = json_loadb ((const char *)child->output.data, child->output.size, 0, NULL);
  bool has =
      json && json_unpack (json, "{s:s, s?s, s?s}", "error", &word, "where", &where, "detail", &detail) == 0 && *word;
  if (has)
    mns_fail (error, mns_error_from_word (word), where, "%s", detail);
  json_decref (json);
  return has;
}

static void how_it_ended (const mns_child_t *child, char *text, size_t size) {
  char complaint[200];
  snprintf (complaint, sizeof complaint, "%.*s", (int)child->complaint.size,
            child->complaint.data ? (const char *)child->complaint.data : "");
  complaint[strcspn (complaint, "\n")] = 0;
  mns_text_repair (complaint);
  bool killed = WIFSIGNALED (child->status);
  snprintf (text, size, "the program ended %s %d%s%s", killed ? "by signal" : "with",
            killed ? WTERMSIG (child->status) : WEXITSTATUS (child->status), complaint[0] ? ": " : "", complaint);
}

static mns_rc_t read_answer (const worker_t *worker, mns_buffer_t *body, mns_error_t *error) {
  const mns_child_t *child = &worker->child;
  const mns_command_t *command = mns_service_command (worker->job.head.command);
  json_error_t wrong;
  char ended[300];
  if (child->too_large)
    return mns_fail (error, MNS_TOO_LARGE, worker->job.head.command, "the program's answer is larger than %d bytes",
                     OUTPUT_MAX);
  if (!WIFEXITED (child->status) || WEXITSTATUS (child->status) != 0) {
    if (own_error (child, error))
      return error->rc;
    how_it_ended (child, ended, sizeof ended);
    return mns_fail (error, MNS_INTERNAL, worker->job.head.command, "%s", ended);
  }
  if (strspn (child->output.data ? (const char *)child->output.data : "", " \n\r\t") >= child->output.size)
    return MNS_OK;
  json_t *json = json_loadb ((const char *)child->output.data, child->output.size, 0, &wrong);
  if (!json)
    return mns_fail (error, MNS_INTERNAL, worker->job.head.command, "the program's answer is no JSON: line %d: %s",
                     wrong.line, wrong.text);
  mns_rc_t rc = mns_json_pack (command ? command->reply : NULL, json, body, error);
  json_decref (json);
  return rc != MNS_OK || body->size <= MNS_BODY_MAX
             ? rc
             : mns_fail (error, MNS_TOO_LARGE, worker->job.head.command, "the answer has %zu bytes, %d are allowed",
                         body->size, MNS_BODY_MAX);
}

static void finish (server_t *server, worker_t *worker) {
  mns_buffer_t body = {0};
  mns_error_t error = {0};
  mns_buffer_add (&worker->child.output, "", 1); /* terminated, not counted */
  worker->child.output.size--;
  if (read_answer (worker, &body, &error) == MNS_OK) {
    mns_head_t head;
    mns_head_clear (&head);
    head.request = worker->job.head.request;
    mns_link_send (&server->link, MNS_REPLY, &head, body.data, body.size);
  } else {
    answer_error (server, worker->job.head.request, &error);
    fprintf (stderr, "mns serve: %s: %s\n", worker->job.head.command, error.detail);
  }
  mns_buffer_fini (&body);
}

/* ---- programs ---------------------------------------------------------------------------------------------------- */

static mns_rc_t make_input (const job_t *job, mns_buffer_t *input, mns_error_t *error) {
  const mns_command_t *command = mns_service_command (job->head.command);
  zmq_msg_t *body = (zmq_msg_t *)(uintptr_t)&job->body;
  json_t *list;
  mns_rc_t rc =
      mns_json_unpack (command ? command->request : NULL, zmq_msg_data (body), zmq_msg_size (body), true, &list, error);
  if (rc != MNS_OK)
    return rc;
  const json_t *said = json_array_size (list) == 1 ? json_array_get (list, 0) : list;
  char *text = json_dumps (said, JSON_COMPACT | JSON_ENCODE_ANY);
  mns_buffer_printf (input, "%s\n", text ? text : "");
  free (text);
  json_decref (list);
  return MNS_OK;
}

static mns_rc_t start_program (server_t *server, worker_t *worker, mns_error_t *error) {
  char texts[ENVIRONMENT][96], key[MNS_UUID_TEXT], *environment[ENVIRONMENT + 1] = {0};
  const mns_head_t *head = &worker->job.head;
  mns_buffer_t input = {0};
  mns_uuid_format (&head->key, key);
  snprintf (texts[0], sizeof texts[0], "MNS_COMMAND=%s", head->command);
  snprintf (texts[1], sizeof texts[1], "MNS_KEY=%s", mns_uuid_is_zero (&head->key) ? "" : key);
  snprintf (texts[2], sizeof texts[2], "MNS_CALLER=%s", head->account);
  snprintf (texts[3], sizeof texts[3], "MNS_CALLER_ROLE=%s", head->role);
  snprintf (texts[4], sizeof texts[4], "MNS_CALLER_DIVISION=%012" PRId64, head->division);
  snprintf (texts[5], sizeof texts[5], "MNS_DEADLINE_MS=%" PRId64, worker->job.deadline_ms - now_ms ());
  for (int i = 0; i < ENVIRONMENT; i++)
    environment[i] = texts[i];
  mns_rc_t rc = make_input (&worker->job, &input, error);
  if (rc == MNS_OK)
    rc = mns_child_start (&worker->child, server->words, environment, &input, OUTPUT_MAX, error);
  mns_buffer_fini (&input);
  return rc;
}

static worker_t *free_worker (server_t *server) {
  for (int64_t i = 0; i < workers; i++)
    if (server->workers[i].child.pid == 0)
      return &server->workers[i];
  return NULL;
}

static void move_job (job_t *to, job_t *from) {
  *to = *from;
  zmq_msg_init (&to->body);
  zmq_msg_move (&to->body, &from->body);
  zmq_msg_close (&from->body);
}

static void start_waiting (server_t *server) {
  worker_t *worker;
  while (server->waiting_count > 0 && (worker = free_worker (server))) {
    mns_error_t error = {0};
    move_job (&worker->job, &server->waiting[server->first]);
    server->first = (server->first + 1) % WAITING_MAX;
    server->waiting_count--;
    if (now_ms () < worker->job.deadline_ms && start_program (server, worker, &error) != MNS_OK)
      answer_error (server, worker->job.head.request, &error);
    if (worker->child.pid == 0)
      zmq_msg_close (&worker->job.body);
  }
}

static void end_worker (worker_t *worker) {
  mns_child_fini (&worker->child);
  zmq_msg_close (&worker->job.body);
}

static void step_workers (server_t *server) {
  for (int64_t i = 0; i < workers; i++) {
    worker_t *worker = &server->workers[i];
    if (worker->child.pid == 0)
      continue;
    if (mns_child_step (&worker->child)) {
      finish (server, worker);
      end_worker (worker);
    } else if (now_ms () >= worker->job.deadline_ms) {
      mns_error_t error = {0};
      mns_fail (&error, MNS_TIMEOUT, worker->job.head.command, "the program did not end in time and was killed");
      answer_error (server, worker->job.head.request, &error);
      end_worker (worker);
    }
  }
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static void announce (server_t *server) {
  mns_buffer_t names = {0};
  mns_head_t head;
  mns_head_clear (&head);
  head.request = ++server->announced;
  mns_pack_array (&names, (uint32_t)server->command_count);
  for (size_t i = 0; i < server->command_count; i++)
    mns_pack_text (&names, server->commands[i], strlen (server->commands[i]));
  mns_link_send (&server->link, MNS_READY, &head, names.data, names.size);
  mns_buffer_fini (&names);
  server->announce_ms = 0;
}

static void take_ready_answer (server_t *server, mns_frame_kind_t kind) {
  const mns_head_t *head = &server->head;
  if (head->request != server->announced)
    return;
  if (kind == MNS_REPLY) {
    server->ready = true;
    if (!server->told)
      printf ("ready: answering %s%s\n", server->commands[0], server->command_count > 1 ? " …" : "");
    fflush (stdout);
    server->told = true;
  } else if (mns_error_retry ((mns_rc_t)head->rc)) {
    server->announce_ms = now_ms () + AGAIN_MS;
  } else {
    mns_fail (&server->failure, (mns_rc_t)head->rc, head->where, "%s", head->detail);
  }
}

static void take_request (server_t *server) {
  mns_error_t error = {0};
  if (server->waiting_count == WAITING_MAX) {
    mns_fail (&error, MNS_BUSY, server->head.command, "%d requests wait already", WAITING_MAX);
    answer_error (server, server->head.request, &error);
    return;
  }
  int64_t wait = (int64_t)server->head.deadline_ms, most = limit_s * 1000;
  job_t *job = &server->waiting[(server->first + server->waiting_count++) % WAITING_MAX];
  job->head = server->head;
  job->deadline_ms = now_ms () + (wait > 0 && wait < most ? wait : most);
  zmq_msg_init (&job->body);
  zmq_msg_move (&job->body, &server->body);
}

static void receive (server_t *server) {
  mns_frame_kind_t kind;
  while ((kind = mns_link_receive (&server->link, &server->head, &server->body))) {
    if (kind == MNS_WELCOME)
      announce (server);
    else if (kind == MNS_REQUEST)
      take_request (server);
    else if (kind == MNS_REPLY || kind == MNS_ERR)
      take_ready_answer (server, kind);
    else if (kind == MNS_REFUSE && !mns_error_retry (server->link.error.rc))
      server->failure = server->link.error;
  }
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void wait_for_something (server_t *server, int signals, bool *stop) {
  zmq_pollitem_t items[2 + WORKERS_MAX * MNS_CHILD_ITEMS];
  int64_t wait = mns_link_wait_ms (&server->link), now = now_ms ();
  size_t count = 0;
  items[count++] = (zmq_pollitem_t){NULL, signals, ZMQ_POLLIN, 0};
  if (server->link.socket)
    items[count++] = (zmq_pollitem_t){server->link.socket, 0, mns_link_poll (&server->link), 0};
  for (int64_t i = 0; i < workers; i++) {
    const worker_t *worker = &server->workers[i];
    count += mns_child_poll (&worker->child, items + count);
    if (worker->child.pid && worker->job.deadline_ms - now < wait)
      wait = worker->job.deadline_ms - now;
  }
  zmq_poll (items, (int)count, wait < 0 ? 0 : wait < ROUND_MS ? wait : ROUND_MS);
  *stop = items[0].revents != 0;
}

static void serve (server_t *server, int signals) {
  bool stop = false;
  while (!stop && server->failure.rc == MNS_OK) {
    wait_for_something (server, signals, &stop);
    receive (server);
    mns_link_tick (&server->link);
    if (server->announce_ms > 0 && now_ms () >= server->announce_ms && server->link.state == MNS_LINK_UP)
      announce (server);
    step_workers (server);
    start_waiting (server);
  }
}

static void stop_server (server_t *server) {
  for (int64_t i = 0; i < workers; i++)
    if (server->workers[i].child.pid)
      end_worker (&server->workers[i]);
  for (; server->waiting_count > 0; server->waiting_count--, server->first = (server->first + 1) % WAITING_MAX)
    zmq_msg_close (&server->waiting[server->first].body);
  mns_link_fini (&server->link);
  zmq_msg_close (&server->body);
}

/* ---- the command line -------------------------------------------------------------------------------------------- */

/* COMMAND … and PROGRAM ARGUMENT … around `--`, which the parser of options must not see. */
static char **split (int *argc, char **argv) {
  for (int i = 1; i < *argc; i++)
    if (strcmp (argv[i], "--") == 0) {
      *argc = i;
      argv[i] = NULL;
      return argv + i + 1;
    }
  return NULL;
}

static mns_rc_t check_usage (char *const *words, int argc, char **argv, mns_error_t *error) {
  if (!words || !words[0])
    return mns_fail (error, MNS_USAGE, "PROGRAM", "behind `--` stands the program that answers");
  if (workers < 1 || workers > WORKERS_MAX)
    return mns_fail (error, MNS_USAGE, "--workers", "from 1 to %d programs may run at a time", WORKERS_MAX);
  if (limit_s < 1 || limit_s > LIMIT_S_MAX)
    return mns_fail (error, MNS_USAGE, "--limit", "a program may run from 1 to %d seconds", LIMIT_S_MAX);
  for (int i = 1; i < argc; i++)
    if (!strchr (argv[i], '.') || strlen (argv[i]) > MNS_NAME_MAX)
      return mns_fail (error, MNS_USAGE, "COMMAND", "'%s' is no command like weather.today, of at most %d characters",
                       argv[i], MNS_NAME_MAX);
  return MNS_OK;
}

static int run (char *const *words, int argc, char **argv) {
  mns_config_t config;
  mns_error_t error = {0};
  if (mns_configure (&config, &error) != MNS_OK)
    return mns_complain ("mns serve", &error);
  int signals = mns_program_signals ();
  server_t *server = mns_alloc (sizeof *server);
  server->words = words;
  server->commands = argv + 1;
  server->command_count = (size_t)argc - 1;
  zmq_msg_init (&server->body);
  mns_link_init (&server->link, zsys_init (), &config, "serve");
  mns_text_copy (server->link.hello.account, sizeof server->link.hello.account,
                 mns_globals.account ? mns_globals.account : "");
  serve (server, signals);
  stop_server (server);
  error = server->failure;
  free (server);
  close (signals);
  return error.rc == MNS_OK ? 0 : mns_complain ("mns serve", &error);
}

int mns_cmd_serve (int argc, char **argv) {
  const mns_option_t *options[] = {serve_options, mns_common_options, NULL};
  mns_cli_t cli = {
      .usage = "mns serve COMMAND … [options] -- PROGRAM [ARGUMENT …]",
      .summary = "Answers a command by running PROGRAM for each request, until Ctrl-C. The program reads\n"
                 "the body as JSON and prints the answer as JSON (an object, a list of them, or nothing).",
      .epilogue = "No shell is in between. The program finds MNS_COMMAND, MNS_KEY, MNS_CALLER, MNS_CALLER_ROLE,\n"
                  "MNS_CALLER_DIVISION and MNS_DEADLINE_MS in its environment. Exit code 0: the answer is what it\n"
                  "printed; another: an error, with the first line of its complaints, or the error it printed as\n"
                  "{\"error\": \"not_found\", \"detail\": \"…\"} (`mns errors` lists the words). A command may come\n"
                  "twice, under the same key. The account needs the role service (mns account add weather --role\n"
                  "service); its commands begin with its name.\n"
                  "Example: mns serve weather.today --account weather -- ./weather.py",
      .options = options,
      .positional_min = 1,
      .positional_max = COMMANDS_MAX};
  mns_error_t error = {0};
  char **words = split (&argc, argv);
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  if (check_usage (words, argc, argv, &error) != MNS_OK)
    return mns_complain ("mns serve", &error);
  return run (words, argc, argv);
}
