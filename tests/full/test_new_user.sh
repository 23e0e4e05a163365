#!/usr/bin/env bash
# A new user's half hour: docs/client.md, as written, in a bare Debian that has never seen Minsheng, against a county's stack in
# containers: packages, library, key, account, the example, the first figures over CURVE; then on from where it stopped.
#   tests/full/test_new_user.sh [--keep]        needs a container engine with the image debian:bookworm-slim
set -euo pipefail
cd "$(dirname "$0")/../.."
keep=0
[[ ${1:-} != --keep ]] || keep=1

if command -v docker-compose >/dev/null; then compose=(docker-compose); else compose=(docker compose); fi
docker info >/dev/null 2>&1 || { echo "skipped: no container engine answers (docker info)"; exit 77; }
"${compose[@]}" version >/dev/null 2>&1 || { echo "skipped: neither docker-compose nor docker compose is installed"; exit 77; }

export COMPOSE_PROJECT_NAME=minsheng-new-user MNS_BUS_ADDRESS=127.0.0.1:25710 MNS_FEED_ADDRESS=127.0.0.1:25711
MNS_EXCHANGE=$(mktemp -d)
MNS_CLOCK_OFFSET_S=$(($(date -d 2026-07-01T00:00:00+08:00 +%s) - $(date +%s)))
export MNS_EXCHANGE MNS_CLOCK_OFFSET_S
compose+=(-f compose/compose.yaml)
user=minsheng-new-user-bare county=510322000000

step() { printf '\n== %s (%d s)\n' "$*" "$((SECONDS - begun))"; }
in_user() { docker exec -i -w /srv "$user" bash -euc "$1"; }
mns() { "${compose[@]}" run --rm -T mns "$@" 2>"$MNS_EXCHANGE/stderr" || { cat "$MNS_EXCHANGE/stderr"; return 1; }; }
down() {
  docker rm -f "$user" >/dev/null 2>&1 || true
  "${compose[@]}" --profile tools down -v --remove-orphans -t 20 >/dev/null 2>&1 || true
}
finish() {
  local status=$?
  if ((status)); then "${compose[@]}" logs --tail 20; fi
  ((keep)) || { down; rm -rf "$MNS_EXCHANGE"; }
}
trap finish EXIT

# block N: the N-th shell block of the page, without its comments
block() {
  awk -v wanted="$1" '/^```/ { if ($0 == "```sh") inside = ++n == wanted; else inside = 0; next } inside' docs/client.md |
    sed 's/ *#.*//'
}
until_there() { # SECONDS PATTERN: waits until a line of the example begins so
  local until=$((SECONDS + $1))
  until in_user "grep -q '^$2' lines 2>/dev/null"; do
    ((SECONDS < until)) || { in_user 'tail -n 5 lines'; echo "no line begins with $2"; return 1; }
    sleep 0.2
  done
}
healthy() { # waits for every service
  local until=$((SECONDS + 180)) name id
  for name in broker registry statistics assistance notifications; do
    until id=$("${compose[@]}" ps -q "$name") && [[ $(docker inspect -f '{{.State.Health.Status}}' "$id" 2>/dev/null) == healthy ]]; do
      ((SECONDS < until)) || { echo "$name is not healthy"; return 1; }
      sleep 0.5
    done
  done
}

begun=$SECONDS
step "the county: a stack in containers"
down
"${compose[@]}" build >"$MNS_EXCHANGE/build.log" 2>&1 || { tail -n 30 "$MNS_EXCHANGE/build.log"; exit 1; }
"${compose[@]}" up -d
healthy
mns sample load --scale 0.002

step "the new user: a bare Debian with the source"
docker run -d --name "$user" --network "${COMPOSE_PROJECT_NAME}_default" debian:bookworm-slim sleep 7200 >/dev/null
in_user 'mkdir minsheng; ! command -v cc'
tar c CMakeLists.txt cmake client common docs examples include | docker exec -i "$user" tar x -C /srv/minsheng
start=$SECONDS

step "the packages and the library"
install=$(block 1 | sed 's/^apt-get install/apt-get update -qq \&\& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends/')
in_user "$install" >"$MNS_EXCHANGE/install.log" 2>&1 || { tail -n 30 "$MNS_EXCHANGE/install.log"; exit 1; }
in_user 'pkg-config --modversion mns; ls -l /usr/local/lib/libmns.so*'

step "a key and an account"
key=$(in_user "$(block 2)" | tail -n 1)
[[ ${#key} == 40 ]] || { echo "no public key: $key"; exit 1; }
"${compose[@]}" exec -T broker mns account add gis --role system --division ${county:0:6} --key "$key"
broker_key=$("${compose[@]}" exec -T broker mns keys show /data/keys/broker.key | tr -d '\r\n')

step "the first figure"
run=$(block 4 | sed "s|'THE BROKER’S PUBLIC KEY'|\"\$BROKER_KEY\"|; s|//COUNTY:|//broker:|")
follow() { docker exec -d -w /srv/c -e BROKER_KEY="$broker_key" "$user" bash -c "$1 >>/srv/lines 2>&1"; }
follow "$run"
until_there 60 "$county "
((SECONDS - start < 1800)) || { echo "it took $((SECONDS - start)) s"; exit 1; }
printf 'from a bare Debian to the first figure: %d s\n' "$((SECONDS - start))"

step "a birth is told, and after a stop it goes on"
mns event birth --place 510322102203 --occurred 2026-07-01 --name 新一 --sex female --mother foundling
until_there 60 "$county 2026-07 registration.* births female.0 = 1;"
in_user 'for process in /proc/[0-9]*; do [[ $(cat "$process/comm" 2>/dev/null) != subscribe ]] || kill "${process##*/}"; done; : >lines'
mns event birth --place 510322102203 --occurred 2026-07-01 --name 新二 --sex female --mother foundling
follow "$(tail -n 1 <<<"$run")"
until_there 60 "$county 2026-07 registration.* births female.0 = 2;"
in_user '! grep "births female.0 = 1;" lines'
printf '\nthe new user has followed the county\n'
