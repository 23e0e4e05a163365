#!/usr/bin/python3
"""docs/protocol.md as other people's programs meet it, against the broker itself: REQ sockets of every kind, envelopes,
connections without HELLO, commands that change hands, an old peer (tests/fixtures/old_peer.py, frozen), newer keys."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
from stack import BIN, check, main, until  # noqa: E402

import msgpack  # noqa: E402
import zmq  # noqa: E402
from old_peer import (BYE, ERR, EVT, HELLO, IDLE, PING, READY, REPLY, REQUEST, SUB, SUBOK, WELCOME,  # noqa: E402
                      NewerProtocol, OldPeer, records)

SNAP, DIRECTORY = 16, 22
MALFORMED, UNKNOWN, IN_USE, NEWER_PROTOCOL, NEED_HELLO, UNAVAILABLE = 4001, 4041, 4094, 4260, 4280, 5030
folder = tempfile.TemporaryDirectory()
DATA = pathlib.Path(folder.name)
ENDPOINT = f"ipc://{DATA}/run/bus"


def start():
    with open(DATA / "log", "a", encoding="utf-8") as log:
        process = subprocess.Popen([str(BIN / "mns-broker"), "--data", str(DATA)], stdout=log, stderr=log,
                                   env=dict(os.environ, MNS_FEED_LISTEN="off", MNS_BUS_LISTEN="off"))
    until("the broker is there", 20, lambda: (DATA / "run/bus").exists() or process.poll() is not None)
    return process


def ask(socket, number, command="bus.directory", frames=()):
    socket.send_multipart([*frames, b"MN\x01%c" % REQUEST, msgpack.packb({5: number, 4: command}), b""])


def answered(socket, number):
    check(socket.poll(5000), "no answer")
    *envelope, f0, f1, _ = socket.recv_multipart()
    head = msgpack.unpackb(f1, strict_map_key=False)
    check(head[5] == number and f0[3] == REPLY, f"{f0} {head}")
    return envelope


def test_req_sockets():
    """With and without CORRELATE and RELAXED, none of which says HELLO."""
    for correlate in (0, 1):
        for relaxed in (0, 1):
            socket = zmq.Context.instance().socket(zmq.REQ)
            socket.linger = 0
            socket.setsockopt(zmq.REQ_CORRELATE, correlate)
            socket.setsockopt(zmq.REQ_RELAXED, relaxed)
            socket.connect(ENDPOINT)
            for number in range(1, 4):
                ask(socket, number)
                if not (relaxed and correlate and number == 2):
                    answered(socket, number)  # else asks again without waiting: the late answer must not be taken for the next
            socket.close()


def test_envelopes():
    """Everything up to the last empty frame comes back unchanged; what is no envelope gets no answer and harms nobody."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.connect(ENDPOINT)
    good = ([], [b""], [b"\x00\x01", b""], [b"", b""], [b"MN\x01\x13", b"\x80", b""], [bytes([n]) * 30 for n in range(7)] + [b""])
    for number, frames in enumerate(good, 1):
        ask(socket, number, frames=frames)
        check(answered(socket, number) == frames, f"another envelope came back for {frames}")
    for frames in ([b"not empty"], [b"x" * 300, b""], [b""] * 9):
        ask(socket, 99, frames=frames)
        check(not socket.poll(100), f"{frames} was answered: {socket.poll(0) and socket.recv_multipart()}")
    ask(socket, 100)
    check(answered(socket, 100) == [], "an envelope")
    socket.close()


def test_only_requests_without_hello():
    peer = OldPeer.__new__(OldPeer)
    peer.socket = zmq.Context.instance().socket(zmq.DEALER)
    peer.socket.connect(ENDPOINT)
    check(peer.request("bus.directory")[0] == REPLY, "a lone request is not answered")
    for kind in (SUB, READY, DIRECTORY, SNAP):
        peer.send(kind, request=2)
        _, head, _ = peer.expect(ERR)
        check(head["rc"] == NEED_HELLO and head["request"] == 2, head)
    peer.socket.close()


def test_directory():
    """The kind answers what the command does; whoever has gone is in it without an account."""
    worker, asker = OldPeer(ENDPOINT, producer="toy", producer_epoch=1), OldPeer(ENDPOINT, account="assistance")
    worker.send(READY, msgpack.packb(["toy.one", "toy.two"]), request=1)
    worker.expect(REPLY)
    asker.send(DIRECTORY, request=7)
    kind, head, body = asker.expect(DIRECTORY)
    check(head["request"] == 7 and body == asker.request("bus.directory")[2], head)
    rows = msgpack.Unpacker()
    rows.feed(body)
    check([row["command"] for row in rows if row.get("account") == "toy"] == ["toy.one", "toy.two"], body)
    worker.send(BYE)
    until("nobody answers them", 5, lambda: asker.request("toy.one")[1].get("rc") == UNAVAILABLE)
    for peer in (worker, asker):
        peer.socket.close()


def test_all_workers_gone():
    """docs/faults.md row 43: at once, not after the deadline; also what the worker had in hand."""
    worker, asker = OldPeer(ENDPOINT, producer="toy", producer_epoch=1), OldPeer(ENDPOINT, account="assistance")
    worker.send(READY, msgpack.packb(["toy.slow"]), request=1)
    worker.expect(REPLY)
    asker.send(REQUEST, request=1, command="toy.slow", deadline_ms=60000)
    worker.expect(REQUEST)
    begun = time.monotonic()
    worker.send(BYE)
    for number in (1, 2):
        kind, head, _ = asker.expect(ERR)
        check(head["request"] == number and head["rc"] == UNAVAILABLE and head["retry_after_ms"] > 0, head)
        asker.send(REQUEST, request=2, command="toy.slow", deadline_ms=60000)
    check(time.monotonic() - begun < 30, "it waited for the deadline")
    for peer in (worker, asker):
        peer.socket.close()


def test_directory_tells_who_is_missed():
    """docs/faults.md row 43: a worker that went without a word is told on `system`, and so is its return; one that says BYE is not."""
    reader, asker = OldPeer(ENDPOINT, account="statistics"), OldPeer(ENDPOINT, account="assistance")
    worker = OldPeer(ENDPOINT, producer="toy", producer_epoch=1)
    reader.subscribe(["system.directory."], log_number=2**64 - 1)
    reader.expect(SUBOK)

    def told():
        while True:
            kind, _, body = reader.expect(EVT, IDLE, seconds=15)
            if kind == EVT:
                record = msgpack.Unpacker(strict_map_key=False)
                record.feed(body[4:])
                header, change = record
                return header[4].rpartition(".")[2], change["account"], change["commands"], change["command"]

    def announce(peer):
        peer.send(READY, msgpack.packb(["toy.first", "toy.second"]), request=1)
        peer.expect(REPLY)
    announce(worker)
    worker.send(BYE)
    worker.receive(0.2)
    worker.send(HELLO, producer="toy", producer_epoch=1)
    worker.expect(WELCOME)
    announce(worker)
    worker.socket.close()  # nobody told the broker
    until("the worker is missed", 20, lambda: asker.request("toy.first")[1].get("rc") == UNAVAILABLE)
    check(told() == ("gone", "toy", 2, "toy.first"), "another change")
    worker = OldPeer(ENDPOINT, producer="toy", producer_epoch=1)
    announce(worker)
    check(told() == ("back", "toy", 2, "toy.first"), "another change")
    for peer in (reader, asker, worker):
        peer.send(BYE)
        peer.socket.close()


def test_commands_change_hands():
    """READY is exclusive: a second instance is refused while the first answers PING, and takes over when it does not."""
    first, second = OldPeer(ENDPOINT, account="notifications"), OldPeer(ENDPOINT, account="notifications")
    first.send(READY, msgpack.packb(["notifications.only"]), request=1)
    first.expect(REPLY)
    begun = time.monotonic()
    while time.monotonic() - begun < 3.3:  # longer than a silent holder would keep them
        second.send(READY, msgpack.packb(["notifications.only", "notifications.other"]), request=2)
        check(first.receive(0.2) == (0, {}, b""), "more than a PING")
        _, head, _ = second.expect(ERR)
        check(head["rc"] == IN_USE and head["where"] == "notifications.only" and head["retry_after_ms"] > 0, head)
    check(second.request("notifications.other")[1]["rc"] in (UNKNOWN, UNAVAILABLE), "a part of a refused READY was taken")

    def takes_over():  # the first answers nothing any more
        second.send(READY, msgpack.packb(["notifications.only"]), request=3)
        return second.expect(REPLY, ERR)[0] == REPLY
    until("the second has the command", 10, takes_over, pause=0.2)
    kinds = []
    while first.socket.poll(1000):
        kinds.append(first.socket.recv_multipart()[0][3])
    check(PING in kinds and kinds[-1] == BYE, f"the first was told {kinds}")
    for peer in (first, second):
        peer.socket.close()


def test_an_old_peer():
    """docs/faults.md row 47: a program of version 0.1.0 publishes, subscribes and asks; the new broker says nothing it must refuse."""
    producer, reader = OldPeer(ENDPOINT, producer="toy", producer_epoch=1), OldPeer(ENDPOINT, account="assistance")
    check("log_epoch" in producer.welcome and producer.welcome["role"] == "service", producer.welcome)
    last = producer.publish(*[f"toy.note.510322101203.n{n}" for n in range(20)])
    reader.subscribe(["toy."], subscription=5, consumer="old-reader")
    found = reader.events(5, 0, last)
    check([topic for topic, _ in found if topic.startswith("toy.")] == [f"toy.note.510322101203.n{n}" for n in range(20)], found)
    kind, _, body = reader.request("bus.status")
    check(kind == REPLY and msgpack.unpackb(body)["log_number"] >= last, body)
    reader.socket.close()
    global broker  # mid-stream: the broker goes and comes back, the old peer begins again with HELLO
    broker.kill()
    broker.wait()
    broker = start()
    again = OldPeer(ENDPOINT, producer="toy", producer_epoch=1, number=producer.number, chain=producer.chain)
    check(again.welcome["number"] == 20 and again.welcome["chain"] == producer.chain, again.welcome)
    again.number, again.chain = producer.number, producer.chain
    check(again.publish("toy.note.510322101203.again") > last, "not appended")
    for peer in (producer, again):
        peer.socket.close()


def test_newer_peers():
    """docs/faults.md row 47, the other way: optional keys that nobody knows are skipped, critical ones refused, in heads and records;
    kinds that nobody knows are refused and harm nothing."""
    peer = OldPeer(ENDPOINT, account="assistance")
    peer.send(REQUEST, request=1, command="bus.directory", extra={99: "from the future", 120: [1, {2: 3}]})
    check(peer.expect(REPLY, ERR)[0] == REPLY, "an optional key was refused")
    peer.send(REQUEST, request=2, command="bus.directory", extra={60: 1})
    _, head, _ = peer.expect(ERR)
    check(head["rc"] == NEWER_PROTOCOL and "retry_after_ms" not in head, head)
    peer.socket.send_multipart([b"MN\x01\x63", msgpack.packb({5: 3}), b""])
    _, head, _ = peer.expect(ERR)
    check(head["rc"] == MALFORMED, head)
    peer.socket.send_multipart([b"MN\x02\x13", msgpack.packb({5: 4}), b""])
    _, head, _ = peer.expect(ERR)
    check(head["rc"] == MALFORMED, head)
    check(peer.request("bus.directory", number=5)[0] == REPLY, "the connection is spoilt")
    try:
        list(records(b"\x00\x00\x00\x40\xde\x00\x05\x01\xcf" + bytes(8) + b"\x02\xcf" + bytes(8) + b"\x03\xce" + bytes(4)
                     + b"\x04\xa3a.b\x3c\x01" + bytes(40)))
    except NewerProtocol:
        pass
    else:
        raise AssertionError("the old peer takes a critical key of a record that it does not know")
    peer.socket.close()


OLD, NEW = "510322101203", "510323000001"


def test_a_division_changes():
    """docs/faults.md row 48: a village gets another code while somebody subscribes. The subscriber hears of it on `places`, asks anew
    from where it stands with both codes, and gets every event of either, once and in order."""
    producer = OldPeer(ENDPOINT, producer="registry", producer_epoch=1)
    reader = OldPeer(ENDPOINT, account="statistics")
    start_at = reader.welcome["log_number"]
    told = [f"registry.birth.{OLD}.registered"] * 3 + [f"places.place.{NEW}.valid"]
    told += [f"registry.birth.{NEW}.registered", f"registry.death.{OLD}.registered", f"registry.birth.{NEW}.registered"]
    producer.publish(*told[:2])
    reader.subscribe([f"registry.birth.{OLD}", f"registry.death.{OLD}", "places."], start_at, 1, consumer="statistics")
    last = producer.publish(*told[2:6])  # old, the edition, new and old again, before the reader has heard of any of it
    before = []
    offset = start_at
    while not any(topic.startswith("places.") for topic, _ in before):
        _, head, body = reader.expect(SUBOK, EVT, IDLE)
        before += [(topic, number) for topic, number, _ in records(body) if number > offset]
        offset = head.get("last", offset)
    edition = next(number for topic, number in before if topic.startswith("places."))
    applied = [(topic, number) for topic, number in before if number <= edition]
    both = [f"registry.{what}.{code}" for what in ("birth", "death") for code in (OLD, NEW)]
    reader.subscribe([*both, "places."], edition, 2, consumer="statistics")
    last = producer.publish(*told[6:])
    applied += [event for event in reader.events(2, edition, last) if event not in applied]
    check([topic for topic, _ in applied] == told, f"{applied} is not {told}")
    numbers = [number for _, number in applied]  # between them, what others make the broker say of itself
    check(numbers == sorted(set(numbers)) and numbers[0] > start_at and numbers[-1] == last, f"not once and in order: {applied}")
    for peer in (producer, reader):
        peer.socket.close()


broker = start()
try:
    main([test_req_sockets, test_envelopes, test_only_requests_without_hello, test_directory, test_all_workers_gone,
          test_directory_tells_who_is_missed, test_commands_change_hands, test_an_old_peer, test_newer_peers, test_a_division_changes])
except BaseException:
    print("\n".join((DATA / "log").read_text(encoding="utf-8").splitlines()[-20:]), file=sys.stderr)
    raise
finally:
    broker.send_signal(signal.SIGTERM)
    broker.wait()
    folder.cleanup()
