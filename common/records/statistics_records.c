/* Descriptors of the figures. */
#include "common/records/statistics_records.h"

MNS_RECORD_DEFINE (count, 1, MNS_COUNT_FIELDS, "A count", "计数")
MNS_RECORD_DEFINE (figures, 1, MNS_FIGURES_FIELDS, "The figures of a place and period changed", "数字变动")
