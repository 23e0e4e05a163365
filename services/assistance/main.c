/* The assistance service as a program of its own. */
#include "services/assistance/assistance.h"

int main (int argc, char **argv) {
  return mns_service_main (&mns_assistance_service, argc, argv);
}
