#!/usr/bin/python3
"""The client library against a real broker, as another system has it (tests/client): events applied once with the offset in
the caller's transaction while everything is killed at random, a publisher that loses and repeats nothing, a trimmed and a
replaced log told apart, a right that is taken away, a feed that loses and repairs.

docs/faults.md row 3: the publisher is killed, also between its commit and the acknowledgement; nothing is lost or doubled.
docs/faults.md row 25: the follower is killed at any point; what it applied and its offset agree.
docs/faults.md row 31: a follower behind what the log keeps is told so where records are missing, and goes on."""
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import BIN, Failed, Stack, check, main, until  # noqa: E402

SEED = int(os.environ.get("MNS_SEED") or random.SystemRandom().randrange(10**6))
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="mns-client-"))


class Broker(Stack):
    """The broker alone."""

    def start(self, expect_ready=True):
        begin = len(self.log()) if self.log_path.exists() else 0
        if not (self.data / "keys").exists():
            (self.data / "keys").mkdir(mode=0o700)
            self.run("keys", "make", self.data / "keys/broker.key")
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([str(BIN / "mns-broker")], env=self.environment, stdout=log, stderr=log,
                                            start_new_session=True)
        until("the broker is ready", 30, lambda: "broker.ready" in self.log()[begin:] or self.process.poll() is not None)
        check(self.process.poll() is None, f"the broker ended with {self.process.poll()}")


broker = Broker()


class Program:
    """A program of tests/client, with what it prints."""

    def __init__(self, name, *arguments, **environment):
        self.out = FOLDER / f"{name}-{random.randrange(10**9)}"
        environment = {f"MNS_TEST_{key.upper()}": str(value) for key, value in environment.items()}
        environment.setdefault("MNS_TEST_BUS", f"ipc://{broker.data}/run/bus")
        with open(self.out, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([str(BIN / name), *map(str, arguments)], env=dict(os.environ, **environment),
                                            stdout=out, stderr=subprocess.STDOUT, cwd=FOLDER)

    def text(self):
        return self.out.read_text()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, seconds=60):
        return self.process.wait(seconds)


def say(prefix, count, size=1, topic="example.saying.510322000000.said", **environment):
    return Program("say", FOLDER / "outbox", "example", topic, prefix, count, size, **environment)


def said(*arguments, **environment):
    program = say(*arguments, **environment)
    check(program.end() == 0, program.text())
    return program


def rows(name):
    with sqlite3.connect(FOLDER / name, timeout=20) as db:
        try:
            return db.execute("SELECT log_number, id, entity FROM event ORDER BY seen").fetchall()
        except sqlite3.OperationalError:
            return []


def over_curve():
    """An operator's account and its settings."""
    key = broker.run("keys", "make", FOLDER / "gis.key").strip()
    broker.run("account", "add", "gis", "--role", "operator", "--key", key)
    return {"bus": f"tcp://127.0.0.1:{broker.bus_port}", "key_file": FOLDER / "gis.key",
            "key": broker.run("keys", "show", broker.data / "keys/broker.key").strip()}


def killed_at_random_each_event_is_applied_once():
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    said("begin", 1)
    curve = over_curve()
    kept, rounds = 1, 12
    follower = None
    for turn in range(rounds):
        poll = {"poll": 1} if chance.random() < 0.5 else {}
        if follower is None:
            follower = Program("follow", "killed.db", "example.", "start", **curve, **poll)
        speaker = say(f"r{turn}", 300, chance.choice((1, 7, 50)))
        time.sleep(chance.uniform(0.02, 0.4))
        if chance.random() < 0.6:
            speaker.kill()
        if chance.random() < 0.6:
            follower.kill()
            follower = None
        if chance.random() < 0.4:
            broker.kill()
            broker.start()
        code = speaker.end()
        check(code in (0, -signal.SIGKILL), f"{code}: {speaker.text()}")
        counts = [int(line) for line in speaker.text().split("\n") if line.isdigit()]
        kept += counts[-1] if counts else 0
    said("end", 1)
    whole = Program("follow", "whole.db", "example.", "start")
    until("all is told once more", 30, lambda: any(entity == "end-1" for *_, entity in rows("whole.db")[-1:]))
    whole.kill()
    if follower is None:
        follower = Program("follow", "killed.db", "example.", "start", **curve)
    want = rows("whole.db")
    until("the killed one has all", 30, lambda: len(rows("killed.db")) >= len(want))
    follower.kill()
    check(rows("killed.db") == want, f"seed {SEED}: what was applied is not what the log has")
    numbers = [int(identity.rsplit("-", 1)[1]) for _, identity, _ in want]
    check(numbers == list(range(1, len(numbers) + 1)), f"seed {SEED}: the numbers of the producer are not dense")
    check(len(numbers) > kept, f"seed {SEED}: {kept} events were kept, the log has {len(numbers)}")


def a_replaced_log_is_told():
    follower = Program("follow", "killed.db", "example.", "start")
    until("it is there", 20, lambda: follower.text().startswith("ok"))
    follower.kill()
    broker.kill()
    os.rename(broker.data / "broker", FOLDER / "log-before")
    broker.start()
    follower = Program("follow", "killed.db", "example.", "start")
    check(follower.end() == 1 and follower.text().startswith("offset_mismatch "), follower.text())
    broker.kill()
    shutil.rmtree(broker.data / "broker")
    os.rename(FOLDER / "log-before", broker.data / "broker")
    broker.start()


def what_was_trimmed_is_told_where_it_is_missing():
    said("old", 100, 10)
    last = rows("whole.db")[-1][0] + 100
    broker.run("log", "trim", "--before", last, "--force")
    broker.kill()  # whose memory still has the newest
    broker.start()
    for name, begin in (("late.db", "start"), ("whole.db", "start")):  # one that is new, one that was there before
        follower = Program("follow", name, "example.", begin)
        said(f"new-{name}", 1)
        until("it goes on behind the gap", 20, lambda: [e for *_, e in rows(name)[-1:]] == [f"new-{name}-1"])
        follower.kill()
        told = [line for line in follower.text().splitlines() if line.startswith("gone ")]
        check(len(told) == 1 and "missing for ever" in told[0], follower.text())


def a_copied_outbox_is_refused():
    shutil.copytree(FOLDER / "outbox", FOLDER / "copy")
    said("more", 3)
    program = Program("say", FOLDER / "copy", "example", "example.saying.510322000000.said", "copied", 1, 1)
    check(program.end() == 1 and "outbox_forked" in program.text(), program.text())


def an_account_taken_away_is_told():
    follower = Program("follow", "gis.db", "example.", "start", bus=f"tcp://127.0.0.1:{broker.bus_port}",
                       key_file=FOLDER / "gis.key", key=broker.run("keys", "show", broker.data / "keys/broker.key").strip())
    until("it follows", 20, lambda: len(rows("gis.db")) > 0)
    broker.run("account", "remove", "gis")
    check(follower.end(30) == 1, follower.text())
    word = follower.text().splitlines()[-1].split()[0]
    check(word in ("unauthenticated", "forbidden"), follower.text())
    count = len(rows("gis.db"))
    said("secret", 1)
    check(len(rows("gis.db")) == count, "it was told something after its account was gone")


def a_feed_repairs_what_it_lost():
    listener = Program("hear", f"tcp://127.0.0.1:{broker.feed_port}", "open.")
    topic, heard = "open.saying.510322000000.said", lambda: listener.text().split("\n")
    until("it listens", 20, lambda: said("sound", 1, 1, topic) and "heard" in listener.text())
    listener.process.send_signal(signal.SIGSTOP)
    said("lost", 30000, 1000, topic)
    listener.process.send_signal(signal.SIGCONT)
    said("after", 1, 1, topic)

    def ids():
        return [int(line.split()[0].rsplit("-", 1)[1]) for line in heard() if line.endswith(("heard", "repaired"))]
    until("all have come", 30, lambda: len(set(ids())) >= 30000 and set(range(min(ids()), max(ids()) + 1)) == set(ids()), 0.2)
    check(len(ids()) == len(set(ids())), "an event came twice")
    repaired = sum(line.endswith("repaired") for line in heard())
    check(repaired > 0, "nothing was lost: the test shows nothing")
    print(f"{repaired} of {len(ids())} were lost and repaired")
    listener.kill()


TESTS = [killed_at_random_each_event_is_applied_once, a_replaced_log_is_told,
         what_was_trimmed_is_told_where_it_is_missing, a_copied_outbox_is_refused,
         an_account_taken_away_is_told, a_feed_repairs_what_it_lost]
try:
    broker.start()
    main(TESTS)
except Failed as failure:
    print(f"FAILED: {failure}", file=sys.stderr)
    broker.__exit__(Failed, failure, None)
    sys.exit(1)
finally:
    broker.__exit__(None, None, None)
    shutil.rmtree(FOLDER, ignore_errors=True)
