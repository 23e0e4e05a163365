/* The statistics service as a program. */
#include "services/statistics/statistics.h"

int main (int argc, char **argv) {
  return mns_service_main (&mns_statistics_service, argc, argv);
}
