/* Prints every figure of a division as it changes, and misses none: it goes on where it stopped.
 *   cc subscribe.c $(pkg-config --cflags --libs mns) -o subscribe
 *   ./subscribe tcp://HOST:5710 BROKER-KEY my.key 510322 */
#include <mns/client.h>
#include <mns/topic.h>
#include <stdio.h>

static int complain (const mns_error_t *error) {
  fprintf (stderr, "%s: %s: %s\n", mns_error_word (error->rc), error->where, error->detail);
  return 1;
}

static void print_figures (mns_value_t figures) {
  char place[16], period[16], basis[16], measure[32], dimension[32];
  mns_value_t counts = mns_value_items (mns_value_field (figures, "counts")), count;
  printf ("%s %s %s: %lld at the end;", mns_value_get_text (figures, "place", place, sizeof place),
          mns_value_get_text (figures, "period", period, sizeof period),
          mns_value_get_text (figures, "basis", basis, sizeof basis),
          (long long)mns_value_get_int (figures, "closing", 0));
  while (mns_value_next (&counts, &count))
    printf (" %s %s = %lld;", mns_value_get_text (count, "measure", measure, sizeof measure),
            mns_value_get_text (count, "dimension", dimension, sizeof dimension),
            (long long)mns_value_get_int (count, "value", 0));
  puts ("");
}

int main (int argc, char **argv) {
  char room[MNS_TOPIC_SCOPES][MNS_TOPIC_SIZE];
  const char *prefixes[MNS_TOPIC_SCOPES];
  const mns_received_t *event;
  mns_value_t body, figures;
  mns_error_t error;
  size_t count, printed = 0; /* and not confirmed */
  if (argc != 5)
    return fprintf (stderr, "subscribe ENDPOINT BROKER-KEY KEY-FILE DIVISION\n"), 2;
  if (mns_topic_prefixes ("statistics.figures", argv[4], MNS_TOPIC_DOWN, room, &count, &error) != MNS_OK)
    return complain (&error);
  for (size_t i = 0; i < count; i++)
    prefixes[i] = room[i];
  mns_client_t *client = mns_client_new (argv[1]);
  mns_client_set_keys (client, argv[2], argv[3]);
  mns_client_set_offset_file (client, "figures.offset");
  mns_rc_t rc = mns_client_connect (client, 10000, &error);
  if (rc == MNS_OK)
    rc = mns_client_subscribe (client, prefixes, count, "start", &error);
  while (rc == MNS_OK) {
    rc = mns_client_next (client, printed > 0 ? 0 : -1, &event, &error);
    if (rc == MNS_OK && ++printed)
      for (body = event->body; mns_value_next (&body, &figures);)
        print_figures (figures);
    if (rc == MNS_TIMEOUT || printed == 256) { /* nothing more at once, or much: what was printed is done with */
      fflush (stdout);
      printed = 0;
      rc = mns_client_confirm (client, &error);
    }
  }
  mns_client_destroy (&client);
  return complain (&error);
}
