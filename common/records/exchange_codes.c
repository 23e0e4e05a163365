/* The code tables of matters between counties. */
#include "common/records/exchange_codes.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_matter_kind_rows[] = {
  { "move", "", "move between counties", "跨县迁移" },
  { "verification", "", "verification of a person", "人员核查" },
  { "stay", "", "floating resident", "流动人口" },
  { "death", "", "death in another county", "异地死亡" },
};
TABLE (mns_matter_kind, "matter_kind")

static const mns_code_row_t mns_matter_state_rows[] = {
  { "proposed", "", "proposed by the county of origin, which counts the person", "已提出" },
  { "accepted", "", "accepted by the county of destination; the origin still counts the person", "已接收" },
  { "released", "", "moved out at the origin, not yet in at the destination", "已迁出" },
  { "completed", "", "moved in at the destination", "已完成" },
  { "refused", "", "refused", "已拒绝" },
  { "cancelled", "", "taken back by who opened it", "已撤回" },
  { "asked", "", "asked", "已发函" },
  { "reminded", "", "asked and reminded", "已催办" },
  { "overdue", "", "not answered by its day", "已逾期" },
  { "answered", "", "answered", "已答复" },
  { "reported", "", "reported by the county of registration", "已通报" },
  { "current", "", "lives there", "在住" },
  { "lapsed", "", "the expected end has passed without a renewal", "已到期" },
  { "ended", "", "no longer lives there", "已离开" },
  { "noticed", "", "a notice of death was sent", "已通知" },
  { "recorded", "", "the death is in the register", "已登记" },
};
TABLE (mns_matter_state, "matter_state")

static const mns_code_row_t mns_matter_step_rows[] = {
  { "propose", "", "propose a move", "提出迁移" },
  { "accept", "", "accept", "接收" },
  { "refuse", "", "refuse", "拒绝" },
  { "cancel", "", "take back", "撤回" },
  { "release", "", "move out at the origin", "迁出" },
  { "complete", "", "move in at the destination", "迁入" },
  { "ask", "", "ask for a verification", "发函核查" },
  { "remind", "", "remind", "催办" },
  { "escalate", "", "escalate", "逾期上报" },
  { "answer", "", "answer", "答复" },
  { "report", "", "report somebody who lives elsewhere", "通报外出" },
  { "begin", "", "take in a floating resident", "登记流入" },
  { "renew", "", "renew", "延期" },
  { "lapse", "", "let lapse", "到期" },
  { "end", "", "end", "注销流动登记" },
  { "notify", "", "give notice of a death", "通知死亡" },
  { "record", "", "record the death", "登记死亡" },
};
TABLE (mns_matter_step, "matter_step")

static const mns_code_row_t mns_matter_side_rows[] = {
  { "sent", "", "opened here", "本县发起" },
  { "received", "", "opened by the other county", "对方发起" },
};
TABLE (mns_matter_side, "matter_side")

static const mns_code_row_t mns_verification_rows[] = {
  { "confirmed", "", "the register has this person, and nothing differs", "一致" },
  { "differs", "", "the register has this person with other facts", "不一致" },
  { "unknown", "", "the register does not have this person", "查无此人" },
};
TABLE (mns_verification, "verification")

static const mns_code_row_t mns_stay_purpose_rows[] = {
  { "work", "", "work", "务工" },
  { "business", "", "business", "经商" },
  { "study", "", "study or training", "学习培训" },
  { "family", "", "joining family", "投靠亲属" },
  { "care", "", "bringing up children, caring for the old", "抚养照料" },
  { "medical", "", "medical treatment", "治病疗养" },
  { "other", "", "other", "其他" },
};
TABLE (mns_stay_purpose, "stay_purpose")
/* clang-format on */
