#!/usr/bin/python3
"""The main job, end to end, with real parts: a birth typed by hand moves the figures of village, township and county in the
query, over an authorised subscription and on the open feed; the death of a recipient ends the entitlement, sends a mail
through a real mail server and leaves the person out of the next batch; a replay of the log gives the same statistics."""
import asyncio
import csv
import json
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from stack import COUNTY, MNS, Failed, Stack, check, main, until  # noqa: E402

import msgpack  # noqa: E402
import zmq  # noqa: E402
from aiosmtpd.controller import Controller  # noqa: E402

VILLAGE = "510322102203"
PLACES = (VILLAGE, "510322102000", COUNTY)
PERIOD = "2026-S2"


class Inbox:
    """What the mail server received."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, _server, _session, envelope):
        self.messages.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


class Feed(threading.Thread):
    """An independent listener: pyzmq and msgpack, ten lines."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.figures = []
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.connect(f"tcp://127.0.0.1:{port}")
        self.socket.subscribe("open.figures.")
        self.socket.subscribe("system.feed.")
        self.ticks = 0

    def run(self):
        while True:
            topic, record = self.socket.recv_multipart()
            unpacker = msgpack.Unpacker(strict_map_key=False)
            unpacker.feed(record[4:])
            _header, *items = unpacker
            if topic.startswith(b"system."):
                self.ticks += 1
            else:
                self.figures += [(time.monotonic(), item) for item in items]


mail = Inbox()
server = Controller(mail, hostname="127.0.0.1", port=0)


def serve_mail():
    import socket
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    server.start()
    return server.port


stack = Stack(environment={"MNS_SMTP_URL": f"smtp://127.0.0.1:{serve_mail()}", "MNS_SMTP_FROM": "minsheng@example.org"})
feed = None
follower = None
exact = []


def follow_exactly():
    """An authorised subscription, printed by mns as JSON lines."""
    process = subprocess.Popen([MNS, "sub", "statistics.figures.510322", "--json"], env=stack.environment,
                               stdout=subprocess.PIPE, text=True)

    def read():
        for line in process.stdout:
            exact.append((time.monotonic(), json.loads(line)))

    threading.Thread(target=read, daemon=True).start()
    return process


def a_county_is_loaded():
    stack.start()
    stack.run("sample", "load", "--scale", "0.02")
    until("the figures equal the recount", 60, lambda: stack.run("stats", "verify", code=None).returncode == 0, 0.2)
    report = stack.run("stats", "report")
    for word in ("births", "deaths", "2026"):
        check(word in report.lower(), report)


def figures(place, basis="registration"):
    records = stack.json("req", "statistics.figures", "--place", place, "--period", PERIOD, "--basis", basis)
    counts = {(c["measure"], c.get("dimension", "")): c["value"] for record in records for c in record.get("counts", [])}
    return counts, records[0] if records else None


def births(place):
    return sum(value for (measure, _), value in figures(place)[0].items() if measure == "births")


def delays_of_a_birth(name):
    """Seconds after the answer in which the figures of village, township, county and the feed have moved."""
    before, begun, heard = {place: births(place) for place in PLACES}, time.monotonic(), len(exact)
    on_feed = len(feed.figures)
    stack.run("event", "birth", "--place", VILLAGE, "--occurred", "2026-07-01", "--name", name, "--sex", "female",
              "--mother", "foundling", "--birth-order", "1")
    answered = time.monotonic()
    for place in PLACES:
        until(f"births of {place} moved in the query", 1.5, lambda p=place: births(p) == before[p] + 1)

    def seen(place, listed):
        return [t for t, f in listed if f["place"] == place and f["period"] == PERIOD and f["basis"] == "registration"
                and any(c["measure"] == "births" and c["dimension"] == "female.1" for c in f.get("counts", []))]

    flat = lambda: [(t, f) for t, e in exact[heard:] for f in e["data"]]
    for place in PLACES:
        until(f"{place} over the subscription", 5, lambda p=place: seen(p, flat()))
    until("the county on the feed", 5, lambda: seen(COUNTY, feed.figures[on_feed:]))
    delays = [seen(place, flat())[0] - answered for place in PLACES] + [seen(COUNTY, feed.figures[on_feed:])[0] - answered]
    print(f"  after the answer: village {delays[0]:.3f} s, township {delays[1]:.3f} s, county {delays[2]:.3f} s, "
          f"feed {delays[3]:.3f} s (the command took {answered - begun:.3f} s)")
    return delays


def a_birth_typed_by_hand_moves_every_figure_within_a_second():
    """The fastest of a few: a disk or processor that others use may hold up one."""
    global feed, follower
    feed = Feed(stack.feed_port)
    feed.start()
    follower = follow_exactly()
    until("the feed ticks", 10, lambda: feed.ticks > 0)
    until("the follower is subscribed", 10, lambda: any(row["account"] == "local" for row in
                                                        stack.json("req", "bus.status")[0]["consumers"]))
    check(any(max(delays_of_a_birth(name)) < 1 for name in ("试一", "试二", "试三", "试四", "试五")),
          "more than a second, each time")


def the_numbers_agree():
    counts, record = figures(COUNTY)
    on_feed = [f for _, f in feed.figures if f["period"] == PERIOD and f["basis"] == "registration"][-1]
    for count in on_feed["counts"]:
        check(counts[(count["measure"], count.get("dimension", ""))] == count["value"], f"{count} against {counts}")
    check(on_feed["closing"] == record["closing"] and on_feed["opening"] == record["opening"], f"{on_feed} {record}")
    check(on_feed["cutoff"] <= record["cutoff"], f"{on_feed} {record}")


def some_recipient():
    rows = stack.json("req", "assistance.entitlements", "--scheme", "rural-reward", "--state", "active", "--reveal")
    for row in rows:
        person = stack.json("person", "show", row["person"], "--reveal")[0]
        if person["status"] == "present" and person["place"] == row["place"]:
            return row, person
    raise Failed("no recipient")


def a_death_ends_the_entitlement_and_tells_the_office():
    global recipient
    recipient, person = some_recipient()
    seen = len(mail.messages)
    stack.run("event", "death", "--place", person["place"], "--occurred", "2026-07-01", "--citizen-number",
              person["citizen_number"], "--name", person["name"])
    ended = until("the entitlement is ended", 2, lambda: [
        row for row in stack.json("req", "assistance.entitlements", "--entitlement", recipient["entitlement"])
        if row["state"] == "exited"])
    check(ended[0]["reason"] == "death", f"{ended}")
    until("the mail has arrived", 10, lambda: len(mail.messages) > seen)
    receivers, text = mail.messages[-1]
    check(person["citizen_number"] not in text, "a citizen number in a mail")
    check(receivers and "Message-ID" in text, text[:500])


def the_next_batch_leaves_the_person_out():
    stack.run("account", "add", "maker", "--role", "approver", "--division", "510322")
    stack.run("account", "add", "checker", "--role", "approver", "--division", "510322")
    for source in ("centre", "province", "county"):
        stack.run("req", "assistance.fund", "--source", source, "--amount-fen", "1000000000")
    until("the broker knows the new accounts", 5, lambda: stack.run(
        "req", "assistance.batches", "--account", "checker", code=None).returncode == 0)
    prepared = stack.json("req", "assistance.batch-prepare", "--scheme", "rural-reward", "--period", "2026", "--account",
                          "maker")[0]
    active = stack.json("req", "assistance.entitlements", "--scheme", "rural-reward", "--state", "active", "--limit", "1000")
    check(prepared["lines"] == len(active) and prepared["total_fen"] == 96000 * len(active), f"{prepared} {len(active)}")
    stack.refused("req", "assistance.batch-post", "--batch", prepared["batch"], "--account", "maker")
    posted = stack.json("req", "assistance.batch-post", "--batch", prepared["batch"], "--account", "checker")[0]
    check(posted["state"] == "posted", f"{posted}")
    file = until("the bank file", 5, lambda: (stack.data / "bank").glob("*.csv") and list((stack.data / "bank").glob("*.csv")))[0]
    text = file.read_text()
    check(recipient["name"] not in text or text.count(recipient["name"]) == sum(
        row["name"] == recipient["name"] for row in active), "the dead is in the bank file")
    check(str(prepared["lines"]) in text, text[-300:])
    ledger = stack.json("req", "assistance.ledger")
    check(sum(row["balance_fen"] for row in ledger) == 0, f"{ledger}")


def a_replay_sends_nothing_again():
    until("the posted batch is known to notifications and all mail is out", 20, lambda: len(mail.messages) >= 2 and all(
        row["state"] not in ("waiting", "sending") for row in stack.json("req", "notifications.messages")))
    sent = len(mail.messages)
    check(stack.stop() == 0, "not stopped cleanly")
    stack.start()
    until("all of the log is applied", 20, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    check(all(row["state"] not in ("waiting", "sending") for row in stack.json("req", "notifications.messages"))
          and len(mail.messages) == sent, "a restart sent mail again")


def a_replay_of_the_log_gives_the_same_statistics():
    before = stack.run("stats", "export")
    check(len(before) > 1000, "the export is empty")
    stack.stop()
    for file in (stack.data / "statistics").glob("statistics.db*"):
        file.unlink()
    stack.start()
    until("rebuilt", 60, lambda: stack.run("status", "--check", "caught-up", code=None).returncode == 0, 0.1)
    after = stack.run("stats", "export")
    check(before == after, "the export differs after a replay")
    stack.run("stats", "verify")
    print(f"  {len(before)} bytes, the same")


def it_stops_cleanly():
    check(stack.stop() == 0, "not stopped cleanly")


try:
    main([a_county_is_loaded, a_birth_typed_by_hand_moves_every_figure_within_a_second, the_numbers_agree,
          a_death_ends_the_entitlement_and_tells_the_office, the_next_batch_leaves_the_person_out, a_replay_sends_nothing_again,
          a_replay_of_the_log_gives_the_same_statistics, it_stops_cleanly])
except BaseException:
    stack.__exit__(*sys.exc_info())
    raise
finally:
    server.stop()
    if follower:
        follower.kill()
stack.__exit__(None, None, None)
