/* Room kept on the disk of the log: a file that is given up when the disk is full, so that trimming has what it needs
 * to write, and made again before anything is appended. */
#ifndef MNS_BROKER_RESERVE_H
#define MNS_BROKER_RESERVE_H

#include "common/record.h"
#include <sys/types.h>

#define BROKER_RESERVE_BYTES       (4 << 20)  /* on a small disk */
#define BROKER_RESERVE_BYTES_LARGE (20 << 20) /* room for all that a write-ahead log may bring into the store */

typedef struct {
  char path[512];
  off_t bytes;
  bool held;  /* the file is there */
  bool given; /* it was, and was given up */
} broker_reserve_t;

/* Beside the log; a file system that cannot reserve does without. */
void broker_reserve_init (broker_reserve_t *reserve, const char *log_path);
/* The disk is full. */
void broker_reserve_give (broker_reserve_t *reserve);
/* True when there is room for it again and as much beside it, or there never was one. */
bool broker_reserve_take (broker_reserve_t *reserve);
/* Whether the disk of that file has room beside what trimming needs: what can wait does so otherwise. */
bool broker_reserve_room (const char *path);

#endif
