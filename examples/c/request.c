/* Asks for the figures of a division in a period; then reports an event of its own, once, whatever happens in between.
 *   cc request.c $(pkg-config --cflags --libs mns) -o request
 *   ./request ipc:///var/lib/minsheng/run/bus 510322000000 2026-07 */
#include <mns/publisher.h>
#include <stdio.h>

static int complain (const mns_error_t *error) {
  fprintf (stderr, "%s: %s: %s\n", mns_error_word (error->rc), error->where, error->detail);
  return 1;
}

/* What was asked, and by whom, becomes an event on the stream of this program: "example.…". */
static mns_rc_t publish (mns_client_t *client, const char *place, int64_t closing, mns_error_t *error) {
  char topic[64];
  mns_publisher_t *publisher;
  mns_rc_t rc = mns_publisher_new (&publisher, client, "example", "example-outbox", error);
  if (rc != MNS_OK)
    return rc;
  mns_body_t *body = mns_body_new ();
  mns_body_record (body);
  mns_body_text (body, "place", place);
  mns_body_int (body, "closing", closing);
  snprintf (topic, sizeof topic, "example.reading.%s.taken", place);
  mns_draft_t draft = {sizeof draft, topic, "reading", 1, mns_body_value (body), "", "", ""};
  rc = mns_publisher_publish (publisher, &draft, error); /* durable here */
  if (rc == MNS_OK)
    rc = mns_publisher_flush (publisher, 10000, error); /* durable in the log */
  mns_body_destroy (&body);
  mns_publisher_destroy (&publisher);
  return rc;
}

int main (int argc, char **argv) {
  const mns_reply_t *reply;
  mns_error_t error;
  if (argc != 4)
    return fprintf (stderr, "request ENDPOINT DIVISION PERIOD\n"), 2;
  mns_client_t *client = mns_client_new (argv[1]);
  mns_rc_t rc = mns_client_connect (client, 10000, &error);
  mns_body_t *question = mns_body_new ();
  mns_body_record (question);
  mns_body_text (question, "place", argv[2]);
  mns_body_text (question, "period", argv[3]);
  if (rc == MNS_OK)
    rc = mns_client_request (client, "statistics.figures", NULL, mns_body_value (question), 5000, &reply, &error);
  if (rc == MNS_OK) {
    mns_value_t records = reply->body, figures;
    int64_t closing = 0;
    while (mns_value_next (&records, &figures))
      closing = mns_value_get_int (figures, "closing", closing);
    printf ("%s at the end of %s: %lld\n", argv[2], argv[3], (long long)closing);
    rc = publish (client, argv[2], closing, &error);
  }
  mns_body_destroy (&question);
  mns_client_destroy (&client);
  return rc == MNS_OK ? 0 : complain (&error);
}
