/* Bank files: DATA/bank/<scheme>-<period>-<batch>.csv and, beside it, .txt with the control totals. */
#ifndef MNS_ASSISTANCE_BANK_FILE_H
#define MNS_ASSISTANCE_BANK_FILE_H

#include "services/assistance/store_batch.h"

/* Writes both files of a posted batch and fills batch->file and batch->sha256. Done again it writes the same. */
mns_rc_t bank_file_write (batch_store_t *store, const char *data, mns_batch_t *batch, mns_error_t *error);

#endif
