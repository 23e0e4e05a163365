#!/bin/sh
# A short form of the kill test; tests/full has the long one.
set -e
"$(dirname "$0")/kill_import.py" --scale 0.01 --kills 3 --seed 7
"$(dirname "$0")/kill_import.py" --parts --scale 0.01 --kills 3 --seed 7
