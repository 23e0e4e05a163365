#!/bin/sh
# 1,000 random histories, all open releases of each, under attack (tests/unit/test_release_attack.c).
set -e
MNS_HISTORIES=${MNS_HISTORIES:-1000} "$MNS_BIN/test_release_attack"
