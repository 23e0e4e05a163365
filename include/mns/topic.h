/* Topics and prefixes: <stream>.<subject>.<12-digit division>.<happening or period>.
 *
 * The division has a fixed width, so that a prefix is a geography: "statistics.figures.510322" is a county and all
 * below it. Events of the province do not begin so; mns_topic_prefixes makes the prefixes for what lies above as well.
 */
#ifndef MNS_TOPIC_H
#define MNS_TOPIC_H

#include "mns/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MNS_TOPIC_SIZE   97 /* room for a topic or prefix with its terminator */
#define MNS_TOPIC_SCOPES 16 /* prefixes that a subscription may have */

typedef enum {
  MNS_TOPIC_DOWN_UP, /* the division, all below it, all above it: everything that concerns it */
  MNS_TOPIC_DOWN,    /* the division and all below it */
  MNS_TOPIC_SELF,    /* the division alone */
  MNS_TOPIC_UP       /* the division and all above it, up to the whole country */
} mns_topic_scope_t;

/* The prefixes of `subject` ("statistics.figures") for `division`: a code of 2, 4, 6, 9 or 12 digits, zeros at its end
 * meaning the whole ("510322" and "510322000000" are the same county; "" or "0" is the country). Writes at most 6 and
 * their number into `count`. MNS_INVALID: no such code, or no such subject. */
MNS_API mns_rc_t mns_topic_prefixes (const char *subject, const char *division, mns_topic_scope_t scope,
                                     char prefixes[][MNS_TOPIC_SIZE], size_t *count, mns_error_t *error);

/* The grammar: at most 96 bytes of lower-case letters, digits and '-', capitals in the last part only. A prefix may end
 * anywhere before the division, after 0, 2, 4, 6, 9 or 12 of its digits, or behind it. MNS_INVALID, MNS_TOO_LONG. */
MNS_API mns_rc_t mns_topic_check (const char *topic, size_t size, mns_error_t *error);
MNS_API mns_rc_t mns_prefix_check (const char *prefix, mns_error_t *error);

#ifdef __cplusplus
}
#endif

#endif
