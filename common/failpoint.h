/* Points at which a test may end or stop the process, and mistakes that a test may switch on to see itself fail.
 * Both exist only where MNS_FAILPOINTS is defined: in the libraries that tests/fault builds for itself, and in the
 * presets dev and asan. In the programs of a release they are nothing.
 *
 *   MNS_FAILPOINT="broker_after_append:kill@17"   SIGKILL at the 17th passage; also stop (SIGSTOP), exit (code 3),
 *                                                pause (the thread that passes waits for the file that
 *                                                MNS_FAILPOINT_GO_ON names)
 *   MNS_MUTANT="ack_before_commit"                several separated by commas
 *
 * | point                        |                                                        |
 * | broker_after_append          | the group is in the store, not yet committed           |
 * | broker_before_ack            | committed, nobody told                                 |
 * | broker_after_ack             | producers told, nothing delivered                      |
 * | service_before_commit        | the turn is written, not yet committed                 |
 * | service_after_commit         | committed, memory has not followed                     |
 * | service_before_offset        | between the two commits of that mutant                 |
 * | service_before_reply         | committed, nobody has the answer                       |
 * | service_after_publish        | records are sent, not yet acknowledged                 |
 * | service_after_pack           | they are acknowledged, the store does not know yet     |
 * | store_copy                   | the next megabytes of a service's store are copied     |
 * | log_copy                     | the log is copied next                                 |
 * | snapshot_page                | a page is staged, the next not asked for               |
 * | mutant                       |                                                        |
 * | ack_before_commit            | the broker acknowledges what it has only received      |
 * | no_producer_check            | the broker takes repeated records for new ones         |
 * | offset_in_second_transaction | events and the offset after them are committed apart   |
 * | number_from_rowid            | the outbox counts on from the rows it finds            |
 * | wrong_snapshot_number        | a snapshot names the log number of its end             |
 * | no_subscription_id_check     | a subscriber listens to subscriptions it gave up       |
 * | no_prv_check                 | a subscriber does not see that events are missing      |
 * | re_ack_without_chain_check   | the broker takes another history for a repeated one    |
 * | reply_before_commit          | answers do not wait for what the commit says           |
 * | no_autocommit_check          | a turn does not look whether its transaction is there  |
 * | trust_missing_user_id        | a connection that nobody vouches for is taken for local |
 * | zap_not_enforced             | a closed socket opens when there is no authenticator   |
 * | zap_lets_in                  | the authenticator knows everybody                      |
 * | zap_leaves                   | it ends at its first real question                     |
 * | zap_hangs                    | it answers nothing once it was proved                  | */
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
