/* The reference of a record, from the same list that gives its struct: a Markdown table and a JSON Schema. */
#include "common/record.h"
#include <inttypes.h>
#include <string.h>

static const struct {
  const char *word, *json_type;
} kinds[] = {
    [MNS_KIND_TEXT] = {"text", "string"},   [MNS_KIND_ID] = {"id", "integer"},    [MNS_KIND_INT] = {"int", "integer"},
    [MNS_KIND_FEN] = {"fen", "integer"},    [MNS_KIND_DATE] = {"date", "string"}, [MNS_KIND_TIME] = {"time", "string"},
    [MNS_KIND_PLACE] = {"place", "string"}, [MNS_KIND_CODE] = {"code", "string"}, [MNS_KIND_UUID] = {"uuid", "string"},
    [MNS_KIND_LIST] = {"list", "array"},
};

/* ---- Markdown ---------------------------------------------------------------------------------------------------- */

static void describe_bounds (const mns_field_t *field, mns_buffer_t *out) {
  switch (field->kind) {
  case MNS_KIND_TEXT:
    mns_buffer_printf (out, "≤ %" PRId64 " bytes", field->max);
    break;
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
    mns_buffer_printf (out, "%" PRId64 " … %" PRId64, field->min, field->max);
    break;
  case MNS_KIND_CODE:
    mns_buffer_printf (out, "table %s", field->codes->name);
    break;
  case MNS_KIND_LIST:
    mns_buffer_printf (out, "≤ %" PRIu32 " × %s", field->capacity, field->item->name);
    break;
  default:
    break;
  }
}

static const char *describe_flags (const mns_field_t *field) {
  static const char *const words[] = {"", "required", "personal", "required, personal"};
  return words[field->flags & (MNS_REQUIRED | MNS_PERSONAL)];
}

void mns_record_markdown (const mns_record_type_t *type, mns_buffer_t *out) {
  mns_buffer_printf (out, "## %s\n\n%s · %s · version %u\n\n", type->name, type->en, type->zh, type->version);
  mns_buffer_printf (out, "| field | kind | bounds | | meaning | 含义 |\n|---|---|---|---|---|---|\n");
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    mns_buffer_printf (out, "| `%s` | %s | ", field->name, kinds[field->kind].word);
    describe_bounds (field, out);
    mns_buffer_printf (out, " | %s | %s | %s |\n", describe_flags (field), field->en, field->zh);
  }
  mns_buffer_printf (out, "\n");
}

/* ---- JSON Schema ------------------------------------------------------------------------------------------------- */

static json_t *words_of (const mns_code_table_t *table) {
  json_t *words = json_array ();
  for (uint16_t i = 0; i < table->count; i++)
    json_array_append_new (words, json_string (table->rows[i].word));
  return words;
}

static json_t *object_schema (const mns_record_type_t *type);

static void add_bounds (const mns_field_t *field, json_t *schema) {
  switch (field->kind) {
  case MNS_KIND_TEXT:
    json_object_set_new (schema, "maxLength", json_integer (field->max));
    break;
  case MNS_KIND_ID:
    json_object_set_new (schema, "minimum", json_integer (1));
    break;
  case MNS_KIND_INT:
  case MNS_KIND_FEN:
    json_object_set_new (schema, "minimum", json_integer (field->min));
    json_object_set_new (schema, "maximum", json_integer (field->max));
    break;
  case MNS_KIND_DATE:
    json_object_set_new (schema, "format", json_string ("date"));
    break;
  case MNS_KIND_TIME:
    json_object_set_new (schema, "format", json_string ("date-time"));
    break;
  case MNS_KIND_PLACE:
    json_object_set_new (schema, "pattern", json_string ("^[1-9][0-9]{11}$"));
    break;
  case MNS_KIND_CODE:
    json_object_set_new (schema, "enum", words_of (field->codes));
    break;
  case MNS_KIND_UUID:
    json_object_set_new (schema, "format", json_string ("uuid"));
    break;
  case MNS_KIND_LIST:
    json_object_set_new (schema, "maxItems", json_integer (field->capacity));
    json_object_set_new (schema, "items", object_schema (field->item));
    break;
  }
}

static json_t *field_schema (const mns_field_t *field) {
  json_t *schema = json_object ();
  json_object_set_new (schema, "type", json_string (kinds[field->kind].json_type));
  json_object_set_new (schema, "title", json_string (field->zh));
  json_object_set_new (schema, "description", json_string (field->en));
  add_bounds (field, schema);
  return schema;
}

static json_t *object_schema (const mns_record_type_t *type) {
  json_t *schema = json_object (), *properties = json_object (), *required = json_array ();
  for (uint16_t i = 0; i < type->field_count; i++) {
    const mns_field_t *field = &type->fields[i];
    json_object_set_new (properties, field->name, field_schema (field));
    if ((field->flags & MNS_REQUIRED) != 0)
      json_array_append_new (required, json_string (field->name));
  }
  json_object_set_new (schema, "title", json_string (type->zh));
  json_object_set_new (schema, "description", json_string (type->en));
  json_object_set_new (schema, "type", json_string ("object"));
  json_object_set_new (schema, "properties", properties);
  json_object_set_new (schema, "required", required);
  json_object_set_new (schema, "additionalProperties", json_false ());
  return schema;
}

json_t *mns_record_json_schema (const mns_record_type_t *type) {
  json_t *schema = json_object (), *object = object_schema (type);
  json_object_set_new (schema, "$schema", json_string ("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new (schema, "$id", json_sprintf ("urn:minsheng:record:%s:%u", type->name, type->version));
  json_object_update (schema, object);
  json_decref (object);
  return schema;
}
