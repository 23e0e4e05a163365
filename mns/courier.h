/* The courier: brings the letters of the partner counties into the own register. */
#ifndef MNS_COURIER_H
#define MNS_COURIER_H

/* An actor (czmq zactor function); `args` is a const mns_config_t *, whose bus is the own one. One thread for each
 * partner of partners.yaml. Sends "READY", or "FAILED" with word and detail when the file has mistakes; ends on
 * "$TERM". Lines that are down are waited for. */
void mns_courier_actor (void *pipe_zsock, void *args);

#endif
