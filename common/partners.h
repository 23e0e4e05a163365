/* The counties this one exchanges letters with: DATA/partners.yaml. A missing file is an empty list.
 *
 *   partners:
 *     - county: '440305000000'
 *       name: 南山区
 *       endpoint: 'tcp://10.3.4.5:5710'
 *       broker_key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'
 *       key_file: 'keys/exchange.key'
 *       answers: 'yes'
 *
 * `endpoint` and `broker_key` are of the partner's broker, `key_file` (in the data directory) has the key pair of the
 * account it gave us. */
#ifndef MNS_COMMON_PARTNERS_H
#define MNS_COMMON_PARTNERS_H

#include "common/records/codes.h"

/* clang-format off */
#define MNS_PARTNER_FIELDS(F, T)                                                                                          \
  F (T, PLACE, county,      0,          MNS_REQUIRED, "division code of the county", "区划代码")                             \
  F (T, TEXT,  name,        132,        0, "its name", "名称")                                                             \
  F (T, TEXT,  endpoint,    128,        MNS_REQUIRED, "bus of its broker, tcp://host:5710", "总线地址")                      \
  F (T, TEXT,  broker_key,  40,         0, "public key of its broker (Z85)", "代理公钥")                                    \
  F (T, TEXT,  key_file,    200,        0, "file with our key pair for it; default keys/exchange.key", "密钥文件")           \
  F (T, CODE,  answers,     mns_yes_no, 0, "yes: the registry answers its verifications by itself", "自动答复核查")          \
  F (T, INT,   answer_days, (1, 250),   0, "working days in which it answers; default 10", "答复期限（工作日）")               \
  F (T, INT,   remind_days, (0, 250),   0, "working days before the end at which it is reminded; default 3", "催办提前量（工作日）")
/* clang-format on */
MNS_RECORD_DECLARE (partner, MNS_PARTNER_FIELDS)

typedef struct {
  mns_partner_t *rows;
  size_t count;
} mns_partners_t;

/* Reads the file of the data directory; what is absent is at its default. `county` is the own one. All mistakes are
 * told in `error` (the first, and how many). */
mns_rc_t mns_partners_load (mns_partners_t *partners, const char *data, mns_place_t county, mns_error_t *error);
void mns_partners_fini (mns_partners_t *partners);
const mns_partner_t *mns_partners_find (const mns_partners_t *partners, mns_place_t county); /* NULL: none */

#endif
