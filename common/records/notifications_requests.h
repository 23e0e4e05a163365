/* What is asked of notifications, and how it answers. */
#ifndef MNS_RECORDS_NOTIFICATIONS_REQUESTS_H
#define MNS_RECORDS_NOTIFICATIONS_REQUESTS_H

#include "common/records/codes.h"
#include "common/records/place.h"

extern const mns_code_table_t mns_message_state, mns_channel;

enum { MNS_MESSAGE_WAITING = 1, MNS_MESSAGE_SENDING, MNS_MESSAGE_SENT, MNS_MESSAGE_DEAD, MNS_MESSAGE_HISTORY };
enum { MNS_CHANNEL_MAIL = 1 };

/* clang-format off */
#define MNS_MESSAGE_QUERY_FIELDS(F, T)                                                                                     \
  F (T, ID,    message,        0,                0, "This one, with its text", "消息编号")                                 \
  F (T, CODE,  state,          mns_message_state, 0, "Only in this state", "状态")                                         \
  F (T, TEXT,  rule,           48,               0, "Only of this rule", "规则")                                          \
  F (T, PLACE, place,          0,                0, "Only of this place and what lies in it", "区划代码")                  \
  F (T, ID,    after,          0,                0, "Only numbers above this one", "起始编号（不含）")                      \
  F (T, INT,   limit,          (1, 1000),        0, "At most so many; default 100", "条数上限")
MNS_RECORD_DECLARE (message_query, MNS_MESSAGE_QUERY_FIELDS)

#define MNS_MESSAGE_FIELDS(F, T)                                                                                           \
  F (T, ID,    message,        0,                MNS_REQUIRED, "Number of the message", "消息编号")                         \
  F (T, CODE,  state,          mns_message_state, MNS_REQUIRED, "Where it stands", "状态")                                 \
  F (T, TEXT,  rule,           48,               MNS_REQUIRED, "Rule that made it", "规则")                               \
  F (T, TEXT,  key,            120,              MNS_REQUIRED, "Key by which it is sent only once", "消息键")               \
  F (T, PLACE, place,          0,                MNS_REQUIRED, "Place whose office gets it", "收件机构区划代码")            \
  F (T, TEXT,  address,        128,              0, "Where it goes", "收件地址")                                          \
  F (T, CODE,  channel,        mns_channel,      MNS_REQUIRED, "How it goes", "渠道")                                     \
  F (T, TIME,  created,        0,                MNS_REQUIRED, "When the event was recorded", "产生时间")                  \
  F (T, INT,   attempts,       (0, 1000),        MNS_REQUIRED, "How often it was tried", "尝试次数")                       \
  F (T, TIME,  due,            0,                0, "When it is tried next", "下次发送时间")                               \
  F (T, TIME,  sent,           0,                0, "When it went", "发送时间")                                           \
  F (T, TEXT,  error,          200,              0, "Why the last attempt failed", "失败原因")                             \
  F (T, TEXT,  subject,        400,              0, "Subject; it names no person", "主题")                                          \
  F (T, TEXT,  body,           4000,             MNS_PERSONAL, "Text; only of a single message", "正文")
MNS_RECORD_DECLARE (message, MNS_MESSAGE_FIELDS)

/* One message, or all that are dead. */
#define MNS_MESSAGE_RETRY_FIELDS(F, T)                                                                                     \
  F (T, ID,    message,        0,                0, "This one; none: all dead letters", "消息编号")
MNS_RECORD_DECLARE (message_retry, MNS_MESSAGE_RETRY_FIELDS)

#define MNS_MESSAGE_RETRIED_FIELDS(F, T)                                                                                   \
  F (T, INT,   messages,       (0, 100000000),   MNS_REQUIRED, "Messages that wait again", "重发条数")
MNS_RECORD_DECLARE (message_retried, MNS_MESSAGE_RETRIED_FIELDS)
/* clang-format on */

#endif
