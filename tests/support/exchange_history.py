"""Moves and verifications between two counties while the lines are cut and the stacks are killed; then both registers and
both logs are read: every person is registered once, every question is answered once or escalated."""
import collections
import sqlite3
import threading
import time

from counties import CODES, VILLAGES, Counties, Refused, facts_of
from stack import check, until


class Portions:
    """Work in portions, one for each fault, so that every fault falls into work."""

    def __init__(self, count, portions):
        self.parts = [range(part, count, portions) for part in range(portions)]
        self.gates = []

    def follow(self):
        """The work of one thread, portion by portion as they are let go."""
        gate = threading.Semaphore(0)
        self.gates.append(gate)

        def parts():
            for part in self.parts:
                gate.acquire()
                yield from part

        return parts()

    def let_go(self, _):
        for gate in self.gates:
            gate.release()


def open_moves(desk, persons):
    """Everybody of this county in `persons` is to move to the other."""
    for person in persons:
        if person % 2 == desk.at:
            found = desk.ask("registry.person", {"citizen_number": facts_of(person)[1], "reveal": "yes"})
            entry = next(row for row in found if row["name"] == facts_of(person)[0])
            desk.ask("registry.exchange-open", {"kind": "move", "partner": CODES[1 - desk.at],
                                                "person": entry["person"], "move_reason": "work"})


def ask_questions(desk, persons):
    """Each tenth question has no number: the register leaves it to a clerk."""
    for person in persons:
        if person % 2 == desk.at:
            name, number, _ = facts_of(person + 1)
            who = {"birth": "1980-01-01"} if person % 20 < 2 else {"citizen_number": number}
            desk.ask("registry.exchange-open", {"kind": "verification", "partner": CODES[1 - desk.at], "name": name,
                                                **who})


def work_off(desk, stop):
    """Accepts what comes, and answers what the register has left."""
    while not stop.is_set():
        for matter in desk.ask("registry.exchange", {"side": "received", "open": "yes", "limit": 100}):
            action = {"proposed": {"step": "accept", "place": VILLAGES[desk.at][matter["id"] % 2]},
                      "asked": {"step": "answer", "result": "unknown"}}.get(matter["state"])
            if action and ("citizen_number" not in matter or matter["kind"] == "move"):
                try:
                    desk.ask("registry.exchange-act", {"id": matter["id"], **action})
                except Refused:  # it has moved on meanwhile
                    pass
        stop.wait(0.1)


def read_log(desk):
    """The events of registry and exchange in the log, up to where it ends now."""
    db, found, end = sqlite3.connect(":memory:"), [], desk.ask("bus.status")[0]["log_number"]

    def more():
        row = db.execute("SELECT number FROM mns_offset").fetchone()
        return not row or int(row[0]) < end

    desk.bus.follow(db, ["registry.", "exchange."], lambda _, event: found.append(event), more=more)
    return found


# ---- the verdict ---------------------------------------------------------------------------------------------------------

def check_registers(both, people):
    desks = [both.desk(at) for at in (0, 1)]
    for person in range(people):
        found = [desk.registered(person) for desk in desks]
        check(sum(found) == 1, f"person {person} is registered {found} times")
        check(found[1 - person % 2] == 1, f"person {person} has not arrived")


def check_matters(both, moves, questions):
    files = [{bytes(row["matter"]): row for row in both.desk(at).matters()} for at in (0, 1)]
    check(files[0].keys() == files[1].keys(), "both have a file of every matter")
    kinds = collections.Counter(row["kind"] for row in files[0].values())
    check(kinds == {"move": moves, "verification": questions}, f"nothing was opened twice: {kinds}")
    for identity, row in files[0].items():
        other = files[1][identity]
        check(row["state"] == other["state"] == ("completed" if row["kind"] == "move" else "answered"),
              f"matter {row['id']}: {row['state']}, {other['state']}")
        check(row.get("result") == other.get("result") and row.get("day") == other.get("day"), f"differ: {row} {other}")


def check_logs(both, people):
    """Each left one county once and came into the other once; each question has one answer in the log of who was asked."""
    happened = collections.Counter()
    for at in (0, 1):
        for event in read_log(both.desk(at)):
            topic, _, rest = event["topic"].partition(".")
            data = event["data"][0]
            if topic == "registry" and rest.startswith(("move-in.", "move-out.")):
                happened[rest.split(".")[0], at, data["name"]] += 1
            elif topic == "exchange" and data["state"] == "answered" and data["receiver"] == CODES[at]:
                happened["answer", data["matter"]] += 1
    for person in range(people):
        name = facts_of(person)[0]
        check(happened["move-out", person % 2, name] == 1, f"person {person} left once")
        check(happened["move-in", 1 - person % 2, name] == 1, f"person {person} came once")
    twice = [key for key, count in happened.items() if count > 1]
    check(not twice, f"happened twice: {twice[:3]}")


# ---- one history -----------------------------------------------------------------------------------------------------------

def settled(both):
    desks = [both.desk(at) for at in (0, 1)]
    files = [{bytes(row["matter"]): row["state"] for row in desk.matters()} for desk in desks]
    return files[0] == files[1] and all(state in ("completed", "answered") for state in files[0].values())


def run(moves, questions, seed, faults, patience=120):
    begun = time.monotonic()
    print(f"seed {seed}", flush=True)
    with Counties(people=max(moves, questions) + 2) as both:
        stop, work = threading.Event(), []
        portions = Portions(moves, faults), Portions(questions, faults)
        for at in (0, 1):
            work.append(threading.Thread(target=open_moves, args=(both.desk(at), portions[0].follow())))
            work.append(threading.Thread(target=ask_questions, args=(both.desk(at), portions[1].follow())))
        clerks = [threading.Thread(target=work_off, args=(both.desk(at), stop)) for at in (0, 1)]
        for thread in work + clerks:
            thread.start()
        disturber, done = both.disturb(seed, faults, lambda number: [part.let_go(number) for part in portions])
        for thread in [*work, disturber]:
            thread.join()
        until("both are in step", patience, lambda: settled(both), pause=0.2)
        stop.set()
        for thread in clerks:
            thread.join()
        check_matters(both, moves, questions)
        check_registers(both, moves)
        check_logs(both, moves)
        print(f"{moves} moves, {questions} verifications, {done['cuts']} cuts, {done['kills']} kills in "
              f"{time.monotonic() - begun:.0f} s: everybody is registered once, every question answered once")
