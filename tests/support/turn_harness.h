/* A service without a bus: a store in a fresh folder, and its handlers run in real turns (common/turn.h), so that
 * transactions, stored answers, roll-backs and the outbox are those of the running service.
 *
 *   harness_t *h = harness_new (&registry_service);
 *   assert_int_equal (harness_call (h, "registry.record-birth", &birth, &answer), MNS_OK);
 *   assert_int_equal (harness_emitted_count (h), 1);
 *   harness_destroy (&h);
 *
 * The wall clock stands still at 2026-07-01T00:00:00Z until harness_set_now moves it. The caller is `tester`, an
 * administrator for the whole country, until harness_set_caller changes it. Several harnesses share the clock. */
#ifndef MNS_TESTS_SUPPORT_TURN_HARNESS_H
#define MNS_TESTS_SUPPORT_TURN_HARNESS_H

#include "common/service.h"

typedef struct harness harness_t;

/* Opens the service over an empty store; a failure is printed and ends the program. */
harness_t *harness_new (const mns_service_t *service);
/* The same, with a configuration of one's own; `data` in it is set to the fresh folder. */
harness_t *harness_new_with (const mns_service_t *service, const mns_config_t *config);
void harness_destroy (harness_t **harness);
/* Closes the service and opens it again over the same store. */
void harness_restart (harness_t *harness);
/* The two halves of it. */
void harness_stop (harness_t *harness);
void harness_start (harness_t *harness);

/* Copies the store into a new file; puts it back, in a new epoch, as `mns restore` would. */
void harness_backup (harness_t *harness, const char *path);
void harness_restore (harness_t *harness, const char *path);

mns_db_t *harness_db (harness_t *harness);
void *harness_self (harness_t *harness); /* the service's state */
mns_config_t *harness_config (harness_t *harness);
const mns_error_t *harness_error (harness_t *harness); /* of the last call, event or timer */

void harness_set_caller (harness_t *harness, mns_code_t role, mns_place_t division);
void harness_set_account (harness_t *harness, const char *account);
void harness_set_now (harness_t *harness, mns_time_t now);

/* Runs one command or query: `in` is its request record (NULL: none), `out` (NULL: not wanted) gets the first record of
 * the answer. A command gets a new key. */
mns_rc_t harness_call (harness_t *harness, const char *command, const void *in, void *out);
/* The same with a key of one's own and a body of any bytes: bulk commands, repeated and malformed requests. */
mns_rc_t harness_call_body (harness_t *harness, const char *command, const mns_uuid_t *key, const void *body,
                            size_t size);
/* The body of the last answer. harness_reply unpacks record `index` of it; false past the end. */
const uint8_t *harness_reply_body (harness_t *harness, size_t *size);
bool harness_reply (harness_t *harness, size_t index, const mns_record_type_t *type, void *record);

/* Delivers one event of one record, `recorded` now, occurred and registered today. */
mns_rc_t harness_event (harness_t *harness, const char *topic, const mns_record_type_t *type, const void *record);
/* The same with dates, and for several records in one event. */
mns_rc_t harness_event_with (harness_t *harness, const char *topic, const mns_record_type_t *type, const void *records,
                             size_t count, mns_date_t occurred, mns_date_t registered);
/* Delivers an event that another harness's service emitted, as the broker would. */
mns_rc_t harness_deliver (harness_t *harness, const mns_event_t *emitted);
mns_rc_t harness_timer (harness_t *harness, const char *name);

/* What the last call, event or timer put into the outbox. The event is valid until the next one. */
size_t harness_emitted_count (harness_t *harness);
const mns_event_t *harness_emitted (harness_t *harness, size_t index); /* fails the test when there is none */
/* Record `item` of emitted event `index`, which must be of that type. */
void harness_emitted_record (harness_t *harness, size_t index, size_t item, const mns_record_type_t *type,
                             void *record);

#endif
