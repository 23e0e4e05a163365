#!/usr/bin/python3
"""docs/subscribing.md, as a reader would try it: the ten lines of Python run against a real stack and print a birth; its
bytes are what MessagePack says; a snapshot and the events behind its cutoff give what the query gives."""
import json
import pathlib
import re
import select
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, MNS, SOURCE, Failed, Stack, check, main, until  # noqa: E402

import msgpack  # noqa: E402

TEXT = (SOURCE / "docs/subscribing.md").read_text(encoding="utf-8")
VILLAGE, TOWNSHIP = "510322102203", "510322102000"
stack = Stack()


def block(language, words=""):
    found = [body for name, body in re.findall(r"```(\w*)\n(.*?)```", TEXT, re.S) if name == language and words in body]
    check(len(found) == 1, f"{len(found)} blocks of {language}")
    return found[0]


def birth(name):
    stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", name, "--sex", "female", "--mother",
              "foundling", "--birth-order", "1")


def the_bytes_are_those_of_messagepack():
    event = json.loads(block("json"))
    count = msgpack.unpackb(bytes.fromhex(block("hex")))
    check(count == event["counts"][1], f"{count} is not {event['counts'][1]}")


def a_county_is_loaded():
    stack.start()
    stack.run("sample", "load", "--scale", "0.002")
    until("statistics have told all of it", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0,
          0.1)
    stack.run("stats", "verify", "--months", "--place", TOWNSHIP, "--villages")


def the_ten_lines_print_a_birth():
    code = block("python").replace("tcp://127.0.0.1:5711", f"tcp://127.0.0.1:{stack.feed_port}")
    listener = subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True)
    lines = []
    try:
        def heard():
            birth(f"新{len(lines)}{heard.tries}")
            heard.tries += 1
            while select.select([listener.stdout], [], [], 1.5)[0]:
                line = listener.stdout.readline()
                if line.startswith(f"{COUNTY} 2026-07 registration") and "'births'" in line:
                    return line
            return None
        heard.tries = 0  # a SUB socket that has just connected may miss the first
        line = until("the listener prints the county's figures", 20, heard)
        check("'female.1'" in line, line)
    finally:
        listener.kill()


def key(figures):
    return figures["place"], figures["period"], figures["basis"]


def fold(known, figures):
    state = known.setdefault(key(figures), {"cutoff": 0})
    if figures["cutoff"] < state["cutoff"]:
        return
    state.update(cutoff=figures["cutoff"], opening=figures["opening"], closing=figures["closing"])
    for count in figures.get("counts", []):
        state[count["measure"], count.get("dimension", "")] = count["value"]


def a_snapshot_and_the_events_behind_it_are_the_figures():
    pages = stack.run("stats", "snapshot", "--place", TOWNSHIP).splitlines()
    known = {}
    for line in pages:
        fold(known, json.loads(line))
    cutoff = max(state["cutoff"] for state in known.values())
    check(all(state["cutoff"] == cutoff for state in known.values()), "a snapshot of two moments")
    birth("又一")
    follower = subprocess.Popen([MNS, "sub", f"statistics.figures.{TOWNSHIP[:9]}", "--json", "--from", str(cutoff)],
                                env=stack.environment, stdout=subprocess.PIPE, text=True)
    try:
        wanted = stack.json("req", "statistics.figures", "--place", VILLAGE, "--period", "2026-S2")[0]
        want = {(c["measure"], c.get("dimension", "")): c["value"] for c in wanted["counts"]}
        state = known[VILLAGE, "2026-S2", "registration"]
        while {name: value for name, value in state.items() if isinstance(name, tuple) and value} != want:
            for figures in json.loads(follower.stdout.readline())["data"]:
                fold(known, figures)
        check(state["closing"] == wanted["closing"] and state["opening"] == wanted["opening"], f"{state} {wanted}")
    finally:
        follower.kill()


try:
    main([the_bytes_are_those_of_messagepack, a_county_is_loaded, the_ten_lines_print_a_birth,
          a_snapshot_and_the_events_behind_it_are_the_figures])
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
