#!/usr/bin/python3
"""The house stands as drawn: include/mns <- common <- common/records <- services/* <- mns, no arrow runs back, no service
includes another, rules know neither sockets nor SQLite nor clocks nor stdio."""
import os
import re
import sys

ROOT = os.environ.get("MNS_SOURCE") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
SERVICES = ("broker", "registry", "statistics", "assistance", "notifications")
# A room and the rooms it may look into; what is not listed (libc, libraries) is checked below.
ROOMS = {
    "include/mns": ["include/mns"],
    "common": ["include/mns", "common"],
    "common/records": ["include/mns", "common", "common/records"],
    "client": ["include/mns", "common", "client"],
    "sample": ["include/mns", "common", "common/records", "sample"],
    "divisions": ["include/mns", "common", "common/records", "divisions"],
    "mns": ["include/mns", "common", "common/records", "sample", "divisions", "mns"] + ["services/" + s for s in SERVICES],
}
ROOMS.update({"services/" + s: ["include/mns", "common", "common/records", "services/" + s] for s in SERVICES})
NOT_IN_RULES = ("zmq.h", "czmq.h", "sqlite3.h", "time.h", "sys/time.h", "curl/curl.h", "common/db.h",
                "common/clock.h", "common/service.h", "common/bus.h")
# The service loop and the configuration of all services stand in common and need the contract's codes.
ALLOWED = {("common", "common/records")}
# snprintf is pure; these are not.
STREAMS = re.compile(r"\b(printf|fprintf|vfprintf|puts|fputs|putchar|fopen|fread|fwrite|perror|scanf|getenv)\s*\(")


def room_of(path):
    rooms = [room for room in ROOMS if path.startswith(room + "/")]
    return max(rooms, key=len) if rooms else None


def sources():
    for top in ("include", "common", "client", "services", "mns", "sample", "divisions"):
        for folder, _, files in os.walk(os.path.join(ROOT, top)):
            for name in files:
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def target_of(source, include):
    """The project file an include names, or None when it is a library's."""
    for base in ("", "include", os.path.dirname(source)):
        path = os.path.normpath(os.path.join(base, include))
        if os.path.isfile(os.path.join(ROOT, path)):
            return path
    return None


def mistakes():
    for source in sources():
        room = room_of(source)
        with open(os.path.join(ROOT, source), encoding="utf-8") as file:
            text = file.read()
        includes = INCLUDE.findall(text)
        if os.path.basename(source).startswith("rules_") and STREAMS.search(text):
            yield f"{source} calls {STREAMS.search(text).group(1)}: a rule reads and prints nothing"
        for include in includes:
            target = target_of(source, include)
            other = room_of(target) if target else None
            if other and other not in ROOMS[room] and (room, other) not in ALLOWED:
                yield f"{source} includes {include}: {room} may not look into {other}"
            if os.path.basename(source).startswith("rules_") and include in NOT_IN_RULES:
                yield f"{source} includes {include}: a rule knows no socket, store, clock or screen"


found = sorted(mistakes())
print("\n".join(found) or "the house stands")
sys.exit(1 if found else 0)
