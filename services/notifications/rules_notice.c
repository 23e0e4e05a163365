/* Matching, texts, recipients, retries.
 *
 *   (none) ──make──→ waiting ──hand_over──→ sending ──went──→ sent
 *      │              ↑  ↑                   │ └──refused──→ dead ──retry──→ waiting
 *      │              │  └──failed, restart──┘     (or the last attempt failed)
 *      └──keep──→ history, never sent */
#include "services/notifications/rules_notice.h"
#include "common/records/assistance_records.h"
#include "common/records/registry_records.h"
#include "common/text.h"
#include <stdio.h>
#include <string.h>

/* ---- events ------------------------------------------------------------------------------------------------------ */

const notifications_source_t notifications_sources[] = {{"assistance.entitlement.", &mns_entitlement_change_type},
                                                        {"assistance.recovery.", &mns_recovery_type},
                                                        {"assistance.batch.", &mns_batch_posted_type},
                                                        {"registry.death.", &mns_death_type},
                                                        {0}};

const notifications_source_t *notifications_source_of (const char *topic) {
  for (const notifications_source_t *source = notifications_sources; source->prefix; source++)
    if (!strncmp (topic, source->prefix, strlen (source->prefix)))
      return source;
  return NULL;
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */

#define VALUE_MAX 256

bool notifications_rule_holds (const mns_notice_rule_t *rule, const mns_record_type_t *type, const void *record) {
  for (uint16_t i = 0; i < rule->when_count; i++) {
    char value[VALUE_MAX];
    const mns_field_t *field = mns_record_field (type, rule->when[i].field);
    if (!field || strcmp (mns_field_format (field, record, value, sizeof value), rule->when[i].value) != 0)
      return false;
  }
  return true;
}

bool notifications_key_field (const char *list, size_t index, char name[49]) {
  for (const char *at = list;; at++) {
    at += strspn (at, " ");
    size_t size = strcspn (at, ", ");
    if (index-- == 0) {
      snprintf (name, 49, "%.*s", (int)size, at);
      return size > 0;
    }
    at += strcspn (at, ",");
    if (!*at)
      return false;
  }
}

void notifications_key (const mns_notice_rule_t *rule, const mns_record_type_t *type, const void *record,
                        char key[NOTIFICATIONS_KEY_MAX + 1]) {
  mns_buffer_t text = {0};
  char name[49], value[VALUE_MAX];
  mns_buffer_printf (&text, "%s/", rule->id);
  for (size_t i = 0; notifications_key_field (rule->key, i, name); i++) {
    const mns_field_t *field = mns_record_field (type, name);
    mns_buffer_printf (&text, "%s%s=%s", i ? "," : "", name,
                       field ? mns_field_format (field, record, value, sizeof value) : "");
  }
  mns_buffer_add (&text, "", 1);
  mns_text_copy (key, NOTIFICATIONS_KEY_MAX + 1, (const char *)text.data);
  mns_buffer_fini (&text);
}

mns_place_t notifications_place_at (mns_place_t place, mns_code_t level) {
  static const int levels[] = {0, MNS_VILLAGE, MNS_TOWNSHIP, MNS_COUNTY};
  return levels[level] < mns_place_level (place) ? mns_place_at (place, levels[level]) : place;
}

static bool serves (const notifications_catalogue_t *catalogue, mns_place_t place, const char *role) {
  for (size_t i = 0; i < catalogue->recipient_count; i++)
    if (catalogue->recipients[i].place == place && !strcmp (catalogue->recipients[i].role, role))
      return true;
  return false;
}

const mns_notice_recipient_t *notifications_recipient (const notifications_catalogue_t *catalogue, mns_place_t place,
                                                       const char *role, size_t *at) {
  while (place && !serves (catalogue, place, role))
    place = mns_place_parent (place);
  for (; *at < catalogue->recipient_count; ++*at) {
    const mns_notice_recipient_t *recipient = &catalogue->recipients[*at];
    if (recipient->place == place && !strcmp (recipient->role, role)) {
      ++*at;
      return recipient;
    }
  }
  return NULL;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* The name between {{ and }} at `text`; the bytes of the whole placeholder, 0 when it is not closed or too long. */
static size_t placeholder (const char *text, char name[49]) {
  const char *end = strstr (text, "}}");
  if (!end || end - text - 2 > 48)
    return 0;
  const char *begin = text + 2 + strspn (text + 2, " ");
  size_t size = (size_t)(end - begin);
  while (size && begin[size - 1] == ' ')
    size--;
  snprintf (name, 49, "%.*s", (int)size, begin);
  return (size_t)(end + 2 - text);
}

static void render_field (const mns_field_t *field, const void *record, const char *language, mns_buffer_t *out) {
  char value[VALUE_MAX], yuan[MNS_FEN_GROUPED];
  const char *at = (const char *)record + field->offset;
  mns_field_format (field, record, value, sizeof value);
  if (field->kind == MNS_KIND_FEN) {
    mns_fen_format_grouped (*(const mns_fen_t *)(const void *)at, yuan);
    mns_buffer_printf (out, "%s", yuan);
  } else if (field->kind == MNS_KIND_CODE && value[0]) {
    const mns_code_row_t *row = &field->codes->rows[*(const mns_code_t *)(const void *)at - 1];
    mns_buffer_printf (out, "%s", strcmp (language, "zh") ? row->en : row->zh);
  } else {
    mns_buffer_printf (out, "%s", value);
  }
}

static void render_name (const char *name, const mns_record_type_t *type, const void *record,
                         const notifications_words_t *words, mns_buffer_t *out) {
  const mns_field_t *field = mns_record_field (type, name);
  if (!strcmp (name, "place_name"))
    mns_buffer_printf (out, "%s", words->place_name);
  else if (!strcmp (name, "office"))
    mns_buffer_printf (out, "%s", words->office);
  else if (field)
    render_field (field, record, words->language, out);
}

void notifications_render (const char *text, const mns_record_type_t *type, const void *record,
                           const notifications_words_t *words, mns_buffer_t *out) {
  char name[49];
  while (*text) {
    size_t plain = strstr (text, "{{") ? (size_t)(strstr (text, "{{") - text) : strlen (text);
    mns_buffer_add (out, text, plain);
    text += plain;
    size_t size = *text ? placeholder (text, name) : 0;
    if (*text && !size)
      break;
    if (size)
      render_name (name, type, record, words, out);
    text += size;
  }
}

/* Numbers, certificates and accounts of persons, whatever a template allows. */
static bool never_told (const char *name) {
  return strstr (name, "number") || strstr (name, "account") || strstr (name, "certificate");
}

static mns_rc_t check_name (const char *name, const mns_record_type_t *type, bool allow_personal, mns_error_t *error) {
  const mns_field_t *field = mns_record_field (type, name);
  if (!strcmp (name, "place_name") || !strcmp (name, "office"))
    return MNS_OK;
  if (!field || field->kind == MNS_KIND_LIST)
    return mns_fail (error, MNS_NOT_FOUND, name, "the event %s has no field \"%s\"", type->name, name);
  if (!(field->flags & MNS_PERSONAL))
    return MNS_OK;
  if (never_told (name))
    return mns_fail (error, MNS_FORBIDDEN, name, "\"%s\" is never sent to anybody", name);
  if (!allow_personal)
    return mns_fail (error, MNS_FORBIDDEN, name,
                     "\"%s\" identifies a person: in a body say allow_personal: yes; never in a subject", name);
  return MNS_OK;
}

mns_rc_t notifications_check_text (const char *text, const mns_record_type_t *type, bool allow_personal,
                                   mns_error_t *error) {
  char name[49];
  while ((text = strstr (text, "{{"))) {
    size_t size = placeholder (text, name);
    if (!size)
      return mns_fail (error, MNS_INVALID, "", "\"{{\" is not closed by \"}}\"");
    mns_rc_t rc = check_name (name, type, allow_personal, error);
    if (rc != MNS_OK)
      return rc;
    text += size;
  }
  return MNS_OK;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static const mns_code_row_t step_rows[] = {{"make", "", "make", "生成"},
                                           {"keep", "", "keep as history", "存为历史"},
                                           {"hand_over", "", "hand over", "交付发送"},
                                           {"went", "", "went", "已送出"},
                                           {"failed", "", "failed", "失败"},
                                           {"refused", "", "refused for good", "被拒绝"},
                                           {"retry", "", "try again", "重发"},
                                           {"restart", "", "restart", "重新启动"}};
static const mns_code_table_t steps = {"message_step", step_rows, sizeof step_rows / sizeof step_rows[0]};
static const mns_transition_t transitions[] = {
    {0, NOTIFICATIONS_MAKE, MNS_MESSAGE_WAITING, 0},
    {0, NOTIFICATIONS_KEEP, MNS_MESSAGE_HISTORY, 0},
    {MNS_MESSAGE_WAITING, NOTIFICATIONS_HAND_OVER, MNS_MESSAGE_SENDING, 0},
    {MNS_MESSAGE_SENDING, NOTIFICATIONS_WENT, MNS_MESSAGE_SENT, 0},
    {MNS_MESSAGE_SENDING, NOTIFICATIONS_FAILED, MNS_MESSAGE_WAITING, 0},
    {MNS_MESSAGE_SENDING, NOTIFICATIONS_REFUSED, MNS_MESSAGE_DEAD, 0},
    {MNS_MESSAGE_SENDING, NOTIFICATIONS_RESTART, MNS_MESSAGE_WAITING, 0},
    {MNS_MESSAGE_DEAD, NOTIFICATIONS_RETRY, MNS_MESSAGE_WAITING, 0},
    {MNS_MESSAGE_WAITING, NOTIFICATIONS_RETRY, MNS_MESSAGE_WAITING, 0},
};
const mns_machine_t notifications_machine = {"message", &mns_message_state, &steps,
                                             NULL,      transitions,        sizeof transitions / sizeof transitions[0]};

int64_t notifications_delay_us (uint64_t message, int64_t attempt) {
  const uint64_t seed[] = {message, (uint64_t)attempt};
  int64_t delay_s = attempt > 9 ? 3600 : (int64_t)10 << (attempt - 1);
  delay_s = delay_s < 3600 ? delay_s : 3600;
  int64_t jitter = (int64_t)(mns_crc64 (0, seed, sizeof seed) % 250);
  return delay_s * (1000 - jitter) * 1000;
}
