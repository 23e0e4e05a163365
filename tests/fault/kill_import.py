#!/usr/bin/python3
"""kill -9 during an import: nothing lost, nothing twice, every figure equal to a recount.

  kill_import.py [--parts] [--scale N] [--kills N] [--seed N]

Kills the embedded process, or with --parts one of broker, registry, statistics, at random moments (the seed repeats them)
while persons are imported; then imports the same file again, and once more with its rows reordered and one changed."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Failed, Parts, Stack, check, until  # noqa: E402


# Small requests, so that there are many turns to be killed in.
BATCH = {"MNS_IMPORT_BATCH": "50"}


def importer(stack, path):
    return subprocess.Popen([MNS, "import", str(path), "--json"], env=dict(stack.environment, **BATCH),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def restart(stack, parts, rng):
    if parts:
        name = rng.choice(("broker", "registry", "statistics"))
        stack.kill_part(name)
        stack.start_part(name)
        return name
    stack.kill()
    stack.start()
    return "stack"


def log_end(stack):
    """The last number of the log, 0 while nobody answers."""
    done = stack.run("log", "stat", "--json", "--timeout", "2", code=None)
    return json.loads(done.stdout)[0]["log_number"] if done.returncode == 0 else 0


def kill_while(stack, process, options, rng, kills):
    """Kills at random moments at which the log grows, until the import ends or there were enough; returns how many."""
    while process.poll() is None and kills < options.kills:
        base = log_end(stack)
        while process.poll() is None and log_end(stack) <= base:
            pass
        time.sleep(rng.uniform(0, 0.2))
        if process.poll() is None:
            kills += 1
            print(f"  kill {kills}: {restart(stack, options.parts, rng)}", flush=True)
    return kills


def import_under_kills(stack, path, options, rng):
    """Imports until it is through, killing on the way; what is left of the kills falls into imports of the same file."""
    kills = rounds = 0
    while rounds == 0 or kills < options.kills:
        rounds += 1
        process = importer(stack, path)
        attack = kill_while if rounds == 1 else kill_again
        kills = attack(stack, process, options, rng, kills)
        out, err = process.communicate()
        check(process.returncode == 0, f"import {rounds} ended with {process.returncode}: {out} {err[-1000:]}")
        result = json.loads(out)
        print(f"  import {rounds}: {result['created']} created, {result['exists']} there before; {kills} kills so far",
              flush=True)
        check(rounds > 1 or kills >= options.kills // 2, "the first import was over too soon")
    return kills


def kill_again(stack, process, options, rng, kills):
    """The same during an import that changes nothing, so that the log says nothing about it."""
    while process.poll() is None and kills < options.kills:
        time.sleep(rng.uniform(0.02, 0.2))
        if process.poll() is None:
            kills += 1
            print(f"  kill {kills}: {restart(stack, options.parts, rng)}", flush=True)
    return kills


def shuffled_copy(path, rng):
    """The same rows in another order, one person's name changed."""
    header, *rows = path.read_text().splitlines()
    rng.shuffle(rows)
    columns = header.split(",")
    name, number = columns.index("name"), columns.index("citizen_number")
    victim = next(i for i, row in enumerate(rows) if row.split(",")[number])
    cells = rows[victim].split(",")
    cells[name] = "改名人"
    rows[victim] = ",".join(cells)
    copy = path.with_name("shuffled.csv")
    copy.write_text("\n".join([header] + rows) + "\n")
    return copy


def outcome(stack, path, code):
    return stack.json("import", path, code=code)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--scale", default="0.1")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, (Parts if options.parts else Stack)() as stack:
        stack.run("sample", "write", folder, "--scale", options.scale)
        persons = pathlib.Path(folder) / "persons.csv"
        rows = len(persons.read_text().splitlines()) - 1
        print(f"seed {options.seed}: {rows} persons, {options.kills} kills", flush=True)
        stack.run("import", pathlib.Path(folder) / "places.csv")
        kills = import_under_kills(stack, persons, options, rng)
        check(kills >= options.kills, f"only {kills} kills")
        again = outcome(stack, persons, 0)
        check(again["exists"] == rows and again["created"] == 0, f"the same file again: {again}")
        mixed = outcome(stack, shuffled_copy(persons, rng), 1)
        check((mixed["created"], mixed["exists"], mixed["refused"]) == (0, rows - 1, 1), f"shuffled: {mixed}")
        until("statistics have caught up and equal the recount", 60,
              lambda: stack.run("stats", "verify", code=None).returncode == 0, pause=0.5)
        print(stack.run("stats", "verify").strip().splitlines()[-1])
        print(f"ok: {rows} persons once each after {kills} kills, figures equal the recount")


try:
    main()
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1)
