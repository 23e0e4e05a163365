/* Bodies as JSON. */
#include "mns/json_body.h"

#include "common/cli.h"
#include "common/dir.h"
#include "common/service.h"
#include "mns/loose.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 16 << 20, NAMES_MAX = 64 };

/* ---- reading text ------------------------------------------------------------------------------------------------ */

static mns_rc_t read_all (FILE *in, mns_buffer_t *text, mns_error_t *error) {
  size_t got;
  do {
    got = fread (mns_buffer_reserve (text, 65536), 1, 65536, in);
    text->size += got;
  } while (got > 0 && text->size <= TEXT_MAX);
  if (ferror (in))
    return mns_fail (error, MNS_IO, "-", "standard input cannot be read");
  return text->size > TEXT_MAX ? mns_fail (error, MNS_TOO_LARGE, "-", "more than %d MiB of JSON", TEXT_MAX >> 20)
                               : MNS_OK;
}

mns_rc_t mns_json_read (const char *argument, json_t **json, mns_error_t *error) {
  mns_buffer_t text = {0};
  json_error_t wrong;
  mns_rc_t rc = MNS_OK;
  const char *where = "JSON";
  *json = NULL;
  if (strcmp (argument, "-") == 0)
    rc = read_all (stdin, &text, error);
  else if (argument[0] == '@')
    rc = mns_dir_read_file (where = argument + 1, TEXT_MAX, &text, error);
  else
    mns_buffer_add (&text, argument, strlen (argument));
  if (rc == MNS_OK && text.size == 0)
    rc = mns_fail (error, MNS_INVALID, where, "there is no JSON: it is empty");
  if (rc == MNS_OK && !(*json = json_loadb ((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &wrong)))
    rc = mns_fail (error, MNS_INVALID, where, "this is no JSON, line %d column %d: %s", wrong.line, wrong.column,
                   wrong.text);
  mns_buffer_fini (&text);
  return rc;
}

/* ---- JSON to a body ---------------------------------------------------------------------------------------------- */

/* "births: there is no such field; did you mean 'birth'? The fields of person are: …" */
static mns_rc_t explain_unknown (const mns_record_type_t *type, const char *name, mns_error_t *error) {
  const char *names[NAMES_MAX + 1];
  mns_buffer_t all = {0};
  for (uint16_t i = 0; i < type->field_count; i++) {
    names[i] = type->fields[i].name;
    mns_buffer_printf (&all, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  names[type->field_count] = NULL;
  const char *near = mns_cli_nearest (name, names);
  mns_rc_t rc = mns_fail (error, MNS_INVALID, name, "%s has no such field%s%s%s Its fields: %s", type->name,
                          near ? "; did you mean '" : ".", near ? near : "", near ? "'?" : "",
                          all.data ? (const char *)all.data : "none");
  mns_buffer_fini (&all);
  return rc;
}

static mns_rc_t check_names (const mns_record_type_t *type, const json_t *json, mns_error_t *error) {
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)(uintptr_t)json, name, value) {
    if (mns_record_field (type, name) == NULL)
      return explain_unknown (type, name, error);
  }
  return MNS_OK;
}

static mns_rc_t pack_object (const mns_record_type_t *type, void *record, const json_t *json, mns_buffer_t *out,
                             mns_error_t *error) {
  if (!json_is_object (json))
    return mns_fail (error, MNS_INVALID, "JSON", "an object {…} is expected, or a list of them");
  if (!type)
    return mns_loose_write (json, out, error);
  mns_rc_t rc = check_names (type, json, error);
  if (rc == MNS_OK)
    rc = mns_record_from_json (type, record, json, error);
  if (rc == MNS_OK)
    rc = mns_record_validate (type, record, error);
  if (rc == MNS_OK)
    mns_record_pack (type, record, out);
  return rc;
}

mns_rc_t mns_json_pack (const mns_record_type_t *type, const json_t *json, mns_buffer_t *out, mns_error_t *error) {
  void *record = type ? mns_alloc (type->size) : NULL;
  mns_rc_t rc = MNS_OK;
  if (!json_is_array (json))
    rc = pack_object (type, record, json, out, error);
  for (size_t i = 0; json_is_array (json) && i < json_array_size (json) && rc == MNS_OK; i++)
    rc = pack_object (type, record, json_array_get (json, i), out, error);
  free (record);
  return rc;
}

/* ---- a body to JSON ---------------------------------------------------------------------------------------------- */

mns_rc_t mns_json_unpack (const mns_record_type_t *type, const void *data, size_t size, bool reveal, json_t **list,
                          mns_error_t *error) {
  if (!type)
    return mns_loose_read (data, size, list, error);
  const uint8_t *at = data;
  void *record = mns_alloc (type->size);
  mns_rc_t rc = MNS_OK;
  *list = json_array ();
  while (size > 0 && (rc = mns_sequence_next (type, record, &at, &size, error)) == MNS_OK)
    json_array_append_new (*list, mns_record_to_json (type, record, !reveal));
  free (record);
  if (rc == MNS_OK)
    return MNS_OK;
  json_decref (*list);
  *list = NULL;
  return rc;
}
