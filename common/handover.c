/* The hand-over between threads, for ThreadSanitizer (handover.h): one address stands for all sockets. */
#include "common/handover.h"

#ifdef MNS_HANDOVER
void __tsan_acquire (void *address);
void __tsan_release (void *address);
const char *__tsan_default_suppressions (void);

/* The libraries are not built for the sanitizer; libsodium runs in libzmq's threads. Programs over the client library
 * do not have this: tests/support/threads.supp. */
const char *__tsan_default_suppressions (void) {
  return "race:libzmq.so.5\ncalled_from_lib:libzmq.so.5\nrace:libczmq.so.4\n"
         "race:libsodium.so.23\ncalled_from_lib:libsodium.so.23\n";
}

static char all_sockets;

void mns_handover_give (void) {
  __tsan_release (&all_sockets);
}

void mns_handover_take (void) {
  __tsan_acquire (&all_sockets);
}
#else
typedef int mns_no_handover_t; /* a translation unit is never empty */
#endif
