/* What to do about a row that was refused, in plain words: what spreadsheets, typists and copied lists do to a file is
 * known, and most of it is seen in the cell itself. */
#ifndef MNS_IMPORT_ADVICE_H
#define MNS_IMPORT_ADVICE_H

#include "common/csv.h"
#include "common/records/load_records.h"

#define MNS_ADVICE_SIZE 320

/* `row` in the columns of `map`, as it was refused. "" when the reason says it all. `zh`: in Chinese. */
void mns_import_advice (const mns_csv_map_t *map, const mns_csv_row_t *row, const mns_row_outcome_t *refused, bool zh,
                        char advice[MNS_ADVICE_SIZE]);

#endif
