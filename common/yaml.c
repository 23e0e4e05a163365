/* YAML into records. The document is loaded as libyaml's node tree, checked for depth and for what its aliases unfold
 * to, and then only read along the fields of records, so that no document can make the reader run away. */
#include "common/yaml_document.h"

#include "common/text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  FILE_MAX = 1 << 20,
  DEPTH_MAX = 16,
  UNFOLDED_MAX = 1 << 20, /* nodes, each counted as often as aliases repeat it */
  MISTAKES_MAX = 1000
};

typedef struct {
  uint32_t size;  /* nodes in the unfolded tree; 0: not counted yet */
  uint8_t height; /* levels below */
} extent_t;

/* ---- mistakes ---------------------------------------------------------------------------------------------------- */

static void add_mistake (mns_yaml_t *yaml, size_t line, size_t column, const char *path, const char *reason) {
  if (yaml->mistake_count == MISTAKES_MAX)
    return;
  mns_buffer_t text = {0};
  mns_buffer_printf (&text, "%s%s%s", path, path[0] != '\0' ? ": " : "", reason);
  yaml->mistakes = mns_realloc (yaml->mistakes, (yaml->mistake_count + 1) * sizeof *yaml->mistakes);
  yaml->mistakes[yaml->mistake_count] = (mns_yaml_mistake_t){line, column, yaml->mistake_count, (char *)text.data};
  yaml->mistake_count++;
}

void mns_yaml_vblame (mns_yaml_t *yaml, const yaml_node_t *node, const char *path, const char *format,
                      va_list arguments) {
  char reason[1024];
  vsnprintf (reason, sizeof reason, format, arguments);
  mns_text_repair (reason);
  if (node == NULL)
    add_mistake (yaml, 1, 1, path, reason);
  else
    add_mistake (yaml, node->start_mark.line + 1, node->start_mark.column + 1, path, reason);
}

void mns_yaml_blame (mns_yaml_t *yaml, const yaml_node_t *node, const char *path, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  mns_yaml_vblame (yaml, node, path, format, arguments);
  va_end (arguments);
}

static int by_place (const void *a, const void *b) {
  const mns_yaml_mistake_t *x = a, *y = b;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static void sort_mistakes (mns_yaml_t *yaml) {
  if (yaml->mistake_count > 1)
    qsort (yaml->mistakes, yaml->mistake_count, sizeof *yaml->mistakes, by_place);
}

const char *mns_yaml_mistakes (mns_yaml_t *yaml) {
  sort_mistakes (yaml);
  mns_buffer_clear (&yaml->rendered);
  mns_buffer_printf (&yaml->rendered, "%s", "");
  for (size_t i = 0; i < yaml->mistake_count; i++) {
    const mns_yaml_mistake_t *mistake = &yaml->mistakes[i];
    mns_buffer_printf (&yaml->rendered, "%s:%zu:%zu: %s\n", yaml->name, mistake->line, mistake->column, mistake->text);
  }
  return (const char *)yaml->rendered.data;
}

static void blame_unread (mns_yaml_t *yaml, const yaml_node_t *root) {
  for (size_t i = 0; i < mns_yaml_pairs (root); i++) {
    const yaml_node_t *key = mns_yaml_key (yaml, root, i);
    const char *word = mns_yaml_text (key);
    if (word != NULL && !yaml->read[i] && mns_yaml_find (yaml, root, word) == i)
      mns_yaml_blame (yaml, key, word, "unknown key; known here: %s",
                      yaml->known.size > 0 ? (const char *)yaml->known.data : "none");
  }
}

mns_rc_t mns_yaml_finish (mns_yaml_t *yaml, mns_error_t *error) {
  const yaml_node_t *root = mns_yaml_root (yaml);
  if (root != NULL)
    blame_unread (yaml, root);
  if (yaml->mistake_count == 0)
    return MNS_OK;
  sort_mistakes (yaml);
  const mns_yaml_mistake_t *first = &yaml->mistakes[0];
  mns_buffer_t where = {0};
  mns_buffer_printf (&where, "%s:%zu:%zu", yaml->name, first->line, first->column);
  size_t more = yaml->mistake_count - 1;
  mns_rc_t rc = more == 0
                    ? mns_fail (error, MNS_INVALID, (const char *)where.data, "%s", first->text)
                    : mns_fail (error, MNS_INVALID, (const char *)where.data, "%s (and %zu more)", first->text, more);
  mns_buffer_fini (&where);
  return rc;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static const yaml_node_t *node_of (mns_yaml_t *yaml, int id) {
  return yaml_document_get_node (&yaml->document, id);
}

const yaml_node_t *mns_yaml_root (mns_yaml_t *yaml) {
  return yaml->loaded ? yaml_document_get_root_node (&yaml->document) : NULL;
}

size_t mns_yaml_pairs (const yaml_node_t *mapping) {
  return (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
}

size_t mns_yaml_items (const yaml_node_t *sequence) {
  return (size_t)(sequence->data.sequence.items.top - sequence->data.sequence.items.start);
}

/* A scalar's text, or NULL when it is no scalar or has a zero character. */
const char *mns_yaml_text (const yaml_node_t *node) {
  if (node == NULL || node->type != YAML_SCALAR_NODE)
    return NULL;
  const char *text = (const char *)node->data.scalar.value;
  return strlen (text) == node->data.scalar.length ? text : NULL;
}

bool mns_yaml_is_null (const yaml_node_t *node) {
  const char *text = mns_yaml_text (node);
  return text != NULL && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
         (text[0] == '\0' || strcmp (text, "~") == 0 || strcmp (text, "null") == 0);
}

static bool key_is (mns_yaml_t *yaml, const yaml_node_t *mapping, size_t pair, const char *key) {
  const char *text = mns_yaml_text (node_of (yaml, mapping->data.mapping.pairs.start[pair].key));
  return text != NULL && strcmp (text, key) == 0;
}

/* The first pair of that key, or the number of pairs. */
size_t mns_yaml_find (mns_yaml_t *yaml, const yaml_node_t *mapping, const char *key) {
  size_t i = 0;
  while (i < mns_yaml_pairs (mapping) && !key_is (yaml, mapping, i, key))
    i++;
  return i;
}

const yaml_node_t *mns_yaml_key (mns_yaml_t *yaml, const yaml_node_t *mapping, size_t pair) {
  return node_of (yaml, mapping->data.mapping.pairs.start[pair].key);
}

const yaml_node_t *mns_yaml_item (mns_yaml_t *yaml, const yaml_node_t *sequence, size_t index) {
  return node_of (yaml, sequence->data.sequence.items.start[index]);
}

const yaml_node_t *mns_yaml_value (mns_yaml_t *yaml, const yaml_node_t *mapping, size_t pair) {
  return node_of (yaml, mapping->data.mapping.pairs.start[pair].value);
}

static const char *kind_of (const yaml_node_t *node) {
  return node->type == YAML_MAPPING_NODE    ? "a mapping"
         : node->type == YAML_SEQUENCE_NODE ? "a list"
         : mns_yaml_is_null (node)          ? "nothing"
                                            : "a single value";
}

bool mns_yaml_expect (mns_yaml_t *yaml, const yaml_node_t *node, yaml_node_type_t type, const char *path,
                      const char *expected) {
  if (node->type == type)
    return true;
  mns_yaml_blame (yaml, node, path, "%s is expected here, not %s", expected, kind_of (node));
  return false;
}

/* Keys that are no text and keys given twice. */
bool mns_yaml_check_keys (mns_yaml_t *yaml, const yaml_node_t *mapping, const char *path) {
  size_t count = mns_yaml_pairs (mapping);
  if (count > MNS_YAML_KEYS_MAX) {
    mns_yaml_blame (yaml, mapping, path, "%zu keys in one mapping, at most %d are allowed", count, MNS_YAML_KEYS_MAX);
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *key = mns_yaml_key (yaml, mapping, i);
    const char *text = mns_yaml_text (key);
    size_t first = text != NULL ? mns_yaml_find (yaml, mapping, text) : i;
    if (text == NULL)
      mns_yaml_blame (yaml, key, path, "a key must be a word");
    else if (first < i)
      mns_yaml_blame (yaml, key, path, "%s is given twice, first in line %zu", text,
                      mns_yaml_key (yaml, mapping, first)->start_mark.line + 1);
  }
  return true;
}

/* ---- loading ----------------------------------------------------------------------------------------------------- */

static bool measure (mns_yaml_t *yaml, extent_t *extents, int id, unsigned level);

static bool measure_child (mns_yaml_t *yaml, extent_t *extents, int id, unsigned level, extent_t *sum) {
  if (!measure (yaml, extents, id, level + 1))
    return false;
  const extent_t *child = &extents[id - 1];
  sum->size += child->size;
  if (sum->height < child->height + 1)
    sum->height = (uint8_t)(child->height + 1);
  if (sum->size <= UNFOLDED_MAX && level + sum->height <= DEPTH_MAX)
    return true;
  mns_yaml_blame (yaml, node_of (yaml, id), "", "aliases and lists unfold to more than %d values or %d levels",
                  UNFOLDED_MAX, DEPTH_MAX);
  return false;
}

/* Counts each node once, whatever points to it; an alias into itself ends at the deepest level allowed. */
static bool measure (mns_yaml_t *yaml, extent_t *extents, int id, unsigned level) {
  const yaml_node_t *node = node_of (yaml, id);
  if (extents[id - 1].size > 0)
    return true;
  if (level > DEPTH_MAX) {
    mns_yaml_blame (yaml, node, "", "nested deeper than %d levels", DEPTH_MAX);
    return false;
  }
  extent_t sum = {1, 0};
  if (node->type == YAML_SEQUENCE_NODE)
    for (size_t i = 0; i < mns_yaml_items (node); i++)
      if (!measure_child (yaml, extents, node->data.sequence.items.start[i], level, &sum))
        return false;
  if (node->type == YAML_MAPPING_NODE)
    for (size_t i = 0; i < mns_yaml_pairs (node); i++)
      if (!measure_child (yaml, extents, node->data.mapping.pairs.start[i].key, level, &sum) ||
          !measure_child (yaml, extents, node->data.mapping.pairs.start[i].value, level, &sum))
        return false;
  extents[id - 1] = sum;
  return true;
}

static bool check_extent (mns_yaml_t *yaml) {
  size_t count = (size_t)(yaml->document.nodes.top - yaml->document.nodes.start);
  extent_t *extents = mns_alloc ((count + 1) * sizeof *extents);
  bool good = count == 0 || measure (yaml, extents, 1, 0);
  free (extents);
  return good;
}

/* The reader, unlike the parser, knows only a number of bytes. */
static void blame_parser (mns_yaml_t *yaml, const yaml_parser_t *parser, const char *text, size_t size) {
  size_t line = parser->problem_mark.line, column = parser->problem_mark.column;
  if (parser->error == YAML_READER_ERROR) {
    line = column = 0;
    for (size_t i = 0; i < parser->problem_offset && i < size; i++) {
      column = text[i] == '\n' ? 0 : column + 1;
      line += text[i] == '\n';
    }
  }
  const char *context = parser->context != NULL ? parser->context : "not YAML";
  add_mistake (yaml, line + 1, column + 1, context, parser->problem != NULL ? parser->problem : "no memory");
}

static void refuse_second (mns_yaml_t *yaml, yaml_parser_t *parser, const char *text, size_t size) {
  yaml_document_t next;
  if (!yaml_parser_load (parser, &next)) {
    blame_parser (yaml, parser, text, size);
    return;
  }
  const yaml_node_t *root = yaml_document_get_root_node (&next);
  if (root != NULL)
    mns_yaml_blame (yaml, root, "", "only one document is allowed in a file");
  yaml_document_delete (&next);
}

static void load (mns_yaml_t *yaml, const char *text, size_t size) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize (&parser)) {
    add_mistake (yaml, 1, 1, "", "no memory");
    return;
  }
  yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (&parser, (const unsigned char *)text, size);
  yaml->loaded = yaml_parser_load (&parser, &yaml->document) != 0;
  if (yaml->loaded && yaml_document_get_root_node (&yaml->document) != NULL)
    refuse_second (yaml, &parser, text, size);
  else if (!yaml->loaded)
    blame_parser (yaml, &parser, text, size);
  yaml_parser_delete (&parser);
}

/* A document that is not fit to be walked is dropped; the mistake says why. */
static void check_document (mns_yaml_t *yaml) {
  const yaml_node_t *root = mns_yaml_root (yaml);
  if (root == NULL || mns_yaml_is_null (root))
    root = NULL;
  else if (check_extent (yaml) && mns_yaml_expect (yaml, root, YAML_MAPPING_NODE, "", "a mapping of keys") &&
           mns_yaml_check_keys (yaml, root, ""))
    return;
  if (yaml->loaded)
    yaml_document_delete (&yaml->document);
  yaml->loaded = false;
  yaml->broken = yaml->mistake_count > 0;
}

mns_yaml_t *mns_yaml_from_text (const char *name, const char *text, size_t size) {
  mns_yaml_t *yaml = mns_alloc (sizeof *yaml);
  yaml->name = mns_strdup (name);
  if (size > FILE_MAX)
    mns_yaml_blame (yaml, NULL, "", "the file has more than %d bytes", FILE_MAX);
  else
    load (yaml, text, size);
  check_document (yaml);
  return yaml;
}

mns_yaml_t *mns_yaml_open (const char *path, mns_error_t *error) {
  FILE *file = fopen (path, "rb");
  if (file == NULL) {
    mns_fail (error, errno == ENOENT ? MNS_NOT_FOUND : MNS_IO, path, "cannot be opened: %s", strerror (errno));
    return NULL;
  }
  char *text = mns_alloc (FILE_MAX + 1);
  size_t size = fread (text, 1, FILE_MAX + 1, file);
  mns_yaml_t *yaml = NULL;
  if (ferror (file))
    mns_fail (error, MNS_IO, path, "cannot be read: %s", strerror (errno));
  else
    yaml = mns_yaml_from_text (path, text, size);
  free (text);
  fclose (file);
  return yaml;
}

void mns_yaml_destroy (mns_yaml_t **yaml) {
  mns_yaml_t *self = *yaml;
  if (self == NULL)
    return;
  if (self->loaded)
    yaml_document_delete (&self->document);
  for (size_t i = 0; i < self->mistake_count; i++)
    free (self->mistakes[i].text);
  free (self->mistakes);
  mns_buffer_fini (&self->known);
  mns_buffer_fini (&self->rendered);
  free (self->name);
  free (self);
  *yaml = NULL;
}
