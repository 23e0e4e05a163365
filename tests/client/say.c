/* A program that publishes: COUNT events {text: PREFIX-1 …} on a topic, in transactions of SIZE, and waits until the
 * broker has them.   say FOLDER PRODUCER TOPIC PREFIX COUNT SIZE    over MNS_TEST_BUS as follow.c does. Prints how many
 * were kept after each transaction, and "flushed" at the end. */
#include <mns/publisher.h>
#include <stdio.h>
#include <stdlib.h>

static int complain (const mns_error_t *error) {
  printf ("%s %s: %s\n", mns_error_word (error->rc), error->where, error->detail);
  return 1;
}

static mns_rc_t add (mns_publisher_t *publisher, mns_body_t *body, char **argv, int number, mns_error_t *error) {
  char text[64];
  snprintf (text, sizeof text, "%s-%d", argv[4], number);
  mns_body_clear (body);
  mns_body_text (body, "text", text);
  mns_draft_t draft = {sizeof draft, argv[3], "saying", 1, mns_body_value (body), "2026-07-01", text, ""};
  return mns_publisher_add (publisher, &draft, error);
}

int main (int argc, char **argv) {
  mns_error_t error;
  mns_publisher_t *publisher;
  if (argc != 7 || !getenv ("MNS_TEST_BUS"))
    return 2;
  int count = atoi (argv[5]), size = atoi (argv[6]);
  mns_client_t *client = mns_client_new (getenv ("MNS_TEST_BUS"));
  mns_client_set_keys (client, getenv ("MNS_TEST_KEY"), getenv ("MNS_TEST_KEY_FILE"));
  mns_rc_t rc = mns_publisher_new (&publisher, client, argv[2], argv[1], &error);
  mns_body_t *body = mns_body_new ();
  for (int i = 1; rc == MNS_OK && i <= count; i++) {
    rc = add (publisher, body, argv, i, &error);
    if (rc == MNS_OK && (i % size == 0 || i == count)) {
      rc = mns_publisher_commit (publisher, &error);
      printf ("%d\n", rc == MNS_OK ? i : 0);
      fflush (stdout);
    }
  }
  if (rc == MNS_OK)
    rc = mns_publisher_flush (publisher, 30000, &error);
  if (rc == MNS_OK)
    printf ("flushed, %d pending\n", (int)mns_publisher_pending (publisher));
  mns_body_destroy (&body);
  mns_publisher_destroy (&publisher);
  mns_client_destroy (&client);
  return rc == MNS_OK ? 0 : complain (&error);
}
