"""Publishing without loss and without repeats: an outbox in the caller's own sqlite3 database (docs/protocol.md §5).

put() writes an event in the caller's transaction, beside what it is about; flush() sends what the broker does not have.
The account of the connection has role service and the producer's name."""
import msgpack

from mns_client import PACK, PNAK, PUB, RECORD, Bus, Lost, Refused

CRC = list(range(256))
for _ in range(8):
    CRC = [crc >> 1 ^ 0xC96C5795D7870F42 * (crc & 1) for crc in CRC]


def crc64(data: bytes) -> int:
    value = 2**64 - 1
    for byte in data:
        value = CRC[(value ^ byte) & 255] ^ value >> 8
    return value ^ 2**64 - 1


def pack_event(header: dict, *data: dict) -> bytes:
    """A record whose first three entries, the broker's to fill in, are zero and of fixed width (§2)."""
    entries = sorted((RECORD[name], item) for name, item in header.items() if item)
    record = (b"\xde" + (len(entries) + 3).to_bytes(2, "big")
              + b"\x01\xcf" + bytes(8) + b"\x02\xcf" + bytes(8) + b"\x03\xce" + bytes(4)
              + b"".join(msgpack.packb(part) for entry in entries for part in entry)
              + b"".join(map(msgpack.packb, data)))
    return len(record).to_bytes(4, "big") + record


class Outbox:
    def __init__(self, db, producer: str, epoch: int = 1):
        self.db, self.producer, self.epoch = db, producer, epoch
        db.execute("CREATE TABLE IF NOT EXISTS mns_outbox (number INTEGER PRIMARY KEY, chain TEXT, record BLOB)")

    def last(self, number: int = None) -> tuple:
        """(number, chain) of the last event given out, or of that one."""
        found = self.db.execute("SELECT number, chain FROM mns_outbox WHERE number = coalesce(?, (SELECT max(number)"
                                " FROM mns_outbox))", (number,)).fetchone()
        if not found and number:
            raise Refused({"rc": 4095, "detail": f"the log has event {number} of {self.producer}, this outbox has not"})
        return (found[0], int(found[1])) if found else (0, 0)

    def put(self, topic: str, kind: str, *data: dict, version: int = 1, **header) -> int:
        """Gives the event its number, in the caller's open transaction."""
        number, chain = self.last()
        header.update(topic=topic, producer=self.producer, producer_epoch=self.epoch, number=number + 1, type=kind,
                      version=version, items=len(data))
        record = pack_event(header, *data)
        self.db.execute("INSERT INTO mns_outbox VALUES (?, ?, ?)",
                        (number + 1, str(crc64(chain.to_bytes(8, "big") + record)), record))
        return number + 1

    def connect(self, *where, **who) -> Bus:
        """A connection that may publish; flush() compares what its WELCOME says of the producer."""
        number, chain = self.last()
        return Bus(*where, **who, producer=self.producer, producer_epoch=self.epoch, number=number, chain=chain)

    def flush(self, bus: Bus) -> int:
        """Sends what the broker does not have, and returns the number of the last event that is durable there."""
        while True:
            try:
                bus.hello["number"], bus.hello["chain"] = self.last()
                acked = bus.welcome.get("number", 0)
                if self.last(acked or None)[1] != bus.welcome.get("chain", 0) and acked:
                    raise Refused({"rc": 4095, "detail": f"another history leads to event {acked} of {self.producer}"})
                while acked < self.last()[0]:
                    acked = self._send(bus, acked)
                return acked
            except Lost:
                bus.connect()

    def _send(self, bus: Bus, acked: int) -> int:
        rows = self.db.execute("SELECT record FROM mns_outbox WHERE number > ? ORDER BY number LIMIT 100",
                               (acked,)).fetchall()
        bus.send(PUB, b"".join(row[0] for row in rows), producer=self.producer, producer_epoch=self.epoch,
                 number=acked + 1, count=len(rows), chain=self.last(acked)[1] if acked else 0)
        while True:
            kind, head, _ = bus.receive(5) or (None, {}, b"")
            if kind is None:
                raise Lost("no PACK")
            if kind == PACK and head["number"] >= acked + len(rows):
                bus.welcome.update(number=head["number"], chain=head.get("chain", 0))
                return head["number"]
            if kind == PNAK and "retry_after_ms" not in head:
                raise Refused(head)
            if kind == PNAK:
                raise Lost(head.get("detail"))
