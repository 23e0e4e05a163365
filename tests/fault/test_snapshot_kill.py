#!/usr/bin/python3
"""A snapshot is pulled into a file while its taker dies at each page, and while the broker and the service die under it:
the file holds the snapshot before, whole, or the new one, whole, never a part of one. docs/faults.md row 44.

The kills come at pages chosen by a seed, which is printed; MNS_SEED repeats it."""
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

FAILPOINTS = os.path.join(os.environ["MNS_BIN"], "failpoints", "mns")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import Parts, check, main, until  # noqa: E402

SEED = int(os.environ.get("MNS_SEED") or time.time())
RANDOM = random.Random(SEED)
TOWNSHIP = "510322102000"
stack = Parts()
folder = tempfile.TemporaryDirectory()
store = os.path.join(folder.name, "figures.db")


def begin(**environment):
    return subprocess.Popen([FAILPOINTS, "snapshot", "statistics", "--store", store, "--timeout", "20"],
                            env=dict(stack.environment, **environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def taken(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def state():
    """(number of the snapshot, rows it says it has, rows there are); (0, 0, 0) before the first."""
    with sqlite3.connect(store) as db:
        (rows,) = db.execute("SELECT count(*) FROM state").fetchone()
        said = db.execute("SELECT number, rows FROM snapshot").fetchone() or (0, 0)
    return said[0], said[1], rows


def whole():
    number, said, rows = state()
    check(said == rows, f"snapshot {number} says {said} rows, {rows} are there (MNS_SEED={SEED})")
    return number


def test_a_taker_that_dies():
    code, told = taken(begin())
    check(code == 0, told)
    first = whole()
    check(first > 0, "an empty snapshot")
    stack.run("event", "birth", "--place", "510322102203", "--occurred", "2026-07-01", "--name", "又一", "--sex", "female",
              "--mother", "foundling", "--birth-order", "1")
    until("its figures are told", 30, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    for page in range(1, 4):
        code, told = taken(begin(MNS_FAILPOINT=f"snapshot_page:kill@{page}"))
        check(code == -signal.SIGKILL, f"page {page}: {code} {told}")
        check(whole() == first, "a half snapshot took the place of the one before")
    code, told = taken(begin())
    check(code == 0 and whole() > first, told)


def test_a_giver_that_dies():
    """The taker begins again by itself, or says that it cannot."""
    for part in ("statistics", "broker", "statistics"):
        before = whole()
        process = begin(MNS_FAILPOINT=f"snapshot_page:stop@{RANDOM.randint(1, 3)}")
        until("it stands at a page", 20, lambda: stopped(process.pid))
        stack.kill_part(part)
        stack.start_part(part)
        process.send_signal(signal.SIGCONT)
        code, told = taken(process)
        check(code == 0 or (code == 1 and whole() == before), f"{part}: {code} {told} (MNS_SEED={SEED})")
        whole()
    until("a snapshot again", 30, lambda: taken(begin())[0] == 0)


def stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] == "T"


def run():
    print(f"MNS_SEED={SEED}", flush=True)
    with folder, stack:
        stack.run("sample", "load", "--scale", "0.005")
        until("the figures are told", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
        main([test_a_taker_that_dies, test_a_giver_that_dies])


run()
