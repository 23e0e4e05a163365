/* Assistance: schemes, applications, entitlements, payout batches and the ledger behind them. docs/assistance.md. */
#ifndef MNS_ASSISTANCE_ASSISTANCE_H
#define MNS_ASSISTANCE_ASSISTANCE_H

#include "common/service.h"

extern const mns_service_t mns_assistance_service;

#endif
