#!/bin/sh
# docs/records.md and docs/metrics.md are what the programs say of themselves. With --write they are made anew.
set -e
mns=${MNS_BIN:-build/release/bin}/mns
docs=${MNS_SOURCE:-.}/docs

make_records() {
  printf '# Records, events and commands\n\nMade by `tests/integration/test_reference.sh --write`; a test compares it with the programs. How it looks on the wire:\n'
  printf '[protocol.md](protocol.md). As JSON Schema: `mns schema records --json`.\n\n## Events\n\n```\n'
  "$mns" schema events
  printf '```\n\n## Commands\n\n```\n'
  "$mns" schema commands
  printf '```\n\n'
  "$mns" schema records
}

make_metrics() {
  printf '# Metrics\n\nMade by `tests/integration/test_reference.sh --write`; a test compares it with the programs. How to see them:\n'
  printf '[operating.md](operating.md#metrics). Counters begin at 0 when a process begins.\n\n'
  "$mns" schema metrics
}

for page in records metrics; do
  if [ "${1:-}" = --write ]; then
    make_$page >"$docs/$page.md"
  else
    make_$page | diff -u "$docs/$page.md" - || { echo "docs/$page.md is not what the programs say: tests/integration/test_reference.sh --write"; exit 1; }
  fi
done
