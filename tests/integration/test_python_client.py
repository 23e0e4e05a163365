#!/usr/bin/python3
"""The clients in Python (examples/python) against a real stack: asking, following exactly once while the stack and the
follower are killed at random, listening to a feed that loses messages, publishing with an outbox, over ipc and over TCP
with CURVE. docs/faults.md rows 27 and 29.

The moments of the kills come from a seed, which is printed; MNS_SEED repeats it."""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, Failed, Stack, check, free_port, main, until  # noqa: E402

EXAMPLES = SOURCE / "examples/python"
sys.path.insert(0, str(EXAMPLES))
import zmq  # noqa: E402
from mns_client import Bus, Refused, events  # noqa: E402
from mns_publish import Outbox  # noqa: E402

SEED = int(os.environ.get("MNS_SEED") or time.time())
RANDOM = random.Random(SEED)
VILLAGE = "510322102203"
stack = Stack(environment={"MNS_FIGURES_EVERY_MS": "100"})
folder = tempfile.TemporaryDirectory()


def local():
    return f"ipc://{stack.data}/run/bus"


def birth(number):
    stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", f"新{number}", "--sex", "female",
              "--mother", "foundling", "--birth-order", "1")


def the_log(prefix):
    """The log numbers under a prefix, from the stored log itself."""
    bus, numbers, at = Bus(local()), [], 0
    while True:
        asked = {"prefixes": [{"prefix": prefix}], "after": at, "to": 0, "count": 2**62, "sum": 0}
        found = [event["log_number"] for event in bus.request("bus.read", asked, read=events)]
        numbers += found
        if not found:
            return numbers
        at = bus.head["log_number"]


def test_asking():
    stack.start()
    stack.run("sample", "load", "--scale", "0.002")
    until("all is told", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    bus = Bus(local())
    check(any(row["command"] == "statistics.figures" for row in bus.request("bus.directory")), "no directory")
    (figures,) = bus.request("statistics.figures", {"place": "510322000000", "period": "2026-S1"})[:1]
    check(figures["closing"] > 0, figures)
    try:
        bus.request("statistics.figures", {"place": "510322000000", "period": "2026-X9"})
        raise Failed("a period that is none was answered")
    except Refused as refused:
        check(refused.args[0]["rc"] // 10 == 400 and "retry_after_ms" not in refused.args[0], refused)


def test_asking_again_under_the_same_key():
    bus, key = Bus(local()), int(time.time() * 1000).to_bytes(6, "big") + b"\x70\x01\x80" + os.urandom(7)
    command = ("registry.record", {"event": "birth", "place": VILLAGE, "occurred": "2026-07-01", "name": "双",
                                   "sex": "female", "mother": "foundling", "birth_order": 1})
    first = bus.request(*command, key=key)
    check("repeated" not in bus.head, bus.head)
    check(bus.request(*command, key=key) == first and bus.head.get("repeated") == 1, bus.head)


FOLLOWER = """
import sqlite3, sys
sys.path.insert(0, sys.argv[1])
from mns_client import Bus
db = sqlite3.connect(sys.argv[3])
db.execute("CREATE TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY, id TEXT)")
def apply(db, event):  # a figure that comes twice breaks the primary key
    db.execute("INSERT INTO seen VALUES (?, ?)", (event["log_number"], event["topic"]))
Bus(sys.argv[2]).follow(db, ["statistics.figures."], apply, consumer="follower")
"""


def follower(path):
    return subprocess.Popen([sys.executable, "-c", FOLLOWER, EXAMPLES, local(), path], stderr=subprocess.PIPE, text=True)


def seen(path):
    with sqlite3.connect(path, timeout=10) as db:
        return [row[0] for row in db.execute("SELECT number FROM seen ORDER BY number")]


def test_following_through_kills():
    """docs/faults.md rows 27 and 29: killed at any moment, the follower goes on from its offset."""
    path = os.path.join(folder.name, "follower.db")
    process = follower(path)
    try:
        for number in range(8):
            birth(number)
            time.sleep(RANDOM.uniform(0, 0.2))  # the moment of the kill is what is random
            if RANDOM.random() < 0.3:
                stack.kill()
                stack.start()
            else:
                process.kill()
                check(process.wait() == -signal.SIGKILL, process.stderr.read())
                process = follower(path)
        until("all is told", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
        wanted = the_log("statistics.figures.")
        until(f"the follower has all of {len(wanted)} figures", 30, lambda: process.poll() is not None
              or seen(path) == wanted, 0.1)
        check(process.poll() is None, process.poll() and process.stderr.read())
    finally:
        process.kill()


class Lossy(threading.Thread):
    """A feed between the stack and a listener that drops two events of five, and no tick."""

    def __init__(self, source):
        super().__init__(daemon=True)
        self.sub, self.xpub = zmq.Context.instance().socket(zmq.SUB), zmq.Context.instance().socket(zmq.XPUB)
        self.sub.subscribe("")
        self.sub.connect(source)
        self.endpoint = f"tcp://127.0.0.1:{self.xpub.bind_to_random_port('tcp://127.0.0.1')}"
        self.dropped = 0

    def run(self):
        while True:
            parts = self.sub.recv_multipart()
            if parts[0].startswith(b"open.") and RANDOM.random() < 0.4:
                self.dropped += 1
            else:
                self.xpub.send_multipart(parts)


def test_listening_with_repair():
    lossy, heard, ready = Lossy(f"tcp://127.0.0.1:{stack.feed_port}"), {}, threading.Event()
    lossy.start()

    def listen():
        for event in Bus(local()).listen(lossy.endpoint, ["open.figures."], every=0.1):
            check(event["log_number"] not in heard, "an event twice")
            heard[event["log_number"]] = event["topic"]
            ready.set()
    threading.Thread(target=listen, daemon=True).start()
    number = 100

    def hears():
        nonlocal number
        birth(number)
        number += 1
        return ready.wait(0.1)
    until("the listener hears something", 30, hears)
    first = min(heard)

    def enough_is_lost():
        hears()
        return lossy.dropped > 9
    until("the feed loses something", 30, enough_is_lost)
    until("all is told", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    wanted = [number for number in the_log("open.figures.") if number > first]
    until(f"{len(wanted)} figures are heard, {lossy.dropped} of them lost on the way", 20,
          lambda: all(number in heard for number in wanted), 0.05)


def test_publishing_through_kills():
    """Every event that was committed is in the log, once, whatever died meanwhile."""
    path = os.path.join(folder.name, "producer.db")
    for part in range(4):
        db = sqlite3.connect(path)
        outbox = Outbox(db, "weather")
        bus = outbox.connect(local(), account="weather")
        with db:
            for hour in range(150):
                outbox.put("weather.report.510322000000.hourly", "report", {"hour": hour, "part": part})
        if part % 2:
            stack.kill()
            stack.start()
        check(outbox.flush(bus) == 150 * (part + 1), "not all of it is durable")
        check(outbox.flush(bus) == 150 * (part + 1), "something again")
        bus.socket.close()
        db.close()
    check(len(the_log("weather.")) == 600, f"{len(the_log('weather.'))} events of 600")
    os.remove(path)  # a producer that lost its outbox, and one that has another: both are told
    db = sqlite3.connect(path)
    for prepare in (lambda outbox: None, lambda outbox: [outbox.put("weather.report.510322000000.hourly", "report", {"hour": 1})
                                                         for _ in range(700)]):
        outbox = Outbox(db, "weather")
        with db:
            prepare(outbox)
        try:
            outbox.flush(outbox.connect(local(), account="weather"))
            raise Failed("an outbox that forked was taken")
        except Refused as refused:
            check(refused.args[0]["rc"] == 4095, refused)


def test_over_tcp():
    """CURVE: the key decides who asks."""
    path = os.path.join(folder.name, "key")
    public = stack.run("keys", "make", path).strip()
    stack.run("account", "add", "reader", "--role", "official", "--division", "510322000000", "--key", public)
    broker = stack.run("keys", "show", stack.data / "keys/broker.key").strip()
    with open(path, encoding="utf-8") as file:
        secret = next(line.split()[1] for line in file if line.startswith("secret "))
    bus = Bus(f"tcp://127.0.0.1:{stack.bus_port}", keys=tuple(key.encode() for key in (public, secret, broker)))
    check(bus.welcome["account"] == "reader" and bus.welcome["role"] == "official", bus.welcome)
    check(bus.request("statistics.figures", {"place": "510322000000", "period": "2026-S1"}), "no figures")
    bus.socket.close()


def test_the_ten_lines():
    text = (EXAMPLES / "feed.py").read_text(encoding="utf-8")
    body = text.split('"""', 2)[2].strip()
    check(body in (SOURCE / "docs/subscribing.md").read_text(encoding="utf-8"), "feed.py is not the one of the document")
    check(len((EXAMPLES / "mns_client.py").read_text(encoding="utf-8").splitlines()) < 200, "the client has 200 lines")


print(f"MNS_SEED={SEED}", flush=True)
try:
    with folder:
        main([test_asking, test_asking_again_under_the_same_key, test_following_through_kills, test_listening_with_repair,
              test_publishing_through_kills, test_over_tcp, test_the_ten_lines])
except Failed as failure:
    print(f"FAILED: {failure} (MNS_SEED={SEED})", file=sys.stderr)
    stack.__exit__(Failed, failure, None)
    sys.exit(1)
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
stack.__exit__(None, None, None)
