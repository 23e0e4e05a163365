#!/usr/bin/python3
"""Old and new programs on one bus, changed under way: docs/faults.md row 47. The old ones are built from the commit of the release
before (OLD), or taken from the folder MNS_OLD_BIN.

Old broker with new services, commands and clients, then the broker is replaced while events flow; new broker with old
services and commands, then the services are replaced one by one. Each time every figure equals the recount. What an old
broker does not know (snapshots) is said and nothing else suffers."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import stack as support  # noqa: E402
from stack import BIN, SOURCE, Parts, check, main, until  # noqa: E402

OLD = "e300669"
VILLAGE = "510322102203"
SERVICES = ("registry", "statistics", "assistance", "notifications")
sources = tempfile.TemporaryDirectory()


def build_old():
    if "MNS_OLD_BIN" in os.environ:
        return pathlib.Path(os.environ["MNS_OLD_BIN"])
    archive = subprocess.run(["git", "-C", SOURCE, "archive", OLD], capture_output=True, check=False)
    if archive.returncode != 0:
        print(f"skipped: {OLD} is not in the history here: {archive.stderr.decode().strip()}")
        sys.exit(77)
    subprocess.run(["tar", "-x", "-C", sources.name], input=archive.stdout, check=True)
    build = pathlib.Path(sources.name, "build")
    subprocess.run(["cmake", "--preset", "release", "-S", sources.name, "-B", build], check=True, capture_output=True)
    subprocess.run(["ninja", "-C", build, "mns", "mns-broker", *[f"mns-{name}" for name in SERVICES]], check=True,
                   capture_output=True)
    return build / "bin"


class Mixed(Parts):
    """Five processes, each from a folder of its own; the command from `command`."""

    def __init__(self, folders, command):
        super().__init__()
        self.folders, self.command = folders, command

    def start(self, expect_ready=True):
        support.MNS = str(old / "mns")  # the old programs make the data directory: what they write, new ones read
        with open(self.log_path, "a", encoding="utf-8"):
            pass
        support.Stack.start(self)
        support.Stack.stop(self)
        support.MNS = str(self.command / "mns")
        super().start(expect_ready)

    def start_part(self, name):
        support.BIN = self.folders[name]
        super().start_part(name)
        support.BIN = BIN

    def replace(self, name, folder):
        self.kill_part(name)
        self.folders[name] = folder
        self.start_part(name)


def birth(parts, number):
    parts.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", f"新{number}", "--sex", "female",
              "--mother", "foundling", "--birth-order", "1", "--timeout", "30")


def figures_are_right(parts, when):
    until(f"the figures equal the recount {when}", 60, lambda: parts.run("stats", "verify", code=None).returncode == 0, 0.2)


def births_in(path):
    return [json.loads(line)["lognumber"] for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
            if line.endswith("\n")]


def test_new_programs_with_an_old_broker():
    with Mixed({"broker": old, **{name: BIN for name in SERVICES}}, BIN) as parts:
        parts.run("sample", "load", "--scale", "0.002")
        figures_are_right(parts, "at the old broker")
        told = parts.run("sub", "statistics.figures.", "--from", "start", "--count", "50", "--json").splitlines()
        check(len(told) == 50, told)
        refused = parts.run("snapshot", "statistics", code=None)
        check(refused.returncode == 1 and "kind" in refused.stderr, refused)
        path = parts.data / "followed"
        with open(path, "w", encoding="utf-8") as file:
            follower = subprocess.Popen([support.MNS, "sub", "registry.birth.", "--json", "--from", "start"],
                                        env=parts.environment, stdout=file)
        try:
            until("somebody follows", 20, lambda: path.stat().st_size > 0, 0.1)
            before = births_in(path)
            for number in range(6):
                birth(parts, number)
                if number == 2:
                    parts.replace("broker", BIN)
            until("the follower has every birth", 30, lambda: len(births_in(path)) >= len(before) + 6, 0.1)
        finally:
            follower.kill()
            follower.wait()
        numbers = births_in(path)
        check(len(set(numbers)) == len(numbers), "a birth twice")
        figures_are_right(parts, "once the broker is new")
        check(parts.run("snapshot", "statistics", code=None).returncode == 0, "no snapshot")


def test_old_programs_with_a_new_broker():
    with Mixed({"broker": BIN, **{name: old for name in SERVICES}}, old) as parts:
        parts.run("sample", "load", "--scale", "0.002")
        figures_are_right(parts, "of the old services")
        check(len(parts.run("sub", "statistics.figures.", "--from", "start", "--count", "50").splitlines()) == 50, "sub")
        for number, name in enumerate(SERVICES):
            parts.replace(name, BIN)
            birth(parts, number)
            figures_are_right(parts, f"with a new {name}")


with sources:
    old = build_old()
    main([test_new_programs_with_an_old_broker, test_old_programs_with_a_new_broker])
