#!/usr/bin/env bash
# Every C file is as clang-format 14 would write it; what stands between "clang-format off" and "on" is not looked at.
set -uo pipefail
cd "${MNS_SOURCE:-$(dirname "$0")/../..}"

skip() {
  echo "skipped: $1"
  exit 77
}
format=$(command -v clang-format-14 || command -v clang-format) || skip "clang-format is not installed"
"$format" --version | grep -q ' version 14\.' || skip "$("$format" --version) formats otherwise than version 14"

mapfile -t files < <(find client common divisions examples include mns sample services tests -name '*.[ch]' | sort)
((${#files[@]} > 0)) || { echo "no C file under $PWD"; exit 1; }
"$format" --dry-run --Werror "${files[@]}" || { echo "not as it would be written: $(basename "$format") -i FILE"; exit 1; }
echo "${#files[@]} files are formatted"
