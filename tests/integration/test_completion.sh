#!/usr/bin/env bash
# What bash offers behind Tab: commands, commands of a command, options, requests, checks.
set -euo pipefail
PATH=${MNS_BIN:-build/release/bin}:$PATH
eval "$(mns completion bash)"

offers() { # WORDS … – the last is what has been typed of the word
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _mns
  echo "${COMPREPLY[*]}"
}

expect() { # WANTED WORDS …
  local wanted=$1 got
  shift
  got=$(offers "$@")
  [[ " $got " == *" $wanted "* ]] || { echo "'$*' offers '$got', expected '$wanted' in it"; exit 1; }
}

expect status mns sta
expect publish mns bench p
expect --rate mns bench publish --ra
expect --scope mns sub places. --sc
expect registry.search mns req registry.se
expect services mns check s
[[ -z $(offers mns nonsense x) ]] || { echo "nonsense offers something"; exit 1; }
if mns completion fish 2>/dev/null; then echo "fish is taken"; exit 1; fi
