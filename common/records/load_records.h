/* What a bulk command answers, whichever service takes the rows: one `row_outcome` for each row that was not simply
 * created. A row that is not mentioned was created and gave no finding. The importer's row report is made of these. */
#ifndef MNS_RECORDS_LOAD_H
#define MNS_RECORDS_LOAD_H

#include "common/record.h"

extern const mns_code_table_t mns_row_result;
enum { MNS_ROW_CREATED = 1, MNS_ROW_EXISTS, MNS_ROW_REFUSED, MNS_ROW_WAITING };

/* clang-format off */
#define MNS_ROW_OUTCOME_FIELDS(F, T)                                                                                       \
  F (T, ID,    row,            0,                MNS_REQUIRED, "Row of the request, from 1", "行号")                       \
  F (T, CODE,  result,         mns_row_result,   MNS_REQUIRED, "created, exists, refused, or waiting for a second person", "结果")                       \
  F (T, TEXT,  error,          48,               0, "refused: word of the error table", "错误")                           \
  F (T, TEXT,  field,          48,               0, "Column it is about", "列")                                           \
  F (T, TEXT,  detail,         415,              0, "What is wrong and what to do, or what was noticed", "说明")           \
  F (T, ID,    person,         0,                0, "Register number of the person: created, found, or likely the same", "人员编号") \
  F (T, ID,    event,          0,                0, "Register number of the event", "事项编号")
/* clang-format on */
MNS_RECORD_DECLARE (row_outcome, MNS_ROW_OUTCOME_FIELDS)

#endif
