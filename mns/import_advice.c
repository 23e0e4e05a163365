/* A table of what goes wrong with rows, the surest signs first. Each test looks at the refused cell, the row, or the
 * reason, and may add what it found to the words. */
#include "mns/import_advice.h"

#include "common/text.h"
#include "mns/error.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MORE_SIZE         160
#define CODES_TOLD        12
#define NUMBER_DIGITS     18
#define FIRST_DAY_OF_1900 693594 /* day number of 1899-12-30, from which spreadsheets count */

typedef struct {
  const mns_csv_map_t *map;
  const mns_csv_row_t *row;
  const mns_row_outcome_t *refused;
  const mns_field_t *field; /* NULL: it is about the whole row */
  const char *cell;         /* "": the same */
  char more[MORE_SIZE];     /* what a test found, behind the words */
} trouble_t;

/* ---- the whole row ----------------------------------------------------------------------------------------------- */

static bool is_error (const trouble_t *it, mns_rc_t rc) {
  return strcmp (it->refused->error, mns_error_word (rc)) == 0;
}

static bool counts_differ (const trouble_t *it) {
  return !it->field && it->row->count != it->map->count;
}

static bool is_header_again (trouble_t *it) {
  size_t titles = 0;
  for (size_t i = 0; i < it->map->count && i < it->row->count; i++)
    titles += strcmp (it->row->cells[i], it->map->fields[i]->name) == 0 ||
              strcmp (it->row->cells[i], it->map->fields[i]->zh) == 0;
  return titles > 1 && titles + 1 >= it->map->count;
}

static bool is_total (trouble_t *it) {
  static const char *const words[] = {"合计", "小计", "总计", "total", "Total", "TOTAL"};
  for (size_t i = 0; i < it->row->count; i++)
    for (size_t j = 0; j < sizeof words / sizeof *words; j++)
      if (strcmp (it->row->cells[i], words[j]) == 0)
        return true;
  return false;
}

static bool is_set_apart_otherwise (trouble_t *it) {
  return counts_differ (it) && it->row->count == 1 && it->row->cells[0][strcspn (it->row->cells[0], ";\t|")] != '\0';
}

static bool is_too_many (trouble_t *it) {
  return counts_differ (it) && it->row->count > it->map->count;
}

static bool is_too_few (trouble_t *it) {
  return counts_differ (it) && it->row->count < it->map->count;
}

static bool is_quoting (trouble_t *it) {
  return !it->field && strstr (it->refused->detail, "quote") != NULL;
}

static bool is_encoding (trouble_t *it) {
  return is_error (it, MNS_BAD_UTF8);
}

static bool is_duplicate (trouble_t *it) {
  return is_error (it, MNS_LIKELY_DUPLICATE);
}

static bool is_foreign (trouble_t *it) {
  return is_error (it, MNS_FORBIDDEN);
}

/* ---- the cell ---------------------------------------------------------------------------------------------------- */

static bool is_narrow (trouble_t *it) {
  return strncmp (it->cell, "###", 3) == 0;
}

static bool is_failed_formula (trouble_t *it) {
  return it->cell[0] == '#' && strchr ("NRVD", it->cell[1]) != NULL && it->cell[1] != '\0';
}

/* 5.11E+17 */
static bool is_rounded (trouble_t *it) {
  size_t digits = strspn (it->cell, "0123456789.");
  const char *at = it->cell + digits;
  return digits > 0 && (*at == 'E' || *at == 'e') && at[1] == '+' && at[2 + strspn (at + 2, "0123456789")] == '\0';
}

static bool is_zero_filled (trouble_t *it) {
  return strspn (it->cell, "0123456789") == NUMBER_DIGITS && strcmp (it->cell + NUMBER_DIGITS - 3, "000") == 0 &&
         !is_error (it, MNS_LIKELY_DUPLICATE);
}

static bool is_of (const trouble_t *it, mns_kind_t kind) {
  return it->field && it->field->kind == kind && it->cell[0] != '\0';
}

static bool is_day_count (trouble_t *it) {
  char day[MNS_DATE_TEXT];
  int64_t count;
  if (!is_of (it, MNS_KIND_DATE) || !mns_text_parse_int (it->cell, &count) || count < 1 || count > 99999)
    return false;
  mns_date_format (mns_date_from_day_number ((int32_t)(count + FIRST_DAY_OF_1900)), day);
  snprintf (it->more, sizeof it->more, "%s", day);
  return true;
}

static bool is_lunar (trouble_t *it) {
  static const char *const signs[] = {"农历", "阴历", "旧历", "正月", "腊月", "冬月", "闰", "初", "廿"};
  for (size_t i = 0; is_of (it, MNS_KIND_DATE) && i < sizeof signs / sizeof *signs; i++)
    if (strstr (it->cell, signs[i]))
      return true;
  return false;
}

static bool has_time (trouble_t *it) {
  return is_of (it, MNS_KIND_DATE) && isdigit ((unsigned char)it->cell[0]) && strchr (it->cell, ':') != NULL;
}

/* 3/4/1990, 3-Apr-90, 90.4.3 */
static bool is_short_date (trouble_t *it) {
  return is_of (it, MNS_KIND_DATE) && strspn (it->cell, "0123456789") < 4 && strpbrk (it->cell, "/-. ") != NULL;
}

static bool is_no_day (trouble_t *it) {
  return is_of (it, MNS_KIND_DATE) && strspn (it->cell, "0123456789") >= 4 && strlen (it->cell) >= 8;
}

static bool fits (const trouble_t *it, const mns_field_t *field, const char *cell) {
  static _Alignas(16) char record[16384];
  if (it->map->type->size > sizeof record || field->kind == MNS_KIND_TEXT || cell[0] == '\0')
    return false;
  mns_record_clear (it->map->type, record);
  return mns_field_parse (field, record, cell, NULL) == MNS_OK;
}

/* The cell would do in another column, whose own does not: the two are swapped. */
static bool is_swapped (trouble_t *it) {
  for (size_t i = 0; it->field && i < it->map->count && i < it->row->count; i++) {
    const mns_field_t *other = it->map->fields[i];
    if (other == it->field || !fits (it, other, it->cell) || fits (it, other, it->row->cells[i]))
      continue;
    snprintf (it->more, sizeof it->more, "%s (%s)", other->name, other->zh);
    return true;
  }
  return false;
}

static bool is_no_code (trouble_t *it) {
  if (!is_error (it, MNS_UNKNOWN_CODE) || !it->field || !it->field->codes)
    return false;
  const mns_code_table_t *codes = it->field->codes;
  for (mns_code_t code = 1; code <= codes->count && codes->count <= CODES_TOLD; code++) {
    size_t used = strlen (it->more);
    snprintf (it->more + used, sizeof it->more - used, "%s%s", code > 1 ? ", " : "", mns_code_zh (codes, code));
  }
  return true;
}

static bool is_misread_number (trouble_t *it) {
  return is_error (it, MNS_BAD_CHECK);
}

static bool is_unknown_place (trouble_t *it) {
  return is_error (it, MNS_NOT_FOUND) && it->field && it->field->kind == MNS_KIND_PLACE;
}

static bool is_unseen (trouble_t *it) {
  return strstr (it->refused->detail, "cannot be seen") != NULL;
}

static bool is_two_lines (trouble_t *it) {
  return strstr (it->refused->detail, "line break") != NULL;
}

static bool is_missing (trouble_t *it) {
  return is_error (it, MNS_MISSING);
}

static bool is_too_long (trouble_t *it) {
  return is_error (it, MNS_TOO_LONG) && it->field;
}

/* ---- the words --------------------------------------------------------------------------------------------------- */

static const struct {
  bool (*is) (trouble_t *it);
  const char *en, *zh;
} table[] = {
    {is_duplicate, "compare the two (mns person show); really another person: set confirm to yes and import again",
     "请与该人核对（mns person show）；确为另一人的，将“确认为另一人”填 yes 后重新导入"},
    {is_header_again, "the titles stand here once more: delete this line", "标题行重复出现，请删除此行"},
    {is_total, "this is a line of totals: delete it", "这是合计行，请删除"},
    {is_set_apart_otherwise, "set the cells apart by commas: save the file as CSV UTF-8 (comma delimited)",
     "请用逗号分隔：另存为“CSV UTF-8（逗号分隔）”"},
    {is_quoting, "write a quote inside a cell twice, and a cell with a comma, quote or line break in quotes",
     "单元格内的引号要写两次；含逗号、引号或换行的单元格要加引号"},
    {is_too_many, "a comma belongs to a cell: put that cell in quotes, or delete the cells that are too many",
     "某单元格内含逗号：请给它加引号，或删去多出的单元格"},
    {is_too_few, "cells are missing: an empty one needs its comma, too", "缺少单元格：空单元格也要保留逗号"},
    {is_encoding, "enter the text again where \\x… stands, or save the whole file as CSV UTF-8",
     "请重新录入含 \\x… 的文字，或把整个文件另存为“CSV UTF-8”"},
    {is_foreign, "ask a clerk of that place, or an account for it", "请由当地经办人导入"},
    {is_narrow, "the column was too narrow when the sheet was saved: widen it, save and import again",
     "表格列宽不够：请加宽该列，另存后重新导入"},
    {is_failed_formula, "a formula of the sheet failed: enter the value itself", "公式出错：请直接填写内容"},
    {is_rounded,
     "the spreadsheet rounded the number, its last digits are lost: make the column text and enter it again "
     "from the document",
     "表格软件把号码变成了科学计数，末位已丢失：请把该列设为文本，按证件重新录入"},
    {is_zero_filled,
     "a spreadsheet keeps 15 digits and makes the rest zeros: make the column text and enter the number "
     "again from the document",
     "表格软件只保留 15 位，其余变成 0：请把该列设为文本，按证件重新录入"},
    {is_day_count, "this is a spreadsheet's day count; perhaps ", "这是表格软件的日期序号，可能是 "},
    {is_lunar, "this is a date of the lunar calendar: give the solar one", "这是农历日期，请填写公历日期"},
    {has_time, "leave the time of day out", "请去掉时刻，只留日期"},
    {is_swapped, "it looks like the cell of another column; are they swapped? It would do for ",
     "像是另一列的内容，是否填反了？可能属于 "},
    {is_short_date, "write year, month, day in this order: 1990-04-03", "请按年-月-日填写：1990-04-03"},
    {is_no_day, "there is no such day: look at the document", "没有这一天，请核对证件"},
    {is_no_code, "use a word or number of the table: ", "请填写代码表中的内容："},
    {is_misread_number, "compare it digit by digit with the identity card", "请与身份证逐位核对"},
    {is_unknown_place, "look the code up: mns place list --text NAME", "请查询代码：mns place list --text 名称"},
    {is_unseen, "it came along when the text was copied: delete the cell and type it in",
     "复制时带入了看不见的字符：请清空后重新录入"},
    {is_two_lines, "write it in one line", "请写成一行"},
    {is_too_long, "shorten it", "请缩短"},
    {is_missing, "fill it in", "请填写"},
};

static void find_cell (trouble_t *it) {
  for (size_t i = 0; i < it->map->count && i < it->row->count; i++)
    if (strcmp (it->map->fields[i]->name, it->refused->field) == 0) {
      it->field = it->map->fields[i];
      it->cell = it->row->cells[i];
    }
  if (!it->field)
    it->field = mns_record_field (it->map->type, it->refused->field);
}

void mns_import_advice (const mns_csv_map_t *map, const mns_csv_row_t *row, const mns_row_outcome_t *refused, bool zh,
                        char advice[MNS_ADVICE_SIZE]) {
  trouble_t it = {.map = map, .row = row, .refused = refused, .cell = ""};
  advice[0] = '\0';
  find_cell (&it);
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].is (&it)) {
      snprintf (advice, MNS_ADVICE_SIZE, "%s%s", zh ? table[i].zh : table[i].en, it.more);
      return;
    }
}
