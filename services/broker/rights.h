/* What an account may, as a list of (verb, prefix, division), compiled once when the accounts are read: a message costs
 * a walk over a handful of prefixes, no look-up and no allocation. Pure: no socket, no clock.
 *
 * An account without rights of its own has those of its role: the table of rights.c, docs/protocol.md §3. */
#ifndef MNS_BROKER_RIGHTS_H
#define MNS_BROKER_RIGHTS_H

#include "common/accounts.h"
#include "common/records/place.h"
#include "common/wire.h"

typedef struct {
  mns_code_t verb; /* of mns_verb */
  size_t size;     /* of the prefix */
  char prefix[MNS_TOPIC_MAX + 1];
  mns_place_t division;        /* told to the service of a request */
  size_t digits;               /* that a division in a topic must share; 0: any division */
  char within[MNS_PLACE_TEXT]; /* these digits */
} broker_right_t;

typedef struct {
  broker_right_t *list;
  size_t count;
} broker_rights_t;

/* The rights of account `name` with this role and division; `row` (may be NULL) is where a list of its own stands.
 * Whoever has the whole `county` has all its divisions. */
void broker_rights_init (broker_rights_t *rights, const char *name, mns_code_t role, mns_place_t division,
                         const mns_account_t *row, mns_place_t county);
void broker_rights_fini (broker_rights_t *rights);

/* May it append records under this topic? Which producer it is, is another question (hello.c). */
bool broker_rights_publish (const broker_rights_t *rights, const char *topic, size_t size);
/* Anything at all? */
bool broker_rights_publisher (const broker_rights_t *rights);
/* May it read everything under this prefix? For "" the stream audit is left out of the question. */
bool broker_rights_subscribe (const broker_rights_t *rights, const char *prefix);
/* Whether a topic belongs to the stream audit, which "everything" leaves out. */
bool broker_rights_audit (const char *topic, size_t size);
/* May it ask this command of a service? *division: the one that the service is told. */
bool broker_rights_request (const broker_rights_t *rights, const char *command, mns_place_t *division);
/* May it announce this command? Snapshots of a stream ("snapshot.registry") come from who may publish on it. */
bool broker_rights_serve (const broker_rights_t *rights, const char *command);
/* May it take the state behind everything under this prefix? */
bool broker_rights_snapshot (const broker_rights_t *rights, const char *prefix);
/* May it give the broker this command (bus.…)? Some are everyone's, some take a right to request them by a prefix that
 * begins with "bus.", all others change something and take the right admin. */
bool broker_rights_command (const broker_rights_t *rights, const char *command);
/* Whether the command changes something: it leaves a record in the stream audit. */
bool broker_rights_changes (const char *command);

#endif
