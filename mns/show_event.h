/* One event of the log for people (a line) or programs (JSON with the CloudEvents names). */
#ifndef MNS_SHOW_EVENT_H
#define MNS_SHOW_EVENT_H

#include "common/wire.h"
#include <stdio.h>

/* Prints it and a line end. Names and numbers of persons are masked unless `reveal`. A record type that this program
 * does not know is shown by its header alone. */
void mns_show_event (const mns_event_t *event, bool as_json, bool reveal, FILE *out);

#endif
