/* A listener of the feed, with repair: prints the id of each event, and "repaired" behind it when it had been lost.
 *   hear FEED PREFIX    over MNS_TEST_BUS as follow.c does */
#include <mns/feed.h>
#include <stdio.h>
#include <stdlib.h>

int main (int argc, char **argv) {
  mns_error_t error;
  mns_feed_t *feed = NULL;
  const mns_received_t *event;
  if (argc != 3 || !getenv ("MNS_TEST_BUS"))
    return 2;
  mns_client_t *client = mns_client_new (getenv ("MNS_TEST_BUS"));
  const char *const prefixes[] = {argv[2], "system.feed."};
  mns_rc_t rc = mns_client_connect (client, 10000, &error);
  if (rc == MNS_OK)
    rc = mns_feed_new (&feed, client, argv[1], false, prefixes, 1, &error);
  if (rc == MNS_OK)
    mns_feed_set_repair_ms (feed, 500);
  puts ("listening");
  while (rc == MNS_OK || rc == MNS_TIMEOUT) {
    fflush (stdout);
    rc = mns_feed_next (feed, 200, &event, &error);
    if (rc == MNS_OK)
      printf ("%s %s\n", event->id, event->repaired ? "repaired" : "heard");
  }
  printf ("%s %s: %s\n", mns_error_word (rc), error.where, error.detail);
  mns_feed_destroy (&feed);
  mns_client_destroy (&client);
  return 1;
}
