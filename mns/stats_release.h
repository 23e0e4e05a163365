/* The calendar of the figures on the command line (stats_release.c). */
#ifndef MNS_STATS_RELEASE_H
#define MNS_STATS_RELEASE_H

int stats_closings (int argc, char **argv);
int stats_close_month (int argc, char **argv);
int stats_reopen_month (int argc, char **argv);
int stats_diff (int argc, char **argv);
int stats_release (int argc, char **argv);

#endif
