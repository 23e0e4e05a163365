/* Points at which a test may end or stop the process, and mistakes that a test may switch on to see itself fail.
 * Both exist only in builds with MNS_FAILPOINTS (presets dev and asan); elsewhere they are nothing.
 *
 *   MNS_FAILPOINT="broker_after_append:kill@17"   SIGKILL at the 17th passage; also stop (SIGSTOP), exit (code 3)
 *   MNS_MUTANT="ack_before_commit"                several separated by commas
 *
 * | point                |                                                        |
 * | broker_after_append  | the group is in the store, not yet committed           |
 * | broker_before_ack    | committed, nobody told                                 |
 * | broker_after_ack     | producers told, nothing delivered                      |
 * | mutant               |                                                        |
 * | ack_before_commit    | the broker acknowledges what it has only received      |
 * | no_producer_check    | the broker takes repeated records for new ones         | */
#ifndef MNS_COMMON_FAILPOINT_H
#define MNS_COMMON_FAILPOINT_H

#include <stdbool.h>

#ifdef MNS_FAILPOINTS
void mns_failpoint (const char *name);
bool mns_mutant (const char *name);
#else
#define mns_failpoint(name) ((void)0)
#define mns_mutant(name)    false
#endif

#endif
