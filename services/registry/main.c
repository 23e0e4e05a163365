/* The registry as a program of its own. */
#include "services/registry/registry.h"

int main (int argc, char **argv) {
  return mns_service_main (&mns_registry_service, argc, argv);
}
