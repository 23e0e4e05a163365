/* The catalogue of notifications: rules.yaml, templates.yaml, recipients.yaml under DATA/catalogue.
 *
 * Loaded once at start. The defaults are written where there is no file. */
#ifndef MNS_NOTIFICATIONS_CATALOGUE_H
#define MNS_NOTIFICATIONS_CATALOGUE_H

#include "common/records/notifications_requests.h"
#include "common/yaml.h"

extern const mns_code_table_t mns_notice_level;
enum { MNS_LEVEL_VILLAGE = 1, MNS_LEVEL_TOWNSHIP, MNS_LEVEL_COUNTY };

/* clang-format off */
#define MNS_RULE_CONDITION_FIELDS(F, T)                                                                                \
  F (T, TEXT, field,          48,               MNS_REQUIRED, "Field of the event's record", "字段")                      \
  F (T, TEXT, value,          80,               MNS_REQUIRED, "The value it must have, as in CSV", "取值")
MNS_RECORD_DECLARE (rule_condition, MNS_RULE_CONDITION_FIELDS)

#define MNS_NOTICE_RULE_FIELDS(F, T)                                                                                   \
  F (T, TEXT, id,             48,               MNS_REQUIRED, "Word of the rule", "规则代码")                             \
  F (T, TEXT, topic,          96,               MNS_REQUIRED, "Prefix of the topics it looks at", "主题前缀")             \
  F (T, LIST, when,           (rule_condition, 4), 0, "Conditions, all of which must hold", "条件")                       \
  F (T, TEXT, template,       48,               MNS_REQUIRED, "Template", "模板")                                        \
  F (T, TEXT, role,           32,               MNS_REQUIRED, "Role of who gets it", "收件角色")                          \
  F (T, CODE, level,          mns_notice_level, MNS_REQUIRED, "village, township or county of the event", "级别")         \
  F (T, CODE, channel,        mns_channel,      MNS_REQUIRED, "mail", "渠道")                                            \
  F (T, TEXT, key,            96,               MNS_REQUIRED, "Fields that make it unique, with commas between", "消息键")  \
  F (T, INT,  within_days,    (0, 36500),       0, "Sent only when registered so recently", "有效天数")
MNS_RECORD_DECLARE (notice_rule, MNS_NOTICE_RULE_FIELDS)

#define MNS_NOTICE_TEMPLATE_FIELDS(F, T)                                                                               \
  F (T, TEXT, id,             48,               MNS_REQUIRED, "Word of the template", "模板代码")                         \
  F (T, TEXT, language,       8,                MNS_REQUIRED, "en or zh", "语言")                                        \
  F (T, CODE, allow_personal, mns_yes_no,       0, "yes: it may name the person", "可含姓名")                             \
  F (T, TEXT, subject,        200,              MNS_REQUIRED, "Subject", "主题")                                         \
  F (T, TEXT, body,           2000,             MNS_REQUIRED, "Text", "正文")
MNS_RECORD_DECLARE (notice_template, MNS_NOTICE_TEMPLATE_FIELDS)

#define MNS_NOTICE_RECIPIENT_FIELDS(F, T)                                                                              \
  F (T, PLACE, place,         0,                0, "For this place and what lies in it; absent: everywhere", "区划代码")    \
  F (T, TEXT, role,           32,               MNS_REQUIRED, "Role", "角色")                                            \
  F (T, TEXT, name,           120,              MNS_REQUIRED, "Name of the office", "名称")                              \
  F (T, TEXT, address,        120,              MNS_REQUIRED, "Mail address", "邮箱地址")
MNS_RECORD_DECLARE (notice_recipient, MNS_NOTICE_RECIPIENT_FIELDS)
/* clang-format on */

typedef struct {
  mns_notice_rule_t *rules;
  mns_notice_template_t *templates;
  mns_notice_recipient_t *recipients;
  size_t rule_count, template_count, recipient_count;
} notifications_catalogue_t;

/* Reads the three files. Every mistake goes to the log, the first and their number into `error`. */
mns_rc_t notifications_catalogue_load (notifications_catalogue_t *catalogue, const char *data, mns_error_t *error);
/* Reads one file, open as `yaml`, and finishes it. `key` is rules, templates or recipients. */
mns_rc_t notifications_catalogue_read (notifications_catalogue_t *catalogue, const char *key, mns_yaml_t *yaml,
                                       mns_error_t *error);
void notifications_catalogue_fini (notifications_catalogue_t *catalogue);

/* The template in the language, or in any other when there is none; NULL: no such template. */
const mns_notice_template_t *notifications_template (const notifications_catalogue_t *catalogue, const char *id,
                                                     const char *language);

#endif
