"""The bus of Minsheng in one file: ask, follow events exactly once, listen to the feed and repair what it lost.

Needs python3-zmq and python3-msgpack. §N are sections of docs/protocol.md; mns_publish.py publishes."""
import io
import os
import random
import time

import msgpack
import zmq

HELLO, WELCOME, REFUSE, PING, PONG, PUB, PACK, PNAK, SUB, SUBOK, EVT, CREDIT, IDLE, GAP, SUBEND = range(1, 16)
REQUEST, REPLY, ERR, BYE = 19, 20, 23, 24
HEAD = dict(zip("""account role division command request deadline_ms key rc where detail retry_after_ms producer
    producer_epoch number chain count log_epoch log_number log_chain subscription previous last credit_messages
    credit_bytes consumer prefixes commands_busy from_time gone resume""".split(), range(1, 31)),
    software=64, trace=65, repeated=66, covered=67, acked=68)
RECORD = dict(zip("""log_number recorded log_epoch topic producer producer_epoch number type version items occurred
    registered hops""".split(), range(1, 14)), entity=64, cause=65, account=66, correlation=67)
NEED_HELLO, PASSING = 4280, (4080, 4094, 5001, 5030, 5031, 5070)  # §11: these may succeed later


class Refused(Exception):
    """The bus said no: args[0] is the head with rc, where, detail, and retry_after_ms where it may pass."""


class Lost(Exception):
    """The connection is gone; connect() begins a new one."""


def named(keys: dict, table: dict) -> dict:
    """Numbers into names: unknown ones below 64 need a newer client, from 64 on they are skipped (§1)."""
    names = {number: name for name, number in table.items()}
    if any(key < 64 and key not in names for key in keys):
        raise ValueError(f"a newer version of this client is needed for one of {sorted(keys)}")
    return {names[key]: item for key, item in keys.items() if key in names}


def unpack(body: bytes) -> list:
    return list(msgpack.Unpacker(io.BytesIO(body), strict_map_key=False))


def events(body: bytes):
    """The events of a body: dictionaries of the names in RECORD, their own records in event["data"] (§2)."""
    while body:
        size = 4 + int.from_bytes(body[:4], "big")
        header, *data = unpack(body[4:size])
        yield {**named(header, RECORD), "data": data}
        body = body[size:]


class Bus:
    def __init__(self, endpoint: str, account: str = "", keys: tuple = None, **hello):
        """`keys` (own public, own secret, the broker's) go with tcp://; a local endpoint names the account instead."""
        self.endpoint, self.keys, self.socket, self.numbers = endpoint, keys, None, 0
        self.hello = dict(account=account, software="mns_client.py/1", **hello)
        self.connect()

    def connect(self, patience: float = 30) -> None:
        pause, deadline = 0.05, time.monotonic() + patience
        while True:
            try:
                return self._greet()
            except Lost:
                if time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0.5, 1) * (pause := min(pause * 2, 5)))

    def _greet(self) -> None:
        """A new socket and HELLO (§4): a socket is one session, and another broker does not know what it holds."""
        if self.socket:
            self.socket.close()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger, self.socket.immediate, self.heard, self.said = 500, 1, time.monotonic(), time.monotonic()
        if self.keys:
            self.socket.curve_publickey, self.socket.curve_secretkey, self.socket.curve_serverkey = self.keys
        self.socket.connect(self.endpoint)
        if not self.socket.poll(3000, zmq.POLLOUT):
            raise Lost(f"nobody answers at {self.endpoint}")
        self.send(HELLO, **self.hello)
        kind, self.welcome, _ = self.receive(3) or (None, {}, b"")
        if kind == REFUSE and "retry_after_ms" not in self.welcome:
            raise Refused(self.welcome)
        if kind != WELCOME:
            raise Lost(f"no WELCOME from {self.endpoint}: {self.welcome}")

    def send(self, kind: int, body: bytes = b"", **head) -> None:
        keys = {HEAD[name]: item for name, item in head.items() if item}
        try:
            self.socket.send_multipart([b"MN\x01%c" % kind, msgpack.packb(keys), body], zmq.NOBLOCK)
        except zmq.Again:
            raise Lost("the broker takes nothing more") from None
        self.said = time.monotonic()

    def receive(self, wait: float):
        """(kind, head, body) of the next message; None when there is none within `wait` seconds."""
        deadline = time.monotonic() + wait
        while True:
            if time.monotonic() - self.heard > 15:
                raise Lost("the broker has been silent for 15 s")
            if time.monotonic() - self.said > 5:
                self.send(PING)
            if not self.socket.poll(max(0, min(deadline - time.monotonic(), 1)) * 1000):
                if time.monotonic() < deadline:
                    continue
                return None
            f0, f1, body = self.socket.recv_multipart()
            kind, head, self.heard = f0[3], named(msgpack.unpackb(f1, strict_map_key=False), HEAD), time.monotonic()
            if kind == BYE or head.get("rc") == NEED_HELLO:
                raise Lost(head.get("detail"))
            if kind == PING:
                self.send(PONG, request=head.get("request", 0))
            elif kind != PONG:
                return kind, head, body

    def request(self, command: str, body: dict = None, key: bytes = None, timeout: float = 10, read=unpack):
        """The records of the answer, `read` from its bytes; its head in .head. Asked again under the same key (§7)."""
        key = key or int(time.time() * 1000).to_bytes(6, "big") + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7)
        body, deadline = b"" if body is None else msgpack.packb(body), time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            try:
                self.numbers += 1
                self.send(REQUEST, body, request=self.numbers, command=command, key=key, deadline_ms=int(left * 999))
                while (found := self.receive(deadline - time.monotonic())) and found[1].get("request") != self.numbers:
                    pass
                kind, self.head, answer = found or (ERR, {"rc": 4080, "detail": "no answer in time"}, b"")
                if kind == REPLY:
                    return read(answer)
                if self.head["rc"] not in PASSING:
                    break
                time.sleep(self.head.get("retry_after_ms", 100) / 1000)
            except Lost:
                self.connect(left)
        raise Refused(self.head)

    def follow(self, db, prefixes: list, apply, consumer: str = "", gap=None, more=lambda: True) -> None:
        """While more(): apply(db, event) for each event, in one sqlite3 transaction with the offset, so that each takes
        effect once. gap(db, previous, last): what was between is gone for ever; without it that is an error (§6)."""
        db.execute("CREATE TABLE IF NOT EXISTS mns_offset (name PRIMARY KEY, epoch, number, chain)")
        offset = db.execute("SELECT epoch, number, chain FROM mns_offset WHERE name = ?", (consumer,)).fetchone()
        epoch, number, chain = map(int, offset or (0, 0, 0))
        subscription, asked, heard = random.getrandbits(32), 0, 0
        while more():
            try:
                if time.monotonic() - max(heard, asked) > (20 if heard else 1):  # one SUB, no second within a second
                    subscription, asked, heard = subscription + 1, time.monotonic(), 0
                    self.send(SUB, subscription=subscription, consumer=consumer, prefixes=prefixes, log_epoch=epoch,
                              log_number=number, log_chain=chain, credit_messages=256, credit_bytes=1 << 20)
                kind, head, body = self.receive(0.1) or (None, {}, b"")
                if head.get("subscription") != subscription:
                    continue
                if kind == SUBEND and not head.get("retry_after_ms") or kind == GAP and not gap:
                    raise Refused(head)
                heard, epoch = time.monotonic(), head.get("log_epoch", epoch)
                if kind == SUBEND or kind != SUBOK and head.get("last", 0) > number != head.get("previous", 0):
                    heard, asked = 0, time.monotonic() - (0 if kind == SUBEND else 1)  # something was lost: ask anew
                elif kind in (EVT, IDLE, GAP) and head.get("last", 0) > number:
                    with db:
                        for event in (event for event in events(body) if event["log_number"] > number):
                            apply(db, event)
                        if kind == GAP:
                            gap(db, number, head["last"])
                        offset = consumer, str(epoch), str(head["last"]), str(head.get("log_chain", 0))
                        db.execute("REPLACE INTO mns_offset VALUES (?, ?, ?, ?)", offset)
                    number, chain = head["last"], head.get("log_chain", 0)
                    if kind == EVT:
                        self.send(CREDIT, subscription=subscription, credit_messages=1, credit_bytes=len(body),
                                  last=number)
            except Lost:
                self.connect()
                asked = heard = 0

    def listen(self, endpoint: str, prefixes: list, every: float = 10):
        """The events of the feed at `endpoint` from the first heard, and those it lost: it tells what it sent (§8)."""
        socket, tick_topic = zmq.Context.instance().socket(zmq.SUB), "system.feed.000000000000.tick"
        for prefix in [*prefixes, tick_topic]:
            socket.subscribe(prefix)
        socket.connect(endpoint)
        seen, after, epoch, again = set(), 0, 0, 0.0
        while True:
            event = next(events(socket.recv_multipart()[1]))
            number, tick = event.get("log_number", 0), event["data"][0]
            if event["topic"] != tick_topic:
                if number > after:
                    seen.add(number)
                    yield event
                continue
            to = max(tick.get(prefix.split(".")[0], 0) for prefix in prefixes)
            if tick["log_epoch"] != epoch:  # the first tick, or another log
                after, seen = (to, set()) if epoch else (min(seen, default=to + 1) - 1, seen)
                epoch = tick["log_epoch"]
            while after < to and time.monotonic() >= again:
                known = [number for number in seen if after < number <= to]
                span = {"prefixes": [{"prefix": name} for name in prefixes], "after": after, "to": to}
                found = self.request("bus.read", {**span, "count": len(known), "sum": sum(known) % 2**64}, read=events)
                yield from (event for event in found if event["log_number"] not in seen)
                after = self.head["log_number"]
                if after >= to:
                    again, seen = time.monotonic() + every * random.uniform(1, 1.1), {n for n in seen if n > to}
