#!/bin/sh
# At least 20 kills of the embedded process and 20 of single parts during an import of 100,000 persons.
set -e
"$(dirname "$0")/../fault/kill_import.py" --scale 0.1 --kills 20 --seed 1
"$(dirname "$0")/../fault/kill_import.py" --parts --scale 0.1 --kills 20 --seed 2
