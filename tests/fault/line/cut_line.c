/* A line that is cut: `cut_line TARGET` prints the endpoint at which it leads to TARGET, then does what each line of
 * its input says: pass, cut, stop, reset. Ends with its input. */
#include "tests/support/proxy.h"
#include <stdio.h>
#include <string.h>

static void obey (proxy_t *proxy, const char *word) {
  if (strcmp (word, "reset") == 0)
    proxy_reset (proxy);
  else
    proxy_set (proxy, strcmp (word, "cut") == 0 ? PROXY_CUT : strcmp (word, "stop") == 0 ? PROXY_STOP : PROXY_PASS, 0);
}

int main (int argc, char **argv) {
  char line[32];
  proxy_t *proxy = argc == 2 ? proxy_new ("tcp://127.0.0.1:*", argv[1]) : NULL;
  if (!proxy) {
    fprintf (stderr, "cut_line tcp://HOST:PORT\n");
    return 2;
  }
  puts (proxy_endpoint (proxy));
  fflush (stdout);
  while (fgets (line, sizeof line, stdin)) {
    line[strcspn (line, "\n")] = 0;
    obey (proxy, line);
    puts ("done");
    fflush (stdout);
  }
  proxy_destroy (&proxy);
  return 0;
}
