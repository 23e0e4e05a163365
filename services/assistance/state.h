/* The service's state: the catalogue, the stores, and what handlers share. Private to the service. */
#ifndef MNS_ASSISTANCE_STATE_H
#define MNS_ASSISTANCE_STATE_H

#include "common/service.h"
#include "services/assistance/catalogue.h"
#include "services/assistance/eligibility.h"
#include "services/assistance/store_application.h"
#include "services/assistance/store_batch.h"
#include "services/assistance/store_boundary.h"
#include "services/assistance/store_entitlement.h"
#include "services/assistance/store_ledger.h"
#include "services/assistance/store_person.h"

typedef struct {
  char data[256];
  mns_place_t county; /* 0: not said */
  assistance_catalogue_t catalogue;
  assistance_eligibility_t *eligibility;
  person_store_t persons;
  boundary_store_t boundaries;
  application_store_t applications;
  entitlement_store_t entitlements;
  batch_store_t batches;
  ledger_store_t ledger;
} assistance_t;

#endif
