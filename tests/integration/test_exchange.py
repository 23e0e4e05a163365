#!/usr/bin/python3
"""Two counties in two stacks: what a clerk does on either side, by the command, and what the operator sees."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from counties import CODES, VILLAGES, Counties, facts_of  # noqa: E402
from stack import check, main, until  # noqa: E402

WEST, EAST = 0, 1


def person_of(at, person):
    return both.stacks[at].json("person", "show", facts_of(person)[1], "--reveal")[0]


def work_list(at, *options):
    return both.stacks[at].json("exchange", "list", "--reveal", *options)


def await_matter(at, **wanted):
    return until(f"a matter with {wanted}", 30, lambda: next(
        (row for row in work_list(at, "--all") if all(row.get(key) == value for key, value in wanted.items())), None))


def the_lines_stand():
    for stack in both.stacks:
        until("the partner answers", 30,
              lambda: stack.json("exchange", "partners")[0]["connected"] == "yes", pause=0.1)
        check("answer" in stack.run("check", "exchange"), "mns check says so")
    consumers = both.stacks[WEST].json("consumer", "list")
    check(any(row.get("consumer", row.get("name")) == "county-440305" for row in consumers), f"seen: {consumers}")


def a_move():
    west, east = both.stacks
    mover = person_of(WEST, 0)["person"]
    opened = west.json("exchange", "move", mover, "--partner", "440305", "--move-reason", "work")[0]
    check(opened["state"] == "proposed" and opened["due"] == "2026-07-15", f"opened: {opened}")
    received = await_matter(EAST, kind="move", state="proposed")
    check(person_of(WEST, 0)["status"] == "present", "in transit it counts at the origin")
    east.run("exchange", "accept", received["id"], "--place", VILLAGES[EAST][1])
    await_matter(WEST, id=opened["id"], state="completed")
    await_matter(EAST, id=received["id"], state="completed")
    check(person_of(WEST, 0)["status"] == "moved_out" and person_of(EAST, 0)["place"] == VILLAGES[EAST][1], "moved")
    states = [row["state"] for row in west.json("exchange", "letters", opened["id"])]
    check(states == ["proposed", "accepted", "released", "completed", "completed"], f"letters: {states}")
    west.refused("exchange", "cancel", opened["id"], words=("completed",))


def verifications():
    west, east = both.stacks
    name, number, _ = facts_of(1)
    west.run("exchange", "verify", "--partner", "440305", "--name", name, "--citizen-number", number)
    west.run("exchange", "verify", "--partner", "440305", "--name", "王错", "--citizen-number", number)
    west.run("exchange", "verify", "--partner", "440305", "--name", "王无", "--birth", "1980-01-01")
    await_matter(WEST, kind="verification", result="confirmed")
    check("name" in await_matter(WEST, kind="verification", result="differs")["differs"], "what differs is said")
    left = await_matter(EAST, kind="verification", state="asked")
    east.run("exchange", "answer", left["id"], "--result", "unknown")
    await_matter(WEST, kind="verification", result="unknown")
    partner = west.json("exchange", "partners")[0]
    check((partner["asked"], partner["in_time"]) == (3, 3), f"answered in time: {partner}")


def a_floating_resident():
    west, east = both.stacks
    name, number, sex = facts_of(2)
    east.run("exchange", "stay", "--partner", "510322", "--place", VILLAGES[EAST][0], "--name", name, "--sex", sex,
             "--birth", "1980-01-01", "--citizen-number", number, "--purpose", "work", "--expected-end", "2026-12-31")
    stay = await_matter(WEST, kind="stay", state="current")
    check(stay["person"] == person_of(WEST, 2)["person"], "linked to the entry")
    check(person_of(EAST, 2)["residence"] == VILLAGES[EAST][0], "lives there")


def a_death_elsewhere():
    east = both.stacks[EAST]
    name, number, _ = facts_of(4)
    east.run("exchange", "death", "--partner", "510322", "--name", name, "--citizen-number", number, "--birth",
             "1980-01-01", "--day", "2026-06-20")
    await_matter(EAST, kind="death", state="recorded")
    check(person_of(WEST, 4)["status"] == "dead", "recorded where it is counted")


def nobody_else_hears_it():
    """The neighbour's account hears its own letters and nothing more."""
    west, east = both.stacks
    theirs = ("--connect", f"tcp://127.0.0.1:{west.bus_port}", "--key-file", east.data / "keys/exchange.key",
              "--broker-key", west.run("keys", "show", west.data / "keys/broker.key").strip())
    heard = east.run("sub", f"exchange.letter.{CODES[EAST]}.", "--from", "0", "--count", "1", "--json", *theirs)
    check(f"exchange.letter.{CODES[EAST]}." in heard.splitlines()[0], "its letters")
    for prefix in ("exchange.", "registry.", "exchange.letter.110101000000."):
        east.refused("sub", prefix, "--from", "0", "--count", "1", *theirs, words=("may not",))


def a_neighbour_that_is_away():
    west, east = both.stacks
    east.stop()
    until("the partner is missed", 30, lambda: west.json("exchange", "partners")[0]["connected"] == "no", pause=0.1)
    told = west.run("check", "exchange", code=1)
    check("440305 does not answer" in told, told)
    west.run("exchange", "move", person_of(WEST, 6)["person"], "--partner", "440305")
    east.start()
    await_matter(EAST, kind="move", state="proposed")


with Counties(people=10) as both:
    main([the_lines_stand, a_move, verifications, a_floating_resident, a_death_elsewhere, nobody_else_hears_it,
          a_neighbour_that_is_away])
