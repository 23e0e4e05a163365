/* A record described once.
 *
 * An X-macro field list gives a plain C struct and a `const` descriptor; walkers over the descriptor give every other
 * form: MessagePack, JSON, CSV, SQL, YAML, command-line flags, validation, reference docs.
 *
 *   #define MNS_PET_FIELDS(F, T)                                                     \
 *     F (T, ID,    pet,     0,           MNS_REQUIRED, "Number of the pet", "编号")   \
 *     F (T, TEXT,  name,    200,         MNS_REQUIRED, "Its name", "名字")            \
 *     F (T, CODE,  sex,     mns_sex,     0,            "Sex", "性别")                 \
 *     F (T, INT,   legs,    (0, 8),      0,            "Legs", "腿数")                \
 *     F (T, LIST,  owners,  (owner, 4),  0,            "Owners", "主人")
 *   MNS_RECORD_DECLARE (pet, MNS_PET_FIELDS)                       in a header: mns_pet_t, mns_pet_type
 *   MNS_RECORD_DEFINE (pet, 1, MNS_PET_FIELDS, "A pet", "宠物")    in one source file
 *
 * | kind  | C                | absent   | MessagePack      | JSON   | CSV, flag, YAML            | SQL (STRICT)       |
 * | TEXT  | char[n + 1]      | ""       | str              | string | the text                   | TEXT               |
 * | ID    | uint64_t         | 0        | uint             | number | decimal                    | INTEGER            |
 * | INT   | int64_t          | MNS_NONE | int              | number | decimal                    | INTEGER            |
 * | FEN   | int64_t          | MNS_NONE | int              | number | decimal fen                | INTEGER            |
 * | DATE  | mns_date_t       | 0        | str "2026-07-01" | string | 2026-07-01 (loose forms)   | INTEGER yyyymmdd   |
 * | TIME  | mns_time_t       | 0        | uint µs          | string | RFC 3339                   | INTEGER µs         |
 * | PLACE | mns_place_t      | 0        | str, 12 digits   | string | 2, 4, 6, 9 or 12 digits    | INTEGER            |
 * | CODE  | uint16_t index+1 | 0        | str, the word    | string | word, national code, zh    | TEXT, the word     |
 * | UUID  | mns_uuid_t       | zero     | bin 16           | string | 8-4-4-4-12                 | BLOB               |
 * | LIST  | items[], count   | count 0  | array of maps    | array  | not allowed (JSON in flag) | not allowed        |
 *
 * On the wire a record is a map of names: absent is left out, unknown names are skipped, doubles and repeated names
 * are refused. Bounds of TEXT are bytes (4 per character). A record has at most 64 fields. Records begin with
 * mns_record_clear, never {0}; are compared with mns_record_equal, never memcmp; own nothing, are copied by value. */
#ifndef MNS_COMMON_RECORD_H
#define MNS_COMMON_RECORD_H

#include "common/buffer.h"
#include "common/date.h"
#include "common/fen.h"
#include "common/id.h"
#include "mns/error.h"
#include <jansson.h>
#include <sqlite3.h>

typedef int64_t mns_place_t; /* 12-digit division code, 0 absent */
typedef uint16_t mns_code_t; /* index in its table + 1, 0 absent */

/* A code table. `word` is the form on every wire, `national` the standard's own code or "". */
typedef struct {
  const char *word, *national, *en, *zh;
} mns_code_row_t;
typedef struct {
  const char *name;
  const mns_code_row_t *rows;
  uint16_t count;
} mns_code_table_t;
mns_code_t mns_code_find (const mns_code_table_t *table, const char *text); /* word, national or zh; 0 unknown */
const char *mns_code_word (const mns_code_table_t *table, mns_code_t code); /* "" for 0 */
const char *mns_code_zh (const mns_code_table_t *table, mns_code_t code);

typedef enum {
  MNS_KIND_TEXT,
  MNS_KIND_ID,
  MNS_KIND_INT,
  MNS_KIND_FEN,
  MNS_KIND_DATE,
  MNS_KIND_TIME,
  MNS_KIND_PLACE,
  MNS_KIND_CODE,
  MNS_KIND_UUID,
  MNS_KIND_LIST
} mns_kind_t;

enum {
  MNS_REQUIRED = 1, /* absent is an error in mns_record_validate */
  MNS_PERSONAL = 2  /* identifies a person: masked in output unless asked for, never logged */
};

typedef struct mns_record_type mns_record_type_t;

typedef struct {
  const char *name;
  mns_kind_t kind;
  uint8_t flags, name_size;
  uint32_t offset, size;           /* in the struct; for LIST of the whole array */
  uint32_t count_offset, capacity; /* LIST only */
  int64_t min, max;                /* INT, FEN: bounds; TEXT: max bytes */
  const mns_code_table_t *codes;   /* CODE */
  const mns_record_type_t *item;   /* LIST */
  const char *en, *zh;
} mns_field_t;

struct mns_record_type {
  const char *name; /* "birth" */
  uint16_t version, field_count;
  uint32_t size; /* of the struct */
  const mns_field_t *fields;
  const char *en, *zh;
};

/* ---- the two expansions ------------------------------------------------------------------------------------------ */
/* clang-format off */
#define MNS_FIRST_(a, b) a
#define MNS_SECOND_(a, b) b
#define MNS_ITEM_T_(a, b) mns_##a##_t
#define MNS_ITEM_TYPE_(a, b) &mns_##a##_type

#define MNS_STRUCT_TEXT(name, arg)  char name[(arg) + 1];
#define MNS_STRUCT_ID(name, arg)    uint64_t name;
#define MNS_STRUCT_INT(name, arg)   int64_t name;
#define MNS_STRUCT_FEN(name, arg)   mns_fen_t name;
#define MNS_STRUCT_DATE(name, arg)  mns_date_t name;
#define MNS_STRUCT_TIME(name, arg)  mns_time_t name;
#define MNS_STRUCT_PLACE(name, arg) mns_place_t name;
#define MNS_STRUCT_CODE(name, arg)  mns_code_t name;
#define MNS_STRUCT_UUID(name, arg)  mns_uuid_t name;
#define MNS_STRUCT_LIST(name, arg)  MNS_ITEM_T_ arg name[MNS_SECOND_ arg]; uint16_t name##_count;
#define MNS_STRUCT_FIELD_(T, kind, name, arg, flags, en, zh) MNS_STRUCT_##kind (name, arg)

#define MNS_ARG_TEXT(T, name, arg)  .max = (arg)
#define MNS_ARG_ID(T, name, arg)    .max = 0
#define MNS_ARG_INT(T, name, arg)   .min = MNS_FIRST_ arg, .max = MNS_SECOND_ arg
#define MNS_ARG_FEN(T, name, arg)   .min = MNS_FIRST_ arg, .max = MNS_SECOND_ arg
#define MNS_ARG_DATE(T, name, arg)  .max = 0
#define MNS_ARG_TIME(T, name, arg)  .max = 0
#define MNS_ARG_PLACE(T, name, arg) .max = 0
#define MNS_ARG_CODE(T, name, arg)  .codes = &arg
#define MNS_ARG_UUID(T, name, arg)  .max = 0
#define MNS_ARG_LIST(T, name, arg)  .item = MNS_ITEM_TYPE_ arg, .capacity = MNS_SECOND_ arg, \
                                    .count_offset = offsetof (T, name##_count)
#define MNS_FIELD_(T, kind_, name_, arg, flags_, en_, zh_) \
  { .name = #name_, .name_size = sizeof #name_ - 1, .kind = MNS_KIND_##kind_, .flags = (flags_), \
    .offset = offsetof (T, name_), .size = sizeof (((T *) 0)->name_), MNS_ARG_##kind_ (T, name_, arg), .en = en_, .zh = zh_ },

#define MNS_RECORD_DECLARE(symbol, LIST) \
  typedef struct { LIST (MNS_STRUCT_FIELD_, 0) } mns_##symbol##_t; \
  extern const mns_record_type_t mns_##symbol##_type;
#define MNS_RECORD_DEFINE(symbol, version_, LIST, en_, zh_) \
  static const mns_field_t mns_##symbol##_fields[] = { LIST (MNS_FIELD_, mns_##symbol##_t) }; \
  _Static_assert (sizeof mns_##symbol##_fields / sizeof (mns_field_t) <= 64, "a record has at most 64 fields"); \
  const mns_record_type_t mns_##symbol##_type = { .name = #symbol, .version = (version_), \
    .field_count = sizeof mns_##symbol##_fields / sizeof (mns_field_t), .size = sizeof (mns_##symbol##_t), \
    .fields = mns_##symbol##_fields, .en = en_, .zh = zh_ };
/* clang-format on */

/* ---- any record -------------------------------------------------------------------------------------------------- */
void mns_record_clear (const mns_record_type_t *type, void *record); /* every field absent */
bool mns_record_equal (const mns_record_type_t *type, const void *a, const void *b);
/* Fields of the same name, kind and size go from one record to another; the others stay as they are. */
void mns_record_copy_fields (const mns_record_type_t *to_type, void *to, const mns_record_type_t *from_type,
                             const void *from);
const mns_field_t *mns_record_field (const mns_record_type_t *type, const char *name); /* NULL unknown */
bool mns_field_absent (const mns_field_t *field, const void *record);

/* Required fields, bounds, valid dates, codes and UTF-8; where = the field's name. Stops at the first error. */
mns_rc_t mns_record_validate (const mns_record_type_t *type, const void *record, mns_error_t *error);

/* One field from and to text: a CSV cell, a flag, a YAML scalar, an environment variable. "" is absent.
 * Format writes the wire form ("2026-07-01", "male"), cut at a character. LIST is refused by parse, "" by format. */
mns_rc_t mns_field_parse (const mns_field_t *field, void *record, const char *text, mns_error_t *error);
const char *mns_field_format (const mns_field_t *field, const void *record, char *text, size_t size);

/* ---- MessagePack ------------------------------------------------------------------------------------------------- */
void mns_record_pack (const mns_record_type_t *type, const void *record, mns_buffer_t *out);
/* Reads one record at `data`; `used` (may be NULL: then the record must fill `size` exactly) gets its bytes, so that a
 * sequence of records is read by calling again. Clears `record` first; bounded by depth, size and field bounds, no
 * allocation. Does not validate required fields. */
mns_rc_t mns_record_unpack (const mns_record_type_t *type, void *record, const void *data, size_t size, size_t *used,
                            mns_error_t *error);

/* ---- JSON -------------------------------------------------------------------------------------------------------- */
/* Masks every personal text of a record in place. */
void mns_record_mask (const mns_record_type_t *type, void *record);
/* A personal text as it may be shown: "王**", "****************1X". `size` of strlen + 1 always suffices. */
void mns_field_mask (const mns_field_t *field, const char *text, char *masked, size_t size);
/* A new object the caller owns. `mask` replaces PERSONAL text by stars (names keep their first character,
 * other texts their last two). */
json_t *mns_record_to_json (const mns_record_type_t *type, const void *record, bool mask);
/* Unknown members are an error that names them. */
mns_rc_t mns_record_from_json (const mns_record_type_t *type, void *record, const json_t *json, mns_error_t *error);

/* ---- SQL --------------------------------------------------------------------------------------------------------- */
/* Binds field i to parameter first + i (absent → NULL; text is bound SQLITE_STATIC: the record must live until the
 * step). Reads field i from column first + i. LIST fields must not be present in such a type. */
mns_rc_t mns_record_bind (const mns_record_type_t *type, const void *record, sqlite3_stmt *statement, int first);
mns_rc_t mns_record_read (const mns_record_type_t *type, void *record, sqlite3_stmt *statement, int first,
                          mns_error_t *error);
/* "household, name, sex": the column list; and "?1, ?2, …" placeholders from `first`. Appended to `out`. */
void mns_record_columns (const mns_record_type_t *type, mns_buffer_t *out);
void mns_record_placeholders (const mns_record_type_t *type, int first, mns_buffer_t *out);

/* ---- reference docs and schema ----------------------------------------------------------------------------------- */
void mns_record_markdown (const mns_record_type_t *type, mns_buffer_t *out); /* a heading and a table */
json_t *mns_record_json_schema (const mns_record_type_t *type);              /* JSON Schema 2020-12 */

#endif
