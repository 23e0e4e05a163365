/* What an account may (docs/protocol.md §3). */
#include "services/broker/rights.h"
#include "common/records/streams.h"
#include "common/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the defaults of the roles ----------------------------------------------------------------------------------- */

#define EVERYONE  MNS_ROLES_ALL
#define SERVICE   MNS_ROLE_BIT (MNS_SERVICE)
#define OPERATORS (MNS_ROLE_BIT (MNS_OPERATOR) | MNS_ROLE_BIT (MNS_ADMINISTRATOR))
#define OWNERS    (SERVICE | MNS_ROLE_BIT (MNS_ADMINISTRATOR))
#define OWN_NAME  "@." /* the account's name and a dot */

typedef struct {
  uint32_t roles;
  mns_code_t verb;
  const char *prefix;
  bool everywhere; /* whatever the account's division is */
} default_t;

/* clang-format off */
static const default_t defaults[] = {
    {SERVICE | OPERATORS, MNS_MAY_SUBSCRIBE, "",            true},
    {OPERATORS,           MNS_MAY_SUBSCRIBE, "audit.",      true},
    {EVERYONE,            MNS_MAY_SUBSCRIBE, "statistics.", false},
    {EVERYONE,            MNS_MAY_SUBSCRIBE, "open.",       true},
    {EVERYONE,            MNS_MAY_SUBSCRIBE, "places.",     true},
    {EVERYONE,            MNS_MAY_SUBSCRIBE, "catalogue.",  true},
    {EVERYONE,            MNS_MAY_SUBSCRIBE, "system.",     true},
    {OWNERS,              MNS_MAY_PUBLISH,   OWN_NAME,      true},
    {SERVICE,             MNS_MAY_PUBLISH,   "open.",       true},
    {SERVICE,             MNS_MAY_PUBLISH,   "places.",     true},
    {SERVICE,             MNS_MAY_PUBLISH,   "catalogue.",  true},
    {SERVICE,             MNS_MAY_PUBLISH,   "exchange.",   true},
    {SERVICE,             MNS_MAY_PUBLISH,   "system.",     true},
    {SERVICE,             MNS_MAY_PUBLISH,   "audit.reading.", true},
    {EVERYONE,            MNS_MAY_REQUEST,   "",            false},
    {OPERATORS,           MNS_MAY_REQUEST,   "bus.",        true},
    {SERVICE,             MNS_MAY_REQUEST,   "bus.status",  true},
    {OWNERS,              MNS_MAY_SERVE,     OWN_NAME,      true},
    {SERVICE | OPERATORS, MNS_MAY_SNAPSHOT,  "",            true},
    {OPERATORS,           MNS_MAY_SNAPSHOT,  "audit.",      true},
    {EVERYONE,            MNS_MAY_SNAPSHOT,  "statistics.", false},
    {EVERYONE,            MNS_MAY_SNAPSHOT,  "open.",       true},
    {EVERYONE,            MNS_MAY_SNAPSHOT,  "places.",     true},
    {EVERYONE,            MNS_MAY_SNAPSHOT,  "catalogue.",  true},
    {OPERATORS,           MNS_MAY_ADMIN,     "bus.",        true},
};
/* clang-format on */

/* ---- compiling --------------------------------------------------------------------------------------------------- */

static void put (broker_rights_t *rights, mns_code_t verb, const char *prefix, mns_place_t division,
                 mns_place_t county) {
  static const size_t widths[MNS_LEVELS] = {0, 2, 4, 6, 9, 12};
  broker_right_t *right = &rights->list[rights->count++];
  right->verb = verb;
  right->size = strlen (prefix);
  mns_text_copy (right->prefix, sizeof right->prefix, prefix);
  right->division = division;
  right->digits = mns_place_covers (division, county) ? 0 : widths[mns_place_level (division)];
  mns_place_format (division, right->within);
}

static void put_default (broker_rights_t *rights, const default_t *row, const char *name, mns_place_t division,
                         mns_place_t county) {
  char prefix[MNS_TOPIC_MAX + 1];
  if (strcmp (row->prefix, OWN_NAME) == 0)
    snprintf (prefix, sizeof prefix, "%s.", name);
  else
    mns_text_copy (prefix, sizeof prefix, row->prefix);
  put (rights, row->verb, prefix, row->everywhere ? 0 : division, county);
}

void broker_rights_init (broker_rights_t *rights, const char *name, mns_code_t role, mns_place_t division,
                         const mns_account_t *row, mns_place_t county) {
  size_t most = sizeof defaults / sizeof *defaults, own = row != NULL ? row->rights_count : 0;
  rights->count = 0;
  rights->list = mns_alloc ((own > 0 ? own : most) * sizeof *rights->list);
  for (size_t i = 0; i < own; i++) {
    const mns_account_right_t *right = &row->rights[i];
    put (rights, right->verb, right->prefix, right->division != 0 ? right->division : division, county);
  }
  for (size_t i = 0; own == 0 && i < most; i++)
    if (defaults[i].roles & MNS_ROLE_BIT (role))
      put_default (rights, &defaults[i], name, division, county);
}

void broker_rights_fini (broker_rights_t *rights) {
  free (rights->list);
  memset (rights, 0, sizeof *rights);
}

/* ---- topics ------------------------------------------------------------------------------------------------------ */

static bool begins (const broker_right_t *right, const char *text, size_t size) {
  return size >= right->size && memcmp (text, right->prefix, right->size) == 0;
}

/* Does the topic, or the beginning of topics, name a division, and one inside the right's? What anyone may hear on the
 * feed has no borders. */
static bool within (const broker_right_t *right, const char *topic, size_t size) {
  if (right->digits == 0)
    return true;
  const mns_stream_t *stream = memchr (topic, '.', size) ? mns_stream_find (topic, size) : NULL;
  if (stream != NULL && stream->on_feed)
    return true;
  const char *end = topic + size, *dot = memchr (topic, '.', size);
  dot = dot != NULL ? memchr (dot + 1, '.', (size_t)(end - dot - 1)) : NULL;
  return dot != NULL && (size_t)(end - dot - 1) >= right->digits && memcmp (dot + 1, right->within, right->digits) == 0;
}

bool broker_rights_publish (const broker_rights_t *rights, const char *topic, size_t size) {
  for (size_t i = 0; i < rights->count; i++) {
    const broker_right_t *right = &rights->list[i];
    if (right->verb == MNS_MAY_PUBLISH && begins (right, topic, size) && within (right, topic, size))
      return true;
  }
  return false;
}

bool broker_rights_publisher (const broker_rights_t *rights) {
  for (size_t i = 0; i < rights->count; i++)
    if (rights->list[i].verb == MNS_MAY_PUBLISH)
      return true;
  return false;
}

bool broker_rights_audit (const char *topic, size_t size) {
  return size >= 5 && memcmp (topic, "audit", 5) == 0 && (size == 5 || topic[5] == '.');
}

static bool reads (const broker_rights_t *rights, mns_code_t verb, const char *prefix) {
  size_t size = strlen (prefix);
  bool audit = broker_rights_audit (prefix, size);
  for (size_t i = 0; i < rights->count; i++) {
    const broker_right_t *right = &rights->list[i];
    if (right->verb == verb && (right->size > 0 || !audit) && begins (right, prefix, size) &&
        within (right, prefix, size))
      return true;
  }
  return false;
}

bool broker_rights_subscribe (const broker_rights_t *rights, const char *prefix) {
  return reads (rights, MNS_MAY_SUBSCRIBE, prefix);
}

bool broker_rights_snapshot (const broker_rights_t *rights, const char *prefix) {
  return reads (rights, MNS_MAY_SNAPSHOT, prefix);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static const broker_right_t *longest (const broker_rights_t *rights, mns_code_t verb, const char *command) {
  const broker_right_t *found = NULL;
  size_t size = strlen (command);
  for (size_t i = 0; i < rights->count; i++) {
    const broker_right_t *right = &rights->list[i];
    if (right->verb == verb && begins (right, command, size) && (found == NULL || right->size > found->size))
      found = right;
  }
  return found;
}

bool broker_rights_request (const broker_rights_t *rights, const char *command, mns_place_t *division) {
  const broker_right_t *right = longest (rights, MNS_MAY_REQUEST, command);
  *division = right != NULL ? right->division : 0;
  return right != NULL;
}

bool broker_rights_serve (const broker_rights_t *rights, const char *command) {
  static const char snapshot[] = "snapshot.";
  char prefix[MNS_NAME_MAX + 2];
  if (strncmp (command, snapshot, sizeof snapshot - 1) == 0) {
    int size = snprintf (prefix, sizeof prefix, "%.*s.", MNS_NAME_MAX, command + sizeof snapshot - 1);
    return broker_rights_publish (rights, prefix, (size_t)size);
  }
  return longest (rights, MNS_MAY_SERVE, command) != NULL;
}

/* ---- commands of the broker -------------------------------------------------------------------------------------- */

/* READS: tells records of every stream, so that it takes the right to subscribe to everything, too. */
typedef enum { CHANGES, TELLS, READS, OPEN } kind_t;

/* What is not here changes something. */
static const struct {
  const char *name;
  kind_t kind;
} commands[] = {{"bus.directory", OPEN}, {"bus.read", OPEN},       {"bus.status", TELLS}, {"bus.log", READS},
                {"bus.trace", READS},    {"bus.consumers", TELLS}, {"bus.verify", TELLS}};

static kind_t kind_of (const char *command) {
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strcmp (commands[i].name, command) == 0)
      return commands[i].kind;
  return CHANGES;
}

bool broker_rights_command (const broker_rights_t *rights, const char *command) {
  kind_t kind = kind_of (command);
  if (kind == OPEN)
    return true;
  const broker_right_t *right = longest (rights, kind == CHANGES ? MNS_MAY_ADMIN : MNS_MAY_REQUEST, command);
  return right != NULL && right->size > 0 && (kind != READS || broker_rights_subscribe (rights, ""));
}

bool broker_rights_changes (const char *command) {
  return kind_of (command) == CHANGES;
}
