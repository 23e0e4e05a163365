/* Makes the key pair of a program, and prints the public key for the administrator of the bus.
 *   cc keys.c $(pkg-config --cflags --libs mns) -o keys
 *   ./keys my.key */
#include <mns/client.h>
#include <stdio.h>

int main (int argc, char **argv) {
  char public_key[MNS_PUBLIC_KEY_SIZE];
  mns_error_t error;
  if (argc != 2)
    return fprintf (stderr, "keys KEY-FILE\n"), 2;
  if (mns_client_make_keys (argv[1], public_key, &error) != MNS_OK)
    return fprintf (stderr, "%s: %s: %s\n", mns_error_word (error.rc), error.where, error.detail), 1;
  puts (public_key);
  return 0;
}
