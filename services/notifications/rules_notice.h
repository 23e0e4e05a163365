/* The rules of notifications, pure: which event matches, what the text is, who gets it, when it is tried again. */
#ifndef MNS_NOTIFICATIONS_RULES_NOTICE_H
#define MNS_NOTIFICATIONS_RULES_NOTICE_H

#include "common/machine.h"
#include "services/notifications/catalogue.h"

/* ---- events that rules may look at ------------------------------------------------------------------------------- */
typedef struct {
  const char *prefix; /* ended by NULL */
  const mns_record_type_t *type;
} notifications_source_t;
extern const notifications_source_t notifications_sources[];
/* The source a rule's topic belongs to, or NULL. */
const notifications_source_t *notifications_source_of (const char *topic);

/* ---- matching ---------------------------------------------------------------------------------------------------- */
/* Whether all conditions of the rule hold for the record. */
bool notifications_rule_holds (const mns_notice_rule_t *rule, const mns_record_type_t *type, const void *record);
/* "recipient-died/entitlement=17": the rule and the values of its key fields. */
#define NOTIFICATIONS_KEY_MAX 120
void notifications_key (const mns_notice_rule_t *rule, const mns_record_type_t *type, const void *record,
                        char key[NOTIFICATIONS_KEY_MAX + 1]);
/* The `index`-th field name of a list with commas; false past the end. */
bool notifications_key_field (const char *list, size_t index, char name[49]);
mns_place_t notifications_place_at (mns_place_t place, mns_code_t level);
/* The next recipient of the role for the place at or behind *at, in the nearest place that has one; NULL: no more.
 * Begin with *at 0. */
const mns_notice_recipient_t *notifications_recipient (const notifications_catalogue_t *catalogue, mns_place_t place,
                                                       const char *role, size_t *at);

/* ---- texts ------------------------------------------------------------------------------------------------------- */
/* What a template may say besides fields. */
typedef struct {
  const char *place_name, *office, *language;
} notifications_words_t;
/* Appends the text with its placeholders filled in; not terminated. */
void notifications_render (const char *text, const mns_record_type_t *type, const void *record,
                           const notifications_words_t *words, mns_buffer_t *out);
/* Looks for mistakes of a template's text over a record: unclosed braces, unknown fields, fields that identify a person
 * and are not allowed. MNS_OK, or `error->detail` says what. */
mns_rc_t notifications_check_text (const char *text, const mns_record_type_t *type, bool allow_personal,
                                   mns_error_t *error);

/* ---- sending ----------------------------------------------------------------------------------------------------- */
extern const mns_machine_t notifications_machine;
enum {
  NOTIFICATIONS_MAKE = 1,
  NOTIFICATIONS_KEEP,
  NOTIFICATIONS_HAND_OVER,
  NOTIFICATIONS_WENT,
  NOTIFICATIONS_FAILED,
  NOTIFICATIONS_REFUSED,
  NOTIFICATIONS_RETRY,
  NOTIFICATIONS_RESTART
};
#define NOTIFICATIONS_ATTEMPTS_MAX 12
/* How long to wait after failed attempt number `attempt` (from 1): 10 s, doubled each time up to an hour, less up to a
 * quarter that depends on the message, so that many do not come back at once. */
int64_t notifications_delay_us (uint64_t message, int64_t attempt);

#endif
