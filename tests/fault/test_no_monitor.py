#!/usr/bin/python3
"""A socket monitor that nobody reads freezes the whole process after some hundred connections of strangers. The house opens
none on a door: the only one watches the broker's own proof, before any door is open, and is closed after it. And two thousand
strangers who come and go leave the bus as it was (docs/faults.md row 38)."""
import os
import pathlib
import re
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import SOURCE, Stack, check, main  # noqa: E402

STRANGERS = 2000
ANSWER_S = 60  # a frozen one answers never
PROOF = {"services/broker/zap.c": ["proof->client, proof->monitor, ZMQ_EVENT_ALL", "proof->client, NULL, 0"]}


def test_no_door_is_monitored():
    found = {}
    for folder in ("common", "services", "include", "mns"):
        for path in sorted((SOURCE / folder).rglob("*.[ch]")):
            text = path.read_text()
            check("zmonitor_new" not in text, f"{path}: czmq's monitor")
            calls = re.findall(r"zmq_socket_monitor \(([^;{]*?)\)", text)
            if calls:
                found[str(path.relative_to(SOURCE))] = calls
    check(found == PROOF, f"monitors: {found}")


def test_strangers_come_and_go():
    with Stack() as stack:
        begun = time.monotonic()
        for number in range(STRANGERS):
            with socket.create_connection(("127.0.0.1", stack.bus_port), timeout=ANSWER_S) as stranger:
                if number % 2:
                    stranger.sendall(os.urandom(16))
        print(f"{STRANGERS} strangers in {time.monotonic() - begun:.1f} s")
        begun = time.monotonic()
        stack.run("status", "--check", "all")
        check(time.monotonic() - begun < ANSWER_S, "the stack answers slowly after the strangers")


main((test_no_door_is_monitored, test_strangers_come_and_go))
