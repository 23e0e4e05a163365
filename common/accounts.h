/* Accounts: who may speak on the bus, and what each may. DATA/accounts.yaml, a list `accounts`; the file is the truth,
 * is replaced whole, and a running broker takes up a change within a second.
 *
 *   accounts:
 *     - name: 'shizi-office'
 *       role: 'system'
 *       division: '510322101000'
 *       key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'
 *       rights:
 *         - {verb: 'subscribe', prefix: 'statistics.figures.'}
 *       bytes_per_second: '100000'
 *
 * Absent division: the whole country. `key` and `next_key`: public CURVE keys in Z85, for TCP; both are good, so that a
 * key can be changed without a gap. `uid`: user id of this machine that acts for the account when it names none. No
 * rights: those of the role (docs/protocol.md §3). A right without division has the account's. Names are lower-case
 * letters, digits, '-', '.', at most 48, and unique, as are keys and uids. */
#ifndef MNS_COMMON_ACCOUNTS_H
#define MNS_COMMON_ACCOUNTS_H

#include "common/records/codes.h"

/* clang-format off */
#define MNS_ACCOUNT_RIGHT_FIELDS(F, T)                                                                                    \
  F (T, CODE,  verb,     mns_verb,        MNS_REQUIRED, "what it may do", "动作")                                            \
  F (T, TEXT,  prefix,   96,              0, "beginning of the topics or commands; absent: all", "前缀")                      \
  F (T, PLACE, division, 0,               0, "subtree it holds in; absent: the account's", "区划")
#define MNS_ACCOUNT_FIELDS(F, T)                                                                                          \
  F (T, TEXT,  name,     48,              MNS_REQUIRED, "name of the account", "账户名")                                     \
  F (T, CODE,  role,     mns_role,        MNS_REQUIRED, "what it may do", "角色")                                            \
  F (T, PLACE, division, 0,               0, "subtree it works in; absent: everywhere", "所辖区划")                           \
  F (T, TEXT,  key,      40,              0, "public key (Z85) with which it comes over TCP", "公钥")                         \
  F (T, TEXT,  next_key, 40,              0, "a second one, while the key is being changed", "备用公钥")                      \
  F (T, INT,   uid,      (0, 4294967294), 0, "user id of this machine that acts for it", "本机用户号")                        \
  F (T, LIST,  rights,   (account_right, 16), 0, "what it may; absent: what its role may", "权限")                           \
  F (T, INT,   subscriptions, (0, 1000000), 0, "subscriptions of all its connections at most", "订阅上限")                    \
  F (T, INT,   connections,   (0, 1000000), 0, "connections at most", "连接上限")                                            \
  F (T, INT,   bytes_per_second, (1, 1099511627776), 0, "bytes it may publish and request in a second", "每秒字节上限")
/* clang-format on */
MNS_RECORD_DECLARE (account_right, MNS_ACCOUNT_RIGHT_FIELDS)
MNS_RECORD_DECLARE (account, MNS_ACCOUNT_FIELDS)

typedef struct {
  char path[512];
  mns_account_t *rows;
  size_t count;
  int64_t stamp[4]; /* of the file that was read: inode, size, mtime */
  int lock;         /* of whoever edits, a file descriptor; 0: none */
} mns_accounts_t;

/* Reads DATA/accounts.yaml; a missing file is an empty list. All mistakes of the file are told in `error` (the first,
 * and how many). */
mns_rc_t mns_accounts_open (mns_accounts_t *accounts, const char *data, mns_error_t *error);
/* The same to change them: waits for others that do, who then wait until mns_accounts_fini, so that no change is lost.
 */
mns_rc_t mns_accounts_edit (mns_accounts_t *accounts, const char *data, mns_error_t *error);
void mns_accounts_fini (mns_accounts_t *accounts);
/* Reads again when the file has changed; *changed says so. A file with mistakes leaves the accounts as they were, and
 * is told once: it is read again when it changes. */
mns_rc_t mns_accounts_refresh (mns_accounts_t *accounts, bool *changed, mns_error_t *error);

const mns_account_t *mns_accounts_by_name (const mns_accounts_t *accounts, const char *name); /* NULL: none */
const mns_account_t *mns_accounts_by_key (const mns_accounts_t *accounts, const char *key);
const mns_account_t *mns_accounts_by_uid (const mns_accounts_t *accounts, int64_t uid);

/* Adds one and writes the file. MNS_EXISTS: name, key or uid is taken; the field's error when a value is wrong. */
mns_rc_t mns_accounts_add (mns_accounts_t *accounts, const mns_account_t *account, mns_error_t *error);
/* Replaces the one of this name and writes the file. MNS_NOT_FOUND; otherwise as mns_accounts_add. */
mns_rc_t mns_accounts_change (mns_accounts_t *accounts, const mns_account_t *account, mns_error_t *error);
/* Takes one out and writes the file. MNS_NOT_FOUND. */
mns_rc_t mns_accounts_revoke (mns_accounts_t *accounts, const char *name, mns_error_t *error);

#endif
