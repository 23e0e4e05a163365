/* Descriptors and codes of what is asked of notifications. */
#include "common/records/notifications_requests.h"

/* clang-format off */
#define TABLE(symbol, name) const mns_code_table_t symbol = { name, symbol##_rows, sizeof symbol##_rows / sizeof symbol##_rows[0] };

static const mns_code_row_t mns_message_state_rows[] = {
  { "waiting", "", "waits to be sent", "待发" },
  { "sending", "", "being sent", "发送中" },
  { "sent", "", "sent", "已发" },
  { "dead", "", "given up, waits for a person", "死信" },
  { "history", "", "from before the service began, never sent", "历史" },
};
TABLE (mns_message_state, "message_state")
static const mns_code_row_t mns_channel_rows[] = {
  { "mail", "", "mail", "邮件" },
};
TABLE (mns_channel, "channel")
/* clang-format on */

MNS_RECORD_DEFINE (message_query, 1, MNS_MESSAGE_QUERY_FIELDS, "Which messages", "消息查询")
MNS_RECORD_DEFINE (message, 1, MNS_MESSAGE_FIELDS, "A message", "消息")
MNS_RECORD_DEFINE (message_retry, 1, MNS_MESSAGE_RETRY_FIELDS, "Try dead letters again", "重发")
MNS_RECORD_DEFINE (message_retried, 1, MNS_MESSAGE_RETRIED_FIELDS, "How many are tried again", "重发结果")
