/* Reads and checks the three files of the catalogue. */
#include "services/notifications/catalogue.h"
#include "common/dir.h"
#include "common/embedded.h"
#include "common/log.h"
#include "common/wire.h"
#include "services/notifications/rules_notice.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "notifications"

static const mns_code_row_t mns_notice_level_rows[] = {
    {"village", "", "village", "村居"}, {"township", "", "township", "乡镇"}, {"county", "", "county", "县"}};
const mns_code_table_t mns_notice_level = {"notice_level", mns_notice_level_rows, 3};

MNS_RECORD_DEFINE (rule_condition, 1, MNS_RULE_CONDITION_FIELDS, "A condition of a rule", "规则条件")
MNS_RECORD_DEFINE (notice_rule, 1, MNS_NOTICE_RULE_FIELDS, "A rule", "规则")
MNS_RECORD_DEFINE (notice_template, 1, MNS_NOTICE_TEMPLATE_FIELDS, "A template", "模板")
MNS_RECORD_DEFINE (notice_recipient, 1, MNS_NOTICE_RECIPIENT_FIELDS, "Who gets it", "收件人")

const mns_notice_template_t *notifications_template (const notifications_catalogue_t *catalogue, const char *id,
                                                     const char *language) {
  const mns_notice_template_t *found = NULL;
  for (size_t i = 0; i < catalogue->template_count; i++) {
    const mns_notice_template_t *template = &catalogue->templates[i];
    if (strcmp (template->id, id) != 0)
      continue;
    if (!strcmp (template->language, language))
      return template;
    found = found ? found : template;
  }
  return found;
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static void check_templates (const notifications_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->template_count; i++) {
    const mns_notice_template_t *template = &catalogue->templates[i];
    if (template->language[0] && strcmp (template->language, "en") && strcmp (template->language, "zh"))
      mns_yaml_mistake (yaml, "templates", i, "language", "\"%s\" is neither en nor zh", template->language);
    for (size_t j = 0; j < i; j++)
      if (!strcmp (template->id, catalogue->templates[j].id) &&
          !strcmp (template->language, catalogue->templates[j].language))
        mns_yaml_mistake (yaml, "templates", i, "id", "there is another \"%s\" in %s above", template->id,
                          template->language);
  }
}

/* Plain addresses only: they become a header and an argument of the mail server's. */
static bool address_valid (const char *address) {
  const char *at = strchr (address, '@');
  if (!at || at == address || !at[1] || strchr (at + 1, '@'))
    return false;
  for (const char *c = address; *c; c++)
    if (*c <= ' ' || *c > '~' || strchr ("<>()[],;:\\\"", *c))
      return false;
  return true;
}

static void check_recipients (const notifications_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->recipient_count; i++)
    if (catalogue->recipients[i].address[0] && !address_valid (catalogue->recipients[i].address))
      mns_yaml_mistake (yaml, "recipients", i, "address", "\"%s\" is not a plain mail address",
                        catalogue->recipients[i].address);
}

static void check_key (const mns_notice_rule_t *rule, const mns_record_type_t *type, mns_yaml_t *yaml, size_t index) {
  char name[49];
  if (!notifications_key_field (rule->key, 0, name))
    mns_yaml_mistake (yaml, "rules", index, "key", "it names no field");
  for (size_t i = 0; notifications_key_field (rule->key, i, name); i++) {
    const mns_field_t *field = mns_record_field (type, name);
    if (!field)
      mns_yaml_mistake (yaml, "rules", index, "key", "the event %s has no field \"%s\"", type->name, name);
    else if (field->flags & MNS_PERSONAL)
      mns_yaml_mistake (yaml, "rules", index, "key", "\"%s\" identifies a person and cannot be part of a key", name);
  }
}

/* The value must be one the field can have. */
static void check_conditions (const mns_notice_rule_t *rule, const mns_record_type_t *type, mns_yaml_t *yaml,
                              size_t index) {
  void *record = mns_alloc (type->size);
  for (uint16_t i = 0; i < rule->when_count; i++) {
    const mns_field_t *field = mns_record_field (type, rule->when[i].field);
    mns_error_t why = {0};
    mns_record_clear (type, record);
    if (!field)
      mns_yaml_mistake (yaml, "rules", index, "when", "the event %s has no field \"%s\"", type->name,
                        rule->when[i].field);
    else if (mns_field_parse (field, record, rule->when[i].value, &why) != MNS_OK)
      mns_yaml_mistake (yaml, "rules", index, "when", "%s: %s", rule->when[i].field, why.detail);
  }
  free (record);
}

static void check_texts (const notifications_catalogue_t *catalogue, const mns_notice_rule_t *rule,
                         const mns_record_type_t *type, mns_yaml_t *yaml, size_t index) {
  bool found = false;
  for (size_t i = 0; i < catalogue->template_count; i++) {
    const mns_notice_template_t *template = &catalogue->templates[i];
    mns_error_t why = {0};
    if (strcmp (template->id, rule->template) != 0)
      continue;
    found = true;
    if (notifications_check_text (template->subject, type, false, &why) != MNS_OK ||
        notifications_check_text (template->body, type, template->allow_personal == MNS_YES, &why) != MNS_OK)
      mns_yaml_mistake (yaml, "rules", index, "template", "template \"%s\" in %s: %s", template->id, template->language,
                        why.detail);
  }
  if (!found)
    mns_yaml_mistake (yaml, "rules", index, "template", "there is no template \"%s\"", rule->template);
}

static void list_sources (mns_buffer_t *list) {
  for (const notifications_source_t *source = notifications_sources; source->prefix; source++)
    mns_buffer_printf (list, "%s%s", list->size ? ", " : "", source->prefix);
  mns_buffer_add (list, "", 1);
}

/* Templates have been read before. */
static void check_rules (const notifications_catalogue_t *catalogue, mns_yaml_t *yaml) {
  for (size_t i = 0; i < catalogue->rule_count; i++) {
    const mns_notice_rule_t *rule = &catalogue->rules[i];
    const notifications_source_t *source = notifications_source_of (rule->topic);
    mns_buffer_t list = {0};
    mns_error_t why = {0};
    for (size_t j = 0; j < i; j++)
      if (!strcmp (rule->id, catalogue->rules[j].id))
        mns_yaml_mistake (yaml, "rules", i, "id", "there is another rule \"%s\" above", rule->id);
    if (source && mns_prefix_check (rule->topic, &why) != MNS_OK)
      mns_yaml_mistake (yaml, "rules", i, "topic", "%s", why.detail);
    if (source) {
      check_key (rule, source->type, yaml, i);
      check_conditions (rule, source->type, yaml, i);
      check_texts (catalogue, rule, source->type, yaml, i);
    } else {
      list_sources (&list);
      mns_yaml_mistake (yaml, "rules", i, "topic", "\"%s\" is not watched; possible are %s", rule->topic,
                        (const char *)list.data);
    }
    mns_buffer_fini (&list);
  }
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

mns_rc_t notifications_catalogue_read (notifications_catalogue_t *catalogue, const char *key, mns_yaml_t *yaml,
                                       mns_error_t *error) {
  const struct {
    const char *key;
    const mns_record_type_t *type;
    void **records;
    size_t *count;
    void (*check) (const notifications_catalogue_t *catalogue, mns_yaml_t *yaml);
  } lists[] = {
      {"templates", &mns_notice_template_type, (void **)&catalogue->templates, &catalogue->template_count,
       check_templates},
      {"recipients", &mns_notice_recipient_type, (void **)&catalogue->recipients, &catalogue->recipient_count,
       check_recipients},
      {"rules", &mns_notice_rule_type, (void **)&catalogue->rules, &catalogue->rule_count, check_rules},
  };
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    if (!strcmp (lists[i].key, key) &&
        mns_yaml_records (yaml, key, lists[i].type, lists[i].records, lists[i].count) == MNS_OK)
      lists[i].check (catalogue, yaml);
  return mns_yaml_finish (yaml, error);
}

static void log_mistakes (const char *mistakes) {
  char quoted[600], text[480];
  for (const char *line = mistakes; *line;) {
    size_t size = strcspn (line, "\n");
    snprintf (text, sizeof text, "%.*s", (int)size, line);
    mns_log (MNS_LOG_ERROR, WHO, "catalogue.mistake", "at=%s", mns_log_quote (text, quoted, sizeof quoted));
    line += size + (line[size] == '\n');
  }
}

static mns_rc_t write_default (const char *folder, const char *name, const char *path, mns_error_t *error) {
  char embedded[64];
  snprintf (embedded, sizeof embedded, "catalogue/%s.yaml", name);
  const mns_embedded_t *file = mns_embedded_find (mns_embedded_notifications, embedded);
  mns_rc_t rc = mns_dir_make (folder, 0700, error);
  return rc == MNS_OK ? mns_dir_write_file (path, file->text, file->size, 0600, error) : rc;
}

static mns_rc_t load_file (notifications_catalogue_t *catalogue, const char *folder, const char *name,
                           mns_error_t *error) {
  char file[64], path[MNS_PATH_MAX];
  mns_error_t missing = {0};
  snprintf (file, sizeof file, "%s.yaml", name);
  mns_rc_t rc = mns_dir_join (path, folder, file, error);
  if (rc != MNS_OK)
    return rc;
  mns_yaml_t *yaml = mns_yaml_open (path, &missing);
  if (!yaml && missing.rc == MNS_NOT_FOUND) {
    if ((rc = write_default (folder, name, path, error)) != MNS_OK)
      return rc;
    yaml = mns_yaml_open (path, &missing);
  }
  if (!yaml)
    return mns_fail (error, missing.rc, missing.where, "%s", missing.detail);
  rc = notifications_catalogue_read (catalogue, name, yaml, error);
  if (rc != MNS_OK)
    log_mistakes (mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
  return rc;
}

mns_rc_t notifications_catalogue_load (notifications_catalogue_t *catalogue, const char *data, mns_error_t *error) {
  static const char *const files[] = {"templates", "recipients", "rules"};
  char folder[MNS_PATH_MAX];
  *catalogue = (notifications_catalogue_t){0};
  mns_rc_t rc = mns_dir_join (folder, data, "catalogue", error);
  for (size_t i = 0; rc == MNS_OK && i < sizeof files / sizeof files[0]; i++)
    rc = load_file (catalogue, folder, files[i], error);
  if (rc != MNS_OK)
    notifications_catalogue_fini (catalogue);
  return rc;
}

void notifications_catalogue_fini (notifications_catalogue_t *catalogue) {
  free (catalogue->rules);
  free (catalogue->templates);
  free (catalogue->recipients);
  *catalogue = (notifications_catalogue_t){0};
}
