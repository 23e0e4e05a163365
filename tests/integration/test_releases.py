#!/usr/bin/python3
"""Closing, revisions and releases over a real stack; an independent subscriber that is killed and started again at random
while the county is loaded, and knows every figure in the end; a store of statistics that is made again from the log.

The moments of the kills come from a seed, which is printed; MNS_SEED repeats it."""
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, MNS, SOURCE, Failed, Stack, check, main, until  # noqa: E402

EXAMPLES = SOURCE / "examples/python"
SEED = int(os.environ.get("MNS_SEED") or time.time())
RANDOM = random.Random(SEED)
TOWNSHIP, VILLAGE = "510322102000", "510322102203"
stack = Stack(environment={"MNS_FIGURES_EVERY_MS": "100"})
folder = tempfile.TemporaryDirectory()

FOLLOWER = """
import sqlite3, sys
sys.path.insert(0, sys.argv[1])
from mns_client import Bus
db = sqlite3.connect(sys.argv[3])
db.execute("CREATE TABLE IF NOT EXISTS figure (place, period, basis, measure, dimension, value,"
           " PRIMARY KEY (place, period, basis, measure, dimension))")
def apply(db, event):
    for figures in event["data"]:
        key = figures["place"], figures["period"], figures["basis"]
        db.execute("REPLACE INTO figure VALUES (?, ?, ?, 'opening', '', ?)", (*key, figures["opening"]))
        for count in figures.get("counts", []):
            db.execute("REPLACE INTO figure VALUES (?, ?, ?, ?, ?, ?)",
                       (*key, count["measure"], count.get("dimension", ""), count["value"]))
Bus(sys.argv[2]).follow(db, ["statistics.figures."], apply, consumer="keeper")
"""


def follower():
    return subprocess.Popen([sys.executable, "-c", FOLLOWER, EXAMPLES, f"ipc://{stack.data}/run/bus",
                             os.path.join(folder.name, "figures.db")], stderr=subprocess.PIPE, text=True)


def caught_up():
    return stack.run("status", "--check", "caught-up", code=None).returncode == 0


def known():
    with sqlite3.connect(os.path.join(folder.name, "figures.db"), timeout=10) as db:
        return {row[:5]: row[5] for row in db.execute("SELECT * FROM figure WHERE value <> 0")}


def asked():
    figures = {}
    for line in stack.run("stats", "snapshot", "--place", COUNTY).splitlines():
        record = json.loads(line)
        key = record["place"], record["period"], record["basis"]
        figures[(*key, "opening", "")] = record["opening"]
        figures.update({(*key, count["measure"], count.get("dimension", "")): count["value"]
                        for count in record.get("counts", [])})
    return {key: value for key, value in figures.items() if value}


def a_subscriber_killed_at_random_knows_every_figure():
    stack.start()
    load = subprocess.Popen([MNS, "sample", "load", "--scale", "0.002"], env=stack.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    process, kills = follower(), 0
    try:
        while load.poll() is None or kills < 5:
            time.sleep(RANDOM.uniform(0.05, 0.5))  # the moment of the kill is what is random
            process.kill()
            process.wait()
            process, kills = follower(), kills + 1
        check(load.returncode == 0, load.stderr.read())
        until("all is told", 60, caught_up, 0.1)
        wanted = {key: value for key, value in asked().items() if key[0].startswith(COUNTY[:6])}
        check(len(wanted) > 5000, f"{len(wanted)} figures")

        def has_all():
            check(process.poll() is None, process.poll() is not None and process.stderr.read())
            have = known()
            return all(have.get(key) == value for key, value in wanted.items()) and \
                all(key in wanted for key in have if key[0].startswith(COUNTY[:6]))
        until(f"the subscriber knows all of {len(wanted)} figures", 30, has_all, 0.2)
    finally:
        load.kill()
        process.kill()


def figures(*options):
    return {(row["place"], row["period"], row["measure"], row.get("dimension", "")): row.get("value")
            for row in stack.json("stats", "release", "show", *options)}


def a_month_is_closed_and_released():
    stack.refused("stats", "close", "2026-07", words=["2026-07"])
    stack.refused("stats", "release", "publish", words=["stats close"])
    stack.run("stats", "close", "2026-06")
    stack.refused("stats", "close", "2026-06", words=["closed already"])
    stack.run("stats", "release", "publish")
    ledger = stack.json("stats", "release", "list")
    check(len(ledger) == 1 and ledger[0]["period"] == "2026-06" and ledger[0]["figures"] > 100, f"{ledger}")
    open_figures = figures()
    below = [value for (place, *_), value in open_figures.items() if place != COUNTY and value is not None]
    check(below and all(value % 5 == 0 for value in below), "below the county all is rounded to 5")
    exact = {row["dimension"]: row["value"] for row in stack.json("stats", "counts", "--place", COUNTY, "--period", "2026-Q1")
             if row["measure"] == "births"}
    check(open_figures[COUNTY, "2026-Q1", "births", ""] == sum(exact.values()), "the county is exact")


def what_is_decided_is_on_the_feed_and_in_the_log():
    read = stack.run("sub", "catalogue.", "--json", "--from", "start", "--count", "2")
    topics = [json.loads(line)["subject"] for line in read.splitlines()]
    check(topics == [f"catalogue.period.{COUNTY}.closed", f"catalogue.release.{COUNTY}.published"], f"{topics}")


def a_late_birth_is_a_revision_with_its_cause():
    show = ("stats", "show", "--period", "2026-05", "--basis", "occurrence", "--place", TOWNSHIP, "--indicator", "births")
    before = stack.json(*show)[0]["value"]
    born = stack.json("event", "birth", "--place", VILLAGE, "--occurred", "2026-05-03", "--name", "甲", "--sex", "male",
                      "--mother", "foundling")[0]
    until("it is counted", 20, lambda: stack.json(*show)[0]["value"] == before + 1)
    check(stack.json(*show, "--as-published", "2026-07-01")[0]["value"] == before, "what stood on 1 July still stands")
    moved = stack.json("stats", "diff", "2026-05", "--place", TOWNSHIP, "--from", "2026-07-01", "--basis", "occurrence")
    births = [row for row in moved if row["measure"] == "births"]
    check(len(births) == 1 and births[0]["event"] == born["event"] and births[0]["cause"] == "late_registration", f"{moved}")


def a_store_made_again_from_the_log_is_the_same():
    stack.run("stats", "reopen", "2026-06", "--reason", "a return came late")
    stack.run("stats", "close", "2026-06")
    until("all is told", 60, caught_up, 0.1)
    first = stack.run("stats", "export")
    check("\nclosing\t" in first and "\nreleased\t" in first and "\nrevision\t" in first, "the calendar is in the export")
    stack.stop()
    for name in ("statistics.db", "statistics.db-wal", "statistics.db-shm"):
        (stack.data / "statistics" / name).unlink(missing_ok=True)
    stack.start()
    until("it is counted again", 60, caught_up, 0.1)
    check(stack.run("stats", "export") == first, "the bytes differ")


print(f"seed {SEED}")
try:
    main([a_subscriber_killed_at_random_knows_every_figure, a_month_is_closed_and_released,
          what_is_decided_is_on_the_feed_and_in_the_log, a_late_birth_is_a_revision_with_its_cause,
          a_store_made_again_from_the_log_is_the_same])
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
