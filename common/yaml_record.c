/* Records from a YAML document: every field is read, and whatever is wrong is noted at its place and passed over. */
#include "common/yaml_document.h"

#include "common/record_field.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_MAX = 1 << 28 }; /* bytes of one array of records */

/* Where the reader stands, as mistakes name it: "rates[2].amount". Grown on the way down, cut on the way up. */
typedef struct {
  mns_yaml_t *yaml;
  mns_buffer_t path;
} reader_t;

static void read_mapping (reader_t *reader, const yaml_node_t *node, const mns_record_type_t *type, void *record);

static const char *path_of (reader_t *reader) {
  *mns_buffer_reserve (&reader->path, 1) = '\0';
  return (const char *)reader->path.data;
}

static size_t enter_key (reader_t *reader, const char *key) {
  size_t outer = reader->path.size;
  mns_buffer_printf (&reader->path, "%s%s", outer > 0 ? "." : "", key);
  return outer;
}

static size_t enter_item (reader_t *reader, size_t index) {
  size_t outer = reader->path.size;
  mns_buffer_printf (&reader->path, "[%zu]", index);
  return outer;
}

static void leave (reader_t *reader, size_t outer) {
  reader->path.size = outer;
}

/* ---- along the fields -------------------------------------------------------------------------------------------- */

static void read_list (reader_t *reader, const yaml_node_t *node, const mns_field_t *field, void *record) {
  mns_yaml_t *yaml = reader->yaml;
  if (!mns_yaml_expect (yaml, node, YAML_SEQUENCE_NODE, path_of (reader), "a list of mappings"))
    return;
  size_t count = mns_yaml_items (node);
  if (count > field->capacity) {
    mns_yaml_blame (yaml, node, path_of (reader), "%zu items, at most %u are allowed", count, field->capacity);
    return;
  }
  mns_field_set_count (field, record, (uint16_t)count);
  for (size_t i = 0; i < count; i++) {
    size_t outer = enter_item (reader, i);
    read_mapping (reader, mns_yaml_item (yaml, node, i), field->item, mns_field_item_at (field, record, i));
    leave (reader, outer);
  }
}

static void read_scalar (reader_t *reader, const yaml_node_t *node, const mns_field_t *field, void *record) {
  if (!mns_yaml_expect (reader->yaml, node, YAML_SCALAR_NODE, path_of (reader), "a single value"))
    return;
  const char *text = mns_yaml_text (node);
  mns_error_t error;
  if (text == NULL)
    mns_yaml_blame (reader->yaml, node, path_of (reader), "a zero character is not allowed");
  else if (mns_field_parse (field, record, text, &error) != MNS_OK)
    mns_yaml_blame (reader->yaml, node, path_of (reader), "%s", error.detail);
}

/* `mapping` may be NULL: nothing is given. */
static void read_field (reader_t *reader, const yaml_node_t *mapping, const mns_field_t *field, void *record) {
  mns_yaml_t *yaml = reader->yaml;
  size_t pair = mapping != NULL ? mns_yaml_find (yaml, mapping, field->name) : 0;
  const yaml_node_t *value = NULL;
  if (mapping != NULL && pair < mns_yaml_pairs (mapping))
    value = mns_yaml_value (yaml, mapping, pair);
  size_t outer = enter_key (reader, field->name), before = yaml->mistake_count;
  if (value != NULL && !mns_yaml_is_null (value)) {
    if (field->kind == MNS_KIND_LIST)
      read_list (reader, value, field, record);
    else
      read_scalar (reader, value, field, record);
  }
  bool missing = (field->flags & MNS_REQUIRED) != 0 && mns_field_absent (field, record);
  if (missing && yaml->mistake_count == before)
    mns_yaml_blame (yaml, value != NULL ? value : mapping, path_of (reader), "%s (%s) must be given", field->en,
                    field->zh);
  leave (reader, outer);
}

static void list_names (const mns_record_type_t *type, mns_buffer_t *out) {
  for (uint16_t i = 0; i < type->field_count; i++)
    mns_buffer_printf (out, "%s%s", out->size > 0 ? ", " : "", type->fields[i].name);
}

static void blame_unknown (reader_t *reader, const yaml_node_t *mapping, const mns_record_type_t *type) {
  for (size_t i = 0; i < mns_yaml_pairs (mapping); i++) {
    const yaml_node_t *key = mns_yaml_key (reader->yaml, mapping, i);
    const char *word = mns_yaml_text (key);
    if (word == NULL || mns_record_field (type, word) != NULL)
      continue;
    mns_buffer_t known = {0};
    list_names (type, &known);
    size_t outer = enter_key (reader, word);
    mns_yaml_blame (reader->yaml, key, path_of (reader), "unknown key; known here: %s", (const char *)known.data);
    leave (reader, outer);
    mns_buffer_fini (&known);
  }
}

static void read_mapping (reader_t *reader, const yaml_node_t *node, const mns_record_type_t *type, void *record) {
  mns_record_clear (type, record);
  if (!mns_yaml_expect (reader->yaml, node, YAML_MAPPING_NODE, path_of (reader), "a mapping") ||
      !mns_yaml_check_keys (reader->yaml, node, path_of (reader)))
    return;
  for (uint16_t i = 0; i < type->field_count; i++)
    read_field (reader, node, &type->fields[i], record);
  blame_unknown (reader, node, type);
}

/* ---- what callers ask for ---------------------------------------------------------------------------------------- */

static void mark_read (mns_yaml_t *yaml, const yaml_node_t *root, const char *key) {
  size_t pair = mns_yaml_find (yaml, root, key);
  if (pair < mns_yaml_pairs (root))
    yaml->read[pair] = true;
}

static mns_rc_t since (const mns_yaml_t *yaml, size_t mistakes_before) {
  return yaml->broken || yaml->mistake_count > mistakes_before ? MNS_INVALID : MNS_OK;
}

mns_rc_t mns_yaml_record (mns_yaml_t *yaml, const mns_record_type_t *type, void *record) {
  size_t before = yaml->mistake_count;
  const yaml_node_t *root = mns_yaml_root (yaml);
  reader_t reader = {.yaml = yaml};
  mns_record_clear (type, record);
  list_names (type, &yaml->known);
  for (uint16_t i = 0; i < type->field_count && !yaml->broken; i++) {
    if (root != NULL)
      mark_read (yaml, root, type->fields[i].name);
    read_field (&reader, root, &type->fields[i], record);
  }
  mns_buffer_fini (&reader.path);
  return since (yaml, before);
}

/* The list under a root key, or NULL when there is none or it is unfit. */
static const yaml_node_t *find_list (mns_yaml_t *yaml, const char *key, size_t item_size) {
  const yaml_node_t *root = mns_yaml_root (yaml);
  size_t pair = root != NULL ? mns_yaml_find (yaml, root, key) : 0;
  if (root == NULL || pair == mns_yaml_pairs (root))
    return NULL;
  const yaml_node_t *list = mns_yaml_value (yaml, root, pair);
  if (mns_yaml_is_null (list) || !mns_yaml_expect (yaml, list, YAML_SEQUENCE_NODE, key, "a list of mappings"))
    return NULL;
  if (mns_yaml_items (list) <= RECORDS_MAX / item_size)
    return list;
  mns_yaml_blame (yaml, list, key, "%zu items are too many", mns_yaml_items (list));
  return NULL;
}

mns_rc_t mns_yaml_records (mns_yaml_t *yaml, const char *key, const mns_record_type_t *type, void **records,
                           size_t *count) {
  size_t before = yaml->mistake_count;
  const yaml_node_t *root = mns_yaml_root (yaml);
  mns_buffer_printf (&yaml->known, "%s%s", yaml->known.size > 0 ? ", " : "", key);
  *records = NULL;
  *count = 0;
  if (root != NULL)
    mark_read (yaml, root, key);
  const yaml_node_t *list = find_list (yaml, key, type->size);
  size_t items = list != NULL ? mns_yaml_items (list) : 0;
  if (items > 0)
    *records = mns_alloc (items * type->size);
  reader_t reader = {.yaml = yaml};
  enter_key (&reader, key);
  for (size_t i = 0; i < items; i++) {
    size_t outer = enter_item (&reader, i);
    read_mapping (&reader, mns_yaml_item (yaml, list, i), type, (char *)*records + i * type->size);
    leave (&reader, outer);
  }
  mns_buffer_fini (&reader.path);
  *count = items;
  return since (yaml, before);
}

/* The first pair whose key is the first `size` bytes of `name`. */
static size_t find_part (mns_yaml_t *yaml, const yaml_node_t *mapping, const char *name, size_t size) {
  char *key = mns_alloc (size + 1);
  memcpy (key, name, size);
  size_t pair = mns_yaml_find (yaml, mapping, key);
  free (key);
  return pair;
}

/* The deepest node on the way along "rates[2].amount" from `node`, which stands for the empty path. */
static const yaml_node_t *follow (mns_yaml_t *yaml, const yaml_node_t *node, const char *path) {
  while (path[0] != '\0' && node->type == YAML_MAPPING_NODE) {
    size_t size = strcspn (path, "[."), pair = find_part (yaml, node, path, size);
    if (pair == mns_yaml_pairs (node))
      return node;
    node = mns_yaml_value (yaml, node, pair);
    path += size;
    if (path[0] == '[') {
      char *end;
      size_t index = strtoul (path + 1, &end, 10);
      if (node->type != YAML_SEQUENCE_NODE || index >= mns_yaml_items (node))
        return node;
      node = mns_yaml_item (yaml, node, index);
      path = end + strspn (end, "]");
    }
    path += strspn (path, ".");
  }
  return node;
}

void mns_yaml_mistake (mns_yaml_t *yaml, const char *key, size_t index, const char *field, const char *format, ...) {
  const yaml_node_t *root = mns_yaml_root (yaml);
  reader_t reader = {.yaml = yaml};
  if (key != NULL) {
    enter_key (&reader, key);
    enter_item (&reader, index);
  }
  if (field != NULL)
    enter_key (&reader, field);
  const char *path = path_of (&reader);
  va_list arguments;
  va_start (arguments, format);
  mns_yaml_vblame (yaml, root != NULL ? follow (yaml, root, path) : NULL, path, format, arguments);
  va_end (arguments);
  mns_buffer_fini (&reader.path);
}
