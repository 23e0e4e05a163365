/* The notifications service as a program of its own. */
#include "services/notifications/notifications.h"

int main (int argc, char **argv) {
  return mns_service_main (&mns_notifications_service, argc, argv);
}
