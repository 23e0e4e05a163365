#!/usr/bin/python3
"""docs/subscribing.md, as a reader would try it: the ten lines of Python run against a real stack and print a birth; its
bytes are what MessagePack says; a snapshot and the events behind its cutoff give what the query gives."""
import json
import pathlib
import re
import select
import sqlite3
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
    code = block("python", "zmq.SUB").replace("tcp://127.0.0.1:5711", f"tcp://127.0.0.1:{stack.feed_port}")
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


def figure(period):
    """What the query says of the village: (measure, dimension) → value."""
    counts = stack.json("req", "statistics.figures", "--place", VILLAGE, "--period", period)[0]["counts"]
    return {(count["measure"], count.get("dimension", "")): count["value"] for count in counts}


def the_client_of_the_page_keeps_a_copy():
    """Killed between two births, it goes on where it was."""
    code = block("python", "follow").replace("ipc:///var/lib/minsheng/run/bus", f"ipc://{stack.data}/run/bus")
    path = stack.data / "figures.db"
    code = code.replace('"figures.db"', repr(str(path)))
    for name in ("甲", "乙"):
        birth(name)
        follower = subprocess.Popen([sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCE / "examples/python")})

        def copied():
            with sqlite3.connect(path, timeout=10) as db:
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'figure'").fetchone():
                    return False
                rows = db.execute("SELECT measure, dimension, value FROM figure WHERE place = ? AND period = '2026-S2'"
                                  " AND basis = 'registration' AND value", (VILLAGE,)).fetchall()
            return {row[:2]: row[2] for row in rows} == figure("2026-S2")
        try:
            until(f"the copy has the birth of {name}", 30, lambda: follower.poll() is not None or copied(), 0.1)
            check(follower.poll() is None, "the program of the page ended")
        finally:
            follower.kill()
            follower.wait()


def a_pulled_snapshot_and_the_events_behind_it_are_the_figures():
    """docs/faults.md row 45, with the figures of a county."""
    taken = stack.run("snapshot", "statistics", f"statistics.figures.{TOWNSHIP[:9]}", code=None)
    check(taken.returncode == 0, taken.stderr)
    rows = [json.loads(line) for line in taken.stdout.splitlines()]
    check(rows and all(row["subject"].startswith(f"statistics.figures.{TOWNSHIP[:9]}") for row in rows), taken.stderr)
    known = {}
    for row in rows:
        for figures in row["data"]:
            fold(known, figures)
    birth("又二")
    number = re.search(r"--from (\d+)", taken.stderr).group(1)
    follower = subprocess.Popen([MNS, "sub", f"statistics.figures.{TOWNSHIP[:9]}", "--json", "--from", number],
                                env=stack.environment, stdout=subprocess.PIPE, text=True)
    try:
        want, state = figure("2026-S2"), known[VILLAGE, "2026-S2", "registration"]
        while {name: value for name, value in state.items() if isinstance(name, tuple) and value} != want:
            for figures in json.loads(follower.stdout.readline())["data"]:
                fold(known, figures)
    finally:
        follower.kill()


try:
    main([the_bytes_are_those_of_messagepack, a_county_is_loaded, the_ten_lines_print_a_birth,
          a_snapshot_and_the_events_behind_it_are_the_figures, the_client_of_the_page_keeps_a_copy,
          a_pulled_snapshot_and_the_events_behind_it_are_the_figures])
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
