#!/usr/bin/python3
"""kill -9 during an import: nothing lost, nothing twice, every figure equal to a recount.

  kill_import.py [--parts] [--scale N] [--kills N] [--seed N]

Kills the embedded process, or with --parts one of broker, registry, statistics, at random moments (the seed repeats them)
while persons are imported; then imports the same file again, and once more with its rows reordered and one changed."""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import MNS, Failed, Parts, Stack, check, until  # noqa: E402


def importer(stack, path):
    return subprocess.Popen([MNS, "import", str(path), "--json"], env=stack.environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def restart(stack, parts, rng):
    if parts:
        name = rng.choice(("broker", "registry", "statistics"))
        stack.kill_part(name)
        stack.start_part(name)
        return name
    stack.kill()
    stack.start()
    return "stack"


def import_under_kills(stack, path, options, rng):
    """Imports until it is through; kills on the way, and goes on killing during repeated imports when that was quick."""
    kills = 0
    rounds = 0
    while kills < options.kills or rounds == 0:
        rounds += 1
        process = importer(stack, path)
        while process.poll() is None:
            if kills < options.kills:
                time.sleep(rng.uniform(0.05, 0.6))
                if process.poll() is None:
                    print(f"  kill {kills + 1}: {restart(stack, options.parts, rng)}", flush=True)
                    kills += 1
            else:
                time.sleep(0.05)
        out, err = process.communicate()
        print(f"  import {rounds} ended with {process.returncode} after {kills} kills: {out.strip()[:300]}", flush=True)
        check(process.returncode in (0, 1), f"the import ended with {process.returncode}: {err[-1000:]}")
    final = importer(stack, path)
    out, err = final.communicate()
    check(final.returncode == 0, f"the last import failed: {out} {err[-1000:]}")
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
