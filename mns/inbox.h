/* The watched folder: CSV files put into DATA/inbox are imported, then moved to inbox/done or inbox/refused with a
 * report beside them. */
#ifndef MNS_INBOX_H
#define MNS_INBOX_H

/* An actor (czmq zactor function); `args` is a const mns_config_t *. Sends "READY"; ends on "$TERM". A broker or
 * service that is away is waited for. */
void mns_inbox_actor (void *pipe_zsock, void *args);

#endif
