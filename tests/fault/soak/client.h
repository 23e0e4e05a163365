/* The outside of a soak: askers that want every command carried out once, a reader that writes down every event once.
 * Each keeps a journal in the lines of tests/support/history.h, which survives its own death: what was attempted and
 * not answered is asked again under the same key, reading goes on behind the last line. */
#ifndef MNS_TESTS_SOAK_CLIENT_H
#define MNS_TESTS_SOAK_CLIENT_H

#define SOAK_ASKER_FILE  "journal-asker-%s.txt"
#define SOAK_READER_FILE "journal-reader.txt"

/* Parts (tests/support/parts.h): until SIGTERM, and the asker until everything attempted is answered. `argument` is the
 * asker's number. */
int soak_asker_run (const char *folder, const char *argument);
int soak_reader_run (const char *folder, const char *argument);

#endif
