#!/bin/sh
# docs/records.md is what the programs say of their records, events and commands. With --write it is made anew.
set -e
mns=${MNS_BIN:-build/release/bin}/mns
page=${MNS_SOURCE:-.}/docs/records.md

make_page() {
  printf '# Records, events and commands\n\nMade by `tests/integration/test_reference.sh --write`; a test compares it with the programs. How it looks on the wire:\n'
  printf '[protocol.md](protocol.md). As JSON Schema: `mns schema records --json`.\n\n## Events\n\n```\n'
  "$mns" schema events
  printf '```\n\n## Commands\n\n```\n'
  "$mns" schema commands
  printf '```\n\n'
  "$mns" schema records
}

if [ "${1:-}" = --write ]; then
  make_page >"$page"
else
  make_page | diff -u "$page" - || { echo "docs/records.md is not what the programs say: tests/integration/test_reference.sh --write"; exit 1; }
fi
