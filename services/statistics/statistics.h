/* The statistics service: folds the streams of registry and assistance into counts, answers for every place and period,
 * and tells each change. See docs/subscribing.md for what others get. */
#ifndef MNS_STATISTICS_STATISTICS_H
#define MNS_STATISTICS_STATISTICS_H

#include "common/service.h"

extern const mns_service_t mns_statistics_service;

#endif
