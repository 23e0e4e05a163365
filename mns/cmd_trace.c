/* `mns trace`: an event, what caused it, what it caused, with times and who. */
#include "common/records/bus_records.h"
#include "common/text.h"
#include "mns/mns.h"
#include "mns/show_event.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool by_entity;

static const mns_option_t trace_options[] = {
    {"entity", 'e', MNS_OPTION_FLAG, NULL, "the argument is an entity, person/1042: its events", &by_entity},
    {0, 0, 0, 0, 0, 0}};

typedef struct {
  mns_event_t event;
  char id[96];
  bool shown;
} node_t;

typedef struct {
  node_t *nodes;
  size_t count;
  const char *asked;
} tree_t;

static mns_rc_t read_tree (tree_t *tree, const mns_buffer_t *body, mns_error_t *error) {
  mns_rc_t rc = MNS_OK;
  for (size_t at = 0, used; rc == MNS_OK && at < body->size; at += used) {
    tree->nodes = mns_realloc (tree->nodes, (tree->count + 1) * sizeof *tree->nodes);
    node_t *node = &tree->nodes[tree->count];
    memset (node, 0, sizeof *node);
    rc = mns_event_unpack (&node->event, body->data + at, body->size - at, &used, error);
    if (rc == MNS_OK)
      tree->count++;
    snprintf (node->id, sizeof node->id, "%s-%" PRIu64 "-%" PRIu64, node->event.producer, node->event.producer_epoch,
              node->event.number);
  }
  return rc;
}

static void print_node (const tree_t *tree, const node_t *node, int depth) {
  char time[MNS_TIME_TEXT];
  const mns_event_t *event = &node->event;
  mns_time_format (event->recorded, time);
  printf ("%*s%s%s  %s  %.*s  number %" PRIu64 "  by %s\n", 2 * depth, "", depth > 0 ? "└ " : "", node->id, time,
          (int)event->topic_size, event->topic, event->log_number,
          event->account[0] ? event->account : event->producer);
  if (strcmp (node->id, tree->asked) == 0)
    printf ("%*s  ^ this one\n", 2 * depth, "");
}

/* A cause stands before its effects in the log, so there is no circle. */
static void print_with_effects (tree_t *tree, size_t at, int depth) {
  tree->nodes[at].shown = true;
  print_node (tree, &tree->nodes[at], depth);
  for (size_t i = at + 1; i < tree->count; i++)
    if (!tree->nodes[i].shown && strcmp (tree->nodes[i].event.cause, tree->nodes[at].id) == 0)
      print_with_effects (tree, i, depth + 1);
}

static void print_tree (tree_t *tree) {
  for (size_t i = 0; i < tree->count; i++)
    if (mns_globals.json)
      mns_show_event (&tree->nodes[i].event, true, mns_globals.reveal, stdout);
    else if (!tree->nodes[i].shown)
      print_with_effects (tree, i, 0);
}

static mns_rc_t trace (mns_bus_t *bus, const char *asked, mns_error_t *error) {
  mns_buffer_t body = {0}, reply = {0};
  mns_uuid_t none = {{0}};
  mns_bus_trace_t request;
  mns_head_t head;
  tree_t tree = {.asked = asked};
  mns_record_clear (&mns_bus_trace_type, &request);
  mns_text_copy (by_entity ? request.entity : request.event, by_entity ? sizeof request.entity : sizeof request.event,
                 asked);
  mns_record_pack (&mns_bus_trace_type, &request, &body);
  mns_rc_t rc = mns_bus_request (bus, "bus.trace", &none, body.data, body.size, (int)mns_globals.timeout_s * 1000,
                                 &reply, &head, error);
  if (rc == MNS_OK)
    rc = read_tree (&tree, &reply, error);
  if (rc == MNS_OK)
    print_tree (&tree);
  if (rc == MNS_OK && head.gone > 0)
    fprintf (stderr, "%" PRIu64 " more are no longer kept in the log\n", head.gone);
  free (tree.nodes);
  mns_buffer_fini (&body);
  mns_buffer_fini (&reply);
  return rc;
}

int mns_cmd_trace (int argc, char **argv) {
  const mns_option_t *options[] = {trace_options, mns_common_options, NULL};
  mns_cli_t cli = {.usage = "mns trace EVENT-ID | --entity ENTITY [options]",
                   .summary = "Shows an event, what caused it, what it caused, and what else its request did.",
                   .epilogue =
                       "An event id is PRODUCER-EPOCH-NUMBER, as mns sub --json and mns log show --json print it.\n"
                       "Example: mns trace registry-1-1042",
                   .options = options,
                   .positional_min = 1,
                   .positional_max = 1};
  int done = mns_parse (&cli, &argc, argv);
  if (done >= 0)
    return done;
  mns_error_t error = {0};
  mns_config_t config;
  mns_bus_t *bus = mns_connect (&config);
  if (!bus)
    return 1;
  mns_rc_t rc = trace (bus, argv[1], &error);
  mns_bus_destroy (&bus);
  return rc == MNS_OK ? 0 : mns_complain ("mns trace", &error);
}
